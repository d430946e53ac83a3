"""Everything of a text that an editor has to decide about, in reading order, and what the rules dismiss.

A candidate is offered with what shows it and how likely it is. It is never published as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from openproposals.factcheck.documents import Text, page
from openproposals.factcheck.normal import Span
from openproposals.reading import (
    blanked,
    headings,
    in_notes,
    layout,
    ledger,
    marking,
    pairing,
    running_heads,
    whole_words,
    works,
)
from openproposals.reading.figures import FigureFound, figures
from openproposals.reading.no_figures import Dismissal
from openproposals.reading.numerals import numerals
from openproposals.reading.pairing import Numbering, Paired
from openproposals.reading.rules import Rules, rules

CandidateKind = Literal["heading", "proposal", "figure", "mark", "note", "source", "page"]
_LETTER = {"heading": "h", "proposal": "p", "figure": "f", "mark": "m", "note": "n", "source": "s", "page": "e"}
_ORDER: tuple[CandidateKind, ...] = ("page", "heading", "proposal", "note", "source", "figure", "mark")
_FILLED = re.compile(r"\u00ad+(?=[\n\r\u2028])")  # at the end of a line: a soft hyphen, or for markup
_TITLE_MOST = 200  # characters of a title in a cell


@dataclass(frozen=True)
class Candidate:
    """What an editor may keep or drop: a span of a text, its kind, and what shows it.

    `rule` is a key of `offered` in words/<language>/reading/reasons.toml, `faults` of `faults` there. `sentence` is
    the sentence round a figure or a mark. `parent` is the id of the heading or proposal that it stands under, `pair`
    the ids of the notes of a mark, the marks of a figure, the note of a source. `cells` are further facts, by the names
    of the workbook's columns.
    """

    id: str
    kind: CandidateKind
    text: str
    start: int
    end: int
    page: int | None
    words: str
    rule: str
    confidence: float
    sentence: Span | None = None
    parent: str = ""
    pair: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TextRead:
    """A text read: its candidates in order, what the rules dismissed, and the faults of its notes' numbering."""

    candidates: Sequence[Candidate]
    dismissed: Sequence[Dismissal]
    faults: Sequence[Numbering]


def read(text: Text, name: str, language: str) -> TextRead:
    """Read a text by the rules of a language; `name` is the text's id."""
    how, content = rules(language), text.content
    markup = list(_markup(text))
    bare = blanked.blank(content, [(each.start, each.end) for each in markup])
    found = layout.lines(bare)
    marked_at = [position for position, _ in text.headings]
    parts = layout.blocks(found, marked_at)
    heads = running_heads.running(text, found)
    marks, noted = marking.marked(bare, found, parts, text.pages, heads, how)
    spelling = marking.of_spelling(bare, marks, noted)
    pair = pairing.paired([m for m in marks if m not in spelling], noted, text.pages)
    notes = [(n.start, n.end) for n in pair.notes]
    words = blanked.with_named_notes(text)
    ends = (m.span() for m in _FILLED.finditer(words) if "\u00ad" not in content[slice(*m.span())])
    plain = blanked.blank(words, sorted([*heads, *ends, *((m.start, m.end) for m in pair.marks)]))
    whole = whole_words.joined(plain, how)
    numbered, out = numerals(whole.read, how)
    shown, articles = figures(whole.read, numbered, how)
    within, above = layout.Spans(notes), layout.Spans(heads)
    signs = layout.Spans([(n.start, n.body) for n in pair.notes])
    shown = [
        replace(f, start=start, end=end)
        for f in shown
        for start, end in [whole.span(f.start, f.end)]
        if not above.holds(start)
        and not signs.holds(start)
        and (not within.holds(start) or in_notes.is_stated(whole.read, f, how))
    ]
    none = [Dismissal(*whole.span(d.start, d.end), d.reason) for d in (*out, *articles)]
    titles, proposals = headings.headed(bare, parts, text.headings, dict(text.levels), [*heads, *notes], how)
    titles = [h for h in titles if not any(f.start <= h.start and h.end <= f.end for f in shown)]
    sentences = layout.Sentences(content, parts, how.abbreviations)
    made = [
        *_of_headings(text, titles, proposals),
        *_of_notes(text, pair, how),
        *_of_marks(text, pair, sentences),
        *_of_figures(text, shown, sentences, pair),
        *(_candidate(text, "page", span, "page-empty", 1.0) for span in ledger.empty_pages(content, text.pages)),
    ]
    ordered = sorted(made, key=lambda c: (c.start, _ORDER.index(c.kind), c.end))
    raised = (Dismissal(*span, "unit") for span in marking.measures(content))
    starred = (Dismissal(m.start, m.end, "name") for m in spelling)
    dismissed = sorted(chain(none, _heads(heads, content), raised, starred, markup), key=lambda d: (d.start, d.end))
    return TextRead(_named(ordered, name), dismissed, pair.faults)


def _heads(heads: Sequence[Span], content: str) -> Iterator[Dismissal]:
    """The digits of running heads and page numbers, which are read as nothing."""
    for start, end in heads:
        yield from (Dismissal(*m.span(), "page") for m in re.compile(r"\d+").finditer(content, start, end))


