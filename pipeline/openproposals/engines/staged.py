"""Tables that are staged: a few Arrow files for each table, in a folder that every worker can read.

Cells are text, as in every table; the columns are `c0`, `c1` and so on, since a header may hold any name. A file made
of one file of the corpus holds its cells alone; any other has the places of its rows too, `_file` and `_row`.
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
import pyarrow as pa

from openproposals.model.tables import ORIGIN, Spilled

_Of = TypeVar("_Of")
ENDING = ".arrow"  # of the name of a staged file
RUN = 100_000  # rows that a task reads, if a file has as many


@dataclass(frozen=True)
class StagedPart:
    """One Arrow file: the file that it was made of ("": none), its header, and how many rows each of its blocks has."""

    path: str
    file: str
    header: tuple[str, ...]
    heights: tuple[int, ...]
    number: int = 0  # among the parts of its table, which are in this order; some numbers may have no part

    def packed(self) -> str:
        """The part as text."""
        return json.dumps(astuple(self))

    @staticmethod
    def unpacked(text: str) -> StagedPart:
        """A part from text."""
        path, file, header, heights, number = json.loads(text)
        return StagedPart(path, file, tuple(header), tuple(heights), number)


@dataclass(frozen=True)
class StagedRun:
    """Some blocks of a staged file, one after another. `first`: the number of their first row in the table.

    row: what the first row is called in the file that it was made of.
    """

    path: str
    file: str
    names: tuple[str, ...]
    blocks: tuple[int, ...]
    first: int
    row: int
    height: int

    def load(self, names: Sequence[str]) -> pl.DataFrame:
        """The numbers of the rows in the table, `_n`, and these columns."""
        numbers = pl.Series("_n", np.arange(self.first, self.first + self.height))
        return pl.DataFrame([numbers, *next(_columns([self], names))])

    def place(self, name: str) -> int | None:
        """Where a column is in the file; None where it is not there."""
        if name in ORIGIN:
            return None if self.file else len(self.names) + [*ORIGIN].index(name)
        return self.names.index(name) if name in self.names else None

    def series(self, name: str, read: pa.Table | None) -> pl.Series:
        """A column that was read, or of which every value is known."""
        if read is not None:
            stored = name if name in ORIGIN else f"c{self.names.index(name)}"
            return pl.Series(name, read.column(stored)).cast(ORIGIN.get(name, pl.String))
        if name == "_row" and self.file:
            return pl.Series(name, np.arange(self.row, self.row + self.height))
        same = self.file if name == "_file" else None
        return pl.repeat(same, self.height, dtype=ORIGIN.get(name, pl.String), eager=True).alias(name)


@dataclass(frozen=True)
class Staged(Spilled):
    """A table in Arrow files. `parts` are its files in order; `bounds` are those of their blocks."""

    parts: tuple[StagedPart, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The corpus's files that the rows come from."""
        return tuple(dict.fromkeys(part.file for part in self.parts))

    def place(self, number: int, key: str) -> tuple[str, int, str]:
        """The file of a row, its row number there, and its cell in the column `key`."""
        row = self.rows(np.array([number]), [*ORIGIN, key])
        return str(row["_file"][0]), int(row["_row"][0] or 0), str(row[key][0] or "")

    def runs(self, rows: int = RUN) -> Iterator[StagedRun]:
        """The table in runs of about so many rows, none of which is of two files."""
        first = 0
        for part in self.parts:
            begun, height, row = 0, 0, 2  # the header is row 1
            for block, more in enumerate(part.heights, start=1):
                height += more
                if height >= rows or block == len(part.heights):
                    yield StagedRun(part.path, part.file, self.names, tuple(range(begun, block)), first, row, height)
                    begun, first, row, height = block, first + height, row + height, 0

    def _blocks(self, names: Sequence[str], wanted: Iterable[int] | None = None) -> Iterator[tuple[int, pl.DataFrame]]:
        blocks = list(self.runs(1))
        numbers = range(len(blocks)) if wanted is None else map(int, wanted)
        for _, some in itertools.groupby(numbers, lambda number: blocks[number].path):
            here = [(number, blocks[number]) for number in some]
            for (number, _), columns in zip(here, _columns([block for _, block in here], names), strict=True):
                yield number, pl.DataFrame(columns)


def _columns(runs: Sequence[StagedRun], names: Sequence[str]) -> Iterator[list[pl.Series]]:
    """These columns of each of some runs of one file; null where the table has none of that name."""
    places = {name: place for name in names if (place := runs[0].place(name)) is not None}
    options = pa.ipc.IpcReadOptions(included_fields=sorted({*places.values()}), use_threads=False)
    with contextlib.ExitStack() as ends:
        if places:
            source = ends.enter_context(pa.OSFile(runs[0].path))
            reader = ends.enter_context(pa.ipc.open_file(source, options=options))
        for run in runs:
            read = pa.Table.from_batches([reader.get_batch(block) for block in run.blocks]) if places else None
            yield [run.series(name, read if name in places else None) for name in names]


def of(parts: Sequence[StagedPart], names: Sequence[str], file: str) -> Staged:
    """The table of some parts, whose columns have these names."""
    bounds = np.cumsum([0, *(height for part in parts for height in part.heights)])
    return Staged(Path(), file, tuple(names), tuple(int(b) for b in bounds), parts=tuple(parts))


def swept(room: Path, kept: Iterable[Staged]) -> None:
    """Delete every staged file of a folder but those of these tables."""
    needed = {part.path for table in kept for part in table.parts}
    for path in room.glob(f"*{ENDING}"):
        if str(path) not in needed:
            path.unlink()


def shared(found: Sequence[tuple[_Of, StagedRun]], rows: int = RUN) -> list[list[tuple[_Of, StagedRun]]]:
    """Runs by task, each of about so many rows: short ones share a task, since each task takes a moment to begin."""
    tasks: list[list[tuple[_Of, StagedRun]]] = []
    height = rows
    for of_, run in found:
        if height + run.height > rows:
            tasks.append([])
            height = 0
        tasks[-1].append((of_, run))
        height += run.height
    return tasks
