"""Change cells of a CSV text and keys of a TOML text. Every other cell, key and comment stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence

import tomlkit

NamedCells = Mapping[str, str]


def changed(table: str, changes: Mapping[int, NamedCells]) -> str:
    r"""Return a CSV text with cells changed, by row (the header is row 1) and column. A missing column is added.

    >>> changed("id,start\na,\nb,2\n", {2: {"start": "1", "end": "5"}, 3: {"end": "6"}})
    'id,start,end\na,1,5\nb,2,6\n'
    """
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    header = rows[0]
    header += [
        name for name in dict.fromkeys(name for cells in changes.values() for name in cells) if name not in header
    ]
    for number, row in enumerate(rows[1:], 2):
        row += [""] * (len(header) - len(row)) if row else []
        for name, cell in changes.get(number, {}).items():
            row[header.index(name)] = cell
    return _written(rows, table)


def without(table: str, columns: Collection[str]) -> str:
    r"""Return a CSV text without some of its columns, if it has them.

    >>> without("id,old\na,1\n", ["old", "older"])
    'id\na\n'
    """
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    gone = [at for at, name in enumerate(rows[0]) if name in columns]
    if not gone:
        return table
    return _written([[cell for at, cell in enumerate(row) if at not in gone] for row in rows], table)


def table(header: Sequence[str], rows: Sequence[NamedCells]) -> str:
    """Return a CSV text with this header and these rows; a cell that a row lacks is empty."""
    return _written([list(header), *([row.get(name, "") for name in header] for row in rows)], "\n")


def _written(rows: Sequence[Sequence[str]], like: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n" if "\r\n" in like else "\n").writerows(rows)
    return out.getvalue()


def descriptor(text: str, changes: Mapping[tuple[str, ...], object]) -> str:
    """Return a TOML text with keys changed, each named by its path. A missing key is added."""
    document = tomlkit.parse(text)
    for (*above, key), value in changes.items():
        place = document
        for name in above:
            place = place.setdefault(name, tomlkit.table())
        place[key] = value
    return tomlkit.dumps(document)
