"""Verification of passages: each is looked for in the reader's copy of its document, and gets a grade.

A passage is identified by its position and its digests alone. It is searched for by its letters and judged by its
letters, digits, signs and units: `docs/decisions/0010-verification.md`.
"""

from __future__ import annotations

import textwrap
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import polars as pl

from openproposals.factcheck import altered
from openproposals.factcheck.boundaries import cuts_word, loses_sign
from openproposals.factcheck.documents import Text, page
from openproposals.factcheck.indexed import IndexedText
from openproposals.factcheck.judging import Sought, Standing, joined, past, stands
from openproposals.factcheck.marks import Mark
from openproposals.factcheck.normal import SUPERSCRIPTS, Digest, Forms, Span, digest, faithful, without
from openproposals.factcheck.search import Wanted
from openproposals.model import languages
from openproposals.model.codes import STANDS
from openproposals.model.numbers import decimal_mark
from openproposals.model.tables import Frames

PassageGrade = Literal["figure-altered", "not-found", "document-missing", "moved", "reworded-form", "found", "in-place"]
GRADES: tuple[PassageGrade, ...] = get_args(PassageGrade)  # in order of concern
_BEST = ("in-place", "found", "reworded-form", "figure-altered")
_JUDGED = 1_000  # places of the same letters that are judged, at most, the likeliest first
_BETWEEN = 160  # characters shown of what interrupts a passage
_OPENINGS = 20  # places of a passage's first letters at which an interruption is looked for


@dataclass(frozen=True)
class Passage:
    """A passage: its place in its pinned text, what is sought, its figures."""

    id: str
    text: str
    start: int
    end: int
    sought: Sought
    figures: tuple[altered.Figure, ...] = ()
    pinned: str = ""  # SHA-256 of the text in which it was anchored

    @property
    def marks(self) -> list[Span]:
        """The spans of its note marks in the pinned text."""
        return [(self.start + mark.at, self.start + mark.at + mark.length) for mark in self.sought.marks]


@dataclass(frozen=True)
class Graded:
    """A passage's grade, and where it was found.

    `text` is the id of the pinned text, `document` the name of the document searched ("" if there is none). `start` and
    `end` are positions in the document; `page` and `last_page` count from 1, where the document has pages; `heading` is
    the printed heading above, `larger_line` the line in larger or bolder type above where none is marked as a heading;
    `spans` has one span, or several where something else stands between. They are None, or "", where the passage was
    not found. `forms` names in what it differs from the pinned words (`judging.FORMS`). For
    the grade figure-altered, `figure`, `printed` and `found` are the figure's id, its print and what stands there
    instead; the figure is "" where what differs is not recorded as one.
    """

    id: str
    text: str
    grade: PassageGrade
    document: str = ""
    start: int | None = None
    end: int | None = None
    page: int | None = None
    last_page: int | None = None
    heading: str = ""
    larger_line: str = ""
    forms: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    figure: str = ""
    printed: str = ""
    found: str = ""

    @property
    def stands(self) -> bool:
        """Whether the passage was found in the document, in its place or elsewhere."""
        return self.grade in STANDS


def passages(tables: Frames) -> list[Passage]:
    """The passages of a corpus with their figures and markers, in the order of their table."""
    prints = {row["id"]: row for row in tables["figures"].iter_rows(named=True)}
    openings = {row["id"]: _digest(row, "bare") for row in tables["passages"].iter_rows(named=True)}
    figured: dict[str, list[altered.Figure]] = {}
    for row in tables["figure-passages"].iter_rows(named=True):
        figure = prints.get(row["figure"], {})
        printed = languages.first(figure, "as_printed") or figure.get("value") or ""
        framed = altered.framed(openings[row["passage"]], _digest(row, "before"), _digest(row, "after"))
        figured.setdefault(row["passage"], []).append(altered.Figure(row["figure"], printed, *framed))
    signs = _signs(tables)
    pinned = dict(tables["texts"].select("id", "sha256").iter_rows())
    decimals = decimal_marks(tables)
    return [
        Passage(
            row["id"], row["text"], int(row["start"]), int(row["end"]),
            Sought(
                Forms(
                    _digest(row, "faithful"), _digest(row, "kept"), _digest(row, "bare"), row["accented_sha256"] or ""
                ),
                _within(signs.get(row["text"], []), int(row["start"]), int(row["end"])),
                int(row["end"]) - int(row["start"]),
                decimals.get(row["text"], ""),
            ),
            tuple(figured.get(row["id"], ())), pinned.get(row["text"], ""),
        )
        for row in tables["passages"].iter_rows(named=True)
    ]  # fmt: skip


