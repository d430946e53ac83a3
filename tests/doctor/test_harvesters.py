"""The doctor's reading of a catalogue is the harvesters' own: ckanext-dcat's and udata's, on a matrix of catalogues.

`./run test-harvest` makes their environments. OPENPROPOSALS_CATALOGUES may name a folder with anybody's catalogues: they
are held to the same.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from openproposals.doctor import catalogue, catalogue_graph, checks, ckan, udata
from openproposals.doctor.catalogue_graph import Catalogue
from openproposals.doctor.node_values import says, text
from support import catalogues as matrix
from support.places import ROOT

pytestmark = pytest.mark.slow

HERE = Path.cwd().as_uri() + "/"  # where rdflib puts an address that names no site, as "info@ville.fr"
TODAY = "2026-11-28"  # a day in the past for every date of the matrix but those of 2999
READERS = ROOT / "tests" / "harvest"
RDFLIB = {".ttl": "turtle", ".rdf": "xml", ".xml": "xml", ".jsonld": "json-ld", ".json": "json-ld", ".nt": "nt"}
PLACE = {"ckan": lambda path: RDFLIB[path.suffix], "udata": lambda path: f"https://data.ville.fr/catalog{path.suffix}"}


def real(engine: str, files: list[Path]) -> list[Any]:
    """What the real program keeps of each file."""
    python = ROOT / f".venv-{engine}" / "bin" / "python"
    if not python.exists():
        if os.environ.get("OPENPROPOSALS_HARVEST"):
            pytest.fail(f"{python.relative_to(ROOT)} is missing")
        pytest.skip("./run test-harvest installs it")
    arguments = [str(each) for path in files for each in (path, PLACE[engine](path))]
    done = subprocess.run(
        [str(python), str(READERS / f"{engine}_reads.py"), *arguments], capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(READERS), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = [json.loads(line) for line in done.stdout.splitlines() if line[:1] in "[{"]
    assert len(found) == len(files)
    return found


@cache
def read(path: Path) -> Catalogue:
    document = catalogue.Document(path.name, path.read_bytes(), catalogue.SYNTAXES[path.suffix].media_type)
    return catalogue_graph.read(document)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each catalogue of the matrix, and those of a folder that is named."""
    folder, found = tmp_path_factory.mktemp("matrix"), {}
    for number, (name, deviation) in enumerate(matrix.DEVIATIONS.items()):
        found[name] = folder / f"{number}.ttl"
        found[name].write_text(matrix.turtle(deviation), encoding="utf-8")
    for number, (name, beside) in enumerate(matrix.GRAPHS.items()):
        found[name] = folder / f"graph-{number}.jsonld"
        found[name].write_text(matrix.in_a_graph(beside), encoding="utf-8")
    theirs = os.environ.get("OPENPROPOSALS_CATALOGUES")
    for path in sorted(Path(theirs).rglob("*")) if theirs else ():
        if path.suffix in RDFLIB and path.is_file():
            try:
                if not read(path).partial and read(path).nodes.typed("dcat:Dataset", "dcat:DatasetSeries"):
                    found[str(path)] = path
            except Exception:
                continue
    return found


def blank(value: object) -> object:
    """A value in which the inner names of blank nodes, which each reader chooses, are all one."""
    return "[]" if isinstance(value, str) and len(value) > 20 and value.isalnum() else value


def of_udata(path: Path) -> tuple[int, list[dict[str, Any]]]:
    """How many datasets are found, and what is kept of those that are taken."""
    found = list(udata.read(read(path).default_graph, TODAY))
    kept = []
    for taken in found:
        if taken.refused:
            continue
        f = taken.fields
        kept.append({
            "title": f["title"], "identifier": blank(f["identifier"]), "description": bool(f["description"]),
            "frequency": bool(f["frequency"]), "licence": f["licence"], "spatial": f["spatial"], "tags": bool(f["tags"]),
            "temporal": [str(day)[:10] for day in f["temporal"]] if f["temporal"] else None,
            "contact": sorted(str([blank(each) for each in one]) for one in f["contact"]),
            "page": f["remote_url"], "issued": str(f["issued"]), "modified": str(f["modified"]),
            "files": [
                {key: blank(r[key]) for key in ("url", "format", "mime", "size", "schema", "checksum")}
                | {"issued": str(r["issued"]), "modified": str(r["modified"])}
                for r in sorted(f["resources"], key=lambda r: r["url"])
            ],
        })  # fmt: skip
    return len(found), kept


