"""Notes and marks whose numbers are not raised: numbers at the start of lines that count up, each with its mark before.

A number at the start of a line shows nothing. A run of them that counts up by one is notes where most of its numbers
stand as marks before it: raised, bracketed, right after a word or its punctuation, or in parentheses as the notes' are.
A run stands on one page, else it gathers the notes of several, as at the end of a chapter or of the text.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from openproposals.reading import possible_marks
from openproposals.reading.layout import Spans
from openproposals.reading.note_runs import FlatLine, FlatMark, chain, runs

_MOST = 3  # the share of a run that must have marks: all but one in three
_MANY = 5  # of flat marks that lead to notes on another page; fewer may stand there by chance
_TOP = 3  # line ends before the first note of a page that has its notes first
_NEAR = 1500  # characters between a note and the one before it that may be the last without a mark


def found(
    content: str, lines: Sequence[FlatLine], known: Sequence[tuple[int, int]], breaks: Sequence[int]
) -> tuple[list[FlatLine], list[FlatMark]]:
    """The lines that are notes, and the flat marks that lead to them.

    lines: those that begin with a number; known: places and numbers of the marks that are known; breaks: where pages
    begin.
    """
    starts = {line.start for line in lines}
    flat = [
        *possible_marks.possible(content),
        *possible_marks.kept_apart(content),
        *(m for m in possible_marks.glued(content) if m.weight > possible_marks.WEAK),
    ]
    flat += possible_marks.in_parentheses(content)
    flat = [m for m in flat if m.start not in starts]
    notes: list[FlatLine] = []
    marks: list[FlatMark] = []
    last = 0
    pages = sorted({bisect(breaks, line.start) for line in lines})
    for page in pages:
        high = [(at, number) for at, number in known if bisect(breaks, at) == page]
        for style in (False, True):
            own = [x for x in lines if x.parenthesised is style and bisect(breaks, x.start) == page]
            near = [x for x in flat if x.parenthesised is style and bisect(breaks, x.start) == page]
            first = [x for x in own if content.count("\n", breaks[page - 1] if breaks else 0, x.start) <= _TOP]
            chosen, led = _best(own, near, high, last + 1, {x.start for x in first} if breaks else set())
            notes += chosen
            marks += led
            last = chosen[-1].number if chosen else last
    if breaks:
        gathered, led = _gathered(lines, flat, known, notes, marks)
        notes += gathered
        marks += led
    return sorted(notes, key=lambda n: n.start), marks


def _gathered(
    lines: Sequence[FlatLine],
    flat: Sequence[FlatMark],
    known: Sequence[tuple[int, int]],
    notes: Sequence[FlatLine],
    marks: Sequence[FlatMark],
) -> tuple[list[FlatLine], list[FlatMark]]:
    """The notes of several pages, which stand together on a later one, and their flat marks."""
    taken = {n.start for n in notes}
    led = {m.start for m in marks}
    done = {n.number for n in notes}
    made: list[FlatLine] = []
    found_marks: list[FlatMark] = []
    for style in (False, True):
        own = [x for x in lines if x.parenthesised is style and x.start not in taken]
        own_style = [x for x in flat if x.parenthesised is style and x.start not in led]
        free = [x for x in own_style if style or x.weight >= possible_marks.SURE]
        left = [(at, number) for at, number in known if number not in done]
        while own:
            chosen, some = _best(own, free, left, 1)
            if len(chosen) < (_MANY if some else _MOST):
                break
            made += chosen
            found_marks += some
            gone, numbers = {n.start for n in chosen}, {n.number for n in chosen}
            own = [x for x in own if x.start not in gone]
            left = [(at, n) for at, n in left if n not in numbers or at > chosen[0].start]
            free = [x for x in free if x not in some]
    return made, found_marks


def _best(
    lines: Sequence[FlatLine],
    flat: Sequence[FlatMark],
    known: Sequence[tuple[int, int]],
    wanted: int,
    top: Set[int] = frozenset(),
) -> tuple[list[FlatLine], list[FlatMark]]:
    """Of the runs of lines that count up, the one with most marks; first the one that goes on from before.

    Of two lists that a third goes on from, the nearer one: the run with fewest lines far from the one before.
    top: where the first lines of a page begin; the notes that begin there may stand before the words of their page.
    """
    best: tuple[list[FlatLine], list[FlatMark]] = ([], [])
    rank = (0, 0, False, False, 0, 0)
    marked = {number for _, number in known} | {m.number for m in flat}
    for run in (part for whole in runs(lines) for part in _parts(whole, marked)):
        for in_order in (True, False) if run[0].start in top else (True,):
            sure, led = _led(run, flat, known, in_order=in_order)
            with_marks = sure | {m.number for m in led}
            kept = _trimmed(run, with_marks)
            have = len(with_marks & {line.number for line in kept})
            follows = kept[0].number == wanted
            enough = have * _MOST >= len(kept) * (_MOST - 1)
            enough = enough and (len(kept) > 1 or follows or kept[0].number in sure)
            if not in_order:
                goes_on = follows and wanted > 1
                raised = len(kept) > 1 and have == len(sure)
                enough = enough and (goes_on or raised or have == len(kept) >= _MOST)
            far = sum(other.start - one.start > _NEAR for one, other in pairwise(kept))
            own = (have, len(sure), in_order, follows, -sum(line.loose or line.alone for line in kept), -far)
            if have and enough and own > rank:
                best, rank = (kept, led), own
    return best


def _led(
    run: Sequence[FlatLine], flat: Sequence[FlatMark], known: Sequence[tuple[int, int]], *, in_order: bool
) -> tuple[set[int], list[FlatMark]]:
    """The numbers of a run that known marks have, and its flat marks: before it, or on both sides of it."""
    numbers = {line.number for line in run}
    first, last = run[0].start, run[-1].start
    outside = [(at, number) for at, number in known if at < first or (not in_order and at > last)]
    sure = {number for _, number in outside} & numbers
    open_to = [m for m in flat if m.number in numbers - sure]
    free = [m for m in open_to if m.start < first or (not in_order and m.start > last)]
    if not free:
        return sure, []
    led = chain([*free, *(FlatMark(at, at, n, weight=possible_marks.KNOWN) for at, n in outside if n in sure)])
    return sure, [m for m in led if m.number not in sure]


def _parts(run: Sequence[FlatLine], marked: set[int]) -> Iterator[Sequence[FlatLine]]:
    """A run, and its rests from each number with a mark that follows one without: 8, after paragraphs 5 to 7."""
    yield run
    for at in range(1, len(run)):
        if run[at].number in marked and run[at - 1].number not in marked:
            yield run[at:]


def _trimmed(run: Sequence[FlatLine], with_marks: set[int]) -> list[FlatLine]:
    """A run without lines far below the others at its end that have no mark."""
    made = list(run)
    while len(made) > 1 and made[-1].number not in with_marks and made[-1].start - made[-2].start > _NEAR:
        made.pop()
    return made


def sought(
    content: str, run: Sequence[tuple[int, int]], known: Sequence[tuple[int, int]], after: int, within: Spans
) -> Iterator[tuple[FlatMark, bool]]:
    """The marks of a run of notes that are not known, each with whether it is doubtful: between its neighbours' marks.

    run: numbers of the notes, which rise, and up to where their marks may stand; known: places and numbers of the
    marks; after: where the marks begin; within: what is not looked into, the notes.
    """
    place = {number: limit for limit, number in run}
    sure = [FlatMark(at, at, n, weight=possible_marks.KNOWN) for at, n in known if n in place and after < at < place[n]]
    missing = place.keys() - {m.number for m in sure}
    if not missing:
        return
    end = run[-1][0]
    start = max(after, 0)
    every = [
        *possible_marks.possible(content, start, end),
        *possible_marks.kept_apart(content, start, end),
        *possible_marks.weak(content, start, end),
    ]
    every += possible_marks.in_parentheses(content, start, end)
    fitting = [m for m in every if m.number in missing and m.start < place[m.number] and not within.holds(m.start)]
    led = chain([*sure, *fitting])
    have = {m.number for m in sure} | {m.number for m in led if m.weight > possible_marks.WEAK}
    complete = len(run) >= _MOST and len(led) == len(run)
    few = len(have) * _MOST < len(run) * (_MOST - 1) and not complete
    shown = [m for m in led if m.weight >= possible_marks.SURE]
    if few and (len(shown) < _MANY or len(shown) * _MOST < len(run)):
        return
    led = shown if few else led  # many that rise with the notes are marks, whatever the others are
    for at, mark in enumerate(led):
        if mark.weight == possible_marks.KNOWN:
            continue
        if mark.weight <= possible_marks.WEAK:
            low = led[at - 1].start if at else after
            high = led[at + 1].start if at + 1 < len(led) else end
            alike = [m for m in fitting if m.number == mark.number and low < m.start < high and m.weight == mark.weight]
            if len(alike) > 1:
                continue
        yield mark, mark.weight <= possible_marks.WEAK
