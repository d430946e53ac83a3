"""`openproposals site`, read as files: what pages hold, link to and say as data. A browser is in test_browser.py."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pyoxigraph as ox
import pytest

from openproposals.errors import UsageError
from openproposals.factcheck import trace
from openproposals.messages import LANGUAGES
from openproposals.model.rdf import parse
from openproposals.progress import SILENT
from openproposals.release import reading_back
from openproposals.release.published import open_release
from openproposals.site import build, engine, render
from openproposals.site.chain import chain
from openproposals.site.nodes import Graph
from support.commands import run
from support.hostile import claimed, hostile
from support.places import DIST, MINIMAL, ROOT, TIDEWATER

pytestmark = pytest.mark.slow

PACKAGE = ROOT / "pipeline" / "openproposals" / "site"
KINDS = ("proposal", "statistic", "source", "theme", "document", "agent", "term")


@dataclass
class Found(HTMLParser):
    """What a page holds: links, anchors, scripts, and whatever a strict policy would stop."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    inline: list[str] = field(default_factory=list)
    policy: str = ""
    lang: str = ""
    data: str = ""
    _in: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.anchors |= {given["id"]} if "id" in given else set()
        self.lang = given.get("lang", "") if tag == "html" else self.lang
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and given.get("rel") == "canonical":
            return
        if tag in ("link", "script", "img", "iframe", "object", "embed", "form", "base"):
            self.loads += [given[name] for name in ("href", "src", "data", "action") if name in given]
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self._in = given.get("type", "inline") if tag == "script" and "src" not in given else ""
        if tag == "style" or self._in == "inline":
            self.inline.append(tag)

    def handle_data(self, data: str) -> None:
        if self._in == "application/ld+json":
            self.data += data


@cache
def page(path: Path) -> Found:
    found = Found()
    found.feed(path.read_text(encoding="utf-8"))
    return found


def leads(path: Path) -> bool:
    """Whether a file leads to another page, and says nothing itself."""
    return '<meta http-equiv="refresh"' in path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first corpus's site, without its engine: no test of this file needs npm or the network."""
    return made(DIST, tmp_path_factory.mktemp("site") / "out")


def made(release: Path, out: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.shutil, "which", lambda name: None)
        result = build.site(open_release(release), out, SILENT, kept=out.parent / "kept")
    assert str(result.engine_missing) == "npm is not installed"
    return out


def graphs() -> tuple[Graph, str]:
    triples = parse((DIST / "vivre-ensemble.ttl").read_bytes(), "turtle")
    return Graph.made(triples), Graph.made(triples).kind("dcat:Dataset")[0].iri


def canonical(data: bytes, syntax: ox.RdfFormat) -> set[str]:
    """A graph's triples, its blank nodes named by what is said of them."""
    dataset = ox.Dataset(ox.parse(data, format=syntax))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_every_proposal_statistic_source_theme_document_and_term_has_its_pages_and_data(site: Path) -> None:
    """French at the root, English under en/, Turtle and JSON-LD beside."""
    graph, base = graphs()
    vocabulary = Graph.made(parse((DIST / "vocabulary.ttl").read_bytes(), "turtle"))
    things = [
        i.removeprefix(base) for i in graph.subjects() if i.removeprefix(base).split("/")[0] in KINDS and "#" not in i
    ]
    terms = [
        i.removeprefix("https://w3id.org/openproposals/").replace("#", "/")
        for i in vocabulary.subjects()
        if "_:" not in i
    ]
    names = [*things, *(f"term/{t}" for t in terms if "/" in t and not t.startswith("h"))]
    assert len(things) == 47 + 26 + 11 + 28 + 2 + 11
    assert len(terms) > 80
    missing = [
        name + ending
        for name in names
        for ending in (".html", ".ttl", ".jsonld")
        if not (site / (name + ending)).is_file()
    ]
    assert not missing
    assert not [name for name in names if not (site / "en" / f"{name}.html").is_file()]


