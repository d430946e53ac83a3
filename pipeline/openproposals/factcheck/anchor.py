"""Anchors: the cells that identify words of a document without containing them (position, lengths, digests).

Words that an editor gives are looked for in a document. `anchored` gives the rows to paste into the tables `passages`
and `figure-passages`; `fill` writes them into the empty cells of a corpus.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openproposals.corpus import edit
from openproposals.corpus.corpus_folder import read, table_text, write
from openproposals.errors import UsageError, reason
from openproposals.factcheck.boundaries import cuts_word
from openproposals.factcheck.documents import Text
from openproposals.factcheck.normal import digest, faithful, frame, skeleton
from openproposals.factcheck.quotes import IndexedText, exact_spans, normalised_spans
from openproposals.factcheck.search import Span
from openproposals.factcheck.trace import Row
from openproposals.findings import DESCRIPTOR
from openproposals.model import languages
from openproposals.model.tables import Frames

ANCHORS = ("start", "end", "faithful_length", "faithful_sha256", "skeleton_length", "skeleton_sha256")
FRAMES = ("start", "end", "before_length", "before_sha256", "after_length", "after_sha256")
_CONTEXT = 40  # characters shown on either side of words that stand in several places


@dataclass(frozen=True)
class Words:
    """Words to anchor. `id` is the passage's key or "", `figure` the figure within the words to frame or ""."""

    words: str
    id: str = ""
    figure: str = ""


@dataclass(frozen=True)
class Anchored:
    """The places where words stand in a document (none, one or several), and the rows to paste for each place.

    `passages` has one row for each place and `contexts` the surrounding text of each, in the same order. `figures`
    has a row for each place of the figure within each passage.
    """

    words: Words
    passages: Sequence[Row]
    figures: Sequence[Row]
    contexts: Sequence[str]


def anchored(text: Text, wanted: Sequence[Words], name: str) -> list[Anchored]:
    """The rows of `passages` and `figure-passages` for words, at every place where they stand in a document.

    name: the id of the text that the document is, written into the rows; "" where it is not given.
    """
    indexed = IndexedText(text)
    found = []
    for words in wanted:
        spans = occurrences(words.words, indexed)
        passages = [{"id": words.id, "text": name, **cells(indexed, span)} for span in spans]
        figures = [
            {"passage": words.id, "text": name, **each}
            for span in spans
            for each in (framed(indexed, span, words.figure) if words.figure else ())
        ]
        found.append(Anchored(words, passages, figures, [context(indexed, span) for span in spans]))
    return found


def occurrences(words: str, indexed: IndexedText) -> list[Span]:
    """Every span where words stand character for character; if there is none, where they match in normal form."""
    words = words.strip()
    return list(exact_spans(words, indexed.text.content)) or list(normalised_spans(words, indexed))


def cells(indexed: IndexedText, span: Span) -> dict[str, str]:
    """The anchor cells of a passage (`ANCHORS`): position, and length and digest of both normal forms."""
    words = indexed.text.content[slice(*span)]
    forms = {"faithful": digest(faithful(words)), "skeleton": digest(skeleton(words))}
    made = {"start": str(span[0]), "end": str(span[1])}
    for name, form in forms.items():
        made |= {f"{name}_length": str(form.length), f"{name}_sha256": form.sha256}
    return made


def framed(indexed: IndexedText, span: Span, figure: str) -> list[dict[str, str]]:
    """The cells of a figure within the passage at `span`, one set for each place where the figure stands in it."""
    words = indexed.text.content[slice(*span)]
    loosely = r"\s".join(map(re.escape, figure.split()))  # an editor types a plain space for a narrow no-break space
    places = list(exact_spans(figure, words)) or [
        m.span() for m in re.finditer(loosely, words) if loosely and not cuts_word(words, *m.span())
    ]
    return [frame_cells(words, span[0], *place) for place in places]


def frame_cells(words: str, at: int, start: int, end: int) -> dict[str, str]:
    """The cells (`FRAMES`) of the figure at `words[start:end]`, in a passage that begins at `at` in its text."""
    round_it = frame(words, start, end)
    made = {"start": str(at + start), "end": str(at + end)}
    for name, form in (("before", round_it.before), ("after", round_it.after)):
        made |= {f"{name}_length": str(form.length), f"{name}_sha256": form.sha256}
    return made


def context(indexed: IndexedText, span: Span) -> str:
    """The text round a span, on one line, with the span in brackets, so that an editor can tell occurrences apart."""
    content = indexed.text.content
    before, after = content[max(0, span[0] - _CONTEXT) : span[0]], content[span[1] : span[1] + _CONTEXT]
    return " ".join(f"…{before}[{content[slice(*span)]}]{after}…".split())


