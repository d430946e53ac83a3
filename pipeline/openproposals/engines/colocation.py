"""Bring together by key what is said of the same subjects: rows of one table, and the rows of others that join them.

A group holds some consecutive rows of a root table, and of other tables the rows that are reached from them by joins.
Spark moves and groups rows; what is made of a group is decided by the function that it is given.

Every neighbourhood is joined at once: one join for each step away from the roots, however many tables take part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa

from openproposals.engines.staging import Staged
from openproposals.model.tables import ORIGIN, Tables, empty

if TYPE_CHECKING:
    from openproposals.engines.session import Session

GROUP = 20_000  # rows of the root table in a group
_KINDS = {"string": pa.string(), "long": pa.int64()}
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
    """

    root: str
    steps: tuple[tuple[Hop, ...], ...]
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Group:
    """What comes together: the number of the neighbourhood, that of the group, and the rows of each table.

    Each frame has the numbers of its rows in the whole table, in the column `_n`, and is sorted by it.
    """

    neighbourhood: int
    number: int
    frames: Mapping[str, pl.DataFrame]

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
        few = [(n, each, {t: s for t, s in self.tables.items() if t in each.columns}) for n, each in given]
        near = self.session.each(partial(_whole, work), [job for job in few if self._is_small(job[1])])
        made = [row for rows in near for row in rows]
        far = [(number, each) for number, each in given if not self._is_small(each)]
        if not far:
            return made
        rows, tags = self._rows(far)

        def grouped(table: pa.Table) -> pa.Table:  # Spark counts the arguments, so that a partial will not do
            return _grouped(work, tags, result, table)

        return made + self.session.rows(rows.groupBy("_hood", "_group").applyInArrow(grouped, result))

    def _rows(self, given: Sequence[tuple[int, Neighbourhood]]) -> tuple[Any, list[tuple[str, tuple[str, ...]]]]:
        """Every row of every group, with the tag of its table and columns."""
        f = self.session.functions
        tags: list[tuple[str, tuple[str, ...]]] = []
        numbers: dict[tuple[int, str], int] = {}
        for number, each in given:
            for name, columns in each.columns.items():
                numbers[number, name] = len(tags)
                tags.append((name, columns))
        roots = []
        for number, each in given:
            group = f.floor(f.col("_n") / self.size).cast("long").alias("_group")
            roots.append(
                self._tagged(each.root, each.columns[each.root], number, numbers[number, each.root]).select("*", group)
            )
        found = _union(roots)
        for step in range(max(len(each.steps) for _, each in given)):
            found = self._joined(found, [(n, e) for n, e in given if len(e.steps) > step], step, numbers)
        return found, tags

    def _joined(
        self,
        found: Any,
        given: Sequence[tuple[int, Neighbourhood]],
        step: int,
        numbers: Mapping[tuple[int, str], int],
    ) -> Any:
        """The rows found so far, and those to which the joins of a step lead from them."""
        f = self.session.functions
        asked, offered = [], []
        for number, each in given:
            for place, hop in enumerate(each.steps[step]):
                if not self._height(hop.to) or not self._height(hop.table):
                    continue
                here = each.columns[hop.table].index(hop.column)
                there = each.columns[hop.to].index(hop.key)
                begun = found.filter(f.col("_tag") == numbers[number, hop.table])
                asked.append(
                    begun.select("_hood", "_group", f.col("_cells")[here].alias("_key"), f.lit(place).alias("_hop"))
                )
                rows = self._tagged(hop.to, each.columns[hop.to], number, numbers[number, hop.to])
                offered.append(rows.select("*", f.lit(place).alias("_hop"), f.col("_cells")[there].alias("_key")))
        if not asked:
            return found
        wanted = _union(asked).dropna(subset=["_key"]).distinct()
        reached = _union(offered).join(wanted, ["_hood", "_hop", "_key"]).select(found.columns)
        return found.unionByName(reached)

    def _tagged(self, name: str, columns: Sequence[str], number: int, tag: int) -> Any:
        """The rows of a staged table: their numbers, and the cells of some columns in one array."""
        f, table = self.session.functions, self.tables[name]
        read = self.session.spark.read.parquet(*(part.path for part in table.parts))
        first = f.lit(0)
        if len(table.parts) > 1:
            first = f.element_at(f.array(*map(f.lit, table.offsets)), f.col("_part") + 1)
        cells = f.array(*(_cell(f, table, column) for column in columns)).cast("array<string>")
        return read.select(
            f.lit(number).alias("_hood"),
            f.lit(tag).alias("_tag"),
            (f.col("_at") + first).cast("long").alias("_n"),
            cells.alias("_cells"),
        )


def _union(frames: Sequence[Any]) -> Any:
    return reduce(lambda one, other: one.unionByName(other), frames)


def _cell(f: Any, table: Staged, name: str) -> Any:
    """A column of a staged table, as text."""
    if name in ORIGIN:
        return f.col(name).cast("string")
    return f.col(f"c{table.names.index(name)}") if name in table.names else f.lit(None).cast("string")


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


def _grouped(
    work: Callable[[Group], Sequence[Made]], tags: Sequence[tuple[str, tuple[str, ...]]], result: str, table: pa.Table
) -> pa.Table:
    """What is made of the rows of a group, which come as Spark has them."""
    kinds = {name: _KINDS[kind] for name, kind in (field.split() for field in result.split(","))}
    made = work(_group(table, tags))
    return pa.table({name: pa.array([row[name] for row in made], kind) for name, kind in kinds.items()})


def _group(table: pa.Table, tags: Sequence[tuple[str, tuple[str, ...]]]) -> Group:
    """The rows of a group by table, each once, in the order of their tables."""
    whole = table.combine_chunks()
    tag = whole.column("_tag").to_numpy()
    frames = {}
    for each in np.unique(tag):
        some = whole.filter(pa.array(tag == each))
        _, places = np.unique(some.column("_n").to_numpy(), return_index=True)  # several joins may lead to one row
        some = some.take(pa.array(places)).combine_chunks()
        name, columns = tags[int(each)]
        values = some.column("_cells").combine_chunks().flatten()
        cells = {c: values.take(pa.array(np.arange(p, len(values), len(columns)))) for p, c in enumerate(columns)}
        made = pl.DataFrame({"_n": pl.Series(some.column("_n")), **{c: pl.Series(v) for c, v in cells.items()}})
        frames[name] = made.with_columns(pl.col("_row").cast(pl.Int64)) if "_row" in columns else made
    first = whole.slice(0, 1).to_pylist()[0]
    return Group(int(first["_hood"]), int(first["_group"]), frames)
