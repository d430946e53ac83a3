"""Accepted rows written into a corpus's folder: new rows are added, places of known rows renewed, nothing is removed.

They are written as an import writes its tables: all of them or none. Tables that an import owns are left to it.

What an editor wrote in a table stays: of a row that is there, only the cells that say where it stands are renewed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openproposals.corpus import corpus_folder, descriptor, edit, imported
from openproposals.errors import UsageError
from openproposals.factcheck.anchor import ACCENTED, ANCHORS, FRAMES
from openproposals.findings import DESCRIPTOR, conforms
from openproposals.guards import files, parsing
from openproposals.importing import writing
from openproposals.messages import Language
from openproposals.model import schema
from openproposals.model.languages import Languages
from openproposals.reading import draft as drafts
from openproposals.reading import ledger, workbook
from openproposals.reading.accepting import AcceptedDraft, accepted
from openproposals.reading.draft import ID, CorpusDraft, DraftText
from openproposals.reading.ledger import Accounted

_PLACES = {
    "ledger": (*ledger.STATES, "sha256"),
    "passages": (*ANCHORS, ACCENTED),
    "figure-passages": FRAMES,
    "markers": ("as_printed", "start", "end", "expected", "note", "possible_note"),
}


@dataclass(frozen=True)
class Merged:
    """How many rows were added and renewed, by table; the texts of which absences are stated; how many were dropped.

    gone: the ids of what earlier versions of the documents said, and these no longer do.
    """

    added: Mapping[str, int]
    renewed: Mapping[str, int]
    finished: Sequence[str]
    unfinished: Sequence[str]
    dropped: int
    gone: Sequence[str]


def accept(folder: Path, corpus: Path | None, today: str, lang: Language) -> Merged:
    """Accept the draft in a folder into a corpus. Raises UsageError, and CannotGoOn where the disk refuses.

    corpus: a folder with corpus.toml; without it one beside the draft's files, begun where it is not there: its
    corpus.toml says what the draft knows, and `validate` tells what is missing.
    """
    draft = drafts.opened(folder)
    languages, text = _described(corpus) if corpus else _begun(own_corpus(folder), draft)
    corpus = corpus or own_corpus(folder)
    states = drafts.accounted(draft)
    finished = [t.id for t in draft.texts if not any(each.state == "unexplained" for each in states[t.id])]
    _check_texts(corpus, draft, text)
    found = accepted(draft, languages, finished, today, _ids(corpus))
    counted = [row for text in draft.texts for row in _counted(text, states[text.id])]
    found = replace(found, tables={**found.tables, "ledger": counted})
    owned = [table for table in found.tables if table in imported.read(corpus).sums]
    if owned:
        raise UsageError("accept-imported", folder=corpus, tables=", ".join(owned))
    contents, added, renewed = _contents(corpus, found)
    contents[DESCRIPTOR] = edit.descriptor(text, _missing(text, found))
    drafts.rewrite(draft, found.rows, lang)  # first, so that a run that is stopped gives the same ids again
    corpus.mkdir(exist_ok=True)
    writing.write(corpus, {name: content.encode() for name, content in contents.items()})
    unfinished = [t.id for t in draft.texts if t.id not in finished]
    gone = [row[ID] for row in drafts.lost(folder) if row.get(ID)]
    return Merged(added, renewed, finished, unfinished, _dropped(draft), gone)


def _ids(corpus: Path) -> frozenset[str]:
    """The ids of a corpus's rows, which no other row is given."""
    return frozenset(row["id"] for table in schema.tables() for row in _known(corpus, table)[1] if row.get("id"))


def _check_texts(corpus: Path, draft: CorpusDraft, text: str) -> None:
    """Refuse a text under the id of another that the corpus has. Raises UsageError.

    One of which the draft gave no row an id is no newer version of it.
    """
    pinned = parsing.from_toml(text).get("texts", {})
    passages = {row.get("text", "") for row in _known(corpus, "passages")[1]}
    given = {row["text"] for row in draft.rows if row.get(ID)}
    for each in draft.texts:
        other = pinned.get(each.id, {}).get("sha256", each.text.sha256) != each.text.sha256
        if other and each.id in passages and each.id not in given:
            raise UsageError("accept-text-known", folder=corpus, text=each.id, document=each.document)


