"""The ledger adds up: on any text, every digit is in exactly one state."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.factcheck import documents
from openproposals.reading import candidates, fitting, ledger, workbook
from openproposals.reading.ledger import Decided
from openproposals.reading.rules import KNOWN, rules

HERE = Path(__file__).parent / "documents"
PIECES = st.sampled_from(
    ["12", "1 340", "2023", "¹", "⁹ Note, 2020", "*", '"', "un", "deux fois", "zwanzig", "one in three", "½", "CO₂", "3,1 millions",
     "\n", "\n\n", "\f", ". ", " ", "- ", "# ", "[1]", "[^a]", "[^a]: ", "TITRE", "Créer un lieu", "%", "€", "5 mai", "p. 9", "-", "٣", "m²",
     "près de", "jusqu'à", "«", "»", "www.a.org/1", "01 58 30 55 55", "er", "x"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=25).map("".join).map(lambda said: f"mot {said}")


def account(content: str, language: str, kept: bool | None) -> tuple[candidates.TextRead, list[ledger.Accounted]]:
    text = documents.read("a.txt", content.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode())
    found = candidates.read(text, "A", language)
    decided = [Decided(c.kind, c.start, c.end, kept, "reason") for c in found.candidates]
    headings = [(c.start, c.end) for c in found.candidates if c.kind in ("heading", "proposal")]
    signs = ledger.signs(text.content, rules(language), headings)
    dismissed = [(d.start, d.end, d.reason) for d in found.dismissed]
    return found, ledger.account(text.content, signs, decided, dismissed)


@given(TEXTS, st.sampled_from(KNOWN), st.sampled_from([True, False, None]))
def test_each_digit_is_in_exactly_one_state(content: str, language: str, kept: bool | None) -> None:
    """Digits in figures, marks, notes, dates, names, addresses: once each, whatever stands beside them."""
    text = documents.read("a.txt", content.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()).content
    _, found = account(content, language, kept)
    digits = [at for each in found if each.sign.sort == "digits" for at in range(each.sign.start, each.sign.end)]
    assert sorted(digits) == [at for at, c in enumerate(text) if re.match(r"[^\W\D]|[¼-¾⅐-⅞₀-₉①-⓿❶-➓Ⅰ-ↈ]", c)]
    assert all(each.state in ledger.STATES for each in found)
    assert all(each.reason for each in found if each.state == "dismissed")
    counted = ledger.counts(found)
    assert sum(sum(states.values()) for states in counted.values()) == len(found)


@given(TEXTS, st.sampled_from(KNOWN))
def test_spans_are_those_of_the_text(content: str, language: str) -> None:
    """A candidate's words are the text at its span, and its ids and pairs name rows that are there."""
    found, _ = account(content, language, None)
    ids = {c.id for c in found.candidates}
    assert len(ids) == len(found.candidates)
    for each in found.candidates:
        assert each.start < each.end
        assert each.words == each.words.strip()
        assert {*each.pair, *filter(None, (each.parent, each.cells.get("possible")))} <= ids
    assert [c.start for c in found.candidates] == sorted(c.start for c in found.candidates)


@given(TEXTS, st.sampled_from(KNOWN))
def test_nothing_is_left_once_all_is_decided(content: str, language: str) -> None:
    """Every digit, number word and heading is a candidate's or has a reason: an editor can finish."""
    _, found = account(content, language, True)
    left = [each for each in found if each.state == "unexplained" and each.sign.sort != "mark"]
    assert left == []


def test_what_is_dropped_without_a_reason_is_unexplained() -> None:
    signs = [ledger.TextSign("digits", 0, 2)]
    states = [
        ledger.account("12", signs, [Decided("figure", 0, 2, False, why)], [])[0].state for why in ("", " ", "age")
    ]
    assert states == ["unexplained", "unexplained", "dismissed"]


def test_what_markdown_s_signs_hold_is_dismissed() -> None:
    """Where links lead, tags, what is struck out: an editor has nothing to decide there. A mark is no such thing."""
    said = "See [the plan](https://a.org/2020/two-5) ~~12 %~~ <div id='3'>there[^1].\n\n[^1]: Office, 2020\n"
    text = documents.read("a.md", said.encode())
    found = candidates.read(text, "A", "en")
    signs = ledger.signs(said, rules("en"), [])
    dismissed = [(d.start, d.end, d.reason) for d in found.dismissed]
    left = [e.sign for e in ledger.account(said, signs, [], dismissed) if e.state == "unexplained"]
    assert [said[s.start : s.end] for s in left] == ["1", "1"]  # the year of the note is one


def test_scripts_in_markdown_are_not_read() -> None:
    said = "In 12 towns.\n\n<script>\nlet a = [3]; x(4, 5);\n\nf(6)\n</SCRIPT >\n\n<style>p { margin: 7px }</style>\n\nAnd 8.\n"
    found = candidates.read(documents.read("a.md", said.encode()), "A", "en")
    assert [c.words for c in found.candidates if c.kind in ("figure", "mark")] == ["12", "8"]
    assert {d.reason for d in found.dismissed} == {"markup"}


def test_asterisks_that_nothing_closes_are_unexplained() -> None:
    """A pair is emphasis, and one that stands alone is a list's; one too many may be a mark."""
    for said, states in (
        ("*Water* and **air**", {"dismissed"}),
        ("* one\n* two", {"dismissed"}),
        ("Rents* rose", {"unexplained"}),
    ):
        signs = ledger.signs(said, rules("en"), [])
        assert {e.state for e in ledger.account(said, signs, [], []) if e.sign.sort == "mark"} == states
    _, found = account("**Rents rose.***\n\n**Office, Rents\nin 2025*", "en", True)
    assert [e.state for e in found if e.sign.sort == "mark"] == ["dismissed", "recorded", "recorded", "dismissed"]


@given(TEXTS, st.sampled_from(KNOWN))
def test_rows_that_the_rules_offer_fit_their_text(content: str, language: str) -> None:
    """No candidate spans paragraphs: a draft can always be opened again."""
    text = documents.read("a.txt", content.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode())
    rows = [workbook.row(each, "en") for each in candidates.read(text, "A", language).candidates]
    fitting.check(rows, {"A": text.content}, "")


@pytest.mark.parametrize(("name", "language"), [("val-doux.txt", "fr"), ("harbour.md", "en")])
def test_what_is_not_decided_is_unexplained(name: str, language: str) -> None:
    """Before the editor decides, all that is offered; after, nothing. What is dropped keeps its reason."""
    content = (HERE / name).read_text(encoding="utf-8")
    states = {}
    for kept in (None, True, False):
        _, found = account(content, language, kept)
        states[kept] = [replace(each) for each in found]
    undecided, kept_all, dropped = (states[k] for k in (None, True, False))
    assert [e.sign for e in undecided if e.state == "unexplained"] == [
        e.sign for e in kept_all if e.state == "recorded"
    ]
    assert [e.state for e in kept_all].count("unexplained") == 0
    assert [e.state for e in dropped].count("recorded") == 0
    assert {e.reason for e in dropped if e.state == "dismissed"} >= {"reason"}
