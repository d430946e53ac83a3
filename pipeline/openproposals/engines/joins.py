"""Join the rows of neighbourhoods, and make of each group what a function makes of it.

Rows are sent to places by their keys, and meet those that ask for them there; then they are sent on to their groups.
A step of joins is one such round, however many tables and neighbourhoods take part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from openproposals.engines import pieces, staging
from openproposals.engines.neighbourhoods import Group, Hop, Made, Neighbourhood
from openproposals.engines.pieces import Piece, Sent
from openproposals.engines.staging import Staged, StagedRun

if TYPE_CHECKING:
    from openproposals.engines.session import Session

_ROWS_OF_A_PLACE = 400_000  # of those that may be asked for
_FEWEST, _GROUPS_OF_A_PLACE = 2, 2  # places for keys; places for groups, for each of those
_OFFER, _ASK, _ROW = "offer", "ask", "row"
_NAMED = {"_hood": pl.Int16, "_group": pl.Int32}  # which group of which neighbourhood asks


@dataclass(frozen=True)
class _Start:
    """Joins of a step that begin at a column of a table: which neighbourhood makes them, and the end they lead to."""

    hood: int
    column: str
    end: int


@dataclass(frozen=True)
class _End:
    """What joins of a step lead to: a column of a table."""

    table: int
    key: str


@dataclass(frozen=True)
class Layout:
    """Which rows go where. It is given to every task.

    tables: the name of each table, and the columns that are needed. roots: by neighbourhood, the number of its table.
    firsts: by neighbourhood, the number of its first group among all. starts: by step and table.
    """

    tables: tuple[tuple[str, tuple[str, ...]], ...]
    roots: Mapping[int, int]
    firsts: Mapping[int, int]
    starts: Sequence[Mapping[int, Sequence[_Start]]]
    ends: Sequence[Sequence[_End]]
    size: int
    numbers: tuple[int, ...]
    key_places: int
    groups_of_a_place: int

    def offers(self, step: int, runs: Sequence[tuple[int, StagedRun]]) -> Iterator[Piece]:
        """Rows of a step's tables, sent where they may be asked for."""
        for table, run in runs:
            ends = [(at, end) for at, end in enumerate(self.ends[step]) if end.table == table]
            rows = run.load(self.tables[table][1]) if ends else pl.DataFrame()
            for at, end in ends:
                some = rows.filter(pl.col(end.key).is_not_null())
                yield from pieces.cut((_OFFER, at), some, pieces.place(some, [end.key], self.key_places))

    def root_asks(self, step: int, runs: Sequence[tuple[int, StagedRun]]) -> Iterator[Piece]:
        """What root rows ask for in a step."""
        for table, run in runs:
            starts = [start for start in self.starts[step].get(table, ()) if self.roots[start.hood] == table]
            if starts:
                rows = run.load(list(dict.fromkeys(start.column for start in starts)))
                yield from self._asks(step, [(start, self._rooted(start.hood, rows)) for start in starts])

    def root_rows(self, runs: Sequence[tuple[int, StagedRun]]) -> Iterator[Piece]:
        """Root rows, sent to their groups."""
        for table, run in runs:
            rows = run.load(self.tables[table][1])
            for hood, root in self.roots.items():
                if root == table:
                    yield from self._to_groups(table, self._rooted(hood, rows))

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
        """The rows found in a step, sent to the groups that asked for them."""
        del place
        for table, rows in self._found(step, sent):
            yield from self._to_groups(table, rows)

    def made(self, work: Callable[[Group], Sequence[Made]], place: int, sent: Iterable[Sent]) -> Iterator[Made]:
        """What is made of the groups of a place."""
        del place
        groups: dict[tuple[int, int], dict[str, pl.DataFrame]] = {}
        for (_, table), rows in sorted(pieces.together(sent).items()):
            # several joins may lead to one row
            once = rows.sort("_n").unique(["_hood", "_group", "_n"], keep="first", maintain_order=True)
            for (hood, group), some in once.partition_by(*_NAMED, as_dict=True, include_key=False).items():
                groups.setdefault((hood, group), {})[self.tables[table][0]] = some
        for hood, group in sorted(groups):
            yield from work(Group(hood, group, groups.pop((hood, group)), self.size))

    def _rooted(self, hood: int, rows: pl.DataFrame) -> pl.DataFrame:
        if self.numbers:
            rows = rows.filter(pl.col("_n").is_in(self.numbers))
        group = pl.lit(0) if self.numbers else pl.col("_n") // self.size
        return rows.with_columns(_hood=pl.lit(hood, pl.Int16), _group=group.cast(pl.Int32))

    def _asks(self, step: int, of: Iterable[tuple[_Start, pl.DataFrame]]) -> Iterator[Piece]:
        """What rows ask for in a step: each key once for each group."""
        asks = [
            rows.select(pl.lit(start.end, pl.Int16).alias("_end"), *_NAMED, pl.col(start.column).alias("_key"))
            for start, rows in of
        ]
        if asks:
            once = pl.concat(asks).drop_nulls("_key").unique()
            yield from pieces.cut((_ASK, step), once, pieces.place(once, ["_key"], self.key_places))

    def _found(self, step: int, sent: Iterable[Sent]) -> Iterator[tuple[int, pl.DataFrame]]:
        """The rows that are asked for, by table."""
        there = pieces.together(each for each in sent if each[0][0] == _OFFER or each[0] == (_ASK, step))
        asks = there.get((_ASK, step))
        if asks is None:
            return
        for at, end in enumerate(self.ends[step]):
            offered = there.get((_OFFER, at))
            wanted = asks.filter(pl.col("_end") == at).select("_key", *_NAMED).unique()
            if offered is not None and wanted.height:
                yield end.table, offered.join(wanted, left_on=end.key, right_on="_key")

    def _to_groups(self, table: int, rows: pl.DataFrame) -> Iterator[Piece]:
        first = rows["_hood"].replace_strict(self.firsts, return_dtype=pl.Int64).to_numpy()
        yield from pieces.cut((_ROW, table), rows, (first + rows["_group"].to_numpy()) // self.groups_of_a_place)


@dataclass(frozen=True)
class Joining:
    """Joins staged tables in a session. size: rows of a root table in a group."""

    session: Session
    tables: Mapping[str, Staged]
    given: Mapping[int, Neighbourhood]
    size: int

    def made(self, work: Callable[[Group], Sequence[Made]]) -> Sequence[Made]:
        """What is made of the groups of the neighbourhoods."""
        layout, session, roots = self.layout, self.session, self.layout.roots.values()
        rows = [session.sent(self._runs(roots), layout.root_rows)]
        before: list[Any] = []
        for step, (starts, ends) in enumerate(zip(layout.starts, layout.ends, strict=True)):
            offers = session.sent(self._runs(end.table for end in ends), partial(layout.offers, step))
            asks = session.sent(self._runs(starts.keys() & roots), partial(layout.root_asks, step))
            met = session.brought([offers, asks, *before], layout.key_places)
            rows.append(session.passed(met, partial(layout.found, step)))
            before = [session.passed(met, partial(layout.asked, step))]
        groups = sum(self._groups(number) for number in self.given)
        grouped = session.brought(rows, -(-groups // layout.groups_of_a_place))
        return session.made(grouped, partial(layout.made, work))

    @cached_property
    def _columns(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for each in self.given.values():
            for name, some in each.columns.items():
                if self._height(name):
                    found.setdefault(name, {}).update(dict.fromkeys(some))
        return {name: tuple(some) for name, some in found.items()}

    @cached_property
    def layout(self) -> Layout:
        """Which rows go where. A step in which no row can be found is left out."""
        tables = {name: number for number, name in enumerate(self._columns)}
        starts: list[dict[int, list[_Start]]] = []
        ends: list[list[_End]] = []
        for step in range(max(len(each.steps) for each in self.given.values())):
            hops = [
                (number, hop)
                for number, each in self.given.items()
                for hop in (each.steps[step] if step < len(each.steps) else ())
                if hop.table in tables and hop.to in tables
            ]
            if hops:
                found, begun = _step(hops, tables)
                ends.append(found)
                starts.append(begun)
        firsts, groups = {}, 0
        for number in self.given:
            firsts[number] = groups
            groups += self._groups(number)
        places = max(_FEWEST, sum(map(self._height, tables)) // _ROWS_OF_A_PLACE)
        return Layout(
            tuple(self._columns.items()),
            {number: tables[each.root] for number, each in self.given.items()},
            firsts,
            starts,
            ends,
            self.size,
            next((each.numbers for each in self.given.values() if each.numbers), ()),
            places,
            max(1, groups // (places * _GROUPS_OF_A_PLACE)),
        )

    def _groups(self, number: int) -> int:
        each = self.given[number]
        return 1 if each.numbers else -(-self._height(each.root) // self.size)

    def _height(self, table: str) -> int:
        return self.tables[table].height if table in self.tables else 0

    def _runs(self, tables: Iterable[int]) -> list[list[tuple[int, StagedRun]]]:
        """The rows of tables, for each task."""
        names = [(number, self.layout.tables[number][0]) for number in sorted({*tables})]
        return staging.shared([(number, run) for number, name in names for run in staging.runs(self.tables[name])])


def _step(hops: Sequence[tuple[int, Hop]], tables: Mapping[str, int]) -> tuple[list[_End], dict[int, list[_Start]]]:
    """The joins of a step: where they end, and by table where they begin."""
    ends: dict[_End, int] = {}
    starts: dict[int, list[_Start]] = {}
    for number, hop in hops:
        end = ends.setdefault(_End(tables[hop.to], hop.key), len(ends))
        starts.setdefault(tables[hop.table], []).append(_Start(number, hop.column, end))
    return list(ends), starts
