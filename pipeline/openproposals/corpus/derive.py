"""Add the rows that follow from the tables given: those that the short form stands for, and derived links.

In: a corpus as it was read. Out: the corpus with more rows. Every derived table has a Table Schema of its own; those
that are published have a row template and a CSV too.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import polars as pl

from openproposals.corpus import comparisons, composed_labels, plain_facts, readings
from openproposals.corpus.corpus_folder import Corpus
from openproposals.model import schema
from openproposals.model.codes import STANDS
from openproposals.model.tables import ORIGIN, Tables, fitted

_ORIGIN = list(ORIGIN)


def expand(corpus: Corpus) -> Corpus:
    """Add to statistics, figures, sources, ratings and their links the rows that the short form stands for.

    The short form is the tables `claims` and `claim-sources` (further addresses that a claim cites).
    A claim's source is the row of `sources` with the same address. Where there is none, a row is added whose id is made
    from the address, so that its IRI stays the same when an author later adds that row to sources.csv with a title.
    """
    claims = corpus.tables["claims"]
    if claims.is_empty():
        return corpus
    cited = _cited(corpus.tables)
    given = corpus.tables["sources"]["id"].implode()
    new = cited.filter(~pl.col("source").is_in(given)).unique("source", keep="first", maintain_order=True)
    sourced = pl.col("id").is_in(cited["statistic"].implode())
    scope = pl.when(kind="qualitative").then(pl.lit("qualitative")).otherwise(pl.lit("society"))
    status = pl.when(sourced).then(pl.lit("cited")).otherwise(pl.lit("uncited"))
    rated = [c.name for c in corpus.schema["ratings"].columns if c.name in claims.columns and c.name != "id"]
    rows = {
        "statistics": claims.with_columns(scope=scope, citation_status=status),
        "figures": claims.filter(pl.col("value").is_not_null()).with_columns(
            statistic="id", id=pl.concat_str("id", pl.lit("-1")), qualifier=pl.col("qualifier").fill_null("as-stated")
        ),
        "evidence": claims.filter(pl.col("proposal").is_not_null()).with_columns(
            statistic="id", basis=pl.lit("Stated")
        ),
        "sources": new.with_columns(id="source", url="source_url", trace_status=pl.lit("not-attempted")),
        "statistic-sources": cited,
        "ratings": claims.filter(pl.any_horizontal(pl.col(rated).is_not_null())).with_columns(statistic="id"),
    }
    added = {
        name: pl.concat([corpus.tables[name], fitted(frame, corpus.schema[name].column_names)])
        for name, frame in rows.items()
    }
    return replace(corpus, tables=corpus.tables.with_(added))


def _cited(tables: Tables) -> pl.DataFrame:
    """The sources that the rows of the short form cite, each once: statistic, source, its address, and the quote."""
    columns = ["source_url", "quote", *_ORIGIN]
    links = pl.concat(
        [
            tables.columns("claims", ["id", *columns]).rename({"id": "statistic"}),
            tables.columns("claim-sources", ["claim", *columns]).rename({"claim": "statistic"}),
        ]
    ).drop_nulls("source_url")
    given = tables["sources"].drop_nulls("url").unique("url", keep="first", maintain_order=True)
    made = pl.concat_str(pl.lit("url-"), pl.col("source_url").map_elements(_fingerprint, return_dtype=pl.String))
    named = links.join(
        given.select(source_url="url", given="id"), on="source_url", how="left", maintain_order="left"
    ).with_columns(source=pl.coalesce("given", made))
    return _once(named, "statistic", "source")


def links(corpus: Corpus) -> Corpus:
    """Add the derived tables, and to `statistic-sources` the sources that are reached over markers and notes.

    A statistic's status that states an absence becomes `not-recorded` where nobody is recorded as having looked.
    """
    tables = with_known_statuses(corpus.tables)
    return replace(corpus, tables=derived(tables, corpus.schema, RULES))


def with_known_statuses(tables: Tables) -> Tables:
    """The tables, with statuses that state an absence made `not-recorded` where nobody is recorded as having looked."""
    unread = readings.unread(tables)
    if not len(unread):
        return tables
    status = pl.when(pl.col("id").is_in(unread.implode())).then(pl.lit("not-recorded"))
    known = status.otherwise("citation_status").alias("citation_status")
    return tables.with_({"statistics": tables["statistics"].with_columns(known)})


def derived(tables: Tables, known: Mapping[str, schema.Table], names: Iterable[str]) -> Tables:
    """The tables with what these rules give, in this order; `known` has the columns of the tables."""
    for name in names:
        found = fitted(RULES[name](tables), known[name].column_names)
        if tables.height(name):
            found = _once(pl.concat([tables[name], found]), *schema.tables()[name].key)
        tables = tables.with_({name: found})
    return tables


def _once(frame: pl.DataFrame, *key: str) -> pl.DataFrame:
    """The frame with the first row of each key only."""
    return frame.unique(key, keep="first", maintain_order=True)


def _fingerprint(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def _sources_over_notes(tables: Tables, column: str) -> pl.DataFrame:
    """Links from a statistic to a source, over its markers and the note that `column` of a marker names."""
    works = tables.columns("note-sources", ["note", "source"])
    markers = (
        tables.columns("markers", ["id", column]).join(works, left_on=column, right_on="note").select("id", "source")
    )
    links = tables.columns("statistic-markers", ["statistic", "marker", *_ORIGIN])
    found = links.join(markers, left_on="marker", right_on="id", maintain_order="left_right")
    return _once(found, "statistic", "source")


def _statistic_sources(tables: Tables) -> pl.DataFrame:
    return _sources_over_notes(tables, "note")


def _statistic_possible_sources(tables: Tables) -> pl.DataFrame:
    return _sources_over_notes(tables, "possible_note")


def _statistic_documents(tables: Tables) -> pl.DataFrame:
    texts = tables.columns("texts", ["id", "document"])
    passages = (
        tables.columns("passages", ["id", "text"]).join(texts, left_on="text", right_on="id").select("id", "document")
    )
    links = tables.columns("statistic-passages", ["statistic", "passage", *_ORIGIN])
    found = links.join(passages, left_on="passage", right_on="id", maintain_order="left").drop("passage")
    given = tables.columns("proposals", ["id", "document"]).drop_nulls().rename({"id": "proposal"})
    rests = tables.columns("evidence", ["statistic", "proposal", *_ORIGIN])
    unplaced = rests.filter(~pl.col("statistic").is_in(links["statistic"].implode()))
    over = unplaced.join(given, on="proposal", maintain_order="left").select(found.columns)
    return _once(pl.concat([found, over]), "statistic", "document")


def _proposal_proposers(tables: Tables) -> pl.DataFrame:
    proposals = tables.columns("proposals", ["id", "proposer", *_ORIGIN])
    return proposals.drop_nulls("proposer").with_columns(proposal="id")


def _passage_quotes(tables: Tables) -> pl.DataFrame:
    passages = tables.columns("passages", ["id", "quote", *_ORIGIN])
    return passages.filter(pl.col("quote").is_not_null()).with_columns(passage="id")


def _source_quotes(tables: Tables) -> pl.DataFrame:
    links = tables.columns("statistic-sources", ["statistic", "source", "quote", *_ORIGIN])
    return links.filter(pl.col("quote").is_not_null())


def _measurements(tables: Tables) -> pl.DataFrame:
    """Shares (0 to 1): of statistics and proposals by status, of passages verified, of signs by what became of them.

    The share of a status that says what is not there is left out where nobody looked: 0 would say that none is missing.
    """
    counted = {
        "statistics": tables.counts("statistics", "citation_status"),
        "proposals": tables.counts("proposal-status", "status"),
        "passages": _verified(tables),
        "signs": _signs(tables),
    }
    rows = []
    for metric in next(c.enum for c in schema.tables()["measurements"].columns if c.name == "metric"):
        of, _, status = metric.partition("-")
        some, all_ = counted[of][status], counted[of].total()
        if all_ and (some or _looked(tables, status)):
            share = (Decimal(some) / all_).quantize(Decimal("0.0001"))
            rows.append((metric, str(some), str(all_), f"{share.normalize():f}"))
    names = ["metric", "numerator", "denominator", "value"]
    measured = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return measured.join(tables["dataset"].select("_file", "_row", dataset="iri"), how="cross")


def _verified(tables: Tables) -> Counter[str | None]:
    """The number of passages that are verified, and of the others."""
    graded = tables.columns("verifications", ["passage", "grade"]).filter(pl.col("grade").is_in(STANDS))["passage"]
    among = pl.col("id").is_in(graded.unique().implode())
    some = sum(int(ids.select(among.sum()).item()) for ids in tables.batches("passages", ["id"])) if len(graded) else 0
    return Counter({"verified": some, None: tables.height("passages") - some})


def _looked(tables: Tables, status: str) -> bool:
    """Whether a share of 0 of this status may be said: it says nothing of the print, or somebody looked."""
    if status == "none-stated":
        return readings.any_proposal(tables, "figures")
    return status not in (*readings.ABSENT, "ambiguous", "unsourced") or readings.any_statistic(tables)


def _proposal_sources(tables: Tables) -> pl.DataFrame:
    """Links from a proposal to the sources that are cited by the statistics on which it rests."""
    cited = tables.columns("statistic-sources", ["statistic", "source"])
    rests = tables.columns("evidence", ["proposal", "statistic", *_ORIGIN])
    return _once(rests.join(cited, on="statistic", maintain_order="left_right"), "proposal", "source")


def _proposal_subjects(tables: Tables) -> pl.DataFrame:
    """The subjects of a proposal's themes, and of the themes above them."""
    parents = tables.columns("themes", ["id", "parent"])
    topics = tables.columns("theme-subjects", ["theme", "topic"])
    above = parents.select("id", theme="id")
    levels = []
    for _ in range(parents.height):  # a circle of themes is a finding elsewhere; here it only ends
        if above.is_empty():
            break
        levels.append(above)
        above = above.join(parents, left_on="theme", right_on="id").select("id", theme="parent").drop_nulls("theme")
    about = pl.concat([*levels, above]).join(topics, on="theme", maintain_order="left_right")
    own = tables.columns("proposals", ["id", "theme", *_ORIGIN]).rename({"id": "proposal"})
    filed = pl.concat([own, tables.columns("proposal-themes", ["proposal", "theme", *_ORIGIN])])
    found = filed.join(
        _once(about, "id", "topic").drop("theme"), left_on="theme", right_on="id", maintain_order="left_right"
    )
    several = pl.col("proposal").is_in(tables.columns("proposal-themes", ["proposal"])["proposal"].implode())
    return pl.concat([found.filter(~several), _once(found.filter(several), "proposal", "topic")])


