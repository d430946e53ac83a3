"""The ledger: every digit, number word, mark and heading of a text, in exactly one state.

A sign is recorded where a candidate that covers it was kept, dismissed where a rule or the editor gives a reason, and
unexplained otherwise, also where it is dropped without a reason. An absence can be claimed of a text in which nothing
is unexplained.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from openproposals.factcheck.normal import SUBSCRIPTS, SUPERSCRIPTS, Span
from openproposals.reading import whole_words
from openproposals.reading.number_digits import FRAMED
from openproposals.reading.rules import Rules

SignSort = Literal["digits", "word", "mark", "heading", "page"]
SignState = Literal["recorded", "dismissed", "unexplained"]
SORTS: tuple[SignSort, ...] = ("digits", "word", "mark", "heading", "page")
STATES: tuple[SignState, ...] = ("recorded", "dismissed", "unexplained")
_DIGITS = re.compile(rf"[^\W\D]+|[¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞{SUBSCRIPTS}{FRAMED}]+")
_WORD = re.compile(r"\w")
_MARKS = re.compile(rf"[{SUPERSCRIPTS}]+|\*+|[†‡]+|\"")
_COVERS: Mapping[SignSort, frozenset[str]] = {  # which kinds of candidates tell what a sign is
    "digits": frozenset(("figure", "mark", "note", "source")),
    "word": frozenset(("figure", "note", "source")),
    "mark": frozenset(("mark", "note", "source", "figure")),
    "heading": frozenset(("heading", "proposal")),
    "page": frozenset(("page",)),
}


@dataclass(frozen=True)
class TextSign:
    """A sign that a reading must account for."""

    sort: SignSort
    start: int
    end: int


@dataclass(frozen=True)
class Decided:
    """A candidate with the editor's decision: True kept, False dropped (then `why`), None not decided."""

    kind: str
    start: int
    end: int
    kept: bool | None
    why: str = ""


@dataclass(frozen=True)
class Accounted:
    """A sign with its state, and the reason of a dismissal."""

    sign: TextSign
    state: SignState
    reason: str = ""


def signs(content: str, how: Rules, headings: Sequence[Span], pages: Sequence[int] = ()) -> list[TextSign]:
    """The signs of a text in order; `headings` are the spans of its headings and proposals, of which the first count.

    pages: where its pages begin. One without a word may be blank or a picture, which nobody has read yet.

    Each digit stands in exactly one sign, and no two signs of one sort overlap: a span that overlaps one before it in
    `headings` is left out.
    """
    found = [TextSign("digits", *m.span()) for m in _DIGITS.finditer(content)]
    found += [TextSign("mark", *m.span()) for m in _MARKS.finditer(content)]
    found += [TextSign("word", *span) for span in _words(content, how)]
    found += [TextSign("heading", *span) for span in _apart(headings)]
    found += [TextSign("page", *span) for span in empty_pages(content, pages)]
    return sorted(found, key=lambda s: (s.start, s.end, s.sort))


def empty_pages(content: str, pages: Sequence[int]) -> Iterator[Span]:
    """Where the pages without a word stand: their first sign; the end of the page before, where a last one has none."""
    last = -1
    for start, end in pairwise([*pages, len(content)]):
        at = start if start < end else start - 1
        if at > last and not _WORD.search(content, start, end):
            yield at, at + 1
            last = at


def _apart(spans: Sequence[Span]) -> list[Span]:
    made: list[Span] = []
    for start, end in spans:
        at = bisect_left(made, (start, end))
        if (at == 0 or made[at - 1][1] <= start) and (at == len(made) or end <= made[at][0]):
            made.insert(at, (start, end))
    return made


def _words(content: str, how: Rules) -> Iterator[Span]:
    whole = whole_words.joined(content, how)
    spans = sorted(
        whole.span(*m.span())
        for name in ("word", "fraction", "ordinal", "multiple")
        for m in how[name].finditer(whole.read)
    )
    end = 0
    for start, last in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start >= end and not any(c.isdigit() for c in content[start:last]):
            yield start, last
            end = last


