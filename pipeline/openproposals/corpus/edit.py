"""Cells changed in a corpus's tables and keys in its descriptor; every other cell and comment stays as it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import tomlkit

NamedCells = Mapping[str, str]


def changed(table: str, changes: Mapping[int, NamedCells]) -> str:
    r"""A CSV text with cells changed, by row (the header is row 1) and column; a column that it lacks is added.

    >>> changed("id,start\na,\nb,2\n", {2: {"start": "1", "end": "5"}})
    'id,start,end\na,1,5\nb,2,\n'
    """
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    header = rows[0]
    header += [name for cells in changes.values() for name in cells if name not in header]
    for number, row in enumerate(rows[1:], 2):
        row += [""] * (len(header) - len(row)) if row else []
        for name, cell in changes.get(number, {}).items():
            row[header.index(name)] = cell
    return _written(rows, table)


def table(header: Sequence[str], rows: Sequence[NamedCells]) -> str:
    """A whole CSV text."""
    return _written([list(header), *([row.get(name, "") for name in header] for row in rows)], "\n")


def _written(rows: Sequence[Sequence[str]], like: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n" if "\r\n" in like else "\n").writerows(rows)
    return out.getvalue()


def descriptor(text: str, changes: Mapping[tuple[str, ...], object]) -> str:
    """A TOML text with keys changed, each named by its path; a key that it lacks is added."""
    document = tomlkit.parse(text)
    for (*above, key), value in changes.items():
        place = document
        for name in above:
            place = place.setdefault(name, tomlkit.table())
        place[key] = value
    return tomlkit.dumps(document)