def _signs(tables: Tables) -> Counter[str | None]:
    """The number of signs that the ledger counts by state: recorded, dismissed or unexplained."""
    states = ["recorded", "dismissed", "unexplained"]
    counted = tables.columns("ledger", states).select(pl.all().cast(pl.Int64, strict=False).sum())
    return Counter({state: counted[state][0] or 0 for state in states})


def _proposal_status(tables: Tables) -> pl.DataFrame:
    """For each proposal its evidence status, on what basis, and how many of its statistics cite a source.

    `sourced`: at least one of its statistics is cited (`stated` in its own text, or only `implied`). Where none is:
    `unsourced`, if it has some whose sources were looked for; `none-stated`, if it has none and its text was read for
    figures; else `not-recorded`.
    """
    statuses = tables.columns("statistics", ["id", "citation_status"])
    links = tables.columns("evidence", ["proposal", "statistic", "basis"])
    rests = links.join(statuses, left_on="statistic", right_on="id")
    cites = pl.col("citation_status") == "cited"
    counted = rests.group_by("proposal").agg(
        cited=pl.col("statistic").filter(cites).n_unique(),
        without_source=pl.col("statistic").filter(~cites).n_unique(),
        stated=(cites & (pl.col("basis") == "Stated")).any(),
        unknown=(pl.col("citation_status") == "not-recorded").any(),
    )
    read = pl.col("proposal").is_in(readings.proposals(tables, "figures").implode())
    status = (
        pl.when(pl.col("cited") > 0).then(pl.lit("sourced"))
        .when(pl.col("unknown") | (pl.col("unknown").is_null() & ~read)).then(pl.lit("not-recorded"))
        .when(pl.col("unknown").is_null()).then(pl.lit("none-stated"))
        .otherwise(pl.lit("unsourced"))
    )  # fmt: skip
    basis = pl.when(pl.col("cited") > 0).then(pl.when("stated").then(pl.lit("stated")).otherwise(pl.lit("implied")))
    found = tables.columns("proposals", ["id", *_ORIGIN]).rename({"id": "proposal"})
    found = found.join(counted, on="proposal", how="left", maintain_order="left")
    return found.with_columns(
        status=status,
        basis=basis,
        cited=pl.col("cited").cast(pl.String),
        without_source=pl.col("without_source").cast(pl.String),
    )


# In order: the later ones read the earlier ones.
RULES: dict[str, Callable[[Tables], pl.DataFrame]] = {
    "statistic-sources": _statistic_sources,
    "statistic-possible-sources": _statistic_possible_sources,
    "statistic-documents": _statistic_documents,
    "statistic-claimants": plain_facts.statistic_claimants,
    "proposal-sources": _proposal_sources,
    "proposal-subjects": _proposal_subjects,
    "proposal-proposers": _proposal_proposers,
    "proposal-status": _proposal_status,
    "passage-quotes": _passage_quotes,
    "source-quotes": _source_quotes,
    "comparisons": comparisons.comparisons,
    "figure-comparisons": comparisons.figure_comparisons,
    "measurements": _measurements,
    "figure-facts": plain_facts.figure_facts,
    "source-years": plain_facts.source_years,
    "schemes": plain_facts.schemes,
    "theme-schemes": plain_facts.theme_schemes,
    "marker-labels": composed_labels.marker_labels,
    "note-labels": composed_labels.note_labels,
}
