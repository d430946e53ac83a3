"""The doorway to frictionless: it checks rows against their Table Schema, with our own checks added.

Frictionless gets rows as inline text with the columns of their file, and a dialect that leaves nothing to guess: it
detects neither the encoding nor the delimiter nor the header. Its errors become findings. No other module imports it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, ClassVar

import frictionless
import numpy as np
from frictionless import errors
from frictionless.resources import TableResource
from numpy.typing import NDArray

from openproposals.corpus.corpus_folder import Corpus
from openproposals.errors import CannotGoOn
from openproposals.findings import Finding, Location, catalogue
from openproposals.model import lists, schema
from openproposals.progress import RowProgress, ignore
from openproposals.validation import lexical
from openproposals.validation.results import Coverage
from openproposals.validation.screens import table_rows

SCREENED_FROM = 20_000  # rows; the judge gets all of a smaller corpus
CAP = 1_000  # rows judged of those suspect for one reason, where that reason is a violation; the rest are counted
LIMIT = 1_000_000  # frictionless stops at 1000 findings unless told otherwise; the report caps, not the judge
_HEADER = [1]  # stated, not left to the default: otherwise the first row of usual length is taken for it
_SAMPLE = 1  # rows looked at before the first is judged: the header alone, so that no row decides how another is read
_NEAR = 20_000  # beyond so many candidates, no nearest one is looked for
_NEAREST = 20  # broken links, and unknown codes, for which the nearest is looked up


@dataclass(frozen=True)
class JudgedTables:
    """The tables that the judge gets, each with the columns of its file."""

    corpus: Corpus
    tables: Mapping[str, schema.Table]
    columns: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class JudgedTable:
    """One table that the judge got: all its rows (`numbers` None), or the rows with these numbers, from 0."""

    corpus: Corpus
    table: schema.Table
    columns: Sequence[str]
    numbers: NDArray[np.int64] | None

    def index(self, row: int) -> int:
        """The number, from 0, of the table's row that the judge calls `row`: it counts the header as row 1."""
        return row - 2 if self.numbers is None else int(self.numbers[row - 2])

    def place(self, row: int | None, name: str, number: int) -> Location:
        """The place of a cell in the corpus's files."""
        if row is None:
            column = number or (list(self.columns).index(name) + 1 if name in self.columns else 0)
            return Location(f"{self.table.name}.csv", 0, column, name)
        return self.corpus.location(self.table.name, self.index(row), name)


class OurError(errors.CellError):
    """An error of our own about a cell that frictionless accepts; `note` is the code of the finding."""

    type = "openproposals"
    title = "Openproposals"
    description = "A cell that cannot be published as it stands"
    template = 'The cell "{cell}" at row "{rowNumber}" and field "{fieldName}": {note}'


class Publishable(frictionless.Check):
    """A check that each cell is fit to be published as a literal or an IRI (see `lexical.fault`)."""

    type = "publishable"
    Errors: ClassVar = [OurError]

    def __init__(self, table: schema.Table) -> None:
        super().__init__()
        self.columns = {column.name: column for column in table.columns}

    def validate_row(self, row: Any) -> Iterable[Any]:
        """Yield an error for each cell that cannot be published as it stands."""
        for number, (name, cell) in enumerate(zip(row.field_names, row.cells, strict=False), start=1):
            code = lexical.fault(self.columns[name], cell) if cell else ""
            if code:
                yield OurError(
                    note=code,
                    cells=list(map(str, row.cells)),
                    row_number=row.row_number,
                    cell=cell,
                    field_name=name,
                    field_number=number,
                )


class Keys(TableResource):
    """A resource of the keys that links refer to. Frictionless copies resources for each link; not this one."""

    def to_copy(self, **_: Any) -> Keys:
        """Return this resource: it is never open, so that a copy would be the same."""
        return self


