"""What is odd about a sheet, whatever its format: no rows, errors of a spreadsheet in cells, a second header.

In: a sheet. Out: the sheet with findings. Cells that hold an error are empty in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from openproposals.findings import Finding, Location, letters
from openproposals.importing.sheets import Sheet, shown_few

# What Excel and LibreOffice write into a cell whose formula failed; the words follow the language of the program.
_ERROR_WORDS = (
    "#N/A #REF! #DIV/0! #VALUE! #NAME? #NUM! #NULL! #SPILL! #CALC! #GETTING_DATA #FIELD! #BLOCKED! #CONNECT! "
    "#NV #BEZUG! #WERT! #ZAHL! #VALEUR! #NOM? #NOMBRE! #NUL! #N/D #RIF! #VALORE! #NOME? #¡DIV/0! #¡REF! #¡VALOR! "
    "#¿NOMBRE? #¡NUM! #¡NULO! #VALOR! #NÚM! #VERW! #WAARDE! #NAAM? #GETAL! #ADR! #ARG! #NAZWA? #LICZBA! #ZERO! "
    "#ССЫЛКА! #ЗНАЧ! #ИМЯ? #ЧИСЛО! #ПУСТО! #ДЕЛ/0! #Н/Д"
)
_ERRORS = _ERROR_WORDS.split()
_NUMBERED = r"^Err\s?:[0-9]{3}$"  # as LibreOffice writes the others
_PLAIN_VALUE = r"^\s*(?:[-+]?[0-9][0-9.,\s]*%?|[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}.*|https?://\S+)\s*$"
_MANY = 2_000  # rows by which a second header is told


def told(sheet: Sheet) -> Sheet:
    """The sheet, with what is odd about it among its findings."""
    if not sheet.understood:
        return sheet
    sheet = _without_errors(sheet)
    found = list(_second_header(sheet))
    return replace(sheet, findings=(*sheet.findings, *found)) if found else sheet


def no_rows(sheet: Sheet) -> Iterator[Finding]:
    """A finding where there is no row to be read, and nothing says why."""
    if sheet.understood and not sheet.cells.height and not sheet.findings:
        how = sheet.understood[0]
        yield Finding(Location(how.place, how.header), "sheet-without-rows")


def _without_errors(sheet: Sheet) -> Sheet:
    columns = pl.col(sheet.columns)
    signs = sheet.cells.select((columns.str.starts_with("#") | columns.str.starts_with("Err")).any())
    names = [name for name in sheet.columns if signs[name].item()] if sheet.cells.height else []
    if not names:
        return sheet
    plain = pl.col(names).str.strip_chars()
    marks = sheet.cells.select((plain.is_in(_ERRORS) | plain.str.contains(_NUMBERED)).fill_null(value=False))
    places = [(int(row), name) for name in names for row in marks[name].arg_true()]
    if not places:
        return sheet
    first_row, first_name = min(places)
    shown = [_cell(sheet, row, name) for row, name in sorted(places)[:5]]
    facts = {"places": shown_few(shown), "count": str(len(places))}
    said = Finding(
        sheet.location(first_row, first_name), "cells-with-errors", str(sheet.cells[first_name][first_row]), facts
    )
    emptied = [pl.when(marks[name]).then(None).otherwise(pl.col(name)).alias(name) for name in names]
    return replace(sheet, cells=sheet.cells.with_columns(emptied), findings=(*sheet.findings, said))


def _cell(sheet: Sheet, row: int, name: str) -> str:
    place = sheet.location(row, name)
    return f"{letters(place.column)}{place.row}"


def _second_header(sheet: Sheet) -> Iterator[Finding]:
    """A finding where the first row has words where all others have numbers, days or addresses, in two columns."""
    cells = sheet.cells.head(_MANY).select(sheet.columns)
    if cells.height < 3 or any(finding.code == "row-total" for finding in sheet.findings):
        return
    rest = cells.slice(1)
    plain = [name for name in cells.columns if rest[name].drop_nulls().str.contains(_PLAIN_VALUE).all()]
    plain = [name for name in plain if rest[name].null_count() * 2 < rest.height]
    first = [str(cells[name][0]) for name in plain if cells[name][0] is not None]
    if len(first) > 1 and len(first) == len(plain) and not any(any(sign.isdigit() for sign in cell) for cell in first):
        place = sheet.location(0)
        facts = {"row": str(place.row), "header": str(place.row - 1)}
        yield Finding(place, "header-twice", first[0], facts)