def decimal_marks(tables: Frames) -> dict[str, str]:
    """By text, the decimal mark of its document's language; "" where it is not known."""
    languages = dict(tables["documents"].select("id", "language").iter_rows())
    rows = tables["texts"].select("id", "document").iter_rows()
    return {text: decimal_mark(languages.get(document) or "") for text, document in rows}


def marker_spans(tables: Frames) -> dict[str, list[Span]]:
    """By text, the spans of the recorded note marks, in order."""
    return {text: [(start, end) for start, end, _ in signs] for text, signs in _signs(tables).items()}


def _signs(tables: Frames) -> dict[str, list[tuple[int, int, str]]]:
    """By text, the recorded note marks in order: start, end and sign as printed."""
    places = [pl.col("start").cast(pl.Int64), pl.col("end").cast(pl.Int64)]
    signs: dict[str, list[tuple[int, int, str]]] = {}
    for text, start, end, sign in tables["markers"].select("text", *places, "as_printed").sort("start").iter_rows():
        signs.setdefault(text, []).append((start, end, sign))
    return signs


def _within(signs: Sequence[tuple[int, int, str]], start: int, end: int) -> tuple[Mark, ...]:
    low, high = bisect_left(signs, (start,)), bisect_right(signs, (end, 1 << 60))
    return tuple(Mark(sign, first - start, last - first) for first, last, sign in signs[low:high])


def _digest(row: Mapping[str, Any], stem: str) -> Digest:
    return Digest(int(row[f"{stem}_length"]), row[f"{stem}_sha256"], row.get(f"{stem}_opening") or "")


def found_words(graded: Graded, texts: Mapping[str, Text]) -> str:
    """The words of a passage as they were found in its document, on one line; what interrupts them in brackets."""
    said, at = "", None
    for start, end in graded.spans:
        content = texts[graded.text].content
        between = "" if at is None else textwrap.shorten(content[at:start], _BETWEEN, placeholder=" …")
        said += f" [… {between} …] " if between else " " if at is not None else ""
        said += " ".join(content[start:end].split())
        at = end
    return said


def grade(wanted: Sequence[Passage], texts: Mapping[str, Text]) -> list[Graded]:
    """Grade each passage, in the order given; `texts` maps the id of a pinned text to the document to search."""
    indexed = {id(text): IndexedText(text) for text in texts.values()}
    return grade_indexed(wanted, {name: indexed[id(text)] for name, text in texts.items()})


def grade_indexed(wanted: Sequence[Passage], texts: Mapping[str, IndexedText]) -> list[Graded]:
    """Grade each passage, as `grade`, in texts that others search too."""
    graded: dict[str, Graded] = {}
    for name in dict.fromkeys(passage.text for passage in wanted):
        here = [passage for passage in wanted if passage.text == name]
        if name in texts:
            graded |= _in(texts[name], here)
        else:
            graded |= {p.id: Graded(p.id, p.text, "document-missing") for p in here}
    return [graded[passage.id] for passage in wanted]


def _in(indexed: IndexedText, wanted: Sequence[Passage]) -> dict[str, Graded]:
    """Grade passages in one text: in place, then anywhere, then across interruptions, and by the frames of figures."""
    text = indexed.text
    graded = {p.id: _at(text, p, _same(text, p), Standing(((p.start, p.end),))) for p in wanted if _is_there(text, p)}
    for search in (_anywhere, _past_heads, _in_halves, _framed):
        missing = [p for p in wanted if p.id not in graded or graded[p.id].grade == "figure-altered"]
        if not missing:
            break
        for found in search(indexed, missing):
            if found.id not in graded or found.stands:
                graded[found.id] = found
    graded |= {p.id: Graded(p.id, p.text, "not-found", text.name) for p in wanted if p.id not in graded}
    return graded | {each.id: each for each in _moved(wanted, graded)}


def _at(text: Text, passage: Passage, grade: PassageGrade, where: Standing) -> Graded:
    start, end = where.span
    pages = page(text, start), page(text, max(start, end - 1))
    above = text.heading(start), text.larger_line(start)
    return Graded(passage.id, passage.text, grade, text.name, start, end, *pages, *above, where.forms, where.spans)


def _standing(text: Text, passage: Passage, where: Standing) -> Graded:
    """The grade of words that are the passage's: in place where only a page's end interrupts them there."""
    is_pinned = text.sha256 == passage.pinned and where.span == (passage.start, passage.end)
    if is_pinned and set(where.forms) <= {"interrupted"}:
        return _at(text, passage, "in-place", where)
    return _at(text, passage, "reworded-form" if where.forms else "found", where)


def _same(text: Text, passage: Passage) -> PassageGrade:
    """The grade of words that stand at their position: only in the pinned text is that their place."""
    return "in-place" if text.sha256 == passage.pinned else "found"


