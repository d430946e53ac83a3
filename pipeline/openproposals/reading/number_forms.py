"""A number as a text writes it: in digits, in words, as a fraction, an ordinal, a multiple, or an article."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from openproposals.factcheck.normal import Span

NumeralForm = Literal["digits", "words", "fraction", "ordinal", "multiple", "article"]


@dataclass(frozen=True)
class Numeral:
    """A number: where it stands, how it is written, and its value where that is known (of a fraction, `ratio` too)."""

    start: int
    end: int
    form: NumeralForm
    value: Decimal | None = None
    ratio: str = ""


def overlaps(spans: list[Span], span: Span) -> bool:
    """Whether a span shares a character with one of spans in order."""
    at = bisect(spans, (span[1], -1)) - 1
    return at >= 0 and spans[at][1] > span[0]
