"""Collect the triples that a judge needs about suspects: all that the shape's paths may cross from them, and types.

More is collected than needed: from the suspects on, every property that occurs in the shape is followed, forwards or
backwards as it occurs there, as many steps as the shape has. More triples change no result; missing ones would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

from openproposals.dumps.turtle import lines
from openproposals.model.expressions import iri_text
from openproposals.model.tables import Mask, RowNumbers, Tables
from openproposals.model.templates import RDF_TYPE
from openproposals.validation.screens import sparql_proofs
from openproposals.validation.screens.implied import Edge, ImpliedGraph, Kind

_PAIRED = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals, SH.targetSubjectsOf)
_INNER = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_LISTED = (SH["or"], SH["and"], SH.xone)


@dataclass(frozen=True)
class Reads:
    """The properties that a shape crosses, forwards and backwards, and in how many steps at most (0: no limit).

    With `everything`, the shape may read any triple.
    """

    forwards: frozenset[str]
    backwards: frozenset[str]
    steps: int
    everything: bool


def reads(shapes: rdflib.Graph, shape: rdflib.term.Node) -> Reads:
    """What a shape reads. A part of the shape that is not known here may read everything."""
    forwards: set[str] = {RDF_TYPE}
    backwards: set[str] = set()
    steps, endless, everything = 0, False, False
    todo, seen = [shape], set()
    while todo:
        here = todo.pop()
        if here in seen:
            everything = everything or (here in set(shapes.objects(None, SH.node)))  # recursion, or the same part twice
            continue
        seen.add(here)
        for predicate, value in shapes.predicate_objects(here):
            if predicate == SH.path:
                for name, inverse, many in _steps(shapes, value):
                    (backwards if inverse else forwards).add(name)
                    steps, endless = steps + 1, endless or many
            elif predicate in _PAIRED:
                forwards.add(str(value))
            elif predicate in _INNER:
                todo.append(value)
            elif predicate in _LISTED:
                todo += Collection(shapes, value)
            elif predicate == SH.sparql:
                rule = sparql_proofs.proof_for(shapes, value, shapes.value(here, SH.path))
                everything = everything or rule is None
                forwards |= set(rule.reads) if rule else set()
            elif predicate in (SH.closed, SH.js, SH.expression, SH.rule, SH.qualifiedValueShapesDisjoint):
                everything = True
    return Reads(frozenset(forwards), frozenset(backwards), 0 if endless else steps + 1, everything)


def _steps(shapes: rdflib.Graph, path: rdflib.term.Node, *, inverse: bool = False) -> Iterator[tuple[str, bool, bool]]:
    """Each property of a path, with whether it is crossed backwards and whether it may be repeated."""
    if isinstance(path, rdflib.URIRef):
        yield str(path), inverse, False
    elif (path, RDF.first, None) in shapes:
        for step in Collection(shapes, path):
            yield from _steps(shapes, step, inverse=inverse)
    else:
        for predicate, inner in shapes.predicate_objects(path):
            if predicate == SH.inversePath:
                yield from _steps(shapes, inner, inverse=not inverse)
            elif predicate == SH.alternativePath:
                for step in Collection(shapes, inner):
                    yield from _steps(shapes, step, inverse=inverse)
            else:
                for name, back, _ in _steps(shapes, inner, inverse=inverse):
                    yield name, back, True


def rows(implied: ImpliedGraph, what: Reads, suspects: Mapping[int, RowNumbers]) -> dict[str, RowNumbers]:
    """By table, the numbers of the rows that a judge needs about the suspects.

    suspects: row numbers, by the number of their kind.
    """
    taken: dict[str, Mask] = {}
    nodes: dict[int, Mask] = {}
    newest: dict[int, Mask] = {}
    for number, some in suspects.items():
        newest[number] = np.zeros(implied.height(implied.kinds[number]), bool)
        newest[number][some] = True
    step = 0
    while newest:
        for number, mask in newest.items():
            nodes[number] = nodes.get(number, np.zeros_like(mask)) | mask
            _take(taken, implied.kinds[number].table, mask)
        step += 1
        if what.steps and step > what.steps and not what.everything:
            break
        reached: dict[int, Mask] = {}
        for edge in _crossed(implied, what.forwards, everything=what.everything):
            target = implied.target(edge)
            if edge.kind.number not in newest:
                continue
            said = _of(newest[edge.kind.number], implied.subjects(edge)) & implied.said(edge)
            _take(taken, edge.table, said)
            if target is not None and said.any():
                _reach(reached, target.number, implied.height(target), implied.objects(edge, target)[said])
        for edge in _crossed(implied, what.backwards, everything=False):
            target = implied.target(edge)
            if target is None or target.number not in newest:
                continue
            said = _of(newest[target.number], implied.objects(edge, target)) & implied.said(edge)
            _take(taken, edge.table, said)
            _reach(reached, edge.kind.number, implied.height(edge.kind), implied.subjects(edge)[said])
        newest = {}
        for number, mask in reached.items():
            fresh = mask & ~nodes.get(number, np.zeros_like(mask))
            if fresh.any():
                newest[number] = fresh
    return {table: np.flatnonzero(mask) for table, mask in taken.items() if mask.any()}


def over_addresses(implied: ImpliedGraph, what: Reads) -> bool:
    """Whether a path may lead over an address in a text column to a node; then the judge needs the whole graph."""
    names = what.forwards | what.backwards
    edges = _crossed(implied, names, everything=what.everything)
    return any(implied.target(edge) is None and not implied.foreign(edge) for edge in edges)


def _crossed(implied: ImpliedGraph, names: frozenset[str], *, everything: bool) -> Iterator[Edge]:
    for name, edges in implied.edges.items():
        if everything or name in names:
            yield from edges


def _of(nodes: Mask, numbers: RowNumbers) -> Mask:
    return nodes[numbers] & (numbers >= 0) if len(nodes) else np.zeros(len(numbers), bool)


def _take(taken: dict[str, Mask], table: str, mask: Mask) -> None:
    taken[table] = taken[table] | mask if table in taken else mask.copy()


def _reach(reached: dict[int, Mask], number: int, height: int, rows_: RowNumbers) -> None:
    mask = reached.setdefault(number, np.zeros(height, bool))
    mask[rows_[rows_ >= 0]] = True


def triples(implied: ImpliedGraph, what: Reads, frames: Mapping[str, pl.DataFrame]) -> bytes:
    """The triples of these rows with properties that the shape reads, as N-Triples."""
    names = what.forwards | what.backwards
    parts: list[str] = []
    for predicate, edges in implied.edges.items():
        if not what.everything and predicate not in names:
            continue
        for edge in edges:
            if edge.table in frames and not frames[edge.table].is_empty():
                parts += lines(edge.pattern, frames[edge.table]).drop_nulls().to_list()
    return "".join(parts).encode()


def iris(kind: Kind, tables: Tables, numbers: RowNumbers) -> set[str]:
    """The IRIs of some of a kind's nodes."""
    frame = tables.rows(kind.table, numbers, list(kind.node.iri.holes))
    return set(frame.select(iri=iri_text(kind.node.iri))["iri"].drop_nulls().to_list())
