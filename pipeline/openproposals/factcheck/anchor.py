"""Anchors: the cells that identify words of a document without containing them (position, lengths, digests).

Words that an editor gives are looked for in a document, as passages and quotes are. `anchored` gives the rows to paste
into the tables `passages` and `figure-passages`; filling.py writes them into the empty cells of a corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openproposals.factcheck import placing
from openproposals.factcheck.accents import around
from openproposals.factcheck.documents import Text
from openproposals.factcheck.indexed import IndexedText
from openproposals.factcheck.judging import Standing
from openproposals.factcheck.normal import Span, bare, bare_digest, forms, without
from openproposals.factcheck.private import Words
from openproposals.factcheck.quotes import Match, exact_spans, found_places, nearest
from openproposals.factcheck.trace import Row

ANCHORS = (
    "start", "end", "faithful_length", "faithful_sha256", "kept_length", "kept_sha256", "bare_length", "bare_sha256",
    "bare_opening",
)  # fmt: skip
ACCENTED = "accented_sha256"  # empty where the document has no accents near the passage
FRAMES = ("start", "end", "before_length", "before_sha256", "after_length", "after_sha256", "after_opening")
_CONTEXT = 40  # characters shown on either side of words that stand in several places


@dataclass(frozen=True)
class Anchorage:
    """A document to anchor words in: its recorded note marks, and the decimal mark of its language ("" not known)."""

    indexed: IndexedText
    marks: tuple[Span, ...] = ()
    decimal: str = ""

    @property
    def content(self) -> str:
        """The document's text, as positions count it."""
        return self.indexed.text.content


def anchorage(text: Text, marks: Sequence[Span] = (), decimal: str = "") -> Anchorage:
    """A document to anchor words in; recorded note marks are read as nothing."""
    fills = sorted([*text.fills, *((start, end, "") for start, end in marks)])
    return Anchorage(IndexedText(replace(text, fills=tuple(fills))), tuple(marks), decimal)


@dataclass(frozen=True)
class Anchored:
    """The places where words stand in a document (none, one or several), and the rows to paste for each place.

    `passages` has one row for each place and `contexts` the surrounding text of each, in the same order. `figures`
    has a row for each place of the figure within each passage. `nearest` is given for words that stand nowhere.
    """

    words: Words
    passages: Sequence[Row]
    figures: Sequence[Row]
    contexts: Sequence[str]
    nearest: Match | None = None


def anchored(where: Anchorage, wanted: Sequence[Words], name: str) -> list[Anchored]:
    """The rows of `passages` and `figure-passages` for words, at every place where they stand in a document.

    name: the id of the text that the document is, written into the rows; "" where it is not given.
    """
    found = []
    for words in wanted:
        places = occurrences(words.words, where)
        passages = [{"id": words.id, "text": name, **cells(where, place)} for place in places]
        figures = [
            {"passage": words.id, "text": name, **each}
            for place in places
            for each in (framed(where, place, words.figure) if words.figure else ())
        ]
        alike = None if places else nearest(words.words, where.indexed)
        found.append(Anchored(words, passages, figures, [context(where, place.span) for place in places], alike))
    return found


def occurrences(words: str, where: Anchorage) -> list[Standing]:
    """Every place where words stand character for character; if there is none, where they stand as a passage would."""
    words = words.strip()
    exact = [Standing((span,)) for span in exact_spans(words, where.content)]
    return exact or list({found.span: found for found in found_places(words, where.indexed, where.decimal)}.values())


def said(where: Anchorage, place: Standing) -> str:
    """The words at a place, as they are digested: without recorded note marks and what stands between two halves."""
    return "\n".join(without(_read(where, span), (0, span[1] - span[0]), _inside(where, span)) for span in place.spans)


def _read(where: Anchorage, span: Span) -> str:
    """What is read at a span: the text itself, but for what is no words in Markdown."""
    text = where.indexed.text
    plain = any(start < span[1] and span[0] < end for start, end, _ in text.fills if (start, end) not in where.marks)
    return (text.read if plain else text.content)[slice(*span)]


def _inside(where: Anchorage, span: Span) -> list[Span]:
    return [(max(a, span[0]) - span[0], min(b, span[1]) - span[0]) for a, b in where.marks if span[0] <= a < span[1]]


def cells(where: Anchorage, place: Standing) -> dict[str, str]:
    """The anchor cells of a passage (`ANCHORS`, `ACCENTED`): position, and length and digest of its normal forms."""
    found = forms(said(where, place), where.decimal, around(where.content, place.span))
    made = dict(zip(("start", "end"), map(str, place.span), strict=True))
    for name, form in (("faithful", found.faithful), ("kept", found.kept), ("bare", found.bare)):
        made |= {f"{name}_length": str(form.length), f"{name}_sha256": form.sha256}
    return {**made, "bare_opening": found.bare.opening, ACCENTED: found.accented}


def framed(where: Anchorage, place: Standing, figure: str) -> list[dict[str, str]]:
    """The cells of a figure within the passage at a place, one set for each place where the figure stands in it."""
    found = []
    for span in place.spans:
        words = _read(where, span)
        for start, end in placing.places(figure, words, where.decimal, _inside(where, span)):
            found.append(frame_cells(where, place, (span[0] + start, span[0] + end)))
    return found


def frame_cells(where: Anchorage, place: Standing, figure: Span) -> dict[str, str]:
    """The cells (`FRAMES`) of the figure at a span of the text, within the passage at a place."""
    before = [(start, min(end, figure[0])) for start, end in place.spans if start < figure[0]]
    after = [(max(start, figure[1]), end) for start, end in place.spans if end > figure[1]]
    made = dict(zip(("start", "end"), map(str, figure), strict=True))
    for name, spans in (("before", before), ("after", after)):
        form = bare_digest(bare(said(where, Standing(tuple(spans)))))
        made |= {f"{name}_length": str(form.length), f"{name}_sha256": form.sha256, f"{name}_opening": form.opening}
    return {name: made[name] for name in FRAMES}


def context(where: Anchorage, span: Span) -> str:
    """The text round a span, on one line, with the span in brackets, so that an editor can tell occurrences apart."""
    content = where.content
    before, after = content[max(0, span[0] - _CONTEXT) : span[0]], content[span[1] : span[1] + _CONTEXT]
    return " ".join(f"…{before}[{content[slice(*span)]}]{after}…".split())
