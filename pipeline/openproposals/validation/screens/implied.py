"""The graph that the tables imply, held as row numbers and columns, without making its triples.

A kind is one node of a host's template: its nodes have the numbers of the rows of its table. A triple pattern whose
object is a node of a kind is an edge between row numbers; any other object is a constant, or text from a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np
import polars as pl

from openproposals.errors import because
from openproposals.messages import Phrase
from openproposals.model.expressions import iri_text, says
from openproposals.model.hosts import Host
from openproposals.model.tables import Mask, RowNumbers, Tables
from openproposals.model.templates import RDF_TYPE, Hole, Iri, Pattern, TemplateNode

SUB_CLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_SEGMENT = "[A-Za-z0-9._~-]+"  # what a cell in an IRI may be made of, its column's pattern being no wider


@dataclass(frozen=True)
class Kind:
    """The nodes that one node of a template makes, one for each row of its table."""

    number: int
    table: str
    node: TemplateNode
    key: str  # the host's key column, to which guests and links refer
    root: bool


@dataclass(frozen=True)
class Edge:
    """A triple pattern with subjects of `kind`. Rows of `table` publish it: the kind's table, or a guest's."""

    kind: Kind
    table: str
    pattern: Pattern
    column: str = ""  # of a guest: it holds the host's key


class ImpliedGraph:
    """The graph that one corpus implies."""

    def __init__(self, hosts: Sequence[Host], tables: Tables) -> None:
        self.tables = tables
        self.kinds: list[Kind] = []
        self.edges: dict[str, list[Edge]] = {}
        for host in hosts:
            for node in host.node.walk():
                root = node is host.node
                kind = Kind(len(self.kinds), host.table.name, node, host.key, root)
                self.kinds.append(kind)
                for pattern in node.patterns:
                    self.edges.setdefault(pattern.predicate, []).append(Edge(kind, host.table.name, pattern))
                for guest in host.guests if root else ():
                    edge = Edge(kind, guest.table.name, guest.pattern, guest.column)
                    self.edges.setdefault(guest.pattern.predicate, []).append(edge)
        self._alike: dict[tuple[str | None, ...], list[Kind]] = {}
        for kind in self.kinds:
            self._alike.setdefault(_skeleton(kind.node.iri), []).append(kind)
        self._keys = {host.table.name: host.table.key for host in hosts}
        self._foreign: dict[int, bool] = {}  # by the id of a pattern, which the hosts keep alive
        self._said: dict[str, dict[int, Mask | None]] = {}  # by table and the id of a pattern; None: every row

    def height(self, kind: Kind) -> int:
        """The number of rows of the kind's table."""
        return self.tables.height(kind.table)

    @cached_property
    def doubt(self) -> Phrase | None:
        """Why rows and nodes may not correspond one to one, so that nothing can be proved; None where they do."""
        if self.doubt_of_nodes is not None:
            return self.doubt_of_nodes
        lost = next((edge.table for edges in self.edges.values() for edge in edges if self.leads_nowhere(edge)), None)
        return None if lost is None else because("row-missing", table=lost)

    @cached_property
    def doubt_of_nodes(self) -> Phrase | None:
        """As `doubt`, but for links that lead to no row."""
        if SUB_CLASS in self.edges:
            return because("subclasses")
        for kind in self.kinds:
            holes = kind.node.iri.holes
            if self.height(kind) > 1 and not (set(self._keys[kind.table]) <= set(holes) and _separated(kind.node.iri)):
                return because("key-not-in-iri", table=kind.table)
        for one, other in combinations([k for k in self.kinds if self.height(k)], 2):
            if self._meet(one, other):
                return because("node-of-two", table=one.table, other=other.table)
        return None

    def leads_nowhere(self, edge: Edge) -> bool:
        """Whether a row publishes an edge whose subject or object is in no row."""
        target = self.target(edge)
        ends = [self.subjects(edge)] if edge.column else []
        ends += [self.objects(edge, target)] if target is not None else []
        return any((rows[self.said(edge)] < 0).any() for rows in ends)

    def _meet(self, one: Kind, other: Kind) -> bool:
        """Whether a node of one kind has the IRI of a node of the other."""
        if not overlap(one.node.iri, other.node.iri):
            return False
        for a, b in ((one, other), (other, one)):
            columns = list(dict.fromkeys(a.node.iri.holes))
            found = False
            for batch in self.tables.batches(a.table, columns):
                found = found or bool(batch.select(iri_text(a.node.iri).str.contains(_regex(b.node.iri)).any()).item())
            if not found:
                return False
        return not self._iris(one).join(self._iris(other), on="i", how="semi").is_empty()

    def said(self, edge: Edge) -> Mask:
        """Which rows of the edge's table publish its pattern."""
        table = edge.table
        if table not in self._said:
            patterns = [e.pattern for edges in self.edges.values() for e in edges if e.table == table]
            columns = list(dict.fromkeys(c for p in patterns for c in p.columns))
            exprs = [says(p).fill_null(value=False).alias(str(i)) for i, p in enumerate(patterns)]
            parts = [batch.select(exprs) for batch in self.tables.batches(table, columns)]
            found: dict[int, Mask | None] = {}
            for i, pattern in enumerate(patterns):
                masks = [_whole(part[str(i)], batch_height(part, part[str(i)])) for part in parts]
                mask = np.concatenate(masks) if masks else np.empty(0, bool)
                found[id(pattern)] = None if mask.all() else mask
            self._said[table] = found
        publishing = self._said[table][id(edge.pattern)]
        return np.ones(self.tables.height(table), bool) if publishing is None else publishing

    def link(self, table: str, column: str, kind: Kind) -> RowNumbers:
        """For each row of a table, the row of the kind whose key the column holds; -1 where there is none."""
        return self.tables.link(table, column, kind.table, kind.key)

    def subjects(self, edge: Edge) -> RowNumbers:
        """For each row of the edge's table, the row number of the subject in its kind."""
        if not edge.column:
            return np.arange(self.tables.height(edge.table))
        return self.link(edge.table, edge.column, edge.kind)

    def target(self, edge: Edge) -> Kind | None:
        """The kind of the pattern's objects; None where they are literals, or IRIs of no known kind."""
        wanted = edge.pattern.object
        if not isinstance(wanted, Iri) or not wanted.holes:
            return None
        alike = self._alike.get(_skeleton(wanted), ())
        for kind in alike:
            if edge.table == kind.table and kind.node.iri.holes == wanted.holes:
                return kind  # nested in the same row
        for kind in alike:
            named = isinstance(wanted.parts[0], str) and len(wanted.holes) == 1
            if named and kind.node.iri.holes == (kind.key,):  # and the key is this column alone, or there is a doubt
                return kind
        return None

    def objects(self, edge: Edge, kind: Kind) -> RowNumbers:
        """For each row of the edge's table, the row number of the object in `kind`; -1 for none."""
        wanted = edge.pattern.object
        if edge.table == kind.table and kind.node.iri.holes == wanted.holes:
            return np.arange(self.tables.height(edge.table))
        return self.link(edge.table, wanted.holes[0], kind)

    def foreign(self, edge: Edge) -> bool:
        """Whether no object of an edge without a target is a node: they are literals, or IRIs that no row makes."""
        place = id(edge.pattern)
        if place not in self._foreign:
            wanted = edge.pattern.object
            self._foreign[place] = not isinstance(wanted, Iri) or not self._names(edge.table, wanted)
        return self._foreign[place]

    def _names(self, table: str, iri: Iri) -> bool:
        """Whether an IRI that rows of a table fill in is that of a node."""
        kinds = [k for k in self.kinds if self.height(k) and overlap(k.node.iri, iri)]
        if not kinds or not self.tables.height(table):
            return False
        held: dict[int, pl.DataFrame] = {}  # of the kinds of which a row may make a node
        for wanted in self._filled(table, iri):
            for kind in kinds:
                like = wanted.filter(pl.col("i").str.contains(_regex(kind.node.iri)))
                if like.is_empty():
                    continue
                if kind.number not in held:
                    held[kind.number] = self._iris(kind)
                if not like.join(held[kind.number], on="i", how="semi").is_empty():
                    return True
        return False

    def _filled(self, table: str, iri: Iri) -> Iterator[pl.DataFrame]:
        """The IRIs that rows of a table fill in, a batch at a time; one that has no holes once."""
        if not iri.holes:
            yield pl.DataFrame({"i": ["".join(map(str, iri.parts))]})
            return
        for batch in self.tables.batches(table, list(dict.fromkeys(iri.holes))):
            yield batch.select(i=iri_text(iri))

    def _iris(self, kind: Kind) -> pl.DataFrame:
        columns = list(dict.fromkeys(kind.node.iri.holes))
        return self.tables.columns(kind.table, columns).select(i=iri_text(kind.node.iri))

    def typed(self, kind: Kind, name: str) -> tuple[Mask, bool]:
        """Which nodes of a kind surely have the class, and whether the others surely do not."""
        mask, closed = np.zeros(self.height(kind), bool), True
        for edge in self.edges.get(RDF_TYPE, ()):
            if edge.kind is not kind:
                continue
            wanted = edge.pattern.object
            constant = isinstance(wanted, Iri) and not wanted.holes
            closed = closed and constant
            if constant and isinstance(wanted, Iri) and "".join(map(str, wanted.parts)) == name:
                mask[self.subjects(edge)[self.said(edge)]] = True
        return mask, closed

    def of(self, kind: Kind, predicate: str) -> Iterator[Edge]:
        """The edges with this property whose subjects are of this kind."""
        return (edge for edge in self.edges.get(predicate, ()) if edge.kind is kind)


