"""Patterns as Polars expressions: which rows of a table publish a pattern's triple, and what IRI they fill in.

In: a pattern, a guard or an IRI of a template. Out: an expression over the columns of the template's table.
"""

from __future__ import annotations

import polars as pl

from openproposals.model.templates import Guard, Hole, Iri, Pattern


def says(pattern: Pattern) -> pl.Expr:
    """Whether a row publishes the pattern's triple: no hole is empty, and the guard is met."""
    terms = [pl.col(name).is_not_null() for name in pattern.columns]
    terms += [meets(pattern.guard)] if pattern.guard else []
    return pl.all_horizontal(terms) if terms else pl.lit(value=True)


def meets(guard: Guard) -> pl.Expr:
    """Whether a row meets a guard."""
    cell = pl.col(guard.column)
    terms = [cell.is_not_null()]
    terms += [cell == guard.equals] if guard.equals else []
    terms += [cell.str.len_chars() == guard.length] if guard.length else []
    return pl.all_horizontal(terms)


def iri_text(iri: Iri) -> pl.Expr:
    """The IRI that a row fills in, as text; null where a hole is empty."""
    return pl.concat_str([pl.col(p.name) if isinstance(p, Hole) else pl.lit(p) for p in iri.parts])


def object_text(pattern: Pattern) -> pl.Expr:
    """The object that a row publishes by a pattern, as text; null where the row does not publish it."""
    given = pattern.object
    if isinstance(given, Iri):
        text = iri_text(given)
    else:
        text = pl.col(given.value.name) if isinstance(given.value, Hole) else pl.lit(given.value)
    return pl.when(says(pattern)).then(text)
