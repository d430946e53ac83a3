"""Verification of passages: each is looked for in the reader's copy of its document, and gets a grade.

A passage is identified by its position and its digests alone. One that is found only by its skeleton must also have the
same figures, and every digit that the skeleton drops as a note marker must be a recorded marker:
`docs/decisions/0010-verification.md`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal, get_args

import polars as pl

from openproposals.factcheck import figures
from openproposals.factcheck.boundaries import cuts_word
from openproposals.factcheck.documents import Text, page
from openproposals.factcheck.normal import Digest, digest, faithful, flattened, skeleton
from openproposals.factcheck.search import Index, Span, Wanted, find, index
from openproposals.model import languages
from openproposals.model.codes import STANDS
from openproposals.model.tables import Frames

PassageGrade = Literal["in-place", "moved", "reworded-form", "figure-altered", "not-found", "document-missing"]
GRADES: tuple[PassageGrade, ...] = get_args(PassageGrade)
_EDGE = 12  # at most this many characters of punctuation and spaces beside a passage may belong to it
_FIGURE = 60  # skeleton characters of a figure, at most
_SENTENCE_END = re.compile(r"[.!?…]\s|\n\s*\n")
_BREAK = re.compile(r"(?<=\w)-[^\S\n]*\n\s*(?=\w)")
_LOOSE = 3  # the length of punctuation in the faithful form is estimated to within this many characters
_MENDS = 6  # line-end hyphens, and digits, of which each is tried both kept and removed


@dataclass(frozen=True)
class Figure:
    """A figure within a passage: as printed, its QUDT unit, and the skeletons of the words before and after it."""

    id: str
    printed: str
    unit: str
    before: Digest
    after: Digest


@dataclass(frozen=True)
class Passage:
    """A passage: its place in its pinned text, its digests, its figures, its note markers (as printed)."""

    id: str
    text: str
    start: int
    end: int
    faithful: Digest
    skeleton: Digest
    figures: tuple[Figure, ...] = ()
    markers: tuple[str, ...] = ()
    pinned: str = ""  # SHA-256 of the text in which it was anchored


@dataclass(frozen=True)
class Graded:
    """A passage's grade, and where it was found.

    `text` is the id of the pinned text, `document` the name of the document searched ("" if there is none). `start` and
    `end` are positions in the document and `page` counts from 1; they are None where the passage was not found. For the
    grade figure-altered, `figure`, `printed` and `found` are the figure's id, its print and what stands there instead.
    """

    id: str
    text: str
    grade: PassageGrade
    document: str = ""
    start: int | None = None
    end: int | None = None
    page: int | None = None
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
    figured: dict[str, list[Figure]] = {}
    for row in tables["figure-passages"].iter_rows(named=True):
        figure = prints.get(row["figure"], {})
        printed = languages.first(figure, "as_printed") or figure.get("value") or ""
        frame = (_digest(row, "before"), _digest(row, "after"))
        figured.setdefault(row["passage"], []).append(Figure(row["figure"], printed, figure.get("unit") or "", *frame))
    markers = tables["markers"].select("text", pl.col("start").cast(pl.Int64), "as_printed").sort("start")
    signs: dict[str, list[tuple[int, str]]] = {}
    for text, start, sign in markers.iter_rows():
        signs.setdefault(text, []).append((start, sign))
    pinned = dict(tables["texts"].select("id", "sha256").iter_rows())
    return [
        Passage(
            row["id"], row["text"], int(row["start"]), int(row["end"]), _digest(row, "faithful"),
            _digest(row, "skeleton"), tuple(figured.get(row["id"], ())),
            tuple(s for at, s in signs.get(row["text"], ()) if int(row["start"]) <= at <= int(row["end"])),
            pinned.get(row["text"], ""),
        )
        for row in tables["passages"].iter_rows(named=True)
    ]  # fmt: skip


def _digest(row: Mapping[str, Any], stem: str) -> Digest:
    return Digest(int(row[f"{stem}_length"]), row[f"{stem}_sha256"])


def found_words(graded: Graded, texts: Mapping[str, Text]) -> str:
    """The words of a passage as they were found in its document; "" where it was not found."""
    if graded.start is None:
        return ""
    return texts[graded.text].content[graded.start : graded.end]


def grade(wanted: Sequence[Passage], texts: Mapping[str, Text]) -> list[Graded]:
    """Grade each passage, in the order given; `texts` maps the id of a pinned text to the document to search."""
    graded: dict[str, Graded] = {}
    for name in dict.fromkeys(passage.text for passage in wanted):
        here = [passage for passage in wanted if passage.text == name]
        if name in texts:
            graded |= _in(texts[name], here)
        else:
            graded |= {p.id: Graded(p.id, p.text, "document-missing") for p in here}
    return [graded[passage.id] for passage in wanted]


def _in(text: Text, wanted: Sequence[Passage]) -> dict[str, Graded]:
    """Grade passages in one text: in place, then anywhere, then across running heads, and by the frames of figures."""
    graded = {p.id: _at(text, p, "in-place", (p.start, p.end)) for p in wanted if _in_place(text, p)}
    missing = [p for p in wanted if p.id not in graded]
    for skipped in (text.skipped, tuple(sorted({*text.skipped, *text.heads}))):
        if not missing or (skipped == text.skipped and skipped is not text.skipped):
            continue
        where = index(text.content, skipped)
        hits = find(where, {p.id: Wanted(p.skeleton, p.start) for p in missing})
        for passage in missing:
            best = _best(_judge(text, where, passage, offset) for offset in hits.get(passage.id, ()))
            if best:
                graded[passage.id] = best
        missing = [p for p in missing if p.id not in graded]
        graded |= _altered(text, where, [p for p in missing if p.figures])
        missing = [p for p in missing if p.id not in graded]
    return graded | {p.id: Graded(p.id, p.text, "not-found", text.name) for p in missing}


def _best(verdicts: Iterable[Graded | None]) -> Graded | None:
    """The first of the best grade; none is looked for beyond words that only moved, which nothing betters."""
    best: Graded | None = None
    for verdict in filter(None, verdicts):
        if best is None or GRADES.index(verdict.grade) < GRADES.index(best.grade):
            best = verdict
        if best.grade == "moved":
            break
    return best


def _at(text: Text, passage: Passage, found: PassageGrade, span: Span) -> Graded:
    return Graded(passage.id, passage.text, found, text.name, *span, page(text, span[0]))


def _in_place(text: Text, passage: Passage) -> bool:
    """Whether the words stand at their position; in another text than the pinned one, they must not cut a word."""
    span = (passage.start, passage.end)
    if digest(faithful(text.content[slice(*span)])) != passage.faithful:
        return False
    return text.sha256 == passage.pinned or not cuts_word(text.content, *span)


def _judge(text: Text, where: Index, passage: Passage, offset: int) -> Graded | None:
    """The grade of a window with the passage's skeleton, None where it is not the passage."""
    span = where.span(offset, passage.skeleton.length)
    if cuts_word(where.text, *span):
        return None
    whole = _whole(where, passage, span)
    if whole:
        same = digest(faithful(text.content[slice(*whole)])) == passage.faithful
        return _at(text, passage, "moved" if same else "reworded-form", whole)
    for figure in passage.figures:
        start, length = offset + figure.before.length, passage.skeleton.length - figure.before.length
        length -= figure.after.length
        place = where.span(start, length) if length > 0 else span
        if length > 0 and figure.printed and not figures.agree(figure.printed, where.text, *place, figure.unit):
            shown = where.text[place[0] - (where.text[place[0] - 1 : place[0]] in "+-−") : place[1] + 2]
            altered = _at(text, passage, "figure-altered", span)
            return replace(altered, figure=figure.id, printed=figure.printed, found=" ".join(shown.split()))
    if _accounted(where, passage, span):
        return _at(text, passage, "reworded-form", span)
    return None


