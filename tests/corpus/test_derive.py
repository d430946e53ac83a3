"""What follows from the tables: the short form's rows, and links over links."""

from __future__ import annotations

import polars as pl
import pytest

from openproposals.corpus import derive
from openproposals.corpus.corpus_folder import Corpus
from support.frames import frames

Rows = dict[str, list[dict[str, str | None]]]


def derived(tables: Rows) -> dict[str, pl.DataFrame]:
    return dict(derive.links(derive.expand(Corpus({}, frames(tables), {}))).tables)


def pairs(frame: pl.DataFrame, *columns: str) -> set[tuple[str, ...]]:
    return set(frame.select(columns).iter_rows())


RESTING: Rows = {
    "proposals": [{"id": "p"}, {"id": "q"}, {"id": "r"}, {"id": "u"}],
    "statistics": [{"id": "s", "citation_status": "cited"}, {"id": "t", "citation_status": "dangling"}],
    "markers": [{"id": "m"}],
    "statistic-markers": [{"statistic": "t", "marker": "m"}],
    "evidence": [
        {"proposal": "p", "statistic": "s", "basis": "Stated"},
        {"proposal": "p", "statistic": "t", "basis": "Stated"},
        {"proposal": "q", "statistic": "t", "basis": "Stated"},
        {"proposal": "u", "statistic": "s", "basis": "Context"},
    ],
}
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


def test_a_claim_without_an_address_is_not_recorded_and_without_a_value_has_no_figure() -> None:
    """What is not given is not made up."""
    tables = derived({"claims": [{"id": "s", "proposal": "p", "kind": "qualitative"}]})
    assert pairs(tables["statistics"], "scope", "citation_status") == {("qualitative", "not-recorded")}
    assert tables["figures"].is_empty()
    assert tables["sources"].is_empty()


def test_a_claim_needs_no_proposal_and_may_cite_several_addresses() -> None:
    """Each address is a source, once; where no proposal states the claim, none rests on it."""
    further = [{"claim": "s", "source_url": f"https://x.example/{name}"} for name in "abb"]
    tables = derived({"claims": [{**CLAIM, "proposal": None}], "claim-sources": further})
    assert pairs(tables["sources"], "url") == {("https://x.example/a",), ("https://x.example/b",)}
    assert tables["statistic-sources"].height == 2
    assert tables["evidence"].is_empty()
    only = derived({"claims": [{**CLAIM, "source_url": None}], "claim-sources": further})
    assert pairs(only["statistics"], "citation_status") == {("cited",)}


def test_a_rating_is_made_only_of_a_claim_that_is_rated() -> None:
    """Whatever is told of a rating makes one, so that a verdict without its author is found and not lost."""
    rated = {"reviewer": "a", "rating_en": "False", "reviewed": "2024", "review_url": "https://x.example/r"}
    claims = [CLAIM, {**CLAIM, "id": "t", "claimant": "b", **rated}, {**CLAIM, "id": "u", "rating_fr": "Faux"}]
    tables = derived({"claims": claims})
    assert pairs(tables["ratings"], "id", "statistic", *rated) == {
        ("t", "t", *rated.values()),
        ("u", "u", None, None, None, None),
    }
    assert pairs(tables["statistics"], "id", "claimant") == {("s", None), ("t", "b"), ("u", None)}


def test_a_proposer_is_one_of_the_proposers() -> None:
    """The column and the table say the same thing, and what both say stands once."""
    proposals = [{"id": "p", "proposer": "a"}, {"id": "q"}]
    more = [{"proposal": "p", "proposer": "a"}, {"proposal": "p", "proposer": "b"}, {"proposal": "q", "proposer": "b"}]
    tables = derived({"proposals": proposals, "proposal-proposers": more})
    assert pairs(tables["proposal-proposers"], "proposal", "proposer") == {("p", "a"), ("p", "b"), ("q", "b")}
    assert tables["proposal-proposers"].height == 3


