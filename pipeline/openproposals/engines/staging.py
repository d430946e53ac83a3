"""Tables staged in a folder that every worker can read: a few Parquet files for each table.

A worker reads one CSV file and writes one Parquet file; which rows of it belong to what is told by row groups. Cells
are text, as in every table; the columns are `c0`, `c1` and so on, since a header may hold any name.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa

from openproposals.corpus import spill
from openproposals.errors import CannotGoOn
from openproposals.model.tables import BATCH, ORIGIN, Spilled

_Of = TypeVar("_Of")
RUN = 100_000  # rows that a task reads, if a file has as many


@dataclass(frozen=True)
class StagedPart:
    """One Parquet file: the header of the file that it was made of, and how many rows each of its row groups has."""

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
class Staged(Spilled):
    """A table in Parquet files. `parts` are its files in order; `bounds` are those of their row groups."""

    parts: tuple[StagedPart, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The corpus's files that the rows come from."""
        return tuple(dict.fromkeys(part.file for part in self.parts))

    def place(self, number: int, key: str) -> tuple[str, int, str]:
        """The file of a row, its row number there, and its cell in the column `key`."""
        row = self.rows(np.array([number]), [*ORIGIN, key])
        return str(row["_file"][0]), int(row["_row"][0] or 0), str(row[key][0] or "")

    def _blocks(self, names: Sequence[str], wanted: Iterable[int] | None = None) -> Iterator[tuple[int, pl.DataFrame]]:
        import pyarrow.parquet as pq  # slow to import, and only where tables are staged

        groups = [(part, group) for part in self.parts for group in range(len(part.heights))]
        stored = _stored(self.names, names)
        opened: tuple[str, pq.ParquetFile] | None = None
        for number in range(len(groups)) if wanted is None else map(int, wanted):
            part, group = groups[number]
            if opened is None or opened[0] != part.path:
                opened = part.path, pq.ParquetFile(part.path)
            read = opened[1].read_row_group(group, columns=[*stored.values()], use_threads=False)
            yield number, pl.DataFrame(_series(read, names, stored, part.heights[group]))


def of(parts: Sequence[StagedPart], names: Sequence[str], file: str) -> Staged:
    """The table of some parts, whose columns have these names."""
    bounds = np.cumsum([0, *(height for part in parts for height in part.heights)])
    return Staged(Path(), file, tuple(names), tuple(int(b) for b in bounds), parts=tuple(parts))


def stage_file(path: Path, file: str, number: int, folder: Path) -> StagedPart | None:
    """Stage a CSV file as part `number` of its table, in a new file of the folder.

    file: what the file is called in findings.
    Returns None where the file could be read in more than one way, or has no plain header, or no rows.
    """
    try:
        header = spill.plain_header(path)
        if not header:
            return None
        return _write(spill.batches(path, [f"c{n}" for n in range(len(header))]), header, file, number, folder)
    except (spill.NotWellFormedError, pa.ArrowInvalid):
        return None


def stage_parquet(path: Path, file: str, number: int, folder: Path) -> StagedPart | None:
    """Stage a Parquet file as `stage_file` stages a CSV file; its first row is row 2, as it would be there.

    Returns None where it is no Parquet file, or has no rows, a row without cells, or cells that no CSV file may have.
    Raises CannotGoOn for a column of numbers with floating points, times or lists: how it was written is not known.
    """
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as read:
            header = read.schema_arrow.names
            for name, kind in zip(header, read.schema_arrow.types, strict=True):
                if not _is_plain(kind):
                    raise CannotGoOn("part-of-other-type", file=file, column=name, type=str(kind))
            batches = (spill.cleaned(_as_text(batch)) for batch in read.iter_batches(BATCH, use_threads=False))
            return _write(batches, header, file, number, folder)
    except (spill.NotWellFormedError, pa.ArrowInvalid):
        return None


def _is_plain(kind: pa.DataType) -> bool:
    """Whether values of a type are written as text in one way."""
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_boolean, pa.types.is_date)
    return pa.types.is_null(inner) or pa.types.is_decimal(inner) or any(test(inner) for test in tests)


