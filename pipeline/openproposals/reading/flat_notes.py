"""Notes and marks whose numbers are not raised: numbers at the start of lines that count up, each with its mark before.

A number at the start of a line shows nothing. A run of them that counts up by one is notes where most of its numbers
stand as marks before it: raised, bracketed, right after a word or its punctuation, or in parentheses as the notes' are.
A run stands on one page, else it gathers the notes of several, as at the end of a chapter or of the text.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence

from openproposals.reading.layout import Spans
from openproposals.reading.note_runs import FlatLine, FlatMark, chain, runs

_STOPS = r"[.,;:»”’\"')\]!?]"
_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:»”’\"')\]!?%€$£])([0-9]{1,3})(?![.,][0-9])(?=[\s.,;:!?)»”\"’—–]|\Z)")
_BEFORE = re.compile(  # a flat mark: a word, its punctuation, the stop after a year or a percentage
    rf"[^\W\d_A-ZÀ-Þ]{{2}}{_STOPS}*\Z|[^\W\d_]{{2}}{_STOPS}+\Z|[»”’\"')\]!?][.,;:!?]*\Z|\s[.,;:]\Z"
    rf"|(?:[0-9]|[^\W\d_]\.)\s?[%€$£]{_STOPS}?\Z|[a-z]\.\s?[A-Z]\.\Z"
    rf"|[^\W\d_]{{2}}-[0-9]{{1,2}}{_STOPS}\Z|(?:(?:1[5-9]|20|21)[0-9]{{2}}|/[0-9]{{2}}){_STOPS}\Z"
)
_AFTER_NUMBER = re.compile(r"(?<=[0-9][.,;])([0-9]{2,3})(?=\s+[A-ZÀ-Þ]|\s*[\n\f]|\s*\Z)")  # as decimals are: 27.185
_ALONE = re.compile(  # a raised mark that the extraction put on a line of its own
    rf"(?:[^\W\d_]{{2}}|[^\W\d_]{_STOPS}|[»”]){_STOPS}*[ \t]*\n([0-9]{{1,3}})(?=[ \t]*\n)"
)
_APART = re.compile(
    r"(?:(?<=[^\W\d_]{2})|(?<=[»”)0-9%€$£])) ([0-9]{1,3})(?= ?[.,;:(](?![0-9]))"
)  # a mark that a space keeps apart
_IN_PARENTHESES = re.compile(r"(?<=\S)[ \u00a0]?(\([ \u00a0]?([0-9]{1,3})[ \u00a0]?\))")
_GLUED = re.compile(r"(?<![\w.,])(?:[0-9]+[.,–/-])?[0-9]{2,7}(?![\w%€$£]|[.,][0-9])")
_YEAR = re.compile(r"(?:1[5-9]|20|21)[0-9]{2}")
_YEARS = re.compile(r"(?:1[5-9]|20|21)[0-9]{2}[–/-](?:(?:1[5-9]|20|21)?[0-9]{2})")
_BEGINS = re.compile(r"(?<=\n)([0-9]{1,3})(?=[.,;:)»”]?[ \t]+(?:[^\W\d_]|[(«–—])|[.,;:)»”][ \t]|[.,;:)»”]?[ \t]*\n)")
_CLOSE = re.compile(r"(?<=[a-zà-ÿ][.,;:!?»”])[0-9]{1,3}(?=[A-ZÀ-Þ][a-zà-ÿ])")  # between two sentences: so.9In
_MOST = 3  # the share of a run that must have marks: all but one in three
_KNOWN, _SURE, _APART_FROM, _DOUBTFUL, _WEAK, _WEAKEST = 9, 6, 4, 3, 2, 1  # how much shows a mark
_MANY = 5  # of flat marks that lead to notes on another page; fewer may stand there by chance
_NEAR = 1500  # characters between a note and the one before it that may be the last without a mark


def found(
    content: str, lines: Sequence[FlatLine], known: Sequence[tuple[int, int]], breaks: Sequence[int]
) -> tuple[list[FlatLine], list[FlatMark]]:
    """The lines that are notes, and the flat marks that lead to them.

    lines: those that begin with a number; known: places and numbers of the marks that are known; breaks: where pages
    begin.
    """
    starts = {line.start for line in lines}
    flat = [*_possible(content), *_kept_apart(content), *(m for m in _glued(content) if m.weight > _WEAK)]
    flat += [
        FlatMark(*m.span(1), int(m[2]), True) for m in _IN_PARENTHESES.finditer(content) if m.start(1) not in starts
    ]
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
            chosen, led = _best(own, near, high, last + 1)
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
        free = [x for x in flat if x.parenthesised is style and x.weight >= _SURE and x.start not in led]
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
    lines: Sequence[FlatLine], flat: Sequence[FlatMark], known: Sequence[tuple[int, int]], wanted: int
) -> tuple[list[FlatLine], list[FlatMark]]:
    """Of the runs of lines that count up, the one with most marks; first the one that goes on from before."""
    best: tuple[list[FlatLine], list[FlatMark]] = ([], [])
    rank = (0, False, 0)
    marked = {number for _, number in known} | {m.number for m in flat}
    for run in (part for whole in runs(lines) for part in _parts(whole, marked)):
        numbers = {line.number for line in run}
        sure = {number for at, number in known if at < run[0].start} & numbers
        before = [m for m in flat if m.number in numbers - sure and m.start < run[0].start]
        led = chain([*before, *(FlatMark(at, at, n, weight=_KNOWN) for at, n in known if n in sure)]) if before else []
        led = [m for m in led if m.number not in sure]
        with_marks = sure | {m.number for m in led}
        run = _trimmed(run, with_marks)
        have = len(with_marks & {line.number for line in run})
        follows = run[0].number == wanted
        enough = have * _MOST >= len(run) * (_MOST - 1) and (len(run) > 1 or follows or run[0].number in sure)
        own = (have, follows, -sum(line.loose or line.alone for line in run))
        if have and enough and own > rank:
            best, rank = (run, led), own
    return best


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

    run: places and numbers of the notes, which rise; known: those of the marks; after: where the marks begin; within:
    what is not looked into, the notes.
    """
    place = {number: start for start, number in run}
    sure = [FlatMark(at, at, n, weight=_KNOWN) for at, n in known if n in place and after < at < place[n]]
    missing = place.keys() - {m.number for m in sure}
    if not missing:
        return
    end = run[-1][0]
    start = max(after, 0)
    every = [*_possible(content, start, end), *_kept_apart(content, start, end), *_weak(content, start, end)]
    every += [FlatMark(*m.span(1), int(m[2]), True, _APART_FROM) for m in _IN_PARENTHESES.finditer(content, start, end)]
    fitting = [m for m in every if m.number in missing and m.start < place[m.number] and not within.holds(m.start)]
    led = chain([*sure, *fitting])
    have = {m.number for m in sure} | {m.number for m in led if m.weight > _WEAK}
    complete = len(run) >= _MOST and len(led) == len(run)
    if len(have) * _MOST < len(run) * (_MOST - 1) and not complete:
        return
    for at, mark in enumerate(led):
        if mark.weight == _KNOWN:
            continue
        if mark.weight <= _WEAK:
            low = led[at - 1].start if at else after
            high = led[at + 1].start if at + 1 < len(led) else end
            alike = [m for m in fitting if m.number == mark.number and low < m.start < high and m.weight == mark.weight]
            if len(alike) > 1:
                continue
        yield mark, mark.weight <= _WEAK