def test_the_addresses_of_an_outcome_are_no_sources() -> None:
    """No source, no citation and no evidence follows from them."""
    tables = derived(
        {
            "proposals": [{"id": "p"}],
            "outcomes": [{"id": "o", "proposal": "p", "status": "done"}],
            "outcome-sources": [{"outcome": "o", "source_url": "https://x.example/a"}],
        }
    )
    assert all(tables[name].is_empty() for name in ("sources", "statistic-sources", "proposal-sources", "evidence"))


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
    further = [{"proposal": "q", "theme": "b"}, {"proposal": "p", "theme": "a"}]
    tables = derived({"themes": themes, "theme-subjects": topics, "proposals": proposals, "proposal-themes": further})
    found = {("p", "T"), ("p", "U"), ("q", "V"), ("q", "T")}
    assert pairs(tables["proposal-subjects"], "proposal", "topic") == found
    assert tables["proposal-subjects"].height == len(found)


def test_evidence_status_says_what_the_statistics_say() -> None:
    """sourced: one of them is cited; unsourced: some, none cited; none-stated: none, and somebody looked."""
    tables = derived({**RESTING, "activities": [{"id": "a", "looked_for": "figures-and-sources"}]})
    expected = {("p", "sourced"), ("q", "unsourced"), ("r", "none-stated"), ("u", "sourced")}
    assert pairs(tables["proposal-status"], "proposal", "status") == expected
    columns = ["proposal", "basis", "cited", "without_source"]
    assert tables["proposal-status"].select(columns).rows() == [
        ("p", "stated", "1", "1"),
        ("q", None, "0", "1"),
        ("r", None, None, None),
        ("u", "implied", "1", "0"),
    ]


@pytest.mark.parametrize(
    ("activities", "others", "status"),
    [
        ([], "not-recorded", "not-recorded"),
        ([{"id": "a", "text": "T"}], "not-recorded", "not-recorded"),
        ([{"id": "a", "looked_for": "figures"}], "not-recorded", "none-stated"),
        ([{"id": "a", "looked_for": "sources"}], "unsourced", "not-recorded"),
        ([{"id": "a", "text": "elsewhere", "looked_for": "figures-and-sources"}], "not-recorded", "not-recorded"),
    ],
    ids=["nobody", "looked for nothing", "figures", "sources", "another text"],
)
def test_an_absence_is_stated_only_where_somebody_looked(
    activities: list[dict[str, str | None]], others: str, status: str
) -> None:
    """Proposal q rests on a statistic that is said to dangle, r on none."""
    tables = derived({**RESTING, "activities": activities})
    found = dict(tables["proposal-status"].select("proposal", "status").iter_rows())
    assert (found["p"], found["q"], found["r"]) == ("sourced", others, status)
    known = dict(tables["statistics"].select("id", "citation_status").iter_rows())
    assert known == {"s": "cited", "t": "dangling" if others == "unsourced" else "not-recorded"}


def test_what_was_read_is_where_it_is_stated() -> None:
    """A proposal by its passage's text, else by its document; a statistic by its passages, else by its proposal."""
    tables = derived(
        {
            "activities": [{"id": "a", "text": "T", "looked_for": "figures-and-sources"}],
            "texts": [{"id": "T", "document": "D"}, {"id": "U", "document": "E"}],
            "passages": [{"id": "in", "text": "T"}, {"id": "out", "text": "U"}],
            "proposals": [
                {"id": "p", "passage": "in"},
                {"id": "q", "passage": "out", "document": "D"},
                {"id": "r", "document": "D"},
                {"id": "u", "document": "E"},
            ],
            "statistics": [{"id": name, "citation_status": "uncited"} for name in "stvw"],
            "statistic-passages": [{"statistic": "s", "passage": "in"}, {"statistic": "t", "passage": "out"}],
            "evidence": [
                {"proposal": "r", "statistic": "t", "basis": "Stated"},
                {"proposal": "r", "statistic": "v", "basis": "Stated"},
                {"proposal": "u", "statistic": "w", "basis": "Stated"},
            ],
        }
    )
    status = dict(tables["proposal-status"].select("proposal", "status").iter_rows())
    assert status == {"p": "none-stated", "q": "not-recorded", "r": "not-recorded", "u": "not-recorded"}
    known = dict(tables["statistics"].select("id", "citation_status").iter_rows())
    assert known == {"s": "uncited", "t": "not-recorded", "v": "uncited", "w": "not-recorded"}


