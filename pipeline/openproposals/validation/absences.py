"""Find statistics of which an absence is stated though nobody is recorded as having looked."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openproposals.corpus import readings
from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding


def check(corpus: Corpus) -> Iterator[Finding]:
    """A warning at the first such row of statistics.csv, with their number; they are published as not recorded."""
    unread = readings.unread(corpus.tables)
    if unread.is_empty():
        return
    rows = corpus.tables.columns("statistics", ["id", "citation_status", "_file"]).with_row_index("at")
    stated = rows.filter(pl.col("id").is_in(unread.implode()) & (pl.col("_file") == "statistics.csv"))
    if not stated.is_empty():
        place = corpus.location("statistics", int(stated["at"][0]), "citation_status")
        yield Finding(place, "absence-unread", stated["citation_status"][0], {"count": str(stated.height)})
