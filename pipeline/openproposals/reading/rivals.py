"""Numbers at the start of lines that are no notes: of pages, and of headings where other numbers have the marks."""

from __future__ import annotations

from bisect import bisect, bisect_left, bisect_right
from collections.abc import Sequence
from functools import partial

from openproposals.reading.layout import PrintedLine, Spans
from openproposals.reading.note_lines import NoteLine
from openproposals.reading.note_runs import FlatLine, runs

_FEW = 3  # marks of a page that tell which of its lines are notes


def served(marks: Sequence[tuple[int, int]], notes: Sequence[tuple[int, int]]) -> set[int]:
    """Where the marks stand that lead to a note behind them: one of their number, before another mark of it.

    marks, notes: places and numbers, in order.
    """
    places: dict[int, list[int]] = {}
    for at, number in marks:
        places.setdefault(number, []).append(at)
    made = set()
    for start, number in notes:
        before = places.get(number, [])
        at = bisect_right(before, start) - 1
        if at >= 0:
            made.add(before[at])
    return made


def without_folios(
    flat: Sequence[NoteLine], found: Sequence[PrintedLine], heads: Spans, breaks: Sequence[int]
) -> list[NoteLine]:
    """The lines that begin with numbers, without those of pages: alone at the top, with running heads at most above.

    found: the lines of the text; heads: its running heads and page numbers; breaks: where pages begin.
    """
    starts = [line.start for line in found]
    made = []
    for each in flat:
        if breaks and each.unsure and heads.holds(each.start):
            top = breaks[max(0, bisect(breaks, each.start) - 1)]
            if all(heads.holds(at) for at in starts[bisect_left(starts, top) : bisect_left(starts, each.start)]):
                continue
        made.append(each)
    return made


def without_headings(
    begun: Sequence[NoteLine], flat: Sequence[NoteLine], marks: Sequence[tuple[int, int]], breaks: Sequence[int]
) -> list[NoteLine]:
    """The lines that begin notes, without headings whose numbers are raised, of notes whose numbers are not.

    begun: in order; flat: lines that begin with other numbers; marks: places and numbers of raised marks.
    """
    raised = [(o.start, int(o.sign)) for o in begun if o.style == "raised" and o.sign.isdecimal()]
    lines = [FlatLine(o.start, int(o.sign)) for o in flat if o.style == "flat" and not o.loose]
    headings = _beaten(raised, lines, marks, breaks)
    return [o for o in begun if o.start not in headings]


def _beaten(
    begun: Sequence[tuple[int, int]],
    lines: Sequence[FlatLine],
    marks: Sequence[tuple[int, int]],
    breaks: Sequence[int],
) -> set[int]:
    """Where lines with a raised number begin that are headings.

    A page tells it where a run of lines whose numbers are not raised has more of the page's marks than the raised ones.
    In a text with such a page, a raised number at the start of a line without a mark on its page is no note's.
    """
    made: set[int] = set()
    page_of = partial(bisect, breaks)
    for page in sorted({page_of(at) for at, _ in begun}):
        marked = {number for at, number in marks if page_of(at) == page}
        raised = [(at, number) for at, number in begun if page_of(at) == page]
        own = [line for line in lines if page_of(line.start) == page]
        have = max((len(marked & {line.number for line in run}) for run in runs(own)), default=0)
        if have >= _FEW and have > len(marked & {number for _, number in raised}):
            made |= {at for at, _ in raised}
    if made:
        known = {(number, page_of(at)) for at, number in marks}
        made |= {at for at, number in begun if (number, page_of(at)) not in known}
    return made