def by_udata(job: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """The same of what udata itself has kept."""
    kept = [
        {
            "title": f["title"], "identifier": blank(f["identifier"]), "description": bool(f["description"]),
            "frequency": f["frequency"] != "None", "licence": f["licence"] not in (None, "notspecified"),
            "spatial": bool(f["spatial"]), "tags": bool(f["tags"]),
            "temporal": [day[:10] for day in f["temporal"]] if f["temporal"] else None,
            "contact": sorted(str([blank(each) for each in one]) for one in f["contact"]),
            "page": f["remote_url"], "issued": f["issued"], "modified": f["modified"],
            "files": [
                {key: blank(r[key]) for key in ("url", "format", "mime", "size", "schema", "checksum")}
                | {"issued": r["issued"], "modified": r["modified"]}
                for r in f["resources"]
            ],
        }
        for f in job["datasets"]
    ]  # fmt: skip
    return len(job["items"]), kept


def same(one: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True, default=str) for each in one)


def test_what_data_gouv_fr_takes(files: dict[str, Path]) -> None:
    """Which datasets udata takes and refuses, and what it keeps of each, field by field."""
    differ = []
    for name, job in zip(files, real("udata", list(files.values())), strict=True):
        (mine, kept), (theirs, really) = of_udata(files[name]), by_udata(job)
        if (
            len(kept) != len(really)
            or same(kept) != same(really)
            or (mine != theirs and not job["items"].count("done"))
        ):
            differ.append((name, kept, really, job["errors"]))
    assert [] == [each[0] for each in differ], differ[:2]


KEYS = ("title", "notes", "url", "version")
EXTRAS = ("issued", "modified", "identifier", "frequency", "spatial_uri", "spatial_text")
SHAPES = {"spatial_geom": "spatial", "spatial_bbox": "spatial_bbox", "spatial_centroid": "spatial_centroid"}
FILE = ("url", "name", "description", "issued", "modified", "license", "rights", "mimetype", "hash")


def of_ckan(path: Path) -> Iterator[dict[str, Any]]:
    for taken in ckan.read(read(path).nodes):
        f = taken.fields
        yield {key: blank(f[key]) for key in (*KEYS, *EXTRAS)} | {key: bool(f[key]) for key in SHAPES} | {
            "language": sorted(map(blank, f["language"])), "theme": sorted(map(blank, f["theme"])),  # type: ignore[type-var]
            "contact": [str(blank(each)).replace("file:///", "") for each in f["contact"]], "publisher": f["publisher"], "temporal": list(f["temporal"]),
            "tags": sorted(f["tags"]),
            "files": [{key: blank(r[key]) for key in FILE} | {"size": r["size"], "format": bool(r["format"] or r["mimetype"])}
                      for r in f["resources"]],
        }  # fmt: skip


def by_ckan(dataset: dict[str, Any]) -> dict[str, Any]:
    extra = {each["key"]: each["value"] for each in dataset["extras"]}
    return {key: blank(dataset.get(key, "")) for key in KEYS} | {key: blank(extra.get(key, "")) for key in EXTRAS} | {
        key: bool(extra.get(other)) for key, other in SHAPES.items()
    } | {
        **{key: sorted(map(blank, json.loads(extra.get(key, "[]")))) for key in ("language", "theme")},
        "contact": [blank(extra.get("contact_name", "")), blank(extra.get("contact_email", "")).replace(HERE, "")],
        "publisher": extra.get("publisher_name", ""),
        "temporal": [extra.get("temporal_start", ""), extra.get("temporal_end", "")],
        "tags": sorted(tag["name"] for tag in dataset["tags"]),
        "files": [{key: blank(r.get(key, "")) for key in FILE} | {"size": r.get("size"), "format": bool(r.get("format"))}
                  for r in dataset["resources"]],
    }  # fmt: skip


