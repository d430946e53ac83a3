"""Which proposals and statistics somebody read: only of these is it known what their text does not hold.

In: the tables of a corpus, of which `activities` says which text was read and what was looked for in it. An activity
without a text read the whole corpus.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from openproposals.model.tables import Tables

Sought = Literal["figures", "sources"]
ABSENT = ("dangling", "uncited")  # citation statuses that say what is not there


def texts(tables: Tables, sought: Sought) -> pl.Series | None:
    """The texts in which somebody looked for it; None where somebody looked in the whole corpus."""
    done = tables.columns("activities", ["text", "looked_for"])
    done = done.filter(pl.col("looked_for").is_in([sought, "figures-and-sources"]))
    return None if done["text"].null_count() else done["text"].unique()


def proposals(tables: Tables, sought: Sought) -> pl.Series:
    """The ids of the proposals whose text was read: that of their passage, else one of their document."""
    asked = tables.columns("proposals", ["id", "document", "passage"])
    read = texts(tables, sought)
    if read is None:
        return asked["id"]
    within = _within(tables, read)
    documents = tables.columns("texts", ["id", "document"]).filter(pl.col("id").is_in(read.implode()))["document"]
    of_document = pl.col("passage").is_null() & pl.col("document").is_in(documents.implode())
    return asked.filter(pl.col("passage").is_in(within.implode()) | of_document)["id"]


def _within(tables: Tables, read: pl.Series) -> pl.Series:
    """The ids of the passages that stand in these texts."""
    return tables.columns("passages", ["id", "text"]).filter(pl.col("text").is_in(read.implode()))["id"]


def statistics(tables: Tables) -> pl.Series:
    """The ids of the statistics whose sources were looked for: where they are stated, else in a proposal's text."""
    read = texts(tables, "sources")
    if read is None:
        return tables.columns("statistics", ["id"]).to_series()
    within = _within(tables, read)
    places = tables.columns("statistic-passages", ["statistic", "passage"])
    stated = places.filter(pl.col("passage").is_in(within.implode()))["statistic"]
    links = tables.columns("evidence", ["proposal", "statistic"])
    resting = links.filter(pl.col("proposal").is_in(proposals(tables, "sources").implode()))["statistic"]
    return pl.concat([stated, resting.filter(~resting.is_in(places["statistic"].implode()))]).unique()


def any_proposal(tables: Tables, sought: Sought) -> bool:
    """Whether the text of any proposal was read."""
    if texts(tables, sought) is None:
        return tables.height("proposals") > 0
    return not proposals(tables, sought).is_empty()


def any_statistic(tables: Tables) -> bool:
    """Whether the sources of any statistic were looked for."""
    if texts(tables, "sources") is None:
        return tables.height("statistics") > 0
    return not statistics(tables).is_empty()


def unread(tables: Tables) -> pl.Series:
    """The ids of the statistics of which an absence is stated though nobody is recorded as having looked.

    One whose markers, notes or sources contradict its status is left out: the shapes refuse it as it stands.
    """
    said = tables.columns("statistics", ["id", "citation_status"])
    said = said.filter(pl.col("citation_status").is_in(ABSENT))
    if said.is_empty():
        return said["id"]
    links = tables.columns("statistic-markers", ["statistic", "marker"])
    noted = tables.columns("markers", ["id", "note", "possible_note"]).filter(
        pl.col("note").is_not_null() | pl.col("possible_note").is_not_null()
    )["id"]
    led = links.filter(pl.col("marker").is_in(noted.implode()))["statistic"]
    sourced = tables.columns("statistic-sources", ["statistic"]).to_series()
    marked = pl.col("id").is_in(links["statistic"].implode())
    consistent = (pl.col("citation_status") == "dangling") == marked
    kept = said.filter(consistent & ~pl.col("id").is_in(pl.concat([led, sourced, statistics(tables)]).implode()))
    return kept["id"]