def _is_there(text: Text, passage: Passage) -> bool:
    """Whether the words stand at their position; in another text than the pinned one, they must not cut a word."""
    span = (passage.start, passage.end)
    cut = cuts_word(text.content, *span, passage.sought.signs) or loses_sign(text.content, *span)
    if cut and text.sha256 != passage.pinned:
        return False
    printed = _printed(text, passage)
    if printed is None:
        return False
    for content in dict.fromkeys((text.content, text.read)):
        said = without(content, span, printed)
        if said and digest(faithful(said)) == passage.sought.forms.faithful:
            return True
    return False


def _printed(text: Text, passage: Passage) -> list[Span] | None:
    """The spans of its recorded note marks; None where they are not all raised, in another text than the pinned one."""
    inside = [mark for mark in passage.marks if mark[0] < passage.end]
    if text.sha256 != passage.pinned and any(set(text.content[slice(*mark)]) - {*SUPERSCRIPTS, "*"} for mark in inside):
        return None
    return inside


def _wanted(missing: Sequence[Passage]) -> dict[str, Wanted]:
    return {p.id: Wanted(p.sought.forms.bare, p.start) for p in missing}


def _anywhere(indexed: IndexedText, missing: Sequence[Passage]) -> Iterator[Graded]:
    yield from _judged(indexed, missing, past_heads=False)


def _past_heads(indexed: IndexedText, missing: Sequence[Passage]) -> Iterator[Graded]:
    if indexed.text.heads:
        yield from _judged(indexed, missing, past_heads=True)


def _judged(indexed: IndexedText, missing: Sequence[Passage], *, past_heads: bool) -> Iterator[Graded]:
    text = indexed.text
    where = indexed.headless if past_heads else indexed.index
    hits = indexed.find(_wanted(missing), past_heads=past_heads).hits
    for passage in missing:
        best: Graded | None = None
        for offset in hits.get(passage.id, ())[:_JUDGED]:
            core = where.span(offset, passage.sought.forms.bare.length)
            found = stands(where.text, core, passage.sought)
            other = None if found or best else altered.digits(where, offset, passage.sought, passage.figures)
            if found:
                verdict = _standing(text, passage, past(found, where.text, text.heads) if past_heads else found)
            elif other:
                figure, printed, shown = other.said
                verdict = _at(text, passage, "figure-altered", Standing((other.span,)))
                verdict = replace(verdict, figure=figure, printed=printed, found=shown)
            else:
                continue
            if best is None or _BEST.index(verdict.grade) < _BEST.index(best.grade):
                best = verdict
            if best.grade in ("found", "in-place"):
                break
        if best:
            yield best


def _in_halves(indexed: IndexedText, missing: Sequence[Passage]) -> Iterator[Graded]:
    """Passages in two halves, with the head or foot of a page, or a footnote, between them."""
    for past_heads in (False, True) if indexed.text.heads else (False,):
        openings = indexed.find(_wanted(missing), past_heads=past_heads).openings
        lines = indexed.lines(past_heads=past_heads)
        for passage in missing:
            for offset in openings.get(passage.id, ())[:_OPENINGS]:
                halves = lines.halves(offset, passage.sought.forms.bare)
                found = next(filter(None, (joined(lines.where.text, *both, passage.sought) for both in halves)), None)
                if found:
                    yield _standing(indexed.text, passage, found)
                    break


def _framed(indexed: IndexedText, missing: Sequence[Passage]) -> Iterator[Graded]:
    """The passages of which the words before and after a figure were found, with something else between them."""
    framed = {(p.id, f.id): (p, f) for p in missing for f in p.figures}
    for key, (span, printed, found) in altered.framing(indexed, {k: (p.start, f) for k, (p, f) in framed.items()}):
        passage = framed[key][0]
        graded = _at(indexed.text, passage, "figure-altered", Standing((span,)))
        yield replace(graded, figure=key[1], printed=printed, found=found)


def _moved(wanted: Sequence[Passage], graded: Mapping[str, Graded]) -> Iterator[Graded]:
    """The passages found in another order than in the pinned text: the fewest, so that the others keep theirs."""
    placed = sorted((p.start, graded[p.id].start or 0, p.id) for p in wanted if graded[p.id].grade == "found")
    ends: list[int] = []  # the smallest last position of an ordered run, by its length
    last: list[int] = []
    before: dict[int, int] = {}
    for number, (_, start, _) in enumerate(placed):
        length = bisect_right(ends, start)
        if length == len(ends):
            ends.append(start)
            last.append(number)
        else:
            ends[length], last[length] = start, number
        before[number] = last[length - 1] if length else -1
    in_order, at = set(), last[-1] if last else -1
    while at >= 0:
        in_order.add(at)
        at = before[at]
    for number, (_, _, name) in enumerate(placed):
        if number not in in_order:
            yield replace(graded[name], grade="moved")
