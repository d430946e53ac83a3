"""A figure against its own print: a warning only where no reading of the print allows the number."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.validation import prints

RIGHT = [
    ("330000", "330 000", "NUM", "fr"),
    ("330000", "330,000", "NUM", "en"),
    ("3100000", "3,1 millions", "NUM", "fr"),
    ("3100000", "3.1 million", "NUM", "en"),
    ("3127000", "3,1 millions", "NUM", "fr"),
    ("36", "36 %", "PERCENT", "fr"),
    ("36.4", "36 %", "PERCENT", "fr"),
    ("0.36", "36 %", "UNITLESS", "fr"),
    ("31.50", "31,5 %", "PERCENT", "fr"),
    ("-3", "une baisse de 3 %", "PERCENT", "fr"),
    ("33.3", "1 sur 3", "PERCENT", "fr"),
    ("0.25", "1 sur 4", "UNITLESS", "fr"),
    ("2", "deux fois plus", "UNITLESS", "fr"),
    ("9000000", "9 M€", "CCY_EUR", "fr"),
    ("2500000000", "2,5 Mds €", "CCY_EUR", "fr"),
    ("3.1", "3,1 millions", "MILLION", "fr"),
    ("12", "entre 10 et 12 %", "PERCENT", "fr"),
    ("2500000000", "2,5 Mrd. €", "CCY_EUR", "de"),
    ("1234", "1,234", "NUM", ""),
    ("1.125", "1.125", "NUM", "fr"),
    ("1.234", "1,234", "NUM", ""),
    ("2.5", "2½", "NUM", "en"),
    ("2.5", "2 1/2", "NUM", "en"),
    ("2500000", "2½ millions", "NUM", "fr"),
    ("2500000", "2 millions 500 mille", "NUM", "fr"),
    ("120000000", "1億2000万", "NUM", "ja"),
    ("3000000", "3 triệu", "NUM", "vi"),
]
WRONG = [
    ("33000", "330 000", "NUM", "fr"),
    ("3300000", "330,000", "NUM", "en"),
    ("3.1", "3,1 millions", "NUM", "fr"),
    ("0.36", "36 %", "PERCENT", "fr"),
    ("3600", "36 %", "PERCENT", "fr"),
    ("37", "36 %", "PERCENT", "fr"),
    ("63", "36 %", "PERCENT", "fr"),
    ("1.24", "1 240", "NUM", "fr"),
    ("1240", "1,24", "NUM", "fr"),
    ("2.5", "2,5 milliards d'euros", "CCY_EUR", "fr"),
    ("65", "100", "NUM", "fr"),
    ("2", "2½", "NUM", "en"),
    ("25", "10 à 15 %", "PERCENT", "fr"),
    ("120000", "1億2000万", "NUM", "ja"),
]


@pytest.mark.parametrize(("value", "printed", "unit", "language"), RIGHT)
def test_what_the_print_allows_is_no_contradiction(value: str, printed: str, unit: str, language: str) -> None:
    """Grouping, magnitudes, shares, ratios, roundings, and numbers in words."""
    assert not prints.contradicts(value, printed, unit, language)


@pytest.mark.parametrize(("value", "printed", "unit", "language"), WRONG)
def test_what_no_reading_allows_is_a_contradiction(value: str, printed: str, unit: str, language: str) -> None:
    """A lost digit, a share of one for a share of a hundred, a lost magnitude, digits exchanged."""
    assert prints.contradicts(value, printed, unit, language)


signs = st.sampled_from([*"0123456789", *"0123456789", " ", ",", ".", "%", "\u202f", "\u00a0", "-", "a", "000"])
texts = st.lists(signs, min_size=1, max_size=9).map("".join)


@given(texts, texts, st.sampled_from(["fr", "en", "de", ""]), st.sampled_from(["NUM", "PERCENT", "YR"]))
def test_what_is_proved_is_no_contradiction(printed: str, other: str, language: str, unit: str) -> None:
    """The columns say no more than the reading of each print; the value is the print's own digits, or others."""
    for value in {
        printed,
        other,
        "".join(c for c in printed if c.isdigit()),
        printed.replace(" ", "").replace(",", ".").rstrip("%"),
    }:
        frame = pl.DataFrame({"value": [value], "as_printed": [printed]})
        proved = frame.select(prints.proof("value", "as_printed", language)).item()
        assert not (proved and prints.contradicts(value, printed, unit, language))


def test_plain_prints_are_proved() -> None:
    """So that a large corpus is not read a print at a time."""
    pairs = [("1240", "1 240"), ("31.5", "31,5\u202f%"), ("330000", "330\u00a0000"), ("22", "22")]
    frame = pl.DataFrame(pairs, schema=["value", "as_printed"], orient="row")
    assert frame.select(proved=prints.proof("value", "as_printed", "fr"))["proved"].all()
