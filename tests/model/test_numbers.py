"""Printed numbers are read by the document's language, and never more surely than it allows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.model.numbers import decimal_mark, plain, readings

LANGUAGES = st.sampled_from(["", "fr", "FRA", "en", "ENG", "de-CH", "ELL", "ara", "zz"])


@pytest.mark.parametrize(
    ("printed", "language", "values"),
    [
        ("330 000", "FRA", "330000"),
        ("330\u202f000³", "FRA", "330000"),
        ("1,200,000", "ENG", "1200000"),
        ("1.200.000", "ENG", "1200000"),
        ("12,34,567", "en-IN", "1234567"),
        ("1.234,50", "deu", "1234.5"),
        ("1,234", "ENG", "1234"),
        ("1,234", "FRA", "1.234"),
        ("1,234", "", "1.234 1234"),
        ("0,125", "", "0.125"),
        ("٣٫٥ مليون", "ARA", "3500000"),
        ("١٬٢٠٠", "ARA", "1200"),
        ("३,३०,०००", "hin", "330000"),
        ("330万人", "zho", "3300000"),
        ("3,1 millions", "FRA", "3100000"),
        ("2,5 млн руб.", "rus", "2500000"),
        ("1.5 billion", "ENG", "1500000000"),
        ("1 billion", "FRA", "1000000000000"),
        ("3 à 4 millions", "FRA", "3 3000000 4000000"),
        ("£3m", "ENG", "3 3000000"),
        ("25 m² par habitant", "FRA", "25"),
        ("10⁶", "FRA", "1000000"),
        ("1,5 × 10⁻³", "FRA", "0.0015"),
        ("−3 %", "FRA", "-3"),
        ("2019-2020", "FRA", "2019 2020"),
        ("+ 12,5 %", "FRA", "12.5"),
        ("1/3", "FRA", "1 3"),
        ("le 12.05.2024", "DEU", ""),
        ("au G20, le CO2", "FRA", ""),
        ("un tiers", "FRA", ""),
        ("Fr. 1'200.-", "de-CH", "1200"),
        ("5 mille milliards", "FRA", "5000000000000"),
    ],
)
def test_a_print_has_these_readings(printed: str, language: str, values: str) -> None:
    """Grouping, decimals, magnitudes and signs, in several languages and scripts."""
    assert readings(printed, language) == frozenset(map(Decimal, values.split()))


@given(st.text(), LANGUAGES)
def test_any_text_has_readings(text: str, language: str) -> None:
    """No text breaks the reading, and every value is a finite number."""
    assert all(value.is_finite() for value in readings(text, language))


@given(
    st.integers(0, 10**12), st.sampled_from([("FRA", "\u202f"), ("ENG", ","), ("DEU", "."), ("", " "), ("de-CH", "’")])
)
def test_a_grouped_integer_is_read_as_itself(number: int, how: tuple[str, str]) -> None:
    """However a language groups its digits, the value is the same."""
    language, sign = how
    assert Decimal(number) in readings(f"{number:,}".replace(",", sign), language)


@given(st.text("0123456789.,' ²³"), st.sampled_from(["", ".", ","]))
def test_the_plain_spelling_keeps_every_digit(text: str, mark: str) -> None:
    """Only the signs between digits are dropped or changed."""
    digits = [c for c in text if c in "0123456789"]
    assert [c for c in plain(text, mark) if c in "0123456789"] == digits


def test_languages_that_are_not_known_have_no_mark() -> None:
    """An unknown code is not taken for a known one."""
    assert {decimal_mark(code) for code in ("", "xx", "und", "ara", "fr2")} == {""}
