"""What is said of a release: one graph in three syntaxes, companions with true counts, a page, hosting."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF, SH, VOID

from openproposals.catalog import csvw, describe, history, page, syntaxes
from openproposals.corpus import corpus_folder, descriptor
from openproposals.model import templates
from openproposals.model.tables import as_tables
from openproposals.release.ours import FileDigest
from support import dcat_ap
from support.languages import FR_EN
from support.places import DIST, MINIMAL, REAL, ROOT, TIDEWATER, needs_standards

pytestmark = pytest.mark.slow

FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
ENTRY = FileDigest(10, "0" * 64)


def catalogue(extension: str) -> rdflib.Graph:
    return rdflib.Graph().parse(DIST / f"catalog.{extension}", format=FORMATS[extension])


def described(folder: Path) -> dict[str, object]:
    read, found = corpus_folder.read(folder)
    assert read is not None, found
    return dict(read.descriptor)


@pytest.mark.parametrize("extension", ["jsonld", "rdf"])
def test_the_three_serialisations_are_one_graph(extension: str) -> None:
    assert isomorphic(catalogue("ttl"), catalogue(extension))


def test_json_ld_needs_nobody() -> None:
    """No remote context to fetch, and no byte that a wrong charset could spoil."""
    data = (DIST / "catalog.jsonld").read_bytes()
    assert data.isascii()
    assert {"str"} == {type(v).__name__ for v in json.loads(data)["@context"].values()}


@pytest.mark.parametrize("extension", FORMATS)
@needs_standards
def test_dcat_ap(extension: str) -> None:
    """The official shapes, base, ranges, code lists, deprecated terms: no violation, in any syntax, offline."""
    found, text = dcat_ap.found(catalogue(extension))
    # the publisher is no body of the EU's list, and cannot be
    assert found <= {(SH.Warning, DCTERMS.publisher)}, text


@needs_standards
def test_what_dcat_ap_recommends() -> None:
    """Every recommended property, but a place's centroid, and the publisher's kind where the descriptor is silent."""
    found, _ = dcat_ap.found(catalogue("ttl"), "shapes_recommended.ttl")
    assert {DCAT.centroid, DCTERMS.type} == {path for _, path in found}


@pytest.mark.parametrize("corpus", [MINIMAL, TIDEWATER], ids=lambda p: p.name)
def test_same_descriptor_same_bytes(corpus: Path, tmp_path: Path) -> None:
    """Under other hash seeds, every file of a release is the same."""
    made = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "openproposals", "publish", str(corpus), "--out", str(out), "--quiet"]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": seed}, cwd=ROOT)
        made.append({str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()})
    assert made[0] == made[1]


def test_a_descriptor_without_the_optional_keys() -> None:
    """A corpus that says only what it must has a catalogue all the same, and a page."""
    about = described(MINIMAL)
    graph = describe.describe(about, {"minimal.ttl": ENTRY, "tables/proposals.csv": ENTRY})
    dataset = rdflib.URIRef(str(about["base"]))
    assert 2 == len(list(graph.objects(dataset, DCAT.distribution)))
    assert graph.value(dataset, DCTERMS.temporal) is None
    assert isomorphic(graph, rdflib.Graph().parse(data=syntaxes.serialise(graph, "rdf"), format="xml"))


@needs_standards
@pytest.mark.parametrize("more", [{}, {"publisher.type": "NonProfitOrganisation"}], ids=["bare", "typed"])
def test_a_bare_descriptor_conforms_too(more: dict[str, str]) -> None:
    """The minimal corpus, with another licence and no coverage, and a publisher of a known kind: no violation."""
    about = described(MINIMAL)
    if more:
        about |= {"publisher": {**about["publisher"], "type": "NonProfitOrganisation", "homepage": "https://x.org/"}}  # type: ignore[dict-item]
    graph = describe.describe(about, {"minimal.ttl": ENTRY, "minimal.nt": ENTRY, "tables/proposals.csv": ENTRY})
    found, text = dcat_ap.found(graph)
    assert {severity for severity, _ in found} <= {SH.Warning}, text


def test_history() -> None:
    """Issued is the first release's day, modified this one's; the version before is linked and never typed."""
    about = described(MINIMAL) | {
        "version": "1.1.0", "released": "2026-03-01", "keep_releases": True,
        "history": {
            "1.0.0": {"released": "2026-01-31"},
            "1.1.0": {"released": "2026-03-01", "notes": {"fr": "Deux lignes de plus.", "en": "Two more rows."}},
        },
    }  # fmt: skip
    graph = describe.describe(about, {"minimal.ttl": ENTRY})
    dataset = rdflib.URIRef(str(about["base"]))
    before = graph.value(dataset, rdflib.URIRef(str(DCAT) + "previousVersion"))
    assert f"{about['site']}releases/1.0.0/" == str(before)
    assert [] == list(graph.predicate_objects(before))
    assert ("2026-01-31", "2026-03-01") == history.dates(about)
    assert "2026-01-31" == str(graph.value(dataset, DCTERMS.issued))
    assert [dataset] == list(graph.subjects(RDF.type, DCAT.Dataset))


def test_void_counts_are_true() -> None:
    """Triples, and each partition's count, are those of the parsed dump; /.well-known/void is the same file."""
    void = rdflib.Graph().parse(DIST / "void.ttl")
    dump = list(ox.parse((DIST / "vivre-ensemble.ttl").read_bytes(), format=ox.RdfFormat.TURTLE))
    properties = Counter(q.predicate.value for q in dump)
    classes = Counter(
        q.object.value for q in dump if q.predicate.value == str(RDF.type) and isinstance(q.object, ox.NamedNode)
    )
    said = {
        kind: {str(void.value(n, term)): int(str(void.value(n, count))) for n in void.objects(None, partition)}
        for kind, partition, term, count in (
            ("properties", VOID.propertyPartition, VOID.property, VOID.triples),
            ("classes", VOID.classPartition, VOID["class"], VOID.entities),
        )
    }
    assert {"properties": dict(properties), "classes": dict(classes)} == said
    dataset = rdflib.URIRef(described(REAL)["base"])
    assert len(dump) == int(str(void.value(dataset, VOID.triples)))
    assert (DIST / "void.ttl").read_bytes() == (DIST / ".well-known" / "void").read_bytes()


