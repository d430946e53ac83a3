"""Find statistics of which an absence is stated though nobody is recorded as having looked."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding


def check(corpus: Corpus, complete: Corpus) -> Iterator[Finding]:
    """A warning at the first such row of statistics.csv, with their number; they are published as not recorded.

    corpus: as it was read; complete: the same with its derived tables, in which such rows have another status.
    """
    rows = corpus.tables.columns("statistics", ["citation_status", "_file"]).with_row_index("at")
    published = complete.tables.columns("statistics", ["citation_status"])["citation_status"]
    changed = pl.col("citation_status").ne_missing(published)
    stated = rows.filter(changed & (pl.col("_file") == "statistics.csv"))
    if not stated.is_empty():
        place = corpus.location("statistics", int(stated["at"][0]), "citation_status")
        yield Finding(place, "absence-unread", stated["citation_status"][0], {"count": str(stated.height)})
