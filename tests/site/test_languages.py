"""A site in the languages of its release: one, four, one that is written from right to left."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from openproposals.model import schema
from openproposals.model.rdf import LiteralTerm, parse, serialise
from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.site import build, engine
from support.commands import run
from support.hostile import claimed
from support.places import HEBREW, ROOT

pytestmark = pytest.mark.slow

DIST = ROOT / "dist" / "vivre-ensemble"


def made(tmp_path: Path, spoken: Mapping[str, str], main: str) -> Path:
    """The site of a release made up from the first corpus: what is said in each language, as `spoken` renames it."""
    folder = Path(shutil.copytree(DIST, tmp_path / "release"))
    triples = []
    for subject, predicate, value in parse((folder / "vivre-ensemble.ttl").read_bytes(), "turtle"):
        if isinstance(value, LiteralTerm) and value.language:
            takers = [new for new, old in spoken.items() if old == value.language]
            triples += [(subject, predicate, replace(value, language=new)) for new in takers]
        else:
            triples.append((subject, predicate, value))
    (folder / "vivre-ensemble.ttl").write_bytes(serialise(triples, "turtle", schema.prefixes()))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["name"] == "dataset":
            others = [field for field in resource["schema"]["fields"] if not field["name"].startswith("title_")]
            titles = [{"name": f"title_{tag}", "type": "string"} for tag in (main, *(t for t in spoken if t != main))]
            resource["schema"]["fields"] = titles + others
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    out = tmp_path / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.shutil, "which", lambda name: None)
        build.site(open_release(claimed(folder)), out, SILENT, kept=tmp_path / "kept")
    return out


def pages(site: Path) -> dict[str, str]:
    return {p.relative_to(site).as_posix(): p.read_text(encoding="utf-8") for p in site.rglob("*.html")}


def test_a_release_in_arabic_has_english_chrome_and_goes_from_right_to_left(tmp_path: Path) -> None:
    """The chrome is tagged as English, each text of the data as Arabic; no page is elsewhere than at the root."""
    found = pages(made(tmp_path, {"ar": "fr"}, "ar"))
    assert found
    assert not any(name.startswith(("ar/", "en/", "fr/")) for name in found)
    home, proposal = found["index.html"], found["proposal/P01.html"]
    for text in (home, proposal):
        assert '<html lang="en" dir="rtl">' in text
        assert "Without a printed source" in text
        assert 'class="language"' not in text
    assert re.search(r'<h1><span lang="ar" dir="auto">[^<]+</span></h1>', proposal)
    assert not [name for name, text in found.items() if 'lang="fr"' in text]
    search = (tmp_path / "site/assets/search.ar.js").read_text(encoding="utf-8")
    assert '"Proposal"' in search


def test_a_release_in_one_language_that_the_program_speaks_has_its_chrome(tmp_path: Path) -> None:
    """A variant of the language will do."""
    found = pages(made(tmp_path, {"fr-CA": "fr"}, "fr-CA"))
    assert '<html lang="fr">' in found["index.html"]
    assert "Sans source imprimée" in found["index.html"]
    assert '<span lang="fr-CA" dir="auto">' in found["proposal/P01.html"]
    assert 'class="language"' not in found["index.html"]


def test_a_release_in_four_languages_has_pages_in_each_and_links_between_them(tmp_path: Path) -> None:
    """The main one at the root, each other one in its folder, under its own name in the menu."""
    spoken = {"pt-BR": "fr", "fr": "fr", "en": "en", "he": "en"}
    found = pages(made(tmp_path, spoken, "pt-BR"))
    for path in ("index.html", "proposal/P01.html", "query.html"):
        assert {path, f"fr/{path}", f"en/{path}", f"he/{path}"} <= found.keys()
        menu = re.findall(r'class="language" href="([^"]+)" lang="([^"]+)"', found[path])
        assert [tag for _, tag in menu] == ["fr", "en", "he"]
        assert menu[0][0].endswith(f"fr/{path}")
        assert re.findall(r'hreflang="([^"]+)" rel', found[f"he/{path}"]) == ["pt-BR", "fr", "en"]
    assert '<html lang="en">' in found["index.html"]
    assert '<html lang="fr">' in found["fr/index.html"]
    assert '<html lang="en" dir="rtl">' in found["he/index.html"]
    assert "Português (Brasil)" in found["fr/index.html"]


@pytest.mark.long
def test_a_language_of_a_hostile_release_names_no_folder_elsewhere(tmp_path: Path) -> None:
    """What is no language tag is none of its languages."""
    site = made(tmp_path, {"fr": "fr"}, "fr")
    assert "index.html" in pages(site)
    release = open_release(tmp_path / "release")
    package = release.package
    field = {"name": "title_../../elsewhere", "type": "string"}
    next(r for r in package["resources"] if r["name"] == "dataset")["schema"]["fields"].append(field)
    (release.folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.shutil, "which", lambda name: None)
        build.site(open_release(claimed(release.folder)), tmp_path / "again" / "site", SILENT, kept=tmp_path / "kept")
    assert not list(tmp_path.rglob("elsewhere"))


@pytest.mark.long
def test_a_corpus_in_hebrew_goes_from_tables_to_pages(tmp_path: Path) -> None:
    """Published, verified in its document, and shown from right to left; no word of another language is tagged as Hebrew."""
    document = ROOT / "tests" / "documents" / "kfar-orot.txt"
    release = tmp_path / "release"
    assert run("publish", HEBREW, "--out", release, "--quiet").returncode == 0
    verified = run("verify", HEBREW, "--document", document, "--report", "json")
    assert json.loads(verified.stdout)["summary"] == {"in-place": 7}
    found = [o for _, _, o in parse((release / "kfar-orot.ttl").read_bytes(), "turtle") if isinstance(o, LiteralTerm)]
    assert {o.language for o in found} == {"", "he"}
    assert not [o.value for o in found if o.language == "he" and not re.search(r"[\u05d0-\u05ea]|^[\d,.%]+$", o.value)]
    landing = (release / "index.html").read_text(encoding="utf-8")
    assert not re.search(r'lang="he"[^>]*>[^<]*[A-Za-z]{4}', landing.split("<main>")[1])
    assert re.search(r'class="cite"><bdi>מועצת כפר אורות</bdi> \(2026\)\. <cite lang="he" dir="auto">', landing)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.shutil, "which", lambda name: None)
        build.site(open_release(release), tmp_path / "site", SILENT, kept=tmp_path / "kept")
    shown = pages(tmp_path / "site")
    assert all('<html lang="en" dir="rtl">' in text for text in shown.values())
    answer = re.search(
        r'<p class="head"><span>(.*?)</span>\s*<small>1 March 2026</small></p>', shown["proposal/night-bus.html"]
    )
    assert answer
    assert "אגודת ההורים" in answer[1]
    assert "1 March 2026" not in answer[1]
    assert "1 in 3 (חלק מההורים)" in shown["statistic/aide.html"]


GREEK = {
    "corpus.toml": """
