"""Rows that say in one form what tables say in several ways, or in several steps.

A figure's kind, year and fraction; a source's year; who makes a claim; the scheme of the themes.

In: the tables of a corpus. Out: the rows of derived tables, of which `derive` keeps the columns that are declared.
"""

from __future__ import annotations

from decimal import Context, Decimal, DecimalException

import polars as pl

from openproposals.corpus import composed_labels
from openproposals.model import schema
from openproposals.model.tables import ORIGIN, Tables

_SCHEME = "themes"
_ROUNDED = Context(prec=6)
_LONG = 40  # digits: no figure that is printed has more


def figure_facts(tables: Tables) -> pl.DataFrame:
    """The label of each figure, and its kind, its year and its fraction where these are known."""
    cells = ["id", "statistic", "value", "minimum", "numerator", "denominator", "unit", "period", "status"]
    kinds = tables.columns("statistics", ["id", "kind"]).rename({"id": "statistic"}).unique("statistic")
    figures = tables.columns("figures", [*cells, *ORIGIN]).join(
        kinds, on="statistic", how="left", maintain_order="left"
    )
    found = figures.select(*ORIGIN, _fractions(figures), figure="id", kind=_kind(), year=_year("period"))
    return pl.concat([found, composed_labels.figure_labels(tables).drop("figure", *ORIGIN)], how="horizontal")


def source_years(tables: Tables) -> pl.DataFrame:
    """The year of each source that has a date of issue."""
    sources = tables.columns("sources", ["id", "issued", *ORIGIN])
    return sources.select(*ORIGIN, source="id", year=_year("issued")).drop_nulls("year")


def statistic_claimants(tables: Tables) -> pl.DataFrame:
    """Who makes each claim: the claimant given, else the publishers of the documents that it appears in.

    Where none is known there is no row.
    """
    given = tables.columns("statistics", ["id", "claimant", *ORIGIN]).drop_nulls("claimant")
    given = given.rename({"id": "statistic", "claimant": "agent"})
    publishers = tables.columns("documents", ["id", "publisher"]).drop_nulls().rename({"id": "document"})
    known = publishers.filter(pl.col("publisher").is_in(tables.columns("agents", ["id"])["id"].implode()))
    links = tables.columns("statistic-documents", ["statistic", "document", *ORIGIN])
    found = links.join(known, on="document", maintain_order="left").rename({"publisher": "agent"})
    found = found.filter(~pl.col("statistic").is_in(given["statistic"].implode()))
    whole = pl.concat([given, found.select(given.columns)])
    return whole.unique(["statistic", "agent"], keep="first", maintain_order=True)


def schemes(tables: Tables) -> pl.DataFrame:
    """The scheme of the themes, called by the corpus's title; no row where there are no themes."""
    tags = schema.spoken(tables.all_names).own
    titled = tables.columns("dataset", [*(f"title_{tag}" for tag in tags), *ORIGIN])
    found = titled.select(*ORIGIN, *(pl.col(f"title_{tag}").alias(f"label_{tag}") for tag in tags), id=pl.lit(_SCHEME))
    return found if tables.height("themes") else found.clear()


def theme_schemes(tables: Tables) -> pl.DataFrame:
    """The scheme of each theme, and the scheme again for those without a parent."""
    themes = tables.columns("themes", ["id", "parent", *ORIGIN])
    top = pl.when(pl.col("parent").is_null()).then(pl.lit(_SCHEME))
    return themes.select(*ORIGIN, theme="id", scheme=pl.lit(_SCHEME), top=top)


def fraction(value: str, parts: str) -> str | None:
    """A value divided by its parts, as a decimal from 0 to 1; None where it is not in these bounds.

    A quotient of more than six significant digits is rounded to six, save for a percentage, which always ends.

    >>> fraction("22.8", "100"), fraction("1", "3"), fraction("1", "4"), fraction("150", "100"), fraction("x", "100")
    ('0.228', '0.333333', '0.25', None, None)
    """
    if len(value) > _LONG or len(parts) > _LONG:
        return None
    try:
        dividend, divisor = Decimal(value), Decimal(parts)
        if not 0 <= dividend <= divisor or divisor == 0:
            return None
        found = dividend.scaleb(-2) if parts == "100" else _ROUNDED.divide(dividend, divisor)
    except DecimalException:
        return None  # a cell that is no number is a finding elsewhere
    return f"{found.normalize():f}"


def _year(column: str) -> pl.Expr:
    return pl.col(column).str.extract("^([0-9]{4})")


def _kind() -> pl.Expr:
    """The statistic's kind where the cells bear it out, else what they say; null where neither tells."""
    kind, percent = pl.col("kind"), pl.col("unit") == "PERCENT"
    ratio, bounds = pl.col("numerator").is_not_null(), pl.col("minimum").is_not_null()
    borne = (
        kind.is_in(["multiple", "rank"])
        | ((kind == "percentage") & percent)
        | ((kind == "ratio") & ratio)
        | ((kind == "range") & bounds)
        | ((kind == "count") & ~percent & ~ratio)
        | ((kind == "projection") & (pl.col("status") == "F"))
    )
    said = (
        pl.when((kind == "projection") & pl.col("status").is_null()).then(None)
        .when(ratio).then(pl.lit("ratio"))
        .when(bounds).then(pl.lit("range"))
        .when(percent).then(pl.lit("percentage"))
        .when(pl.col("unit") == "NUM").then(pl.lit("count"))
    )  # fmt: skip
    return pl.when(borne).then(kind).otherwise(said)


def _fractions(figures: pl.DataFrame) -> pl.Series:
    """The fractions of percentages and ratios; of a rank or a multiple there is none."""
    ratio = pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null()
    value = pl.when(ratio).then("numerator").when(pl.col("unit") == "PERCENT").then("value")
    parts = pl.when(ratio).then("denominator").otherwise(pl.lit("100"))
    asked = pl.when(pl.col("kind").is_in(["multiple", "rank"]).not_()).then(value)
    terms = figures.select(value=asked, parts=parts)
    known = terms.drop_nulls().unique()
    found = known.with_columns(fraction=pl.Series([fraction(*row) for row in known.iter_rows()], dtype=pl.String))
    return terms.join(found, on=["value", "parts"], how="left", maintain_order="left")["fraction"]
