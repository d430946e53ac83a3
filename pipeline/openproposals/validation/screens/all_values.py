"""Prove constraints on all values of a node together: their number, which are among them, comparisons with others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import rdflib
from numpy.typing import NDArray
from rdflib.namespace import SH

from openproposals.errors import because
from openproposals.validation.screens import logic, rdf_terms, sparql_proofs
from openproposals.validation.screens.implied import Kind
from openproposals.validation.screens.logic import Proof
from openproposals.validation.screens.paths import NotCompiledError, Paths, Values, distinct

ValueCounts = NDArray[np.int64]


@dataclass(frozen=True)
class SetConstraint:
    """One constraint of a property shape, with its value in the shape (`wanted`), for the `height` nodes of a kind.

    Without a kind, the nodes are literals or IRIs that no row makes, and have no properties.
    """

    paths: Paths
    shape: rdflib.term.Node
    wanted: rdflib.term.Node
    kind: Kind | None
    height: int

    def others(self) -> list[Values]:
        """The values of the property that the constraint names."""
        return self.paths.values(self.kind, self.wanted) if self.kind is not None else []


# Gives a proof for each node. Raises NotCompiledError for a constraint that it does not know.
SetRule = Callable[[SetConstraint, Sequence[Values]], Proof]


def count(found: Sequence[Values], height: int) -> tuple[ValueCounts, ValueCounts]:
    """For each focus node, bounds on the number of its distinct values: at least, at most."""
    nodes = np.bincount((distinct(found) >> 36).astype(np.int64), minlength=height)
    low, high = nodes.copy(), nodes.copy()
    for values in found:
        if values.kind is None:
            some = np.bincount(values.focus, minlength=height)
            high += some
            low = np.maximum(low, some > 0)
    return low, high


def between(
    low: ValueCounts, high: ValueCounts, least: rdflib.term.Node | None, most: rdflib.term.Node | None
) -> Proof:
    """Whether counts known to be between `low` and `high` are at least `least` and at most `most` (None: no bound)."""
    size = len(low)
    bounds = []
    if least is not None:
        bounds.append(Proof(low >= int(str(least)), high < int(str(least))))
    if most is not None:
        bounds.append(Proof(high <= int(str(most)), low > int(str(most))))
    return logic.every(bounds, size)


def _min_count(asked: SetConstraint, found: Sequence[Values]) -> Proof:
    return between(*count(found, asked.height), asked.wanted, None)


def _max_count(asked: SetConstraint, found: Sequence[Values]) -> Proof:
    return between(*count(found, asked.height), None, asked.wanted)


def _has_value(asked: SetConstraint, found: Sequence[Values]) -> Proof:
    holds, absent = np.zeros(asked.height, bool), np.ones(asked.height, bool)
    for values in found:
        same = rdf_terms.same(values, asked.wanted)
        holds[values.focus[same.holds]] = True
        absent[values.focus[~same.fails]] = False
    return Proof(holds, absent)


def _unique_lang(asked: SetConstraint, found: Sequence[Values]) -> Proof:
    height = asked.height
    if not bool(asked.wanted.toPython()):  # type: ignore[attr-defined]
        return logic.yes(height)
    holds = np.ones(height, bool)
    for language in {v.language.lower() for v in found if v.language}:
        counts = sum(np.bincount(v.focus, minlength=height) for v in found if v.language.lower() == language)
        holds &= counts <= 1
    return Proof(holds, np.zeros(height, bool))


def _sets(asked: SetConstraint, found: Sequence[Values], *, equal: bool) -> Proof:
    """sh:equals and sh:disjoint, where every value is a node."""
    other = asked.others()
    holds, fails = np.ones(asked.height, bool), np.zeros(asked.height, bool)
    for values in (*found, *other):
        if values.kind is None:
            holds[values.focus] = False
    mine, theirs = distinct(found), distinct(other)
    odd = np.setxor1d(mine, theirs, True) if equal else np.intersect1d(mine, theirs, True)
    holds[odd >> 36] = False
    return Proof(holds, fails)


def _below(asked: SetConstraint, found: Sequence[Values], *, strictly: bool) -> Proof:
    """sh:lessThan and sh:lessThanOrEquals, of numbers; rounding is monotone, so what is below stays below."""
    height = asked.height
    highest, lowest = np.full(height, -np.inf), np.full(height, np.inf)
    least, most = np.full(height, np.inf), np.full(height, -np.inf)
    known = np.ones(height, bool)
    some = np.zeros((2, height), bool)
    for number, side in enumerate((found, asked.others())):
        for values in side:
            some[number][values.focus] = True
            numbers, exact = rdf_terms.numbers(values)
            plain = ~np.isnan(numbers)
            known[values.focus[~plain if strictly else ~(plain & exact)]] = False
            focus, numbers = values.focus[plain], numbers[plain]
            np.maximum.at(highest if number == 0 else most, focus, numbers)
            np.minimum.at(least if number == 0 else lowest, focus, numbers)
    either = ~(some[0] & some[1])
    with np.errstate(invalid="ignore"):
        holds = highest < lowest if strictly else highest <= lowest
        fails = most < least
    return Proof(either | (known & holds), known & some[0] & some[1] & fails)


def _sparql(asked: SetConstraint, found: Sequence[Values]) -> Proof:
    del found
    shapes, height = asked.paths.shapes, asked.height
    rule = sparql_proofs.proof_for(shapes, asked.wanted, shapes.value(asked.shape, SH.path))
    if rule is None or asked.kind is None:
        raise NotCompiledError(because("query"))
    columns = {}
    for name in rule.reads:
        values = asked.paths.values(asked.kind, rdflib.URIRef(name))
        if any(v.kind is not None or len(np.unique(v.focus)) != len(v.focus) for v in values) or len(values) > 1:
            raise NotCompiledError(because("query-several"))
        numbers = np.full(height, np.nan)
        said = np.zeros(height, bool)
        for v in values:
            numbers[v.focus], _ = rdf_terms.numbers(v)
            said[v.focus] = True
        columns[name] = (numbers, said)
    return Proof(rule.proves(columns), np.zeros(height, bool))


RULES: dict[rdflib.term.Node, SetRule] = {
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH.hasValue: _has_value,
    SH.uniqueLang: _unique_lang,
    SH.equals: partial(_sets, equal=True),
    SH.disjoint: partial(_sets, equal=False),
    SH.lessThan: partial(_below, strictly=True),
    SH.lessThanOrEquals: partial(_below, strictly=False),
    SH.sparql: _sparql,
}
