"""Note marks and notes as they stand in a text, by their signs; which belongs to which is `pairing`'s question.

A sign is what is printed: 12 for a raised, bracketed or flat 12, `*`, `†`, or the name of a Markdown note.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from openproposals.factcheck.normal import SUPERSCRIPTS, Span
from openproposals.reading import asterisks, flat_notes
from openproposals.reading.layout import PrintedLine, Spans, plain_span

MarkStyle = Literal["raised", "named", "bracketed", "symbol", "flat", "parenthesised", "garbled"]
FLAT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = re.compile(rf"<sup>[0-9]{{1,3}}</sup>|[{SUPERSCRIPTS}]+(?:[,–⁻⁾-][{SUPERSCRIPTS}]+)*")
_UNIT = re.compile(r"(?<![^\W\d_])[kcdmhµ]?m\Z")  # before ² or ³
_NAMED = re.compile(r"\[\^([^\]\s]{1,40})\](:?)")
_BRACKETED = re.compile(r"\[([1-9][0-9]{0,2}(?:\s?[,;–-]\s?[1-9][0-9]{0,2}){0,9})[.,;:]?\](?!\()")
_SYMBOL = re.compile(r"(?<=[^\s*†‡])(?:\*{1,4}|[†‡]{1,3})(?=[\s.,;:!?)»”\"]|\Z)")
_QUOTE = re.compile(r'"')
_RAISED_NOTE = re.compile(rf"([{SUPERSCRIPTS}]{{1,4}}|<sup>[0-9]{{1,3}}</sup>)\s*(?=\S)")
_BRACKETED_NOTE = re.compile(r"\[([0-9]{1,3})\](?::?\s+(?=\S)|(?=[^\W\d_]))")
_SYMBOL_NOTE = re.compile(r"(\*{1,3}|[†‡]{1,3})\s?(?=[^\s*])")
_FLAT_NOTE = re.compile(r"([0-9]{1,3})(?:[.)]?\s+(?=[^\W\d_]|[«\"“‘'(\[])|(?=[A-ZÀ-Þ][^\W\d_]))")
_PARENTHESISED_NOTE = re.compile(r"\([ \u00a0]?([0-9]{1,3})[ \u00a0]?\)\s+(?=[^\W\d_]|[«\"“‘'])")
_AMOUNT = re.compile(r"[~+±]?[$€£]?[0-9][0-9.,]*\s?(?:%|[+€$£]|\+?[kmM]|bn)")  # alone on its line: a figure set large
_LONGEST, _MOST_LINES = 1500, 14  # of a note that no blank line ends


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


def number_of(sign: str) -> int | None:
    """The number that a sign is; None for others.

    >>> number_of("12"), number_of("*")
    (12, None)
    """
    return int(sign) if re.fullmatch("[0-9]{1,4}", sign) else None


def _sign(said: str) -> str:
    return re.sub("</?sup>", "", said).translate(FLAT)


def marked(content: str, found: Sequence[PrintedLine], parts: Sequence[Sequence[PrintedLine]], breaks: Sequence[int],
           heads: Sequence[Span]) -> tuple[list[MarkFound], list[Note]]:  # fmt: skip
    """The marks and the notes of a text, in order.

    found: its lines; parts: its blocks; breaks: where pages begin; heads: its running heads and page numbers.
    """
    opened = [o for part in parts for o in _opened(content, part)]
    sure = [*_raised(content), *_named(content), *_bracketed(content, found), *_symbols(content, parts)]
    begun = [o for o in opened if o.style not in ("flat", "parenthesised")]
    beginnings = Spans([(o.start, o.body) for o in begun])
    sure = [m for m in sure if not beginnings.holds(m.start)]
    noted = {o.sign for o in begun if o.style == "symbol"}
    sure = [m for m in sure if m.style != "symbol" or len(m.sign) == 1 or m.sign in noted]  # ** alone is emphasis
    symbols = {m.sign for m in sure if m.style == "symbol"}
    begun = [o for o in begun if o.style != "symbol" or o.sign in symbols]
    counted, flat_marks = _flat(
        content, [o for o in opened if o.style in ("flat", "parenthesised")], sure, begun, breaks
    )
    begun = sorted([*begun, *counted], key=lambda o: o.start)
    notes = list(_ended(content, begun, found, heads))
    marks = sorted([*sure, *flat_marks], key=lambda m: m.start)
    within = Spans([(n.start, n.end) for n in notes])
    known = {number for m in marks for number in re.findall("[0-9]+", m.sign)}
    alone = [(n.start, int(n.sign)) for n in notes if n.style == "raised" and n.sign not in known]
    led = [MarkFound(m.start, m.end, str(m.number), "flat") for m in flat_notes.of_notes(content, alone, within)]
    marks = sorted([*marks, *led], key=lambda m: m.start)
    marks = [m for m in marks if not within.holds(m.start)]
    if len(marks) > 2:
        marks = sorted([*marks, *_garbled(content, parts, marks, within)], key=lambda m: m.start)
    return marks, notes


def measures(content: str) -> Iterator[Span]:
    """Raised digits that are no marks: of a unit (m², km³), of a power (10⁶, 2⁻³)."""
    for match in _RAISED.finditer(content):
        before = content[max(0, match.start() - 12) : match.start()]
        power = before[-1:].isdigit() and match[0][0] != "<" and re.search(r"(?:(?<![0-9.,])10|⁻)\Z", before)
        if power or (match[0] in "²³" and _UNIT.search(before)):
            yield match.span()


def _raised(content: str) -> Iterator[MarkFound]:
    """Raised digits that follow something on their line."""
    apart = set(measures(content))
    for match in _RAISED.finditer(content):
        line = max(content.rfind("\n", 0, match.start()), content.rfind("\f", 0, match.start())) + 1
        if match.span() not in apart and content[line : match.start()].strip():
            yield MarkFound(*match.span(), _sign(match[0]), "raised")


def _named(content: str) -> Iterator[MarkFound]:
    yield from (MarkFound(*m.span(), m[1], "named") for m in _NAMED.finditer(content) if not m[2])


def _bracketed(content: str, found: Sequence[PrintedLine]) -> Iterator[MarkFound]:
    starts = {line.start for line in found}
    yield from (
        MarkFound(*m.span(), re.sub(r"\s", "", m[1]), "bracketed")
        for m in _BRACKETED.finditer(content)
        if m.start() not in starts
    )


def _symbols(content: str, parts: Sequence[Sequence[PrintedLine]]) -> Iterator[MarkFound]:
    """Asterisks and daggers after a word: of asterisks, those that Markdown's emphasis does not need."""
    for part in parts:
        start, end = part[0].start, part[-1].end
        spare = dict(asterisks.spare(content, start, end))
        for match in _SYMBOL.finditer(content, start, end):
            if match[0][0] != "*":
                yield MarkFound(*match.span(), match[0], "symbol")
            elif at := spare.get(match.start()):
                yield MarkFound(at[0], at[1], content[slice(*at)], "symbol")


