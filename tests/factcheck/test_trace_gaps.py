"""What a chain lacks is named, link by link, and nothing that it has is named as lacking."""

from __future__ import annotations

import pytest

from openproposals.errors import UsageError
from openproposals.factcheck import trace, trace_text
from openproposals.factcheck.trace import Held
from support.frames import frames

BASE = "https://example.org/corpus/"
Cells = dict[str, str | None]
Tables = dict[str, list[Cells]]

PLACE: Cells = {
    "id": "b", "text": "T", "start": "3", "end": "9",
    "faithful_length": "6", "faithful_sha256": "f", "kept_length": "5", "kept_sha256": "k",
    "bare_length": "5", "bare_sha256": "b", "bare_opening": "o",
}  # fmt: skip
MARKER: Cells = {"id": "m", "as_printed": "7", "text": "T", "start": "9", "end": "10"}
WHOLE: Tables = {
    "statistics": [{"id": "S", "kind": "count", "citation_status": "cited"}],
    "figures": [{"id": "S-1", "statistic": "S"}],
    "texts": [{"id": "T", "sha256": "t", "characters": "20", "document": "D"}],
    "documents": [{"id": "D"}],
    "passages": [PLACE],
    "statistic-passages": [{"statistic": "S", "passage": "b"}],
    "markers": [{**MARKER, "note": "n"}],
    "statistic-markers": [{"statistic": "S", "marker": "m"}],
    "notes": [{"id": "n"}],
    "statistic-sources": [{"statistic": "S", "source": "w"}],
    "sources": [
        {
            "id": "w", "title_fr": "Titre", "url": "https://w.example/a", "archived_url": "https://w.example/b",
            "trace_status": "located-archived",
        }
    ],
}  # fmt: skip


def held(changed: Tables) -> Held:
    return Held(BASE, frames({**WHOLE, **changed}))


def gaps(changed: Tables, kind: str = "statistic", key: str = "S") -> list[dict[str, str]]:
    found: list[dict[str, str]] = trace.trace(held(changed), kind, key)["missing"]
    return found


def source(**cells: str | None) -> Tables:
    return {"sources": [{**WHOLE["sources"][0], **cells}]}


def statistic(**cells: str | None) -> Tables:
    return {"statistics": [{**WHOLE["statistics"][0], **cells}]}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"figures": []}, [{"code": "no-figure"}]),
        ({"figures": [], **statistic(kind="qualitative")}, []),
        (statistic(kind="qualitative"), []),
        ({"statistic-passages": []}, [{"code": "no-passage"}]),
        (statistic(citation_status="unmarked"), [{"code": "unmarked"}]),
        (
            {"markers": [MARKER], **statistic(citation_status="dangling")},
            [{"code": "dangling"}, {"code": "no-note", "marker": "7"}],
        ),
        (
            {"markers": [MARKER], **statistic(citation_status="not-recorded")},
            [{"code": "not-recorded"}, {"code": "no-note-recorded", "marker": "7"}],
        ),
        ({"markers": [MARKER]}, [{"code": "no-note", "marker": "7"}]),
        ({"markers": [{**MARKER, "possible_note": "n"}]}, []),
        (source(title_fr=None), []),
        (source(title_fr=None, url=None), [{"code": "no-title", "source": "w"}]),
        (source(url=None), []),
        (source(archived_url=None), [{"code": "no-archived-copy", "source": "w"}]),
        (source(url=None, archived_url=None), [{"code": "no-address", "source": "w"}]),
        (source(trace_status="not-attempted"), [{"code": "not-attempted", "source": "w"}]),
        (source(trace_status="searched-not-found"), [{"code": "searched-not-found", "source": "w"}]),
        (source(trace_status="located-uncertain"), [{"code": "located-uncertain", "source": "w"}]),
    ],
)
def test_each_link_that_is_not_there_is_named(changed: Tables, expected: list[dict[str, str]]) -> None:
    """One case for each gap, and one for each thing that takes its place."""
    assert gaps(changed) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("sourced", []),
        ("unsourced", [{"code": "unsourced"}]),
        ("none-stated", [{"code": "none-stated"}]),
        (None, [{"code": "evidence-not-recorded"}]),
    ],
)
def test_a_proposal_says_whether_it_rests_on_a_source(status: str | None, expected: list[dict[str, str]]) -> None:
    """Without a row that says it, none is stated."""
    rows: list[Cells] = [{"proposal": "P", "status": status}] if status else []
    assert gaps({"proposals": [{"id": "P"}], "proposal-status": rows}, "proposal", "P") == expected


def test_a_gap_of_a_proposal_names_its_statistic() -> None:
    """Of many, which one lacks its figure."""
    tables: Tables = {
        "proposals": [{"id": "P"}], "evidence": [{"proposal": "P", "statistic": "S", "basis": "Stated"}],
        "proposal-status": [{"proposal": "P", "status": "sourced"}], "figures": [],
    }  # fmt: skip
    assert gaps(tables, "proposal", "P") == [{"statistic": "S", "code": "no-figure"}]


@pytest.mark.parametrize(
    ("themes", "expected"),
    [
        ([{"id": "in", "parent": "out"}, {"id": "out"}], ["out", "in"]),
        ([{"id": "in", "parent": "out"}, {"id": "out", "parent": "in"}], ["out", "in"]),
        ([{"id": "in", "parent": "gone"}], ["in"]),
        ([], []),
    ],
)
def test_sections_stand_outermost_first_and_end(themes: list[Cells], expected: list[str]) -> None:
    """A circle of sections ends, and so does a section that no row describes."""
    place = trace.trace(held({"themes": themes, "passages": [{**PLACE, "theme": "in"}]}), "statistic", "S")["places"][0]
    assert [section["id"] for section in place["sections"]] == expected


