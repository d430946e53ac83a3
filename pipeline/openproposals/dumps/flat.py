"""The flat view of figures: one row a figure, with its statistic, its sources, its place and its proposals.

In: the corpus's tables. Out: frames in the columns of `schema/figures-flat.json`, a batch at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from openproposals.model import schema
from openproposals.model.tables import Frames, Mask, RowNumbers, Tables

_AT_ONCE = 100_000  # figures in a batch; of other tables only the blocks that these need are read

_NEEDED = {
    "statistics": ("id", "scope", "kind", "citation_status", "label_fr", "label_en"),
    "agents": ("id", "label_fr"),
    "sources": ("id", "publisher", "label_fr", "label_en", "title_fr", "title_en", "issued", "url"),
    "statistic-sources": ("statistic", "source"),
    "statistic-possible-sources": ("statistic", "source"),
    "statistic-documents": ("statistic", "document"),
    "evidence": ("statistic", "proposal"),
    "documents": ("id", "title_fr", "title_en"),
    "texts": ("id", "document"),
    "passages": ("id", "text", "locator_fr", "locator_en"),
    "figure-passages": ("figure", "passage"),
    "proposals": ("id", "document"),
}
# How to go from a batch of figures to the rows that belong to it: (table, its column, the table whose rows it names).
_NAMED = (
    ("figures", "statistic", "statistics"),
    ("statistic-sources", "source", "sources"),
    ("figure-passages", "passage", "passages"),
    ("evidence", "proposal", "proposals"),
)
_NAMING = {
    "statistics": ("statistic-sources", "statistic-possible-sources", "statistic-documents", "evidence"),
    "figures": ("figure-passages",),
}
_NAME = {"statistics": "statistic", "figures": "figure"}


def figures(tables: Tables, base: str) -> Iterator[pl.DataFrame]:
    """The flat view in batches of up to 100,000 figures; one empty batch where there are none.

    base: the IRI with which every IRI of the corpus begins.
    Tables of which only keys are needed stay in memory, so that they are read once for all batches.
    """
    few = {name: tables.columns(name, _NEEDED[name]) for name in ("agents", "documents", "texts")}
    keys = {name: needed for name, needed in _NEEDED.items() if name not in few and _keys(name) >= {*needed}}
    held = {name: tables.columns(name, needed) for name, needed in keys.items()}
    height = tables.height("figures")
    for first in range(0, height or 1, _AT_ONCE):
        numbers: dict[str, RowNumbers] = {"figures": np.arange(first, min(first + _AT_ONCE, height))}
        for table, column, named in _NAMED:
            for other in _NAMING.get(table, ()):
                numbers[other] = _naming(tables, other, table, numbers[table])
            found = tables.link(table, column, named, "id")[numbers[table]]
            numbers[named] = np.flatnonzero(_mask(found[found >= 0], tables.height(named)))
            for other in _NAMING.get(named, ()):
                numbers[other] = _naming(tables, other, named, numbers[named])
        taken = {n: held[n][rows] if n in held else tables.rows(n, rows, _NEEDED.get(n)) for n, rows in numbers.items()}
        yield _flat({**few, **taken}, base)


def _keys(table: str) -> set[str]:
    """The columns of a table's key and of its links."""
    known = schema.tables()[table]
    return {*known.key, *(column for link in known.links for column in link.columns)}


def _naming(tables: Tables, table: str, named: str, numbers: RowNumbers) -> RowNumbers:
    """The numbers of the rows of `table` that name one of the rows `numbers` of the table `named`."""
    links = tables.link(table, _NAME[named], named, "id")
    # A link of -1 (no row) takes the last place of the mask, which is False.
    return np.flatnonzero(_mask(numbers, tables.height(named) + 1)[links])


def _mask(numbers: RowNumbers, height: int) -> Mask:
    found = np.zeros(height, bool)
    found[numbers] = True
    return found


def _flat(tables: Frames, base: str) -> pl.DataFrame:
    """The flat view of these tables. Several sources or places of a figure are joined in one cell."""
    statistics = tables["statistics"].select("scope", "kind", "citation_status", "label_fr", "label_en", statistic="id")
    publishers = tables["agents"].select(publisher="id", source_publisher="label_fr")
    works = tables["sources"].join(publishers, on="publisher", how="left")
    titled = works.select(
        "source_publisher",
        source="id",
        source_label_fr="label_fr",
        source_label_en="label_en",
        source_title=pl.coalesce("title_fr", "title_en"),
        source_date="issued",
        source_url="url",
    )
    cited = tables["statistic-sources"].select("statistic", "source").join(titled, on="source", maintain_order="left")
    possible = tables["statistic-possible-sources"].select("statistic", possible_source="source")
    resting = tables["evidence"].select("statistic", proposals="proposal")
    flat = tables["figures"]
    for frame, key in (
        (statistics, "statistic"),
        (_slots(cited, "statistic"), "statistic"),
        (_slots(possible, "statistic", " "), "statistic"),
        (_slots(_places(tables), "id"), "id"),
        (_slots(resting, "statistic", " "), "statistic"),
    ):
        flat = flat.join(frame, on=key, how="left", maintain_order="left")
    printed, iri = pl.coalesce("as_printed_fr", "as_printed_en"), pl.concat_str(pl.lit(f"{base}figure/"), "id")
    columns = schema.tables()["figures-flat"].column_names
    return flat.with_columns(as_printed=printed, iri=iri).select(columns)


def _places(tables: Frames) -> pl.DataFrame:
    """The places of each figure: its passages, else its statistic's documents, else its proposals' documents."""
    titles = tables["documents"].select(document="id", document_title=pl.coalesce("title_fr", "title_en"))
    texts = tables["texts"].select("document", text="id")
    passages = (
        tables["passages"].select("text", "locator_fr", "locator_en", passage="id").join(texts, on="text", how="left")
    )
    placed = (
        tables["figure-passages"].select("passage", id="figure").join(passages, on="passage", maintain_order="left")
    )
    ids = tables["figures"].select("id", "statistic")
    stated = ids.join(tables["statistic-documents"], on="statistic", maintain_order="left_right")
    proposed = tables["proposals"].select("document", proposal="id").drop_nulls()
    resting = tables["evidence"].select("statistic", "proposal").join(proposed, on="proposal", maintain_order="left")
    proposing = ids.join(resting, on="statistic", maintain_order="left_right").unique(
        ["id", "document"], maintain_order=True
    )
    nowhere = pl.lit(None, pl.String)
    columns = ["id", "document", "locator_fr", "locator_en"]
    found = placed.select(columns)
    for frame in (stated, proposing):
        rest = frame.join(found, on="id", how="anti").with_columns(locator_fr=nowhere, locator_en=nowhere)
        found = pl.concat([found, rest.select(columns)])
    return found.join(titles, on="document", how="left", maintain_order="left").select(
        "id", "document", "document_title", "locator_fr", "locator_en"
    )


def _slots(frame: pl.DataFrame, key: str, separator: str = " | ") -> pl.DataFrame:
    """One row for each key: the cells of a column joined in order, "" for an empty one; null where all are empty."""
    columns = [c for c in frame.columns if c != key]
    joined = [
        pl.when(pl.col(c).is_not_null().any()).then(pl.col(c).fill_null("").str.join(separator)).alias(c)
        for c in columns
    ]
    return frame.group_by(key, maintain_order=True).agg(joined)