name = "nea-poli"
version = "0.1.0"
released = 2026-03-01
base = "https://data.nea-poli.example/p/"
site = "https://data.nea-poli.example/r/"
licence = "http://publications.europa.eu/resource/authority/licence/CC0"
languages = ["el"]
title = "Προτάσεις της συνέλευσης"
description = "Επινοημένες προτάσεις."
rights = "Επινοημένα κείμενα."
publisher = { name = "Δήμος", iri = "https://data.nea-poli.example/dimos" }
contact = { name = "Δήμος", email = "data@nea-poli.example" }
""",
    "agents.csv": "id,kind,label\nanna,Person,Άννα\ndimos,Organization,Δήμος\n",
    "proposals.csv": "id,label,proposer\nbus,Νυχτερινά λεωφορεία για το 30 %,anna\narchive,Ανοιχτό αρχείο,dimos\n",
}
CLAIMS = """id,proposal,label,kind,value,unit,unit_el,source_url
night,bus,Εργαζόμενοι μετά τα μεσάνυχτα,count,1240,NUM,άτομα,https://stat.example/1
hours,,Ώρες,count,7,NUM,ώρες,https://stat.example/1
share,bus,Μερίδιο εργαζομένων,percentage,31.5,PERCENT,των εργαζομένων,
"""


def greek(tmp_path: Path, more: Mapping[str, str]) -> tuple[Path, dict[str, str]]:
    """A release of an invented corpus in Greek that nobody has read, and its pages."""
    folder, release = tmp_path / "corpus", tmp_path / "release"
    folder.mkdir()
    for name, text in (GREEK | dict(more)).items():
        (folder / name).write_text(text, encoding="utf-8")
    assert run("publish", folder, "--out", release, "--quiet").returncode == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.shutil, "which", lambda name: None)
        build.site(open_release(release), tmp_path / "site", SILENT, kept=tmp_path / "kept")
    return release, pages(tmp_path / "site")


def test_a_corpus_of_claims_in_greek_is_told_without_print_and_without_absences(tmp_path: Path) -> None:
    """What is counted is tagged as Greek; a person is a person; an address is no print, and a search nobody's."""
    release, found = greek(tmp_path, {"claims.csv": CLAIMS})
    statistic = found["statistic/night.html"]
    assert '<b>1,240\u00a0</b><b lang="el" dir="auto">άτομα</b>' in statistic
    assert '<span dir="auto">1,240\u00a0<span lang="el">άτομα</span></span>' in statistic
    assert '<title lang="el">' in statistic
    assert re.search(r'<span id="cite-apa"[^>]* lang="">', statistic)
    assert "&lt;span lang=&#34;el&#34; dir=&#34;auto&#34;&gt;Προτάσεις της συνέλευσης" in statistic  # in the card
    assert '<p class="kicker">Person</p>' in found["agent/anna.html"]
    assert '<p class="kicker">Organisation</p>' in found["agent/dimos.html"]
    assert "1 with a source, 1 without a recorded one." in found["proposal/bus.html"]
    (source,) = (text for name, text in found.items() if name.startswith("source/"))
    assert "no search recorded" in source
    assert "No proposal is recorded that rests on it" in found["statistic/hours.html"]
    told = "".join(run("trace", name, release, "--lang", "en", "--quiet").stdout for name in ("bus", "night", "share"))
    assert "a source is given for it" in told
    assert "1 cited, 1 without a recorded source" in told
    assert "is recorded as having looked for this work" in " ".join(told.split())
    untrue = ("Source printed", "printed source", "own text", "obody has looked", "not attempted", "is printed for it")
    kinds = ("proposal", "statistic", "figure", "source", "agent", "index", "untraceable")
    assert "as printed" not in found["figures.html"] + found["proposals.html"] + found["sources.html"]
    for text in (told, *(text for name, text in found.items() if name.startswith(kinds))):
        assert [each for each in untrue if each in text] == []


