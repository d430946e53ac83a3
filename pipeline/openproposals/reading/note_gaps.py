"""Notes and marks that fill a gap: a number that is missing between those beside it, where it stands in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from openproposals.reading import possible_marks, rivals
from openproposals.reading.layout import Spans
from openproposals.reading.note_lines import NoteLine
from openproposals.reading.note_runs import FlatLine, FlatMark

_MOST = 3  # numbers that one gap lacks
_FAR = 60_000  # characters between a note and its mark
_NEAR = 3000  # characters between the first note of a run and the one before it


def filled(
    content: str, begun: Sequence[NoteLine], flat: Sequence[NoteLine], marks: Sequence[tuple[int, int]]
) -> list[NoteLine]:
    """The lines that begin notes, in order, with those whose numbers are missing between theirs.

    flat: lines that begin with numbers that are not raised; marks: places and numbers of the marks that are known.
    """
    taken = {o.start for o in begun}
    free = [FlatLine(o.start, int(o.sign)) for o in flat if o.start not in taken and o.style == "flat"]
    numbered = [(o.start, int(o.sign)) for o in begun if o.style in ("raised", "flat") and o.sign.isdecimal()]
    served = rivals.served(marks, numbered)
    starts = set(_lacking(content, numbered, free, [(at, number) for at, number in marks if at not in served]))
    return sorted([*begun, *(o for o in flat if o.start in starts)], key=lambda o: o.start)


def _lacking(
    content: str, begun: Sequence[tuple[int, int]], free: Sequence[FlatLine], known: Sequence[tuple[int, int]]
) -> Iterator[int]:
    """Where lines begin that are notes of other type than those beside them, whose numbers they fit between.

    Such a line has a mark, known or flat, before it.
    """
    for (start, number), (end, following) in pairwise([(0, 0), *begun]):
        goes_on = 0 < number < following
        missing = range(number + 1, following) if goes_on else range(following - 1, following)
        if not 0 < len(missing) <= _MOST or missing[0] < 1:
            continue
        low = start if goes_on else max(start, end - _NEAR)
        for one in missing:
            fitting = [line for line in free if line.number == one and low < line.start < end]
            if not fitting:
                continue
            low = fitting[-1].start
            before = max(0, low - _FAR)
            marks = [m for m in possible_marks.possible(content, before, low) if m.weight >= possible_marks.SURE]
            if any(m.number == one for m in marks) or any(n == one and before < at < low for at, n in known):
                yield low


def without_notes(content: str, marks: Sequence[tuple[int, int]], within: Spans) -> Iterator[FlatMark]:
    """Flat marks between two that are known, of numbers that are missing between theirs: no note need be printed.

    marks: places and numbers of the marks that are known, in order; within: what is not looked into.
    """
    for (start, number), (end, following) in pairwise(marks):
        missing = range(number + 1, following)
        if not 0 < len(missing) <= _MOST:
            continue
        for mark in possible_marks.possible(content, start, end):
            fits = mark.number in missing and mark.weight >= possible_marks.SURE
            if fits and start < mark.start and not within.holds(mark.start):
                missing = range(mark.number + 1, following)
                yield mark