def test_turtle_and_json_ld_say_the_same_and_together_they_say_the_release(site: Path) -> None:
    """Page by page the same triples; the union of all is the record dump and the vocabulary, no more and no less."""
    union: set[str] = set()
    blank: set[str] = set()
    for path in site.rglob("*.jsonld"):
        beside = path.with_suffix(".ttl")
        if (path.parent == site and path.stem != "index") or path.parent.name == "queries":
            continue  # a file of the release; an example question, which is the program's own
        turtle = beside.read_bytes()
        assert canonical(turtle, ox.RdfFormat.TURTLE) == canonical(path.read_bytes(), ox.RdfFormat.JSON_LD), path
        triples = {str(quad) for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
        union |= {t for t in triples if "_:" not in t}
        blank |= {re.sub(r"_:\w+", "_:b", t) for t in triples if "_:" in t}
    release = [
        str(quad)
        for name in ("vivre-ensemble.ttl", "vocabulary.ttl")
        for quad in ox.parse((DIST / name).read_bytes(), format=ox.RdfFormat.TURTLE)
    ]
    assert union == {t for t in release if "_:" not in t}
    assert blank == {re.sub(r"_:\w+", "_:b", t) for t in release if "_:" in t}


def test_every_iri_of_the_release_leads_to_a_page_and_has_data(site: Path) -> None:
    """Figures, passages, notes, markers and remarks too: a file leads to the page that shows them, and says their triples."""
    graph, base = graphs()
    names = {i.removeprefix(base) for i in graph.subjects() if i.startswith(base) and "#" not in i} - {""}
    assert {name.partition("/")[0] for name in names} > {"figure", "passage", "note", "marker", "remark", "text"}
    endings = (".html", ".ttl", ".jsonld", ".nt", ".rdf")
    assert [
        name + ending for name in sorted(names) for ending in endings if not (site / (name + ending)).is_file()
    ] == []
    figure = site / "figure" / "S02-1"
    assert 'content="0; url=../statistic/S02.html#S02-1"' in figure.with_suffix(".html").read_text(encoding="utf-8")
    for ending, syntax in (
        (".ttl", ox.RdfFormat.TURTLE),
        (".nt", ox.RdfFormat.N_TRIPLES),
        (".rdf", ox.RdfFormat.RDF_XML),
    ):
        triples = {str(quad) for quad in ox.parse((site / f"figure/S02-1{ending}").read_bytes(), format=syntax)}
        assert len(triples) == len(graph.triples(f"{base}figure/S02-1"))


def test_every_internal_link_and_anchor_resolves(site: Path) -> None:
    """On every page: what is linked or loaded is in the site, and what is pointed at in a page is there."""
    broken = []
    for path in site.rglob("*.html"):
        for link in [*page(path).links, *page(path).loads]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            named = "" if "=" in parts.fragment else parts.fragment  # the query page's fragments are questions
            if not target.is_file() or (named and named not in page(target).anchors):
                broken.append((path.name, link))
    assert not broken


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(site: Path) -> None:
    """A policy stands on every page, and no page needs it to give way: no inline script, style or handler."""
    own = "https://openproposals.example.org/vivre-ensemble/"
    for path in site.rglob("*.html"):
        found = page(path)
        assert not found.inline, path
        loads = [load.removeprefix(own) if path.stem == "404" else load for load in found.loads]
        assert not [load for load in loads if urlsplit(load).scheme or load.startswith("/")], path
        assert "default-src 'none'" in found.policy
        assert "unsafe" not in found.policy, "the query page alone compiles its engine, where it has one"


def test_the_first_page_is_light(site: Path) -> None:
    """All that it loads, together, is under 200 KB; the search's list comes only when search is used."""
    for first in (site / "index.html", site / "en" / "index.html"):
        loaded = {
            (first.parent / load).resolve() for load in page(first).loads if load.endswith((".css", ".js", ".svg"))
        }
        assert len(loaded) == 3
        assert first.stat().st_size + sum(path.stat().st_size for path in loaded) < 150_000
        assert all((site / "assets" / f"search.{lang}.js").stat().st_size < 200_000 for lang in ("fr", "en"))


def test_each_page_is_in_its_language_and_leads_to_the_other(site: Path) -> None:
    """The same pages in both languages, each naming its own and linking its counterpart."""
    every = [path for path in site.rglob("*.html") if path.stem != "404" and not leads(path)]
    french = {path.relative_to(site) for path in every if path.relative_to(site).parts[0] != "en"}
    english = {path.relative_to(site / "en") for path in every if path.is_relative_to(site / "en")}
    assert french == english
    for name in french:
        for path, lang, other in ((site / name, "fr", site / "en" / name), (site / "en" / name, "en", site / name)):
            assert page(path).lang == lang
            assert other.resolve() in {(path.parent / link).resolve() for link in page(path).links if "#" not in link}


def test_pages_say_to_search_engines_what_they_are(site: Path) -> None:
    """schema.org JSON-LD in each thing's page, under its own IRI; the home page is a dataset with its downloads."""
    types = {"proposal": "CreativeWork", "statistic": "Claim", "source": "CreativeWork", "term": "DefinedTerm"}
    for kind, expected in types.items():
        for path in (site / "en" / kind).rglob("*.html"):
            said = json.loads(page(path).data)
            assert (said["@context"], said["@type"]) == ("https://schema.org", expected)
            assert said["@id"].startswith("https://w3id.org/openproposals/")
            assert said["name"]
    landing = json.loads(page(DIST / "index.html").data)
    for path in (site / "index.html", site / "en" / "index.html"):
        home = json.loads(page(path).data)
        assert home["@type"] == "Dataset"
        assert all(isinstance(home[key], str) for key in ("name", "description", "inLanguage"))
        assert all(isinstance(word, str) for word in home["keywords"])
        assert {d["contentUrl"] for d in home["distribution"]} == {d["contentUrl"] for d in landing["distribution"]}
        assert {place["@id"] for place in home["spatialCoverage"]} == {p["@id"] for p in landing["spatialCoverage"]}
        assert home["temporalCoverage"] == landing["temporalCoverage"]
        assert [("Organization", landing["publisher"]["name"])] == [(p["@type"], p["name"]) for p in home["publisher"]]
    assert json.loads(page(site / "index.html").data)["keywords"] == sorted(landing["keywords"])
    assert len(landing["distribution"]) == 46


def test_every_page_has_its_address_and_a_description_and_is_in_the_sitemap(site: Path) -> None:
    """A canonical link, og: and description on each page; the sitemap lists just these addresses."""
    addresses = set()
    for path in site.rglob("*.html"):
        if leads(path):
            continue
        text = path.read_text(encoding="utf-8")
        (address,) = re.findall(r'<link rel="canonical" href="([^"]+)">', text)
        assert address.endswith(quote(path.relative_to(site).as_posix()))
        for name in ("og:title", "og:description", "og:url", "og:type"):
            assert f'<meta property="{name}" content="' in text
        assert re.findall(r'<meta name="description" content="[^"]+">', text)
        addresses |= {address} if path.stem != "404" else set()
    assert set(re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))) == addresses