def test_what_ckan_takes(files: dict[str, Path]) -> None:
    """What ckanext-dcat keeps of each dataset, and in which catalogues it ends in an error and takes nothing."""
    differ = []
    for name, datasets in zip(files, real("ckan", list(files.values())), strict=True):
        refused = any(taken.refused for taken in ckan.read(read(files[name]).nodes))
        if isinstance(datasets, dict):
            if not refused:
                differ.append((name, datasets))
            continue
        mine = list(of_ckan(files[name]))
        if refused or same(mine) != same([by_ckan(each) for each in datasets]):
            differ.append((name, mine, datasets))
    assert [] == [each[0] for each in differ], differ[:2]


def test_a_refusal_is_of_a_dataset_that_is_not_taken(files: dict[str, Path]) -> None:
    """For each portal: there is a remark "refused" where a dataset is missing, and nowhere else."""
    jobs, parsed = real("udata", list(files.values())), real("ckan", list(files.values()))
    wrong = []
    for name, job, datasets in zip(files, jobs, parsed, strict=True):
        found = checks.examine(read(files[name]), TODAY)
        said = {portal for r in found if r.effect_name == "refused" for portal in r.portals}
        nodes, own = read(files[name]).nodes, read(files[name]).default_graph
        listed = [each for catalog in nodes.typed("dcat:Catalog") for each in nodes.objects(catalog, "dcat:dataset")]
        unseen = [n for n in listed if nodes.first(n, "dct:title") and not nodes.first(n, "rdf:type")]
        really = set()
        if len(job["datasets"]) < len(list(udata.read(own, TODAY))) + len(unseen):
            really.add(udata.PORTAL)
        if isinstance(datasets, dict) or len(datasets) < len(nodes.typed("dcat:Dataset")) + len(unseen):
            really.add(ckan.PORTAL)
        if said != really:
            wrong.append((name, said, really))
    assert [] == wrong
    assert len(files) > 250


LOSABLE = {
    udata.PORTAL: {"dct:description": "description", "dct:accrualPeriodicity": "frequency", "dct:spatial": "spatial",
                   "dct:temporal": "temporal", "dct:modified": "modified", "dct:issued": "issued", "dct:license": "licence"},
    ckan.PORTAL: {"dct:title": "title", "dct:description": "notes", "dct:publisher": "publisher", "dct:issued": "issued",
                  "dct:modified": "modified", "dct:identifier": "identifier", "dct:accrualPeriodicity": "frequency"},
}  # fmt: skip


def test_what_is_said_and_not_kept_is_told(files: dict[str, Path]) -> None:
    """A property that a dataset has and the portal's page has not: "dropped" by that portal; what is kept is not."""
    silent = []
    for name, path in files.items():
        found = read(path)
        readings = {
            udata.PORTAL: (found.default_graph, udata.read(found.default_graph, TODAY)),
            ckan.PORTAL: (found.nodes, ckan.read(found.nodes)),
        }
        for portal, (nodes, reading) in readings.items():
            for taken in reading:
                told = [effect for effect, *_ in taken.verdicts]
                said = [t for t in LOSABLE[portal] if any(says(v) for v in nodes.objects(taken.node, t))]
                lost = [t for t in said if not taken.refused and not taken.fields[LOSABLE[portal][t]]]
                if lost and "dropped" not in told:
                    silent.append((name, portal, lost))
    assert [] == silent


def test_the_matrix_differs_from_the_good_catalogue() -> None:
    """Every deviation is one: no two catalogues of the matrix say the same."""
    texts = [matrix.turtle(deviation) for deviation in matrix.DEVIATIONS.values()]
    assert len(set(texts)) == len(texts)
    assert text(ox.Literal("x")) == "x"
