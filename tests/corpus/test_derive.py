"""What follows from the tables: the short form's rows, and links over links."""

from __future__ import annotations

import polars as pl

from openproposals.corpus import derive
from openproposals.corpus.corpus_folder import Corpus
from support.frames import frames

Rows = dict[str, list[dict[str, str | None]]]


def derived(tables: Rows) -> dict[str, pl.DataFrame]:
    return dict(derive.links(derive.expand(Corpus({}, frames(tables), {}))).tables)


def pairs(frame: pl.DataFrame, *columns: str) -> set[tuple[str, ...]]:
    return set(frame.select(columns).iter_rows())


CLAIM = {"id": "s", "proposal": "p", "kind": "count", "value": "3", "unit": "NUM", "source_url": "https://x.example/a"}


def test_a_claim_stands_for_a_statistic_its_figure_its_proposal_and_its_source() -> None:
    """One row of the short form gives one of each, linked."""
    tables = derived({"proposals": [{"id": "p"}], "claims": [CLAIM]})
    assert pairs(tables["statistics"], "id", "scope", "citation_status") == {("s", "society", "cited")}
    assert pairs(tables["figures"], "id", "statistic", "value", "qualifier") == {("s-1", "s", "3", "as-stated")}
    assert pairs(tables["evidence"], "proposal", "statistic", "basis") == {("p", "s", "Stated")}
    assert pairs(tables["proposal-sources"], "proposal", "source") == pairs(
        tables["sources"].with_columns(proposal=pl.lit("p")), "proposal", "id"
    )
    assert pairs(tables["proposal-status"], "proposal", "status") == {("p", "sourced")}


def test_one_address_is_one_source() -> None:
    """Cited twice: one row. Known to sources.csv by its address: that row. Given under its own key: that row wins."""
    twice = [CLAIM, {**CLAIM, "id": "t"}]
    (made,) = derived({"claims": twice})["sources"]["id"]
    assert made.startswith("url-")
    known = derived({"claims": twice, "sources": [{"id": "report", "url": "https://x.example/a"}]})
    assert known["sources"]["id"].to_list() == ["report"]
    assert pairs(known["statistic-sources"], "statistic", "source") == {("s", "report"), ("t", "report")}
    titled = derived({"claims": twice, "sources": [{"id": made, "title_en": "Report"}]})
    assert pairs(titled["sources"], "id", "title_en") == {(made, "Report")}


def test_a_claim_without_an_address_is_uncited_and_without_a_value_has_no_figure() -> None:
    """What is not given is not made up."""
    tables = derived({"claims": [{"id": "s", "proposal": "p", "kind": "qualitative"}]})
    assert pairs(tables["statistics"], "scope", "citation_status") == {("qualitative", "uncited")}
    assert tables["figures"].is_empty()
    assert tables["sources"].is_empty()


def test_a_note_may_refer_to_several_works_or_none() -> None:
    """A statistic cites every work of the note its marker denotes; a marker without a note cites none."""
    tables = derived(
        {
            "statistic-markers": [{"statistic": "s", "marker": "1"}, {"statistic": "t", "marker": "2"}],
            "markers": [{"id": "1", "note": "n"}, {"id": "2", "possible_note": "n"}],
            "note-sources": [{"note": "n", "source": "a"}, {"note": "n", "source": "b"}],
        }
    )
    assert pairs(tables["statistic-sources"], "statistic", "source") == {("s", "a"), ("s", "b")}
    assert pairs(tables["statistic-possible-sources"], "statistic", "source") == {("t", "a"), ("t", "b")}


def test_subjects_come_from_the_theme_and_those_above_it() -> None:
    """Three levels, a circle, no theme: each proposal has the subjects of its themes, once."""
    themes = [{"id": "a"}, {"id": "b", "parent": "a"}, {"id": "c", "parent": "b"}, {"id": "x", "parent": "x"}]
    topics = [{"theme": "a", "topic": "T"}, {"theme": "c", "topic": "U"}, {"theme": "x", "topic": "V"}]
    proposals = [{"id": "p", "theme": "c"}, {"id": "q", "theme": "x"}, {"id": "r"}]
    tables = derived({"themes": themes, "theme-subjects": topics, "proposals": proposals})
    assert pairs(tables["proposal-subjects"], "proposal", "topic") == {("p", "T"), ("p", "U"), ("q", "V")}


def test_evidence_status_says_what_the_statistics_say() -> None:
    """sourced: one of them is cited; unsourced: some, none cited; none-stated: none."""
    tables = derived(
        {
            "proposals": [{"id": "p"}, {"id": "q"}, {"id": "r"}],
            "statistics": [{"id": "s", "citation_status": "cited"}, {"id": "t", "citation_status": "dangling"}],
            "evidence": [
                {"proposal": "p", "statistic": "s"},
                {"proposal": "p", "statistic": "t"},
                {"proposal": "q", "statistic": "t"},
            ],
        }
    )
    expected = {("p", "sourced"), ("q", "unsourced"), ("r", "none-stated")}
    assert pairs(tables["proposal-status"], "proposal", "status") == expected
