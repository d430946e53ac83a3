"""The real programs, each in its own environment, take the release without loss: `./run test-harvest` sets them up.

docs/decisions/0006-catalogue.md says what each of them does with what it reads.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import frictionless
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCAT, RDF

from openproposals.catalog import csvw
from openproposals.model import templates
from openproposals.model.templates import Hole, Iri, Literal_
from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.site import build
from openproposals.stages import Run
from support.languages import FR_EN
from support.places import DIST, REAL, ROOT

pytestmark = pytest.mark.slow

READERS = ROOT / "tests" / "harvest"
FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}


def engine(name: str) -> Path:
    """The Python of that environment; without it the test is skipped, or fails where it was to be there."""
    python = ROOT / f".venv-{name}" / "bin" / "python"
    if not python.exists():
        if os.environ.get("OPENPROPOSALS_HARVEST"):
            pytest.fail(f"{python.relative_to(ROOT)} is missing")
        pytest.skip("./run test-harvest installs it")
    return python


def run(*command: object, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, check=False, cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd or READERS), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def about() -> tuple[rdflib.Graph, rdflib.URIRef, str]:
    graph = rdflib.Graph().parse(DIST / "catalog.ttl")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert isinstance(dataset, rdflib.URIRef)
    return graph, dataset, str(graph.value(dataset, DCAT.landingPage))


def files() -> dict[str, int]:
    """Every distribution's file, with its size on disk."""
    data = [
        *DIST.glob("*.csv"),
        *DIST.glob("tables/*.csv"),
        DIST / "vocabulary.ttl",
        DIST / "labels.ttl",
        *DIST.glob("vivre-ensemble.*"),
    ]
    return {str(p.relative_to(DIST)): p.stat().st_size for p in data}


