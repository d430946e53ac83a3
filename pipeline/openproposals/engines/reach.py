"""Which rows must come together so that shapes can be proved of the rows of one table: the joins along their paths.

From the root's nodes, every property that a shape crosses is followed, as `closure` does to collect the triples of
suspects: forwards or backwards, as many steps as the shape has. More rows than needed change no proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from openproposals.engines.neighbourhoods import Hop, Neighbourhood
from openproposals.model.templates import Iri
from openproposals.validation.screens.closure import Reads
from openproposals.validation.screens.implied import Edge, ImpliedGraph, Kind

MOST_STEPS = (
    20  # no path of our shapes has as many; without a limit, a path over a table that leads to itself never ends
)


@dataclass
class _Plan:
    """The joins and columns that are found so far."""

    levels: list[dict[Hop, None]] = field(default_factory=list)
    columns: dict[str, dict[str, None]] = field(default_factory=dict)

    def need(self, table: str, *columns: str) -> None:
        self.columns.setdefault(table, {}).update(dict.fromkeys(columns))

    def hop(self, level: int, table: str, column: str, to: str, key: str) -> None:
        while len(self.levels) <= level:
            self.levels.append({})
        self.levels[level][Hop(table, column, to, key)] = None
        self.need(table, column)
        self.need(to, key)


def neighbourhood(implied: ImpliedGraph, table: str, wanted: Iterable[Reads]) -> Neighbourhood:
    """The neighbourhood of a table's rows for shapes that read so much, each a limited number of steps."""
    plan = _Plan()
    roots = [kind for kind in implied.kinds if kind.table == table]
    for kind in roots:
        plan.need(table, kind.key, *kind.node.iri.holes)
    for what in wanted:
        _follow(plan, implied, what, roots)
    steps = tuple(tuple(level) for level in plan.levels)
    return Neighbourhood(table, steps, {name: tuple(columns) for name, columns in plan.columns.items()})


def _follow(plan: _Plan, implied: ImpliedGraph, what: Reads, roots: Sequence[Kind]) -> None:
    newest = {kind.number for kind in roots}
    for step in range(what.steps):
        if not newest:
            break
        reached: set[int] = set()
        for name in sorted(what.forwards):
            for edge in implied.edges.get(name, ()):
                if edge.kind.number in newest:
                    reached |= _forwards(plan, implied, edge, 2 * step)
        for name in sorted(what.backwards):
            for edge in implied.edges.get(name, ()):
                target = implied.target(edge)
                if target is not None and target.number in newest:
                    _backwards(plan, implied, edge, target, 2 * step)
                    reached.add(edge.kind.number)
        newest = reached


def _forwards(plan: _Plan, implied: ImpliedGraph, edge: Edge, level: int) -> set[int]:
    """The joins from an edge's subjects to the rows that publish it, and from these to its objects."""
    plan.need(edge.table, *edge.pattern.columns)
    if edge.column:
        plan.hop(level, edge.kind.table, edge.kind.key, edge.table, edge.column)
    target = implied.target(edge)
    if target is None:
        return set()
    if not same_row(edge, target):
        plan.hop(level + 1, edge.table, _link(edge), target.table, target.key)
    plan.need(target.table, *target.node.iri.holes)
    return {target.number}


def _backwards(plan: _Plan, implied: ImpliedGraph, edge: Edge, target: Kind, level: int) -> None:
    """The joins from an edge's objects to the rows that publish it, and from these to its subjects."""
    plan.need(edge.table, *edge.pattern.columns)
    if not same_row(edge, target):
        plan.hop(level, target.table, target.key, edge.table, _link(edge))
    if edge.column:
        plan.hop(level + 1, edge.table, edge.column, edge.kind.table, edge.kind.key)
    plan.need(edge.kind.table, *edge.kind.node.iri.holes)


def same_row(edge: Edge, target: Kind) -> bool:
    """Whether an object is a node of the row that publishes it, as a nested one is."""
    wanted = edge.pattern.object
    return isinstance(wanted, Iri) and edge.table == target.table and target.node.iri.holes == wanted.holes


def _link(edge: Edge) -> str:
    """The column that holds the key of an edge's object."""
    return str(edge.pattern.object.holes[0])
