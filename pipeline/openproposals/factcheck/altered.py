"""Figures that are not the recorded ones: the words are there, and between them stands something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from openproposals.factcheck.boundaries import within_word
from openproposals.factcheck.indexed import IndexedText
from openproposals.factcheck.judging import Sought
from openproposals.factcheck.normal import OPENING, SUPERSCRIPTS, Digest, Span
from openproposals.factcheck.search import Index, Wanted
from openproposals.model import numbers

FEWEST = 12  # letters round a figure that must be found before it is called altered
_FIGURE = 60  # letters of a figure, at most
_SENTENCE_END = re.compile(r"[.!?…。।]\s|\n\s*\n")
_NUMBER = re.compile(rf"(?:(?<![\w.,])[-+])?[0-9]+(?:[.,/:][0-9]+)*[{SUPERSCRIPTS}]*|[%‰$€£¥₹₽]")


@dataclass(frozen=True)
class Figure:
    """A figure within a passage: its print, and the bare forms of the words before and after it."""

    id: str
    printed: str
    before: Digest
    after: Digest


@dataclass(frozen=True)
class Altered:
    """Letters of a passage round other digits, signs or units.

    Their span; the figure's id, its print, what stands there.
    """

    span: Span
    said: tuple[str, str, str]


def framed(passage: Digest, before: Digest, after: Digest) -> tuple[Digest, Digest]:
    """A figure's frame, with the opening of the words before it, which is the passage's if they are long enough."""
    return replace(before, opening=passage.opening if before.length >= OPENING else ""), after


def digits(where: Index, offset: int, sought: Sought, figures: tuple[Figure, ...]) -> Altered | None:
    """What is altered in letters that are the passage's; None where they are too few to say so."""
    length = sought.forms.bare.length
    if length < FEWEST:
        return None
    span = where.span(offset, length)
    if within_word(where.text, *span):
        return None
    for figure in figures:
        if figure.before.length + figure.after.length > length:
            continue
        start, end = _region(where, offset, length, figure)
        found = where.text[start:end]
        if not _agree(figure.printed, found, sought.decimal):
            if not (_numbers(found, sought.decimal) or (figure.before.length and figure.after.length)):
                return None  # nothing beside the words: they may be another line's
            return Altered(span, (figure.id, figure.printed, _shown(found)))
    return Altered(span, ("", "", ""))


def _region(where: Index, offset: int, length: int, figure: Figure) -> Span:
    """The characters between the words before a figure and those after it."""
    first, last = offset + figure.before.length, offset + length - figure.after.length
    start = int(where.positions[first - 1]) + 1 if first else 0
    end = int(where.positions[last]) if last < len(where.positions) else len(where.text)
    limit = 30  # beside the passage's first or last letter, where no words frame the figure
    if not figure.before.length:
        start = max(start, int(where.positions[offset]) - limit)
        cut = list(_SENTENCE_END.finditer(where.text, start, end))
        start = cut[-1].end() if cut and figure.after.length else start
    if not figure.after.length:
        cut_after = _SENTENCE_END.search(where.text, start, end)
        end = min(cut_after.start() if cut_after else end, int(where.positions[offset + length - 1]) + 1 + limit)
    return start, end


def _agree(printed: str, found: str, decimal: str) -> bool:
    """Whether every number, sign and unit of a print stands in what was found."""
    return set(_numbers(printed, decimal)) <= set(_numbers(found, decimal))


def _numbers(text: str, decimal: str) -> list[str]:
    """The numbers of a text, with their signs, and its units."""
    dashed = re.sub("[\u2010-\u2015\u2212]", "-", numbers.ascii_digits(text).replace("\u2212 ", "-"))
    return _NUMBER.findall(numbers.plain(dashed, decimal))


def _shown(found: str) -> str:
    return " ".join(found.split()).strip(" .,;:!?()[]«»\"'…")[:_FIGURE]


def framing(
    indexed: IndexedText, figures: Mapping[tuple[str, str], tuple[int, Figure]]
) -> Iterator[tuple[tuple[str, str], tuple[Span, str, str]]]:
    """The figures of which the words before and after are found round other words; each passage once.

    figures: by passage and figure, the position (characters) where the passage is expected, and the figure.
    Yields the key with the span of the whole, the print and what stands there.
    """
    longer = {k: max((f.before, f.after), key=lambda d: (bool(d.opening), d.length)) for k, (_, f) in figures.items()}
    wanted = {
        f"{k[0]}\n{k[1]}": Wanted(longer[k], start)
        for k, (start, f) in figures.items()
        if longer[k].opening and f.before.length + f.after.length >= FEWEST
    }
    hits, where = indexed.find(wanted).hits, indexed.index
    done: set[str] = set()
    for key, (_, figure) in figures.items():
        for offset in hits.get(f"{key[0]}\n{key[1]}", ())[:20]:
            inner = _between(where, figure, offset, is_before=longer[key] is figure.before)
            if key[0] in done or inner is None or inner[0] >= inner[1]:
                continue
            start, end = where.span(inner[0], inner[1] - inner[0])
            found = where.text[start:end]
            if _SENTENCE_END.search(found) or inner[1] - inner[0] > _FIGURE:
                continue
            done.add(key[0])
            begin, length = inner[0] - figure.before.length, figure.before.length + figure.after.length
            outer = where.span(begin, inner[1] - inner[0] + length)
            while end < len(where.text) and where.text[end].isalnum():
                end += 1
            around = where.text[int(where.positions[inner[0] - 1]) + 1 if inner[0] else 0 : end]
            yield key, (outer, figure.printed, _shown(around))


def _between(where: Index, figure: Figure, offset: int, *, is_before: bool) -> Span | None:
    """The letters (start, end) between a figure's frames, one of which is at `offset`.

    None if the other is not near.
    """
    if not (figure.before.length and figure.after.length):
        return None
    if is_before:
        start = offset + figure.before.length
        ends = range(start + 1, min(start + _FIGURE, len(where.letters) - figure.after.length) + 1)
        return next(((start, end) for end in ends if _is(where, end, figure.after)), None)
    starts = range(offset - 1, max(offset - _FIGURE, figure.before.length) - 1, -1)
    return next(((s, offset) for s in starts if _is(where, s - figure.before.length, figure.before)), None)


def _is(where: Index, offset: int, wanted: Digest) -> bool:
    return where.sha256(offset, wanted.length).hex() == wanted.sha256