def _as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with text in each column `c0`, `c1` and so on; a cell with no sign is null."""
    import pyarrow.compute as pc

    texts = [column.cast(pa.string()) for column in batch.columns]
    if any(pc.any(pc.match_substring(text, "\0")).as_py() for text in texts):
        raise spill.NotWellFormedError
    none = pa.scalar(None, pa.string())
    empty = [pc.if_else(pc.equal(text, ""), none, text) for text in texts]
    return pa.RecordBatch.from_arrays(empty, [f"c{n}" for n in range(len(empty))])


def stage_frame(table: str, frame: pl.DataFrame, folder: Path, number: int = 0) -> Staged:
    """Stage a table that is in memory, or the part of one that has this number."""
    names = [name for name in frame.columns if name not in ORIGIN]
    renamed = frame.rename({name: f"c{n}" for n, name in enumerate(names)})
    batches = (
        pa.RecordBatch.from_struct_array(
            pa.Table.from_batches(piece.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches())
            .combine_chunks()
            .to_struct_array()
            .combine_chunks()
        )
        for piece in renamed.iter_slices(BATCH)
    )
    part = _write(batches, names, "", number, folder)
    return of([part] if part else [], names, f"{table}.csv")


def _write(
    batches: Iterable[pa.RecordBatch], header: Sequence[str], file: str, number: int, folder: Path
) -> StagedPart | None:
    """Write batches of text into a Parquet file, with the places of the rows. None where there are no rows."""
    import pyarrow.parquet as pq

    cells = [(f"c{n}", pa.string()) for n in range(len(header))]
    schema = pa.schema([*cells, ("_file", pa.string()), ("_row", pa.int64())])
    target = folder / f"{secrets.token_hex(8)}.parquet"  # a new name for each attempt: none sees another's half
    heights: list[int] = []
    with pq.ParquetWriter(str(target), schema, compression="lz4") as writer:
        for batch in batches:
            first, height = sum(heights), batch.num_rows
            if not height:
                continue
            at = np.arange(first, first + height)
            given: dict[str, Any] = dict(zip(batch.schema.names, batch.columns, strict=True))
            places = {"_file": pa.array([file] * height), "_row": pa.array(at + 2)}
            columns = [{**places, **given}[name] for name in schema.names]
            arrays = [column.cast(kind) for column, kind in zip(columns, schema.types, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema), row_group_size=height)
            heights.append(height)
    if not heights:
        target.unlink()
        return None
    with target.open("rb") as written:
        os.fsync(written.fileno())
    return StagedPart(str(target), file, tuple(header), tuple(heights), number)


@dataclass(frozen=True)
class StagedRun:
    """Some row groups of a staged file, one after another. `first`: the number of their first row in the table."""

    path: str
    names: tuple[str, ...]
    groups: tuple[int, ...]
    first: int
    height: int

    def load(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns of the rows, and their numbers in the table, `_n`."""
        import pyarrow.parquet as pq

        stored = _stored(self.names, names)
        with pq.ParquetFile(self.path) as file:
            read = file.read_row_groups(list(self.groups), columns=[*stored.values()], use_threads=False)
        numbers = pl.Series("_n", np.arange(self.first, self.first + self.height))
        return pl.DataFrame([numbers, *_series(read, names, stored, self.height)])


def _stored(own: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """What columns of a table with these columns are called in its files."""
    stored = {name: f"c{own.index(name)}" for name in names if name in own}
    return stored | {name: name for name in names if name in ORIGIN}


def _series(read: pa.Table, names: Sequence[str], stored: Mapping[str, str], height: int) -> list[pl.Series]:
    """Columns that were read; null where a table has none of that name."""
    return [
        pl.Series(name, read.column(stored[name])).cast(ORIGIN.get(name, pl.String))
        if name in stored
        else pl.repeat(None, height, dtype=pl.String, eager=True).alias(name)
        for name in names
    ]


def runs(table: Staged) -> Iterator[StagedRun]:
    """A table in runs of about `RUN` rows."""
    first = 0
    for part in table.parts:
        begun, height = 0, 0
        for group, rows in enumerate(part.heights, start=1):
            height += rows
            if height >= RUN or group == len(part.heights):
                yield StagedRun(part.path, table.names, tuple(range(begun, group)), first, height)
                begun, first, height = group, first + height, 0


def shared(found: Sequence[tuple[_Of, StagedRun]]) -> list[list[tuple[_Of, StagedRun]]]:
    """Runs by task: short ones share a task, since each task takes a moment to begin."""
    tasks: list[list[tuple[_Of, StagedRun]]] = []
    height = RUN
    for of_, run in found:
        if height + run.height > RUN:
            tasks.append([])
            height = 0
        tasks[-1].append((of_, run))
        height += run.height
    return tasks