FIGURES: Rows = {
    "statistics": [
        {"id": "p", "kind": "projection", "label_fr": "Personnes âgées", "label_en": "Older people"},
        {"id": "q", "kind": "ratio", "label_fr": "Communes", "label_en": "Municipalities"},
        {"id": "r", "kind": "percentage", "label_fr": "Enfants", "label_en": "Children"},
        {"id": "m", "kind": "multiple", "label_fr": "Chômage", "label_en": "Unemployment"},
    ],
    "figures": [
        {"id": "p1", "statistic": "p", "value": "12", "unit": "NUM", "period": "2012-03-01", "status": "A"},
        {"id": "p2", "statistic": "p", "value": "23", "unit": "NUM", "period": "2060", "status": "F"},
        {"id": "p3", "statistic": "p", "value": "9", "unit": "NUM", "period": "2060-01"},
        {"id": "q1", "statistic": "q", "numerator": "1", "denominator": "3", "unit": "UNITLESS"},
        {"id": "r1", "statistic": "r", "value": "22.8", "unit": "PERCENT", "qualifier": "nearly", "as_printed_fr": "près de 22,8 %"},
        {"id": "r2", "statistic": "r", "value": "150", "unit": "PERCENT"},
        {"id": "r3", "statistic": "r", "value": "4000", "unit": "NUM"},
        {"id": "r4", "statistic": "r", "value": "4000", "unit": "M"},
        {"id": "r5", "statistic": "r", "minimum": "10", "maximum": "20", "unit": "PERCENT"},
        {"id": "m1", "statistic": "m", "value": "90", "unit": "PERCENT"},
    ],
}  # fmt: skip


def test_a_figure_has_the_kind_that_its_cells_bear_out() -> None:
    """The observed half of a projection is a count; where neither the kind nor the cells tell, none is given."""
    kinds = dict(derived(FIGURES)["figure-facts"].select("figure", "kind").iter_rows())
    assert kinds == {
        "p1": "count", "p2": "projection", "p3": None, "q1": "ratio", "r1": "percentage", "r2": "percentage",
        "r3": "count", "r4": None, "r5": "percentage", "m1": "multiple",
    }  # fmt: skip


def test_percentages_and_ratios_are_fractions_of_one() -> None:
    """Both under one column; what is above one, a range and a multiple have none."""
    fractions = dict(derived(FIGURES)["figure-facts"].select("figure", "fraction").iter_rows())
    assert {k: v for k, v in fractions.items() if v} == {"q1": "0.333333", "r1": "0.228"}


def test_a_year_is_a_year_whatever_the_date() -> None:
    """Of a year, a month or a day; without a date there is none."""
    tables = derived(
        {**FIGURES, "sources": [{"id": "a", "issued": "2020-05"}, {"id": "b"}, {"id": "c", "issued": "1999"}]}
    )
    assert pairs(tables["source-years"], "source", "year") == {("a", "2020"), ("c", "1999")}
    years = dict(tables["figure-facts"].select("figure", "year").iter_rows())
    assert {k: v for k, v in years.items() if v} == {"p1": "2012", "p2": "2060", "p3": "2060"}


