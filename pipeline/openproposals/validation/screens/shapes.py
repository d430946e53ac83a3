"""The screen of shapes: SHACL Core over the known graph, in three values.

Each constraint says of each node whether it surely conforms, surely does not, or neither (`logic`): `each` has the
rules on one value, `together` those on all values of a node. A node that surely conforms to a shape is proved; the
others are suspects. A part of a shape that does not compile is named, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH

from openproposals.validation.screens import all_values, closure, each_value, logic
from openproposals.validation.screens.implied import ImpliedGraph, Kind, Mask, RowNumbers
from openproposals.validation.screens.logic import Proof
from openproposals.validation.screens.paths import NotCompiledError, Paths, Values

_ANNOTATIONS = {
    SH.path, SH.message, SH.severity, SH.name, SH.ignoredProperties, SH.description, SH.order, SH.group, SH.deactivated,
    SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode, RDF.type, RDFS.comment, RDFS.label,
    RDFS.seeAlso, RDFS.isDefinedBy,
}  # fmt: skip
_WITH_ANOTHER = {SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.flags}  # said by the rule that they go with
_COMBINED: dict[rdflib.term.Node, Callable[[Sequence[Proof], int], Proof]] = {
    SH["and"]: logic.every,
    SH["or"]: logic.some,
    SH.xone: logic.one,
}


@dataclass(frozen=True)
class Suspects:
    """Of one shape: the rows of each kind that are not proved, and the parts of the shape that do not compile."""

    shape: rdflib.term.Node
    rows: dict[int, RowNumbers]
    unknown: tuple[str, ...]


class Screen:
    """The shapes of a graph over one corpus."""

    def __init__(self, shapes: rdflib.Graph, known: ImpliedGraph) -> None:
        self.shapes, self.known = shapes, known
        self.paths = Paths(known, shapes)
        self.unknown: set[str] = set()
        self._proofs: dict[tuple[rdflib.term.Node, int], Proof] = {}

    def suspects(self, shape: rdflib.term.Node) -> Suspects:
        """The nodes that a shape is about and that are not proved. Refused: targets that have no rows."""
        self.unknown, self._proofs = set(), {}
        if (None, SH.closed, None) in self.shapes and any(
            inner != shape and (inner, SH.closed, None) in self.shapes for inner in _inside(self.shapes, shape)
        ):
            raise NotCompiledError("a closed shape within another")  # whose results stand on other nodes
        if _property_within(self.shapes, shape):
            raise NotCompiledError("a property shape within another")  # likewise
        if closure.over_addresses(self.known, closure.reads(self.shapes, shape)):
            raise NotCompiledError("a path over addresses")
        found = {}
        for kind, focus in self.targets(shape):
            rows = np.flatnonzero(focus & ~self._on(shape, kind).holds)
            if len(rows):
                found[kind.number] = rows
        return Suspects(shape, found, tuple(sorted(self.unknown)))

    def targets(self, shape: rdflib.term.Node) -> Iterator[tuple[Kind, Mask]]:
        """Which nodes of a kind the shape is about, for each kind that has such."""
        shapes, known = self.shapes, self.known
        if any((shape, p, None) in shapes for p in (SH.targetNode, SH.targetObjectsOf, SH.target)) or (
            (shape, RDF.type, RDFS.Class) in shapes
        ):
            raise NotCompiledError("a target")
        classes = [str(target) for target in shapes.objects(shape, SH.targetClass)]
        properties = [str(target) for target in shapes.objects(shape, SH.targetSubjectsOf)]
        for kind in known.kinds:
            focus = np.zeros(known.height(kind), bool)
            for name in classes:
                mask, closed = known.typed(kind, name)
                focus |= mask if closed else True
            for edge in (edge for name in properties for edge in known.of(kind, name)):
                focus[known.subjects(edge)[known.said(edge)]] = True
            if focus.any():
                yield kind, focus

    def _on(self, shape: rdflib.term.Node, kind: Kind) -> Proof:
        """Every node of a kind held to a shape."""
        every = np.arange(self.known.height(kind))
        return self._holds(shape, Values(every, kind, every))

    def _holds(self, shape: rdflib.term.Node, values: Values) -> Proof:
        """Each value held to a shape, as many proofs as values."""
        if (shape, SH.deactivated, rdflib.Literal(True)) in self.shapes:
            return logic.yes(values.size)
        if (shape, SH.path, None) in self.shapes:
            return self._property(shape, values)
        return logic.every([self._each(shape, p, o, values) for p, o in self._constraints(shape)], values.size)

    def _constraints(self, shape: rdflib.term.Node) -> list[tuple[rdflib.term.Node, rdflib.term.Node]]:
        return [(p, o) for p, o in self.shapes.predicate_objects(shape) if p not in _ANNOTATIONS]

    def _property(self, shape: rdflib.term.Node, values: Values) -> Proof:
        """A property shape on each value."""
        if values.kind is None or values.rows is None:
            if values.iri and not values.foreign:
                return self._unsure(values.size, "a path from an address")
            return self._about(shape, None, [], values.size)  # a literal, or no node of ours: it has no property at all
        height = self.known.height(values.kind)
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
        """The constraints of a property shape, given what its path leads to."""
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
        """One constraint on each value, as many proofs as values."""
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
            return rule(each_value.ValueConstraint(self.known, self.shapes, shape, wanted), values)
        except NotCompiledError as error:
            return self._unsure(values.size, str(error))

    def _qualified(
        self, shape: rdflib.term.Node, wanted: rdflib.term.Node, found: Sequence[Values], height: int
    ) -> Proof:
        """How many values conform to a shape: surely at least, and possibly at most."""
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
        """No proof either way, and what did not compile."""
        self.unknown.add(what)
        return logic.unsure(size)


def _property_within(shapes: rdflib.Graph, shape: rdflib.term.Node) -> bool:
    """Whether a property shape has a sh:property: its results are about values, and nothing leads back from them."""
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
    """All that a shape refers to, over any property, itself included."""
    seen, todo = set(), [shape]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += shapes.objects(here)
    return seen
