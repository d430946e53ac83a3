"""Join the rows of neighbourhoods, and make of each group what a function makes of it.

Keys are sent to places, and meet those that ask for them there: a step of joins is one such round, however many tables
and neighbourhoods take part. What is found are row numbers. Once all are found, each task reads its rows, and sends
those that are wanted to the groups that want them: cells move once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from openproposals.engines import moving, staged
from openproposals.engines.neighbourhoods import Group, Hop, Made, Neighbourhood
from openproposals.engines.rounds import JoinEnd, JoinStart, Layout, TableRun
from openproposals.engines.staged import Staged

if TYPE_CHECKING:
    from openproposals.engines.session import Session

_ROWS_OF_GROUPS = 100_000  # of all tables, for each place to which groups come


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
        numbers: list[Any] = []
        before: list[Any] = []
        for step, (starts, ends) in enumerate(zip(layout.starts, layout.ends, strict=True)):
            begun = session.sent(
                self._runs([*(end.table for end in ends), *(starts.keys() & roots)]), partial(layout.begun, step)
            )
            met = session.brought([begun, *before], layout.key_places)
            numbers.append(session.passed(met, partial(layout.found, step)))
            before = [session.passed(met, partial(layout.asked, step))]
        wanted = session.brought(numbers, len(self._tasks))
        rows = session.passed(wanted, partial(layout.read, self._tasks))
        grouped = session.brought([rows], -(-layout.groups // layout.groups_of_a_place))
        blocks = {table: tuple(self.tables[self._names[table]].runs(1)) for table in {*roots}}
        return session.made(grouped, partial(layout.made, blocks, work))

    @cached_property
    def _tasks(self) -> list[list[TableRun]]:
        """The rows of all tables, for each task that reads them."""
        return self._runs(range(len(self._names)))

    @cached_property
    def _names(self) -> list[str]:
        """The tables that have rows, each with its number."""
        return [n for n in dict.fromkeys(n for each in self.given.values() for n in each.columns) if self._height(n)]

    @cached_property
    def layout(self) -> Layout:
        """Which rows go where. A step in which no row can be found is left out."""
        tables = {name: number for number, name in enumerate(self._names)}
        starts: list[dict[int, list[JoinStart]]] = []
        ends: list[list[JoinEnd]] = []
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
        rows = sum(map(self._height, tables))
        roots = {number: tables[each.root] for number, each in self.given.items()}
        return Layout(
            tuple(self._names),
            {
                (n, tables[name]): c
                for n, each in self.given.items()
                for name, c in each.columns.items()
                if name in tables
            },
            roots,
            firsts,
            groups,
            starts,
            ends,
            self._readers(),
            self.size,
            next((each.numbers for each in self.given.values() if each.numbers), ()),
            moving.places_for(rows),
            max(1, groups * _ROWS_OF_GROUPS // rows),
        )

    def _groups(self, number: int) -> int:
        each = self.given[number]
        return 1 if each.numbers else -(-self._height(each.root) // self.size)

    def _height(self, table: str) -> int:
        return self.tables[table].height if table in self.tables else 0

    def _runs(self, tables: Iterable[int]) -> list[list[TableRun]]:
        """The rows of tables, for each task."""
        runs = [(number, run) for number in sorted({*tables}) for run in self.tables[self._names[number]].runs()]
        return staged.shared(runs, moving.rows_of_a_task(sum(map(self._height, self._names))))

    def _readers(self) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
        """By table, the first row of each run, and the number of its task."""
        found: dict[int, list[tuple[int, int]]] = {}
        for task, runs in enumerate(self._tasks):
            for table, run in runs:
                found.setdefault(table, []).append((run.first, task))
        return {t: (tuple(first for first, _ in some), tuple(task for _, task in some)) for t, some in found.items()}


def _step(
    hops: Sequence[tuple[int, Hop]], tables: Mapping[str, int]
) -> tuple[list[JoinEnd], dict[int, list[JoinStart]]]:
    """The joins of a step: where they end, and by table where they begin."""
    ends: dict[JoinEnd, int] = {}
    starts: dict[int, list[JoinStart]] = {}
    for number, hop in hops:
        end = ends.setdefault(JoinEnd(tables[hop.to], hop.key), len(ends))
        starts.setdefault(tables[hop.table], []).append(JoinStart(number, hop.column, end))
    return list(ends), starts
