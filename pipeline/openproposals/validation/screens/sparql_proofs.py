"""What SPARQL says cannot be compiled; a proof written by hand is bound to the query's text, word for word.

A query that is changed by one sign has no proof any more, and goes to the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import rdflib
from numpy.typing import NDArray
from rdflib.namespace import SH

NumberColumn = tuple[NDArray[np.float64], NDArray[np.bool_]]  # by node: its number (or NaN), and whether it has one
_OP, _SCHEMA = "https://w3id.org/openproposals/ns#", "http://schema.org/"
_VALUE, _NUMERATOR, _DENOMINATOR = f"{_SCHEMA}value", f"{_OP}numerator", f"{_OP}denominator"
_MARGIN = 1e-9  # relative: a thousand times what rounding takes of three operations, a thousandth of what is asked


@dataclass(frozen=True)
class QueryProof:
    """What a query reads (property IRIs, each with one number at most), and where it surely selects nothing."""

    reads: tuple[str, ...]
    proves: Callable[[Mapping[str, NumberColumn]], NDArray[np.bool_]]


def proof_for(shapes: rdflib.Graph, constraint: rdflib.term.Node, path: rdflib.term.Node | None) -> QueryProof | None:
    """The proof for a SPARQL constraint and its $PATH, if there is one; its prefixes must be those of the proof."""
    declared = {
        (str(shapes.value(entry, SH.prefix)), str(shapes.value(entry, SH.namespace)))
        for ontology in shapes.objects(constraint, SH.prefixes)
        for entry in shapes.objects(ontology, SH.declare)
    }
    query = " ".join(str(shapes.value(constraint, SH.select) or "").split())
    return _RULES.get((query, str(path))) if declared == {("op", _OP)} else None


def _ratio(columns: Mapping[str, NumberColumn]) -> NDArray[np.bool_]:
    """Off by no more than 0.0001, so that no rounding could make it more; or a number that is not there at all."""
    (value, some), (top, some_top), (bottom, some_bottom) = (columns[n] for n in (_VALUE, _NUMERATOR, _DENOMINATOR))
    with np.errstate(invalid="ignore"):
        off = np.abs(value * bottom - top)
        within = off + _MARGIN * (np.abs(value * bottom) + np.abs(top)) < 0.0001 * np.abs(bottom) * (1 - _MARGIN)
    return within | ~some | ~some_top | ~some_bottom


_RULES = {
    (
        "SELECT $this ?value WHERE { $this $PATH ?value ; op:numerator ?numerator ; op:denominator ?denominator . "
        "FILTER ( abs(?value * ?denominator - ?numerator) > 0.0001 * abs(?denominator) ) }",
        _VALUE,
    ): QueryProof((_VALUE, _NUMERATOR, _DENOMINATOR), _ratio)
}