def searched(site: Path, language: str) -> tuple[list[list[str]], dict[str, list[int]]]:
    """The rows and the words of the search index, put together from its pieces."""
    rows: list[list[str]] = []
    words: dict[str, list[int]] = {}
    for path in sorted((site / "assets" / "search" / language).iterdir()):
        found = json.loads(path.read_text(encoding="utf-8").partition("] = ")[2].removesuffix(";\n"))
        if path.name.startswith("rows-"):
            rows += found
        else:
            words |= found
    return rows, words


def test_search_finds_a_figure_by_its_value_and_a_word_of_the_other_language(site: Path) -> None:
    """330000 finds what is printed 330 000; 15% too; a French label, a printed heading, a publisher, an abbreviation."""
    rows, words = searched(site, "en")
    for word, path in (
        ("330000", "statistic/S02"), ("15%", "statistic/S09"), ("22.8%", "statistic/S13"), ("domicile", "statistic/S02"),
        ("ouverture", "statistic/S02"), ("opening", "statistic/S02"), ("pierre", "statistic/S02"), ("ame", "proposal/P05"),
        ("opinionway", "source/opinionway-2025"), ("handicap", "source/hcfea-2018"),
    ):  # fmt: skip
        found = {rows[number >> 1][1] for number in words.get(word, [])}
        assert f"en/{path}.html" in found or word == "ouverture", word
    assert re.search(r", \d+ [A-Z][a-z]+ \d{4}\. <code>", (site / "en" / "use.html").read_text(encoding="utf-8"))


SENTENCES = {
    "fr": {
        "S02": "Personnes sans domicile en France\u00a0: 330\u202f000\u00a0personnes, selon Groupe SOS, dans Mobilisé·e·s pour le "
        "vivre-ensemble (Sous-section 1.1, texte d'ouverture). Source imprimée\u00a0: Fondation Abbé Pierre, 28e rapport sur "
        "l'état du mal-logement en France 2023, 2023.",
        "S05": "1,2\u00a0million de personnes (2012), 2,3\u00a0millions de personnes (2060, prévision), selon",
        "S08": "deuxième parmi les obstacles (comparé à\u00a0: autres obstacles à l'emploi), selon Groupe SOS",
        "S10": "1 commune sur 3, selon",
        "S11": "de 6 à 8\u00a0millions de personnes, selon",
        "S13": "près de 22,8\u00a0%\u00a0des enfants, selon",
        "S24": "1 à 15 (rapport de salaires), selon",
    },
    "en": {
        "S02": "330,000\u00a0people, according to Groupe SOS, in",
        "S05": "Its printed source: Santé publique France, no title is printed, 2022.",
        "S10": "1 in 3 municipalities",
        "S11": "6 to 8\u00a0million people",
        "S13": "nearly 22.8%\u00a0of children",
    },
}


def test_a_figures_page_says_in_a_sentence_what_is_claimed_by_whom_where_and_with_what_source(site: Path) -> None:
    """Values are language, in each language of the release: plurals, ranks, shares, ranges and signs."""
    for language, folder in (("fr", ""), ("en", "en/")):
        for name, expected in SENTENCES[language].items():
            text = (site / folder / "statistic" / f"{name}.html").read_text(encoding="utf-8")
            (said,) = re.findall(r'<p class="lead statement">(.*?)</p>', text)
            assert expected in unescape(re.sub("<[^>]*>", "", said)), name