def test_a_label_is_composed_of_words_of_its_language() -> None:
    """A figure printed in French alone is given by its value in English; a sign stands alone where it leads nowhere."""
    tables = derived(
        {
            **FIGURES,
            "markers": [{"id": "1", "as_printed": "*"}, {"id": "2", "as_printed": "2"}],
            "statistic-markers": [{"marker": "1", "statistic": "q"}, {"marker": "1", "statistic": "r"}],
            "notes": [{"id": "n", "as_printed": "1"}],
            "sources": [{"id": "s", "label_fr": "Enquête", "title_en": "Survey"}],
            "note-sources": [{"note": "n", "source": "s"}],
        }
    )
    labels = {row[0]: row[1:] for row in tables["figure-facts"].select("figure", "label_fr", "label_en").iter_rows()}
    assert labels["r1"] == ("près de 22,8 % – Enfants", "≈ 22.8 % – Children")
    assert labels["q1"] == ("1/3 – Communes", "1/3 – Municipalities")
    assert labels["r5"] == ("10–20 % – Enfants", "10–20 % – Children")
    assert tables["marker-labels"].select("marker", "label_fr", "label_en").rows() == [
        ("1", "* – Communes", "* – Municipalities"), ("2", "2", "2"),
    ]  # fmt: skip
    assert pairs(tables["note-labels"], "label_fr", "label_en") == {("1 – Enquête", "1 – Survey")}


def test_a_claim_has_the_publisher_of_its_document_as_claimant() -> None:
    """Over its passage; without one, over the proposals that rest on it. An unknown publisher gives no claimant."""
    tables = derived(
        {
            "agents": [{"id": "a"}, {"id": "b"}],
            "documents": [{"id": "A", "publisher": "a"}, {"id": "B", "publisher": "b"}, {"id": "C"}],
            "texts": [{"id": "t", "document": "A"}],
            "passages": [{"id": "x", "text": "t"}],
            "proposals": [{"id": "p", "document": "B"}, {"id": "q", "document": "C"}],
            "statistics": [{"id": "read"}, {"id": "unread"}, {"id": "nowhere"}],
            "statistic-passages": [{"statistic": "read", "passage": "x"}],
            "evidence": [
                {"proposal": "p", "statistic": "read"},
                {"proposal": "p", "statistic": "unread"},
                {"proposal": "q", "statistic": "unread"},
                {"proposal": "q", "statistic": "nowhere"},
            ],
        }
    )
    found = pairs(tables["statistic-documents"], "statistic", "document")
    assert found == {("read", "A"), ("unread", "B"), ("unread", "C"), ("nowhere", "C")}
    assert pairs(tables["statistic-claimants"], "statistic", "agent") == {("read", "a"), ("unread", "b")}


def test_themes_are_in_one_scheme_of_which_those_without_a_parent_are_the_top() -> None:
    """It is called by the corpus's title; without themes there is no scheme."""
    dataset: Rows = {"dataset": [{"iri": "https://x.example/", "title_fr": "Titre", "title_en": "Title"}]}
    tables = derived({**dataset, "themes": [{"id": "1"}, {"id": "1.1", "parent": "1"}]})
    assert pairs(tables["schemes"], "id", "label_fr", "label_en") == {("themes", "Titre", "Title")}
    assert tables["theme-schemes"].select("theme", "scheme", "top").rows() == [
        ("1", "themes", "themes"),
        ("1.1", "themes", None),
    ]
    assert derived(dataset)["schemes"].is_empty()


def test_a_share_of_an_absence_is_measured_only_where_somebody_looked() -> None:
    """None is missing, says a share of 0; of what nobody read there is no such share."""
    tables: Rows = {"proposals": [{"id": "p"}], "statistics": [{"id": "s", "citation_status": "not-recorded"}],
                    "evidence": [{"proposal": "p", "statistic": "s", "basis": "Stated"}],
                    "dataset": [{"iri": "https://x.example/"}]}  # fmt: skip
    absences = {"statistics-dangling", "statistics-uncited", "proposals-unsourced", "proposals-none-stated"}
    measured = set(derived(tables)["measurements"]["metric"])
    assert "statistics-not-recorded" in measured
    assert not measured & absences
    read: Rows = {**tables, "activities": [{"id": "a", "looked_for": "figures-and-sources"}]}
    assert absences <= set(derived(read)["measurements"]["metric"])