def _possible(content: str, start: int = 0, end: int | None = None) -> list[FlatMark]:
    """The numbers right after a word, its punctuation or a number's full stop."""
    end = len(content) if end is None else end
    made = [FlatMark(*m.span(), int(m[1])) for m in _MARK.finditer(content, start, end) if _is_mark(content, m.start())]
    made += [FlatMark(*m.span(), int(m[0])) for m in _CLOSE.finditer(content, start, end)]
    return made + [
        FlatMark(*m.span(), int(m[1]), weight=_DOUBTFUL) for m in _AFTER_NUMBER.finditer(content, start, end)
    ]


def _kept_apart(content: str, start: int = 0, end: int | None = None) -> list[FlatMark]:
    """The numbers that a space or a line's end keeps apart from the word before."""
    end = len(content) if end is None else end
    return [
        FlatMark(*m.span(1), int(m[1]), weight=_APART_FROM)
        for pattern in (_ALONE, _APART)
        for m in pattern.finditer(content, start, end)
    ]


def _weak(content: str, start: int, end: int) -> Iterator[FlatMark]:
    """Numbers that something else explains as well: at the start of a line, glued to a year or to another number."""
    for match in _BEGINS.finditer(content, start, end):
        yield FlatMark(*match.span(1), int(match[1]), weight=_WEAK)
    yield from _glued(content, start, end)


def _glued(content: str, start: int = 0, end: int | None = None) -> Iterator[FlatMark]:
    """Numbers at the end of a year or of another number."""
    for match in _GLUED.finditer(content, start, len(content) if end is None else end):
        said = match[0]
        for size in range(1, min(3, len(said) - 1) + 1):
            number, rest = said[-size:], said[:-size]
            if number[0] != "0" and number.isdigit() and rest[-1].isdigit():
                dated = _YEAR.fullmatch(rest) or _YEARS.fullmatch(rest)
                weight = _DOUBTFUL if dated else _WEAKEST
                yield FlatMark(match.end() - size, match.end(), int(number), weight=weight)


def _is_mark(content: str, at: int) -> bool:
    return _BEFORE.search(content[max(0, at - 6) : at]) is not None
