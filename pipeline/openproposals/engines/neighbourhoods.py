"""What comes together: the rows of one table, and the rows of others that joins lead to from them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from openproposals.model.tables import Mask, RowNumbers, Tables, empty

Made = Mapping[str, Any]  # a row of what is made of a group


@dataclass(frozen=True)
class Hop:
    """A join: from a table that is in the group, rows of `to` whose `key` equals the cell in `column`."""

    table: str
    column: str
    to: str
    key: str


@dataclass(frozen=True)
class Neighbourhood:
    """A root table, and the joins by which rows of other tables come to its rows.

    `steps`: the joins of a step begin at rows that the steps before have brought. `columns`: by table, those needed.
    `numbers`: of the root's rows, if not all are wanted; they are one group, of the only neighbourhood.
    """

    root: str
    steps: tuple[tuple[Hop, ...], ...]
    columns: Mapping[str, tuple[str, ...]]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Group:
    """What comes together: the number of the neighbourhood, that of the group, and the rows of each table.

    Each frame has the numbers of its rows in the whole table, in the column `_n`, and is sorted by it.
    """

    neighbourhood: int
    number: int
    frames: Mapping[str, pl.DataFrame]
    size: int = sys.maxsize

    def own(self, numbers: RowNumbers) -> Mask:
        """Which rows of the root table, by their numbers, are the group's own: joins may have brought others."""
        mask: Mask = numbers // self.size == self.number
        return mask

    def tables(self, columns: Mapping[str, Sequence[str]]) -> Tables:
        """The rows as tables with these columns. Those that were not asked for are null."""
        given = {name: self.frames[name] if name in self.frames else _none(tuple(columns[name])) for name in columns}
        return Tables(given, columns)


@cache
def _none(names: tuple[str, ...]) -> pl.DataFrame:
    """An empty frame with these columns: a group has most tables empty, and a worker many groups."""
    return empty(names)