def test_a_broken_trail_is_shown_broken_where_it_breaks(site: Path) -> None:
    """S04 has a marker without a note, S06 has none, S13 has only a possible source, S02 goes all the way."""
    text = {
        s: (site / "en" / "statistic" / f"{s}.html").read_text(encoding="utf-8") for s in ("S02", "S04", "S06", "S13")
    }
    assert "No such note is printed" in text["S04"]
    assert "No marker is printed" in text["S06"]
    assert all("No source is printed" in text[s] and "step missing" in text[s] for s in ("S04", "S06"))
    assert "step possible" in text["S13"]
    assert "step missing" not in text["S13"] + text["S02"]
    assert "step whole" in text["S02"]


def test_the_list_of_figures_without_a_printed_source_is_the_answer_to_question_two(site: Path) -> None:
    """The seven statistics about society of example 2, and the eight that the publisher gives of itself."""
    links = page(site / "en" / "untraceable.html").links
    listed = {link.rpartition("/")[2].removesuffix(".html") for link in links if "statistic/" in link}
    answer = (ROOT / "docs" / "queries" / "02-figures-without-a-source.csv").read_text(encoding="utf-8")
    about_the_world = set(re.findall(r"statistic/(S\d+)", answer))
    assert len(about_the_world) == 7
    assert about_the_world | {f"S{n}" for n in range(19, 27)} == listed
    home = (site / "en" / "index.html").read_text(encoding="utf-8")
    assert "7 statistics about society lead to no printed source" in home
    assert "untraceable.html" in page(site / "en" / "index.html").links


def test_a_chain_is_what_trace_says_of_the_figure() -> None:
    """The pages read the graph, `trace` reads the tables: marker by marker, the same notes, sources and proposals."""
    graph, base = graphs()
    corpus = trace.Held(*reading_back.read(DIST / "vivre-ensemble.ttl"))
    for statistic in graph.kind("op:Statistic"):
        found = chain(statistic)
        told = trace.trace(corpus, "statistic", statistic.identifier)
        ours = {(w.marker.identifier, w.note.identifier if w.note else "", w.source.local if w.source else "", w.state)
                for w in found.ways if w.marker}  # fmt: skip
        theirs = set()
        for marker in told["markers"]:
            note = marker.get("note") or marker.get("possible_note") or {"id": "", "sources": []}
            state = "whole" if "note" in marker else "possible" if "possible_note" in marker else "broken"
            theirs |= {(marker["id"], note["id"], s["id"], state) for s in note["sources"]} or {
                (marker["id"], "", "", state)
            }
        assert ours == theirs, statistic
        assert {p.iri for p in found.proposals} == {p["iri"] for p in told["proposals"]}
        assert {w.source.iri for w in found.ways if w.source and w.state == "whole"} == {
            s["iri"] for s in told["sources"]
        }
        assert len(found.passages) == len(told["places"])
        assert found.status == told["citation_status"]
        assert base in statistic.iri


def test_a_hostile_release_is_text_and_nothing_else(tmp_path: Path) -> None:
    """Every page holds the payload as text; no element, handler or script of it, and no address but the web's."""
    out = made(hostile(tmp_path / "release"), tmp_path / "out")
    pages = list(out.rglob("*.html"))
    assert len(pages) > 400
    for path in pages:
        found = page(path)
        assert not found.inline, path
        assert not [link for link in [*found.links, *found.loads] if "javascript:" in link.lower()], path
        text = path.read_text(encoding="utf-8")
        assert "<img src=x" not in text
        assert "<script>hacked" not in text
        assert "<svg onload" not in text
    assert "javascript:hacked()" in (out / "en" / "source" / "hcfea-2018.html").read_text(encoding="utf-8")
    assert searched(out, "en")[0]


def test_a_release_with_a_strange_name_is_refused(tmp_path: Path) -> None:
    """The name is a file's name, and stands in commands that a reader copies: nothing but a plain one is taken."""
    folder = tmp_path / "release"
    shutil.copytree(DIST, folder)
    package = (folder / "datapackage.json").read_text(encoding="utf-8")
    for name in ("../x", "$(id)", "a;b", ""):
        changed = json.dumps({**json.loads(package), "name": name})
        (folder / "datapackage.json").write_text(changed, encoding="utf-8")
        with pytest.raises(UsageError, match="names no corpus"):
            build.site(open_release(folder), tmp_path / "out", SILENT)


