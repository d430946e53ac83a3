"""Notes and marks whose numbers are not raised: numbers at the start of lines that count up, each with its mark before.

A number at the start of a line, plain or in parentheses, shows nothing. A run of them on one page, or in a text without
pages, that counts up by one is notes where most of its numbers stand as marks before it: raised, right after a word or
its punctuation, or in parentheses as the notes' are.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openproposals.reading.layout import Spans

_STOPS = r"[.,;:»”’\"')\]!?]"
_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:»”’\"')\]!?%€$£])([0-9]{1,3})(?![.,][0-9])(?=[\s.,;:!?)»”\"’—–]|\Z)")
_BEFORE = re.compile(  # a flat mark: a word, its punctuation, the stop after a year or a percentage
    rf"[^\W\d_A-ZÀ-Þ]{{2}}{_STOPS}*\Z|[^\W\d_]{{2}}{_STOPS}+\Z|[»”’\"')\]!?][.,;:!?]*\Z|\s[.,;:]\Z"
    rf"|(?:[0-9]|[^\W\d_]\.)\s?[%€$£]{_STOPS}?\Z|[a-z]\.\s?[A-Z]\.\Z"
    rf"|[^\W\d_]{{2}}-[0-9]{{1,2}}{_STOPS}\Z|(?:(?:1[5-9]|20|21)[0-9]{{2}}|/[0-9]{{2}}){_STOPS}\Z"
)
_AFTER_NUMBER = re.compile(r"(?<=[0-9][.,;])([0-9]{2,3})(?=\s+[A-ZÀ-Þ]|\s*[\n\f]|\s*\Z)")  # as decimals are: 27.185
_ALONE = re.compile(r"(?<=\n)([0-9]{1,3})(?=[ \t]*\n)")  # a raised mark that the extraction put on a line of its own
_APART = re.compile(
    r"(?:(?<=[^\W\d_]{2})|(?<=[»”)0-9])) ([0-9]{1,3})(?=[.,;:(](?![0-9]))"
)  # a mark that a space keeps apart
_IN_PARENTHESES = re.compile(r"(?<=\S)[ \u00a0]?(\([ \u00a0]?([0-9]{1,3})[ \u00a0]?\))")
_MOST = 3  # the share of a run that must have marks: all but one in three


@dataclass(frozen=True)
class FlatLine:
    """A line that begins with a number: where, which, and whether it stands in parentheses."""

    start: int
    number: int
    parenthesised: bool = False


@dataclass(frozen=True)
class FlatMark:
    """A number right after a word, or in parentheses: its span and itself; doubtful where it may be decimals."""

    start: int
    end: int
    number: int
    parenthesised: bool = False
    doubtful: bool = False


def found(
    content: str, lines: Sequence[FlatLine], raised: Sequence[tuple[int, int]], breaks: Sequence[int]
) -> tuple[list[FlatLine], list[FlatMark]]:
    """The lines that are notes, and the flat marks that lead to them.

    lines: those that begin with a number; raised: places and numbers of the marks that are known; breaks: where pages
    begin.
    """
    starts = {line.start for line in lines}
    candidates = _possible(content)
    candidates += [FlatMark(*m.span(), int(m[1])) for m in _ALONE.finditer(content)]
    candidates += [FlatMark(*m.span(1), int(m[1])) for m in _APART.finditer(content)]
    candidates.sort(key=lambda m: m.start)
    candidates += [
        FlatMark(*m.span(1), int(m[2]), True) for m in _IN_PARENTHESES.finditer(content) if m.start(1) not in starts
    ]
    notes: list[FlatLine] = []
    marks: list[FlatMark] = []
    last = 0
    for page in sorted({bisect(breaks, line.start) for line in lines}):
        for style in (False, True):
            own = [x for x in lines if x.parenthesised is style and bisect(breaks, x.start) == page]
            flat = [x for x in candidates if x.parenthesised is style and bisect(breaks, x.start) == page]
            high = [] if style else [(at, number) for at, number in raised if bisect(breaks, at) == page]
            chosen, led = _best(own, flat, high, last + 1)
            notes += chosen
            marks += led
            last = chosen[-1].number if chosen else last
    return sorted(notes, key=lambda n: n.start), marks


def of_notes(content: str, notes: Sequence[tuple[int, int]], within: Spans) -> list[FlatMark]:
    """The flat marks of notes whose own numbers are raised, where most have one: a converter may raise those alone.

    notes: places and numbers, in order, of those without a mark; within: what is not looked into, the notes.
    """
    places: dict[int, list[FlatMark]] = {}
    for mark in _possible(content):
        if not within.holds(mark.start):
            places.setdefault(mark.number, []).append(mark)
    made: list[FlatMark] = []
    after, last, note = -1, 0, -1
    for start, number in notes:
        if number <= last:
            after = note  # the numbers begin again, on a new page
        last, note = number, start
        fitting = [m for m in places.get(number, ()) if after < m.start < start]
        made += sorted(fitting, key=lambda m: m.doubtful)[:1]
        after = max(after, made[-1].start) if made else after
    return made if len(made) * _MOST >= len(notes) * (_MOST - 1) else []


def _possible(content: str) -> list[FlatMark]:
    """The numbers right after a word, its punctuation or a number's full stop."""
    made = [FlatMark(*m.span(), int(m[1])) for m in _MARK.finditer(content) if _is_mark(content, m.start())]
    return made + [FlatMark(*m.span(), int(m[1]), doubtful=True) for m in _AFTER_NUMBER.finditer(content)]


def _is_mark(content: str, at: int) -> bool:
    return _BEFORE.search(content[max(0, at - 6) : at]) is not None


def _best(
    lines: Sequence[FlatLine], flat: Sequence[FlatMark], raised: Sequence[tuple[int, int]], wanted: int
) -> tuple[list[FlatLine], list[FlatMark]]:
    """Of the runs of a page's lines that count up, the one with most marks; first the one that goes on from before."""
    best: tuple[list[FlatLine], list[FlatMark]] = ([], [])
    rank = (0, False)
    for run in _runs(lines):
        known = {number for at, number in raised if at < run[0].start}
        led = list(_led(run, flat, known))
        have = sum(line.number in known for line in run) + len(led)
        follows = run[0].number == wanted
        enough = have * _MOST >= len(run) * (_MOST - 1) and (len(run) > 1 or follows or run[0].number in known)
        if enough and (have, follows) > rank:
            best, rank = (run, led), (have, follows)
    return best


def _runs(lines: Sequence[FlatLine]) -> Iterator[list[FlatLine]]:
    """Every run of lines, in order, whose numbers count up by one; what stands between is of other runs."""
    used: set[int] = set()
    for at, line in enumerate(lines):
        if at in used or line.number == 0:
            continue
        run = [line]
        for later in range(at + 1, len(lines)):
            if lines[later].number == run[-1].number + 1:
                run.append(lines[later])
                used.add(later)
        yield run


def _led(run: Sequence[FlatLine], flat: Sequence[FlatMark], known: set[int]) -> Iterator[FlatMark]:
    """The flat marks of a run, each after the one before and before the notes begin."""
    after = -1
    for line in run:
        if line.number in known:
            continue
        places = [m for m in flat if m.number == line.number and after < m.start < run[0].start]
        mark = next(iter(sorted(places, key=lambda m: m.doubtful)), None)
        if mark is not None:
            yield mark
            after = mark.start
