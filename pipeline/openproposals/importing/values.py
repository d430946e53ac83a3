"""Cells read by a rule: put together, mapped, trimmed; days and numbers in the one form that the tables have.

In: a sheet's column of text and a rule. Out: a column of text, and findings at the publisher's own cells. Each distinct
cell is read once.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from openproposals.findings import Finding, Location
from openproposals.importing.mapping import MAPPING, CellRule, holes, pieces
from openproposals.importing.sheets import LIST, Sheet
from openproposals.model import numbers, schema

_PLAIN = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_ISO = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:[T ][0-9:.]+ ?(?:Z|UTC|[+-][0-9:]+)?)?")
_TWO_SIGNS = {".": re.compile(r"[0-9],[0-9]{3}\.[0-9]"), ",": re.compile(r"[0-9]\.[0-9]{3},[0-9]")}
_CERTAIN = re.compile(r"[-+]?(?:[0-9]+([.,])(?:[0-9]{1,2}|[0-9]{4,})|0*([.,])[0-9]+|[0-9]{4,}([.,])[0-9]+)")
_PARTS = {"YYYY": "(?P<y>[0-9]{4})", "YY": "(?P<s>[0-9]{2})", "MM": "(?P<m>[0-9]{1,2})", "M": "(?P<m>[0-9]{1,2})"}
_PARTS |= {"DD": "(?P<d>[0-9]{1,2})", "D": "(?P<d>[0-9]{1,2})"}


def text(sheet: Sheet, rule: CellRule) -> pl.Series:
    """The column that a rule names, before it is read as anything; null where a part of it is empty."""
    cells = sheet.cells
    if rule.value:
        found = pl.repeat(rule.value, cells.height, dtype=pl.String, eager=True)
    elif holes(rule.column):
        parts = [pl.col(part) if is_column else pl.lit(part) for part, is_column in pieces(rule.column)]
        found = cells.select(pl.concat_str(parts).alias("_")).to_series()
    else:
        found = cells[rule.column]
    return _stripped(found) if rule.trim else found


def key(sheet: Sheet, rule: CellRule) -> pl.Series:
    """The column as keys: without white space at the ends; a text of the mapping for empty cells."""
    found = _stripped(text(sheet, rule))
    return found.fill_null(rule.default) if rule.default else found


def read(sheet: Sheet, rule: CellRule, column: schema.Column, decimal: str, findings: list[Finding]) -> pl.Series:
    """A column as the cells of a table's column; what cannot be read stays as it is, and is found."""
    found = text(sheet, rule)
    if column.type != "string" or column.enum or column.is_iri or column.partial_date or column.pattern:
        found = _stripped(found)
    if rule.values:
        found = mapped(sheet, rule, found, findings)
    if column.partial_date or column.type == "date":
        found = _each(found, lambda cell: day(cell, rule.date, partial=column.partial_date))
        findings += _misread(sheet, rule, found, "date-not-read", {"form": rule.date or "YYYY-MM-DD"})
    elif column.type in ("number", "integer"):
        found = _numbers(sheet, rule, found, rule.decimal or decimal, findings)
    found = found.str.replace_all(LIST, ", ", literal=True) if rule.column else found
    found = found.str.strip_prefix(_BAD)
    return found.fill_null(rule.default) if rule.default else found


def mapped(sheet: Sheet, rule: CellRule, found: pl.Series, findings: list[Finding]) -> pl.Series:
    """Each cell, or item of lists, as what it stands for; one that the mapping does not name stays, and is found."""
    known = dict(rule.values)
    listed = found.dtype == pl.List
    stripped = found if listed else _stripped(found)
    distinct = (stripped.explode() if listed else stripped).unique(maintain_order=True).drop_nulls()
    strangers = distinct.filter(~distinct.is_in([*known]))
    for cell in strangers:
        row = int((stripped.list.contains(cell) if listed else stripped == cell).arg_max() or 0)
        place = sheet.location(row, rule.column)
        findings.append(Finding(place, "value-not-mapped", cell, {"known": ", ".join(known), "key": rule.path}))
    idle = sorted(known.keys() - {*distinct}) if len(strangers) else []  # a closed list may have values to spare
    findings += [Finding(Location(MAPPING, name=f"{rule.path}.values.{cell}"), "lookup-unused", cell) for cell in idle]
    if listed:
        return stripped.list.eval(pl.element().replace(known).replace("", None))
    return pl.Series(stripped.replace(known)).replace("", None)


def several(found: pl.Series, rule: CellRule) -> pl.Series:
    """A column of lists: the items of a cell that is a list, or those that the sign of the mapping divides."""
    sign = rule.split
    items = found.str.split(LIST) if not sign else found.str.replace_all(LIST, sign, literal=True).str.split(sign)
    return items.list.eval(pl.element().str.strip_chars()).list.eval(pl.element().filter(pl.element() != ""))


def is_listed(found: pl.Series) -> bool:
    """Whether any cell is a list of the format itself."""
    return bool(found.str.contains(LIST, literal=True).any())