def account(
    content: str, found: Sequence[TextSign], decided: Sequence[Decided], dismissed: Sequence[tuple[int, int, str]]
) -> list[Accounted]:
    """The state of each sign. A candidate goes before a rule's dismissal, and one that is kept before all others."""
    candidates, rules = _Covers([(d.start, d.end) for d in decided]), _Covers([(a, b) for a, b, _ in dismissed])
    emphasis = _emphasis(content, [d for d in decided if d.kind in ("mark", "note")])
    made = []
    for sign in found:
        over = [decided[at] for at in candidates.over(sign.start, sign.end) if decided[at].kind in _COVERS[sign.sort]]
        own = [d for d in over if d.kind != "source"] or over
        if any(d.kept for d in own) and sign.sort != "page":  # nothing of a page without words can be recorded
            made.append(Accounted(sign, "recorded"))
        elif own and all(d.kept is False and d.why.strip() for d in own):
            made.append(Accounted(sign, "dismissed", own[0].why))
        elif own:
            made.append(Accounted(sign, "unexplained"))
        elif sign.sort != "heading" and (reasons := [dismissed[at][2] for at in rules.over(sign.start, sign.end)]):
            made.append(Accounted(sign, "dismissed", reasons[0]))
        elif sign.sort == "mark" and (reason := emphasis.get(sign.start)):
            made.append(Accounted(sign, "dismissed", reason))
        else:
            made.append(Accounted(sign, "unexplained"))
    return made


class _Covers:
    """Which of some spans have signs in common with another."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._order = sorted(range(len(spans)), key=lambda at: spans[at])
        self._spans = [spans[at] for at in self._order]
        self._starts = [start for start, _ in self._spans]
        self._reach: list[int] = []  # the furthest end so far
        for _, end in self._spans:
            self._reach.append(max(end, self._reach[-1] if self._reach else 0))

    def over(self, start: int, end: int) -> list[int]:
        last = bisect_left(self._starts, end)
        first = bisect_right(self._reach, start)
        return [self._order[at] for at in range(first, last) if self._spans[at][1] > start]


def _emphasis(content: str, marks: Sequence[Decided]) -> dict[int, str]:
    """Asterisks that stand for emphasis, and quotation marks that stand in pairs, by where they begin.

    Asterisks do where as many close as open in a paragraph, besides those that are marks, and where they stand alone.
    """
    made: dict[int, str] = {}
    covers = _Covers([(d.start, d.end) for d in marks])
    for paragraph in re.finditer(r"(?:[^\n\f]+(?:\n(?!\s*\n))?)+", content):
        quotes = [m.start() for m in re.finditer('"', paragraph[0])]
        if len(quotes) % 2 == 0:
            made |= {paragraph.start() + at: "quotation" for at in quotes}
        stars = [
            (paragraph.start() + m.start(), paragraph.start() + m.end()) for m in re.finditer(r"\*+", paragraph[0])
        ]
        balance = 0
        for start, end in stars:
            own = sum(_of_sign(marks[at], start, end) for at in covers.over(start, end))
            balance += (end - start - own) * _turns(content[start - 1 : start], content[end : end + 1])
        if balance == 0:
            made |= {start: "emphasis" for start, _ in stars}
    return made


def _of_sign(mark: Decided, start: int, end: int) -> int:
    """How many asterisks of a run are the sign of a mark, or that of the note which begins with them."""
    if mark.kind == "note":
        return int(mark.start == start)
    return min(end, mark.end) - max(start, mark.start)


def _turns(before: str, after: str) -> int:
    """Whether asterisks between two characters open emphasis (1), close it (-1), or stand alone (0)."""
    if not before.strip() or before in "(«“\"'’-":
        return int(bool(after.strip()))
    return -1


def counts(found: Sequence[Accounted]) -> dict[SignSort, Counter[SignState]]:
    """How many signs of each sort are in each state."""
    made: dict[SignSort, Counter[SignState]] = {sort: Counter() for sort in SORTS}
    for each in found:
        made[each.sign.sort][each.state] += 1
    return made