def _markup(text: Text) -> Iterator[Dismissal]:
    """What is not read of Markdown: where links lead, tags, what is struck out; marks are."""
    for start, end, said in text.fills:
        within = text.content[start:end]
        if not said.strip() and re.search(r"\w", within) and not within.startswith("[^"):
            yield Dismissal(start, end, "markup")


def _candidate(text: Text, kind: CandidateKind, span: Span, rule: str, confidence: float) -> Candidate:
    return Candidate("", kind, "", *span, page(text, span[0]), text.content[slice(*span)], rule, confidence)


def _of_headings(
    text: Text, titles: Sequence[headings.Heading], proposals: Sequence[headings.Proposed]
) -> Iterator[Candidate]:
    for each in titles:
        made = _candidate(text, "heading", (each.start, each.end), each.rule, each.confidence)
        yield replace(made, cells={"number": each.number, "level": str(each.level)})
    for one in proposals:
        yield _candidate(text, "proposal", (one.start, one.end), one.rule, one.confidence)


def _of_notes(text: Text, pair: Paired, how: Rules) -> Iterator[Candidate]:
    faults = _by_place(pair.faults)
    for note in pair.notes:
        made = _candidate(
            text, "note", (note.start, note.end), f"note-{note.style}", 0.95 if note.style != "flat" else 0.8
        )
        cells = {"sign": note.sign, "expected": note.expected}
        yield replace(made, faults=faults.get(note.start, ()), cells=cells)
        cited = works.work(text.content[note.body : note.end], how)
        span = layout.plain_span(text.content, (note.body, note.end))
        if span[0] < span[1] and (cited.title or cited.publisher or cited.url):
            told = {
                "title": cited.title[:_TITLE_MOST],
                "publisher": cited.publisher,
                "issued": cited.issued,
                "url": cited.url,
            }
            known = 0.8 if cited.title and cited.issued else 0.5
            yield replace(_candidate(text, "source", span, "cited", known), pair=(str(note.start),), cells=told)


def _of_marks(text: Text, pair: Paired, sentences: layout.Sentences) -> Iterator[Candidate]:
    faults = _by_place(pair.faults)
    for mark in pair.marks:
        sure = {"sought": 0.5, "garbled": 0.6, "flat": 0.7}.get(mark.style, 0.95)
        made = _candidate(text, "mark", (mark.start, mark.end), f"mark-{mark.style}", sure)
        possible = pair.possible.get(mark.start)
        cells = {"sign": mark.sign, "expected": mark.expected, "possible": "" if possible is None else str(possible)}
        notes = tuple(map(str, pair.notes_of.get(mark.start, ())))
        sentence = sentences.around(mark.start - 1)
        yield replace(made, faults=faults.get(mark.start, ()), pair=notes, sentence=sentence, cells=cells)


def _by_place(faults: Sequence[Numbering]) -> dict[int, tuple[str, ...]]:
    made: dict[int, tuple[str, ...]] = {}
    for fault in faults:
        made[fault.position] = (*made.get(fault.position, ()), fault.kind)
    return made


def _of_figures(
    text: Text, shown: Sequence[FigureFound], sentences: layout.Sentences, pair: Paired
) -> Iterator[Candidate]:
    starts = [m.start for m in pair.marks]
    for each in shown:
        sentence = sentences.around(each.start)
        made = _candidate(text, "figure", (each.start, each.end), each.rule, each.confidence)
        cells = {
            name: getattr(each, name)
            for name in ("value", "minimum", "maximum", "numerator", "denominator", "unit", "qualifier")
        }
        yield replace(made, sentence=sentence, pair=_marks_of(each, sentence, starts), cells=cells)


def _marks_of(figure: FigureFound, sentence: Span | None, marks: Sequence[int]) -> tuple[str, ...]:
    """The mark that a figure's sentence has after it, else the last one before it."""
    if sentence is None:
        return ()
    inside = [at for at in marks if sentence[0] <= at <= sentence[1] + 3]
    after = [at for at in inside if at >= figure.end]
    return (str(after[0]),) if after else (str(inside[-1]),) if inside else ()


def _named(ordered: Sequence[Candidate], name: str) -> list[Candidate]:
    """The candidates with their ids, counted by kind, and with the ids that they refer to."""
    counts = dict.fromkeys(_LETTER, 0)
    made: list[Candidate] = []
    parent = ""
    for each in ordered:
        counts[each.kind] += 1
        key = f"{_LETTER[each.kind]}{counts[each.kind]}"
        made.append(replace(each, id=key, text=name, parent=parent if each.kind != "heading" else ""))
        if each.kind in ("heading", "proposal"):
            parent = key
    at = {(c.kind, c.start): c.id for c in made}
    led: dict[CandidateKind, CandidateKind] = {"mark": "note", "figure": "mark", "source": "note"}
    finished = []
    for each in made:
        to = led.get(each.kind)
        pair = tuple(at[to, int(p)] for p in each.pair if (to, int(p)) in at) if to else ()
        possible = each.cells.get("possible")
        cells = each.cells | ({"possible": at.get(("note", int(possible)), "")} if possible else {})
        finished.append(replace(each, pair=pair, cells=cells))
    return finished
