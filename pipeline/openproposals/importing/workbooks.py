"""Workbooks (XLSX, XLSM, XLS, XLSB, ODS) by python-calamine, in a process of its own with bounds.

In: the bytes of a workbook. Out: a sheet. A formula gives the value that the workbook keeps for it, a date its day. No
macro is run and no link is followed: both are said. Merged cells and hidden rows are said too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openproposals.findings import Finding, Location, letters
from openproposals.guards import child
from openproposals.importing.delimited import Stated
from openproposals.importing.header_rows import blank_rows, header_row, no_header, rows_above
from openproposals.importing.sheets import Sheet, Understood, cleaned, sheet, shown_few
from openproposals.importing.totals import total
from openproposals.messages import Phrase

BOUNDS = child.Bounds(memory=1536 << 20, seconds=120)
WORDS = "importing/words"
BookCell = str | list[str]
_NOTED = {
    "uncomputed": "formula-uncomputed",
    "errors": "cells-with-errors",
    "comments": "cells-commented",
    "linked": "cells-linked",
    "percent": "cells-percent",
}


@dataclass(frozen=True)
class Book:
    """What a workbook holds: its sheets by name, and what is beside them.

    `grids` has, by sheet, rows of cells: each its text, in a list of one where the format says that it is a number, a
    date or a truth value. `problem` says why it cannot be read.
    """

    names: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    grids: Mapping[str, Sequence[Sequence[BookCell]]] = field(default_factory=dict)
    notes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    macros: bool = False
    links: bool = False
    problem: str | Phrase = ""
    encrypted: bool = False


def opened(data: bytes, names: Sequence[str] | None = None) -> Book:
    """A workbook, with the rows of the sheets named (by default of all).

    What it costs beyond the bounds is its problem.
    """
    wanted = json.dumps(None if names is None else list(names))
    try:
        answer = json.loads(child.run("openproposals.importing.workbook_child:answer", data, BOUNDS, [wanted]))
    except child.OutOfBounds as error:
        return Book(problem=Phrase(WORDS, f"reasons.workbook-{error.reason}"))
    if "problem" in answer:
        problem = Phrase(WORDS, f"reasons.{answer['reason']}") if answer.get("reason") else str(answer["problem"])
        return Book(problem=problem, encrypted=bool(answer.get("encrypted")))
    return Book(
        tuple(answer["names"]),
        tuple(answer["hidden"]),
        answer["grids"],
        answer["notes"],
        bool(answer["macros"]),
        bool(answer["links"]),
    )


def problems(file: str, book: Book) -> list[Finding]:
    """What is to be said of a workbook as a whole."""
    if book.encrypted:
        return [Finding(Location(file), "workbook-encrypted")]
    if book.problem:
        return [Finding(Location(file), "raw-file-damaged", facts={"problem": book.problem})]
    found = [Finding(Location(file), "macros-not-run")] if book.macros else []
    return found + ([Finding(Location(file), "links-not-followed")] if book.links else [])


def laid_out(file: str, name: str, book: Book, stated: Stated) -> Sheet:
    """The sheet of that name as rows under a header."""
    place = f"{file}!{name}"
    grid = book.grids[name]
    rows = [[cleaned(text_of(cell)) for cell in row] for row in grid]
    at = stated.header - 1 if stated.header else header_row(rows)
    if at is None or at >= len(rows) or not any(rows[at]):
        missing = no_header(place, stated.header) if stated.header else Finding(Location(place), "table-empty")
        return sheet(Understood(place, header=0), [], [], [], findings=[missing])
    findings = _notes(place, book.notes.get(name, {}), at)
    if not stated.header:
        findings += rows_above(place, [n for n, row in enumerate(rows[:at], start=1) if any(row)], at + 1)
    last = stated.last or len(rows)
    kept = [(n, row) for n, row in enumerate(rows[at + 1 : last], start=at + 2) if any(c is not None for c in row)]
    numbers = [n for n, _ in kept]
    blank = sorted(set(range(at + 2, numbers[-1] if numbers else 0)) - set(numbers))
    findings += blank_rows(place, blank, numbers)
    body = [row for _, row in kept]
    if not stated.last:
        findings += total(place, body, numbers)
    header = [(cell or "").strip() for cell in rows[at]]
    typed = {
        name: [isinstance(grid[n - 1][column], list) for n in numbers]
        for column, name in enumerate(header)
        if name and any(isinstance(grid[n - 1][column], list) for n in numbers)
    }
    return sheet(Understood(place, header=at + 1), header, body, numbers, typed, findings)


def text_of(cell: BookCell) -> str:
    """The text of a cell, whatever the format says of it."""
    return cell[0] if isinstance(cell, list) else cell


def _notes(place: str, notes: Mapping[str, Any], at: int) -> list[Finding]:
    """What is to be said of merged and hidden cells, and of what cells have beside text. `at`: the header, from 0."""
    inside = [(first, last) for first, last in notes.get("merged", ()) if int(last[0]) >= at]  # not a title above
    merged = [f"{_cell(first)}:{_cell(last)}" for first, last in inside]
    first_merged = int(inside[0][0][0]) + 1 if inside else 0
    hidden = list(map(str, notes.get("hidden", ())))
    columns = [letters(number) for number in notes.get("hidden_columns", ())]
    said = (
        ("cells-merged", merged, first_merged),
        ("rows-hidden", hidden, int(hidden[0]) if hidden else 0),
        ("columns-hidden", columns, at + 1),
        *((code, *_places(notes.get(note, ()), at)) for note, code in _NOTED.items()),
    )
    return [
        Finding(Location(place, row), code, facts={"places": shown_few(places), "count": str(len(places))})
        for code, places, row in said
        if places
    ]


def _places(noted: Sequence[str | Sequence[int]], at: int) -> tuple[list[str], int]:
    """The places of cells below the header, and the row of the first: what is noted of a column's name is no matter."""
    named = [each if isinstance(each, str) else _cell(each) for each in noted]
    rows = [int("".join(filter(str.isdigit, each)) or 0) for each in named]
    below = [(row, each) for row, each in zip(rows, named, strict=True) if row > at + 1 or not row]
    return [each for _, each in below], below[0][0] if below else 0


def _cell(place: Sequence[int]) -> str:
    return f"{letters(place[1] + 1)}{place[0] + 1}"