def test_lists_of_nothing_say_that_nothing_is_recorded(tmp_path: Path) -> None:
    """No sentence about every statistic, source or publisher where none is recorded."""
    _, found = greek(tmp_path, {})
    said = {"figures": "No statistic is recorded.", "sources": "No source is recorded.",
            "publishers": "No publisher of a source is recorded.", "untraceable": "No statistic is recorded."}  # fmt: skip
    for name, sentence in said.items():
        assert f"<p>{sentence}</p>" in found[f"{name}.html"]
        assert 'class="lead"' not in found[f"{name}.html"]
    assert "0 statistics" not in found["index.html"]
    assert "own words" not in found["index.html"]


def test_a_source_given_beside_a_document_is_not_said_to_be_printed(tmp_path: Path) -> None:
    """Only a note marker tells that a document prints its sources."""
    documents = "id,title,label,language\nplan,Σχέδιο 2030,Σχέδιο,ELL\n"
    proposals = "id,label,document\nbus,Νυχτερινά λεωφορεία,plan\n"
    _, found = greek(tmp_path, {"documents.csv": documents, "proposals.csv": proposals, "claims.csv": CLAIMS})
    assert "Source given" in found["statistic/night.html"]
    assert "Source printed" not in found["figures.html"] + found["document/plan.html"] + found["proposal/bus.html"]