@dataclass(frozen=True)
class _Opened:
    """A line that begins as a note does."""

    start: int
    body: int
    sign: str
    style: MarkStyle


def _opened(content: str, part: Sequence[PrintedLine]) -> Iterator[_Opened]:
    for at, line in enumerate(part):
        where = line.start
        if match := _RAISED_NOTE.match(content, where, line.end):
            if re.search(r"[^\W\d_]{2}", content[match.end() : line.end]):
                yield _Opened(where, match.end(), _sign(match[1]), "raised")
        elif (match := _NAMED.match(content, where, line.end)) and match[2]:
            yield _Opened(where, match.end(), match[1], "named")
        elif match := _BRACKETED_NOTE.match(content, where, line.end):
            yield _Opened(where, match.end(), match[1], "bracketed")
        elif match := _SYMBOL_NOTE.match(content, where, line.end):
            stars = match[1].startswith("*")
            surplus = stars and at == 0 and asterisks.is_surplus(content, match.span(1), part[-1].end)
            alone = stars and match[0][-1].isspace() and not _is_list(part, at)
            if surplus:
                yield _Opened(where, where + 1, "*", "symbol")
            elif not stars or alone or (stars and not asterisks.closes(content, match.end(), part[-1].end)):
                yield _Opened(where, match.end(), match[1], "symbol")
        elif match := _PARENTHESISED_NOTE.match(content, where, line.end):
            yield _Opened(where, match.end(), match[1], "parenthesised")
        elif match := _FLAT_NOTE.match(content, where, line.end):
            yield _Opened(where, match.end(), match[1], "flat")