def test_csvw_leaves_out_little_and_says_which() -> None:
    """Only dates of mixed precision and second texts of one column are beyond CSVW."""
    left = {
        (t.table.name, p.key, p.object.holes)
        for t in templates.load("https://x.example/", FR_EN)
        for p in csvw.left_out(t)
    }
    assert left
    for table, key, holes in left:
        column = next(c for c in templates.schema.tables(FR_EN)[table].columns if c.name == holes[0])
        assert column.partial_date or key in ("prefLabel", "name"), (table, key)


def test_the_landing_page() -> None:
    """In both languages, with every download, and a schema.org Dataset that fits Google's rules."""
    text = (DIST / "index.html").read_text(encoding="utf-8")
    for heading in ("Une source est-elle donnée ?", "Is a source given?", "aucune source n'est imprimée"):
        assert heading in text.replace("&#39;", "'")
    found = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[0])
    assert 50 <= len(found["description"]) <= 5000
    site = described(REAL)["site"]
    assert len(found["distribution"]) == len(list((DIST / "tables").glob("*.csv"))) + 6
    for download in found["distribution"]:
        name = download["contentUrl"].removeprefix(site)
        assert (DIST / name).is_file()
        assert f'href="{name}"' in text
    links = set(re.findall(r'(?:href|src)="([^"#][^"]*)"', text))
    assert [link for link in links if ":" not in link and not (DIST / link).is_file()] == []


def test_the_landing_page_fetches_nothing_and_cites_in_both_languages() -> None:
    """A policy that lets nothing in, an icon that asks for none, and each half cites by its own title."""
    text = (DIST / "index.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert '<link rel="icon" href="data:,">' in text
    titles = described(REAL)["title"]
    assert isinstance(titles, dict)
    french, english = re.findall(r'<p class="cite"[^>]*>(.*?)</p>', text)
    assert titles["fr"] in html.unescape(french)
    assert titles["en"] in html.unescape(english)


def test_a_page_that_is_written_against() -> None:
    """Words of a descriptor are words: none becomes a tag, an attribute, or the end of the script."""
    bad = '</script><script>alert(1)</script>" onload="alert(2)'
    about = described(MINIMAL) | {"title": {"fr": bad, "en": bad}, "description": {"fr": bad, "en": bad}}
    read, _ = corpus_folder.read(MINIMAL)
    assert read is not None
    text = page.landing(about, {}, read.tables, page.statuses(read.tables)).decode()
    assert 1 == text.count("</script>")
    assert "<script>alert" not in text
    assert '" onload="' not in text


def test_statuses_count_from_columns() -> None:
    tables = as_tables({"statistics": pl.DataFrame({"citation_status": ["cited", "cited", "uncited"]})})
    assert {"cited": 2, "uncited": 1, "dangling": 0, "ambiguous": 0, "not-recorded": 0} == page.statuses(tables)


def test_every_key_of_the_descriptor_is_known() -> None:
    """The new keys pass the descriptor's rules, and a wrong one does not."""
    text = (MINIMAL / "corpus.toml").read_text(encoding="utf-8")
    more = 'keep_releases = true\nfrequency = "ANNUAL"\n' + text + (
        '\n[coverage]\nspatial = ["https://sws.geonames.org/2921044/"]\nbox = [5.8, 47.2, 15.1, 55.1]\n'
        '[history."0.1.0"]\nreleased = 2026-01-31\nnotes = { fr = "Première.", en = "First." }\n'
        '[withdrawn."statistic/S9"]\nsince = "0.1.0"\nreplacement = "statistic/S1"\nreason = { fr = "Doublon.", en = "Twice." }\n'
    )  # fmt: skip
    read, found = descriptor.parse(more)
    assert found == []
    assert read is not None
    box = describe.describe(read, {}).value(rdflib.URIRef("https://sws.geonames.org/2921044/"), DCAT.bbox)
    assert "POLYGON((5.8 47.2,15.1 47.2,15.1 55.1,5.8 55.1,5.8 47.2))" == str(box)
    assert ["descriptor-value"] == [f.code for f in descriptor.parse(more.replace("ANNUAL", "OFTEN"))[1]]


def test_companions_are_written_once(tmp_path: Path) -> None:
    """What describes the data is no data: the catalogue lists neither itself nor its companions."""
    listed = {str(o).rpartition("#")[2] for o in catalogue("ttl").objects(None, DCAT.distribution)}
    assert not [n for n in listed if n.endswith(("json", "void.ttl", "html", "rdf")) or "catalog" in n.split("#")[0]]
