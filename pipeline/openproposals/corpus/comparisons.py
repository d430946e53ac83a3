"""The derived tables that say what came of comparing claims with what their sources say.

In: the tables of a corpus. Out: one result for each row of `source-statements`; and for each figure whose statistic
cites a source, the results of the statements about it, or why there is none.
"""

from __future__ import annotations

import polars as pl

from openproposals.corpus import comparing
from openproposals.model.tables import ORIGIN, Tables

_WHY = {
    "located": "not-looked-for",
    "located-uncertain": "not-looked-for",
    "located-archived": "not-looked-for",
    "searched-not-found": "source-not-found",
    "not-attempted": "source-not-sought",
}


def comparisons(tables: Tables) -> pl.DataFrame:
    """The result of comparing each statement of a source with the figure that it is about."""
    cells = [*comparing.VALUES, "unit", "qualifier", "area", "period"]
    said = tables.columns("source-statements", ["id", "figure", "population", *cells, *ORIGIN])
    claims = tables.columns("figures", ["id", *cells, "area_basis", "period_basis"])
    claims = claims.filter(pl.col("id").is_in(said["figure"].implode()))
    known = {row["id"]: row for row in claims.iter_rows(named=True)}
    results = [comparing.result(known.get(row["figure"]), row) for row in said.iter_rows(named=True)]
    return said.select(*ORIGIN, pl.Series("result", results, dtype=pl.String), statement="id")


def figure_comparisons(tables: Tables) -> pl.DataFrame:
    """For each figure whose statistic cites a source: the results, and for a source without a statement the reason."""
    results = tables.columns("comparisons", ["statement", "result"]).rename({"statement": "id"})
    said = tables.columns("source-statements", ["id", "figure", "source"]).drop_nulls("figure").join(results, on="id")
    cited = tables.columns("statistic-sources", ["statistic", "source"])
    figures = tables.columns("figures", ["id", "statistic", *ORIGIN]).rename({"id": "figure"})
    asked = figures.join(cited, on="statistic", maintain_order="left_right")
    status = tables.columns("sources", ["id", "trace_status"]).rename({"id": "source"}).unique("source", keep="first")
    unsaid = asked.join(said, on=["figure", "source"], how="anti", maintain_order="left")
    why = unsaid.join(status, on="source", maintain_order="left").with_columns(
        result=pl.col("trace_status").replace_strict(_WHY, default=None)
    )
    found = figures.join(said.select("figure", "result"), on="figure", maintain_order="left_right")
    whole = pl.concat([found.select("figure", "result", *ORIGIN), why.select("figure", "result", *ORIGIN)])
    return whole.drop_nulls("result").unique(["figure", "result"], keep="first", maintain_order=True)
