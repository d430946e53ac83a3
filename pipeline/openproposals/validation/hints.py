"""Find labels that hold digits where no figure is recorded: perhaps a figure is stated that nobody wrote down.

A hint is for the editor who asks for it. It is no fact: digits may be a year or the number of an article. Nothing that
is published says it.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding
from openproposals.model.tables import Tables

_DIGIT = r"\p{Nd}"  # a decimal digit of any script


def check(corpus: Corpus) -> Iterator[Finding]:
    """A hint for each proposal and each statistic without a figure whose label holds digits, in any language.

    corpus: with its derived tables.
    """
    for name, recorded in _recorded(corpus.tables).items():
        labels = [c.name for c in corpus.schema[name].columns if c.stem == "label"]
        rows = corpus.tables.columns(name, ["id", *labels]).with_row_index("at")
        digits = rows.filter(
            ~pl.col("id").is_in(recorded.implode()), pl.any_horizontal(pl.col(labels).str.contains(_DIGIT))
        )
        for row in digits.iter_rows(named=True):
            column = next(c for c in labels if row[c] is not None and any(map(str.isdecimal, row[c])))
            yield Finding(corpus.location(name, row["at"], column), "digits-without-figure", row[column])


def _recorded(tables: Tables) -> dict[str, pl.Series]:
    """By table, the ids of the rows of which a figure is recorded: of a proposal, through what it rests on."""
    figures = tables.columns("figures", ["statistic"])["statistic"].unique()
    rests = tables.columns("evidence", ["proposal", "statistic"])
    return {
        "proposals": rests.filter(pl.col("statistic").is_in(figures.implode()))["proposal"].unique(),
        "statistics": figures,
    }