def day(cell: str, form: str, *, partial: bool) -> str | None:
    """A year, month or day as ISO 8601 writes it; None for what is none in that form.

    >>> day("31/12/2022", "DD/MM/YYYY", partial=False), day("2022-05-01T10:00:00", "", partial=False)
    ('2022-12-31', '2022-05-01')
    >>> day("5/2022", "M/YYYY", partial=True), day("2022", "", partial=True), day("44682", "", partial=True)
    ('2022-05', '2022', None)
    """
    cell = cell.strip()
    written = _ISO.fullmatch(cell)
    if written is None and form:
        found = re.fullmatch(_day_pattern(form), cell)
        if found is None:
            return None
        parts = found.groupdict()
        year = parts.get("y") or _century(parts.get("s") or "")
        iso = "-".join([year, *(part.zfill(2) for name in ("m", "d") if (part := parts.get(name)))])
    elif written is None:
        return None
    else:
        iso = written[1]
    try:
        datetime.date.fromisoformat(iso + "-01-01"[len(iso) - 4 :])
    except ValueError:
        return None
    return iso if partial or len(iso) == 10 else None


def _century(two: str) -> str:
    return f"19{two}" if two > "68" else f"20{two}"  # as POSIX has it


def _day_pattern(form: str) -> str:
    return "".join(_PARTS.get(part, re.escape(part)) for part in re.split("(YYYY|YY|MM|M|DD|D)", form))


def _numbers(sheet: Sheet, rule: CellRule, found: pl.Series, mark: str, findings: list[Finding]) -> pl.Series:
    """Numbers in the form of the tables, read by the decimal mark that is stated, or that the column itself shows."""
    typed = sheet.is_typed(rule.column) if not holes(rule.column) else pl.repeat(False, len(found), eager=True)
    written = pl.select(pl.when(typed).then(None).otherwise(found).alias("_")).to_series()
    distinct = written.unique(maintain_order=True).drop_nulls()
    if not mark:
        shown = {sign: cell for cell in reversed(distinct.to_list()) if (sign := _mark_of(cell))}
        if len(shown) > 1:
            row = int((written == shown[","]).arg_max() or 0)
            facts = {"other": shown["."], "key": rule.path}
            findings.append(Finding(sheet.location(row, rule.column), "numbers-in-two-forms", shown[","], facts))
            distinct = distinct.filter([number_of(cell) is None for cell in distinct])  # no number in either form
        mark = next(iter(shown), "")
    meanings = {cell: _number(cell, mark) for cell in distinct}
    for cell, meaning in meanings.items():
        if meaning is None:
            row = int((written == cell).arg_max() or 0)
            code = "number-ambiguous" if not mark and _number(cell, ".") else "number-not-read"
            facts = {"mark": mark or ".", "key": rule.path}
            findings.append(Finding(sheet.location(row, rule.column), code, cell, facts))
    changed = {cell: meaning for cell, meaning in meanings.items() if meaning is not None and meaning != cell}
    if not changed:
        return found
    replaced = written.replace(changed)
    return pl.select(pl.when(typed).then(found).otherwise(replaced).alias("_")).to_series()


def _mark_of(cell: str) -> str:
    """The decimal mark that a number shows beyond doubt; "" for none.

    >>> [_mark_of(cell) for cell in ("1.234,5", "1,234.5", "3,1", "1,234", "12", "0.125")]
    [',', '.', ',', '', '', '.']
    """
    cell = cell.strip()
    for mark, sign in _TWO_SIGNS.items():
        if sign.search(cell):
            return mark
    found = _CERTAIN.fullmatch(cell)
    return next((sign for sign in found.groups() if sign), "") if found else ""


def number_of(cell: str) -> str | None:
    """A number in whichever form it is written; None for what is none."""
    return _number(cell, ".") or _number(cell, ",")


def _number(cell: str, mark: str) -> str | None:
    """A number as the tables write it; None for what is none, and for what has two readings.

    >>> _number("1.234,5", ","), _number("330 000", ""), _number("1,234", ""), _number("about 3", ".")
    ('1234.5', '330000', None, None)
    """
    spoken = numbers.plain(cell.strip().replace("\u2212", "-").replace("\u00a0", " "), mark)
    if not _PLAIN.fullmatch(spoken) or (not mark and re.fullmatch(r"[-+]?[0-9]{1,3}[.,][0-9]{3}", spoken)):
        return None
    return spoken.removeprefix("+")


_BAD = "\ufdd1"  # put before a cell that could not be read, while it is looked for


def _each(found: pl.Series, meaning: Callable[[str], str | None]) -> pl.Series:
    distinct = found.unique().drop_nulls().to_list()
    read_ = {cell: meaning(cell) for cell in distinct}
    changed = {cell: f"{_BAD}{cell}" if new is None else new for cell, new in read_.items() if new != cell}
    return found.replace(changed) if changed else found


def _misread(sheet: Sheet, rule: CellRule, found: pl.Series, code: str, facts: dict[str, str]) -> Iterator[Finding]:
    for row in found.str.starts_with(_BAD).fill_null(value=False).arg_true():
        cell = str(found[row]).removeprefix(_BAD)
        yield Finding(sheet.location(row, rule.column), code, cell, {**facts, "key": rule.path})


def _stripped(found: pl.Series) -> pl.Series:
    return found.str.strip_chars().replace("", None)


def columns_of(rules: Sequence[CellRule]) -> list[str]:
    """The columns that rules read, each once."""
    return list(dict.fromkeys(name for rule in rules for name in rule.columns()))
