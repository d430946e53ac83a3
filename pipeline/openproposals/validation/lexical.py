"""Check the lexical form of a cell beyond what frictionless checks: it must be fit to become a literal or an IRI."""

from __future__ import annotations

import datetime
import re

from openproposals.guards import characters, spreadsheet
from openproposals.model import lists, rdf, schema

# The lexical spaces of XML Schema 1.1 part 2: 3.3.3 decimal (no inf, NaN, exponent or group sign), 3.4.13 integer.
_LEXICAL = {
    "number": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    "integer": re.compile(r"[+-]?[0-9]+"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
_DATE_PARTS = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def fault(column: schema.Column, cell: str) -> str:
    """The code of the finding about a cell that frictionless may accept; "" where nothing is wrong.

    >>> fault(schema.tables()["figures"].column("value"), "1_000")
    'not-a-number'
    """
    if spreadsheet.is_error(cell):
        return "spreadsheet-error"
    if column.codes and cell not in lists.named(column.codes):
        return "code-unknown"
    lexical = _LEXICAL.get(column.type)
    if lexical and not lexical.fullmatch(cell):
        return {"number": "not-a-number", "integer": "not-an-integer", "date": "not-a-date"}[column.type]
    if column.is_iri:
        return address_fault(cell)
    if column.partial_date and not _is_partial_date(cell):
        return "not-a-date"
    if column.pattern and cell.endswith("\n"):  # `$` lets a final line feed pass
        return "pattern-mismatch"
    if column.is_free_text:
        return characters.fault(cell) or ("formula-cell" if spreadsheet.begins_formula(cell) else "")
    return ""


def address_fault(cell: str) -> str:
    """The code of the finding about a web address; "" where nothing is wrong."""
    if characters.hidden(cell):
        return "hidden-sign"
    if not rdf.is_web_iri(cell):
        return "not-a-web-address"
    return "code-unknown" if lists.is_made_up(cell) else ""


def facts(code: str, column: schema.Column, cell: str) -> dict[str, str]:
    """What the words of a finding about a cell say beside the cell; `near` is filled later, where few are asked."""
    if code == "hidden-sign" and (found := characters.hidden(cell)):
        return {"sign": found[0], "character": str(found[1])}
    if code == "code-unknown" and (named := lists.around(cell) if column.is_iri else lists.named(column.codes)):
        return {"list": named.title, "near": ""}
    minimum = next((str(f) for f in column.bounds if f is not None), "")
    return {"values": ", ".join(column.enum), "pattern": column.pattern, "bound": minimum}


def _is_partial_date(cell: str) -> bool:
    match = _DATE_PARTS.fullmatch(cell)
    if not match:
        return False
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True
