"""Inspecting a file: what it holds and how it was understood. Nothing is written.

In: a file as its publisher has it. Out: its sheets and records, and for each column what it holds and the role that it
would be given in a mapping.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openproposals.findings import Finding, letters, ordered
from openproposals.guards import files
from openproposals.importing import delimited, objects, reading, roles
from openproposals.importing.columns import SeenColumn, seen
from openproposals.importing.reading import SheetSource
from openproposals.importing.sheets import Sheet, Understood
from openproposals.messages import Language, number, say

_WORDS = "importing/words"


@dataclass(frozen=True)
class SeenSheet:
    """One sheet: where it is, how it was read, its columns, and the role of each that would have one."""

    source: SheetSource
    sheet: Sheet
    columns: tuple[SeenColumn, ...]
    roles: Mapping[str, str]

    @property
    def understood(self) -> Understood | None:
        """How it was read; None where it could not be."""
        return self.sheet.understood[0] if self.sheet.understood else None


@dataclass(frozen=True)
class Inspection:
    """What a file holds."""

    file: str
    sheets: tuple[SeenSheet, ...]

    @property
    def understood(self) -> bool:
        """Whether anything in it could be read."""
        return any(each.understood for each in self.sheets)

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with it, or to be known of it."""
        return ordered(finding for each in self.sheets for finding in each.sheet.findings)


def inspect(path: Path) -> Inspection:
    """What a file holds. Raises OSError as the system says it."""
    folder = path.parent
    found = []
    for source in sources(path):
        sheet = reading.read(folder, source)
        columns = tuple(seen(_records(sheet)))
        found.append(SeenSheet(source, sheet, columns, roles.roles(columns)))
    return Inspection(path.name, tuple(found))


def _records(sheet: Sheet) -> Sheet:
    """The sheet without a last row that looks like a total: it would hide what its columns hold."""
    if not any(finding.code == "row-total" for finding in sheet.findings):
        return sheet
    return replace(sheet, cells=sheet.cells.head(-1), typed=sheet.typed.head(-1))


def sources(path: Path) -> Iterator[SheetSource]:
    """What a mapping would say of each sheet in a file: of a workbook, of the lists of JSON, of an archive's files."""
    name, ending = path.name, path.suffix.lower()
    if ending in reading.BOOKS:
        book = reading.book(files.data(path, most=reading.MOST))
        filled = [each for each in book.names if any(any(row) for row in book.grids[each])]
        yield from (SheetSource(name, each) for each in filled or [""])
    elif ending == ".json":
        text, _, _ = delimited.decoded(name, files.data(path, most=reading.MOST))
        yield from (SheetSource(name, records=each) for each in _paths(text))
    elif ending == ".zip":
        yield from (SheetSource(name, each) for each in _members(path) or [""])
    else:
        yield SheetSource(name)


def _paths(text: str | None) -> list[str]:
    value, unreadable = objects.parsed("", text or "", lines=False)
    if unreadable:
        return [""]
    inner = list(objects.lists(value))
    return ["", *inner] if isinstance(value, list) or not inner else inner


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(files.data(path, most=reading.MOST))) as archive:
            names = [each.filename for each in archive.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError):
        return []
    return reading.readable(names)[:50]


def data(found: Inspection) -> dict[str, Any]:
    """An inspection as data."""
    return {"file": found.file, "sheets": [_data(each) for each in found.sheets], "findings": len(found.findings)}


def _data(each: SeenSheet) -> dict[str, Any]:
    how = each.understood
    return {
        "place": how.place if how else each.source.file,
        "sheet": each.source.sheet,
        "records": each.source.records,
        "encoding": how.encoding if how else "",
        "delimiter": how.delimiter if how else "",
        "header": how.header if how else 0,
        "rows": each.sheet.cells.height,
        "columns": [
            {
                "name": column.name,
                "letter": letters(column.number),
                "type": column.kind,
                "empty": column.empty,
                "distinct": column.distinct,
                "languages": list(column.languages),
                "addresses": column.addresses,
                "dates": column.dates,
                "date_form": column.day_form,
                "lists": column.lists,
                "digits": column.digits,
                "samples": list(column.samples),
                "role": each.roles.get(column.name),
            }
            for column in each.columns
        ],
    }


def text(found: Inspection, language: Language) -> str:
    """An inspection for people."""
    return "\n\n".join(_text(each, language) for each in found.sheets)


def _text(each: SeenSheet, language: Language) -> str:
    lines = [understood(each.understood, language) if each.understood else each.source.file]
    for column in each.columns:
        facts = [say(_WORDS, f"kinds.{column.kind}", language)]
        facts += [_count("empty", column.empty, language)] if column.empty else []
        facts += [_count("distinct", column.distinct, language)] if column.filled else []
        facts += [", ".join(column.languages)] if column.languages else []
        facts += (
            [_count("addresses", column.addresses, language)] if column.addresses and column.kind != "address" else []
        )
        facts += [_count("dated", column.dates, language)] if column.dates and column.kind == "text" else []
        facts += [say(_WORDS, "dates", language, form=column.day_form)] if column.day_form else []
        facts += [say(_WORDS, "lists", language, sign=repr(column.lists))] if column.lists else []
        facts += [_count("digits", column.digits, language)] if column.digits else []
        role = each.roles.get(column.name)
        said = say(_WORDS, "role", language, role=role) if role else say(_WORDS, "no_place", language)
        name = f"{letters(column.number)} {column.name}".strip()
        lines.append(f"  {name}: {', '.join(facts)}; {said}")
    return "\n".join(lines)


def understood(how: Understood, language: Language) -> str:
    """How a file was read, in a line."""
    facts = [say(_WORDS, "rows", language, n=how.rows)]
    facts += [say(_WORDS, "header", language, row=how.header)] if how.header else []
    facts += [how.encoding] if how.encoding else []
    names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    if how.delimiter:
        key = names.get(how.delimiter)
        facts.append(say(_WORDS, f"delimiters.{key}", language) if key else repr(how.delimiter))
    return f"{how.place}: {', '.join(facts)}"


def _count(key: str, count: int, language: Language) -> str:
    return say(_WORDS, key, language, count=number(count, language))