def _is_list(part: Sequence[PrintedLine], at: int) -> bool:
    """Whether a line after an asterisk is an item of a list: another item stands beside it."""
    beside = [part[n] for n in (at - 1, at + 1) if 0 <= n < len(part)]
    return any(line.words.startswith("* ") for line in beside)


def _flat(
    content: str, opened: Sequence[_Opened], sure: Sequence[MarkFound], begun: Sequence[_Opened], breaks: Sequence[int]
) -> tuple[list[_Opened], list[MarkFound]]:
    """Notes and marks whose numbers are not raised."""
    raised = [(m.start, int(n)) for m in sure if m.style == "raised" for n in re.findall("[0-9]+", m.sign)]
    noted = {(number_of(o.sign), bisect(breaks, o.start)) for o in begun}
    free = [o for o in opened if (int(o.sign), bisect(breaks, o.start)) not in noted]
    lines = [flat_notes.FlatLine(o.start, int(o.sign), o.style == "parenthesised") for o in free]
    notes, marks = flat_notes.found(content, lines, raised, breaks)
    starts = {note.start for note in notes}
    made = [MarkFound(m.start, m.end, str(m.number), "parenthesised" if m.parenthesised else "flat") for m in marks]
    return [o for o in opened if o.start in starts], made


def _ended(
    content: str, begun: Sequence[_Opened], found: Sequence[PrintedLine], heads: Sequence[Span]
) -> Iterator[Note]:
    """The notes, each to its end: a blank line, the next note, the end of its page, a running head, a figure alone."""
    headed = {start for start, _ in heads}
    starts = {o.start for o in begun}
    place = {line.start: at for at, line in enumerate(found)}
    for each in begun:
        at = place[each.start]
        last = found[at]
        for following in found[at + 1 : at + _MOST_LINES]:
            line_head = content.rfind("\n", 0, following.start) + 1
            if last.blank_after or last.breaks or following.start in starts or line_head in headed:
                break
            if following.end - each.start > _LONGEST or _AMOUNT.fullmatch(following.words.strip()):
                break
            last = following
        end = plain_span(content, (each.body, last.end))[1]
        yield Note(each.start, end, each.sign, each.style, each.body)


def _garbled(
    content: str, parts: Sequence[Sequence[PrintedLine]], marks: Sequence[MarkFound], notes: Spans
) -> Iterator[MarkFound]:
    """A straight quotation mark without a partner, right after a word, in a text that has other marks."""
    for part in parts:
        start, end = part[0].start, part[-1].end
        if notes.holds(start):
            continue
        quotes = list(_QUOTE.finditer(content, start, end))
        said = content[start:end]
        if len(quotes) % 2 == 0 or said.count("„") + said.count("«") > said.count("“") + said.count("»"):
            continue
        for quote in quotes:
            before, after = content[quote.start() - 1 : quote.start()], content[quote.end() : quote.end() + 1]
            if before.isalpha() and (not after or after in " .,;:!?)\n"):
                opened = [q for q in quotes if q.start() < quote.start()]
                if len(opened) % 2 == 0:
                    yield MarkFound(*quote.span(), '"', "garbled")
                    break


def split(marks: Sequence[MarkFound]) -> list[MarkFound]:
    """Marks of several numbers (12,13) as they are, for each number one mark of the same span, to be paired."""
    made = []
    for mark in marks:
        numbers = re.findall("[0-9]+", mark.sign) if mark.style != "named" else []
        made += [replace(mark, sign=number) for number in numbers] if len(numbers) > 1 else [mark]
    return [next(iter(group)) for _, group in groupby(made, key=lambda m: (m.start, m.sign))]
