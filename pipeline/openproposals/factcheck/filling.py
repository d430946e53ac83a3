"""Filling the empty anchor cells of a corpus, from an editor's words, the passages' quotes.

Or positions in the pinned text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openproposals.corpus import edit
from openproposals.corpus.corpus_folder import read, table_text, write
from openproposals.errors import UsageError
from openproposals.factcheck.anchor import (
    ANCHORS,
    FRAMES,
    Anchorage,
    anchorage,
    cells,
    context,
    frame_cells,
    framed,
    occurrences,
)  # fmt: skip
from openproposals.factcheck.documents import Text
from openproposals.factcheck.editions import second_edition
from openproposals.factcheck.judging import Standing
from openproposals.factcheck.pin import check_pinned
from openproposals.factcheck.private import Words
from openproposals.factcheck.quotes import Match, nearest
from openproposals.factcheck.verify import decimal_marks, marker_spans
from openproposals.findings import DESCRIPTOR
from openproposals.guards import files
from openproposals.model import languages
from openproposals.model.tables import Frames


@dataclass(frozen=True)
class Left:
    """A row that could not be filled: its table and key, the line of the editor's file (0 for none), and why.

    `why` is a key of commands/words.toml; `count` says how often the words stand, `contexts` where. `nearest` is the
    most similar run of words in the document.
    """

    table: str
    id: str
    why: str
    line: int = 0
    count: int = 0
    contexts: tuple[str, ...] = ()
    nearest: Match | None = None


@dataclass(frozen=True)
class _Filling:
    """What `fill` gathers: cells to write by table and row number, rows filled and left, places of passages by key."""

    changes: dict[str, dict[int, dict[str, str]]] = field(
        default_factory=lambda: {"passages": {}, "figure-passages": {}}
    )
    done: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    places: dict[str, Standing] = field(default_factory=dict)


def fill(folder: Path, text: Text, private: Sequence[Words], name: str) -> tuple[list[str], list[Left]]:
    """Fill the empty anchor cells of a corpus's passages, figures and texts; returns what was filled, and what was not.

    A passage's words come from `private`, by id, from its own `quote`, or from its position; a figure is looked for as
    it is printed, or taken from its position. What stands in several places, or in none, is left for the editor; the
    rest is written. name: the id of the text that the document is; "" where the corpus has one text only.
    Raises UsageError: a corpus that cannot be read, a text that it does not have, a document that is not the pinned
    text.
    """
    with second_edition(folder) as (readable, contents):
        found, _ = read(readable)
    if found is None:
        raise UsageError("descriptor-unusable", path=folder / DESCRIPTOR, folder=folder)
    tables = found.tables
    texts = {row["id"]: row for row in tables["texts"].iter_rows(named=True)}
    named = name or (next(iter(texts)) if len(texts) == 1 else "")
    if named not in texts:
        raise UsageError("text-unknown", named=named, known=", ".join(texts))
    check_pinned(text, texts[named])
    where = anchorage(text, marker_spans(tables).get(named, []), decimal_marks(tables).get(named, ""))
    filling = _Filling()
    known = set(tables["passages"]["id"])
    words = {}
    for each in private:
        if each.ragged or each.id not in known:
            why = "left_ragged" if each.ragged else "left_unknown" if each.id else "left_no_id"
            filling.left.append(Left("passages", each.id, why, each.line))
        else:
            words[each.id] = each
    _fill_passages(filling, tables, where, words, named)
    _fill_figures(filling, tables, where, named)
    changes = {table: changed for table, changed in filling.changes.items() if changed}
    written = {f"{table}.csv": edit.changed(contents[table], changed) for table, changed in changes.items()}
    write(folder, written | _filled_pin(filling, folder, text, texts[named]))
    return filling.done, filling.left


def _filled_pin(filling: _Filling, folder: Path, text: Text, row: Mapping[str, Any]) -> dict[str, str]:
    """The file of the corpus that pins the text, with its number of characters and digest, where these were left out.

    That is done where the corpus names the text's file, and the document bears that name.
    """
    pin: dict[str, int | str] = {"characters": len(text.content), "sha256": text.sha256}
    missing = {key: value for key, value in pin.items() if not row[key]}
    if not missing or row["file"] != Path(text.name).name:
        return {}
    filling.done.append(f"texts {row['id']}")
    if row["_file"] != DESCRIPTOR:
        cells = {key: str(value) for key, value in missing.items()}
        return {"texts.csv": edit.changed(table_text(folder, "texts") or "", {row["_row"]: cells})}
    keys: dict[tuple[str, ...], object] = {("texts", row["id"], key): value for key, value in missing.items()}
    return {DESCRIPTOR: edit.descriptor(files.text(folder / DESCRIPTOR, follow=False), keys)}


def _fill_passages(filling: _Filling, tables: Frames, where: Anchorage, words: Mapping[str, Words], name: str) -> None:
    for row in tables["passages"].iter_rows(named=True):
        key = row["id"]
        if row["text"] not in (None, name):
            continue
        placed = Standing(((int(row["start"]), int(row["end"])),)) if row["start"] and row["end"] else None
        if placed and all(row[cell] for cell in ANCHORS):
            filling.places[key] = placed
            continue
        given = words[key].words if key in words else row["quote"] or ""
        places = occurrences(given, where) if given else [placed] if placed else []
        if len(places) != 1:
            line = words[key].line if key in words else 0
            why = "left_nowhere" if given and not places else "left_twice" if places else "left_no_words"
            contexts = tuple(context(where, place.span) for place in places[:12])
            alike = nearest(given, where.indexed) if given and not places else None
            filling.left.append(Left("passages", key, why, line, len(places), contexts, alike))
            continue
        filling.places[key] = places[0]
        filling.changes["passages"][row["_row"]] = {"text": name, **cells(where, places[0])}
        filling.done.append(f"passages {key}")


def _fill_figures(filling: _Filling, tables: Frames, where: Anchorage, name: str) -> None:
    prints = {row["id"]: row for row in tables["figures"].iter_rows(named=True)}
    for row in tables["figure-passages"].iter_rows(named=True):
        if all(row[cell] for cell in FRAMES) or row["passage"] not in filling.places:
            continue
        place = filling.places[row["passage"]]
        printed = prints.get(row["figure"], {})
        figure = languages.first(printed, "as_printed")
        if row["start"] and row["end"]:
            found = [frame_cells(where, place, (int(row["start"]), int(row["end"])))]
        else:
            found = framed(where, place, figure) if figure else []
        if len(found) != 1:
            why = "left_figure" if figure else "left_no_print"
            filling.left.append(Left("figure-passages", row["figure"], why, count=len(found)))
            continue
        filling.changes["figure-passages"][row["_row"]] = {"text": name, **found[0]}
        filling.done.append(f"figure-passages {row['figure']}")
