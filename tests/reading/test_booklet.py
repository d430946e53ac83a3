"""The reading of our two documents against the accepted corpus: nothing of it is missed, and how much is offered beside.

The documents are not ours to redistribute: skipped where they are missing. The proof that the rules are general is
`test_candidates.py`.
"""

from __future__ import annotations

import csv

import pytest

from openproposals.factcheck import documents
from openproposals.factcheck.normal import Span
from openproposals.messages import load
from openproposals.reading import candidates
from openproposals.reading.candidates import TextRead
from openproposals.reading.rules import KNOWN
from support.places import REAL, SHARED, needs_documents

pytestmark = needs_documents
FILES = {"B": "booklet.txt", "R": "press-release.txt"}


def table(name: str) -> list[dict[str, str]]:
    with (REAL / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def span(row: dict[str, str]) -> Span:
    return int(row["start"]), int(row["end"])


@pytest.fixture(scope="module")
def found() -> dict[str, TextRead]:
    return {
        name: candidates.read(documents.read(file, (SHARED / "documents" / file).read_bytes()), name, "fr")
        for name, file in FILES.items()
    }


def offered(found: dict[str, TextRead], kind: str) -> set[tuple[str, int, int]]:
    return {(name, c.start, c.end) for name, read in found.items() for c in read.candidates if c.kind == kind}


PASSAGES = {row["id"]: (row["text"], *span(row)) for row in table("passages")}
ACCEPTED = {
    "figure": {(row["text"], *span(row)) for row in table("figure-passages")},
    "mark": {(row["text"], *span(row)) for row in table("markers")},
    "note": {PASSAGES[row["passage"]] for row in table("notes")},
    "proposal": {PASSAGES[row["passage"]] for row in table("proposals")},
    "heading": {PASSAGES[row["passage"]] for row in table("themes")},
}
PRECISION = {"figure": 0.6, "mark": 0.9, "note": 0.9, "proposal": 0.6, "heading": 0.5}


@pytest.mark.parametrize("kind", ACCEPTED)
def test_everything_that_was_accepted_is_offered_with_its_exact_span(found: dict[str, TextRead], kind: str) -> None:
    """Recall 1, and the share of what is offered that was accepted (printed with -rP)."""
    wanted, got = ACCEPTED[kind], offered(found, kind)
    assert wanted - got == set()
    precision = len(wanted) / len(got)
    print(f"{kind}: {len(wanted)} accepted of {len(got)} offered, precision {precision:.2f}")
    assert precision >= PRECISION[kind]


def test_marks_lead_to_the_notes_that_were_recorded(found: dict[str, TextRead]) -> None:
    """Pairs, the mark that may have a note, and the five misprints with the sign that was meant."""
    by_id = {c.id: c for c in found["B"].candidates}
    notes = {row["id"]: PASSAGES[row["passage"]][1:] for row in table("notes")}
    for row in table("markers"):
        (mark,) = (c for c in by_id.values() if c.kind == "mark" and (c.start, c.end) == span(row))
        assert [(by_id[n].start, by_id[n].end) for n in mark.pair] == ([notes[row["note"]]] if row["note"] else [])
        possible = mark.cells["possible"]
        assert (by_id[possible].start if possible else None) == (
            notes[row["possible_note"]][0] if row["possible_note"] else None
        )
        assert mark.cells["expected"] == row["expected"]
    expected = {(c.start, c.end): c.cells["expected"] for c in by_id.values() if c.kind == "note"}
    assert expected == {notes[row["id"]]: row["expected"] for row in table("notes")}
    misprints = [c for c in by_id.values() if {"misprinted-sign", "garbled-sign"} & {*c.faults}]
    assert len(misprints) == 5


def test_figures_stand_in_the_sentences_that_were_recorded(found: dict[str, TextRead]) -> None:
    """Each figure's sentence is a passage, and its mark that of the statistic."""
    sentences = {(name, *c.sentence) for name, read in found.items() for c in read.candidates if c.sentence}
    stated = {PASSAGES[row["passage"]] for row in table("statistic-passages")}
    assert stated - sentences == set()
    marks = {row["id"]: span(row)[0] for row in table("markers")}
    wanted = {row["statistic"]: marks[row["marker"]] for row in table("statistic-markers")}
    statistic = {row["id"]: row["statistic"] for row in table("figures")}
    by_id = {c.id: c for c in found["B"].candidates}
    places = {(row["text"], *span(row)): statistic[row["figure"]] for row in table("figure-passages")}
    for each in by_id.values():
        if each.kind == "figure" and (own := places.get(("B", each.start, each.end))):
            assert [by_id[m].start for m in each.pair] == ([wanted[own]] if own in wanted else [])


def test_no_rule_names_the_words_of_the_documents() -> None:
    """The rules hold number words, months and habits of a language, nothing of a document: no name, no subject."""
    own = {
        "sos",
        "vivre-ensemble",
        "mayotte",
        "opinionway",
        "wimoov",
        "crédoc",
        "handicap",
        "logement",
        "ehpad",
        "crèches",
    }
    for name in KNOWN:
        rules = str(load(f"reading/languages/{name}")).casefold()
        assert [word for word in own if word in rules] == []
