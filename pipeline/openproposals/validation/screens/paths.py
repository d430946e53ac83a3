"""Evaluate property paths from the nodes of a kind: pairs of a focus and a value, as row numbers or as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
import rdflib
from numpy.typing import NDArray
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

from openproposals.errors import because
from openproposals.model.tables import RowNumbers
from openproposals.model.templates import Hole, Literal_, Part
from openproposals.validation.screens.implied import Edge, ImpliedGraph, Kind

MOST = 50_000_000  # pairs; a path that gives more is left to the judge


class NotCompiledError(Exception):
    """A part of a shape that cannot be proved in columns; the judge gets every node that it is about."""


@dataclass(frozen=True)
class Values:
    """Pairs of a focus and a value. Values are nodes of `kind` (by `rows`), or texts: `prefix` and then `text`.

    Without a kind and a text, every value is the constant `prefix`. `iri` states whether texts are IRIs, `foreign`
    whether they surely are not IRIs of nodes. Texts are loaded only when a rule asks for them.
    """

    focus: RowNumbers
    kind: Kind | None = None
    rows: RowNumbers | None = None
    prefix: str = ""
    load: Callable[[], pl.Series] | None = None
    iri: bool = False
    foreign: bool = True
    datatype: str = ""
    language: str = ""

    @property
    def size(self) -> int:
        """The number of pairs."""
        return len(self.focus)

    @cached_property
    def text(self) -> pl.Series | None:
        """The text of each pair, without `prefix`; None for nodes and for a constant."""
        return None if self.load is None else self.load()

    def keep(self, chosen: NDArray[np.bool_] | RowNumbers, focus: RowNumbers) -> Values:
        """The chosen pairs (a mask or numbers), with a new focus for each."""
        rows = None if self.rows is None else self.rows[chosen]
        load = self.load
        return replace(self, focus=focus, rows=rows, load=None if load is None else lambda: _chosen(load(), chosen))


def _chosen(text: pl.Series, chosen: NDArray[np.bool_] | RowNumbers) -> pl.Series:
    return text.filter(pl.Series(chosen)) if chosen.dtype == bool else text[chosen]


class Paths:
    """Evaluates property paths of shapes over an implied graph."""

    def __init__(self, implied: ImpliedGraph, shapes: rdflib.Graph) -> None:
        self.implied, self.shapes = implied, shapes

    def values(self, kind: Kind, path: rdflib.term.Node) -> list[Values]:
        """The values of a path for each node of a kind. Raises NotCompiledError for a path that it cannot evaluate."""
        shapes = self.shapes
        if isinstance(path, rdflib.URIRef):
            return [
                self._pairs(edge) for edge in self.implied.of(kind, str(path)) if self.implied.tables.height(edge.table)
            ]
        if (inner := shapes.value(path, SH.inversePath)) is not None:
            return self._inverse(kind, inner)
        if (options := shapes.value(path, SH.alternativePath)) is not None:
            return [v for option in Collection(shapes, options) for v in self.values(kind, option)]
        if (path, RDF.first, None) in shapes:
            first, *rest = Collection(shapes, path)
            found = self.values(kind, first)
            for step in rest:
                found = self._onward(found, step)
            return found
        if (inner := shapes.value(path, SH.oneOrMorePath)) is not None:
            return self._again(self.values(kind, inner), inner)
        raise NotCompiledError(because("path"))

    def _pairs(self, edge: Edge) -> Values:
        """The pairs that one edge gives."""
        implied, wanted = self.implied, edge.pattern.object
        said = implied.said(edge)
        focus = implied.subjects(edge)[said]
        if isinstance(wanted, Literal_):
            prefix, load = self._text(edge, (wanted.value,), said)
            return Values(focus, prefix=prefix, load=load, datatype=wanted.datatype, language=wanted.language)
        kind = implied.target(edge)
        if kind is not None:
            return Values(focus, kind, implied.objects(edge, kind)[said])
        prefix, load = self._text(edge, wanted.parts, said)
        return Values(focus, prefix=prefix, load=load, iri=True, foreign=implied.foreign(edge))

    def _text(
        self, edge: Edge, parts: Sequence[Part], said: NDArray[np.bool_]
    ) -> tuple[str, Callable[[], pl.Series] | None]:
        """The constant with which these parts begin, and a function that loads the rest (None: no hole)."""
        holes = [p.name for p in parts if isinstance(p, Hole)]
        if not holes:
            return "".join(map(str, parts)), None
        prefix = parts[0] if isinstance(parts[0], str) else ""
        exprs = [pl.col(p.name) if isinstance(p, Hole) else pl.lit(p) for p in (parts[1:] if prefix else parts)]

        def load() -> pl.Series:
            columns = self.implied.tables.columns(edge.table, list(dict.fromkeys(holes)))
            text = columns.select(t=pl.concat_str(exprs) if len(exprs) > 1 else exprs[0])["t"]
            return text if said.all() else text.filter(pl.Series(said))

        return prefix, load

    def _inverse(self, kind: Kind, path: rdflib.term.Node) -> list[Values]:
        """sh:inversePath: from objects to subjects, over one property."""
        if not isinstance(path, rdflib.URIRef):
            raise NotCompiledError(because("inverse-of-path"))
        found = []
        for edge in self.implied.edges.get(str(path), ()):
            if not self.implied.tables.height(edge.table):
                continue
            target = self.implied.target(edge)
            if target is None and not self.implied.foreign(edge):
                raise NotCompiledError(because("inverse-addresses"))
            if target is kind:
                said = self.implied.said(edge)
                found.append(
                    Values(self.implied.objects(edge, kind)[said], edge.kind, self.implied.subjects(edge)[said])
                )
        return found

    def _onward(self, found: Sequence[Values], step: rdflib.term.Node) -> list[Values]:
        """The next step of a path: the values of each value, for the same focus."""
        onward: list[Values] = []
        for values in found:
            if values.kind is None or values.rows is None:
                if values.iri and not values.foreign and len(values.focus):
                    raise NotCompiledError(because("path-addresses"))
                continue
            if (values.rows < 0).any():
                raise NotCompiledError(because("path-broken"))
            onward += [compose(values, then) for then in self.values(values.kind, step)]
        return onward

    def _again(self, found: list[Values], step: rdflib.term.Node) -> list[Values]:
        """sh:oneOrMorePath: repeat the step until nothing new is reached."""
        reached, newest = found, found
        size = sum(len(v.focus) for v in found)
        seen = distinct(found)
        while size:
            newest = [v for v in self._onward(newest, step) if len(v.focus)]
            if any(v.kind is None for v in newest):
                raise NotCompiledError(because("path-to-texts"))
            before = len(seen)
            seen = ordered(np.concatenate([seen, distinct(newest)]))
            if len(seen) == before:
                break
            reached = [*reached, *newest]
            size += sum(len(v.focus) for v in newest)
            if size > MOST:
                raise NotCompiledError(because("path-grows"))
        return reached


def compose(values: Values, then: Values) -> Values:
    """Join pairs (focus, node) with pairs (node, value) to pairs (focus, value)."""
    assert values.rows is not None
    order = np.argsort(then.focus, kind="stable")
    size = max(values.rows.max(initial=-1), then.focus.max(initial=-1)) + 1
    many = np.bincount(then.focus, minlength=size)
    begins, counts = (np.cumsum(many) - many)[values.rows], many[values.rows]
    total = int(counts.sum())
    if total > MOST:
        raise NotCompiledError(because("path-grows"))
    ends = np.cumsum(counts)
    within = np.arange(total) - np.repeat(ends - counts, counts)
    chosen = order[np.repeat(begins, counts) + within]
    return then.keep(chosen, np.repeat(values.focus, counts))


def distinct(found: Sequence[Values]) -> RowNumbers:
    """The pairs whose value is a node, in order, each once, as numbers: focus, kind (8 bits), row (28 bits)."""
    parts = []
    for values in found:
        if values.kind is not None and values.rows is not None:
            node = (np.int64(values.kind.number) << 28) | values.rows.astype(np.int64)
            parts.append((values.focus.astype(np.int64) << 36) | node)
    if not parts:
        return np.empty(0, np.int64)
    return ordered(np.concatenate(parts) if len(parts) > 1 else parts[0])


def ordered(numbers: RowNumbers) -> RowNumbers:
    """The numbers in order, each once; np.unique would hash them, which takes ten times as long."""
    if (numbers[1:] > numbers[:-1]).all():
        return numbers  # as those of a row's own pattern always are
    found = np.sort(numbers)
    once: RowNumbers = found[np.diff(found, prepend=found[:1] - 1) != 0]
    return once
