"""The screen of shapes: SHACL Core over the implied graph, in logic of three values.

For each node, a constraint surely holds, surely fails, or is unknown (`logic`). `each_value` has the rules on one
value, `all_values` those on all values of a node. A node that surely conforms to a shape is proved; the others are
suspects. A part of a shape that is not known here is listed, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH

from openproposals.errors import because
from openproposals.model.tables import Mask, RowNumbers
from openproposals.model.templates import Iri
from openproposals.validation.screens import all_values, closure, each_value, logic
from openproposals.validation.screens.implied import ImpliedGraph, Kind
from openproposals.validation.screens.logic import Proof
from openproposals.validation.screens.paths import NotCompiledError, Paths, Values

_ANNOTATIONS = {
    SH.path, SH.message, SH.severity, SH.name, SH.ignoredProperties, SH.description, SH.order, SH.group, SH.deactivated,
    SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode, RDF.type, RDFS.comment, RDFS.label,
    RDFS.seeAlso, RDFS.isDefinedBy,
}  # fmt: skip
_WITH_ANOTHER = {SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.flags}  # handled by the constraint that they belong to
_COMBINED: dict[rdflib.term.Node, Callable[[Sequence[Proof], int], Proof]] = {
    SH["and"]: logic.every,
    SH["or"]: logic.some,
    SH.xone: logic.one,
}


@dataclass(frozen=True)
class UnprovedNodes:
    """The suspects of one shape: row numbers by the number of their kind, and the parts that are not known here."""

    shape: rdflib.term.Node
    rows: dict[int, RowNumbers]
    unknown: tuple[str, ...]


class Screen:
    """Proves which nodes of an implied graph conform to the shapes of a shapes graph."""

    def __init__(self, shapes: rdflib.Graph, implied: ImpliedGraph, only: str = "") -> None:
        """only: the table whose nodes are to be proved ("": all)."""
        self.shapes, self.implied, self.only = shapes, implied, only
        self.paths = Paths(implied, shapes)
        self.unknown: set[str] = set()
        self._proofs: dict[tuple[rdflib.term.Node, int], Proof] = {}

    def suspects(self, shape: rdflib.term.Node) -> UnprovedNodes:
        """The targets of a shape that are not proved. Raises NotCompiledError for a shape that it cannot handle."""
        self.unknown, self._proofs = set(), {}
        self.demand(shape)
        if closure.over_addresses(self.implied, closure.reads(self.shapes, shape)):
            raise NotCompiledError(because("path-addresses"))
        found = {}
        for kind, focus in self.targets(shape):
            rows = np.flatnonzero(focus & ~self._on(shape, kind).holds)
            if len(rows):
                found[kind.number] = rows
        return UnprovedNodes(shape, found, tuple(sorted(self.unknown)))

    def demand(self, shape: rdflib.term.Node) -> None:
        """Raises NotCompiledError for a shape that cannot be proved here, whatever the rows."""
        if (None, SH.closed, None) in self.shapes and any(
            inner != shape and (inner, SH.closed, None) in self.shapes for inner in _inside(self.shapes, shape)
        ):
            raise NotCompiledError(because("closed-inner"))  # whose results stand on other nodes
        if _property_within(self.shapes, shape):
            raise NotCompiledError(because("property-inner"))  # likewise

    def tables_of(self, shape: rdflib.term.Node) -> set[str]:
        """The tables that may have targets of a shape; all kinds are looked at, whatever their rows say.

        Raises NotCompiledError for a target that is not known here.
        """
        implied, (classes, properties) = self.implied, self._aimed_at(shape)
        typed = {
            edge.kind.table
            for edge in implied.edges.get(str(RDF.type), ())
            if isinstance(edge.pattern.object, Iri)
            and (edge.pattern.object.holes or "".join(map(str, edge.pattern.object.parts)) in classes)
        }
        return typed | {edge.kind.table for name in properties for edge in implied.edges.get(name, ())}

    def _aimed_at(self, shape: rdflib.term.Node) -> tuple[list[str], list[str]]:
        """The classes whose nodes are a shape's targets, and the properties whose subjects are."""
        shapes = self.shapes
        if any((shape, p, None) in shapes for p in (SH.targetNode, SH.targetObjectsOf, SH.target)) or (
            (shape, RDF.type, RDFS.Class) in shapes
        ):
            raise NotCompiledError(because("target"))
        classes = [str(target) for target in shapes.objects(shape, SH.targetClass)]
        return classes, [str(target) for target in shapes.objects(shape, SH.targetSubjectsOf)]

    def targets(self, shape: rdflib.term.Node) -> Iterator[tuple[Kind, Mask]]:
        """The targets of a shape: for each kind that has any, a mask over its nodes."""
        implied, (classes, properties) = self.implied, self._aimed_at(shape)
        for kind in (kind for kind in implied.kinds if self.only in ("", kind.table)):
            focus = np.zeros(implied.height(kind), bool)
            for name in classes:
                mask, closed = implied.typed(kind, name)
                focus |= mask if closed else True
            for edge in (edge for name in properties for edge in implied.of(kind, name)):
                focus[implied.subjects(edge)[implied.said(edge)]] = True
            if focus.any():
                yield kind, focus

    def _on(self, shape: rdflib.term.Node, kind: Kind) -> Proof:
        """The proofs of a shape for every node of a kind."""
        every = np.arange(self.implied.height(kind))
        return self._holds(shape, Values(every, kind, every))

    def _holds(self, shape: rdflib.term.Node, values: Values) -> Proof:
        """The proofs of a shape for each value."""
        if (shape, SH.deactivated, rdflib.Literal(True)) in self.shapes:
            return logic.yes(values.size)
        if (shape, SH.path, None) in self.shapes:
            return self._property(shape, values)
        return logic.every([self._each(shape, p, o, values) for p, o in self._constraints(shape)], values.size)

    def _constraints(self, shape: rdflib.term.Node) -> list[tuple[rdflib.term.Node, rdflib.term.Node]]:
        return [(p, o) for p, o in self.shapes.predicate_objects(shape) if p not in _ANNOTATIONS]

    def _property(self, shape: rdflib.term.Node, values: Values) -> Proof:
        """The proofs of a property shape for each value."""
        if values.kind is None or values.rows is None:
            if values.iri and not values.foreign:
                return self._unsure(values.size, "a path from an address")
            return self._about(shape, None, [], values.size)  # a literal, or no node of ours: it has no property at all
        height = self.implied.height(values.kind)
        place = (shape, values.kind.number)
        if place not in self._proofs:
            try:
                found = self.paths.values(values.kind, self.shapes.value(shape, SH.path) or shape)
                self._proofs[place] = self._about(shape, values.kind, found, height)
            except NotCompiledError as error:
                self._proofs[place] = self._unsure(height, str(error))
        proof = self._proofs[place]
        if values.size == height and values.rows is values.focus:
            return proof
        return Proof(proof.holds[values.rows], proof.fails[values.rows])

    def _about(self, shape: rdflib.term.Node, kind: Kind | None, found: Sequence[Values], height: int) -> Proof:
        """The proofs of a property shape for `height` nodes, given the values of its path."""
        proofs = []
        for constraint, wanted in self._constraints(shape):
            if constraint in _WITH_ANOTHER:
                continue
            if constraint == SH.qualifiedValueShape:
                proofs.append(self._qualified(shape, wanted, found, height))
            elif (rule := all_values.RULES.get(constraint)) is not None:
                proofs.append(rule(all_values.SetConstraint(self.paths, shape, wanted, kind, height), found))
            else:
                proofs.append(self._all(shape, constraint, wanted, found, height))
        return logic.every(proofs, height)

    def _all(
        self,
        shape: rdflib.term.Node,
        constraint: rdflib.term.Node,
        wanted: rdflib.term.Node,
        found: Sequence[Values],
        height: int,
    ) -> Proof:
        """A constraint on each value: it holds where it holds of all, and fails where it fails of one."""
        holds, fails = np.ones(height, bool), np.zeros(height, bool)
        for values in found:
            one = self._each(shape, constraint, wanted, values)
            holds[values.focus[~one.holds]] = False
            fails[values.focus[one.fails]] = True
        return Proof(holds, fails)

    def _each(
        self, shape: rdflib.term.Node, constraint: rdflib.term.Node, wanted: rdflib.term.Node, values: Values
    ) -> Proof:
        """The proofs of one constraint for each value."""
        if constraint in (SH.node, SH.property):
            return self._holds(wanted, values)
        if constraint == SH["not"]:
            return logic.opposite(self._holds(wanted, values))
        if constraint in _COMBINED:
            options = [self._holds(option, values) for option in Collection(self.shapes, wanted)]
            return _COMBINED[constraint](options, values.size)
        rule = each_value.RULES.get(constraint)
        if rule is None:
            return self._unsure(values.size, str(constraint))
        try:
            return rule(each_value.ValueConstraint(self.implied, self.shapes, shape, wanted), values)
        except NotCompiledError as error:
            return self._unsure(values.size, str(error))

    def _qualified(
        self, shape: rdflib.term.Node, wanted: rdflib.term.Node, found: Sequence[Values], height: int
    ) -> Proof:
        """sh:qualifiedValueShape: bounds on how many values conform to a shape."""
        if (shape, SH.qualifiedValueShapesDisjoint, None) in self.shapes:
            return self._unsure(height, "disjoint qualified shapes")
        sure, possible = [], []
        for values in found:
            one = self._holds(wanted, values)
            sure.append(values.keep(one.holds, values.focus[one.holds]))
            possible.append(values.keep(~one.fails, values.focus[~one.fails]))
        low, high = all_values.count(sure, height)[0], all_values.count(possible, height)[1]
        least, most = (self.shapes.value(shape, p) for p in (SH.qualifiedMinCount, SH.qualifiedMaxCount))
        return all_values.between(low, high, least, most)

    def _unsure(self, size: int, what: str) -> Proof:
        """Proofs of nothing; `what` is listed as not known."""
        self.unknown.add(what)
        return logic.unsure(size)


def _property_within(shapes: rdflib.Graph, shape: rdflib.term.Node) -> bool:
    """Whether a property shape has a sh:property. Results of the inner shape are about values, not about the target."""
    seen, todo = set(), [(shape, False)]
    while todo:
        here, below = todo.pop()
        inner = list(shapes.objects(here, SH.property))
        below = below or (here, SH.path, None) in shapes
        if below and inner:
            return True
        if here not in seen:
            seen.add(here)
            todo += [(one, below) for one in inner]
    return False


def _inside(shapes: rdflib.Graph, shape: rdflib.term.Node) -> set[rdflib.term.Node]:
    """A shape and all nodes that can be reached from it in the shapes graph."""
    seen, todo = set(), [shape]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += shapes.objects(here)
    return seen
