"""What a mark and a note are: a sign at a place, in a style; the numbers that signs are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openproposals.reading.note_lines import MarkStyle
from openproposals.reading.note_runs import FlatMark


@dataclass(frozen=True)
class MarkFound:
    """A sign that leads to a note; `expected` is the one that was meant, where the order of marks shows another."""

    start: int
    end: int
    sign: str
    style: MarkStyle
    expected: str = ""


@dataclass(frozen=True)
class Note:
    """What is printed for a mark: its span, sign included, and where its words begin after the sign."""

    start: int
    end: int
    sign: str
    style: MarkStyle
    body: int
    expected: str = ""


def of_flat(mark: FlatMark) -> MarkFound:
    """The mark that a number is which no type raises."""
    return MarkFound(mark.start, mark.end, str(mark.number), "parenthesised" if mark.parenthesised else "flat")


def number_of(sign: str) -> int | None:
    """The number that a sign is; None for others.

    >>> number_of("12"), number_of("*")
    (12, None)
    """
    return int(sign) if re.fullmatch("[0-9]{1,4}", sign) else None


def numbered(marks: Sequence[MarkFound], styles: Sequence[MarkStyle]) -> list[tuple[int, int]]:
    """Places and numbers of marks of some styles."""
    return [(m.start, int(n)) for m in marks if m.style in styles for n in re.findall("[0-9]{1,4}", m.sign)]
