"""Prove constraints on each value by itself: class, datatype, node kind, pattern, length, range, closed shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, XSD

from openproposals.errors import because
from openproposals.validation.screens import logic, rdf_terms
from openproposals.validation.screens.implied import ImpliedGraph
from openproposals.validation.screens.logic import Proof
from openproposals.validation.screens.paths import NotCompiledError, Values
from openproposals.validation.screens.table_rows import PLAIN_PATTERN

_LEXICAL = {str(XSD.integer): r"\A[+-]?[0-9]{1,18}\z", str(XSD.decimal): rdf_terms.NUMBER}


@dataclass(frozen=True)
class ValueConstraint:
    """One constraint of a shape, with its value in the shape (`wanted`), and the graph that it is checked on."""

    implied: ImpliedGraph
    shapes: rdflib.Graph
    shape: rdflib.term.Node
    wanted: rdflib.term.Node


# Gives a proof for each value. Raises NotCompiledError for a constraint that it does not know.
ValueRule = Callable[[ValueConstraint, Values], Proof]


def _class(asked: ValueConstraint, values: Values) -> Proof:
    size = values.size
    if values.kind is None or values.rows is None:
        return Proof(np.zeros(size, bool), np.full(size, not values.iri))
    mask, closed = asked.implied.typed(values.kind, str(asked.wanted))
    has = mask[values.rows]
    return Proof(has, ~has if closed else np.zeros(size, bool))


def _datatype(asked: ValueConstraint, values: Values) -> Proof:
    size, name = values.size, str(asked.wanted)
    if values.kind is not None or values.iri or (values.datatype != name and not values.language):
        return logic.unsure(size)
    no = np.zeros(size, bool)
    if name in (str(XSD.string), str(RDF.langString)):
        fits = values.datatype == name or (name == str(RDF.langString) and bool(values.language))
        return Proof(np.full(size, fits), no)
    if name not in _LEXICAL or values.text is None:
        raise NotCompiledError(because("datatype", iri=name))
    return Proof(rdf_terms.mask(values.text.str.contains(_LEXICAL[name])), no)


def _node_kind(asked: ValueConstraint, values: Values) -> Proof:
    node = values.kind is not None or values.iri
    fits = asked.wanted in (
        (SH.IRI, SH.BlankNodeOrIRI, SH.IRIOrLiteral) if node else (SH.Literal, SH.IRIOrLiteral, SH.BlankNodeOrLiteral)
    )
    return Proof(np.full(values.size, fits), np.full(values.size, not fits))


def _in(asked: ValueConstraint, values: Values) -> Proof:
    return logic.some([rdf_terms.same(values, o) for o in Collection(asked.shapes, asked.wanted)], values.size)


def _language_in(asked: ValueConstraint, values: Values) -> Proof:
    size = values.size
    ranges = [str(r).lower() for r in Collection(asked.shapes, asked.wanted)]
    language = values.language.lower()
    fits = bool(language) and any(language == r or language.startswith(f"{r}-") for r in ranges)
    sure = not any(r == "*" for r in ranges)
    return Proof(np.full(size, fits and sure), np.full(size, not fits and sure))


def _pattern(asked: ValueConstraint, values: Values) -> Proof:
    text = str(asked.wanted)
    inner = text.removeprefix("^").removesuffix("$")
    flagged = (asked.shape, SH.flags, None) in asked.shapes
    if flagged or values.kind is not None or values.iri or not PLAIN_PATTERN.fullmatch(inner) or values.text is None:
        raise NotCompiledError(because("flags" if flagged else "pattern"))
    if "|" in inner and inner != text:
        raise NotCompiledError(because("pattern"))
    rust = (r"\A" if text.startswith("^") else "") + inner + (r"\z" if text.endswith("$") else "")
    return Proof(rdf_terms.mask(values.text.str.contains(rust)), np.zeros(values.size, bool))


def _length(asked: ValueConstraint, values: Values, *, least: bool) -> Proof:
    if values.kind is not None or values.iri or values.text is None:
        raise NotCompiledError(because("length"))
    lengths = values.text.str.len_chars().to_numpy()
    bound = int(str(asked.wanted))
    return Proof(lengths >= bound if least else lengths <= bound, np.zeros(values.size, bool))


def _range(asked: ValueConstraint, values: Values, *, lower: bool) -> Proof:
    """Inclusive and exclusive bounds alike: a number strictly within is proved, one on the bound is not."""
    bound = rdf_terms.bound(asked.wanted)
    if np.isnan(bound):
        raise NotCompiledError(because("bound"))
    numbers, _ = rdf_terms.numbers(values)
    with np.errstate(invalid="ignore"):
        return Proof(numbers > bound if lower else numbers < bound, np.zeros(values.size, bool))


def _closed(asked: ValueConstraint, values: Values) -> Proof:
    """Whether a node has no properties but those that the shape names."""
    implied, shapes = asked.implied, asked.shapes
    if asked.wanted != rdflib.Literal(True) or (values.kind is None and values.foreign):
        return logic.yes(values.size)
    if values.kind is None or values.rows is None:
        raise NotCompiledError(because("closed-address"))
    allowed = {str(shapes.value(p, SH.path)) for p in shapes.objects(asked.shape, SH.property)}
    for ignored in shapes.objects(asked.shape, SH.ignoredProperties):
        allowed |= {str(p) for p in Collection(shapes, ignored)}
    closed = np.ones(implied.height(values.kind), bool)
    for predicate, edges in implied.edges.items():
        for edge in edges:
            if predicate not in allowed and edge.kind is values.kind:
                closed[implied.subjects(edge)[implied.said(edge)]] = False
    return Proof(closed[values.rows], np.zeros(values.size, bool))


RULES: dict[rdflib.term.Node, ValueRule] = {
    SH["class"]: _class,
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    SH["in"]: _in,
    SH.languageIn: _language_in,
    SH.pattern: _pattern,
    SH.minLength: partial(_length, least=True),
    SH.maxLength: partial(_length, least=False),
    SH.minInclusive: partial(_range, lower=True),
    SH.minExclusive: partial(_range, lower=True),
    SH.maxInclusive: partial(_range, lower=False),
    SH.maxExclusive: partial(_range, lower=False),
    SH.closed: _closed,
}
