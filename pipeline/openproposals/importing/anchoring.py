"""Quotes become anchors: each is looked for in the text of its document, and the passage is written, never the words.

In: the tables that were made, with the words of quotes and of documents. Out: the same with `texts`, `passages` and the
column `passage`; the files of texts; and what could not be placed, as findings and as a list for an editor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import polars as pl

from openproposals.corpus import edit
from openproposals.corpus.imported import NOT_FOUND
from openproposals.errors import UsageError
from openproposals.factcheck import documents
from openproposals.factcheck.anchor import Anchorage, Anchored, anchorage, anchored
from openproposals.factcheck.documents import Text
from openproposals.factcheck.private import Words
from openproposals.factcheck.quotes import marked
from openproposals.findings import Finding, Location
from openproposals.guards import files
from openproposals.importing.made_tables import MadePart, MadeTables
from openproposals.messages import LANGUAGES, Phrase, say
from openproposals.model.languages import Languages
from openproposals.model.numbers import decimal_mark
from openproposals.model.tables import ORIGIN

FOLDER = "texts"
_COLUMNS = ("table", "id", "words", "why", "nearest")
_MOST = 256 << 20  # bytes of a document


@dataclass
class _Anchoring:
    """What is gathered: texts by document, rows of `texts` and `passages`, files, the list of what is left."""

    texts: dict[str, Anchorage] = field(default_factory=dict)
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    left: list[dict[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def anchor(folder: Path, made: MadeTables, spoken: Languages) -> tuple[MadeTables, dict[str, bytes]]:
    """The tables with their quotes anchored, and the files to write beside them."""
    parts = [part for each in made.parts.values() for part in each]
    work = _Anchoring()
    for part in (p for p in parts if p.table == "documents" and p.words.width):
        _read_texts(folder, part, work, spoken)
    anchored_parts = {
        table: [_quoted(part, work, spoken) if "quote" in part.words.columns else part for part in each]
        for table, each in made.parts.items()
    }
    for table, rows in work.rows.items():
        frame = pl.DataFrame(rows, infer_schema_length=None)
        anchored_parts.setdefault(table, []).append(MadePart(table, "", frame, {}))
    if work.left:
        work.contents[NOT_FOUND] = edit.table(_COLUMNS, work.left).encode()
    return MadeTables(anchored_parts, made.ids, [*made.findings, *work.findings]), work.contents


def _read_texts(folder: Path, part: MadePart, work: _Anchoring, spoken: Languages) -> None:
    for row, words in zip(part.frame.iter_rows(named=True), part.words.iter_rows(named=True), strict=True):
        key, mark = str(row["id"]), decimal_mark(str(row.get("language") or spoken.main))
        name = str(words.get("text_file") or f"{key}.txt")
        try:
            if words.get("text_file"):
                path = PurePosixPath(name)
                if path.is_absolute() or ".." in path.parts:
                    raise UsageError("unreadable", path=name, because="..")
                data = files.data(folder / name, follow=False, most=_MOST)
            elif words.get("text"):
                data = str(words["text"]).encode()
            else:
                continue
            text = documents.read(path.name if words.get("text_file") else name, data)
        except (UsageError, OSError) as error:
            said = error.what if isinstance(error, UsageError) else (error.strerror or str(error))
            place = Location(str(row["_file"]), int(row["_row"]))
            work.findings.append(Finding(place, "text-not-read", name, {"problem": said}))
            continue
        work.texts[key] = anchorage(text, decimal=mark)
        work.rows.setdefault("texts", []).append(_text_row(key, text, PurePosixPath(name).name, row))
        if not words.get("text_file"):
            work.contents[f"{FOLDER}/{name}"] = data


def _text_row(key: str, text: Text, name: str, row: Mapping[str, object]) -> dict[str, object]:
    cells = {"id": key, "document": key, "file": name, "characters": str(len(text.content)), "sha256": text.sha256}
    return {**cells, **{column: row[column] for column in ORIGIN}}


def _quoted(part: MadePart, work: _Anchoring, spoken: Languages) -> MadePart:
    """The rows of a part with the column `passage`; what could not be placed is left empty, and told."""
    frame, quotes = part.frame, part.words["quote"]
    named = frame["document"] if "document" in frame.columns else pl.Series([None] * frame.height, dtype=pl.String)
    only = next(iter(work.texts)) if len(work.texts) == 1 else None
    passages: list[str | None] = []
    for number, (key, document, words) in enumerate(zip(frame["id"], named, quotes, strict=True)):
        text = document if document in work.texts else only
        if not words:
            passages.append(None)
            continue
        place = Location(frame["_file"][number], frame["_row"][number])
        if text is None:
            _left(part, work, place, key, words, "no-text")
            passages.append(None)
            continue
        (found,) = anchored(work.texts[text], [Words(words, key)], text)
        if len(found.passages) != 1:
            _left(part, work, place, key, words, "twice" if found.passages else "nowhere", found)
            passages.append(None)
            continue
        passage = key if part.table == "proposals" else f"{part.table}-{key}"
        cells = {**found.passages[0], "id": passage}
        locators = {f"locator_{tag}": _locator(tag, cells["start"], cells["end"]) for tag in spoken.own}
        work.rows.setdefault("passages", []).append({**cells, **locators, "_file": place.file, "_row": place.row})
        passages.append(passage)
    return replace(part, frame=frame.with_columns(pl.Series("passage", passages, dtype=pl.String)))


def _left(
    part: MadePart, work: _Anchoring, place: Location, key: str, words: str, why: str, found: Anchored | None = None
) -> None:
    """Note a quote that could not be placed, with the words of the text that are most like it."""
    nearest = marked(found.nearest.differences) if found and found.nearest and found.nearest.differences else ""
    work.left.append({"table": part.table, "id": key, "words": words, "why": why, "nearest": nearest})
    facts: dict[str, str | Phrase] = {
        "why": Phrase("importing/words", f"reasons.quote-{why}"),
        "nearest": nearest or "-",
        "file": NOT_FOUND,
        "id": key,
    }
    work.findings.append(Finding(place, "quote-not-anchored", words, facts))


def _locator(tag: str, start: object, end: object) -> str:
    """Where a passage stands, in a language that the program speaks; else in figures alone."""
    base = tag.partition("-")[0]
    if base in LANGUAGES:
        return say("importing/words", "locator", base, start=start, end=end)
    return f"{start}–{end}"
