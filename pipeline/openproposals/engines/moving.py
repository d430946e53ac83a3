"""Pieces of tables, which Spark moves: rows of one kind that go to the same place, as Arrow data.

Spark sees a number and bytes. Rows are cut, moved and put together a column at a time, as they are proved and written.
"""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

_ROWS_OF_A_PLACE = 1_000_000
_ROWS_OF_A_TASK = 250_000
_ALIKE_TO = 16_000_000  # rows
_FEWEST = 2
Tag = tuple[str, int]  # what a piece is: a kind, and a number of its kind
Sent = tuple[Tag, bytes]  # a piece where it arrives
Piece = tuple[int, Sent]  # a piece, and the number of the place that it goes to


def places_for(rows: int) -> int:
    """The number of places in which so many rows meet."""
    return max(_FEWEST, rows // round(_ROWS_OF_A_PLACE * _larger(rows)))


def rows_of_a_task(rows: int) -> int:
    """How many of so many rows a task reads and sends to such places."""
    return round(_ROWS_OF_A_TASK * _larger(rows))


def _larger(rows: int) -> float:
    """How many times as large tasks and places are for so many rows.

    Each task sends a piece to each place. So that pieces do not become smaller, both grow with the root of the rows.
    """
    return max(1.0, math.sqrt(rows / _ALIKE_TO))


def packed(frame: pl.DataFrame) -> bytes:
    """A frame as Arrow data, made small: it is written to a disk, and read over a network."""
    stored = io.BytesIO()
    oldest = pl.CompatLevel.oldest()  # text without what was cut off
    frame.write_ipc_stream(stored, compression="zstd", compat_level=oldest)
    return stored.getvalue()


def unpacked(data: bytes) -> pl.DataFrame:
    """A frame from Arrow data."""
    return pl.read_ipc_stream(io.BytesIO(data))


def cut(tag: Tag, frame: pl.DataFrame, places: NDArray[np.integer]) -> Iterator[Piece]:
    """The pieces of a frame; `places` says where each row goes."""
    order = np.argsort(places, kind="stable")
    yield from sliced(tag, frame[order], places[order])


def sliced(tag: Tag, frame: pl.DataFrame, places: NDArray[np.integer]) -> Iterator[Piece]:
    """The pieces of a frame whose rows are in the order of their places."""
    for first, end in runs(places):
        yield int(places[first]), (tag, packed(frame.slice(first, end - first)))


def runs(*numbers: NDArray[np.integer]) -> Iterator[tuple[int, int]]:
    """Where rows with equal numbers begin and end.

    >>> list(runs(np.array([4, 4, 7]), np.array([1, 2, 2])))
    [(0, 1), (1, 2), (2, 3)]
    """
    changed = np.logical_or.reduce([np.diff(each) != 0 for each in numbers])
    if len(numbers[0]):
        yield from itertools.pairwise([0, *(int(n) + 1 for n in np.flatnonzero(changed)), len(numbers[0])])


def together(sent: Iterable[Sent]) -> dict[Tag, pl.DataFrame]:
    """The rows of each kind."""
    found: dict[Tag, list[pl.DataFrame]] = {}
    for tag, data in sent:
        found.setdefault(tag, []).append(unpacked(data))
    return {tag: pl.concat(frames) for tag, frames in found.items()}


def place(frame: pl.DataFrame, columns: Sequence[str], places: int) -> NDArray[np.integer]:
    """The place of each row, one of so many: the same wherever these columns have the same cells.

    It is the same in every process that has the same version of Polars.
    """
    told = frame.select(columns).hash_rows(seed=0).to_numpy() % np.uint64(places)
    return told.astype(np.int64)