def test_what_no_row_describes_is_empty() -> None:
    """A text without a document, and a proposal whose passage is not in the tables."""
    tables: Tables = {"documents": [], "proposals": [{"id": "P", "passage": "gone"}, {"id": "Q"}]}
    assert trace.trace(held(tables), "statistic", "S")["places"][0]["document"] == {}
    assert [trace.trace(held(tables), "proposal", key)["place"] for key in "PQ"] == [{}, {}]


def test_leads_are_kept_apart_from_faults() -> None:
    """A lead is a suggestion; a fault is the document's. Each remark stands in one list, once."""
    remarks: Tables = {
        "remarks": [{"id": "F", "kind": "missing-note"}, {"id": "L", "kind": "dated-source", "marker": "m"}],
        "remark-statistics": [{"remark": "F", "statistic": "S"}, {"remark": "L", "statistic": "S"}],
    }
    found = trace.trace(held(remarks), "statistic", "S")
    assert [[said["id"] for said in found[name]] for name in ("faults", "leads")] == [["F"], ["L"]]


def test_a_source_that_no_note_names_is_told_apart() -> None:
    """The source of a statistic to which its own note does not refer was given without a note."""
    noted: Tables = {"note-sources": [{"note": "n", "source": "w"}]}
    assert trace.trace(held({}), "statistic", "S")["given_without_note"] == ["w"]
    assert trace.trace(held(noted), "statistic", "S")["given_without_note"] == []


def test_a_source_that_nobody_searched_for_has_no_search() -> None:
    """And one that somebody did says who, and when it ended."""
    searched = {
        **source(activity="a"),
        "notes": [{"id": "n", "as_printed": "7"}],
        "activities": [{"id": "a", "ended": "2026-03-20", "comment_en": "By hand."}],
    }
    assert "search" not in trace.trace(held({}), "source", "w")
    assert trace.trace(held(searched), "source", "w")["search"] == {
        "id": "a",
        "ended": "2026-03-20",
        "comment": {"en": "By hand."},
    }


@pytest.mark.parametrize(
    ("tables", "name", "code"),
    [
        ({"statistics": [{"id": f"S2{n}"} for n in range(5)]}, "S29", "unknown-id-near"),
        ({}, "nothing-like-it", "unknown-id-far"),
        ({"statistics": [], "proposals": [], "sources": []}, "S", "unknown-id"),
    ],
)
def test_an_unknown_id_is_told_with_what_is_near(tables: Tables, name: str, code: str) -> None:
    """Three near ones at most, else one as an example, else none."""
    with pytest.raises(UsageError) as error:
        trace.find(held(tables), name)
    assert error.value.key == code
    assert str(error.value.facts.get("near", "")).count(",") == (2 if code == "unknown-id-near" else 0)


SAID: Cells = {
    "id": "x", "statistic": "S", "figure": "S-1", "source": "w", "value": "5", "unit": "NUM", "seen_in": "work",
    "seen_at": "https://w.example/a", "locator_en": "p. 3", "period": "2022", "population": "other", "activity": "a",
}  # fmt: skip
SEEN: Tables = {
    "source-statements": [SAID],
    "comparisons": [{"statement": "x", "result": "other-population"}],
    "notes": [{"id": "n", "as_printed": "7"}],
    "activities": [{"id": "a", "ended": "2026-01-02T00:00:00Z"}],
}


def test_a_trace_tells_what_the_source_says_and_what_the_rule_found() -> None:
    """The value, where in the source and when it was seen, and the rule's result; no word of who is right."""
    found = trace.trace(held(SEEN), "statistic", "S")
    assert [(each["source"], each["result"]) for each in found["said"]] == [("w", "other-population")]
    told = trace_text.text(found, "en")
    told = " ".join(told[told.index("What the source says") :].split())
    for words in ("w: S-1 · 5", "other population", "period: 2022", "p. 3", "https://w.example/a, 2026-01-02, a"):
        assert words in told


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("located", "not-looked-for"),
        ("located-uncertain", "not-looked-for"),
        ("located-archived", "not-looked-for"),
        ("searched-not-found", "source-not-found"),
        ("not-attempted", "source-not-sought"),
    ],
)
def test_a_source_without_a_statement_has_the_reason(status: str, reason: str) -> None:
    """A cited source of which nothing is recorded is told too; where no source is cited, there is nothing to tell."""
    found = trace.trace(held(source(trace_status=status)), "statistic", "S")
    assert found["said"] == [{"source": "w", "result": reason}]
    assert trace.trace(held({"statistic-sources": []}), "statistic", "S")["said"] == []


def test_a_value_that_was_not_seen_is_told_as_such() -> None:
    """Nothing in its place."""
    nothing: Tables = {
        "source-statements": [{k: v for k, v in SAID.items() if k not in ("value", "unit")}],
        "comparisons": [{"statement": "x", "result": "not-stated"}],
    }
    told = trace_text.text(trace.trace(held({**SEEN, **nothing}), "statistic", "S"), "en")
    assert "w: S-1 · no value was seen there" in told
