"""Marks that no type and no bracket shows: known by the notes that lack one, or by the place of a garbled sign."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace

from openproposals.reading import flat_notes, possible_marks
from openproposals.reading.layout import PrintedLine, Spans
from openproposals.reading.note_lines import MarkStyle
from openproposals.reading.note_signs import MarkFound, Note, number_of, numbered, of_flat

_COUNTED: tuple[MarkStyle, ...] = ("raised", "bracketed", "flat", "parenthesised", "sought")
_MANY = 5  # flat marks of a text that may have one out of order
_QUOTE = re.compile(r'"')


def sought(
    content: str, marks: Sequence[MarkFound], notes: Sequence[Note], within: Spans, breaks: Sequence[int]
) -> Iterator[MarkFound]:
    """The marks of numbered notes that no type and no bracket shows: before their note, else on its page."""
    in_brackets = any(m.style == "bracketed" for m in marks)
    known = numbered(marks, _COUNTED)
    explicit = ("bracketed", "named") if in_brackets else ("named",)
    counted = [n for n in notes if number_of(n.sign) and n.style not in explicit]
    ends = [*breaks[1:], len(content)]
    after, last, run = -1, -1, list[tuple[int, int]]()
    for note in [*counted, None]:
        number = number_of(note.sign) if note else None
        if run and (number is None or number <= run[-1][1]):
            for mark, is_doubtful in flat_notes.sought(content, run, known, after, within):
                made = of_flat(mark)
                yield replace(made, style="sought") if is_doubtful and made.style == "flat" else made
            after, run = last, []
        if note and number:
            last = note.start
            run.append((ends[bisect(breaks, last) - 1] if breaks else last, number))


def out_of_order(
    content: str, marks: Sequence[MarkFound], notes: Sequence[Note], within: Spans, breaks: Sequence[int]
) -> Iterator[MarkFound]:
    """Flat marks that a page's columns in the wrong order keep from rising: of notes that lack one.

    The only number that may be such a mark on the page of the mark before or after it, in a text of flat marks.
    """
    known = {n: at for at, n in numbered(marks, ("flat",))}
    if len(known) < _MANY or len(known) * 2 < len(marks):
        return
    lacking = {n for note in notes if (n := number_of(note.sign))} - {n for _, n in numbered(marks, _COUNTED)}
    for number in sorted(lacking):
        pages = {bisect(breaks, known[n]) for n in (number - 1, number + 1) if n in known}
        free = [
            mark
            for page in pages
            for mark in possible_marks.possible(content, *_of_page(content, breaks, page))
            if mark.number == number and mark.weight >= possible_marks.SURE and not within.holds(mark.start)
        ]
        if len(free) == 1:
            yield of_flat(free[0])


def _of_page(content: str, breaks: Sequence[int], page: int) -> tuple[int, int]:
    return breaks[page - 1] if page else 0, breaks[page] if page < len(breaks) else len(content)


def garbled(
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
