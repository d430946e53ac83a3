"""What every writer shares: which table hosts a subject, who else speaks of it, and blocks streamed in order.

A subject has one host: the table whose own node it is. A template whose root is another table's row is a guest: what
it says is gathered into the host's block, members sorted and unique, so that all that is said of a subject stands in
one place. Rows become text in columns (Polars expressions), a batch at a time, never a Python object a triple.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from openproposals.errors import TemplateError
from openproposals.schema import Table
from openproposals.templates import Hole, Iri, Node, Pattern, Template

BATCH = 20_000
Frames = Mapping[str, pl.DataFrame]


class Sink(Protocol):
    """Where bytes go; a release's sinks hash and count them on the way."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


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
    node: Node
    guests: tuple[Guest, ...]

    @property
    def key(self) -> str:
        """The column that guests name."""
        return self.node.iri.holes[0]


def _shape(table: str, iri: Iri) -> tuple[str | None, ...]:
    return (table, *(None if isinstance(part, Hole) else part for part in iri.parts))


def plan(templates: Sequence[Template]) -> list[Host]:
    """Hosts in the order of publication. Refused: a guest whose host does not exist (TemplateError)."""
    nodes: list[tuple[Table, Node]] = []
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


def said(pattern: Pattern) -> pl.Expr:
    """Whether a row says the pattern: no empty hole, guard met."""
    guard = pattern.guard
    terms = [pl.col(name).is_not_null() for name in pattern.columns]
    if guard and guard.equals:
        terms.append(pl.col(guard.column) == guard.equals)
    if guard and guard.length:
        terms.append(pl.col(guard.column).str.len_chars() == guard.length)
    return pl.all_horizontal(terms) if terms else pl.lit(value=True)


class Syntax(Protocol):
    """One way of writing: how a member and a block look."""

    separator: str
    between: str

    def prologue(self) -> bytes:
        """What the dump begins with."""

    def epilogue(self) -> bytes:
        """What it ends with."""

    def group(self, pattern: Pattern) -> str:
        """Which patterns stand together: the predicate or the JSON-LD key."""

    def member(self, pattern: Pattern) -> pl.Expr:
        """One object of a group as text; null where the row does not say it."""

    def own(self, host: Host, pattern: Pattern) -> pl.Expr:
        """The same for a pattern of the host itself, with the node nested there where the syntax nests."""

    def block(self, host: Host, gathered: Mapping[str, pl.Expr]) -> pl.Expr:
        """All that a row says of its subject, as text; null where it says nothing."""


@dataclass
class Tally:
    """How many triples each table's rows gave."""

    triples: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, count: int) -> None:
        """Count triples of a table."""
        self.triples[table] = self.triples.get(table, 0) + count


def _gather(host: Host, frames: Frames, syntax: Syntax, tally: Tally) -> tuple[pl.DataFrame, dict[str, pl.Expr]]:
    """The host's rows with one column more for each group that has guests: its members, joined."""
    frame = frames[host.table.name]
    groups: dict[str, list[Guest]] = {}
    for guest in host.guests:
        if not frames[guest.table.name].is_empty():
            groups.setdefault(syntax.group(guest.pattern), []).append(guest)
    gathered = {}
    for number, (name, guests) in enumerate(groups.items()):
        own = [Guest(host.table, p, host.key) for p in host.node.patterns if syntax.group(p) == name]
        pairs = pl.concat(
            frames[g.table.name]
            .filter(said(g.pattern))
            .select(_host=pl.col(g.column), _member=member, _table=pl.lit(g.table.name))
            for g, member in (
                *((guest, syntax.member(guest.pattern)) for guest in guests),
                *((mine, syntax.own(host, mine.pattern)) for mine in own),
            )
        ).unique(["_host", "_member"], keep="first", maintain_order=True)
        for table, count in pairs.group_by("_table").len().iter_rows():
            if table != host.table.name:  # the host's own are counted with the rest of its patterns
                tally.add(table, count)
        column = f"_gathered_{number}"
        joined = (
            pairs.sort("_host", "_member")
            .group_by("_host", maintain_order=True)
            .agg(pl.col("_member").str.join(syntax.separator).alias(column))
        )
        frame = frame.join(joined, left_on=host.key, right_on="_host", how="left", maintain_order="left")
        gathered[name] = pl.col(column)
    return frame, gathered


def write(hosts: Sequence[Host], frames: Frames, syntax: Syntax, sink: Sink) -> Tally:
    """Write a whole dump into the sink, every host's blocks in order. Returns the triples written, by table."""
    tally = Tally()
    sink.write(syntax.prologue())
    first = True
    for host in hosts:
        if frames[host.table.name].is_empty():
            continue
        frame, gathered = _gather(host, frames, syntax, tally)
        block = syntax.block(host, gathered)
        counts = [said(p).sum().alias(str(i)) for i, p in enumerate(p for n in host.node.walk() for p in n.patterns)]
        for batch in frame.iter_slices(BATCH):
            blocks = batch.select(block.alias("block")).to_series().drop_nulls()
            tally.add(host.table.name, sum(batch.select(counts).row(0)))
            text = syntax.between.join(blocks)
            if text:
                sink.write((text if first else syntax.between + text).encode())
                first = False
    sink.write(syntax.epilogue())
    return tally


def batches(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """A table in pieces of one batch, at least one, so that an empty table still has its header."""
    if frame.is_empty():
        yield frame
    else:
        yield from frame.iter_slices(BATCH)


def cell(hole: Hole, escapes: Mapping[str, str]) -> pl.Expr:
    """A hole's text, escaped where its column may hold anything."""
    text = pl.col(hole.name)
    return text.str.replace_many(list(escapes), list(escapes.values())) if hole.column.is_free_text else text


def joined(exprs: Sequence[pl.Expr], separator: str) -> pl.Expr:
    """The non-null texts, joined; null where all are null."""
    text = pl.concat_str(exprs, separator=separator, ignore_nulls=True)
    return pl.when(pl.any_horizontal(e.is_not_null() for e in exprs)).then(text)
