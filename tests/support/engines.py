"""Releases of two engines compared, and an engine that runs its tasks in this process."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openproposals.model import rdf
from openproposals.release import ours

AS_ONE_FILE = (
    "figures.csv",
    "figures-excel.csv",
    "labels.ttl",
    "sources.bib",
    "sources.csl.json",
    "void.ttl",
    "vocabulary.ttl",
)


class Near:
    """A session that does each task here. What a task gets and gives is pickled, as it is on a cluster."""

    def each(self, work: Callable[[Any], Any], jobs: Sequence[Any]) -> list[Any]:
        """The results of the tasks, in order."""
        return [pickle.loads(pickle.dumps(work(job))) for job in pickle.loads(pickle.dumps(list(jobs)))]


def parts(release: Path, file: str) -> list[bytes]:
    """The parts of a file, in order."""
    return [path.read_bytes() for path in sorted((release / file).iterdir())]


def differences(local: Path, parted: Path, name: str) -> list[str]:
    """What a release in parts says otherwise than the release of one machine; none where it is the same."""
    found = [each for each in AS_ONE_FILE if (local / each).read_bytes() != (parted / each).read_bytes()]
    for table in (local / "tables").glob("*.csv"):
        header, _, rows = table.read_bytes().partition(b"\n")
        some = [part.partition(b"\n") for part in parts(parted, f"tables/{table.name}")]
        if any(part[0] != header for part in some) or b"".join(part[2] for part in some) != rows:
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


def triples(data: bytes, syntax: str) -> set[str]:
    """The triples of a dump, as N-Triples lines."""
    return {str(triple) for triple in rdf.parse(data, syntax)}