def check(
    corpus: Corpus,
    *,
    judge_all: bool = False,
    progress: RowProgress = ignore,
    search: table_rows.Search | None = None,
) -> tuple[Coverage, list[Finding]]:
    """Check every table against its Table Schema, links included: how much was judged, and findings.

    search: how the screen searches whole tables; by default on this machine.

    The judge gets every row of a corpus below `SCREENED_FROM` rows, or of any with `judge_all`; else only rows that the
    screen could not prove. A systematic fault is judged for its first rows; a finding gives the count of the rest.
    """
    tables = {n: t for n, t in corpus.schema.items() if t.origin not in ("derived", "flat")}
    view = JudgedTables(corpus, tables, {name: _columns(corpus, table) for name, table in tables.items()})
    given = [n for n in tables if n not in corpus.unread and corpus.tables.height(n)]
    read = sum(corpus.tables.height(n) for n in given)
    if judge_all or read < SCREENED_FROM or corpus.ragged:
        findings = _judge(view, dict.fromkeys(given))
        return Coverage(0, read), [*_with_nearest(corpus, findings), *_lengths(corpus)]
    counted_rows = lambda done: progress(done, read)  # noqa: E731
    screened = table_rows.screen(corpus.tables, tables, view.columns, corpus.unread, counted_rows, search)
    suspects = {name: screened[name] for name in given if len(screened[name].suspects)}
    first = {name: _first(found) for name, found in suspects.items()}
    findings = _judge(view, first)
    mild = {code for code, entry in catalogue().items() if entry["severity"] == "warning"}  # they stop nothing
    hit = {(f.location.file, f.location.row) for f in findings if f.code not in mild}
    rest: dict[str, NDArray[np.int64]] = {}
    counted: list[Finding] = []
    for name, found in suspects.items():
        clear: list[NDArray[np.int64]] = []
        for reason, numbers in found.reasons.items():
            if len(numbers) > CAP:
                places = {(p.file, p.row) for p in (corpus.location(name, int(n)) for n in numbers[:CAP])}
                if places & hit:
                    counted.append(_beyond(corpus, name, reason, numbers))
                else:
                    clear.append(numbers)  # the screen could not prove what the judge finds fine
        if clear:
            rest[name] = np.union1d(table_rows.union(clear), first[name])
    if rest:
        again = _judge(view, {name: rest.get(name, first[name]) for name in first})
        findings = again
    judged = sum(len(rest.get(name, first[name])) for name in first)
    return Coverage(read, judged), [*_with_nearest(corpus, findings), *counted]


def _first(screened: table_rows.Screened) -> NDArray[np.int64]:
    """The rows to judge: for each reason the first `CAP`."""
    return table_rows.union(numbers[:CAP] for numbers in screened.reasons.values())


def _beyond(corpus: Corpus, table: str, reason: str, numbers: NDArray[np.int64]) -> Finding:
    """A finding that rows beyond the first `CAP`, suspect for the same reason, were counted and not judged."""
    place = corpus.location(table, int(numbers[CAP]))
    column = reason.rpartition(" ")[2]
    facts = {"count": str(len(numbers) - CAP), "judged": str(CAP), "about": column}
    return Finding(place, "not-all-judged", facts=facts)


def _judge(view: JudgedTables, wanted: Mapping[str, NDArray[np.int64] | None]) -> list[Finding]:
    """The judge's findings about these rows of each table (None: all rows). It also gets the rows that they link to."""
    if not wanted:
        return []
    corpus = view.corpus
    some = {name: numbers for name, numbers in wanted.items() if numbers is not None}
    known = table_rows.context(corpus.tables, view.tables, view.columns, some) if some else {}
    links = {_keys(k): k for name in wanted for k in _links(corpus, view.tables[name], view.columns[name])}
    handed: dict[str, NDArray[np.int64] | None] = dict.fromkeys({*wanted, *(k.table for k in links.values())})
    if some:
        none = np.empty(0, np.int64)
        handed = {name: np.union1d(some.get(name, none), known.get(name, none)) for name in handed}
    package = frictionless.Package(
        name="corpus",
        resources=[
            *(_resource(view, name, handed[name]) for name in view.tables if name in wanted),
            *(_lookup(view, name, link, handed[link.table]) for name, link in sorted(links.items())),
        ],
    )
    findings: list[Finding] = []
    for resource in package.resources:
        name = resource.name
        if name not in wanted:
            continue
        report = resource.validate(frictionless.Checklist(checks=[Publishable(view.tables[name])]), limit_errors=LIMIT)
        asked = None if wanted[name] is None else set(np.asarray(wanted[name]).tolist())
        given = JudgedTable(corpus, view.tables[name], view.columns[name], handed[name])
        for error in report.errors + [e for task in report.tasks for e in task.errors]:
            number = getattr(error, "row_number", None)
            if asked is None or number is None or given.index(number) in asked:
                findings += _finding(given, error)
    return findings


