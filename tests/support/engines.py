"""Releases of two engines compared, and an engine that runs its tasks in this process."""

from __future__ import annotations

import csv
import json
import pickle
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from openproposals import report
from openproposals.engines.colocation import Group, Made, Neighbourhood
from openproposals.engines.staging import Staged
from openproposals.model import rdf
from openproposals.release import ours
from openproposals.stages import Work

SIGNS = ["", "x", "nowhere", "=1", "1,5", "2023-13", "cited", "uncited", "dangling", "é\u202e", "https://a b", "0"]
AS_ONE_FILE = (
    "labels.ttl",
    "sources.bib",
    "sources.csl.json",
    "void.ttl",
    "vocabulary.ttl",
)


class Near:
    """A session that does each task here. What a task gets and gives is pickled, as it is on a cluster."""

    def __init__(self, room: Path) -> None:
        room.mkdir(exist_ok=True)
        self.room = room

    def each(self, work: Callable[[Any], Any], jobs: Sequence[Any]) -> list[Any]:
        """The results of the tasks, in order."""
        return [pickle.loads(pickle.dumps(work(job))) for job in pickle.loads(pickle.dumps(list(jobs)))]

    def joined(
        self,
        tables: Mapping[str, Staged],
        given: Mapping[int, Neighbourhood],
        size: int,
        work: Callable[[Group], Sequence[Made]],
        result: str,
    ) -> list[Made]:
        """As on a cluster, with the joins of Polars."""
        del result
        work = pickle.loads(pickle.dumps(work))
        found: list[Made] = []
        for number, each in given.items():
            whole = {
                name: tables[name].load(columns).with_row_index("_n").cast({"_n": pl.Int64})
                for name, columns in each.columns.items()
                if name in tables
            }
            root = whole[each.root]
            for group in [0] if each.numbers else range(-(-root.height // size)):
                own = root.filter(pl.col("_n").is_in(each.numbers)) if each.numbers else root.slice(group * size, size)
                found += work(Group(number, group, reached(each, whole, {each.root: own}), size))
        return found


def reached(
    of: Neighbourhood, whole: Mapping[str, pl.DataFrame], found: dict[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """The rows found, and those that the joins of a neighbourhood reach from them."""
    for step in of.steps:
        before = dict(found)
        for hop in (hop for hop in step if hop.table in before and hop.to in whole):
            keys = before[hop.table][hop.column].drop_nulls()
            more = whole[hop.to].filter(pl.col(hop.key).is_in(keys.implode()))
            found[hop.to] = pl.concat([found[hop.to], more]).unique("_n").sort("_n") if hop.to in found else more
    return found


def parts(release: Path, file: str) -> list[bytes]:
    """The parts of a file, in order."""
    return [path.read_bytes() for path in sorted((release / file).iterdir())]


def differences(local: Path, parted: Path, name: str) -> list[str]:
    """What a release in parts says otherwise than the release of one machine; none where it is the same."""
    found = [each for each in AS_ONE_FILE if (local / each).read_bytes() != (parted / each).read_bytes()]
    views = [local / "figures.csv", local / "figures-excel.csv"]
    for table in (*(local / "tables").glob("*.csv"), *views):
        header, _, rows = table.read_bytes().partition(b"\n")
        some = [part.partition(b"\n") for part in parts(parted, str(table.relative_to(local)))]
        # the rows of a derived table stand in the order of their subjects
        if any(part[0] != header for part in some) or lines(b"".join(part[2] for part in some)) != lines(rows):
            found.append(table.name)
    graph = triples((local / f"{name}.ttl").read_bytes(), "turtle")
    for ending, syntax in (("nt", "ntriples"), ("ttl", "turtle"), ("jsonld", "jsonld")):
        alone = [triples(part, syntax) for part in parts(parted, f"{name}.{ending}")]
        if set().union(*alone) != graph or sum(map(len, alone)) != len(graph):
            found.append(ending)
    one, other = (json.loads((release / ours.REPORT).read_text(encoding="utf-8")) for release in (local, parted))
    found += [key for key in one if key != "files" and one[key] != other.get(key)]
    there = ours.sums(parted)
    if any(ours.digest(parted / file).sha256 != there[file] for file in there) or {*ours.plain(parted)} != {
        *there,
        ours.SUMS,
    }:
        found.append(ours.SUMS)
    return found


def lines(rows: bytes) -> list[bytes]:
    """The lines of some rows, sorted."""
    return sorted(rows.splitlines())


def triples(data: bytes, syntax: str) -> set[str]:
    """The triples of a dump, as N-Triples lines."""
    return {str(triple) for triple in rdf.parse(data, syntax)}


def mutated(corpus: Path, folder: Path, seed: int) -> Path:
    """A copy of a corpus with one to three random changes of its tables."""
    rng = random.Random(seed)
    shutil.copytree(corpus, folder)
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(sorted(folder.glob("*.csv")))
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        if not rows:
            continue
        row, column = rng.randrange(len(rows)), rng.randrange(len(header))
        how = rng.choice(["sign", "other", "other", "twice", "gone", "swap", "empty"])
        if how == "sign":
            rows[row][column] = rng.choice(SIGNS)
        elif how == "other":
            rows[row][column] = rng.choice(rows)[column]
        elif how == "twice":
            rows.append(list(rows[row]))
        elif how == "gone":
            del rows[row]
        elif how == "swap":
            rows[row], rows[-1] = rows[-1], rows[row]
        else:
            rows = [[*cells[:column], "", *cells[column + 1 :]] for cells in rows]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return folder


def said(work: Work) -> tuple[list[object], object]:
    """What a run found, and its counts, but for what is known of a screen's parts."""
    return list(work.findings), report.facts(work.findings, work.counts, {})
