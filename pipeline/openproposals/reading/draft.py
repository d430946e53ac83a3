"""A draft: a folder with the pinned texts of documents, the workbook of their candidates, and what the rules dismiss.

    draft.json        which texts, from which documents, by which tool, in which language
    texts/ID.txt      the pinned text, in which positions are counted (ID.md for Markdown)
    candidates.csv    the workbook; candidates.xlsx is the same
    review.html       the texts and the candidates beside each other, to decide in a browser
    dismissed.csv     signs that are no figures, by the rules, with the reason
    lost.csv          decided rows of an earlier version that the document no longer has

It holds the documents' words: it is the editor's, and is never published.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openproposals import __version__
from openproposals.errors import UsageError, reason
from openproposals.factcheck import documents
from openproposals.factcheck.documents import Text
from openproposals.factcheck.normal import Span
from openproposals.guards import files, parsing
from openproposals.importing import writing
from openproposals.messages import Language
from openproposals.reading import candidates, fitting, ledger, reattaching, review, workbook
from openproposals.reading.apart import CSV, DISMISSED, DRAFT, LOST, REVIEW, XLSX
from openproposals.reading.ledger import Accounted, Decided
from openproposals.reading.rules import KNOWN, language_of, rules

_READ = {CSV: workbook.from_csv, XLSX: workbook.from_xlsx}
_MOST = 256 << 20  # bytes of a file of a draft
_ID = re.compile(r"[^A-Za-z0-9]+")
ID = "corpus_id"  # the column of the workbook that keeps the id a row was given in the corpus


@dataclass(frozen=True)
class DraftText:
    """A pinned text of a draft: its id, its language, its file in the draft, and the document it was read from."""

    id: str
    language: str
    file: str
    text: Text
    document: str
    tool: str
    headings: Sequence[Span]  # where the rules saw a heading or a proposal, whatever became of the rows


@dataclass(frozen=True)
class CorpusDraft:
    """A draft as it stands on disk: its texts, the rows of its workbook, and what the rules dismissed, by text."""

    folder: Path
    texts: Sequence[DraftText]
    rows: Sequence[dict[str, str]]
    dismissed: Mapping[str, Sequence[tuple[int, int, str]]]


@dataclass(frozen=True)
class DraftMade:
    """What reading gave: the draft, and, where there was one before, how many decisions were kept and what was lost."""

    draft: CorpusDraft
    again: bool
    carried: int
    fresh: int
    lost: Sequence[Mapping[str, str]]


def make(given: Sequence[tuple[str, Text]], folder: Path, language: str, lang: Language) -> DraftMade:
    """Read texts into a folder, each under its id ("" for one made of its name), in a language ("" to be found out).

    A draft that is there is read again: decisions are carried over to what is still said. Raises UsageError.
    """
    if language and language not in KNOWN:
        raise UsageError("reading-language", language=language, known=", ".join(KNOWN))
    before = _before(folder)
    texts, rows, dismissed = [], [], {}
    for name, text in _identified(given):
        tongue = language or language_of(text.content)
        found = candidates.read(text, name, tongue)
        suffix = "md" if text.fills and not text.tool else "txt"
        headings = [(c.start, c.end) for c in found.candidates if c.kind in ("heading", "proposal")]
        texts.append(DraftText(name, tongue, f"texts/{name}.{suffix}", text, text.name, text.tool, headings))
        rows += [workbook.row(each, lang) for each in found.candidates]
        dismissed[name] = [(d.start, d.end, d.reason) for d in found.dismissed]
    carried = None
    if before:
        earlier = lost(folder)
        carried = reattaching.carried(before.rows, _contents(before.texts), rows, _contents(texts), earlier)
    draft = CorpusDraft(folder, texts, carried.rows if carried else rows, dismissed)
    _write(draft, carried.lost if carried else (), lang)
    if carried is None:
        return DraftMade(draft, False, 0, 0, ())
    return DraftMade(draft, True, carried.count, carried.fresh, carried.lost)


def _identified(given: Sequence[tuple[str, Text]]) -> list[tuple[str, Text]]:
    made: dict[str, Text] = {}
    for name, text in given:
        key = name or _ID.sub("-", text.name.rpartition(".")[0] or text.name).strip("-") or "text"
        if key in made or not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._~-]*", key):
            raise UsageError("reading-id", id=key, name=text.name)
        made[key] = text
    return list(made.items())


def _before(folder: Path) -> CorpusDraft | None:
    """The draft that is in a folder; None where there is nothing. Raises UsageError for a folder of anything else."""
    if folder.is_dir():
        writing.recover(folder)
    if (folder / DRAFT).is_file():
        return opened(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("not-a-draft", folder=folder)
    return None


def opened(folder: Path) -> CorpusDraft:
    """The draft in a folder. Raises UsageError where there is none, or its parts do not fit each other."""
    if folder.is_dir():
        writing.recover(folder)  # what a killed run had written
    if not (folder / DRAFT).is_file():
        raise UsageError("no-draft", folder=folder)
    try:
        about = parsing.from_json(_data(folder / DRAFT))
        listed = [{**each} for each in about["texts"]]
        texts = [_text(folder, each) for each in listed]
        ids = {str(key): str(given) for key, given in about["ids"].items()}
        written = {str(name): str(sha256) for name, sha256 in about["written"].items()}
    except (parsing.Unparsable, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError("draft-broken", folder=folder, because=reason(error)) from error
    rows, name = _rows(folder, written)
    rows = [{**row, ID: row.get(ID) or ids.get(row_key(row), "")} for row in rows]
    fitting.check(rows, _contents(texts), name)
    return CorpusDraft(folder, texts, rows, _read_dismissed(folder, texts, written))


def _read_dismissed(
    folder: Path, texts: Sequence[DraftText], written: Mapping[str, str]
) -> dict[str, list[tuple[int, int, str]]]:
    """What the rules dismissed, by text. Raises UsageError where the file is not as it was written."""
    data = _data(folder / DISMISSED)
    if _sha256(data) != written.get(DISMISSED):
        raise UsageError("draft-dismissed-changed", path=folder / DISMISSED)
    made: dict[str, list[tuple[int, int, str]]] = {each.id: [] for each in texts}
    for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
        made[row["text"]].append((int(row["start"]), int(row["end"]), row["reason"]))
    return made


def lost(folder: Path) -> list[dict[str, str]]:
    """The decided rows that earlier versions had, and that were not found again so far. Raises UsageError."""
    return workbook.from_csv(_data(folder / LOST), LOST) if (folder / LOST).is_file() else []


def _text(folder: Path, about: Mapping[str, Any]) -> DraftText:
    path = folder / about["file"]
    text = documents.pinned(path.name, _data(path))
    if text.sha256 != about["sha256"]:
        raise UsageError("draft-text-changed", path=path)
    if about["language"] not in KNOWN:
        raise ValueError(about["language"])
    headings = [(int(start), int(end)) for start, end in about["headings"]]
    return DraftText(about["id"], about["language"], about["file"], text, about["document"], about["tool"], headings)


def _data(path: Path) -> bytes:
    try:
        return files.data(path, most=_MOST)
    except OSError as error:
        raise UsageError("unreadable", path=path, because=reason(error)) from error


def _rows(folder: Path, written: Mapping[str, str]) -> tuple[list[dict[str, str]], str]:
    """The rows of the workbook that the editor changed, and its name, CSV or XLSX.

    Raises UsageError where both were changed and decide otherwise.
    """
    data = {name: _data(folder / name) for name in (CSV, XLSX) if name == CSV or (folder / name).is_file()}
    changed = [name for name, content in data.items() if _sha256(content) != written.get(name)]
    read = {name: _READ[name](data[name], name) for name in (changed or [CSV])}
    if len(read) == 2 and _decisions(read[CSV]) != _decisions(read[XLSX]):
        raise UsageError("workbooks-differ", csv=CSV, xlsx=XLSX)
    name = next(iter(read))
    return read[name], name


def _decisions(rows: Sequence[Mapping[str, str]]) -> set[tuple[str, ...]]:
    made = {tuple(r.get(c, "").strip() for c in ("kind", "text", "start", "end", *workbook.DECISIONS)) for r in rows}
    return {each for each in made if any(each[4:])}


def _write(draft: CorpusDraft, lost: Sequence[Mapping[str, str]], lang: Language) -> None:
    """Write a draft: all of its files, or none. Raises CannotGoOn."""
    draft.folder.mkdir(parents=True, exist_ok=True)
    contents = {each.file: each.text.content.encode() for each in draft.texts}
    contents |= {LOST: workbook.as_csv(lost)} if lost else {}
    writing.write(draft.folder, contents | _files(draft, draft.rows, lang), () if lost else (LOST,))


def rewrite(draft: CorpusDraft, rows: Sequence[Mapping[str, str]], lang: Language) -> None:
    """Write the workbook of a draft in both formats, and draft.json, which says what was written. Raises CannotGoOn."""
    writing.write(draft.folder, _files(draft, rows, lang))


def _files(draft: CorpusDraft, rows: Sequence[Mapping[str, str]], lang: Language) -> dict[str, bytes]:
    """The files that hold decisions, by name; draft.json is the last."""
    contents = {CSV: workbook.as_csv(rows), XLSX: workbook.as_xlsx(rows, lang), DISMISSED: _dismissed(draft)}
    about = {
        "program": f"openproposals {__version__}",
        "texts": [_about(each) for each in draft.texts],
        "written": {name: _sha256(content) for name, content in contents.items()},
        "ids": {row_key(row): row[ID] for row in rows if row.get(ID)},
    }
    shown = review.page([(each.id, each.text) for each in draft.texts], rows, draft.dismissed, lang)
    said = json.dumps(about, ensure_ascii=False, indent=1).encode() + b"\n"
    return contents | {REVIEW: shown.encode(), DRAFT: said}


def row_key(row: Mapping[str, str]) -> str:
    """What tells a row of the workbook from all others."""
    return f"{row['text']} {row['kind']} {row['start']} {row['end']}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _about(text: DraftText) -> dict[str, object]:
    return {
        "id": text.id,
        "file": text.file,
        "document": text.document,
        "tool": text.tool,
        "language": text.language,
        "characters": len(text.text.content),
        "sha256": text.text.sha256,
        "headings": [list(span) for span in text.headings],
    }


def _dismissed(draft: CorpusDraft) -> bytes:
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\n")
    writer.writerow(("text", "start", "end", "page", "reason"))
    for each in draft.texts:
        for start, end, why in draft.dismissed[each.id]:
            writer.writerow((each.id, start, end, documents.page(each.text, start) or "", why))
    return into.getvalue().encode()


def accounted(draft: CorpusDraft) -> dict[str, list[Accounted]]:
    """The ledger of each text of a draft: every sign with its state, by the decisions as they stand."""
    made = {}
    for each in draft.texts:
        own = [row for row in draft.rows if row["text"] == each.id]
        decided = [
            Decided(r["kind"], int(r["start"]), int(r["end"]), workbook.kept(r["keep"]), r.get("why", "")) for r in own
        ]
        headings = [*each.headings, *((d.start, d.end) for d in decided if d.kind in ("heading", "proposal"))]
        found = ledger.signs(each.text.content, rules(each.language), headings, each.text.pages)
        made[each.id] = ledger.account(each.text.content, found, decided, draft.dismissed[each.id])
    return made


def _contents(texts: Sequence[DraftText]) -> dict[str, str]:
    return {each.id: each.text.content for each in texts}
