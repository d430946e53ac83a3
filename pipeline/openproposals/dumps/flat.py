"""The flat view of figures: one row a figure, with its statistic, its sources, its place and its proposals.

In: the corpus's tables. Out: frames in the columns of `schema/figures-flat.json`, a batch at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from openproposals.model import schema
from openproposals.model.languages import Languages
from openproposals.model.tables import Frames, Mask, RowNumbers, Tables

_AT_ONCE = 100_000  # figures in a batch; of other tables only the blocks that these need are read

# The columns that are read of each table; of a localised one, every language.
_NEEDED = {
    "statistics": ("id", "scope", "kind", "citation_status", "label_*"),
    "agents": ("id", "label_*"),
    "sources": ("id", "publisher", "label_*", "title_*", "issued", "url", "trace_status"),
    "statistic-sources": ("statistic", "source"),
    "statistic-possible-sources": ("statistic", "source"),
    "statistic-documents": ("statistic", "document"),
    "evidence": ("statistic", "proposal"),
    "documents": ("id", "title_*"),
    "texts": ("id", "document"),
    "passages": ("id", "text", "locator_*"),
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
    spoken = schema.spoken(tables.all_names)
    wanted = needed(spoken)
    few = {name: tables.columns(name, wanted[name]) for name in ("agents", "documents", "texts")}
    keys = {name: names for name, names in wanted.items() if name not in few and _keys(name) >= {*names}}
    held = {name: tables.columns(name, names) for name, names in keys.items()}
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
        taken = {n: held[n][rows] if n in held else tables.rows(n, rows, wanted.get(n)) for n, rows in numbers.items()}
        yield _flat({**few, **taken}, spoken, base)


def needed(spoken: Languages) -> dict[str, tuple[str, ...]]:
    """By table, the columns that the view reads beside those of the figures."""
    return {name: tuple(c for stem in stems for c in _family(name, stem, spoken)) for name, stems in _NEEDED.items()}


def _family(table: str, declared: str, spoken: Languages) -> list[str]:
    """The names of the columns that are declared under a name: in every language, where it is localised."""
    return [column.name for column in schema.tables(spoken)[table].family(declared)]


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


def _flat(tables: Frames, spoken: Languages, base: str) -> pl.DataFrame:
    """The flat view of these tables. Several sources or places of a figure are joined in one cell.

    A printed text stands in the first language that it is given in.
    """
    labels = _family("statistics", "label_*", spoken)
    statistics = tables["statistics"].select("scope", "kind", "citation_status", *labels, statistic="id")
    publishers = tables["agents"].select(publisher="id", source_publisher=f"label_{spoken.main}")
    works = tables["sources"].join(publishers, on="publisher", how="left")
    titled = works.select(
        "source_publisher",
        *(pl.col(f"label_{tag}").alias(f"source_label_{tag}") for tag in spoken.own),
        source="id",
        source_title=pl.coalesce(_family("sources", "title_*", spoken)),
        source_date="issued",
        source_url="url",
        source_trace_status="trace_status",
    )
    cited = tables["statistic-sources"].select("statistic", "source").join(titled, on="source", maintain_order="left")
    possible = tables["statistic-possible-sources"].select("statistic", possible_source="source")
    resting = tables["evidence"].select("statistic", proposals="proposal")
    flat = tables["figures"]
    for frame, key in (
        (statistics, "statistic"),
        (_slots(cited, "statistic"), "statistic"),
        (_slots(possible, "statistic", " "), "statistic"),
        (_slots(_places(tables, spoken), "id"), "id"),
        (_slots(resting, "statistic", " "), "statistic"),
    ):
        flat = flat.join(frame, on=key, how="left", maintain_order="left")
    printed = pl.coalesce(_family("figures", "as_printed_*", spoken))
    iri = pl.concat_str(pl.lit(f"{base}figure/"), "id")
    columns = schema.tables(spoken)["figures-flat"].column_names
    return flat.with_columns(as_printed=printed, iri=iri).select(columns)


def _places(tables: Frames, spoken: Languages) -> pl.DataFrame:
    """The places of each figure: its passages, else its statistic's documents, else its proposals' documents."""
    locators = _family("passages", "locator_*", spoken)
    titles = tables["documents"].select(
        document="id", document_title=pl.coalesce(_family("documents", "title_*", spoken))
    )
    texts = tables["texts"].select("document", text="id")
    passages = tables["passages"].select("text", *locators, passage="id").join(texts, on="text", how="left")
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
    columns = ["id", "document", *locators]
    found = placed.select(columns)
    for frame in (stated, proposing):
        rest = frame.join(found, on="id", how="anti").with_columns(**dict.fromkeys(locators, nowhere))
        found = pl.concat([found, rest.select(columns)])
    return found.join(titles, on="document", how="left", maintain_order="left").select(
        "id", "document", "document_title", *locators
    )


def _slots(frame: pl.DataFrame, key: str, separator: str = " | ") -> pl.DataFrame:
    """One row for each key: the cells of a column joined in order, "" for an empty one; null where all are empty."""
    columns = [c for c in frame.columns if c != key]
    joined = [
        pl.when(pl.col(c).is_not_null().any()).then(pl.col(c).fill_null("").str.join(separator)).alias(c)
        for c in columns
    ]
    return frame.group_by(key, maintain_order=True).agg(joined)
