"""Signs that nobody sees: every one that Unicode calls so, and the same for Python and for Polars."""

from __future__ import annotations

import re
import unicodedata

import polars as pl
import pytest

from openproposals.guards import characters

EVERY = [chr(number) for number in range(0x110000) if not 0xD800 <= number <= 0xDFFF]
# Format signs that are seen: marks over numbers, signs that join hieroglyphs.
SEEN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f]")


def test_python_and_polars_read_the_class_alike() -> None:
    """The screen and the judge take the same cells for blank."""
    found = pl.Series(EVERY).str.contains(characters.BLANK).to_list()
    assert found == [characters.is_blank(sign) for sign in EVERY]


def test_what_unicode_calls_unseen_is_unseen() -> None:
    """White space, controls, format signs and what is ignorable by default; nothing that is seen."""
    unicode = pl.Series(EVERY).str.contains(r"\A[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\x{2800}]\z")
    expected = {sign for sign, unseen in zip(EVERY, unicode, strict=True) if unseen and not SEEN.match(sign)}
    assert {sign for sign in EVERY if characters.is_blank(sign)} == expected
    assert not [s for s in EVERY if characters.is_blank(s) and unicodedata.category(s) in ("Lu", "Ll", "Nd", "Po")]


def test_first_bytes_are_those_of_unseen_signs() -> None:
    """So that a cell that begins with another byte is not looked at."""
    assert {sign.encode()[0] for sign in EVERY if characters.is_blank(sign)} == characters.UNSEEN_FIRST


@pytest.mark.parametrize(
    ("address", "sign"),
    [
        ("https://a.fr/x\u200b", "U+200B ZERO WIDTH SPACE"),
        ("https://a.fr/x\u00a0", "U+00A0 NO-BREAK SPACE"),
        ("\ufeffhttps://a.fr/", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("https://a.fr/ren\u00adte", "U+00AD SOFT HYPHEN"),
        ("https://a.fr/x\u200c", "U+200C ZERO WIDTH NON-JOINER"),
        ("https://a.fr/\u2800", "U+2800 BRAILLE PATTERN BLANK"),
        ("https://a.fr/\u2066x\u2069", "U+2066 LEFT-TO-RIGHT ISOLATE"),
    ],
)
def test_a_hidden_sign_is_named(address: str, sign: str) -> None:
    """By its number and its name in Unicode."""
    found = characters.hidden(address)
    assert found is not None
    assert found[0] == sign


@pytest.mark.parametrize(
    "address",
    [
        "https://fa.example/\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "https://a.fr/\u2764\ufe0f",
        "https://a.fr/%E2%80%8B",
    ],
)
def test_spelling_is_not_hidden(address: str) -> None:
    """A joiner within a Persian word, the form of an emoji, and what is written out."""
    assert characters.hidden(address) is None
