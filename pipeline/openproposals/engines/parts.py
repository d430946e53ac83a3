"""Write a release in parts: a worker writes a part, counts and hashes it; the draft takes it in by its sum.

Where a release of one machine has a file, a release in parts has a folder of that name: `tables/proposals.csv/` with
`part-00000.csv` and so on. A part is valid by itself; dumps are gzipped, and the parts of N-Triples, one after another,
are the whole file, gzipped.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from openproposals.contents import syntaxes
from openproposals.dumps import blocks, counting, csv_files, gzipped, labels
from openproposals.engines.neighbourhoods import Group, Hop, Made, Neighbourhood
from openproposals.engines.staged import Staged, StagedRun
from openproposals.model.hosts import Host
from openproposals.model.tables import fitted
from openproposals.release.ours import FileDigest
from openproposals.release.write import Draft, HashedFile

ROWS = 100_000  # of a table in a part
_TOGETHER = 2_000_000  # rows of tables that are written at once, and then deleted where they were staged


def part(file: str, number: int) -> str:
    """The name of a part of a file.

    >>> part("tables/proposals.csv", 7), part("acme.nt.gz", 0)
    ('tables/proposals.csv/part-00007.csv', 'acme.nt.gz/part-00000.nt.gz')
    """
    ending = file.rpartition("/")[2].partition(".")[2]
    return f"{file}/part-{number:05}.{ending}"


@contextmanager
def written(folder: Path, name: str, found: list[dict[str, Any]]) -> Iterator[HashedFile]:
    """A sink for a part; it gets a new name in the folder, which `found` is told once it is complete."""
    path = folder / f"{secrets.token_hex(8)}.part"
    with HashedFile(path, threading.Event(), os.fsync) as sink:
        yield sink
        made = sink.close()
    found.append({"name": name, "path": str(path), "size": made.size, "sha256": made.sha256})


def around(host: Host) -> Neighbourhood:
    """What is said of a host's subjects: its own rows, and those of its guests."""
    own = [c for node in host.node.walk() for p in node.patterns for c in p.columns]
    columns: dict[str, list[str]] = {host.table.name: [host.key, *own]}
    hops = []
    for guest in host.guests:
        columns.setdefault(guest.table.name, []).extend([guest.column, *guest.pattern.columns])
        hops.append(Hop(host.table.name, host.key, guest.table.name, guest.column))
    return Neighbourhood(
        host.table.name, (tuple(dict.fromkeys(hops)),), {n: tuple(dict.fromkeys(c)) for n, c in columns.items()}
    )


@dataclass(frozen=True)
class DumpParts:
    """Writes the parts of a group's subjects, one in each format, gzipped."""

    hosts: Sequence[Host]
    columns: Mapping[str, Sequence[str]]
    name: str
    base: str
    formats: Sequence[str]
    numbers: Mapping[tuple[int, int], int]  # of a group among all parts
    folder: Path

    def __call__(self, group: Group) -> list[dict[str, Any]]:
        """Write the parts: their names, paths, sizes and sums. A row without a name has counts and IRIs with labels."""
        found: list[dict[str, Any]] = []
        frames = {name: fitted(frame, self.columns[name]) for name, frame in group.frames.items()}
        tables = Group(group.neighbourhood, group.number, frames).tables(self.columns)
        number = self.numbers[group.neighbourhood, group.number]
        known = syntaxes(self.base)
        with ExitStack() as sinks:
            outputs = []
            for wanted in self.formats:
                ending, syntax = known[wanted]
                file = part(f"{self.name}.{ending}.gz", number)
                packed = sinks.enter_context(written(self.folder, file, found))
                outputs.append((syntax, sinks.enter_context(gzipped.alone(packed))))
            blocks.write_each([self.hosts[group.neighbourhood]], tables, outputs)
        host = [self.hosts[group.neighbourhood]]
        tally = counting.count(host, tables)
        counted = json.dumps([tally.tables, tally.properties, tally.classes])
        used = json.dumps(sorted(labels.labelled(host, tables, self.base)))
        return [*found, {"name": "", "path": counted, "size": number, "sha256": used}]


def labelled(made: Sequence[Made]) -> set[str]:
    """The IRIs of others, with labels, that any group has as a value."""
    return {iri for each in made if not each["name"] for iri in json.loads(each["sha256"])}


def summed(made: Sequence[Made]) -> counting.Tally:
    """The triples that all groups have counted; in the order of the groups, so that it is always the same."""
    whole = counting.Tally()
    for each in sorted((each for each in made if not each["name"]), key=lambda each: int(each["size"])):
        for total, some in zip((whole.tables, whole.properties, whole.classes), json.loads(each["path"]), strict=True):
            total.update(some)
    return whole


@dataclass(frozen=True)
class TablePart:
    """Some rows of a table, to be written as CSV and as Parquet: those of these runs from `first` on, before `end`."""

    name: str
    columns: tuple[str, ...]
    number: int
    runs: tuple[StagedRun, ...]
    first: int
    end: int
    folder: Path

    def write(self) -> list[dict[str, Any]]:
        """Write the two parts: their names, paths, sizes and sums."""
        found: list[dict[str, Any]] = []
        whole = pl.concat(run.load(self.columns) for run in self.runs)
        rows = whole.filter(pl.col("_n").is_between(self.first, self.end, closed="left")).drop("_n")
        with written(self.folder, part(f"tables/{self.name}.csv", self.number), found) as sink:
            csv_files.write_batch(rows, sink, header=True)
        stored = io.BytesIO()
        rows.write_parquet(stored, compression="zstd", statistics=False)
        with written(self.folder, part(f"tables/{self.name}.parquet", self.number), found) as sink:
            sink.write(stored.getvalue())
        return found


def table_parts(tables: Mapping[str, Staged], columns: Mapping[str, Sequence[str]], folder: Path) -> list[TablePart]:
    """The parts of every table."""
    found: list[TablePart] = []
    for name, table in tables.items():
        blocks = list(table.runs(1))
        for number, first in enumerate(range(0, table.height, ROWS)):
            end = min(first + ROWS, table.height)
            runs = tuple(block for block in blocks if block.first < end and block.first + block.height > first)
            found.append(TablePart(name, tuple(columns[name]), number, runs, first, end, folder))
    return found


def together(heights: Mapping[str, int]) -> list[list[str]]:
    """The names of tables that are written in one job: of so few rows together that little waits to be deleted.

    >>> together({"a": 2_000_000, "b": 10, "c": 20})
    [['a'], ['b', 'c']]
    """
    found: list[list[str]] = []
    rows = 0
    for name, height in heights.items():
        if not found or rows + height > _TOGETHER:
            found.append([])
            rows = 0
        found[-1].append(name)
        rows += height
    return found


def taken(draft: Draft, made: Sequence[Made]) -> None:
    """Take written parts into a draft, in the order of their names."""
    for each in sorted((each for each in made if each["name"]), key=lambda each: str(each["name"])):
        draft.take(str(each["name"]), Path(each["path"]), FileDigest(int(each["size"]), str(each["sha256"])))
