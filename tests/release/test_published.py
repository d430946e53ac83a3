"""The committed release, as its users meet it: sums, data package, catalogue, flat views, vocabulary."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re

import frictionless
import polars as pl
import pyoxigraph as ox
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF

from openproposals.messages import LANGUAGES
from openproposals.model import schema
from support.places import DIST, ROOT

SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
OP = "https://w3id.org/openproposals/"


def rows(name: str) -> list[dict[str, str]]:
    with (DIST / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sums_name_every_file() -> None:
    """SHA256SUMS has each file of the release but itself, with its true sum."""
    sums = dict(reversed(line.split("  ")) for line in (DIST / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    files = {
        str(p.relative_to(DIST)): hashlib.sha256(p.read_bytes()).hexdigest() for p in DIST.rglob("*") if p.is_file()
    }
    del files["SHA256SUMS"]
    assert files == sums


def test_the_layout_is_the_promised_one() -> None:
    """The names that portals and scripts rely on."""
    promised = {
        "vivre-ensemble.ttl", "vivre-ensemble.jsonld", "figures.csv", "figures-excel.csv", "labels.ttl", "vocabulary.ttl",
        "datapackage.json", "catalog.ttl", "catalog.jsonld", "catalog.rdf", "report.json", "SHA256SUMS", "tables",
        "index.html", "void.ttl", ".well-known", "croissant.json", "CITATION.cff", "ro-crate-metadata.json", "datacite.json", ".zenodo.json", "schemas", "hosting",
        "figures.csv-metadata.json",
        "sources.bib", "sources.csl.json",
    }  # fmt: skip
    assert promised == {p.name for p in DIST.iterdir()}


def test_plain_frictionless_accepts_the_data_package() -> None:
    """A foreign run of frictionless, links and all, finds nothing; sizes and hashes are true."""
    report = frictionless.Package(str(DIST / "datapackage.json")).validate()
    assert [e.message for task in report.tasks for e in task.errors] + [e.message for e in report.errors] == []
    assert len(list((DIST / "tables").glob("*.csv"))) + 1 == len(report.tasks)


def test_counts_of_the_report_are_true() -> None:
    """Rows in and triples out, as the report says, are those of the tables and of the dump."""
    report = json.loads((DIST / "report.json").read_text(encoding="utf-8"))
    assert report["conforms"] is True
    published = {name: count for name, count in report["rows"].items() if schema.tables()[name].has_rows}
    assert published == {p.stem: len(rows(f"tables/{p.name}")) for p in (DIST / "tables").glob("*.csv")}
    dump = (DIST / "vivre-ensemble.ttl").read_bytes()
    assert sum(report["triples"].values()) == sum(1 for _ in ox.parse(dump, format=ox.RdfFormat.TURTLE))


def test_the_catalogue_lists_every_data_file_truly() -> None:
    """Each data file is a distribution with its own download address, true size and sum."""
    graph = rdflib.Graph().parse(DIST / "catalog.ttl")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    site = str(graph.value(dataset, DCAT.landingPage))
    found = {}
    for distribution in graph.objects(dataset, DCAT.distribution):
        checksum = graph.value(distribution, SPDX.checksum)
        address = str(graph.value(distribution, DCAT.downloadURL)).removeprefix(site)
        found[address] = (
            str(graph.value(distribution, DCAT.byteSize)),
            str(graph.value(checksum, SPDX.checksumValue)).lower(),
        )
        assert graph.value(distribution, DCTERMS.license)
    data = [p for p in DIST.rglob("*") if p.suffix in (".ttl", ".jsonld", ".csv") and p.stem not in ("catalog", "void")]
    expected = {
        str(p.relative_to(DIST)): (str(p.stat().st_size), hashlib.sha256(p.read_bytes()).hexdigest()) for p in data
    }
    assert expected == found


def test_one_row_a_figure_in_the_flat_view() -> None:
    """figures.csv has every figure with what a reader asks of it; pandas-like readers see numbers."""
    flat = rows("figures.csv")
    assert [r["id"] for r in rows("tables/figures.csv")] == [r["id"] for r in flat]
    by_id = {r["id"]: r for r in flat}
    s02 = by_id["S02-1"]
    expected = {
        "label_en": "People without a home in France", "value": "330000", "unit": "NUM", "citation_status": "cited",
        "source": "fondation-abbe-pierre-2023", "source_publisher": "Fondation Abbé Pierre", "source_date": "2023",
        "period_basis": "source-date", "area_basis": "implied", "document": "B", "proposals": "P01 P02",
        "iri": f"{OP}vivre-ensemble/figure/S02-1",
    }  # fmt: skip
    assert expected == {k: s02[k] for k in expected}
    assert by_id["S06-1"]["source_title"] == ""
    assert by_id["S06-1"]["citation_status"] == "uncited"
    assert by_id["S05-1"]["source_title"] == ""
    assert "sans titre" in by_id["S05-1"]["source_label_fr"]
    assert by_id["S13-1"]["possible_source"] == "hcfea-2018"
    assert by_id["S12-1"]["source_trace_status"] == "located-uncertain"
    assert by_id["S20-1"]["document"] == "B | B | R | R"
    assert len(by_id["S20-1"]["locator_en"].split(" | ")) == 4
    assert pl.Float64 == pl.read_csv(DIST / "figures.csv")["value"].dtype


def test_the_spreadsheet_copy_runs_no_formula() -> None:
    """BOM, semicolons, CRLF; no cell begins a formula."""
    data = (DIST / "figures-excel.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [r["id"] for r in rows("figures.csv")] == [r["id"] for r in found]
    assert not [
        c for r in found for k, c in r.items() if c.startswith(("=", "+", "@")) or (c.startswith("-") and k != "value")
    ]
    assert "22,8" in [r["value"] for r in found]


def test_every_term_used_is_defined_in_both_languages() -> None:
    """Each op: term and code of the dump is in vocabulary.ttl, labelled and defined in French and English."""
    vocabulary = rdflib.Graph().parse(DIST / "vocabulary.ttl")
    dump = ox.parse((DIST / "vivre-ensemble.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    terms = {t.value for q in dump for t in (q.predicate, q.object) if isinstance(t, ox.NamedNode)}
    own = {t for t in terms if re.match(f"{OP}(ns#|code/)", t)}
    assert len(own) > 50
    for term in own:
        node = rdflib.URIRef(term)
        labels = {
            label.language for p in (rdflib.RDFS.label, rdflib.SKOS.prefLabel) for label in vocabulary.objects(node, p)
        }  # type: ignore[attr-defined]
        definitions = {d.language for d in vocabulary.objects(node, rdflib.SKOS.definition)}  # type: ignore[attr-defined]
        assert {*LANGUAGES} == labels, term
        assert {"fr", "en"} <= definitions, term


def test_every_code_of_the_tables_is_in_its_list() -> None:
    """The enum of each coded column is the code list, no more and no less."""
    vocabulary = rdflib.Graph().parse(DIST / "vocabulary.ttl")
    coded = {
        "citation": ("statistics", "citation_status"), "scope": ("statistics", "scope"), "figure": ("statistics", "kind"),
        "qualifier": ("figures", "qualifier"), "basis": ("figures", "area_basis"), "trace": ("sources", "trace_status"),
        "evidence": ("proposal-status", "status"), "remark": ("remarks", "kind"),
        "grade": ("verifications", "grade"), "metric": ("measurements", "metric"),
    }  # fmt: skip
    for scheme, (table, column) in coded.items():
        fields = json.loads((ROOT / "schema" / f"{table}.json").read_text(encoding="utf-8"))["fields"]
        enum = next(f["constraints"]["enum"] for f in fields if f["name"] == column)
        members = vocabulary.subjects(rdflib.SKOS.inScheme, rdflib.URIRef(f"{OP}code/{scheme}"))
        assert set(enum) == {str(m).rpartition("/")[2] for m in members} - {"fault", "lead"}, scheme


def test_nothing_published_names_a_machine() -> None:
    """Nothing published names the machine that made it."""
    for path in DIST.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert str(ROOT) not in text
            assert "/tmp/" not in text
