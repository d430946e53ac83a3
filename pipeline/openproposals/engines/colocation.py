"""Bring together by key what is said of the same subjects: rows of one table, and the rows of others that join them.

A group holds some consecutive rows of a root table, and of other tables the rows that are reached from them by joins.
Spark moves and groups rows; what is made of a group is decided by the function that it is given.

Every neighbourhood is joined at once: one join for each step away from the roots, however many tables take part.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from openproposals.engines.staging import Staged
from openproposals.model.tables import Mask, RowNumbers, Tables, empty

if TYPE_CHECKING:
    from openproposals.engines.session import Session

GROUP = 20_000  # rows of the root table in a group
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
        return Tables({name: self.frames.get(name, empty(columns[name])) for name in columns}, columns)


@dataclass(frozen=True)
class Colocation:
    """Neighbourhoods over staged tables.

    size: rows of a root table in a group. small: a neighbourhood with no more rows in all is one group, and no join.
    """

    session: Session
    tables: Mapping[str, Staged]
    of: Sequence[Neighbourhood]
    size: int = GROUP
    small: int = GROUP

    def groups(self) -> list[tuple[int, int]]:
        """Every group in order: the number of its neighbourhood, and its number within that."""
        return [
            (number, group)
            for number, each in enumerate(self.of)
            for group in range(-(-self._height(each.root) // self._size(each)))
        ]

    def _height(self, table: str) -> int:
        return self.tables[table].height if table in self.tables else 0

    def _is_small(self, each: Neighbourhood) -> bool:
        return sum(self._height(name) for name in each.columns) <= self.small

    def _size(self, each: Neighbourhood) -> int:
        return max(self.size, self.small) if self._is_small(each) else self.size

    def apply(self, work: Callable[[Group], Sequence[Made]], result: str) -> list[Made]:
        """What `work` makes of each group, in no order.

        result: the columns of what it makes, and their types (`string` or `long`), as Spark writes a schema.
        """
        given = [(number, each) for number, each in enumerate(self.of) if self._height(each.root)]
        near = [(n, each, {t: s for t, s in self.tables.items() if t in each.columns}) for n, each in given]
        made = self.session.each(partial(_whole, work), [job for job in near if self._is_small(job[1])])
        far = {number: each for number, each in given if not self._is_small(each)}
        found = [row for rows in made for row in rows]
        return [*found, *self.session.joined(self.tables, far, self.size, work, result)] if far else found

    def fetched(self) -> dict[str, pl.DataFrame]:
        """The rows of the only group of the only neighbourhood, by table: they must be few."""
        made = self.apply(_packed, "name string, frame binary")
        return {str(each["name"]): pl.read_ipc(io.BytesIO(each["frame"])) for each in made}


def _whole(
    work: Callable[[Group], Sequence[Made]], job: tuple[int, Neighbourhood, Mapping[str, Staged]]
) -> Sequence[Made]:
    """What is made of a neighbourhood that is one group: all rows of its tables."""
    number, each, tables = job
    frames = {
        name: tables[name].load(columns).with_row_index("_n").cast({"_n": pl.Int64})
        for name, columns in each.columns.items()
        if name in tables
    }
    return work(Group(number, 0, frames))


def _packed(group: Group) -> list[Made]:
    """The frames of a group, as Arrow files."""
    found: list[Made] = []
    for name, frame in group.frames.items():
        stored = io.BytesIO()
        frame.write_ipc(stored)
        found.append({"name": name, "frame": stored.getvalue()})
    return found
