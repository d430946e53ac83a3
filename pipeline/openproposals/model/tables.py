"""Tables of a corpus that may be too large for memory.

A small table is a Polars frame. A large one is an Arrow file in a temporary folder, of which only the columns, rows or
batches asked for are loaded. `tables[name]` gives a whole frame in both cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Frames = Mapping[str, pl.DataFrame]
ORIGIN = {"_file": pl.String, "_row": pl.Int64}
Numbers = NDArray[np.int32]  # of rows
RowNumbers = NDArray[np.signedinteger[Any]]
Mask = NDArray[np.bool_]
_LinkKey = tuple[str, str, str, str]  # a table and its column, the table that it refers to and its key
BATCH = 20_000  # rows in a batch; memory is a multiple of it, speed is not


@dataclass(frozen=True)
class Spilled:
    """A table in an Arrow file, which holds the rows of one CSV file in order, in blocks.

    `bounds` are the numbers (from 0) of the first row of each block, and the number of all rows.
    """

    path: Path
    file: str
    names: tuple[str, ...]
    bounds: tuple[int, ...]
    room: object = None  # the temporary folder, which lives as long as the table

    @property
    def height(self) -> int:
        """The number of rows."""
        return self.bounds[-1]

    @property
    def files(self) -> tuple[str, ...]:
        """The files that rows come from."""
        return (self.file,)

    def place(self, number: int, key: str) -> tuple[str, int, str]:
        """The file of a row, its row number there (the header is row 1), and its cell in `key` ("" for none known)."""
        del key
        return self.file, number + 2, ""

    def load(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns of every row."""
        parts = list(self.batches(names, self.height))
        return pl.concat(parts) if parts else pl.DataFrame(schema=self._schema(names))

    def batches(self, names: Sequence[str], size: int) -> Iterator[pl.DataFrame]:
        """These columns, in frames of `size` rows; the last may be shorter."""
        waiting: list[pl.DataFrame] = []
        height = 0
        for _, block in self._blocks(names):
            waiting.append(block)
            height += block.height
            if height >= size:
                whole = pl.concat(waiting)
                full = height - height % size
                yield from whole.slice(0, full).iter_slices(size)
                waiting, height = [whole.slice(full)], height - full
        if height:
            yield pl.concat(waiting)

    def rows(self, numbers: NDArray[np.integer], names: Sequence[str]) -> pl.DataFrame:
        """These columns of the rows with these numbers (from 0, increasing). Blocks without such rows are not read."""
        ends = np.searchsorted(numbers, self.bounds)
        wanted = np.flatnonzero(np.diff(ends))
        parts = [block[numbers[ends[n] : ends[n + 1]] - self.bounds[n]] for n, block in self._blocks(names, wanted)]
        return pl.concat(parts) if parts else pl.DataFrame(schema=self._schema(names))

    def _blocks(self, names: Sequence[str], wanted: Iterable[int] | None = None) -> Iterator[tuple[int, pl.DataFrame]]:
        """These columns of each block, with the block's number; `wanted` are the blocks to read, by default all."""
        stored = [n for n in names if n in self.names]
        with pa.OSFile(str(self.path)) as file:
            places = [self.names.index(n) for n in stored]
            options = pa.ipc.IpcReadOptions(included_fields=places, use_threads=False)
            reader = pa.ipc.open_file(file, options=options)
            for number in range(len(self.bounds) - 1) if wanted is None else map(int, wanted):
                batch, first = reader.get_batch(number), self.bounds[number]
                columns = {name: pl.Series(name, batch.column(name)) for name in stored}
                if "_row" in names:
                    columns["_row"] = pl.Series("_row", np.arange(first + 2, first + 2 + batch.num_rows))
                for name in names:
                    if name not in columns:
                        same = self.file if name == "_file" else None
                        columns[name] = pl.repeat(same, batch.num_rows, dtype=pl.String, eager=True).alias(name)
                yield number, pl.DataFrame([columns[name] for name in names])

    def _schema(self, names: Sequence[str]) -> dict[str, type[pl.DataType]]:
        return {n: ORIGIN.get(n, pl.String) for n in names}