def _counted(text: DraftText, found: Sequence[Accounted]) -> Iterator[dict[str, str]]:
    """The rows of the ledger of a text: how many signs of each sort are in each state."""
    for sort, states in ledger.counts(found).items():
        if sort == "page" and not states:
            continue
        sums: dict[str, str] = {state: str(states[state]) for state in ledger.STATES}
        yield {"text": text.id, "sign": sort, **sums, "sha256": text.text.sha256}


def _dropped(draft: CorpusDraft) -> int:
    return sum(workbook.kept(row["keep"]) is False for row in draft.rows)


def own_corpus(folder: Path) -> Path:
    """The folder of the corpus that a draft becomes where no other is named."""
    return folder / "corpus"


def _begun(corpus: Path, draft: CorpusDraft) -> tuple[Languages, str]:
    """The languages and the descriptor of a draft's own corpus, which may yet lack what only its publisher knows."""
    path = corpus / DESCRIPTOR
    if path.is_file():
        writing.recover(corpus)
        text = files.text(path)
        if (found := descriptor.languages_of(text)).own:
            return found, text
        raise UsageError("descriptor-unusable", path=path, folder=corpus)
    tags = list(dict.fromkeys(text.language for text in draft.texts))
    return Languages(tuple(tags)), f"languages = {json.dumps(tags)}\n"


def _described(corpus: Path) -> tuple[Languages, str]:
    """The languages of a corpus, and the text of its descriptor. Raises UsageError where it cannot be read."""
    path = corpus / DESCRIPTOR
    if not path.is_file():
        raise UsageError("accept-no-corpus", folder=corpus)
    writing.recover(corpus)
    found, findings = corpus_folder.read(corpus)
    if found is None or not conforms([f for f in findings if f.location.file == DESCRIPTOR]):
        raise UsageError("descriptor-unusable", path=path, folder=corpus)
    return found.languages, files.text(path)


def _missing(text: str, found: AcceptedDraft) -> dict[tuple[str, ...], object]:
    """The entries of documents and texts that a descriptor lacks; a text's pin is always renewed."""
    said = parsing.from_toml(text)
    return {
        path: value
        for path, value in found.descriptor.items()
        if path[2] in ("characters", "sha256") or path[2] not in said.get(path[0], {}).get(path[1], {})
    }


def _contents(corpus: Path, found: AcceptedDraft) -> tuple[dict[str, str], dict[str, int], dict[str, int]]:
    contents: dict[str, str] = {}
    added: dict[str, int] = {}
    renewed: dict[str, int] = {}
    for table, rows in found.tables.items():
        keys = schema.tables()[table].key
        header, known = _known(corpus, table)
        header += [name for row in rows for name in row if name not in header]
        header = list(dict.fromkeys(header))
        by_key = {tuple(row.get(k, "") for k in keys): row for row in known}
        for row in rows:
            key = tuple(row.get(k, "") for k in keys)
            old = by_key.get(key)
            if old is None:
                known.append(dict(row))
                by_key[key] = known[-1]
                added[table] = added.get(table, 0) + 1
            elif changed := {n: row.get(n, "") for n in _PLACES.get(table, ()) if row.get(n, "") != old.get(n, "")}:
                old.update(changed)
                renewed[table] = renewed.get(table, 0) + 1
        contents[f"{table}.csv"] = edit.table(header, known)
    return contents, added, renewed


def _known(corpus: Path, table: str) -> tuple[list[str], list[dict[str, str]]]:
    text = corpus_folder.table_text(corpus, table)
    if not text:
        return [], []
    found = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    rows = [{k: v or "" for k, v in row.items() if k} for row in found]
    return list(found.fieldnames or []), rows
