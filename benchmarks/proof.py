"""That a release holds what it should, seen by others: the dumps parsed whole, the rows counted, a sample made again.

The sample is made a row at a time by `tests/rows.py`, which shares no code with the writers: for some subjects, every
row that may speak of them is filled into its template as JSON and expanded by a JSON-LD processor.
"""

from __future__ import annotations

import csv
import json
import sys
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl
import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support import rows as naive

LINES = 20_000  # nodes of a JSON-LD dump parsed at once
SAMPLED = (
    "proposals",
    "statistics",
    "figures",
    "passages",
    "markers",
    "notes",
    "sources",
    "responses",
    "outcomes",
    "ratings",
)
FORMATS = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}


class WrongError(Exception):
    """A release that does not hold what it should."""


def check(corpus: Path, release: Path, sample: int, seed: int) -> dict[str, int]:
    """Hold a release to its report and to the corpus. Returns what was seen. Refused, with WrongError: a difference.

    `sample` is how many rows are drawn, whose subjects are compared triple by triple.
    """
    report = json.loads((release / "report.json").read_text(encoding="utf-8"))
    descriptor = tomllib.loads((corpus / "corpus.toml").read_text(encoding="utf-8"))
    for table, count in report["rows"].items():
        _same(f"rows of tables/{table}.csv", _height(release / "tables" / f"{table}.csv"), count)
    drawn = _drawn(release, sample, seed)
    _same("cells of the rows drawn", _cells(release, drawn), _cells(corpus, drawn))
    wanted = _again(release, drawn, descriptor["base"])
    triples = sum(report["triples"].values())
    for extension, syntax in FORMATS.items():
        total, found = _seen(release / f"{descriptor['name']}.{extension}", syntax, wanted)
        _same(f"triples of the {extension}", total, triples)
        for subject, said in wanted.items():
            if found[subject] != said:
                more, less = sorted(found[subject] - said), sorted(said - found[subject])
                raise WrongError(f"the {extension} says of {subject} beyond its rows {more}, and does not say {less}")
    return {
        "triples": triples,
        "rows": sum(report["rows"].values()),
        "subjects": len(wanted),
        "subject_triples": sum(map(len, wanted.values())),
    }


def count(path: Path, syntax: ox.RdfFormat) -> int:
    """Triples of a file, by pyoxigraph."""
    return sum(1 for _ in ox.parse(path=str(path), format=syntax))


def _parsed(path: Path, syntax: ox.RdfFormat) -> Iterator[ox.Quad]:
    """Every triple of a dump. pyoxigraph holds a JSON-LD file whole: of ours, it is given some lines at a time.

    A dump's first two lines are its context and the beginning of its graph, its last the end of both; in between, a
    node a line. Refused, with WrongError: anything else.
    """
    if syntax != ox.RdfFormat.JSON_LD:
        yield from ox.parse(path=str(path), format=syntax)
        return
    with path.open("rb") as file:
        head = file.readline() + file.readline()
        lines = iter(file.readline, b"]}\n")
        while some := [line.rstrip(b"\n") for line in islice(lines, LINES)]:
            if any(not line.endswith(b",") for line in some[:-1]):
                raise WrongError(f"a line of {path.name} does not end as it should")
            yield from ox.parse(input=head + b"\n".join(some).rstrip(b",") + b"]}", format=syntax)
        if file.read():
            raise WrongError(f"{path.name} goes on after its end")


def _same(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise WrongError(f"{what}: {str(found)[:300]}, not {str(wanted)[:300]}")


def _height(path: Path) -> int:
    """Records of a CSV file after its header, by Python's own reader."""
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _drawn(release: Path, sample: int, seed: int) -> dict[str, list[str]]:
    """Keys drawn from each table, as many as its share of the rows."""
    rng = np.random.default_rng([seed, 11])
    paths = {t: release / "tables" / f"{t}.csv" for t in SAMPLED}
    keys = {t: _table(p).select("id").collect()["id"] for t, p in paths.items() if p.is_file()}
    total = sum(map(len, keys.values()))
    sizes = {t: min(len(some), max(1, round(sample * len(some) / total))) for t, some in keys.items()}
    return {t: sorted(rng.choice(some.to_numpy(), sizes[t], replace=False).tolist()) for t, some in keys.items()}


def _table(path: Path) -> pl.LazyFrame:
    return pl.scan_csv(path, infer_schema=False)


def _cells(folder: Path, drawn: dict[str, list[str]]) -> dict[tuple[str, str], dict[str, str]]:
    """By table and key, the cells that are not empty, of the columns that the corpus gives."""
    tables = folder / "tables" if (folder / "tables").is_dir() else folder
    found = {}
    for table, keys in drawn.items():
        for row in _table(tables / f"{table}.csv").filter(pl.col("id").is_in(keys)).collect().to_dicts():
            found[table, row["id"]] = {k: v for k, v in row.items() if v}
    return found


def _again(release: Path, drawn: dict[str, list[str]], base: str) -> dict[str, set[str]]:
    """By subject of the rows drawn, every triple that any row says of it."""
    hosts = {t: _rows(release / "tables" / f"{t}.csv", set(keys), ["id"]) for t, keys in drawn.items()}
    subjects = {_subject(t) for table, some in hosts.items() for t in naive.quads(table, some, base)}
    keys = {row[c] or "" for table, some in hosts.items() for row in some for c in _subject_columns(table)} - {""}
    wanted: dict[str, set[str]] = {subject: set() for subject in subjects}
    for path in sorted((release / "tables").glob("*.csv")):
        if not (naive.SCHEMA / f"{path.stem}.jsonld").is_file():
            continue
        for triple in naive.quads(path.stem, _rows(path, keys, _subject_columns(path.stem)), base):
            if _subject(triple) in wanted:
                wanted[_subject(triple)].add(triple)
    return wanted


def _subject_columns(table: str) -> list[str]:
    """The columns in the IRIs of a template's nodes."""
    text = (naive.SCHEMA / f"{table}.jsonld").read_text(encoding="utf-8")
    return sorted({name for iri in _ids(json.loads(text)) for name in naive._HOLE.findall(iri)})


def _ids(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        if len(tree) > 1 and isinstance(tree.get("@id"), str):
            yield tree["@id"]
        for value in tree.values():
            yield from _ids(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _ids(value)


def _rows(path: Path, keys: set[str], columns: list[str]) -> list[dict[str, str | None]]:
    """The rows with one of the keys in one of the columns."""
    wanted = list(keys)
    here = [pl.col(c).is_in(wanted) for c in columns]
    return _table(path).filter(pl.any_horizontal(here)).collect().to_dicts() if here else []


def _subject(triple: str) -> str:
    return triple.partition(" ")[0]


def _seen(path: Path, syntax: ox.RdfFormat, wanted: dict[str, set[str]]) -> tuple[int, dict[str, set[str]]]:
    """How many triples a dump has, and what it says of the wanted subjects."""
    found: dict[str, set[str]] = {subject: set() for subject in wanted}
    names = {subject[1:-1] for subject in wanted}
    total = 0
    for quad in _parsed(path, syntax):
        total += 1
        if quad.subject.value in names:
            triple = str(ox.Triple(quad.subject, quad.predicate, quad.object))
            found[_subject(triple)].add(triple)
    return total, found
