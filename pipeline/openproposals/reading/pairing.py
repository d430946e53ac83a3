"""Which note a mark leads to, and where the numbers are misprinted.

A mark leads to the nearest note with its sign: after it, else before it, and on its page where that has one. Where
marks count upwards but for some that do not fit, and as many numbers are missing there, these are the numbers that
were meant.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from openproposals.reading.marking import split
from openproposals.reading.note_signs import MarkFound, Note, number_of

FaultKind = Literal["missing-note", "missing-mark", "shared-sign", "misprinted-sign", "garbled-sign", "skipped-number"]


@dataclass(frozen=True)
class Numbering:
    """A fault of the numbering, at a position; `sign` is what is printed, `expected` what was meant, "" not known."""

    kind: FaultKind
    position: int
    sign: str
    expected: str = ""


@dataclass(frozen=True)
class Paired:
    """Marks and notes, each with the sign that was expected; `notes_of` is by the mark's start: notes' starts.

    `possible` has marks that share a sign with another, which their only note serves better.
    """

    marks: Sequence[MarkFound]
    notes: Sequence[Note]
    notes_of: dict[int, tuple[int, ...]]
    possible: dict[int, int]
    faults: Sequence[Numbering]


def paired(marks: Sequence[MarkFound], notes: Sequence[Note], breaks: Sequence[int] = ()) -> Paired:
    """Pair marks with notes, and name the faults of their numbering; breaks: where pages begin."""
    symbols = {n.sign for n in notes if number_of(n.sign) is None}
    meant = _meant([m for m in marks if number_of(m.sign) is not None or m.sign not in symbols])
    marks = [replace(m, expected=meant.get(m.start, "")) for m in marks]
    marks = [m for m in marks if m.style != "garbled" or m.expected]  # others are quotation marks
    chosen: dict[int, list[tuple[MarkFound, Note]]] = {}
    single = split(marks)
    in_turn = _in_turn(single, notes)
    for mark in single:
        if (note := in_turn.get((mark.start, mark.sign))) is not None or (
            note := _nearest(mark, notes, breaks, chosen)
        ) is not None:
            chosen.setdefault(note.start, []).append((mark, note))
    notes_of: dict[int, tuple[int, ...]] = {}
    possible: dict[int, int] = {}
    expected: dict[int, str] = {}
    faults: list[Numbering] = []
    for note_start, pairs in chosen.items():
        astray = [mark for mark, _ in pairs if mark.expected]
        serves = min(pairs, key=lambda p: abs(p[0].start - p[1].start))[0] if astray and len(pairs) > 1 else None
        for mark, note in pairs:
            if serves is not None and mark.start != serves.start:
                possible[mark.start] = note_start
                faults.append(Numbering("shared-sign", mark.start, mark.sign))
                continue
            notes_of[mark.start] = (*notes_of.get(mark.start, ()), note_start)
            if mark.expected:
                expected[note.start] = mark.expected
    notes = [replace(n, expected=expected.get(n.start, "")) for n in notes]
    faults += _named_faults(marks, notes, notes_of, possible)
    return Paired(marks, notes, notes_of, possible, sorted(faults, key=lambda f: (f.position, f.kind)))


def _in_turn(marks: Sequence[MarkFound], notes: Sequence[Note]) -> dict[tuple[int, str], Note]:
    """The notes of numbers that begin again in each part of a text, whose notes all stand behind it, in order.

    By the place and the sign of the mark: where a sign has as many notes as marks, all behind these.
    """
    made: dict[tuple[int, str], Note] = {}
    for sign in {n.sign for n in notes}:
        alike = [m.start for m in marks if m.sign == sign]
        own = [n for n in notes if n.sign == sign]
        if 1 < len(alike) == len(own) and own[0].start > alike[-1]:
            made |= {(at, sign): note for at, note in zip(alike, own, strict=True)}
    return made


def _nearest(mark: MarkFound, notes: Sequence[Note], breaks: Sequence[int], led: Container[int]) -> Note | None:
    """The note that a mark leads to; led: where the notes begin that marks before it lead to."""
    alike = [n for n in notes if n.sign == mark.sign]
    after = [n for n in alike if n.start > mark.start]
    page = bisect_right(breaks, mark.start)
    beside = [n for n in alike if n not in after and bisect_right(breaks, n.start) == page and n.start not in led]
    if breaks and beside and not (after and bisect_right(breaks, after[0].start) == page):
        return beside[-1]  # the text has the foot of the page before its words
    return after[0] if after else alike[-1] if alike else None


def _meant(marks: Sequence[MarkFound]) -> dict[int, str]:
    """The number that was meant, by the start of each mark that does not fit the order of the others."""
    if any(m.style in ("bracketed", "named") for m in marks):
        return {}  # these may be repeated and come in any order
    numbers = [number_of(m.sign) or 0 for m in marks]
    made: dict[int, str] = {}
    for one, other in pairwise(_rising(numbers)):
        missing = range(numbers[one] + 1, numbers[other])
        between = marks[one + 1 : other]
        if between and len(between) == len(missing):
            made |= {m.start: str(n) for m, n in zip(between, missing, strict=True) if number_of(m.sign) != n}
    return made


def _rising(numbers: Sequence[int]) -> list[int]:
    """The places of the longest run of numbers that rise, of equally long ones that with the smallest numbers."""
    tails: list[int] = []  # numbers
    places: list[int] = []
    before: dict[int, int | None] = {}
    for at, number in enumerate(numbers):
        if number <= 0:
            continue
        length = bisect_left(tails, number)
        before[at] = places[length - 1] if length else None
        if length == len(tails):
            tails.append(number)
            places.append(at)
        elif number < tails[length]:
            tails[length], places[length] = number, at
    made: list[int] = []
    at_: int | None = places[-1] if places else None
    while at_ is not None:
        made.append(at_)
        at_ = before[at_]
    return made[::-1]


def _named_faults(
    marks: Sequence[MarkFound], notes: Sequence[Note], notes_of: dict[int, tuple[int, ...]], possible: dict[int, int]
) -> Iterator[Numbering]:
    for mark in marks:
        if mark.expected:
            kind: FaultKind = "misprinted-sign" if number_of(mark.sign) is not None else "garbled-sign"
            yield Numbering(kind, mark.start, mark.sign, mark.expected)
        if mark.start not in notes_of and mark.start not in possible:
            yield Numbering("missing-note", mark.start, mark.sign, mark.expected)
    led = {start for starts in notes_of.values() for start in starts} | set(possible.values())
    for note in notes:
        if note.expected:
            yield Numbering("misprinted-sign", note.start, note.sign, note.expected)
        if note.start not in led:
            yield Numbering("missing-mark", note.start, note.sign)
    counted = sorted(
        {number_of(m.expected or m.sign) or 0 for m in marks} | {number_of(n.expected or n.sign) or 0 for n in notes}
    )
    counted = [number for number in counted if number]
    last = marks[-1].start if marks else 0
    for one, other in pairwise(counted):
        if 1 < other - one <= 4:
            for number in range(one + 1, other):
                yield Numbering("skipped-number", _place(marks, other, last), "", str(number))


def _place(marks: Sequence[MarkFound], number: int, default: int) -> int:
    return next((m.start for m in marks if number_of(m.expected or m.sign) == number), default)
