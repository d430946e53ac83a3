"""The reading against the documents: every position, digest, frame and sign, and nothing in the texts unexplained."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from openproposals.factcheck.normal import forms, frame, without
from support.places import REAL, ROOT, SHARED, needs_documents

sys.path.insert(0, str(ROOT / "tests" / "reading"))
import inventory

pytestmark = needs_documents
FILES = {"B": "booklet.txt", "R": "press-release.txt"}
Row = Mapping[str, str]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {k: (SHARED / "documents" / f).read_bytes().decode() for k, f in FILES.items()}


def table(name: str, folder: Path = REAL) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def span(row: Row) -> tuple[int, int]:
    return int(row["start"]), int(row["end"])


def marks(text: str) -> list[tuple[int, int]]:
    """The spans of the recorded note marks of a text."""
    return [span(row) for row in table("markers") if row["text"] == text]


def test_texts_are_those_the_descriptor_pins(texts: dict[str, str]) -> None:
    """Length and digest of each text."""
    import hashlib
    import tomllib

    pinned = tomllib.loads((REAL / "corpus.toml").read_text(encoding="utf-8"))["texts"]
    for name, text in texts.items():
        expected = (pinned[name]["characters"], pinned[name]["sha256"])
        assert expected == (len(text), hashlib.sha256(text.encode()).hexdigest())


def test_every_passage_stands_where_it_says(texts: dict[str, str]) -> None:
    """Each passage's three digests are those of the words at its position, which begin and end with a word or sign."""
    for row in table("passages"):
        text = texts[row["text"]]
        words = text[slice(*span(row))]
        assert words == words.strip()
        found = forms(without(text, span(row), marks(row["text"])), ",")
        for name, form in (("faithful", found.faithful), ("kept", found.kept), ("bare", found.bare)):
            assert (row[f"{name}_length"], row[f"{name}_sha256"]) == (str(form.length), form.sha256), row["id"]
        assert row["bare_opening"] == found.bare.opening


def test_every_figure_stands_in_its_passage_as_printed(texts: dict[str, str]) -> None:
    """Each figure's span is the figure as printed, and its frame that of the words round it."""
    passages = {row["id"]: row for row in table("passages")}
    printed = {row["id"]: row["as_printed_fr"] for row in table("figures")}
    for row in table("figure-passages"):
        start, end = span(row)
        first, last = span(passages[row["passage"]])
        assert first <= start < end <= last
        assert printed[row["figure"]] == texts[row["text"]][start:end]
        inside = [(a - first, b - first) for a, b in marks(row["text"]) if first <= a < last]
        found = frame(texts[row["text"]][first:last], start - first, end - first, inside)
        expected = (row["before_length"], row["before_sha256"], row["after_length"], row["after_sha256"])
        assert expected == (str(found.before.length), found.before.sha256, str(found.after.length), found.after.sha256)
        assert row["after_opening"] == found.after.opening


def test_every_marker_is_the_sign_that_is_printed(texts: dict[str, str]) -> None:
    """A marker's span holds its sign."""
    plain = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    for row in table("markers"):
        assert row["as_printed"] == texts[row["text"]][slice(*span(row))].translate(plain)


def test_every_heading_is_a_theme_a_proposal_a_note_or_left_out(texts: dict[str, str]) -> None:
    """Each heading of the texts is the passage of a theme or of a proposal, a statistic's, a note's, or left out."""
    headings = {(row["text"], *span(row)) for row in table("passages") if row["id"][:3] in ("B-T", "B-P")}
    stated = {(row["text"], *span(row)) for row in table("passages")}
    out = {(row["text"], *span(row)) for row in table("left-out", ROOT / "tests" / "reading")}
    found = {(name, item.start, item.end) for name, text in texts.items() for item in inventory.headings(text)}
    assert headings - found == set()
    assert len(headings) == 28 + 47
    assert found - stated - out == set()


def test_every_digit_and_sign_is_accounted_for(texts: dict[str, str]) -> None:
    """Each digit, number word, superscript, asterisk and straight quote is a figure, a marker, in a note, or left out."""
    figures = [(row["text"], *span(row)) for row in table("figure-passages")]
    markers = [(row["text"], *span(row)) for row in table("markers")]
    notes = {row["passage"] for row in table("notes")}
    noted = [(row["text"], *span(row)) for row in table("passages") if row["id"] in notes]
    out = [(row["text"], *span(row)) for row in table("left-out", ROOT / "tests" / "reading")]
    known = [*figures, *markers, *noted, *out]
    unexplained = [
        (name, *item)
        for name, text in texts.items()
        for item in inventory.signs(text)
        if not any(t == name and start <= item.start and item.end <= end for t, start, end in known)
    ]
    assert unexplained == []


def test_nothing_is_left_out_twice_or_in_vain(texts: dict[str, str]) -> None:
    """Each line of the left-out list is something the inventory finds, once."""
    rows = [(row["text"], *span(row)) for row in table("left-out", ROOT / "tests" / "reading")]
    found = {(n, i.start, i.end) for n, t in texts.items() for i in [*inventory.signs(t), *inventory.headings(t)]}
    assert len(rows) == len(set(rows))
    assert set() == set(rows) - found
