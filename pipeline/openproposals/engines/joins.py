"""Join the rows of neighbourhoods on Spark, and make of each group what a function makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa

from openproposals.engines.colocation import Group, Hop, Made, Neighbourhood
from openproposals.engines.staging import Staged, tagged

if TYPE_CHECKING:
    from openproposals.engines.session import Session

_ROWS_OF_A_TASK = 100_000
_KINDS = {"string": pa.string(), "long": pa.int64(), "binary": pa.binary()}
Places = Mapping[str, tuple[int, tuple[str, ...]]]  # by table, its number and the columns of its cells


@dataclass(frozen=True)
class Joining:
    """Joins staged tables in a session. size: rows of a root table in a group."""

    session: Session
    tables: Mapping[str, Staged]
    size: int

    def made(
        self, given: Mapping[int, Neighbourhood], work: Callable[[Group], Sequence[Made]], result: str
    ) -> Sequence[Made]:
        """What is made of the groups of these neighbourhoods, whose rows Spark joins.

        Each step is one join of all rows found so far with all rows there are, by the number of a hop and a key. Where
        there are several steps, what each finds is kept in a file, so that Spark plans one step at a time.
        """
        columns: dict[str, dict[str, None]] = {}
        for each in given.values():
            for name, some in each.columns.items():
                if self._height(name):
                    columns.setdefault(name, {}).update(dict.fromkeys(some))
        tables = [(name, tuple(some)) for name, some in columns.items()]
        places = {name: (number, some) for number, (name, some) in enumerate(tables)}
        rows = {n: tagged(self.session, self.tables[n], some, _tab=i) for i, (n, some) in enumerate(tables)}
        kept = [self._roots(given, rows, places)]
        last = max(len(each.steps) for each in given.values()) - 1
        for step in range(last + 1):
            hops = [
                (number, hop)
                for number, each in given.items()
                for hop in (each.steps[step] if step < len(each.steps) else ())
                if hop.table in places and hop.to in places
            ]
            if hops:
                reached = self._reached(_union(kept), rows, hops, places)
                kept.append(reached if step == last else self.session.kept(reached))
        size = self.size

        def grouped(table: pa.Table) -> pa.Table:  # Spark counts the arguments, so that a partial will not do
            return _grouped(work, tables, result, size, table)

        return self.session.rows(_union(kept).groupBy("_hood", "_group").applyInArrow(grouped, result))

    def _roots(self, given: Mapping[int, Neighbourhood], tables: Mapping[str, Any], places: Places) -> Any:
        """The root rows of every group: `_hood` and `_group` number them, `_tab` numbers their table."""
        f = self.session.functions
        roots = self.session.few([(number, places[each.root][0]) for number, each in given.items()], "_hood", "_tab")
        group = f.floor(f.col("_n") / self.size).cast("long")
        rows = self._all(tables, (each.root for each in given.values()))
        for each in (each for each in given.values() if each.numbers):  # it is alone
            rows, group = rows.filter(f.col("_n").isin(*each.numbers)), f.lit(0).cast("long")
        return rows.join(roots, "_tab").select("_hood", group.alias("_group"), "_tab", "_n", "_cells")

    def _height(self, table: str) -> int:
        return self.tables[table].height if table in self.tables else 0

    def _all(self, tables: Mapping[str, Any], names: Iterable[str]) -> Any:
        """All rows of these tables. Small tables share a task: each task costs a tenth of a second."""
        wanted = list(dict.fromkeys(names))
        tasks = 2 + sum(self._height(name) for name in wanted) // _ROWS_OF_A_TASK
        return _union([tables[name] for name in wanted]).coalesce(tasks)

    def _reached(self, found: Any, tables: Mapping[str, Any], hops: Sequence[tuple[int, Hop]], places: Places) -> Any:
        """The rows to which joins lead from those found."""
        f = self.session.functions
        begins = [
            (number, places[hop.table][0], at, places[hop.table][1].index(hop.column))
            for at, (number, hop) in enumerate(hops)
        ]
        ends = [(places[hop.to][0], at, places[hop.to][1].index(hop.key)) for at, (_, hop) in enumerate(hops)]
        key = f.col("_cells")[f.col("_place")].alias("_key")
        asked = found.join(self.session.few(begins, "_hood", "_tab", "_hop", "_place"), ["_hood", "_tab"])
        wanted = asked.select("_hood", "_group", "_hop", key).dropna(subset=["_key"]).distinct()
        rows = self._all(tables, (hop.to for _, hop in hops))
        offered = rows.join(self.session.few(ends, "_tab", "_hop", "_place"), "_tab")
        offered = offered.select("_tab", "_n", "_cells", "_hop", key)
        return offered.join(wanted, ["_hop", "_key"]).select("_hood", "_group", "_tab", "_n", "_cells")


def _union(frames: Sequence[Any]) -> Any:
    return reduce(lambda one, other: one.unionByName(other), frames)


def _grouped(
    work: Callable[[Group], Sequence[Made]],
    tags: Sequence[tuple[str, tuple[str, ...]]],
    result: str,
    size: int,
    table: pa.Table,
) -> pa.Table:
    """What is made of the rows of a group, which come as Spark has them."""
    kinds = {name: _KINDS[kind] for name, kind in (field.split() for field in result.split(","))}
    made = work(_group(table, tags, size))
    return pa.table({name: pa.array([row[name] for row in made], kind) for name, kind in kinds.items()})


def _group(table: pa.Table, tags: Sequence[tuple[str, tuple[str, ...]]], size: int) -> Group:
    """The rows of a group by table, each once, in the order of their tables."""
    whole = table.combine_chunks()
    tag = whole.column("_tab").to_numpy()
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
    return Group(int(first["_hood"]), int(first["_group"]), frames, size)