def test_a_key_that_would_leave_the_site_gets_no_page(tmp_path: Path) -> None:
    """A release's IRI may hold what a file's name may not: its triples go to the home page's data."""
    folder = tmp_path / "release"
    shutil.copytree(DIST, folder)
    strange = "https://w3id.org/openproposals/vivre-ensemble/proposal/..%2F..%2Fx"
    line = f'<{strange}> <http://www.w3.org/2000/01/rdf-schema#label> "x" .\n<{strange}/../../y> <{strange}> "y" .\n'
    with (folder / "vivre-ensemble.ttl").open("a", encoding="utf-8") as dump:
        dump.write(line)
    out = made(claimed(folder), tmp_path / "out")
    assert not [p for p in tmp_path.rglob("*") if p.stem in ("x", "y")]
    assert strange in (out / "index.ttl").read_text(encoding="utf-8")


def test_same_release_same_bytes(site: Path, tmp_path: Path) -> None:
    """Made again by the command, under another hash seed, without npm: not a byte differs; and it says what is left out."""
    result = run("site", DIST, "--out", tmp_path / "out", cwd=tmp_path, PYTHONHASHSEED="7", PATH=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert "without its engine" in result.stderr
    assert "npm is not installed" in result.stderr
    assert (tmp_path / "out" / "SHA256SUMS").read_bytes() == (site / "SHA256SUMS").read_bytes()
    query = (tmp_path / "out" / "en" / "query.html").read_text(encoding="utf-8")
    assert "made without its query engine" in query
    assert "openproposals query vivre-ensemble.ttl" in query


def test_the_engine_is_locked_by_digests_and_names_no_registry() -> None:
    """Every package has its digest, none says from where, and the versions are the ones asked for."""
    text = (PACKAGE / "engine" / "package-lock.json").read_text(encoding="utf-8")
    locked = json.loads(text)["packages"]
    asked = json.loads((PACKAGE / "engine" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert "resolved" not in text
    assert "registry" not in text
    assert all(p["integrity"].startswith("sha512-") for path, p in locked.items() if path)
    assert asked == {name: locked[f"node_modules/{name}"]["version"] for name in asked}


def test_npm_that_fails_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """No half-made folder is taken for the engine the next time."""
    (tmp_path / "npm").write_text("#!/bin/sh\necho 'npm error code EOFFLINE' >&2\nexit 1\n")
    (tmp_path / "npm").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
        with pytest.raises(engine.EngineMissing, match="EOFFLINE"):
            engine.files(tmp_path / "kept")
    assert not list((tmp_path / "kept").iterdir())


def test_two_runs_that_make_the_engine_at_once_both_have_it(tmp_path: Path) -> None:
    """The packages that another run has made meanwhile are used; they are the same, by the lock file's digests."""
    made_here = "".join(f'mkdir -p "$d/$(dirname {path})" && echo x > "$d/{path}"\n' for path in engine.FILES.values())
    digest = hashlib.sha256((PACKAGE / "engine" / "package-lock.json").read_bytes()).hexdigest()[:16]
    script = f"#!/bin/sh\nfor d in node_modules ../{digest}/node_modules; do\n{made_here}done\n"
    (tmp_path / "npm").write_text(script)
    (tmp_path / "npm").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
        assert set(engine.FILES) < set(engine.files(tmp_path / "kept"))
    assert [each.name for each in (tmp_path / "kept").iterdir()] == [digest]


def test_a_release_of_two_tables_makes_a_site_too(tmp_path: Path) -> None:
    """The minimal corpus: few tables, no notes, and still every page."""
    assert run("publish", MINIMAL, "--out", tmp_path / "minimal", "--quiet").returncode == 0
    out = made(tmp_path / "minimal", tmp_path / "out")
    assert (out / "proposals.html").is_file()
    text = {
        path.relative_to(out / "en").as_posix(): unescape(path.read_text(encoding="utf-8"))
        for path in (out / "en").rglob("*.html")
    }
    assert "The source’s address, or its reference, is given with the figure." in text["statistic/no-car.html"]
    assert ">https://stats.example/val/2025/shifts</a>" in text["statistic/no-car.html"]
    assert "No source is recorded, and nobody is recorded as having looked for one." in text["statistic/heat.html"]
    for name, said in text.items():
        if not name.startswith(("term/", "tables", "query", "vocabulary")):
            assert not re.search(
                r"printed(?! *figure)[ .<]|\bmarker|\bnote\b|booklet",
                re.sub(r"<pre.*?</pre>|<[^>]*>|op:\w+", "", said, flags=re.DOTALL),
            ), name
    assert list((out / "proposal").glob("*.html"))


WITHDRAWN = """
[withdrawn."proposal/old-bus"]
since = "0.1.0"
replacement = "proposal/night-bus"
reason = { fr = "Réunie à une autre.", en = "Merged into another." }

[withdrawn."statistic/lost"]
since = "0.1.0"
"""


ABSENCES = (
    "status_none-stated", "status_unsourced", "status_uncited", "status_dangling", "evidence_none", "no_source",
    "no_marker", "no_note", "no_figure", "why_uncited", "why_dangling", "untraceable_none", "world_sourced",
    "world_unsourced",
)  # fmt: skip


def test_of_a_corpus_that_nobody_read_no_page_states_an_absence(tmp_path: Path) -> None:
    """A proposal without a figure and a figure without a source: it is only said that nothing is recorded."""
    corpus = Path(shutil.copytree(MINIMAL, tmp_path / "corpus"))
    claims = corpus / "claims.csv"
    rows = list(csv.DictReader(claims.read_text(encoding="utf-8").splitlines()))
    with claims.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "source_url": ""} for row in rows)
    (corpus / "sources.csv").unlink(missing_ok=True)
    done = run("publish", corpus, "--out", tmp_path / "release", "--quiet")
    assert done.returncode == 0, done.stdout
    pages = made(tmp_path / "release", tmp_path / "pages")
    said = {
        text.partition("|")[0].replace("{n}", "").strip(" .")
        for language in LANGUAGES
        for name, text in render.words(language).items()
        if name.removesuffix("_given") in ABSENCES
    }
    legend = re.compile(r'<dl class="key".*?</dl>', re.DOTALL)
    for path in pages.rglob("*.html"):
        text = unescape(legend.sub("", path.read_text(encoding="utf-8")))
        assert [one for one in said if one in text and path.parent.name != "term"] == [], path
        assert 'class="step missing"' not in text
        assert "given without a source" not in text
        assert "données sans source" not in text
    assert "chacune dit si quelqu" in unescape((pages / "untraceable.html").read_text(encoding="utf-8"))
    assert "<h2>Documents lus</h2>" not in (pages / "index.html").read_text(encoding="utf-8")
    recorded = (pages / "proposal").rglob("*.html")
    assert any("Sources non consignées" in path.read_text(encoding="utf-8") for path in recorded)


def test_of_a_corpus_without_figures_nothing_is_said_of_all_of_them(tmp_path: Path) -> None:
    """No sentence speaks of every figure where there is none; what became of the proposals stands in its place."""
    corpus = Path(shutil.copytree(MINIMAL, tmp_path / "corpus"))
    (corpus / "claims.csv").unlink()
    (corpus / "sources.csv").unlink(missing_ok=True)
    (corpus / "outcome-statuses.csv").write_text("id,label_fr,label_en\nchosen,Retenue,Chosen\nleft,Rejetée,Left\n")
    (corpus / "outcomes.csv").write_text("id,proposal,status\na,night-bus,chosen\nb,shade,left\n")
    done = run("publish", corpus, "--out", tmp_path / "release", "--quiet")
    assert done.returncode == 0, done.stdout
    pages = made(tmp_path / "release", tmp_path / "pages")
    words = render.words("en")
    home = unescape((pages / "en" / "index.html").read_text(encoding="utf-8"))
    assert re.search(r"3 proposals: .*Chosen.* \(1\), .*Left.* \(1\)", home)
    assert words["picture"] not in home
    listed = unescape((pages / "en" / "proposals.html").read_text(encoding="utf-8"))
    assert words["status_not-recorded"] not in listed
    assert re.findall(r'<option value="(chosen|left)">(\w+ \(1\))<', listed) == [
        ("chosen", "Chosen (1)"),
        ("left", "Left (1)"),
    ]
    for name in ("world_sourced", "world_sourced_given", "untraceable_none", "untraceable_none_given"):
        for path in pages.rglob("*.html"):
            assert words[name] not in unescape(path.read_text(encoding="utf-8"))


def test_what_was_withdrawn_has_a_plain_page(tmp_path: Path) -> None:
    """Since when, by what it is replaced, and why; it is counted nowhere among what is published."""
    corpus = Path(shutil.copytree(MINIMAL, tmp_path / "corpus"))
    with (corpus / "corpus.toml").open("a", encoding="utf-8") as descriptor:
        descriptor.write(WITHDRAWN)
    assert run("publish", corpus, "--out", tmp_path / "minimal", "--quiet").returncode == 0
    out = made(tmp_path / "minimal", tmp_path / "out")
    text = (out / "en" / "proposal" / "old-bus.html").read_text(encoding="utf-8")
    assert "Withdrawn" in text
    assert re.search(r"Since version</dt><dd>0\.1\.0<", text)
    assert "Merged into another." in text
    assert "night-bus.html" in page(out / "en" / "proposal" / "old-bus.html").links
    lost = (out / "statistic" / "lost.html").read_text(encoding="utf-8")
    assert re.search(r"Remplacé par</dt><dd>rien<", lost)
    assert "isReplacedBy" in (out / "proposal" / "old-bus.jsonld").read_text(encoding="utf-8")
    for name in ("index", "proposals", "figures", "untraceable"):
        assert not re.search(r"old-bus|lost\.html", (out / f"{name}.html").read_text(encoding="utf-8"))
    assert "3 proposals" in (out / "en" / "index.html").read_text(encoding="utf-8")


def test_only_a_release_makes_a_site(tmp_path: Path) -> None:
    """A folder of anything else is refused, and nothing is written; so is an output that holds other files."""
    result = run("site", tmp_path, "--out", tmp_path / "out")
    assert result.returncode == 2
    assert "no corpus, release or file" in result.stderr
    assert not (tmp_path / "out").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    assert run("site", DIST, "--out", tmp_path / "full").returncode == 3
    with pytest.raises(UsageError):
        build.site(open_release(tmp_path), tmp_path / "out", SILENT)


@pytest.mark.long
def test_a_site_and_a_release_never_take_each_others_place(tmp_path: Path) -> None:
    """Neither command replaces what the other made, and no site is made of a site; nothing is lost, the mend is true."""
    release, pages = tmp_path / "release", tmp_path / "pages"
    assert run("publish", MINIMAL, "--out", release, "--quiet").returncode == 0
    assert run("site", release, "--out", pages, "--quiet", cwd=tmp_path, PATH=str(tmp_path)).returncode == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for command, source, place, code in (
        ("site", release, release, 3), ("publish", MINIMAL, pages, 3), ("site", pages, tmp_path / "other", 2),
    ):  # fmt: skip
        result = run(command, source, "--out", place, "--quiet", cwd=tmp_path, PATH=str(tmp_path))
        assert result.returncode == code, result.stderr
        assert "space" not in result.stderr
        assert ("another folder" if code == 3 else "give the release") in result.stderr
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert run("site", release, "--out", pages, "--quiet", cwd=tmp_path, PATH=str(tmp_path)).returncode == 0


FOREIGN = (
    "NOTES.md", ".env", ".git/config", "hosting/old/x.conf", "tables/corpus.toml", "x.html", "tables/x.xhtml", "x.SVG", "x.php.csv",
    ".htaccess", "assets/site.js", "sub/figures.csv", ".well-known/security.txt", "x.ttl.html.gz", "x.json\n",
)  # fmt: skip


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.long
@pytest.mark.parametrize("claims", [False, True], ids=["beside", "listed"])
def test_a_site_takes_over_what_a_run_has_written_and_nothing_else(tmp_path: Path, claims: bool) -> None:
    """What else stands in the folder is named and left out, also where the report lists it; the next run goes as well."""
    plain = made(DIST, tmp_path / "plain")
    folder = tmp_path / "release"
    shutil.copytree(DIST, folder)
    for name in FOREIGN:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("<script>hacked()</script>")
    (folder / "link.csv").symlink_to("/etc/passwd")
    (folder / "empty").mkdir()
    (folder / "schemas").rename(tmp_path / "schemas")
    (folder / "schemas").symlink_to(tmp_path / "schemas")
    if claims:
        (folder / "link.csv").unlink()
        (folder / "schemas").unlink()
        claimed(folder)
    for _ in range(2):
        done = run("site", folder, "--out", tmp_path / "out", cwd=tmp_path, PATH=str(tmp_path))
        assert done.returncode == 0, done.stderr
        assert "left out of the site" in done.stderr
        assert ".env" in done.stderr
        assert claims or "schemas" in done.stderr
        assert files_of(tmp_path / "out") == {name for name in files_of(plain) if not name.startswith("schemas/")}
    done = run("site", DIST, "--out", tmp_path / "other", cwd=tmp_path, PATH=str(tmp_path))
    assert "left out" not in done.stderr


@pytest.mark.parametrize("name", ["vivre-ensemble.ttl", "vocabulary.ttl", "datapackage.json", "tables/figures.csv"])
def test_a_file_changed_since_it_was_published_is_not_put_on_line(tmp_path: Path, name: str) -> None:
    """It would not be what the catalogue says; nothing is written. Line ends that git has changed are put back."""
    folder = tmp_path / "release"
    shutil.copytree(DIST, folder)
    text = (folder / name).read_bytes()
    (folder / name).write_bytes(text.replace(b"\n", b"\r\n"))
    assert (made(folder, tmp_path / "out") / name).read_bytes() == text
    (folder / name).write_bytes(text + b"\n")
    with pytest.raises(UsageError, match="not as it was published"):
        build.site(open_release(folder), tmp_path / "other", SILENT)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("catalog.rdf", '<R><s xmlns="http://www.w3.org/1999/xhtml">x</s></R>'),
        ("catalog.rdf", '<R><h:s xmlns:h="http://www.w3.org/1999/x&#x68;tml">x</h:s></R>'),
        ("catalog.rdf", '<?xml-stylesheet href="x.xsl"?><R/>'),
        ("catalog.rdf", '<!DOCTYPE R [<!ENTITY e "x">]><R>&e;</R>'),
        ("catalog.rdf", "<html><script>hacked()</script>"),
        (".well-known/void", " <script>hacked()</script>"),
    ],
)
def test_a_listed_file_that_a_browser_would_run_is_refused(tmp_path: Path, name: str, text: str) -> None:
    """A stranger's report may list whatever it likes, under the names that a run gives."""
    folder = tmp_path / "release"
    shutil.copytree(DIST, folder)
    (folder / name).write_text(text)
    with pytest.raises(UsageError, match="browser would run"):
        build.site(open_release(claimed(folder)), tmp_path / "out", SILENT)
    assert not (tmp_path / "out").exists()


