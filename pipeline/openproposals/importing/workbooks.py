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
from openproposals.importing.delimited import Stated, blank_rows
from openproposals.importing.sheets import Sheet, Understood, cleaned, sheet, shown_few
from openproposals.importing.totals import total
from openproposals.messages import Phrase

BOUNDS = child.Bounds(memory=1536 << 20, seconds=120)
WORDS = "importing/words"
_ABOVE = 20  # rows among which a header is looked for
BookCell = str | list[str]


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
    at = stated.header - 1 if stated.header else _header(rows)
    if at is None or at >= len(rows):
        return sheet(Understood(place, header=0), [], [], [], findings=[Finding(Location(place), "table-empty")])
    findings = _notes(place, book.notes.get(name, {}), at)
    above = [n for n, row in enumerate(rows[:at], start=1) if any(row)]
    if above and not stated.header:
        facts = {"rows": shown_few(above), "header": str(at + 1)}
        findings.append(Finding(Location(place, above[0]), "rows-above-header", facts=facts))
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


def _header(rows: Sequence[Sequence[str | None]]) -> int | None:
    """The row of the header: the first in which as many cells are filled as in most; None where there is no row."""
    counts = [sum(cell is not None for cell in row) for row in rows]
    if not any(counts):
        return None
    widest = max(counts[: _ABOVE + 1])
    return next(n for n, count in enumerate(counts) if count and (count * 2 > widest or count == widest))


def _notes(place: str, notes: Mapping[str, Any], at: int) -> list[Finding]:
    """What is to be said of merged, hidden and uncomputed cells. `at`: the row of the header, from 0."""
    merged = [f"{_cell(first)}:{_cell(last)}" for first, last in notes.get("merged", ())]
    first_merged = int(notes["merged"][0][0][0]) + 1 if merged else 0
    hidden = list(map(str, notes.get("hidden", ())))
    columns = [letters(number) for number in notes.get("hidden_columns", ())]
    uncomputed = list(notes.get("uncomputed", ()))
    said = (
        ("cells-merged", merged, first_merged),
        ("rows-hidden", hidden, int(hidden[0]) if hidden else 0),
        ("columns-hidden", columns, at + 1),
        ("formula-uncomputed", uncomputed, 0),
    )
    return [
        Finding(Location(place, row), code, facts={"places": shown_few(places), "count": str(len(places))})
        for code, places, row in said
        if places
    ]


def _cell(place: Sequence[int]) -> str:
    return f"{letters(place[1] + 1)}{place[0] + 1}"
