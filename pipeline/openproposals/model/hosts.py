"""Which table hosts a subject, and who else speaks of it.

A subject has one host: the table whose own node it is. A template whose root is another table's row is a guest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openproposals.errors import TemplateError
from openproposals.model.schema import Table
from openproposals.model.templates import Hole, Iri, Pattern, Template, TemplateNode


@dataclass(frozen=True)
class Guest:
    """A pattern of another table that speaks of this host's subject; `column` holds the host's key."""

    table: Table
    pattern: Pattern
    column: str

    @property
    def alone(self) -> bool:
        """Whether a subject gets at most one value: its key is the guest table's key."""
        return self.table.key == (self.column,)


@dataclass(frozen=True)
class Host:
    """A node with the table whose rows it is, and its guests."""

    table: Table
    node: TemplateNode
    guests: tuple[Guest, ...]

    @property
    def key(self) -> str:
        """The column that guests name."""
        return self.node.iri.holes[0]


def _shape(table: str, iri: Iri) -> tuple[str | None, ...]:
    return (table, *(None if isinstance(part, Hole) else part for part in iri.parts))


def plan(templates: Sequence[Template]) -> list[Host]:
    """Hosts in the order of publication. Refused: a guest whose host does not exist (TemplateError)."""
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
        raise TemplateError(
            f"schema/{min(homeless)}.jsonld speaks of a subject that no table publishes",
            mend="make its @id that of the table its column refers to",
        )
    return hosts
