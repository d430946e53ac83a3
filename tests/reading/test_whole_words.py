"""Words that the end of a line breaks are read whole, and lead back to their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.factcheck import documents
from openproposals.reading import candidates
from openproposals.reading.rules import rules
from openproposals.reading.whole_words import joined


@pytest.mark.parametrize(
    ("language", "said", "figures"),
    [
        ("de", "mindestens die Hälf-\nte der Flächen", ["mindestens die Hälf-\nte"]),
        ("de", "rund drei-\r\nundzwanzig Orte", ["rund drei-\r\nundzwanzig"]),
        ("fr", "on compte vingt-\ndeux lits", ["vingt-\ndeux"]),
        (
            "de",
            "die Hälf\u00ad\nte und zwei\u00ad\nund\u00ad\nzwanzig",
            ["die Hälf\u00ad\nte", "zwei\u00ad\nund\u00ad\nzwanzig"],
        ),
        ("fr", "une centai\u00adne de lits", ["une centai\u00adne"]),
        ("en", "a hun-\ndred homes and thirty-\none towns", ["hun-\ndred", "thirty-\none"]),
        ("en", "Three\n\nhundred homes", ["Three", "hundred"]),
    ],
)
def test_figures_in_broken_words(language: str, said: str, figures: list[str]) -> None:
    """The hyphen of a number stays its own; a blank line ends what a figure can be."""
    found = candidates.read(documents.read("a.txt", said.encode()), "A", language).candidates
    assert [c.words for c in found if c.kind == "figure"] == figures


@pytest.mark.parametrize(
    ("language", "said", "figures"),
    [
        ("de", "**Kosten**\n12 Städte zahlen", ["12"]),
        ("en", "**20**\n30 towns pay", ["20", "30"]),
        ("fr", "*Coût*\ntrente communes", ["trente"]),
        ("de", "**Anträge:**\n1. Mehr Geld\n2. Mehr Zeit", []),
    ],
)
def test_emphasis_at_the_end_of_a_line_breaks_no_word(language: str, said: str, figures: list[str]) -> None:
    """What Markdown writes for bold type stands between two lines, which stay two."""
    found = candidates.read(documents.read("a.md", said.encode()), "A", language).candidates
    assert [c.words for c in found if c.kind == "figure"] == figures


@given(st.text(alphabet="ab-\n\r\u00ad 1\f", max_size=30))
def test_a_span_of_what_is_read_is_the_same_in_the_text(said: str) -> None:
    whole = joined(said, rules("en"))
    for at, c in enumerate(whole.read):
        start, end = whole.span(at, at + 1)
        assert end == start + 1
        assert said[start:end] == c or (c == "\ue000" and said[start:end] in "\r\n")