def private(text: str, name: str) -> list[Words]:
    """Words to anchor, read from an editor's own file: a CSV with columns id, words and perhaps figure, or paragraphs.

    text: the file's content; name: its name, for messages. Without the columns id and words, each paragraph (set apart
    by an empty line) gives one set of words. Only positions and digests are made of the words; they are not published.
    Raises UsageError: a CSV that cannot be read, or a row of another length than its header.
    """
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ","))
    except csv.Error as error:
        raise UsageError("quotes-not-a-table", name=name, because=reason(error)) from error
    header = [cell.strip() for cell in rows[0]] if rows else []
    if "words" in header and "id" in header:
        return list(_from_rows(header, rows[1:], name))
    return [Words(" ".join(paragraph.split())) for paragraph in text.split("\n\n") if paragraph.strip()]


def _from_rows(header: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> Iterator[Words]:
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise UsageError("quotes-ragged", name=name, row=number, found=len(row), expected=len(header))
        named = dict(zip(header, row, strict=True))
        if named["words"].strip():
            yield Words(named["words"], named["id"], named.get("figure", ""))


@dataclass(frozen=True)
class _Filling:
    """What `fill` gathers: cells to write by table and row number, rows filled and left, spans of passages by key."""

    changes: dict[str, dict[int, dict[str, str]]] = field(
        default_factory=lambda: {"passages": {}, "figure-passages": {}}
    )
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)


def fill(folder: Path, text: Text, private: Sequence[Words], name: str) -> tuple[list[str], list[str]]:
    """Fill the empty anchor cells of a corpus's passages and figures; returns what was filled, and what was not.

    A passage's words come from `private`, by id, or from its own `quote`; a figure is looked for as it is printed.
    Words that stand in several places, or in none, are left for the editor.
    name: the id of the text that the document is; "" where the corpus has one text only.
    Raises UsageError: a corpus that cannot be read, a text or a passage that it does not have.
    """
    found, _ = read(folder)
    if found is None:
        raise UsageError("descriptor-unusable", path=folder / DESCRIPTOR, folder=folder)
    tables = found.tables
    texts = [row["id"] for row in tables["texts"].iter_rows(named=True)]
    named = name or (texts[0] if len(texts) == 1 else "")
    if named not in texts:
        raise UsageError("text-unknown", named=named, known=", ".join(texts))
    words = {each.id: each for each in private}
    unknown = sorted(words.keys() - set(tables["passages"]["id"]))
    if unknown:
        raise UsageError("passage-unknown", id=unknown[0]) if unknown[0] else UsageError("words-without-id")
    filling = _Filling()
    _fill_passages(filling, tables, IndexedText(text), words, named)
    _fill_figures(filling, tables, IndexedText(text), named)
    write(
        folder,
        {
            f"{table}.csv": edit.changed(table_text(folder, table) or "", cells)
            for table, cells in filling.changes.items()
            if cells
        },
    )
    return filling.done, filling.left


def _fill_passages(
    filling: _Filling, tables: Frames, indexed: IndexedText, words: Mapping[str, Words], name: str
) -> None:
    for row in tables["passages"].iter_rows(named=True):
        if row["text"] not in (None, name):
            continue
        if all(row[cell] for cell in ANCHORS):
            filling.spans[row["id"]] = (int(row["start"]), int(row["end"]))
            continue
        wanted = words[row["id"]].words if row["id"] in words else row["quote"] or ""
        places = occurrences(wanted, indexed) if wanted else []
        if len(places) != 1:
            filling.left.append(f"passages {row['id']}: {len(places) if wanted else '-'}")
            continue
        filling.spans[row["id"]] = places[0]
        filling.changes["passages"][row["_row"]] = {"text": name, **cells(indexed, places[0])}
        filling.done.append(f"passages {row['id']}")


def _fill_figures(filling: _Filling, tables: Frames, indexed: IndexedText, name: str) -> None:
    prints = {row["id"]: row for row in tables["figures"].iter_rows(named=True)}
    for row in tables["figure-passages"].iter_rows(named=True):
        if all(row[cell] for cell in FRAMES) or row["passage"] not in filling.spans:
            continue
        printed = prints.get(row["figure"], {})
        figure = languages.first(printed, "as_printed")
        places = framed(indexed, filling.spans[row["passage"]], figure) if figure else []
        if len(places) != 1:
            filling.left.append(f"figure-passages {row['figure']}: {len(places)}")
            continue
        filling.changes["figure-passages"][row["_row"]] = {"text": name, **places[0]}
        filling.done.append(f"figure-passages {row['figure']}")
