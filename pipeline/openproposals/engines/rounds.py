"""Which rows go where, for all joins of a stage: what each task of a round does with the rows that it reads or gets.

A round has three kinds of tasks: some send what tables offer and what rows ask for to places, by key; at each place
those meet, and give row numbers; these go to the tasks that read the rows and send them to their groups.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from openproposals.engines import moving
from openproposals.engines.moving import Piece, Sent
from openproposals.engines.neighbourhoods import Group, Made
from openproposals.engines.staged import StagedRun

_OFFER, _ASK, _WANTED, _ROW = "offer", "ask", "wanted", "row"
_NAMED = {"_hood": pl.Int16, "_group": pl.Int32}  # which group of which neighbourhood asks
TableRun = tuple[int, StagedRun]  # the number of its table, and some rows of it


@dataclass(frozen=True)
class JoinStart:
    """Joins of a step that begin at a column of a table: which neighbourhood makes them, and the end they lead to."""

    hood: int
    column: str
    end: int


@dataclass(frozen=True)
class JoinEnd:
    """What joins of a step lead to: a column of a table."""

    table: int
    key: str


@dataclass(frozen=True)
class Layout:
    """Which rows go where. It is given to every task.

    tables: the names of the tables. columns: by neighbourhood and table, those that are needed. roots: by
    neighbourhood, the number of its table. firsts: by neighbourhood, the number of its first group among all; `groups`:
    how many there are. starts: by step and table. readers: by table, the first row of each of its runs, and the number
    of the task that reads it.
    """

    tables: tuple[str, ...]
    columns: Mapping[tuple[int, int], tuple[str, ...]]
    roots: Mapping[int, int]
    firsts: Mapping[int, int]
    groups: int
    starts: Sequence[Mapping[int, Sequence[JoinStart]]]
    ends: Sequence[Sequence[JoinEnd]]
    readers: Mapping[int, tuple[tuple[int, ...], tuple[int, ...]]]
    size: int
    numbers: tuple[int, ...]
    key_places: int
    groups_of_a_place: int

    def begun(self, step: int, runs: Sequence[TableRun]) -> Iterator[Piece]:
        """What a step's tables offer, by key, and what root rows ask for in the step."""
        for table, here in itertools.groupby(runs, lambda each: each[0]):
            ends = [(at, end) for at, end in enumerate(self.ends[step]) if end.table == table]
            starts = [start for start in self.starts[step].get(table, ()) if self.roots[start.hood] == table]
            columns = [end.key for _, end in ends] + [start.column for start in starts]
            later = self._later(step, table) if ends else []
            names = list(dict.fromkeys([*columns, *later]))
            rows = pl.concat([run.load(names) for _, run in here])
            for at, end in ends:
                some = rows.select("_n", *dict.fromkeys([end.key, *later])).drop_nulls(end.key)
                yield from moving.cut((_OFFER, at), some, moving.place(some, [end.key], self.key_places))
            yield from self._asks(step, [(start, self._rooted(start.hood, rows)) for start in starts])

    def asked(self, step: int, place: int, sent: Iterable[Sent]) -> Iterator[Piece]:
        """What the rows found in a step ask for later; what earlier rows ask for later stays where it is."""
        here = list(sent)
        yield from ((place, each) for each in here if each[0][0] == _ASK and each[0][1] > step)
        for table, rows in self._found(step, here):
            for following in range(step + 1, len(self.starts)):
                starts = self.starts[following].get(table, ())
                of = [(start, rows.filter(pl.col("_hood") == start.hood)) for start in starts]
                yield from self._asks(following, of)

    def found(self, step: int, place: int, sent: Iterable[Sent]) -> Iterator[Piece]:
        """The numbers of the rows found in a step, sent to the tasks that read them."""
        del place
        for table, rows in self._found(step, sent):
            firsts, readers = self.readers[table]
            at = np.searchsorted(firsts, rows["_n"].to_numpy(), side="right") - 1
            yield from moving.cut((_WANTED, table), rows.select("_n", *_NAMED), np.array(readers)[at])

    def read(self, tasks: Sequence[Sequence[TableRun]], place: int, sent: Iterable[Sent]) -> Iterator[Piece]:
        """The rows of a task that are wanted, sent to the groups that want them. A group reads its own rows itself."""
        wanted = {table: rows for (_, table), rows in moving.together(sent).items()}
        for table, run in tasks[place]:
            if table not in wanted:
                continue
            here = wanted[table].filter(pl.col("_n").is_between(run.first, run.first + run.height - 1))
            asked = here.unique()  # several joins may lead to one row
            hoods = sorted(asked["_hood"].unique())
            names = list(dict.fromkeys(name for hood in hoods for name in self.columns[hood, table]))
            cells = run.load(names) if hoods else pl.DataFrame()
            for hood in hoods:
                own = self._not_own(hood, table, asked.filter(pl.col("_hood") == hood))
                places = (self.firsts[hood] + own["_group"].to_numpy().astype(np.int64)) // self.groups_of_a_place
                order = np.argsort(places, kind="stable")
                own = own[order]
                some = cells.select("_n", *self.columns[hood, table])[(own["_n"] - run.first).to_numpy()]
                tag = _ROW, hood * len(self.tables) + table
                yield from moving.sliced(tag, some.with_columns(own["_group"]), places[order])

    def made(
        self,
        blocks: Mapping[int, Sequence[StagedRun]],
        work: Callable[[Group], Sequence[Made]],
        place: int,
        sent: Iterable[Sent],
    ) -> Iterator[Made]:
        """What is made of the groups of a place. blocks: by root table, its rows, of which a group reads its own."""
        brought: dict[tuple[int, int], dict[str, pl.DataFrame]] = {}
        for (_, number), rows in sorted(moving.together(sent).items()):
            hood, table = divmod(number, len(self.tables))
            rows = rows[rows.select(pl.arg_sort_by("_group", "_n")).to_series().to_numpy()]
            numbers = rows["_group"].to_numpy()
            for first, end in moving.runs(numbers):
                frame = rows.slice(first, end - first).drop("_group")
                brought.setdefault((hood, int(numbers[first])), {})[self.tables[table]] = frame
        first = place * self.groups_of_a_place
        for each in range(first, min(first + self.groups_of_a_place, self.groups)):
            hood = max((hood for hood, begun in self.firsts.items() if begun <= each), key=lambda h: self.firsts[h])
            group = each - self.firsts[hood]
            frames = brought.pop((hood, group), {})
            root = self.tables[self.roots[hood]]
            frames[root] = self._own(blocks[self.roots[hood]], hood, group, frames.get(root))
            yield from work(Group(hood, group, frames, self.size))

    def _own(self, blocks: Sequence[StagedRun], hood: int, group: int, others: pl.DataFrame | None) -> pl.DataFrame:
        """A group's own rows, read where they are staged, and the other rows of their table that joins have brought."""
        columns = self.columns[hood, self.roots[hood]]
        ends = np.array([run.first + run.height for run in blocks])
        if self.numbers:
            wanted = np.array(self.numbers)
        else:
            wanted = np.arange(group * self.size, min((group + 1) * self.size, int(ends[-1])))
        needed = np.unique(np.searchsorted(ends, wanted, side="right"))
        found = [] if others is None else [others]
        for at in needed:
            run = blocks[int(at)]
            within = wanted[(wanted >= run.first) & (wanted < run.first + run.height)] - run.first
            found.append(run.load(columns)[within])
        return pl.concat(found).sort("_n") if len(found) > 1 else found[0]

    def _not_own(self, hood: int, table: int, asked: pl.DataFrame) -> pl.DataFrame:
        """Those of the rows that a neighbourhood wants that are not its groups' own."""
        if self.roots[hood] != table:
            return asked
        own = pl.col("_n").is_in(self.numbers) if self.numbers else pl.col("_n") // self.size == pl.col("_group")
        return asked.filter(~own)

    def _later(self, step: int, table: int) -> list[str]:
        """The columns of a table at which joins of later steps begin."""
        starts = (start for following in self.starts[step + 1 :] for start in following.get(table, ()))
        return list(dict.fromkeys(start.column for start in starts))

    def _rooted(self, hood: int, rows: pl.DataFrame) -> pl.DataFrame:
        if self.numbers:
            rows = rows.filter(pl.col("_n").is_in(self.numbers))
        group = pl.lit(0) if self.numbers else pl.col("_n") // self.size
        return rows.with_columns(_hood=pl.lit(hood, pl.Int16), _group=group.cast(pl.Int32))

    def _asks(self, step: int, of: Iterable[tuple[JoinStart, pl.DataFrame]]) -> Iterator[Piece]:
        """What rows ask for in a step: each key once for each group."""
        asks = [
            rows.select(pl.lit(start.end, pl.Int16).alias("_end"), *_NAMED, pl.col(start.column).alias("_key"))
            for start, rows in of
        ]
        if asks:
            once = pl.concat(asks).drop_nulls("_key").unique()
            yield from moving.cut((_ASK, step), once, moving.place(once, ["_key"], self.key_places))

    def _found(self, step: int, sent: Iterable[Sent]) -> Iterator[tuple[int, pl.DataFrame]]:
        """The rows that are asked for, by table: their numbers, and the columns at which later joins begin."""
        there = moving.together(each for each in sent if each[0][0] == _OFFER or each[0] == (_ASK, step))
        asks = there.get((_ASK, step))
        if asks is None:
            return
        for at, end in enumerate(self.ends[step]):
            offered = there.get((_OFFER, at))
            wanted = asks.filter(pl.col("_end") == at).select("_key", *_NAMED).unique()
            if offered is not None and wanted.height:
                yield end.table, offered.join(wanted, left_on=end.key, right_on="_key")
