"""Labels for figures, markers and notes, composed from what is printed and from the labels that the corpus gives.

In: the tables of a corpus. Out: the rows of derived tables, with a label in each language of the corpus. A label has
words of its own language alone: a figure that is printed in another one is given by its value.
"""

from __future__ import annotations

import polars as pl

from openproposals.model import schema
from openproposals.model.tables import ORIGIN, Tables

_JOIN = " – "
_QUALIFIERS = {"nearly": "≈ ", "more-than": "> ", "at-most": "≤ "}


def figure_labels(tables: Tables) -> pl.DataFrame:
    """Each figure's label: the figure as printed in that language, else its value, and the statistic's label."""
    tags = schema.spoken(tables.all_names).own
    numbers = ["value", "minimum", "maximum", "numerator", "denominator", "unit", "qualifier"]
    printed = [f"as_printed_{tag}" for tag in tags]
    figures = tables.columns("figures", ["id", "statistic", *numbers, *printed, *ORIGIN])
    labelled = figures.join(
        _labels(tables, "statistics"), left_on="statistic", right_on="_of", how="left", maintain_order="left"
    )
    labels = (_composed(tag, pl.coalesce(f"as_printed_{tag}", _plain())) for tag in tags)
    return labelled.select(*ORIGIN, *labels, figure="id")


def marker_labels(tables: Tables) -> pl.DataFrame:
    """Each marker's label: its sign, and the label of the first statistic that it stands by, where there is one."""
    links = tables.columns("statistic-markers", ["marker", "statistic"])
    return _signs(tables, "markers", links, "statistics").rename({"id": "marker"})


def note_labels(tables: Tables) -> pl.DataFrame:
    """Each note's label: its sign, and the label of the first source that it refers to, where there is one."""
    links = tables.columns("note-sources", ["note", "source"])
    return _signs(tables, "notes", links, "sources").rename({"id": "note"})


def _signs(tables: Tables, table: str, links: pl.DataFrame, named: str) -> pl.DataFrame:
    """The label of each row of a table: its sign, and the label of the first row of `named` to which a link leads."""
    to, of = links.columns
    first = links.unique(to, keep="first", maintain_order=True)
    rows = tables.columns(table, ["id", "as_printed", *ORIGIN])
    found = rows.join(first, left_on="id", right_on=to, how="left", maintain_order="left")
    found = found.join(_labels(tables, named), left_on=of, right_on="_of", how="left", maintain_order="left")
    tags = schema.spoken(tables.all_names).own
    return found.select("id", *ORIGIN, *(_composed(tag, pl.col("as_printed")) for tag in tags))


def _labels(tables: Tables, table: str) -> pl.DataFrame:
    """The labels of a table's rows by their key `_of`; a source without one is called by its title in that language."""
    tags = schema.spoken(tables.all_names).own
    stems = ["label", "title"] if table == "sources" else ["label"]
    rows = tables.columns(table, ["id", *(f"{stem}_{tag}" for stem in stems for tag in tags)])
    named = (pl.coalesce(f"{stem}_{tag}" for stem in stems).alias(f"_label_{tag}") for tag in tags)
    return rows.select(*named, _of="id").unique("_of", keep="first")


def _composed(tag: str, sign: pl.Expr) -> pl.Expr:
    return pl.concat_str(sign, pl.col(f"_label_{tag}"), separator=_JOIN, ignore_nulls=True).alias(f"label_{tag}")


def _plain() -> pl.Expr:
    """A figure's value in signs of no language: ≈ 22.8 %, 6000000–8000000, 1/3."""
    bounds = pl.concat_str("minimum", pl.lit("–"), "maximum")
    ratio = pl.concat_str("numerator", pl.lit("/"), "denominator")
    percent = pl.when(pl.col("unit") == "PERCENT").then(pl.lit(" %")).otherwise(pl.lit(""))
    qualifier = pl.col("qualifier").replace_strict(_QUALIFIERS, default="")
    return pl.concat_str(qualifier, pl.coalesce(ratio, pl.concat_str(pl.coalesce("value", bounds), percent)))
