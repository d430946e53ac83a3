"""From what an editor kept to the rows of a corpus's tables: labels in their words, passages by position and digest.

The document's words are not in the rows, but for figures, signs and the details of cited works as they are printed.
An absence is stated of a text only where nothing in it is left unexplained; else it is not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openproposals.errors import UsageError
from openproposals.factcheck import anchor
from openproposals.messages import LANGUAGES, say
from openproposals.model import lists
from openproposals.model.languages import Languages
from openproposals.model.numbers import decimal_mark
from openproposals.reading import workbook
from openproposals.reading.added_rows import completed
from openproposals.reading.draft import ID, CorpusDraft, DraftText, row_key
from openproposals.reading.kept_figures import add_statistics
from openproposals.reading.kept_text import CorpusRows, KeptText, Row

_LABELLED = ("heading", "proposal", "figure")
_SAID = 10  # rows without a label that are named


@dataclass(frozen=True)
class AcceptedDraft:
    """Rows by table, entries of the descriptor by path, and the workbook with the ids that its rows were given."""

    tables: Mapping[str, Sequence[Row]]
    descriptor: Mapping[tuple[str, ...], object]
    rows: Sequence[dict[str, str]]
    finished: Sequence[str]


def accepted(
    draft: CorpusDraft, languages: Languages, finished: Sequence[str], today: str, taken: frozenset[str] = frozenset()
) -> AcceptedDraft:
    """The rows that a draft's kept candidates become.

    languages: those of the corpus; finished: the ids of texts in which nothing is unexplained; today: the day
    (YYYY-MM-DD); taken: the ids that the corpus has. Raises UsageError for kept rows without a label.
    """
    texts = {text.id: text for text in draft.texts}
    kept = [completed(row, texts[row["text"]]) for row in draft.rows if workbook.kept(row["keep"])]
    _check_labels(kept)
    making = CorpusRows(languages, taken={*taken, *_taken(draft)})
    read: list[KeptText] = []
    for text in draft.texts:
        own = [row for row in kept if row["text"] == text.id]
        spans = sorted((int(r["start"]), int(r["end"])) for r in own if r["kind"] == "mark")
        where = anchor.anchorage(text.text, spans, decimal_mark(text.language))
        read.append(KeptText(making, text, where, own, text.id in finished))
        read[-1].accept()
        if text.id in finished:
            _activity(making, text, today)
    add_statistics(making, read)
    ids = {(r["text"], r["start"], r["end"], r["kind"]): making.given.get(row_key(r), "") for r in kept}
    rows = [{**r, ID: ids.get((r["text"], r["start"], r["end"], r["kind"]), r.get(ID, ""))} for r in draft.rows]
    return AcceptedDraft(making.tables, dict(_entries(draft, languages)), rows, finished)


def _taken(draft: CorpusDraft) -> set[str]:
    """The ids that rows were given, and those of the statistics of figures."""
    given = {row[ID] for row in draft.rows if row.get(ID)}
    return given | {each.rpartition("-")[0] for each in given}


def _check_labels(kept: Sequence[Mapping[str, str]]) -> None:
    bare = [r for r in kept if r["kind"] in _LABELLED and not r.get("label", "").strip()]
    if bare:
        named = ", ".join(f"{r['text']} {r['start']}–{r['end']} ({r['kind']})" for r in bare[:_SAID])
        raise UsageError("accept-unlabelled", n=len(bare), rows=named + (", …" if len(bare) > _SAID else ""))


def _entries(draft: CorpusDraft, languages: Languages) -> Iterator[tuple[tuple[str, ...], object]]:
    for text in draft.texts:
        yield ("documents", text.id, "title"), {languages.main: text.document}
        if code := lists.named("languages").meant(text.language):
            yield ("documents", text.id, "language"), code
        yield ("texts", text.id, "document"), text.id
        yield ("texts", text.id, "characters"), len(text.text.content)
        yield ("texts", text.id, "sha256"), text.text.sha256
        if text.tool:
            yield ("texts", text.id, "extraction"), dict.fromkeys(languages.own, text.tool)


def _activity(making: CorpusRows, text: DraftText, today: str) -> None:
    said = {
        f"comment_{tag}": say("reading/accepted", "activity", tag) for tag in making.languages.own if tag in LANGUAGES
    }
    row = {"id": f"reading-{text.id}-{today}", "text": text.id, "looked_for": "figures-and-sources"}
    making.add("activities", {**row, "ended": f"{today}T00:00:00Z", **said})
