"""Numbers in digits: those of a table's row cell by cell, with a fraction, a half or the end of a rank."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Set
from decimal import Decimal, getcontext

from openproposals.factcheck.normal import SUBSCRIPTS, SUPERSCRIPTS, Span
from openproposals.model import numbers
from openproposals.reading.number_forms import Numeral
from openproposals.reading.rules import Rules

FRAMED = "①-⓿❶-➓Ⅰ-ↈ"  # numbers in circles and parentheses, Roman ones that are one sign
_VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_GROUPED = r"(?<![0-9.,])[0-9]{1,3}(?:(?:[ \u00a0\u202f\u2009'’.,]|\n(?=0))[0-9]{3}){1,7}(?![0-9])(?:[.,][0-9]+)?"
_STACKED = rf"[{SUPERSCRIPTS}]{{1,3}}[/⁄][0-9{SUBSCRIPTS}]{{1,3}}"  # ¹/₃
_DIGITS = re.compile(
    rf"(?:(?<![\w.,:/%€$£-])(?:[-−–+±]|[−±]\s|(?<=[(\[])[-–+]\s)(?=[0-9]))?(?:{_GROUPED}|[0-9]+(?:[.,:][0-9]+)*|\d+)[{_VULGAR}]?"
    rf"|{_STACKED}|[{_VULGAR}]|[{SUBSCRIPTS}]+|[{FRAMED}]"
)


def in_cells(read: str, apart: Set[int]) -> Iterator[Span]:
    """The numbers in digits; apart: where cells of a table's row begin that are numbers of their own."""
    for match in _DIGITS.finditer(read):
        start = match.start()
        for gap in re.finditer(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9])", match[0]):
            if match.start() + gap.end() in apart:
                yield start, match.start() + gap.start()
                start = match.start() + gap.end()
        yield start, match.end()


def in_digits(read: str, span: Span, how: Rules) -> Numeral:
    """The number whose digits stand at a span, with what belongs to it after them."""
    start, end = span
    said = read[start:end]
    if said[0] in SUPERSCRIPTS:
        return Numeral(start, end, "fraction", None, "".join(str(unicodedata.digit(sign, "/")) for sign in said))
    found = numbers.readings(said, how.language)
    is_exact = len(said) <= getcontext().prec
    value = next(iter(found)) if len(found) == 1 and is_exact and ":" not in said else None
    if suffix := how["suffix"].match(read, end):
        return Numeral(start, suffix.end(), "ordinal", value)
    if value is not None and (half := how["and_half"].match(read, end)):
        return Numeral(start, half.end(), "digits", value + Decimal("0.5"))
    fraction = re.compile(r"\s?/\s?([0-9]{1,3})(?![0-9/])").match(read, end)
    if fraction and len(said) <= 3 and value and Decimal(fraction[1]) > value:
        return Numeral(start, fraction.end(), "fraction", None, f"{said}/{fraction[1]}")
    return Numeral(start, end, "digits", value)
