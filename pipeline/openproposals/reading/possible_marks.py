"""Numbers that may be marks though no type raises them, each with how much shows it: its place beside words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openproposals.factcheck.normal import SUPERSCRIPTS
from openproposals.reading.note_runs import FlatMark
from openproposals.reading.years import YEAR

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
_PARENTHESES = re.compile(r"(?<=\S)[ \u00a0]?(\([ \u00a0]?([0-9]{1,3})[ \u00a0]?\))")
_GLUED = re.compile(r"(?<![\w.,\f])(?:[0-9]+[.,–/-])?[0-9]{2,7}(?![\w%€$£]|[.,][0-9])")  # no page's own number
_YEARS = re.compile(r"(?:1[5-9]|20|21)[0-9]{2}[–/-](?:(?:1[5-9]|20|21)?[0-9]{2})")
_HEADS = r"(?:(?<=[.!?:;]\n)|(?<=[.!?:;] \n))[0-9]{1,3}\.[ \t]+[A-ZÀ-Þ]"  # the number of a heading, below a sentence
_BEGINS = re.compile(
    rf"(?<=\n)(?!{_HEADS})"
    r"([0-9]{1,3})(?=[.,;:)»”]?[ \t]+(?:[^\W\d_]|[(«–—])|[.,;:)»”][ \t]|[.,;:)»”]?[ \t]*\n)"
)
_SHORT_NAME = re.compile(r"(?<=[A-ZÀ-Þ]{2})([0-9]{1,3})(?=[\s,;:)]|\.(?![0-9]))")  # after capitals, as in CO2
_LINKED = re.compile(r"\[[^\s\[\]0-9]{1,2}([0-9]{1,3})[.,:)]?\]")  # with the sign before it in one link: [.7](#a)
_AFTER_RAISED = re.compile(
    rf"(?<=[{SUPERSCRIPTS}])[ \u00a0\u202f,;]{{1,2}}([0-9]{{1,3}})(?=[\s.,;])"
)  # the second of two marks
_LAST = re.compile(r"(?<=[a-zà-ÿ][.!?»”]) ([0-9]{1,3})(?=[ \t]*[\r\n])")  # at the end of a line, behind a sentence
_CLOSE = re.compile(r"(?<=[a-zà-ÿ][.,;:!?»”])[0-9]{1,3}(?=[A-ZÀ-Þ][a-zà-ÿ])")  # between two sentences: so.9In
KNOWN, SURE, APART_FROM, DOUBTFUL, WEAK, WEAKEST = 9, 6, 4, 3, 2, 1  # how much shows a mark


def possible(content: str, start: int = 0, end: int | None = None) -> list[FlatMark]:
    """The numbers right after a word, its punctuation or a number's full stop."""
    end = len(content) if end is None else end
    made = [FlatMark(*m.span(), int(m[1])) for m in _MARK.finditer(content, start, end) if _is_mark(content, m.start())]
    made += [FlatMark(*m.span(), int(m[0])) for m in _CLOSE.finditer(content, start, end)]
    return made + [FlatMark(*m.span(), int(m[1]), weight=DOUBTFUL) for m in _AFTER_NUMBER.finditer(content, start, end)]


def kept_apart(content: str, start: int = 0, end: int | None = None) -> list[FlatMark]:
    """The numbers that a space or a line's end keeps apart from the word before."""
    end = len(content) if end is None else end
    return [
        FlatMark(*m.span(1), int(m[1]), weight=APART_FROM)
        for pattern in (_ALONE, _APART)
        for m in pattern.finditer(content, start, end)
    ]


def weak(content: str, start: int, end: int) -> Iterator[FlatMark]:
    """Numbers that something else explains as well: first or last in a line, after capitals, glued to a number."""
    for pattern in (_BEGINS, _SHORT_NAME):
        for match in pattern.finditer(content, start, end):
            yield FlatMark(*match.span(1), int(match[1]), weight=WEAK)
    for pattern in (_LINKED, _AFTER_RAISED, _LAST):
        for match in pattern.finditer(content, start, end):
            yield FlatMark(*match.span(1), int(match[1]), weight=DOUBTFUL)
    yield from glued(content, start, end)


def glued(content: str, start: int = 0, end: int | None = None) -> Iterator[FlatMark]:
    """Numbers at the end of a year or of another number."""
    for match in _GLUED.finditer(content, start, len(content) if end is None else end):
        said = match[0]
        for size in range(1, min(3, len(said) - 1) + 1):
            number, rest = said[-size:], said[:-size]
            if number[0] != "0" and number.isdigit() and rest[-1].isdigit():
                dated = YEAR.fullmatch(rest) or _YEARS.fullmatch(rest)
                weight = DOUBTFUL if dated else WEAKEST
                yield FlatMark(match.end() - size, match.end(), int(number), weight=weight)


def _is_mark(content: str, at: int) -> bool:
    return _BEFORE.search(content[max(0, at - 6) : at]) is not None


def in_parentheses(content: str, start: int = 0, end: int | None = None) -> list[FlatMark]:
    """The numbers in parentheses that follow something."""
    end = len(content) if end is None else end
    found = _PARENTHESES.finditer(content, start, end)
    return [FlatMark(*m.span(1), int(m[2]), True, APART_FROM) for m in found]
