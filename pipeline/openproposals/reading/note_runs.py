"""Runs of numbers that count up: of the notes of a text, and of the marks that lead to them.

Each note of a run has one mark before it, and the marks stand in the order of the notes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FlatLine:
    """A line that begins with a number: where, which, in parentheses or not.

    One that is `loose` may be any number; one that is `alone` has no words on its line.
    """

    start: int
    number: int
    parenthesised: bool = False
    loose: bool = False
    alone: bool = False


@dataclass(frozen=True)
class FlatMark:
    """A number that may be a mark: its span, itself, whether in parentheses, and how much shows it."""

    start: int
    end: int
    number: int
    parenthesised: bool = False
    weight: int = 6


def runs(lines: Sequence[FlatLine]) -> Iterator[list[FlatLine]]:
    """Every run of lines, in order, whose numbers count up by one; what stands between is of other runs.

    A loose line is taken only where the run else goes on without it.
    """
    places: dict[int, list[FlatLine]] = {}
    for line in lines:
        places.setdefault(line.number, []).append(line)
    used: set[int] = set()
    for line in lines:
        if line.start in used or line.number == 0 or line.loose:
            continue
        run = [line]
        while following := _following(places, run[-1]):
            run.append(following)
            used.add(following.start)
        while run[-1].loose:
            run.pop()
        yield run


def _following(places: Mapping[int, Sequence[FlatLine]], line: FlatLine) -> FlatLine | None:
    sure = _after(places.get(line.number + 1, ()), line.start, loose=False)
    loose = _after(places.get(line.number + 1, ()), line.start, loose=True)
    if loose is None or (sure and sure.start < loose.start):
        return sure
    beyond = _after(places.get(line.number + 2, ()), loose.start, loose=False)
    return loose if beyond and (sure is None or beyond.start < sure.start) else sure


def _after(lines: Sequence[FlatLine], position: int, *, loose: bool) -> FlatLine | None:
    at = bisect_right(lines, position, key=lambda each: each.start)
    return next((lines[n] for n in range(at, len(lines)) if lines[n].loose is loose), None)


def chain(marks: Sequence[FlatMark]) -> list[FlatMark]:
    """Of numbers that may be marks, those that rise together and show most."""
    best: dict[int, tuple[int, FlatMark]] = {}  # by the last number: the weight so far, and the mark
    before: dict[FlatMark, FlatMark | None] = {}
    for mark in sorted(marks, key=lambda m: (m.start, -m.number)):
        last = max((each for number, each in best.items() if number < mark.number), key=lambda e: e[0], default=None)
        weight = mark.weight + (last[0] if last else 0)
        if mark.number not in best or weight > best[mark.number][0]:
            before[mark] = last[1] if last else None
            best[mark.number] = (weight, mark)
    made: list[FlatMark] = []
    one = max(best.values(), key=lambda e: e[0])[1] if best else None
    while one is not None:
        made.append(one)
        one = before[one]
    return made[::-1]