def test_a_release_whose_report_lists_nothing_makes_no_site(tmp_path: Path) -> None:
    """Nobody could say whose its files are."""
    folder = tmp_path / "release"
    shutil.copytree(DIST, folder)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    (folder / "report.json").write_text(json.dumps({**report, "files": {}}), encoding="utf-8")
    with pytest.raises(UsageError, match="does not say which files"):
        build.site(open_release(folder), tmp_path / "out", SILENT)


def test_every_word_is_used() -> None:
    """None that no page says."""
    words = render.words("en")
    sources = "".join(p.read_text(encoding="utf-8") for p in (PACKAGE / "templates").glob("*.html"))
    sources += "".join(
        (PACKAGE / f"{name}.py").read_text(encoding="utf-8") for name in ("build", "sentences", "citing")
    )
    sources += " ".join(KINDS)
    made_up = (
        "status_",
        "short_",
        "why_",
        "scope_",
        "type_",
        "filter_",
        "sort_",
        "feed_",
        "check_",
        "cite_",
        "n_proposals",
        "n_statistics",
        "family_",
        "query_",
    )
    assert not [name for name in words if name.endswith("_given") and name.removesuffix("_given") not in words]
    for name in words:
        assert re.search(rf"\b{name.removesuffix('_given')}\b", sources) or name.startswith(made_up), name


