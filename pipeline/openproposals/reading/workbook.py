"""The workbook: candidates as rows, for an editor to keep or drop, as CSV and as XLSX. The doorway to XlsxWriter.

`keep` is what the editor fills in (yes or no), `label` what a kept row is called in their own words, `why` the reason
for dropping one. Every other column says what was found, where, and what shows it.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

import polars as pl
import xlsxwriter

from openproposals.errors import UsageError, because, reason
from openproposals.guards import spreadsheet
from openproposals.importing import workbooks
from openproposals.messages import LANGUAGES, Language, say, texts
from openproposals.reading.candidates import Candidate, CandidateKind

COLUMNS = (
    "id", "kind", "text", "start", "end", "page", "words", "reason", "confidence", "keep", "label", "why", "new",
    "parent", "pair", "sentence_start", "sentence_end", "number", "level", "value", "minimum", "maximum", "numerator",
    "denominator", "unit", "qualifier", "sign", "expected", "possible", "title", "publisher", "issued", "url",
    "rule", "fault", "corpus_id",
)  # fmt: skip
DECISIONS = ("keep", "label", "why")
_POSITION = re.compile("[0-9]{1,12}")
_FORMS = {  # of cells that are read back
    "kind": re.compile("|".join(get_args(CandidateKind))),
    "sentence_start": re.compile("(?:[0-9]{1,12})?"),
    "sentence_end": re.compile("(?:[0-9]{1,12})?"),
    "level": re.compile("(?:[0-9]{1,2})?"),
}
_LABEL = "label_"  # begins a column of labels in a further language, which the editor may add
_NEEDED = ("kind", "text", "start", "end", "keep")
_QUOTED = (
    "title",
    "publisher",
    "issued",
    "sign",
    "expected",
    "reason",
)  # what the document says, and a draft takes over
_WIDTHS = {"words": 60, "reason": 40, "label": 40, "why": 24, "title": 30}
_SHEET = "candidates"
_MADE = datetime.datetime(2000, 1, 1)  # no clock: the same rows give the same bytes
Row = Mapping[str, str]


def row(candidate: Candidate, lang: Language) -> dict[str, str]:
    """A candidate as a row; its reason in the reader's language."""
    said = [say("reading/reasons", f"offered.{candidate.rule}", lang)]
    said += [say("reading/reasons", f"faults.{fault}", lang, **_facts(candidate)) for fault in candidate.faults]
    first, last = candidate.sentence or ("", "")
    made = {
        "id": candidate.id,
        "kind": candidate.kind,
        "text": candidate.text,
        "start": str(candidate.start),
        "end": str(candidate.end),
        "page": str(candidate.page or ""),
        "words": " ".join(candidate.words.split()),
        "reason": "; ".join(said),
        "confidence": f"{candidate.confidence:.2f}",
        "parent": candidate.parent,
        "pair": " ".join(candidate.pair),
        "sentence_start": str(first),
        "sentence_end": str(last),
        "rule": candidate.rule,
        "fault": " ".join(candidate.faults),
        **candidate.cells,
    }
    return {name: made.get(name, "") for name in COLUMNS}


def _facts(candidate: Candidate) -> dict[str, str]:
    return {"sign": candidate.cells.get("sign", ""), "expected": candidate.cells.get("expected", "") or "?"}


def carried(row: Row) -> dict[str, str]:
    """What of a row is the editor's or the corpus's, and goes over to the next version of the document."""
    return {k: v for k, v in row.items() if k in (*DECISIONS, "corpus_id") or k not in COLUMNS}


def columns(rows: Sequence[Row]) -> list[str]:
    """The columns of a workbook of these rows: the known ones, then those that the editor added, in their order."""
    return list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row if name)]))


def as_csv(rows: Sequence[Row]) -> bytes:
    """The rows as CSV (UTF-8), the document's words kept from being read as formulas."""
    names = columns(rows)
    table = pl.DataFrame(
        {name: [each.get(name, "") for each in rows] for name in names}, dict.fromkeys(names, pl.String)
    )
    quoted = [spreadsheet.as_text(name) for name in _QUOTED]
    return table.with_columns(spreadsheet.as_no_formula("words"), *quoted).write_csv().encode()


