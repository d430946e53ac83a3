"""Anchors for editors: words looked for in a document become the cells that identify them without the words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openproposals.errors import UsageError
from openproposals.factcheck.boundaries import cut
from openproposals.factcheck.normal import digest, faithful, frame, skeleton
from openproposals.factcheck.quotes import Shelf, exactly, found
from openproposals.factcheck.search import Span

ANCHORS = ("start", "end", "faithful_length", "faithful_sha256", "skeleton_length", "skeleton_sha256")
FRAMES = ("start", "end", "before_length", "before_sha256", "after_length", "after_sha256")
_CONTEXT = 40


@dataclass(frozen=True)
class Words:
    """Words to anchor: the passage's key where it has one, and the figure within them where one is to be framed."""

    words: str
    id: str = ""
    figure: str = ""


def occurrences(words: str, shelf: Shelf) -> list[Span]:
    """Every place where words stand: character for character, else as a typist may have them."""
    words = words.strip()
    return list(exactly(words, shelf.text.content)) or list(found(words, shelf))


def cells(shelf: Shelf, span: Span) -> dict[str, str]:
    """The anchor cells of a passage: position, and the two forms' lengths and digests."""
    words = shelf.text.content[slice(*span)]
    forms = {"faithful": digest(faithful(words)), "skeleton": digest(skeleton(words))}
    made = {"start": str(span[0]), "end": str(span[1])}
    for name, form in forms.items():
        made |= {f"{name}_length": str(form.length), f"{name}_sha256": form.sha256}
    return made


def framed(shelf: Shelf, span: Span, figure: str) -> list[dict[str, str]]:
    """The cells of a figure within a passage, one for each place where it stands in it."""
    words = shelf.text.content[slice(*span)]
    loosely = r"\s".join(map(re.escape, figure.split()))  # no editor can type a narrow no-break space
    places = list(exactly(figure, words)) or [
        m.span() for m in re.finditer(loosely, words) if loosely and not cut(words, *m.span())
    ]
    return [frame_cells(words, span[0], *place) for place in places]


def frame_cells(words: str, at: int, start: int, end: int) -> dict[str, str]:
    """The cells of the figure at `words[start:end]`, in a passage that begins at a position of its text."""
    round_it = frame(words, start, end)
    made = {"start": str(at + start), "end": str(at + end)}
    for name, form in (("before", round_it.before), ("after", round_it.after)):
        made |= {f"{name}_length": str(form.length), f"{name}_sha256": form.sha256}
    return made


def context(shelf: Shelf, span: Span) -> str:
    """The words round a span, on one line, so that an editor can tell two occurrences apart."""
    content = shelf.text.content
    before, after = content[max(0, span[0] - _CONTEXT) : span[0]], content[span[1] : span[1] + _CONTEXT]
    return " ".join(f"…{before}[{content[slice(*span)]}]{after}…".split())


def private(text: str, name: str) -> list[Words]:
    """Quotes from an editor's own file: a CSV with columns id, words and perhaps figure; or a paragraph each.

    The file stays with the editor: nothing of it is written anywhere but its positions and digests.
    """
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ","))
    except csv.Error as error:
        raise UsageError("quotes-not-a-table", name=name, because=str(error)) from error
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
