"""Bring together by key what is said of the same subjects: rows of one table, and the rows of others that join them.

A group holds some consecutive rows of a root table, and of other tables the rows that are reached from them by joins.
Spark moves and groups rows; what is made of a group is decided by the function that it is given.

Every neighbourhood is joined at once: one join for each step away from the roots, however many tables take part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from openproposals.engines import joins, moving
from openproposals.engines.neighbourhoods import Group, Made, Neighbourhood
from openproposals.engines.staged import Staged

if TYPE_CHECKING:
    from openproposals.engines.session import Session

GROUP = 20_000  # rows of the root table in a group


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

    def apply(self, work: Callable[[Group], Sequence[Made]]) -> list[Made]:
        """What `work` makes of each group, in no order."""
        given = [(number, each) for number, each in enumerate(self.of) if self._height(each.root)]
        near = [(n, each, {t: s for t, s in self.tables.items() if t in each.columns}) for n, each in given]
        made = self.session.each(partial(_whole, work), [job for job in near if self._is_small(job[1])])
        far = {number: each for number, each in given if not self._is_small(each)}
        found = [row for rows in made for row in rows]
        return [*found, *joins.Joining(self.session, self.tables, far, self.size).made(work)] if far else found

    def fetched(self) -> dict[str, pl.DataFrame]:
        """The rows of the only group of the only neighbourhood, by table: they must be few."""
        made = self.apply(_packed)
        return {str(each["name"]): moving.unpacked(each["frame"]) for each in made}


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
    """The frames of a group, as Arrow data."""
    return [{"name": name, "frame": moving.packed(frame)} for name, frame in group.frames.items()]
