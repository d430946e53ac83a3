"""Compare values with RDF terms: which are equal to a given term, and which number each one is."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import rdflib
from numpy.typing import NDArray
from rdflib.namespace import RDF, XSD

from openproposals.model.tables import Mask
from openproposals.validation.screens.logic import Proof
from openproposals.validation.screens.paths import Values

NUMBER = r"\A[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?\z"
_NUMERIC = {str(t) for t in (XSD.decimal, XSD.integer, XSD.nonNegativeInteger, XSD.positiveInteger)}
_LEAST = {str(XSD.nonNegativeInteger): -1, str(XSD.positiveInteger): 0}


def mask(series: pl.Series) -> Mask:
    """A column of booleans as a mask; null is False."""
    return series.fill_null(value=False).to_numpy()


def same(values: Values, wanted: rdflib.term.Node) -> Proof:
    """Whether each value surely is the term, or surely is not."""
    size = values.size
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
        equal = np.full(size, values.prefix == text)
    elif text.startswith(values.prefix):
        equal = mask(values.text == text[len(values.prefix) :])
    else:
        equal = no
    plain = not isinstance(wanted, rdflib.Literal) or values.datatype == str(XSD.string)
    return Proof(equal, ~equal if plain else no)


def numbers(values: Values) -> tuple[NDArray[np.float64], Mask]:
    """Values as floats (NaN for what is not a plain number), and which of them are whole numbers and exact."""
    size = values.size
    if values.kind is not None or values.iri or values.datatype not in _NUMERIC or values.text is None:
        return np.full(size, np.nan), np.zeros(size, bool)
    plain = values.text.str.contains(NUMBER)
    parsed = pl.select(pl.when(pl.lit(plain)).then(pl.lit(values.text)).cast(pl.Float64, strict=False)).to_series()
    floats = parsed.fill_null(float("nan")).to_numpy().astype(np.float64)
    if values.datatype in _LEAST:
        floats = np.where(floats > _LEAST[values.datatype], floats, np.nan)
    exact = (
        mask(plain) & (np.abs(floats) < 2**53) & (floats == np.floor(floats)) & ~mask(values.text.str.contains(r"\."))
    )
    if values.datatype != str(XSD.decimal):
        floats = np.where(exact, floats, np.nan)  # a whole number with a point is no integer
    return floats, exact


def bound(wanted: rdflib.term.Node) -> float:
    """The number in a shape as a float; NaN where it is not a plain number."""
    text = str(wanted)
    fits = isinstance(wanted, rdflib.Literal) and str(wanted.datatype) in _NUMERIC
    return float(text) if fits and re.fullmatch(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?", text) else float("nan")