def as_xlsx(rows: Sequence[Row], lang: Language) -> bytes:
    """The rows as a workbook: one sheet, its header fixed, `keep` with a list to choose from."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _MADE})
    sheet = book.add_worksheet(_SHEET)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    names = columns(rows)
    for at, name in enumerate(names):
        sheet.set_column(at, at, _WIDTHS.get(name.partition("_")[0], 10), wrapped)
        sheet.write_string(0, at, name, bold)
        if name in COLUMNS or name.startswith(_LABEL):
            known = name if name in COLUMNS else "label"
            sheet.write_comment(0, at, say("reading/reasons", f"columns.{known}", lang))
    for down, each in enumerate(rows, 1):
        for at, name in enumerate(names):
            if said := each.get(name, ""):
                sheet.write_string(down, at, said)
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(names) - 1)
        at = COLUMNS.index("keep")
        sheet.data_validation(
            1, at, len(rows), at, {"validate": "list", "source": ["yes", "no"], "error_type": "warning"}
        )
    book.close()
    return into.getvalue()


def from_csv(data: bytes, name: str) -> list[dict[str, str]]:
    """The rows of a workbook as CSV. Raises UsageError where it is none."""
    try:
        said = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("not-utf8-text", path=name, because=reason(error)) from error
    first = said.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    found = csv.DictReader(io.StringIO(said, newline=""), delimiter=mark)
    try:
        rows = [
            {k: (v or "") for k, v in each.items() if isinstance(k, str) and not isinstance(v, list)} for each in found
        ]
    except csv.Error as error:
        raise UsageError("workbook-broken", name=name, because=reason(error)) from error
    for each in rows:
        each.update({c: each[c].removeprefix("'") for c in ("words", *_QUOTED) if c in each})
    return _checked(found.fieldnames or [], rows, name)


def from_xlsx(data: bytes, name: str) -> list[dict[str, str]]:
    """The rows of a workbook as XLSX, its first sheet, read with bounds. Raises UsageError where it is none."""
    book = workbooks.opened(data)
    if book.problem or book.encrypted or not book.names:
        raise UsageError("workbook-broken", name=name, because=book.problem or because("workbook-closed"))
    cells = [[workbooks.text_of(cell).strip() for cell in row] for row in book.grids[book.names[0]]]
    header = cells[0] if cells else []
    rows = [dict(zip(header, each, strict=False)) for each in cells[1:]]
    return _checked(header, [each for each in rows if any(each.values())], name)


def _checked(header: Iterable[str], rows: list[dict[str, str]], name: str) -> list[dict[str, str]]:
    missing = [column for column in _NEEDED if column not in header]
    if missing:
        raise UsageError("workbook-columns", name=name, columns=", ".join(missing))
    rows = [dict.fromkeys(COLUMNS, "") | each for each in rows]
    for line, each in enumerate(rows, 2):
        spans = [each[column] for column in ("start", "end")]
        if not all(_POSITION.fullmatch(place) for place in spans) or int(spans[0]) >= int(spans[1]):
            raise UsageError("workbook-span", name=name, line=line, start=each["start"], end=each["end"])
        for column, allowed in _FORMS.items():
            if not allowed.fullmatch(each.get(column, "")):
                raise UsageError("workbook-cell", name=name, line=line, column=column, said=each[column])
        if each["keep"].strip() and kept(each["keep"]) is None:
            raise UsageError("workbook-keep", name=name, line=line, said=each["keep"])
    return rows


def kept(said: str) -> bool | None:
    """What a cell of `keep` says: True, False; None for empty or for anything else.

    >>> kept("yes"), kept("Non"), kept(""), kept("perhaps")
    (True, False, None, None)
    """
    word = said.strip().lower()
    for answer, value in (("yes", True), ("no", False)):
        if word in {w for lang in LANGUAGES for w in texts("reading/reasons", lang)["answers"][answer].split()}:
            return value
    return None