def test_words_are_spaced_as_french_is() -> None:
    """No colon, question mark or closing quotation mark can begin a line."""
    assert not [name for name, said in render.words("fr").items() if re.search(r" [:;?!»]|« ", said)]


def test_pages_show_outcomes_responses_and_ratings(tmp_path: Path) -> None:
    """On the page of the proposal or the claim, with who says so, the shared code, and where it can be read."""
    assert run("publish", TIDEWATER, "--out", tmp_path / "release", "--quiet").returncode == 0
    build.site(open_release(tmp_path / "release"), tmp_path / "site", SILENT)
    names = ("proposal/500-homes", "proposal/night-ferry", "statistic/queue", "theme/co-signed", "agent/harbour")
    pages = {}
    for name in names:
        text = (tmp_path / "site" / f"{name}.html").read_text(encoding="utf-8")
        pages[name] = " ".join(unescape(re.sub("<[^>]*>", "", text.replace("</dt>", " "))).split())
    homes, ferry, queue = (pages[name] for name in ("proposal/500-homes", "proposal/night-ferry", "statistic/queue"))
    assert "What became of it Largely delivered (partly kept) 2026" in homes
    assert "Disputed Shore counts begun homes; the tenants' union does not." in homes
    assert "Taken from https://stats.tidewater.example/homes" in homes
    assert "Harbour list: Nay (opposes) 2022" in homes
    assert "Proposed by Harbour list, Shore list" in ferry
    assert "How it was rated Tidewater Fact Check: Mostly true" in queue
    assert "Claimed by Shore list" in queue
    assert "Run the ferry at night" in pages["theme/co-signed"]
    assert "Run the ferry at night" in pages["agent/harbour"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("statistic/S02.html", ["Ce que dit la source", "330 000 personnes", "concorde", "syndicalismehebdo.fr"]),
        ("en/statistic/S12.html", ["What the source says", "other period", "agrees", "a page about the work"]),
        ("en/statistic/S05.html", ["What the source says", "source searched, not found"]),
        ("en/source/hcfea-2018.html", ["Last search", "28 November 2026", "not stated where seen", "other population"]),
    ],
)
def test_what_the_source_says_is_told_with_what_the_rule_found(site: Path, path: str, said: list[str]) -> None:
    """On the page of the figure and on that of the source, with where and when it was seen, or why there is nothing."""
    section = " ".join((site / path).read_text(encoding="utf-8").replace("\u00a0", " ").replace("\u202f", " ").split())
    assert [words for words in said if words not in section] == []
    assert 'id="said"' not in (site / "en" / "statistic" / "S06.html").read_text(encoding="utf-8")
