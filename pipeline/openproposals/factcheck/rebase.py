"""Rebasing: a copy of a corpus whose anchors refer to another text of the same document.

Positions, digests, frames and markers are computed anew for the new text. If a passage, a figure or a marker cannot be
placed with certainty, it is reported and nothing is written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openproposals.corpus import edit
from openproposals.corpus.corpus_folder import create, table_text
from openproposals.errors import UsageError
from openproposals.factcheck import anchor
from openproposals.factcheck.altered import Figure
from openproposals.factcheck.documents import Text
from openproposals.factcheck.judging import Standing
from openproposals.factcheck.laid_out import SUPERSCRIPT_OF
from openproposals.factcheck.normal import SUPERSCRIPTS, Span
from openproposals.factcheck.trace import Held
from openproposals.factcheck.verification import VERIFICATIONS, Verified
from openproposals.factcheck.verify import Graded, Passage, decimal_marks, passages
from openproposals.findings import DESCRIPTOR
from openproposals.guards import files
from openproposals.messages import LANGUAGES, farness, say
from openproposals.model import schema
from openproposals.model.tables import Frames

_SLACK = 24  # a marker is looked for within this many characters of its expected place


@dataclass(frozen=True)
class Pinned:
    """What changes: `cells` by table and row number, `keys` of the descriptor by path.

    `lost` lists the rows that could not be placed, as pairs of a table and a key.
    """

    cells: dict[str, dict[int, dict[str, str]]] = field(default_factory=dict)
    keys: dict[tuple[str, ...], object] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)


def pin(
    tables: Frames,
    passages: Sequence[Passage],
    graded: Sequence[Graded],
    texts: Mapping[str, Text],
) -> Pinned:
    """Compute the new anchors of every passage, figure and marker of the texts in `texts`.

    graded: the grades of `passages`, in the same order. texts: the new text by the id of the text that it replaces.
    """
    pinned = Pinned()
    rows = {row["id"]: row["_row"] for row in tables["passages"].iter_rows(named=True)}
    places: dict[str, Standing] = {}
    for passage, grade in zip(passages, graded, strict=True):
        if passage.text not in texts:
            continue
        if grade.stands:
            places[passage.id] = Standing(grade.spans)
        else:
            pinned.lost.append(("passages", passage.id))
    _pin_markers(pinned, tables, passages, texts, places)
    decimals = decimal_marks(tables)
    marked = {row["_row"]: row["text"] for row in tables["markers"].iter_rows(named=True)}
    where = {}
    for name, text in texts.items():
        new = [cells for row, cells in pinned.cells.get("markers", {}).items() if marked[row] == name]
        spans = sorted((int(cells["start"]), int(cells["end"])) for cells in new)
        where[name] = anchor.anchorage(text, spans, decimals.get(name, ""))
    for passage in passages:
        if passage.id in places:
            cells = anchor.cells(where[passage.text], places[passage.id])
            pinned.cells.setdefault("passages", {})[rows[passage.id]] = cells
    _pin_figures(pinned, tables, passages, where, places)
    for name, text in texts.items():
        pinned.keys[("texts", name, "sha256")] = text.sha256
        pinned.keys[("texts", name, "characters")] = len(text.content)
        if text.tool:
            pinned.keys.update({("texts", name, "extraction", t): words for t, words in _extracted(tables, text.tool)})
    return pinned


def _extracted(tables: Frames, tool: str) -> Iterator[tuple[str, str]]:
    """How a text was extracted, by language; nothing where the program does not speak each language of the corpus."""
    own = schema.spoken({name: frame.columns for name, frame in tables.items()}).own
    spoken = {tag: language for tag in own for language in LANGUAGES if not farness(language, tag)[1]}
    if len(spoken) == len(own):
        yield from ((tag, say("factcheck/verify", "said.extracted", spoken[tag], tool=tool)) for tag in own)


def check_new(folder: Path) -> None:
    """Raises UsageError: a folder that is not empty, a symbolic link, or a path that is no folder."""
    if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("rebase-not-empty", folder=folder)


def write_rebased(held: Held, found: Verified, out: Path) -> list[tuple[str, str]]:
    """Write into the folder `out` a copy of the corpus, pinned to the texts in which its passages were found.

    Returns the rows, as pairs of a table and a key, that cannot be placed in the new texts; if there are any, nothing
    is written. Raises UsageError: `out` is not empty.
    """
    assert held.folder is not None
    assert found.texts is not None
    check_new(out)
    pinned = pin(held.tables, passages(held.tables), found.passages, found.texts)
    if pinned.lost:
        return pinned.lost
    contents = {}
    for path in sorted(p for p in held.folder.iterdir() if p.suffix == ".csv" and p.stem != VERIFICATIONS):
        text = table_text(held.folder, path.stem) or ""
        contents[path.name] = edit.changed(text, pinned.cells[path.stem]) if path.stem in pinned.cells else text
    descriptor = files.text(held.folder / DESCRIPTOR, follow=False)
    contents[DESCRIPTOR] = edit.descriptor(descriptor, pinned.keys)  # written last: without it the folder is no corpus
    create(out, contents)
    return []


def _pin_figures(
    pinned: Pinned,
    tables: Frames,
    passages: Sequence[Passage],
    where: Mapping[str, anchor.Anchorage],
    places: Mapping[str, Standing],
) -> None:
    by_id = {passage.id: passage for passage in passages}
    for row in tables["figure-passages"].iter_rows(named=True):
        passage = by_id.get(row["passage"])
        if passage is None or passage.id not in places:
            continue
        figure = next(f for f in passage.figures if f.id == row["figure"])
        cells = _figure(where[passage.text], places[passage.id], figure)
        if cells:
            pinned.cells.setdefault("figure-passages", {})[row["_row"]] = cells
        else:
            pinned.lost.append(("figure-passages", figure.id))


def _figure(where: anchor.Anchorage, place: Standing, figure: Figure) -> dict[str, str]:
    """The figure's cells in the new text: where it stands as printed, between the words of its frame; or {}."""
    said = (figure.before.sha256, figure.after.sha256)
    for cells in anchor.framed(where, place, figure.printed) if figure.printed else ():
        if (cells["before_sha256"], cells["after_sha256"]) == said:
            return cells
    return {}


