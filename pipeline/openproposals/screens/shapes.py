"""The screen of shapes: SHACL Core over the known graph, in three values.

Each constraint says of each node whether it surely conforms, surely does not, or neither; `sh:not` swaps the two, so
that a proof is never made of a doubt. A node that surely conforms to a shape is proved; the others are suspects.
A part of a shape that does not compile is named, and proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
import rdflib
from numpy.typing import NDArray
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, XSD

from openproposals.screens import proofs
from openproposals.screens.known import Kind, Known, Mask, Rows
from openproposals.screens.rows import PLAIN_PATTERN
from openproposals.screens.values import NotCompiledError, Paths, Values, distinct

_ANNOTATIONS = {
    SH.path, SH.message, SH.severity, SH.name, SH.ignoredProperties, SH.description, SH.order, SH.group, SH.deactivated,
    SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode, RDF.type, RDFS.comment, RDFS.label,
    RDFS.seeAlso, RDFS.isDefinedBy,
}  # fmt: skip
_NUMBER = r"\A[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?\z"
_NUMERIC = {str(t) for t in (XSD.decimal, XSD.integer, XSD.nonNegativeInteger, XSD.positiveInteger)}
_LEXICAL = {str(XSD.integer): r"\A[+-]?[0-9]{1,18}\z", str(XSD.decimal): _NUMBER}


class Proof(NamedTuple):
    """By node: whether it surely conforms, and whether it surely does not."""

    holds: Mask
    fails: Mask


@dataclass(frozen=True)
class Suspects:
    """Of one shape: the rows of each kind that are not proved, and the parts of the shape that do not compile."""

    shape: rdflib.term.Node
    rows: dict[int, Rows]
    unknown: tuple[str, ...]


class Screen:
    """The shapes of a graph over one corpus."""

    def __init__(self, shapes: rdflib.Graph, known: Known) -> None:
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
        found = {}
        for kind in self.known.kinds:
            focus = self.targets(shape, kind)
            if not focus.any():
                continue
            rows = np.flatnonzero(focus & ~self.on(shape, kind).holds)
            if len(rows):
                found[kind.number] = rows
        return Suspects(shape, found, tuple(sorted(self.unknown)))

    def targets(self, shape: rdflib.term.Node, kind: Kind) -> Mask:
        """Which nodes of a kind the shape is about."""
        shapes, known = self.shapes, self.known
        if any((shape, p, None) in shapes for p in (SH.targetNode, SH.targetObjectsOf, SH.target)) or (
            (shape, RDF.type, RDFS.Class) in shapes
        ):
            raise NotCompiledError("a target")
        focus = np.zeros(known.height(kind), bool)
        for target in shapes.objects(shape, SH.targetClass):
            mask, closed = known.typed(kind, str(target))
            focus |= mask if closed else True
        for target in shapes.objects(shape, SH.targetSubjectsOf):
            for edge in known.of(kind, str(target)):
                focus[known.subjects(edge)[known.said(edge)]] = True
        return focus

    def on(self, shape: rdflib.term.Node, kind: Kind) -> Proof:
        """Every node of a kind held to a shape."""
        place = (shape, kind.number)
        if place not in self._proofs:
            height = self.known.height(kind)
            every = np.arange(height)
            self._proofs[place] = self._holds(shape, Values(every, kind, every))
        return self._proofs[place]

    def _holds(self, shape: rdflib.term.Node, values: Values) -> Proof:
        """Each value held to a shape, as many proofs as values."""
        if (shape, SH.deactivated, rdflib.Literal(True)) in self.shapes:
            return _yes(len(values.focus))
        if (shape, SH.path, None) in self.shapes:
            return self._property(shape, values)
        return _all([self._each(shape, p, o, values) for p, o in self._constraints(shape)], len(values.focus))

    def _constraints(self, shape: rdflib.term.Node) -> list[tuple[rdflib.term.Node, rdflib.term.Node]]:
        return [(p, o) for p, o in self.shapes.predicate_objects(shape) if p not in _ANNOTATIONS]

    def _property(self, shape: rdflib.term.Node, values: Values) -> Proof:
        """A property shape on each value."""
        size = len(values.focus)
        if values.kind is None or values.rows is None:
            if values.iri and not values.foreign:
                return self._no(size, "a path from an address")
            return self._about(shape, None, [], size)  # a literal, or no node of ours: it has no property at all
        height = self.known.height(values.kind)
        place = (shape, -1 - values.kind.number)
        if place not in self._proofs:
            try:
                found = self.paths.values(values.kind, self.shapes.value(shape, SH.path) or shape)
                self._proofs[place] = self._about(shape, values.kind, found, height)
            except NotCompiledError as error:
                self._proofs[place] = self._no(height, str(error))
        proof = self._proofs[place]
        if size == height and values.rows is values.focus:
            return proof
        return Proof(proof.holds[values.rows], proof.fails[values.rows])

    def _about(self, shape: rdflib.term.Node, kind: Kind | None, found: list[Values], height: int) -> Proof:
        """The constraints of a property shape, given what its path leads to."""
        proofs_ = []
        for constraint, wanted in self._constraints(shape):
            rule = _SETS.get(constraint)
            if rule is not None:
                proofs_.append(rule(self, shape, wanted, kind, found, height))
            elif constraint in (SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.flags):
                continue  # said by the rule that it goes with
            else:
                proofs_.append(self._every(self._each, shape, constraint, wanted, found, height))
        return _all(proofs_, height)

    def _every(
        self,
        rule: Callable[..., Proof],
        shape: rdflib.term.Node,
        constraint: rdflib.term.Node,
        wanted: rdflib.term.Node,
        found: Iterable[Values],
        height: int,
    ) -> Proof:
        """A rule about each value: it holds where it holds of all, and fails where it fails of one."""
        holds, fails = np.ones(height, bool), np.zeros(height, bool)
        for values in found:
            one = rule(shape, constraint, wanted, values)
            holds[values.focus[~one.holds]] = False
            fails[values.focus[one.fails]] = True
        return Proof(holds, fails)

    def _each(
        self, shape: rdflib.term.Node, constraint: rdflib.term.Node, wanted: rdflib.term.Node, values: Values
    ) -> Proof:
        """One constraint on each value, as many proofs as values."""
        shapes, size = self.shapes, len(values.focus)
        if constraint in (SH.node, SH.property):
            return self._holds(wanted, values)
        if constraint == SH["not"]:
            inner = self._holds(wanted, values)
            return Proof(inner.fails, inner.holds)
        if constraint in (SH["or"], SH["and"], SH.xone):
            inner_ = [self._holds(option, values) for option in Collection(shapes, wanted)]
            return _COMBINED[constraint](inner_, size)
        if constraint == SH.closed:
            return self._closed(shape, wanted, values)
        rule = _VALUES.get(constraint)
        if rule is None or (constraint == SH.pattern and (shape, SH.flags, None) in shapes):
            return self._no(size, str(constraint))
        return rule(self, wanted, values)

    def _closed(self, shape: rdflib.term.Node, wanted: rdflib.term.Node, values: Values) -> Proof:
        """That a node says nothing but what the shape names."""
        size = len(values.focus)
        if wanted != rdflib.Literal(True) or (values.kind is None and values.foreign):
            return _yes(size)
        if values.kind is None or values.rows is None:
            return self._no(size, "a closed shape on an address")
        allowed = {str(self.shapes.value(p, SH.path)) for p in self.shapes.objects(shape, SH.property)}
        for ignored in self.shapes.objects(shape, SH.ignoredProperties):
            allowed |= {str(p) for p in Collection(self.shapes, ignored)}
        closed = np.ones(self.known.height(values.kind), bool)
        for predicate, edges in self.known.edges.items():
            for edge in edges:
                if predicate not in allowed and edge.kind is values.kind:
                    closed[self.known.subjects(edge)[self.known.said(edge)]] = False
        return Proof(closed[values.rows], np.zeros(size, bool))

    def _no(self, size: int, what: str) -> Proof:
        """No proof either way, and what did not compile."""
        self.unknown.add(what)
        return Proof(np.zeros(size, bool), np.zeros(size, bool))

    # What a property shape says of all values together.

    def _count(self, found: Sequence[Values], height: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """At least and at most how many different values each focus has."""
        nodes = np.bincount((distinct(found) >> 36).astype(np.int64), minlength=height)
        low, high = nodes.copy(), nodes.copy()
        for values in found:
            if values.kind is None:
                some = np.bincount(values.focus, minlength=height)
                high += some
                low = np.maximum(low, some > 0)
        return low, high

    def _min_count(
        self, shape: rdflib.term.Node, wanted: rdflib.term.Node, kind: Kind | None, found: list[Values], height: int
    ) -> Proof:
        del shape, kind
        low, high = self._count(found, height)
        return Proof(low >= int(str(wanted)), high < int(str(wanted)))

    def _max_count(
        self, shape: rdflib.term.Node, wanted: rdflib.term.Node, kind: Kind | None, found: list[Values], height: int
    ) -> Proof:
        del shape, kind
        low, high = self._count(found, height)
        return Proof(high <= int(str(wanted)), low > int(str(wanted)))

    def _has_value(
        self, shape: rdflib.term.Node, wanted: rdflib.term.Node, kind: Kind | None, found: list[Values], height: int
    ) -> Proof:
        del shape, kind
        holds, absent = np.zeros(height, bool), np.ones(height, bool)
        for values in found:
            same = _same(values, wanted)
            holds[values.focus[same.holds]] = True
            absent[values.focus[~same.fails]] = False
        return Proof(holds, absent)

    def _unique_lang(
        self, shape: rdflib.term.Node, wanted: rdflib.term.Node, kind: Kind | None, found: list[Values], height: int
    ) -> Proof:
        del shape, kind
        if not bool(wanted.toPython()):  # type: ignore[attr-defined]
            return _yes(height)
        holds = np.ones(height, bool)
        for language in {v.language.lower() for v in found if v.language}:
            counts = sum(np.bincount(v.focus, minlength=height) for v in found if v.language.lower() == language)
            holds &= counts <= 1
        return Proof(holds, np.zeros(height, bool))

    def _qualified(
        self, shape: rdflib.term.Node, wanted: rdflib.term.Node, kind: Kind | None, found: list[Values], height: int
    ) -> Proof:
        del kind
        if (shape, SH.qualifiedValueShapesDisjoint, None) in self.shapes:
            return self._no(height, "disjoint qualified shapes")
        sure, possible = [], []
        for values in found:
            one = self._holds(wanted, values)
            sure.append(values.keep(one.holds, values.focus[one.holds]))
            possible.append(values.keep(~one.fails, values.focus[~one.fails]))
        low, high = self._count(sure, height)[0], self._count(possible, height)[1]
        holds, fails = np.ones(height, bool), np.zeros(height, bool)
        if (least := self.shapes.value(shape, SH.qualifiedMinCount)) is not None:
            holds &= low >= int(str(least))
            fails |= high < int(str(least))
        if (most := self.shapes.value(shape, SH.qualifiedMaxCount)) is not None:
            holds &= high <= int(str(most))
            fails |= low > int(str(most))
        return Proof(holds, fails)

    def _sets(
        self,
        shape: rdflib.term.Node,
        wanted: rdflib.term.Node,
        kind: Kind | None,
        found: list[Values],
        height: int,
        *,
        equal: bool,
    ) -> Proof:
        """sh:equals and sh:disjoint, where every value is a node."""
        del shape
        other = self.paths.values(kind, wanted) if kind is not None else []
        holds, fails = np.ones(height, bool), np.zeros(height, bool)
        for values in (*found, *other):
            if values.kind is None:
                holds[values.focus] = False
        mine, theirs = distinct(found), distinct(other)
        odd = np.setxor1d(mine, theirs) if equal else np.intersect1d(mine, theirs)
        holds[odd >> 36] = False
        return Proof(holds, fails)

    def _equals(self, *args: object) -> Proof:
        return self._sets(*args, equal=True)  # type: ignore[arg-type]

    def _disjoint(self, *args: object) -> Proof:
        return self._sets(*args, equal=False)  # type: ignore[arg-type]

    def _below(
        self,
        shape: rdflib.term.Node,
        wanted: rdflib.term.Node,
        kind: Kind | None,
        found: list[Values],
        height: int,
        *,
        strictly: bool,
    ) -> Proof:
        """sh:lessThan and sh:lessThanOrEquals, of numbers; rounding is monotone, so what is below stays below."""
        del shape
        other = self.paths.values(kind, wanted) if kind is not None else []
        highest, lowest = np.full(height, -np.inf), np.full(height, np.inf)
        least, most = np.full(height, np.inf), np.full(height, -np.inf)
        known = np.ones(height, bool)
        some = np.zeros((2, height), bool)
        for number, side in enumerate((found, other)):
            for values in side:
                some[number][values.focus] = True
                numbers, exact = _numbers(values)
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

    def _less(self, *args: object) -> Proof:
        return self._below(*args, strictly=True)  # type: ignore[arg-type]

    def _less_or_equal(self, *args: object) -> Proof:
        return self._below(*args, strictly=False)  # type: ignore[arg-type]

    def _sparql(
        self, shape: rdflib.term.Node, wanted: rdflib.term.Node, kind: Kind | None, found: list[Values], height: int
    ) -> Proof:
        del found
        rule = proofs.of(self.shapes, wanted, self.shapes.value(shape, SH.path))
        if rule is None or kind is None:
            return self._no(height, "a SPARQL query")
        columns = {}
        for name in rule.reads:
            values = self.paths.values(kind, rdflib.URIRef(name))
            if any(v.kind is not None or len(np.unique(v.focus)) != len(v.focus) for v in values) or len(values) > 1:
                return self._no(height, "a SPARQL query over several values")
            numbers = np.full(height, np.nan)
            said = np.zeros(height, bool)
            for v in values:
                numbers[v.focus], _ = _numbers(v)
                said[v.focus] = True
            columns[name] = (numbers, said)
        return Proof(rule.proves(columns), np.zeros(height, bool))

    # What is said of each value alone.

    def _class_(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        size = len(values.focus)
        if values.kind is None or values.rows is None:
            surely_not = np.full(size, not values.iri)
            return Proof(np.zeros(size, bool), surely_not)
        mask, closed = self.known.typed(values.kind, str(wanted))
        has = mask[values.rows]
        return Proof(has, ~has if closed else np.zeros(size, bool))

    def _datatype(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        size, name = len(values.focus), str(wanted)
        no = np.zeros(size, bool)
        if values.kind is not None or values.iri or (values.datatype != name and not values.language):
            return Proof(no, no)
        if name in (str(XSD.string), str(RDF.langString)):
            fits = values.datatype == name or (name == str(RDF.langString) and bool(values.language))
            return Proof(np.full(size, fits), no)
        if name not in _LEXICAL or values.text is None:
            return self._no(size, f"datatype {name}")
        return Proof(_mask(values.text.str.contains(_LEXICAL[name])), no)

    def _node_kind(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        size = len(values.focus)
        node = values.kind is not None or values.iri
        fits = wanted in (
            (SH.IRI, SH.BlankNodeOrIRI, SH.IRIOrLiteral)
            if node
            else (SH.Literal, SH.IRIOrLiteral, SH.BlankNodeOrLiteral)
        )
        return Proof(np.full(size, fits), np.full(size, not fits))

    def _in_(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        size = len(values.focus)
        options = [_same(values, option) for option in Collection(self.shapes, wanted)]
        return _any(options, size)

    def _language_in(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        size = len(values.focus)
        ranges = [str(r).lower() for r in Collection(self.shapes, wanted)]
        language = values.language.lower()
        fits = bool(language) and any(language == r or language.startswith(f"{r}-") for r in ranges)
        sure = not any(r == "*" for r in ranges)
        return Proof(np.full(size, fits and sure), np.full(size, not fits and sure))

    def _pattern(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        size, text = len(values.focus), str(wanted)
        inner = text.removeprefix("^").removesuffix("$")
        if not PLAIN_PATTERN.fullmatch(inner) or values.kind is not None or values.text is None or values.iri:
            return self._no(size, "a pattern")
        if "|" in inner and inner != text:
            return self._no(size, "a pattern")
        rust = (r"\A" if text.startswith("^") else "") + inner + (r"\z" if text.endswith("$") else "")
        return Proof(_mask(values.text.str.contains(rust)), np.zeros(size, bool))

    def _length(self, wanted: rdflib.term.Node, values: Values, *, least: bool) -> Proof:
        size = len(values.focus)
        if values.kind is not None or values.text is None or values.iri:
            return self._no(size, "a length")
        lengths = values.text.str.len_chars().to_numpy()
        bound = int(str(wanted))
        return Proof(lengths >= bound if least else lengths <= bound, np.zeros(size, bool))

    def _min_length(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        return self._length(wanted, values, least=True)

    def _max_length(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        return self._length(wanted, values, least=False)

    def _range(self, wanted: rdflib.term.Node, values: Values, *, lower: bool) -> Proof:
        """Inclusive and exclusive bounds alike: what lies strictly within is proved, what lies on one is not."""
        size = len(values.focus)
        bound = _float(wanted)
        numbers, _ = _numbers(values)
        if np.isnan(bound):
            return self._no(size, "a bound that is no number")
        with np.errstate(invalid="ignore"):
            return Proof(numbers > bound if lower else numbers < bound, np.zeros(size, bool))

    def _above(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        return self._range(wanted, values, lower=True)

    def _under(self, wanted: rdflib.term.Node, values: Values) -> Proof:
        return self._range(wanted, values, lower=False)


def _yes(size: int) -> Proof:
    return Proof(np.ones(size, bool), np.zeros(size, bool))


def _all(found: Sequence[Proof], size: int) -> Proof:
    holds, fails = np.ones(size, bool), np.zeros(size, bool)
    for proof in found:
        holds, fails = holds & proof.holds, fails | proof.fails
    return Proof(holds, fails)


def _any(found: Sequence[Proof], size: int) -> Proof:
    holds, fails = np.zeros(size, bool), np.ones(size, bool)
    for proof in found:
        holds, fails = holds | proof.holds, fails & proof.fails
    return Proof(holds, fails)


def _one(found: Sequence[Proof], size: int) -> Proof:
    sure = sum((p.holds.astype(int) for p in found), np.zeros(size, int))
    possible = sum(((~p.fails).astype(int) for p in found), np.zeros(size, int))
    return Proof((sure == 1) & (possible == 1), (sure > 1) | (possible == 0))


def _mask(series: pl.Series) -> Mask:
    return series.fill_null(value=False).to_numpy()


def _same(values: Values, wanted: rdflib.term.Node) -> Proof:
    """Whether each value is surely that term, or surely is not."""
    size = len(values.focus)
    no = np.zeros(size, bool)
    if isinstance(wanted, rdflib.Literal):
        if values.kind is not None or values.iri:
            return Proof(no, ~no)
        datatype = str(wanted.datatype or (RDF.langString if wanted.language else XSD.string))
        if (values.language or "").lower() != (wanted.language or "").lower() or (
            not values.language and values.datatype != datatype
        ):
            return Proof(no, no)
    elif values.kind is not None or not values.iri:
        return Proof(no, np.full(size, values.kind is None and not values.iri))
    text = str(wanted)
    if values.text is None:
        same = np.full(size, values.prefix == text)
    elif text.startswith(values.prefix):
        same = _mask(values.text == text[len(values.prefix) :])
    else:
        same = no
    plain = not isinstance(wanted, rdflib.Literal) or values.datatype == str(XSD.string)
    return Proof(same, ~same if plain else no)


def _numbers(values: Values) -> tuple[NDArray[np.float64], Mask]:
    """Values as floats, NaN where one is no plain number; and which are whole and exact."""
    size = len(values.focus)
    if values.kind is not None or values.iri or values.text is None or values.datatype not in _NUMERIC:
        return np.full(size, np.nan), np.zeros(size, bool)
    plain = values.text.str.contains(_NUMBER)
    numbers = pl.select(pl.when(pl.lit(plain)).then(pl.lit(values.text)).cast(pl.Float64, strict=False)).to_series()
    floats = numbers.fill_null(float("nan")).to_numpy().astype(np.float64)
    if values.datatype in (str(XSD.nonNegativeInteger), str(XSD.positiveInteger)):
        floats = np.where(floats > (-1 if values.datatype == str(XSD.nonNegativeInteger) else 0), floats, np.nan)
    exact = (
        _mask(plain) & (np.abs(floats) < 2**53) & (floats == np.floor(floats)) & ~_mask(values.text.str.contains(r"\."))
    )
    if values.datatype != str(XSD.decimal):
        floats = np.where(exact, floats, np.nan)  # a whole number with a point is no integer
    return floats, exact


def _float(wanted: rdflib.term.Node) -> float:
    text = str(wanted)
    fits = isinstance(wanted, rdflib.Literal) and str(wanted.datatype) in _NUMERIC
    return float(text) if fits and re.fullmatch(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?", text) else float("nan")


_COMBINED: dict[rdflib.term.Node, Callable[[Sequence[Proof], int], Proof]] = {
    SH["and"]: _all,
    SH["or"]: _any,
    SH.xone: _one,
}
_SETS: dict[rdflib.term.Node, Callable[..., Proof]] = {
    SH.minCount: Screen._min_count,
    SH.maxCount: Screen._max_count,
    SH.hasValue: Screen._has_value,
    SH.uniqueLang: Screen._unique_lang,
    SH.qualifiedValueShape: Screen._qualified,
    SH.equals: Screen._equals,
    SH.disjoint: Screen._disjoint,
    SH.lessThan: Screen._less,
    SH.lessThanOrEquals: Screen._less_or_equal,
    SH.sparql: Screen._sparql,
}
_VALUES: dict[rdflib.term.Node, Callable[..., Proof]] = {
    SH["class"]: Screen._class_,
    SH.datatype: Screen._datatype,
    SH.nodeKind: Screen._node_kind,
    SH["in"]: Screen._in_,
    SH.languageIn: Screen._language_in,
    SH.pattern: Screen._pattern,
    SH.minLength: Screen._min_length,
    SH.maxLength: Screen._max_length,
    SH.minInclusive: Screen._above,
    SH.minExclusive: Screen._above,
    SH.maxInclusive: Screen._under,
    SH.maxExclusive: Screen._under,
}


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
            todo += [(each, below) for each in inner]
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
