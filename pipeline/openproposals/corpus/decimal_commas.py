"""Decimal commas in a table that cannot be taken as it is: said together with what else is wrong with its file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openproposals.corpus.decoding import Records
from openproposals.findings import Finding, Location
from openproposals.model import schema

_COMMA = re.compile(r"\s*[-+]?[0-9][0-9. \u00a0\u202f]*,[0-9]+\s*%?\s*")


def check(file: str, records: Records, table: schema.Table) -> Iterator[Finding]:
    """A finding for each number of the table with a decimal comma. The header has the columns' names."""
    for place, name in enumerate(records.header):
        column = table.column(name)
        if column is None or column.type not in ("number", "integer"):
            continue
        for number, row in zip(records.numbers, records.rows, strict=True):
            if place < len(row) and _COMMA.fullmatch(row[place]):
                code = "not-a-number" if column.type == "number" else "not-an-integer"
                yield Finding(Location(file, number, place + 1, name), code, row[place])