def _pin_markers(
    pinned: Pinned,
    tables: Frames,
    passages: Sequence[Passage],
    texts: Mapping[str, Text],
    places: Mapping[str, Standing],
) -> None:
    taken: set[int] = set()
    for row in tables["markers"].iter_rows(named=True):
        text = texts.get(row["text"])
        if text is None:
            continue
        here = [p for p in passages if p.id in places and p.text == row["text"]]
        at = int(row["start"])
        nearest = min(here, key=lambda p: max(p.start - at, at - p.end, 0), default=None)
        signs = sorted(_signs(text, row["as_printed"], nearest, places, at), key=lambda sign: sign[0])
        free = [span for _, span in signs if span[0] not in taken]
        if not free:
            pinned.lost.append(("markers", row["id"]))
            continue
        taken.add(free[0][0])
        pinned.cells.setdefault("markers", {})[row["_row"]] = {"start": str(free[0][0]), "end": str(free[0][1])}


def _signs(
    text: Text, sign: str, nearest: Passage | None, places: Mapping[str, Standing], at: int
) -> Iterator[tuple[float, Span]]:
    """The spans of a marker's sign near its expected place, each with its distance from it in characters."""
    if nearest is None:
        return
    start, end = places[nearest.id].span
    stretch = (end - start) / max(1, nearest.end - nearest.start) if at <= nearest.end else 1.0
    expected = start + (at - nearest.start) * stretch if at <= nearest.end else end + (at - nearest.end)
    low, high = max(0, int(expected) - _SLACK), int(expected) + _SLACK
    forms = {re.escape(sign)}
    if sign.isdigit():
        raised = sign.translate(SUPERSCRIPT_OF)
        forms = {f"(?<![{SUPERSCRIPTS}]){raised}(?![{SUPERSCRIPTS}])", rf"(?<![0-9]){sign}(?![0-9])"}
    for found in re.finditer("|".join(sorted(forms)), text.content[low:high]):
        yield abs(low + found.start() - expected), (low + found.start(), low + found.end())
