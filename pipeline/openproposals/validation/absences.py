"""Find absences that are stated though nobody is recorded as having looked, or not at everything."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding

_ALWAYS = ("digits", "word", "mark", "heading")  # sorts of signs that each text has, be it none of them


def check(corpus: Corpus, complete: Corpus) -> Iterator[Finding]:
    """A warning at the first such row of statistics.csv, with their number; they are published as not recorded.

    corpus: as it was read; complete: the same with its derived tables, in which such rows have another status.
    """
    given = corpus.tables.batches("statistics", ["citation_status", "_file"])
    published = complete.tables.batches("statistics", ["citation_status"])
    first, count, done, stated = 0, 0, 0, ""
    for rows, known in zip(given, published, strict=True):
        changed = pl.col("citation_status").ne_missing(known["citation_status"])
        found = rows.select(changed & pl.col("_file").str.starts_with("statistics.")).to_series().arg_true()
        if len(found) and not count:
            first, stated = done + int(found[0]), rows["citation_status"][int(found[0])]
        count += len(found)
        done += rows.height
    if count:
        place = corpus.location("statistics", first, "citation_status")
        yield Finding(place, "absence-unread", stated, {"count": str(count)})


def stale(corpus: Corpus) -> Iterator[Finding]:
    """Ledgers that count another version of their text, or lack a sort of sign."""
    pinned = dict(corpus.tables.columns("texts", ["id", "sha256"]).iter_rows())
    counted = corpus.tables.columns("ledger", ["text", "sign", "sha256"]).with_row_index("at")
    for (text,), own in counted.group_by("text", maintain_order=True):
        other = own.filter(pl.col("sha256").is_not_null() & pl.col("sha256").ne_missing(pl.lit(pinned.get(str(text)))))
        lacking = [sign for sign in _ALWAYS if sign not in own["sign"]]
        if not other.is_empty():
            place = corpus.location("ledger", int(other["at"][0]), "sha256")
            yield Finding(place, "ledger-stale", other["sha256"][0], {"text": str(text), "lacks": "sha256"})
        elif lacking:
            place = corpus.location("ledger", int(own["at"][0]), "sign")
            yield Finding(place, "ledger-stale", "", {"text": str(text), "lacks": ", ".join(lacking)})


def unfinished(corpus: Corpus) -> Iterator[Finding]:
    """Activities that say what was looked for in a text of which the ledger leaves signs unexplained."""
    done = corpus.tables.columns("activities", ["text", "looked_for"]).with_row_index("at")
    counted = corpus.tables.columns("ledger", ["text", "unexplained"])
    left = (
        counted.group_by("text")
        .agg(pl.col("unexplained").cast(pl.Int64, strict=False).sum())
        .filter(pl.col("unexplained") > 0)
    )
    whole = done.filter(pl.col("looked_for").is_not_null() & pl.col("text").is_null())
    found = done.filter(pl.col("looked_for").is_not_null()).join(left, on="text")
    if not left.is_empty():
        found = pl.concat([found, whole.with_columns(unexplained=pl.lit(left["unexplained"].sum(), pl.Int64))])
    for at, text, sought, count in found.sort("at").select("at", "text", "looked_for", "unexplained").iter_rows():
        place = corpus.location("activities", int(at), "looked_for")
        yield Finding(place, "reading-unfinished", sought, {"text": text or "*", "count": str(count)})