class Tables(Mapping[str, pl.DataFrame]):
    """All tables of a corpus, by name; some in memory, some on disk (see the module)."""

    def __init__(self, kept: Mapping[str, pl.DataFrame | Spilled], columns: Mapping[str, Sequence[str]]) -> None:
        self._kept = dict(kept)
        self._columns = columns
        self._links: dict[_LinkKey, Numbers] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.columns(name, [*self._columns[name], *ORIGIN])

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def kept(self, name: str) -> pl.DataFrame | Spilled:
        """A table as it is kept: in memory, or outside of it."""
        return self._kept[name]

    def height(self, name: str) -> int:
        """The number of rows."""
        return self._kept[name].height

    @property
    def all_names(self) -> Mapping[str, Sequence[str]]:
        """The names of every table's own columns, by table."""
        return self._columns

    def names(self, name: str) -> list[str]:
        """The names of a table's own columns, without `_file` and `_row`."""
        return list(self._columns[name])

    def only(self, frames: Mapping[str, pl.DataFrame]) -> Tables:
        """The same tables with the rows of these frames; tables that are not given have no rows."""
        none = {name: empty(self._columns[name]) for name in self._kept}
        return Tables({**none, **frames}, self._columns)

    def columns(self, name: str, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of every row."""
        kept = self._kept[name]
        return kept.load(names) if isinstance(kept, Spilled) else kept.select(names)

    def batches(self, name: str, names: Sequence[str] | None = None, size: int = 0) -> Iterator[pl.DataFrame]:
        """Some columns (by default the table's own) in frames of at most `size` rows; no frame if there are no rows."""
        size = size or BATCH
        wanted = list(self._columns[name] if names is None else names)
        kept = self._kept[name]
        if isinstance(kept, Spilled):
            yield from kept.batches(wanted, size)
        elif not kept.is_empty():
            yield from kept.select(wanted).iter_slices(size)

    def counts(self, name: str, column: str) -> Counter[str | None]:
        """How often each cell of a column occurs; None counts those that are empty."""
        found: Counter[str | None] = Counter()
        for batch in self.batches(name, [column]):
            found.update(dict(batch[column].value_counts().iter_rows()))
        return found

    def rows(self, name: str, numbers: NDArray[np.integer], names: Sequence[str] | None = None) -> pl.DataFrame:
        """Some columns (by default the table's own) of the rows with these numbers, from 0 and increasing."""
        wanted = list(self._columns[name] if names is None else names)
        kept = self._kept[name]
        return kept.rows(numbers, wanted) if isinstance(kept, Spilled) else kept.select(wanted)[numbers]

    def link(self, table: str, column: str, target: str, key: str) -> Numbers:
        """For each row of a table, the number of the row of `target` whose `key` equals its cell; -1 for none.

        The result is kept, so that it is computed once.
        """
        if (table, column) == (target, key):
            return np.arange(self.height(table), dtype=np.int32)
        place = (table, column, target, key)
        if place not in self._links:
            cells = self.columns(table, [column]).rename({column: "_key"})
            keys = self.columns(target, [key]).rename({key: "_key"}).with_row_index("_to").drop_nulls()
            found = cells.join(keys, on="_key", how="left", maintain_order="left")
            if found.height != cells.height:
                keys = keys.unique("_key", keep="first", maintain_order=True)
                found = cells.join(keys, on="_key", how="left", maintain_order="left")
            self._links[place] = found["_to"].cast(pl.Int32).fill_null(-1).to_numpy()
        return self._links[place]

    def first_file(self, name: str) -> str | None:
        """The file that all rows come from; None where there are several files, or no rows."""
        kept = self._kept[name]
        if isinstance(kept, Spilled):
            return kept.file
        files = kept["_file"].unique()
        return str(files[0]) if len(files) == 1 else None

    def place(self, name: str, number: int, key: str) -> tuple[str, int, str]:
        """The file of a row, its row number there (the header is row 1), and its cell in the column `key`.

        The cell is "" for a table on disk.
        """
        kept = self._kept[name]
        if isinstance(kept, Spilled):
            return kept.place(number, key)
        return kept["_file"][number], kept["_row"][number] or 0, kept[key][number] or ""

    def with_columns_of(self, columns: Mapping[str, Sequence[str]]) -> Tables:
        """A copy with these columns in each table, of which those that it lacks are null."""
        if columns == self._columns:
            return self
        kept = {n: k if isinstance(k, Spilled) else fitted(k, columns[n]) for n, k in self._kept.items()}
        return Tables(kept, columns)

    def with_(self, added: Mapping[str, pl.DataFrame | Spilled]) -> Tables:
        """A copy in which these tables replace those of the same names."""
        tables = Tables({**self._kept, **added}, self._columns)
        tables._links |= {k: found for k, found in self._links.items() if not {k[0], k[2]} & added.keys()}
        return tables


def empty(names: Sequence[str]) -> pl.DataFrame:
    """A frame with these columns, `_file` and `_row`, and no rows."""
    return pl.DataFrame(schema={**dict.fromkeys(names, pl.String), **ORIGIN})


def fitted(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The frame with exactly these columns, `_file` and `_row`, in this order; columns that it lacks are null."""
    wanted = [*names, *ORIGIN]
    absent = [pl.lit(None, ORIGIN.get(name, pl.String)).alias(name) for name in wanted if name not in frame.columns]
    return frame.with_columns(absent).select(wanted)


def as_tables(frames: Mapping[str, pl.DataFrame]) -> Tables:
    """The frames as `Tables`; a `Tables` is returned unchanged."""
    if isinstance(frames, Tables):
        return frames
    return Tables(frames, {name: [c for c in frame.columns if c not in ORIGIN] for name, frame in frames.items()})