def _with_nearest(corpus: Corpus, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings; the first broken links get the nearest key, the first unknown codes the nearest code."""
    looked_up = 0
    asked: dict[tuple[str, str], str] = {}
    for finding in findings:
        if finding.code == "code-unknown":
            code = str(finding.facts["list"]), finding.cell
            if code not in asked and len(asked) < _NEAREST:
                asked[code] = lists.near(*code)
            yield replace(finding, facts={**finding.facts, "near": _offered(asked.get(code, ""))})
            continue
        target = str(finding.facts.get("table", ""))
        few = target in corpus.tables and corpus.tables.height(target) <= _NEAR
        if finding.code != "broken-link" or not few or looked_up >= _NEAREST:
            yield finding
            continue
        looked_up += 1
        keys = corpus.tables.columns(target, [str(finding.facts["target"])])
        candidates = keys.to_series().drop_nulls().to_list()
        near = difflib.get_close_matches(finding.cell, candidates, 1, 0.5)
        yield replace(finding, facts={**finding.facts, "near": _offered(*near)})


def _offered(near: str = "") -> str:
    return f" ({near} ?)" if near else ""


def _lengths(corpus: Corpus) -> Iterator[Finding]:
    """A finding for each row that is longer or shorter than its header. Its cells are not checked further."""
    for name, records in corpus.ragged.items():
        header = records.header
        for number, row in zip(records.numbers, records.rows, strict=True):
            facts = {"cells": str(len(row)), "columns": str(len(header))}
            place = Location(f"{name}.csv", number, min(len(row), len(header)) + 1)
            if len(row) > len(header):
                yield Finding(place, "cells-extra", row[len(header)], facts)
            else:
                yield Finding(replace(place, name=header[len(row)]), "cells-missing", "", facts)


def judge_version() -> str:
    """The name and version of the judge, for the report."""
    return f"frictionless {version('frictionless')}"


def _columns(corpus: Corpus, table: schema.Table) -> list[str]:
    """The columns that the judge gets: those of the file, in its order; all where rows come from several files."""
    header = corpus.headers.get(f"{table.name}.csv")
    if header is None or (corpus.tables.height(table.name) and corpus.tables.first_file(table.name) is None):
        return table.column_names
    return list(header)


def _rows(
    corpus: Corpus, name: str, columns: Sequence[str], numbers: NDArray[np.int64] | None
) -> Sequence[Sequence[str]]:
    tables = corpus.tables
    frame = tables.columns(name, columns) if numbers is None else tables.rows(name, numbers, columns)
    return [["" if cell is None else cell for cell in row] for row in frame.iter_rows()]


def _resource(view: JudgedTables, name: str, numbers: NDArray[np.int64] | None) -> frictionless.Resource:
    """A table, or some of its rows, as a frictionless resource."""
    table, columns = view.tables[name], view.columns[name]
    rules = {
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": list(k.columns), "reference": {"resource": _keys(k), "fields": list(k.targets)}}
            for k in _links(view.corpus, table, columns)
        ],
    }
    return frictionless.Resource(
        **_handed(table, columns, _rows(view.corpus, name, columns, numbers), rules), name=name
    )


def _lookup(
    view: JudgedTables, name: str, link: schema.ForeignKey, numbers: NDArray[np.int64] | None
) -> frictionless.Resource:
    """The keys that a link may refer to, as a resource of their own, so that the judge need not read whole tables.

    Rows longer or shorter than their header are included: the cell in the key's place is most likely the key.
    """
    columns = view.columns[link.table]
    places = [columns.index(c) if c in columns else len(columns) for c in link.targets]
    ragged = view.corpus.ragged.get(link.table)
    rows_ = (*_rows(view.corpus, link.table, columns, numbers), *(ragged.rows if ragged else ()))
    keys = (tuple(row[p] if p < len(row) else "" for p in places) for row in rows_)
    return Keys(**_handed(view.tables[link.table], link.targets, list(dict.fromkeys(keys)), {}), name=name)


def _keys(link: schema.ForeignKey) -> str:
    """The name of the resource of keys that a link refers to."""
    return f"{link.table}/{'/'.join(link.targets)}"


def _links(corpus: Corpus, table: schema.Table, columns: Sequence[str]) -> list[schema.ForeignKey]:
    """The links of a table that can be checked: all their columns are given, and the other table could be read."""
    return [k for k in table.links if set(k.columns) <= set(columns) and k.table not in corpus.unread]


def _handed(
    table: schema.Table, columns: Sequence[str], rows_: Sequence[Sequence[str]], rules: Mapping[str, Any]
) -> dict[str, Any]:
    """Arguments of a resource: the rows, and the Table Schema cut to these columns and without our own properties."""
    fields = {field["name"]: field for field in table.descriptor["fields"]}
    keep = ("name", "type", "constraints")
    described = [{k: fields[c][k] for k in keep if k in fields[c]} for c in columns]
    given = frictionless.Schema.from_descriptor({"fields": described, "missingValues": [""], **rules})
    return {
        "data": [columns, *rows_],
        "schema": given,
        "dialect": frictionless.Dialect(header_rows=_HEADER),
        "detector": frictionless.Detector(sample_size=_SAMPLE),
    }


def _finding(given: JudgedTable, error: Any) -> Iterator[Finding]:
    """One frictionless error as findings at the corpus's own file, row and column."""
    table = given.table
    row = getattr(error, "row_number", None)
    name = getattr(error, "field_name", "") or ""
    cell = str(getattr(error, "cell", "") or "")
    place = given.place(row, name, getattr(error, "field_number", 0))
    stands_for = place.file != f"{table.name}.csv" and place.file in _short_files()
    written = given.corpus.schema[place.file.removesuffix(".csv")].column_names if stands_for else []
    made = name not in written or (table.name, name) == ("figures", "id")
    if stands_for and error.type != "primary-key" and made:
        return  # the cell stands for one of the short form, which is judged where it is written
    if error.type in (OurError.type, "type-error", "constraint-error"):
        column = table.column(name)
        assert column is not None
        code = (lexical.fault(column, cell) if cell else "") or _code(error, column)
        yield Finding(place, code, cell, lexical.facts(code, column, cell))
    elif error.type == "foreign-key":
        for field, value in zip(error.field_names, error.field_cells, strict=False):
            here = given.place(row, field, 0)
            yield Finding(here, "broken-link", str(value), _link_facts(table, field))
    elif error.type in ("primary-key", "unique-error"):
        if "None" in error.note:
            return  # an empty key cell is reported as cell-empty
        first = re.search(r"at position (\d+)", error.note)
        other = given.place(int(first[1]) if first else None, "", 0)
        if stands_for and other.file == place.file:
            return
        key = ", ".join(table.key)
        here = given.place(row, table.key[0] if len(table.key) == 1 else "", 0)
        cells = dict(zip(given.columns, error.cells, strict=False))
        yield Finding(
            here, "key-twice", " / ".join(cells.get(k, "") for k in table.key), {"key": key, "other": str(other)}
        )
    elif error.type == "blank-row":  # lookups emptied it
        yield Finding(place, "row-blank", facts={"last": str(place.row)})
    else:
        raise CannotGoOn("table-not-judged", table=table.name, because=error.message)


def _link_facts(table: schema.Table, field: str) -> dict[str, str]:
    """The table and the column to which a link's column refers, as facts of a finding."""
    link = next(k for k in table.links if field in k.columns)
    target = link.targets[link.columns.index(field)]
    return {"table": link.table, "target": target, "near": ""}


def _short_files() -> set[str]:
    return {f"{name}.csv" for name, table in schema.tables().items() if table.origin == "short"}


def _code(error: Any, column: schema.Column) -> str:
    """The code of the finding about a cell that breaks its column's type or constraints."""
    if error.type == "type-error":
        types = {"number": "not-a-number", "integer": "not-an-integer", "date": "not-a-date"}
        return types.get(column.type, "pattern-mismatch")
    found = {"required": "cell-empty", "enum": "not-in-list", "minimum": "too-small"}.get(error.note.split('"')[1])
    if found:
        return found
    if column.partial_date:
        return "not-a-date"
    return "not-an-identifier" if "._~-" in column.pattern else "pattern-mismatch"
