"""What `import` leaves in a corpus's folder: the files that are no tables, and from which cell each row came.

`imported.json` has, by table, the SHA-256 of the file as it was written, and runs of rows: each run begins at a row of
the table and at a row of a place (`promises.xlsx!Promises`), and goes on row by row in both.
"""

from __future__ import annotations

import bisect
import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from openproposals.findings import Finding, Location
from openproposals.guards import files, parsing
from openproposals.model.tables import ORIGIN

MAPPING, RECORD = "mapping.toml", "imported.json"
NOT_FOUND = "quotes-not-found.csv"
COMPANIONS = frozenset({"ids.csv", "figure-candidates.csv", NOT_FOUND})  # CSV files that are no tables
_LIMIT = 1 << 28  # bytes of the record


@dataclass(frozen=True)
class ImportedPart:
    """Rows that one rule made: the publisher's column of each column, and runs (row, place, row there, count)."""

    columns: Mapping[str, str]
    runs: Sequence[Sequence[int]]

    @cached_property
    def starts(self) -> list[int]:
        """The first row of each run."""
        return [run[0] for run in self.runs]


@dataclass(frozen=True)
class ImportRecord:
    """The record of an import: sums and parts by table, and the header of each place."""

    sums: Mapping[str, str]
    parts: Mapping[str, Sequence[ImportedPart]]
    places: Sequence[str]
    headers: Mapping[str, Sequence[str]]

    def source(self, table: str, row: int, column: str) -> Location | None:
        """The publisher's own cell from which a cell came; its row, where no column is known."""
        for part in self.parts.get(table, ()):
            at = bisect.bisect_right(part.starts, row) - 1
            if at < 0 or row >= part.runs[at][0] + part.runs[at][3]:
                continue
            start, place, first, _ = part.runs[at]
            named = self.places[place]
            header = list(self.headers.get(named, ()))
            name = part.columns.get(column, "")
            number = header.index(name) + 1 if name in header else 0
            return Location(named, first + row - start, number, name)
        return None

    def data(self) -> dict[str, Any]:
        """The record as it is written."""
        tables = {
            table: {"sha256": self.sums[table], "parts": [{"columns": dict(p.columns), "runs": p.runs} for p in parts]}
            for table, parts in self.parts.items()
        }
        return {"tables": tables, "places": {place: list(self.headers[place]) for place in self.places}}


EMPTY = ImportRecord({}, {}, (), {})


def runs(frame: pl.DataFrame, before: int, places: Sequence[str]) -> list[list[int]]:
    """The runs of a table's rows, of which the first is row `before` + 2 of its file (the header is row 1)."""
    if frame.is_empty():
        return []
    of_place = frame["_file"].replace_strict({name: n for n, name in enumerate(places)}, return_dtype=pl.Int64)
    place, row = of_place.to_numpy(), frame["_row"].to_numpy()
    breaks = np.flatnonzero((np.diff(place) != 0) | (np.diff(row) != 1)) + 1
    starts = np.concatenate([[0], breaks])
    counts = np.diff(np.concatenate([starts, [len(row)]]))
    return [
        [int(at) + before + 2, int(place[at]), int(row[at]), int(count)]
        for at, count in zip(starts, counts, strict=True)
    ]


def read(folder: Path) -> ImportRecord:
    """The record of a corpus's last import; an empty one where there is none, or it cannot be read."""
    with contextlib.suppress(OSError, parsing.Unparsable, KeyError, TypeError, AttributeError):
        said = parsing.from_json(files.data(folder / RECORD, follow=False, most=_LIMIT))
        tables, places = said["tables"], said["places"]
        return ImportRecord(
            {name: each["sha256"] for name, each in tables.items()},
            {n: [ImportedPart(p["columns"], p["runs"]) for p in each["parts"]] for n, each in tables.items()},
            list(places),
            places,
        )
    return EMPTY


def sha256(folder: Path, table: str) -> str:
    """The SHA-256 of a table's file; "" where there is none."""
    with contextlib.suppress(OSError), files.opened(folder / f"{table}.csv", follow=False) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


def no_tables(folder: Path) -> set[str]:
    """The names of files in an imported corpus's folder that are no tables, as those that the mapping reads."""
    try:
        said = parsing.from_toml(files.text(folder / MAPPING, follow=False, most=16 << 20))
    except (OSError, UnicodeDecodeError, parsing.Unparsable):
        return set()
    sheets = said.get("sheets")
    named = [s.get("file") for s in sheets.values() if isinstance(s, dict)] if isinstance(sheets, dict) else []
    found = {path.name for path in folder.iterdir() if path.suffix.lower() not in (".csv", ".tsv", ".tab")}
    for pattern in named:
        if isinstance(pattern, str) and "/" not in pattern and pattern:
            found |= {path.name for path in folder.glob(pattern)}
    return found | COMPANIONS


def origins(folder: Path, tables: Mapping[str, pl.DataFrame]) -> dict[tuple[str, str], str]:
    """By table and id, the publisher's own cell from which a passage, a document or a source was imported."""
    record = read(folder)
    found = {}
    for table in (name for name in ("passages", "documents", "sources") if name in record.sums):
        if record.sums[table] != sha256(folder, table):
            continue
        for key, file, row in tables[table].select("id", *ORIGIN).iter_rows():
            place = record.source(table, row, "id") if file == f"{table}.csv" else None
            if place:
                found[table, key] = str(place)
    return found


def sourced(folder: Path, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, with the publisher's own cell for each that stands in a table as it was imported."""
    found = list(findings)
    asked = {f.location.file for f in found if f.location.file.endswith(".csv") and f.location.row > 1}
    if not asked or not (folder / RECORD).is_file():
        return found
    record = read(folder)
    same = {n for n in record.sums if f"{n}.csv" in asked and record.sums[n] == sha256(folder, n)}
    return [_sourced(record, same, finding) for finding in found]


def _sourced(record: ImportRecord, same: set[str], finding: Finding) -> Finding:
    table = finding.location.file.removesuffix(".csv")
    if table not in same or finding.origin or finding.location.row < 2:
        return finding
    return replace(finding, origin=record.source(table, finding.location.row, finding.location.name))