def _whole(where: Index, passage: Passage, span: Span) -> Span | None:
    """The span, extended by punctuation, whose faithful digest is the passage's; of the pinned length if possible."""
    return next(
        (edges for edges in _edges(where, span, passage, where.text[slice(*span)])
         if digest(faithful(where.text[slice(*edges)])) == passage.faithful), None)  # fmt: skip


def _edges(where: Index, span: Span, passage: Passage, words: str) -> list[Span]:
    """The span extended by the punctuation that `words` lacks to have the passage's length, the likeliest first."""
    start, end = span
    lacking = passage.faithful.length - len(faithful(words))
    if not 0 <= lacking <= 2 * _EDGE:
        return []
    lefts = range(start, max(where.reach(start, before=True), start - _EDGE) - 1, -1)
    rights = range(end, min(where.reach(end, before=False), end + _EDGE) + 1)
    before = {left: _solid(where.text[left:start]) for left in lefts}
    after = {right: _solid(where.text[end:right]) for right in rights}
    spans = [
        (left, right) for left, right in product(lefts, rights) if abs(before[left] + after[right] - lacking) <= _LOOSE
    ]
    length = passage.end - passage.start
    return sorted(spans, key=lambda s: (s[1] - s[0] != length, s[1] - s[0], s))


def _solid(signs: str) -> int:
    """The length of punctuation in the faithful form, which drops some of it."""
    return len(faithful(signs))


