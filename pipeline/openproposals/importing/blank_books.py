"""The workbooks to fill in, made of the Table Schemas: a sheet a table, column notes as comments, lists to pick from.

In: the tables, and the languages of the corpus. Out: the bytes of an XLSX and of an ODS, the same each time.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence

import odfdo
import xlsxwriter

from openproposals.messages import Language, Translated
from openproposals.model import schema
from openproposals.model.languages import Languages

_ROWS = 1_000  # rows with a list to pick from
_MADE = datetime.datetime(2000, 1, 1)  # no clock: the same tables give the same bytes


def names(table: str, spoken: Languages) -> Iterator[tuple[str, schema.Column]]:
    """The columns of a table as a person writes them: plain `label` in a corpus of one language."""
    for column in schema.tables(spoken)[table].columns:
        plain = column.localised and len(spoken.own) == 1
        yield column.stem if plain and not _clashes(table, column) else column.name, column


def _clashes(table: str, column: schema.Column) -> bool:
    """Whether a column of the same name without a language is another column: `unit` is a code, `unit_en` words."""
    return schema.tables()[table].column(column.stem) is not None


def xlsx(tables: Sequence[str], spoken: Languages, language: Language) -> bytes:
    """The workbook as XLSX."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _MADE})
    formats = {True: book.add_format({"bold": True}), False: book.add_format({})}
    text = book.add_format({"num_format": "@"})  # what is typed stays as it is typed
    for table in tables:
        sheet = book.add_worksheet(table)
        sheet.freeze_panes(1, 0)
        for at, (name, column) in enumerate(names(table, spoken)):
            number = column.type in ("number", "integer")
            sheet.set_column(at, at, 40 if column.localised else 18, None if number else text)
            sheet.write_string(0, at, name, formats[column.required])
            sheet.write_comment(0, at, note(column, language))
            if column.enum:
                sheet.data_validation(1, at, _ROWS, at, {"validate": "list", "source": list(column.enum)})
    book.close()
    return into.getvalue()


def ods(tables: Sequence[str], spoken: Languages, language: Language) -> bytes:
    """The workbook as ODS."""
    document = odfdo.Document("spreadsheet")
    body = document.body
    body.clear()
    lists: dict[str, str] = {}
    sheets = []
    for table in tables:
        sheet = odfdo.Table(table)
        header, blank = odfdo.Row(), odfdo.Row()
        for name, column in names(table, spoken):
            cell = odfdo.Cell(name)
            cell.append(odfdo.Annotation(note(column, language), creator="", date=_MADE))
            header.append_cell(cell)
            below = odfdo.Cell()
            if column.enum:
                choices = ";".join(f'"{value}"' for value in column.enum)
                key = lists.setdefault(f"of:cell-content-is-in-list({choices})", f"list{len(lists) + 1}")
                below.set_attribute("table:content-validation-name", key)
            blank.append_cell(below)
        blank.repeated = _ROWS
        sheet.append_row(header)
        sheet.append_row(blank)
        sheets.append(sheet)
    rules = odfdo.Element.from_tag("table:content-validations")
    for condition, key in lists.items():
        rule = odfdo.Element.from_tag("table:content-validation")
        rule.set_attribute("table:name", key)
        rule.set_attribute("table:condition", condition)
        rules.append(rule)
    body.append(rules)
    for sheet in sheets:
        body.append(sheet)
    into = io.BytesIO()
    document.save(into)
    return into.getvalue()


def note(column: schema.Column, language: Language) -> str:
    """What a column holds, in the reader's language."""
    return Translated(column.description).say(language)
