"""Check that identifiers can be names of files: a site makes a page from each, and pages are kept on every system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding

PAGED = ("proposals", "statistics", "sources", "themes", "documents", "agents")  # the tables whose rows have a page
LONGEST = 255 - len(".jsonld")  # bytes of a file's name, on every system in use, without the longest ending of a page
# Names that Windows keeps for devices, whatever follows a dot; and the page that a server shows for a folder.
_RESERVED = r"(?i)\A(?:(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?|index)\z"


def check(corpus: Corpus, tables: Sequence[str] | None = None) -> Iterator[Finding]:
    """Findings: identifiers that differ by case alone, that a system reserves, or too long for a file's name.

    tables: those to look through, by default all whose rows have a page.
    """
    for table in PAGED if tables is None else tables:
        ids = corpus.tables.columns(table, ["id"])["id"]
        for code, found in (
            ("id-too-long", ids.str.len_bytes() > LONGEST),
            ("id-reserved", ids.str.contains(_RESERVED)),
        ):
            for number in found.fill_null(value=False).arg_true():
                yield Finding(corpus.location(table, number, "id"), code, ids[number], {"longest": str(LONGEST)})
        yield from _alike(corpus, table, ids)


def numbered(ids: pl.Series) -> tuple[bool, NDArray[np.uint64]]:
    """Whether an identifier may be unfit by itself, and a number for each: equal for two that differ by case.

    Other identifiers may have the same number: it proves that there is nothing to find, not that there is.
    """
    unfit = (ids.str.len_bytes() > LONGEST) | ids.str.contains(_RESERVED)
    return bool(unfit.any()), ids.drop_nulls().str.to_lowercase().hash(seed=0).to_numpy()


def _alike(corpus: Corpus, table: str, ids: pl.Series) -> Iterator[Finding]:
    """A finding for each identifier that differs from an earlier one by case alone."""
    folded = ids.str.to_lowercase()
    if folded.n_unique() == len(ids):
        return
    rows = pl.DataFrame({"id": ids, "folded": folded}).with_row_index("row").drop_nulls("id")
    rows = rows.unique("id", keep="first", maintain_order=True)  # the same twice is another finding
    for _, group in rows.filter(pl.col("folded").is_duplicated()).group_by("folded", maintain_order=True):
        first, *others = group.select("row", "id").rows()
        facts = {"other": str(corpus.location(table, first[0], "id")), "near": f" ({first[1]})"}
        for row, written in others:
            yield Finding(corpus.location(table, row, "id"), "ids-differ-by-case", written, facts)