def _accounted(where: Index, passage: Passage, span: Span) -> bool:
    """Whether each digit that the skeleton dropped is a recorded marker, or its removal gives the faithful digest.

    Otherwise it might be another figure: G7 and G20 have the same skeleton.
    """
    words = where.text[slice(*span)]
    unknown = list((Counter(flattened(words)) - Counter(passage.markers)).elements())
    return not unknown or any(
        digest(faithful(where.text[left : span[0]] + mended + where.text[span[1] : right])) == passage.faithful
        for mended in _mended(words, unknown)
        for left, right in _edges(where, span, passage, mended)
    )


def _mended(words: str, unknown: Sequence[str]) -> Iterator[str]:
    """The words with each of these digits removed or kept, and each line-end hyphen removed or kept."""
    for dropped in product((True, False), repeat=min(len(unknown), _MENDS)):
        kept = words
        for sign in (sign for sign, drop in zip(unknown, dropped, strict=False) if drop):
            kept = re.sub(rf"(?<=[^\W\d_]){sign}(?![0-9])", "", kept, count=1)
        pieces = _BREAK.split(kept)
        for joints in product(("", "-"), repeat=min(len(pieces) - 1, _MENDS)):
            known = [*joints, *[""] * (len(pieces) - 1 - len(joints))]
            yield pieces[0] + "".join(joint + piece for joint, piece in zip(known, pieces[1:], strict=True))


def _altered(text: Text, where: Index, wanted: Sequence[Passage]) -> dict[str, Graded]:
    """The passages of which the words before and after a figure were found, with something else between them."""
    framed = {f"{p.id}\n{f.id}": (p, f) for p in wanted for f in p.figures}
    longer = {key: max(f.before, f.after, key=lambda d: d.length) for key, (_, f) in framed.items()}
    hits = find(where, {k: Wanted(longer[k], p.start) for k, (p, _) in framed.items() if longer[k].length})
    graded: dict[str, Graded] = {}
    for key, offsets in hits.items():
        passage, figure = framed[key]
        for offset in offsets if passage.id not in graded else ():
            inner = _between(where, figure, offset, is_before=longer[key] is figure.before)
            found = _another(where, figure, inner) if inner else ""
            if inner and found:
                begin, end = inner[0] - figure.before.length, inner[1] + figure.after.length
                altered = _at(text, passage, "figure-altered", where.span(begin, end - begin))
                graded[passage.id] = replace(altered, figure=figure.id, printed=figure.printed, found=found)
                break
    return graded


def _another(where: Index, figure: Figure, inner: Span) -> str:
    """The words between a figure's frames, if they are another figure; "" where the figure itself is among them.

    Where one frame is empty, the words must belong to the same sentence as the other frame.
    """
    if inner[0] >= inner[1]:
        return ""
    start, end = where.span(inner[0], inner[1] - inner[0])
    found = " ".join(where.text[start:end].split())
    printed = figures.canonical(figure.printed).split()
    stands = (
        set(printed) <= set(figures.canonical(found).split())
        if printed
        else skeleton(figure.printed) in skeleton(found)
    )
    if figure.printed and stands:
        return ""
    around = where.text[start : where.reach(end, before=False)] if not figure.before.length else found
    around = where.text[where.reach(start, before=True) : end] if not figure.after.length else around
    return "" if _SENTENCE_END.search(around) else found


def _between(where: Index, figure: Figure, offset: int, *, is_before: bool) -> Span | None:
    """The window (start, end) between a figure's frames, one of which is at `offset`; None if the other is not near."""
    if is_before:
        start = offset + figure.before.length
        if not figure.after.length:
            return start, where.digits(start, after=True)
        ends = range(start + 1, min(start + _FIGURE, len(where.skeleton) - figure.after.length) + 1)
        return next(((start, e) for e in ends if _is(where, e, figure.after)), None)
    if not figure.before.length:
        return where.digits(offset, after=False), offset
    starts = range(offset - 1, max(offset - _FIGURE, figure.before.length) - 1, -1)
    return next(((s, offset) for s in starts if _is(where, s - figure.before.length, figure.before)), None)


def _is(where: Index, offset: int, wanted: Digest) -> bool:
    return digest(where.skeleton[offset : offset + wanted.length].decode()) == wanted