def batch_height(part: pl.DataFrame, series: pl.Series) -> int:
    """The number of rows of a batch; an expression without a column has one row for the whole batch."""
    return max(part.height, len(series))


def _whole(series: pl.Series, height: int) -> Mask:
    mask = series.to_numpy()
    return mask if len(mask) == height else np.full(height, bool(mask[0]))


def _skeleton(iri: Iri) -> tuple[str | None, ...]:
    return tuple(None if isinstance(part, Hole) else part for part in iri.parts)


def _narrow(hole: Hole) -> bool:
    """Whether the column's cells surely are single IRI segments, without / and #."""
    column = hole.column
    if column.enum:
        return all(re.fullmatch(_SEGMENT, value) for value in column.enum)
    return (
        bool(column.pattern) and "/" not in column.pattern and "#" not in column.pattern and "^" not in column.pattern
    )


def _separated(iri: Iri) -> bool:
    """Whether different cells make different IRIs: between two holes stands a separator, which no cell holds."""
    holes = [p for p in iri.parts if isinstance(p, Hole)]
    if len(holes) == 1:
        return True
    between = iri.parts[iri.parts.index(holes[0]) : len(iri.parts) - iri.parts[::-1].index(holes[-1])]
    return (
        all(map(_narrow, holes))
        and all(isinstance(a, Hole) != isinstance(b, Hole) for a, b in pairwise(between))
        and all(isinstance(p, Hole) or re.search("[/#]", p) for p in between)
    )


