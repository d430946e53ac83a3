"""Note marks and notes as they stand in a text, by their signs; which belongs to which is `pairing`'s question.

A sign is what is printed: 12 for a raised, bracketed or flat 12, `*`, `†`, or the name of a Markdown note.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from openproposals.factcheck.normal import SUBSCRIPTS, SUPERSCRIPTS, Span
from openproposals.reading import (
    asterisks,
    flat_notes,
    note_chains,
    note_ends,
    note_gaps,
    note_lines,
    note_runs,
    notes_beside,
    rivals,
    unshown_marks,
)
from openproposals.reading.layout import PrintedLine, Spans
from openproposals.reading.note_lines import NAMED, NoteLine, sign_of
from openproposals.reading.note_signs import MarkFound, Note, number_of, numbered, of_flat
from openproposals.reading.rules import Rules

_RAISED = re.compile(rf"<sup>[0-9]{{1,3}}</sup>|[{SUPERSCRIPTS}]+(?:[–⁻⁾-][{SUPERSCRIPTS}]+)*")
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdmhµ]?m|[RrxXnNχη])\Z")  # before ² or ³: a unit, or a variable
_GAS = re.compile(r"(?<![^\W\d_])(?:C|N|S)O\Z")  # before ², which is printed for a lowered 2
_BRACKETED = re.compile(
    r"(?:\[(?=\\?\[))?\\?\[\s?([1-9][0-9]{0,2}(?:\s?[,;–-]\s?[1-9][0-9]{0,2}){0,9})[.,;:]?\s?\\?\](?:(?<=\]\])\])?(?!\()"
)
_SYMBOL = re.compile(r"(?<=[^\s*†‡])(?:\*{1,4}|[†‡]{1,3})(?=[\s.,;:!?)»”\"]|\Z)")
_OVER = re.compile(rf"[/⁄][0-9{SUBSCRIPTS}]")
_SPELLED = 3  # asterisks after words, of which there is no note, belong to the spelling
_RANGE, _MANY = re.compile("([0-9]+)[–⁻-]([0-9]+)"), 30  # notes that one mark may lead to


def marked(content: str, found: Sequence[PrintedLine], parts: Sequence[Sequence[PrintedLine]], breaks: Sequence[int],
           heads: Sequence[Span], how: Rules) -> tuple[list[MarkFound], list[Note]]:  # fmt: skip
    """The marks and the notes of a text, in order.

    found: its lines; parts: its blocks; breaks: where pages begin; heads: its running heads and page numbers;
    how: the rules of its language.
    """
    opened = list(note_lines.opened(content, parts))
    sure = [*_raised(content), *_named(content), *_bracketed(content), *_symbols(content, parts)]
    begun = [o for o in opened if o.style not in ("flat", "parenthesised")]
    beginnings = Spans([(o.start, o.body) for o in begun])
    sure = [m for m in sure if not beginnings.holds(m.start)]
    first = {m.sign: m.start for m in reversed(sure)}
    begun = [o for o in begun if not o.loose or o.unsure or first.get(o.sign, o.start) < o.start]
    doubted = [o for o in begun if o.unsure]
    astray = [o for o in doubted if note_lines.ends_words(content, o.body) or first.get(o.sign, o.start) >= o.start]
    sure += [MarkFound(o.start, o.start + len(content[o.start : o.body].rstrip()), o.sign, o.style) for o in astray]
    begun = [o for o in begun if o not in astray]
    noted = {o.sign for o in begun if o.style == "symbol"}
    sure = [m for m in sure if m.style != "symbol" or len(m.sign) == 1 or m.sign in noted]  # ** alone is emphasis
    symbols = {m.sign for m in sure if m.style == "symbol"}
    begun = [o for o in begun if o.style != "symbol" or o.sign in symbols]
    begun = list(notes_beside.divided(content, begun, first))
    lines = Spans([(o.start, o.body) for o in begun])
    sure = [m for m in sure if not lines.holds(m.start)]
    flat = [o for o in opened if o.style in ("flat", "parenthesised")]
    flat = rivals.without_folios(flat, found, Spans(heads), breaks)
    if breaks:
        begun = rivals.without_headings(begun, flat, numbered(sure, ("raised",)), breaks)
    counted, flat_marks = _flat(content, flat, sure, begun, breaks)
    begun = sorted([*begun, *counted], key=lambda o: o.start)
    ordered, led = note_chains.found(content, found, numbered(sure, ("raised", "bracketed")), begun, breaks, how)
    if ordered:
        signs, taken = {o.sign for o in ordered}, {o.start for o in ordered}
        begun = sorted(
            [*(o for o in begun if o.sign not in signs and o.start not in taken), *ordered], key=lambda o: o.start
        )
        flat_marks = [m for m in flat_marks if m.sign not in signs] + [of_flat(m) for m in led]
    begun = note_gaps.filled(content, begun, flat, numbered([*sure, *flat_marks], ("raised", "flat")))
    marks = sorted([*sure, *flat_marks], key=lambda m: m.start)
    ends = note_ends.ended(content, begun, found, heads, [m.start for m in marks])
    notes = [Note(o.start, end, o.sign, o.style, o.body) for o, end in ends]
    within = Spans([(n.start, n.end) for n in notes])
    marks = [m for m in marks if not within.holds(m.start)]
    marks = sorted([*marks, *unshown_marks.sought(content, marks, notes, within, breaks)], key=lambda m: m.start)
    if breaks:
        marks += unshown_marks.out_of_order(content, marks, notes, within, breaks)
        marks = sorted(marks, key=lambda m: m.start)
    if sum(m.style == "flat" for m in marks) > len(marks) // 2:
        rising = numbered(marks, ("raised", "flat"))
        marks += map(of_flat, note_gaps.without_notes(content, rising, within))
        marks.sort(key=lambda m: m.start)
    if len(marks) > 2:
        marks = sorted([*marks, *unshown_marks.garbled(content, parts, marks, within)], key=lambda m: m.start)
    return marks, notes


def of_spelling(content: str, marks: Sequence[MarkFound], notes: Sequence[Note]) -> list[MarkFound]:
    """The asterisks that a text writes after words, as in Freund*, and not as marks."""
    if any(n.style == "symbol" for n in notes):
        return []
    found = [m for m in marks if m.sign == "*" and content[m.start - 1 : m.start].isalpha()]
    return found if len(found) >= _SPELLED else []


def measures(content: str) -> Iterator[Span]:
    """Raised digits that are no marks: of a unit (m², km³), a gas (CO²), a power (10⁶, 2⁻³), or zero (p⁰)."""
    for match in _RAISED.finditer(content):
        before = content[max(0, match.start() - 12) : match.start()]
        power = before[-1:].isdigit() and match[0][0] != "<" and re.search(r"(?:(?<![0-9.,])10|⁻)\Z", before)
        over = _OVER.match(content, match.end())  # of a fraction: ¹/₃
        unit = match[0] in "²³" and _UNIT.search(before)
        if power or over or unit or match[0][0] == "⁰" or (match[0] == "²" and _GAS.search(before)):
            yield match.span()


def _raised(content: str) -> Iterator[MarkFound]:
    """Raised digits that follow something on their line."""
    apart = set(measures(content))
    for match in _RAISED.finditer(content):
        line = max(content.rfind("\n", 0, match.start()), content.rfind("\f", 0, match.start())) + 1
        if match.span() not in apart and content[line : match.start()].strip():
            yield MarkFound(*match.span(), sign_of(match[0]), "raised")


def _named(content: str) -> Iterator[MarkFound]:
    yield from (MarkFound(*m.span(), m[1], "named") for m in NAMED.finditer(content) if not m[2])


def _bracketed(content: str) -> Iterator[MarkFound]:
    yield from (MarkFound(*m.span(), re.sub(r"\s", "", m[1]), "bracketed") for m in _BRACKETED.finditer(content))


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


def _flat(
    content: str,
    opened: Sequence[NoteLine],
    sure: Sequence[MarkFound],
    begun: Sequence[NoteLine],
    breaks: Sequence[int],
) -> tuple[list[NoteLine], list[MarkFound]]:
    """Notes and marks whose numbers are not raised."""
    noted = {(number_of(o.sign), bisect(breaks, o.start)) for o in begun}
    bracketed = {o.sign for o in begun if o.style == "bracketed"}
    raised = numbered(sure, ("raised",))
    served = rivals.served(raised, [(o.start, int(o.sign)) for o in begun if o.sign.isdecimal()])
    known = [(at, n) for at, n in raised if (n, bisect(breaks, at)) not in noted and at not in served]
    known += [(at, n) for at, n in numbered(sure, ("bracketed",)) if str(n) not in bracketed]
    free = [o for o in opened if (int(o.sign), bisect(breaks, o.start)) not in noted]
    lines = [note_runs.FlatLine(o.start, int(o.sign), o.style == "parenthesised", o.loose, o.unsure) for o in free]
    notes, marks = flat_notes.found(content, lines, sorted(known), breaks)
    starts = {note.start for note in notes}
    return [o for o in opened if o.start in starts], [of_flat(m) for m in marks]


def split(marks: Sequence[MarkFound]) -> list[MarkFound]:
    """Marks of several numbers (12,13) as they are, for each number one mark of the same span, to be paired."""
    made = []
    for mark in marks:
        numbers = re.findall("[0-9]+", mark.sign) if mark.style != "named" else []
        numbers = _ranged(mark.sign) or numbers
        made += [replace(mark, sign=number) for number in numbers] if len(numbers) > 1 else [mark]
    return [next(iter(group)) for _, group in groupby(made, key=lambda m: (m.start, m.sign))]


def _ranged(sign: str) -> list[str]:
    """The numbers of a mark of notes that follow each other: 5–8; none where it is no such mark."""
    found = _RANGE.fullmatch(sign)
    return (
        [str(n) for n in range(int(found[1]), int(found[2]) + 1)]
        if found and int(found[2]) - int(found[1]) < _MANY
        else []
    )
