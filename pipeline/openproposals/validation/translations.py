"""Find translated columns that say the same in two languages: a copy is no translation."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import DESCRIPTOR, Finding, Location

_FEW = 3  # rows; of fewer, the same words in two languages may be chance


def check(corpus: Corpus) -> Iterator[Finding]:
    """A warning for each translated column of which most rows say the same as in the corpus's main language."""
    main, *others = corpus.languages.own
    for name, table in corpus.schema.items():
        if table.origin not in ("given", "short") or not others:
            continue
        for stem in dict.fromkeys(c.stem for c in table.columns if c.localised == "translated"):
            columns = [f"{stem}_{tag}" for tag in (main, *others)]
            for other, (both, same) in zip(columns[1:], _counts(corpus, name, columns), strict=True):
                if both >= _FEW and same * 2 > both:
                    place = corpus.location(name, 0, other)
                    facts = {"other": columns[0], "same": str(same), "rows": str(both)}
                    header = place if place.file == DESCRIPTOR else Location(place.file, 1, place.column, other)
                    yield Finding(header, "not-translated", other, facts)


def _counts(corpus: Corpus, table: str, columns: list[str]) -> list[tuple[int, int]]:
    """For each column but the first: the rows with a cell in it and in the first, and those where both are equal.

    Capitals make no difference. Cells of different lengths are not equal, so that few letters are compared.
    """
    counts = [(0, 0)] * (len(columns) - 1)
    for batch in corpus.tables.batches(table, columns):
        for number, other in enumerate(columns[1:]):
            words = batch.select(columns[0], other).drop_nulls()
            alike = words.filter(pl.col(columns[0]).str.len_bytes() == pl.col(other).str.len_bytes())
            plain = alike.select(pl.all().str.to_lowercase())
            same = int((plain[columns[0]] == plain[other]).sum())
            counts[number] = (counts[number][0] + words.height, counts[number][1] + same)
    return counts
