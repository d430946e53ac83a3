"""Releases of two engines compared, and an engine that runs its tasks in this process."""

from __future__ import annotations

import csv
import gzip
import json
import pickle
import random
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from openproposals import report
from openproposals.engines.moving import Piece, Sent
from openproposals.model import rdf
from openproposals.release import ours
from openproposals.stages import Work
from support.places import ROOT

SIGNS = ["", "x", "nowhere", "=1", "1,5", "2023-13", "cited", "uncited", "dangling", "é\u202e", "https://a b", "0"]
CASES = sorted(path for path in (ROOT / "tests" / "cases").iterdir() if path.is_dir())
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

    def sent(self, jobs: Sequence[Any], work: Callable[[Any], Iterable[Piece]]) -> list[Piece]:
        """The pieces that some work gives for each job."""
        return [piece for job in jobs for piece in pickle.loads(pickle.dumps(work))(pickle.loads(pickle.dumps(job)))]

    def brought(self, pieces: Sequence[Sequence[Piece]], places: int) -> list[list[Piece]]:
        """All these pieces by place, in another order than that in which they were sent."""
        here: list[list[Piece]] = [[] for _ in range(places)]
        for piece in reversed([piece for some in pieces for piece in some]):
            here[piece[0]].append(piece)
        return here

    def passed(self, brought: list[list[Piece]], work: Callable[[int, Iterable[Sent]], Iterable[Any]]) -> list[Any]:
        """What some work gives for each place."""
        work = pickle.loads(pickle.dumps(work))
        return [made for place, here in enumerate(brought) for made in work(place, (sent for _, sent in here))]

    made = passed


def parts(release: Path, file: str) -> list[bytes]:
    """The parts of a file, in order; unzipped, where they are gzipped."""
    read = [path.read_bytes() for path in sorted((release / file).iterdir())]
    return [gzip.decompress(part) for part in read] if file.endswith(".gz") else read


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
        alone = [triples(part, syntax) for part in parts(parted, f"{name}.{ending}.gz")]
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
