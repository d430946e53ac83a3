"""Decide which table publishes a subject (its host), and which other tables add triples to it (its guests).

A subject has one host: the table whose template makes the node from its own key. A table whose template has the node
of another table as its root is a guest of that table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openproposals.errors import TemplateError
from openproposals.model.schema import Table
from openproposals.model.templates import Hole, Iri, Pattern, Template, TemplateNode


@dataclass(frozen=True)
class Guest:
    """A pattern of another table about a host's subject. `column` of that table holds the host's key."""

    table: Table
    pattern: Pattern
    column: str

    @property
    def alone(self) -> bool:
        """Whether a subject gets at most one value: `column` is the whole key of the guest's table."""
        return self.table.key == (self.column,)


@dataclass(frozen=True)
class Host:
    """A node of a template, the table of which each row makes one such node, and the guests that add to it."""

    table: Table
    node: TemplateNode
    guests: tuple[Guest, ...]

    @property
    def key(self) -> str:
        """The column of the host's table whose cell guests hold."""
        return self.node.iri.holes[0]


def _shape(table: str, iri: Iri) -> tuple[str | None, ...]:
    return (table, *(None if isinstance(part, Hole) else part for part in iri.parts))


def plan(templates: Sequence[Template]) -> list[Host]:
    """The hosts of compiled templates, in the order of publication. Raises TemplateError for a guest without a host."""
    nodes: list[tuple[Table, TemplateNode]] = []
    guests: list[tuple[tuple[str | None, ...], Guest]] = []
    for template in templates:
        table, root = template.table, template.root
        link = next((k for k in table.links if k.columns == root.iri.holes), None)
        if link is None:
            nodes.append((table, root))
            continue
        nodes += [(table, node) for _, _, node in root.nested]
        shape = _shape(link.table, root.iri)
        guests += [(shape, Guest(table, pattern, root.iri.holes[0])) for pattern in root.patterns]
    hosts = [Host(t, n, tuple(g for shape, g in guests if shape == _shape(t.name, n.iri))) for t, n in nodes]
    homeless = {g.table.name for _, g in guests} - {g.table.name for h in hosts for g in h.guests}
    if homeless:
        raise TemplateError("template-homeless", table=min(homeless))
    return hosts