@pytest.mark.parametrize("extension", FORMATS)
def test_ckan(extension: str) -> None:
    """ckanext-dcat keeps title, licence, dates, coverage, contact, and each file with a short format, size and hash."""
    out = run(engine("ckan"), READERS / "ckan_reads.py", DIST / f"catalog.{extension}", FORMATS[extension])
    (dataset,) = json.loads(out)
    graph, iri, site = about()
    extras = {e["key"]: e["value"] for e in dataset["extras"]}
    titles = {str(t) for t in graph.objects(iri, rdflib.DCTERMS.title)}
    assert dataset["title"] in titles
    assert dataset["notes"]
    assert dataset["version"] == str(graph.value(iri, rdflib.URIRef("http://www.w3.org/ns/dcat#version")))
    assert {"issued", "modified", "temporal_start", "temporal_end", "spatial_uri", "spatial_bbox", "contact_name",
            "contact_email", "publisher_name", "publisher_uri", "identifier", "theme", "language", "access_rights",
            "frequency"} <= extras.keys()  # fmt: skip
    assert extras["identifier"] == str(iri)
    sums = dict(reversed(line.split("  ")) for line in (DIST / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    found = {r["url"].removeprefix(site): r for r in dataset["resources"]}
    assert files() == {name: r["size"] for name, r in found.items()}
    for name, resource in found.items():
        assert resource["format"] in ("CSV", "TTL", "JSON-LD"), name
        assert resource["hash"].lower() == sums[name]
        assert "Licence Ouverte" in resource["license"]
        assert resource["name"]
        assert resource["issued"] == extras["issued"]


@pytest.mark.parametrize("extension", FORMATS)
def test_data_gouv_fr(extension: str) -> None:
    """Udata harvests without an error and recognises the licence; its files keep format, size, media type and schema."""
    graph, iri, site = about()
    out = run(engine("udata"), READERS / "udata_reads.py", DIST / f"catalog.{extension}", f"{site}catalog.{extension}")
    job = json.loads(out.splitlines()[-1])
    assert (job["status"], job["errors"], job["items"]) == ("done", [], ["done"])
    (dataset,) = job["datasets"]
    assert dataset["licence"] == "lov2"
    assert dataset["identifier"] == str(iri)
    assert dataset["title"] == next(str(t) for t in graph.objects(iri, rdflib.DCTERMS.title) if t.language == "fr")  # type: ignore[attr-defined]
    assert dataset["description"]
    assert dataset["remote_url"] == site
    assert dataset["temporal"] == ["2012-01-01", "2060-12-31"]
    assert dataset["spatial"]["type"] == "MultiPolygon"
    assert dataset["frequency"] == "irregular"
    assert [
        ["openproposals", "contact@openproposals.example.org", "contact"],
        ["openproposals", None, "publisher"],
    ] == dataset["contact"]
    assert {"statistiques", "population-et-societe"} <= set(dataset["tags"])
    found = {r["url"].removeprefix(site): r for r in dataset["resources"]}
    assert files() == {name: r["size"] for name, r in found.items()}
    for name, resource in found.items():
        assert resource["format"] in ("csv", "ttl", "json-ld"), name
        assert resource["mime"]
        assert resource["issued"] == dataset["issued"]
        assert resource["modified"] == dataset["modified"]


def test_croissant(tmp_path: Path) -> None:
    """Mlcroissant validates the file, and loads records from the tables beside it, sums checked."""
    script = (
        "import sys, mlcroissant as mlc\n"
        "dataset = mlc.Dataset(sys.argv[1], mapping=dict(m.split('=', 1) for m in sys.argv[2:]))\n"
        "print(dataset.metadata.issues.report() or 'no issues')\n"
        "print(len(list(dataset.records('proposals'))), len(list(dataset.records('figures'))))\n"
    )
    local = [f"{p.name}={p}" for p in (DIST / "tables").glob("*.csv")]
    out = run(engine("validators"), "-c", script, DIST / "croissant.json", *local, cwd=tmp_path)
    assert ["no issues", "47 25"] == out.splitlines()[-2:]


def test_citation(tmp_path: Path) -> None:
    """Cffconvert validates CITATION.cff, and turns it into BibTeX."""
    (tmp_path / "CITATION.cff").write_bytes((DIST / "CITATION.cff").read_bytes())
    program = engine("validators").with_name("cffconvert")
    assert "valid according to schema version 1.2.0" in run(program, "--validate", cwd=tmp_path)
    assert "https://w3id.org/openproposals/vivre-ensemble/" in run(program, "-f", "bibtex", cwd=tmp_path)


def test_crate_and_datacite(tmp_path: Path) -> None:
    """Roc-validator finds the crate whole, and DataCite's schema takes the record; both see what is taken away."""
    found = json.loads(run(engine("crates"), READERS / "crate_reads.py", DIST, cwd=tmp_path).splitlines()[-1])
    assert (found["crate"], found["datacite"]) == ([], [])
    assert found["checked"] > 50
    broken = tmp_path / "broken"
    shutil.copytree(DIST, broken)
    crate = json.loads((DIST / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    del crate["@graph"][1]["license"]
    (broken / "ro-crate-metadata.json").write_text(json.dumps(crate), encoding="utf-8")
    (broken / "tables" / "proposals.csv").unlink()
    record = json.loads((DIST / "datacite.json").read_text(encoding="utf-8")) | {"publicationYear": "26"}
    (broken / "datacite.json").write_text(json.dumps(record), encoding="utf-8")
    found = json.loads(run(engine("crates"), READERS / "crate_reads.py", broken, cwd=tmp_path).splitlines()[-1])
    assert any("license" in problem for problem in found["crate"])
    assert any("tables/proposals.csv" in problem for problem in found["crate"])
    assert ["['publicationYear']"] == [problem.partition(":")[0] for problem in found["datacite"]]


def test_validata() -> None:
    """Validata accepts every published table under its published schema."""
    script = (
        "import sys, validata_core\n"
        "for pair in sys.argv[1:]:\n"
        "    table, schema = pair.split('=', 1)\n"
        "    report = validata_core.validate(table, schema)\n"
        "    print(report['valid'] if isinstance(report, dict) else report.valid, table)\n"
    )
    pairs = [f"{p}={DIST / 'schemas' / (p.stem + '.json')}" for p in sorted((DIST / "tables").glob("*.csv"))]
    pairs.append(f"{DIST / 'figures.csv'}={DIST / 'schemas' / 'figures-flat.json'}")
    out = run(engine("validata"), "-c", script, *pairs)
    assert [] == [line for line in out.splitlines() if not line.startswith("True ")]
    assert len(pairs) == len(out.splitlines())


def test_csvw_validator() -> None:
    """A CSVW validator accepts every table with the metadata beside it, without a warning."""
    script = (
        "import sys\nfrom csvw import CSVW\n"
        "for path in sys.argv[1:]:\n"
        "    found = CSVW(path, validate=True)\n"
        "    print(found.is_valid, [str(w.message) for w in found.warnings])\n"
    )
    metadata = sorted(DIST.rglob("*.csv-metadata.json"))
    out = run(engine("csvw"), "-c", script, *metadata)
    assert ["True []"] * len(metadata) == out.splitlines()
    assert len(metadata) == len(list((DIST / "tables").glob("*.csv"))) + 1


def test_a_csvw_processor_makes_the_same_graph() -> None:
    """rdf-parser-csvw makes of the CSVs every triple of the dump, but those that CSVW has no way to say; and no other."""
    modules = ROOT / ".venv-csvw" / "npm"
    if not (modules / "node_modules").is_dir() or shutil.which("node") is None:
        pytest.skip("./run test-harvest installs it where there is npm")
    out = run("node", READERS / "csvw.mjs", modules, *sorted((DIST / "tables").glob("*.csv")))
    theirs = _lines(out.encode(), ox.RdfFormat.N_TRIPLES)
    ours = _lines((DIST / "vivre-ensemble.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    from openproposals import stages

    work = stages.validate(REAL, Run())
    assert work.corpus is not None
    left = set()
    for template in templates.load(work.corpus.base, FR_EN):
        for pattern in csvw.left_out(template):
            for row in work.corpus.tables[template.table.name].to_dicts():
                if all(row[c] for c in pattern.columns) and (
                    not pattern.guard
                    or len(row[pattern.guard.column]) == (pattern.guard.length or len(row[pattern.guard.column]))
                ):
                    left.add(f"{_filled(pattern.subject, row)} <{pattern.predicate}> {_literal(pattern.object, row)}")
    assert theirs <= ours
    assert ours - theirs == left
    assert len(left) < len(ours) / 20


def test_frictionless() -> None:
    """Frictionless accepts the data package (version 2), sizes and hashes too."""
    report = frictionless.Package(str(DIST / "datapackage.json")).validate()
    assert [] == [e.message for task in report.tasks for e in task.errors] + [e.message for e in report.errors]


def _lines(data: bytes, syntax: Any) -> set[str]:
    return {str(ox.Triple(q.subject, q.predicate, q.object)) for q in ox.parse(data, format=syntax)}


def _filled(iri: Iri, row: dict[str, Any]) -> str:
    return "<" + "".join(row[p.name] if isinstance(p, Hole) else p for p in iri.parts) + ">"


def _literal(value: Iri | Literal_, row: dict[str, Any]) -> str:
    assert isinstance(value, Literal_)
    assert isinstance(value.value, Hole)
    text = row[value.value.name]
    literal = (
        ox.Literal(text, language=value.language)
        if value.language
        else ox.Literal(text, datatype=ox.NamedNode(value.datatype))
    )
    return str(literal)


def test_a_reader_of_pages_finds_the_citation(tmp_path: Path) -> None:
    """html-metadata reads Highwire's tags, Open Graph and schema.org of a figure's page and of a source's."""
    modules = ROOT / ".venv-csvw" / "npm"
    if not (modules / "node_modules" / "html-metadata").is_dir() or shutil.which("node") is None:
        pytest.skip("./run test-harvest installs it where there is npm")
    made = build.site(open_release(DIST), tmp_path / "site", SILENT, tmp_path / "kept")
    assert made.pages
    names = ("en/statistic/S02.html", "source/opinionway-2025.html")
    out = run("node", READERS / "page_reads.mjs", modules, *(tmp_path / "site" / name for name in names))
    figure, work = map(json.loads, out.splitlines())
    assert figure["highwirePress"] == {
        "title": "People without a home in France: 330,000\u00a0people",
        "author": "openproposals",
        "publication_date": "2026/11/28",
        "publisher": "openproposals",
        "language": "en",
        "public_url": "https://w3id.org/openproposals/vivre-ensemble/statistic/S02",
    }
    assert (figure["jsonLd"]["@type"], figure["openGraph"]["type"]) == ("Claim", "article")
    assert figure["openGraph"]["url"] == figure["general"]["canonical"]
    assert "Its printed source: " in figure["general"]["description"]
    assert work["highwirePress"]["title"] == "Baromètre du vivre-ensemble"
    assert work["highwirePress"]["author"] == work["jsonLd"]["publisher"][0]["name"] == "OpinionWay"