def _regex(iri: Iri) -> str:
    """A regular expression that every filled-in IRI matches, in the syntax that Rust and Python share."""
    parts = [(_SEGMENT if _narrow(p) else "(?s:.*)") if isinstance(p, Hole) else _escaped(p) for p in iri.parts]
    return rf"\A{''.join(parts)}\z"


def _escaped(text: str) -> str:
    return "".join(c if c.isalnum() else f"\\x{ord(c):02x}" if ord(c) < 128 else c for c in text)


def overlap(one: Iri, other: Iri) -> bool:
    """Whether two IRIs with holes may give the same IRI. True where that is not known.

    Cells hold no / and no #: so the IRIs may be equal only if they have equally many segments, pairwise alike.
    """
    if not all(_narrow(p) for iri in (one, other) for p in iri.parts if isinstance(p, Hole)):
        heads = [next((p for p in iri.parts[:1] if isinstance(p, str)), "") for iri in (one, other)]
        return heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])
    segments = [
        re.split("([/#])", "".join("\0" if isinstance(p, Hole) else p for p in iri.parts)) for iri in (one, other)
    ]
    if len(segments[0]) != len(segments[1]):
        return False
    return all(_alike(a, b) for a, b in zip(*segments, strict=True))


def _alike(one: str, other: str) -> bool:
    if "\0" not in one and "\0" not in other:
        return one == other
    if "\0" not in one or "\0" not in other:
        holed, plain = (one, other) if "\0" in one else (other, one)
        return re.fullmatch(re.escape(holed).replace("\0", _SEGMENT), plain) is not None
    heads = [text.split("\0")[0] for text in (one, other)]
    tails = [text.split("\0")[-1] for text in (one, other)]
    return (heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])) and (
        tails[0].endswith(tails[1]) or tails[1].endswith(tails[0])
    )
