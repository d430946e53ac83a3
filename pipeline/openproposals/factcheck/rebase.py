"""A corpus pinned to another text of its document: positions, digests, frames and markers, all of them or nothing.

What a passage says does not change; where it stands and how the text writes it does. A figure or a marker that cannot
be placed with certainty is named, and nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from openproposals.factcheck import anchor
from openproposals.factcheck.documents import Text
from openproposals.factcheck.figures import UNITS
from openproposals.factcheck.normal import SUPERSCRIPTS
from openproposals.factcheck.quotes import Shelf
from openproposals.factcheck.search import Span, index
from openproposals.factcheck.verify import Figure, Graded, Passage

_SLACK = 24  # characters by which a marker may be off the place that its passage's length foretells
_SIGNS = tuple("+-−–")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Pinned:
    """New cells by table and row, new keys of the descriptor, and what could not be placed, by table and key."""

    cells: dict[str, dict[int, dict[str, str]]] = field(default_factory=dict)
    keys: dict[tuple[str, ...], object] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)


def pin(
    tables: Mapping[str, pl.DataFrame],
    passages: Sequence[Passage],
    graded: Sequence[Graded],
    texts: Mapping[str, Text],
) -> Pinned:
    """Pin each text that is at hand to what it was found in; `graded` are the grades of `passages`, in their order."""
    pinned = Pinned()
    rows = {row["id"]: row["_row"] for row in tables["passages"].iter_rows(named=True)}
    spans: dict[str, Span] = {}
    for passage, grade in zip(passages, graded, strict=True):
        text = texts.get(passage.text)
        if text is None:
            continue
        if not grade.stands or grade.start is None or grade.end is None or _interrupted(text, grade):
            pinned.lost.append(("passages", passage.id))
            continue
        spans[passage.id] = (grade.start, grade.end)
        cells = anchor.cells(Shelf(text), spans[passage.id])
        pinned.cells.setdefault("passages", {})[rows[passage.id]] = cells
    _pin_figures(pinned, tables, passages, texts, spans)
    _pin_markers(pinned, tables, passages, texts, spans)
    for name, text in texts.items():
        pinned.keys[("texts", name, "sha256")] = text.sha256
        pinned.keys[("texts", name, "characters")] = len(text.content)
        if text.tool:
            pinned.keys[("texts", name, "extraction", "fr")] = f"Texte extrait par {text.tool}."
            pinned.keys[("texts", name, "extraction", "en")] = f"Text extracted by {text.tool}."
    return pinned


def _interrupted(text: Text, grade: Graded) -> bool:
    """Whether a running head stands within the words, so that no digest of the whole is that of the words."""
    assert grade.start is not None
    assert grade.end is not None
    return any(start < grade.end and grade.start < end for start, end in (*text.heads, *text.skipped))


def _pin_figures(
    pinned: Pinned,
    tables: Mapping[str, pl.DataFrame],
    passages: Sequence[Passage],
    texts: Mapping[str, Text],
    spans: Mapping[str, Span],
) -> None:
    by_id = {passage.id: passage for passage in passages}
    for row in tables["figure-passages"].iter_rows(named=True):
        passage = by_id.get(row["passage"])
        if passage is None or passage.id not in spans:
            continue
        figure = next(f for f in passage.figures if f.id == row["figure"])
        cells = _figure(Shelf(texts[passage.text]), spans[passage.id], figure)
        if cells:
            pinned.cells.setdefault("figure-passages", {})[row["_row"]] = cells
        else:
            pinned.lost.append(("figure-passages", figure.id))


def _figure(shelf: Shelf, span: Span, figure: Figure) -> dict[str, str]:
    """The figure's cells in the new text: as printed where it stands so, else what its frames enclose."""
    said = (figure.before.sha256, figure.after.sha256)
    for cells in anchor.framed(shelf, span, figure.printed) if figure.printed else ():
        if (cells["before_sha256"], cells["after_sha256"]) == said:
            return cells
    words = shelf.text.content[slice(*span)]
    where = index(words)
    length = len(where.skeleton) - figure.before.length - figure.after.length
    if length <= 0:
        return {}
    start, end = where.span(figure.before.length, length)
    start -= figure.printed[:1] in _SIGNS and words[start - 1 : start] in _SIGNS
    unit = re.match(rf"\s?[{UNITS}]", words[end:])
    marker = re.match("[0-9]{1,2}(?![0-9])", words[end:])  # flattened onto the figure: else it would begin what follows
    for stop in (end + len(found[0]) if found else end for found in (unit, marker, None)):
        found = anchor.frame_cells(words, span[0], start, stop)
        if (found["before_sha256"], found["after_sha256"]) == said:
            return found
    return {}


def _pin_markers(
    pinned: Pinned,
    tables: Mapping[str, pl.DataFrame],
    passages: Sequence[Passage],
    texts: Mapping[str, Text],
    spans: Mapping[str, Span],
) -> None:
    taken: set[int] = set()
    for row in tables["markers"].iter_rows(named=True):
        text = texts.get(row["text"])
        if text is None:
            continue
        here = [p for p in passages if p.id in spans and p.text == row["text"]]
        at = int(row["start"])
        nearest = min(here, key=lambda p: max(p.start - at, at - p.end, 0), default=None)
        places = sorted(_signs(text, row["as_printed"], nearest, spans, at), key=lambda place: place[0])
        free = [span for _, span in places if span[0] not in taken]
        if not free:
            pinned.lost.append(("markers", row["id"]))
            continue
        taken.add(free[0][0])
        pinned.cells.setdefault("markers", {})[row["_row"]] = {"start": str(free[0][0]), "end": str(free[0][1])}


def _signs(
    text: Text, sign: str, nearest: Passage | None, spans: Mapping[str, Span], at: int
) -> Iterator[tuple[float, Span]]:
    """Where a sign stands near the place that its passage foretells, and how far from it."""
    if nearest is None:
        return
    start, end = spans[nearest.id]
    stretch = (end - start) / max(1, nearest.end - nearest.start) if at <= nearest.end else 1.0
    expected = start + (at - nearest.start) * stretch if at <= nearest.end else end + (at - nearest.end)
    low, high = max(0, int(expected) - _SLACK), int(expected) + _SLACK
    forms = {re.escape(sign)}
    if sign.isdigit():
        raised = sign.translate(_RAISED)
        forms = {f"(?<![{SUPERSCRIPTS}]){raised}(?![{SUPERSCRIPTS}])", rf"(?<![0-9]){sign}(?![0-9])"}
    for found in re.finditer("|".join(sorted(forms)), text.content[low:high]):
        yield abs(low + found.start() - expected), (low + found.start(), low + found.end())
