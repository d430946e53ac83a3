"""What every writer shares: which table hosts a subject, who else speaks of it, and blocks streamed in order.

A subject has one host: the table whose own node it is. A template whose root is another table's row is a guest: what
it says is gathered into the host's block, members sorted and unique, so that all that is said of a subject stands in
one place. Rows become text in columns (Polars expressions), a batch at a time, never a Python object a triple.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openproposals.errors import TemplateError
from openproposals.schema import Table
from openproposals.store import Tables, of
from openproposals.templates import Hole, Iri, Node, Pattern, Template

Frames = Mapping[str, pl.DataFrame]


class Sink(Protocol):
    """Where bytes go; a release's sinks hash and count them on the way."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


class Memory:
    """A sink that keeps what it is given, for a graph that is judged as a whole."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        self._parts.append(data)

    def data(self) -> bytes:
        """All of it."""
        return b"".join(self._parts)


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


@dataclass(frozen=True)
class _Guests:
    """What one guest says of a host's subjects, in the order of the host's rows: row numbers and link cells."""

    guest: Guest
    rows: pl.DataFrame
    hosts: NDArray[np.int64]

    def of(self, first: int, end: int) -> pl.DataFrame:
        """What it says of these rows of the host."""
        begin, stop = np.searchsorted(self.hosts, (first, end))
        return self.rows.slice(int(begin), int(stop - begin))


def _gathered(host: Host, tables: Tables) -> list[_Guests]:
    """Every guest of a host that has rows."""
    guests = [guest for guest in host.guests if tables.height(guest.table.name)]
    keys = tables.columns(host.table.name, [host.key]).with_row_index("_host") if guests else pl.DataFrame()
    found = []
    for guest in guests:
        columns = list(dict.fromkeys((*guest.pattern.columns, guest.column)))
        rows = tables.columns(guest.table.name, columns).filter(said(guest.pattern))
        rows = rows.join(keys, left_on=guest.column, right_on=host.key, how="inner", maintain_order="left")
        rows = rows.sort("_host", maintain_order=True)
        found.append(_Guests(guest, rows, rows["_host"].to_numpy()))
    return found


@dataclass
class _Dump:
    """One dump on its way into its sink."""

    syntax: Syntax
    sink: Sink
    tally: Tally = field(default_factory=Tally)
    first: bool = True

    def write(self, host: Host, guests: Sequence[_Guests], rows: pl.DataFrame, number: int) -> None:
        """The blocks of these rows of the host, the first of them numbered so."""
        syntax = self.syntax
        groups: dict[str, list[_Guests]] = {}
        for each in guests:
            groups.setdefault(syntax.group(each.guest.pattern), []).append(each)
        columns: dict[str, pl.Expr] = {}
        frame = rows.with_row_index("_host", number)
        for name, some in groups.items():
            column = f"_gathered_{len(columns)}"
            members = self._members(host, name, some, frame, number).rename({"_member": column})
            frame = frame.join(members, on="_host", how="left", maintain_order="left")
            columns[name] = pl.col(column)
        patterns = [p for node in host.node.walk() for p in node.patterns]
        sums = [said(p).sum().alias(str(i)) for i, p in enumerate(patterns)]
        self.tally.add(host.table.name, sum(frame.select(sums).row(0)))
        # lazily, so that what stands in an expression twice is made once
        blocks = frame.lazy().select(block=syntax.block(host, columns)).collect().to_series().drop_nulls()
        text = str(blocks.str.join(syntax.between)[0]) if len(blocks) else ""
        if text:
            self.sink.write((text if self.first else syntax.between + text).encode())
            self.first = False

    def _members(
        self, host: Host, name: str, guests: Sequence[_Guests], frame: pl.DataFrame, number: int
    ) -> pl.DataFrame:
        """By row of the host, a group's members: sorted, unique, joined."""
        syntax = self.syntax
        pairs = [
            each.of(number, number + frame.height).select(
                "_host", _member=syntax.member(each.guest.pattern), _table=pl.lit(each.guest.table.name)
            )
            for each in guests
        ]
        own = [p for p in host.node.patterns if syntax.group(p) == name]
        pairs += [
            frame.filter(said(p)).select("_host", _member=syntax.own(host, p), _table=pl.lit(host.table.name))
            for p in own
        ]
        found = pl.concat(pairs).unique(["_host", "_member"], keep="first", maintain_order=True)
        for table, count in found.group_by("_table").len().iter_rows():
            if table != host.table.name:  # the host's own are counted with the rest of its patterns
                self.tally.add(table, count)
        sorted_ = found.sort("_host", "_member").group_by("_host", maintain_order=True)
        return sorted_.agg(pl.col("_member").str.join(syntax.separator))


def write(hosts: Sequence[Host], frames: Frames, syntax: Syntax, sink: Sink) -> Tally:
    """Write a whole dump into the sink, every host's blocks in order. Returns the triples written, by table."""
    return write_each(hosts, frames, [(syntax, sink)])


def write_each(
    hosts: Sequence[Host], frames: Frames, outputs: Sequence[tuple[Syntax, Sink]], told: Callable[[int], object] = int
) -> Tally:
    """Write dumps in several syntaxes in one pass over the tables; `told` hears how many rows of hosts are done."""
    tables = of(frames)
    dumps = [_Dump(syntax, sink) for syntax, sink in outputs]
    done = 0
    with ThreadPoolExecutor(max_workers=len(dumps)) as threads:
        for dump in dumps:
            dump.sink.write(dump.syntax.prologue())
        for host in hosts:
            guests = _gathered(host, tables)
            number = 0
            for rows in tables.batches(host.table.name):
                write_one = partial(_Dump.write, host=host, guests=guests, rows=rows, number=number)
                for _ in threads.map(write_one, dumps):
                    pass
                number += rows.height
                told(done + number)
            done += number
        for dump in dumps:
            dump.sink.write(dump.syntax.epilogue())
    return dumps[0].tally


def count(hosts: Sequence[Host], tables: Tables) -> Tally:
    """How many triples each table's rows give, without writing them."""
    tally = Tally()
    for host in hosts:
        own = [(host.table.name, p) for node in host.node.walk() for p in node.patterns]
        guests = [(guest.table.name, guest.pattern) for guest in host.guests]
        for name in dict.fromkeys(n for n, _ in (*guests, *own)):
            patterns = [p for n, p in (*own, *guests) if n == name]
            columns = list(dict.fromkeys(c for p in patterns for c in p.columns))
            for batch in tables.batches(name, columns):
                sums = [said(p).sum().alias(str(i)) for i, p in enumerate(patterns)]
                tally.add(name, sum(batch.select(sums).row(0)))
    return tally


def cell(hole: Hole, escapes: Mapping[str, str]) -> pl.Expr:
    """A hole's text, escaped where its column may hold anything."""
    text = pl.col(hole.name)
    return text.str.replace_many(list(escapes), list(escapes.values())) if hole.column.is_free_text else text


def joined(exprs: Sequence[pl.Expr], separator: str) -> pl.Expr:
    """The non-null texts, joined; null where all are null."""
    text = pl.concat_str(exprs, separator=separator, ignore_nulls=True)
    return pl.when(pl.any_horizontal(e.is_not_null() for e in exprs)).then(text)
