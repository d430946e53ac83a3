"""A sheet: what every file of a publisher is read into, whatever its format. All cells are text, null where empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from openproposals.findings import Finding, Location
from openproposals.guards import characters
from openproposals.model.tables import ORIGIN

LIST = "\ufdd0"  # stands between the items of a cell that is a list (JSON): what Unicode keeps for such use, in no text
_SHOWN = 4


@dataclass(frozen=True)
class Understood:
    """How a file was read, to be said: all of it is guessed unless the mapping states it.

    `encoding`, `delimiter`: "" where the format has none. `header`: the row of the header, 0 where there is none.
    """

    place: str
    encoding: str = ""
    delimiter: str = ""
    header: int = 1
    rows: int = 0


@dataclass(frozen=True)
class Sheet:
    """Rows under named columns.

    `cells` has a column of text for each name, and those of `ORIGIN`: the place (`promises.xlsx!Promises`, or the path
    of a file) and the row there from which each comes. `headers` gives, by place, the names in the order of its
    columns. `typed` has, for a column in which the format itself says what is a number or a date, a column of booleans.
    `added` are names that the path or the objects around a record give, which need no place in a table.
    """

    cells: pl.DataFrame
    headers: Mapping[str, Sequence[str]]
    typed: pl.DataFrame = field(default_factory=pl.DataFrame)
    added: tuple[str, ...] = ()
    understood: tuple[Understood, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The names of its columns, those that the path gives last."""
        return [name for name in self.cells.columns if name not in ORIGIN]

    @property
    def own(self) -> list[str]:
        """The publisher's own columns: each has a place in a table, or is named as unused."""
        return [name for name in self.columns if name not in self.added]

    def location(self, row: int, column: str = "") -> Location:
        """The publisher's own cell: `row` counts this sheet's rows from 0."""
        place = str(self.cells["_file"][row])
        return Location(place, int(self.cells["_row"][row]), self.number(place, column), column)

    def number(self, place: str, column: str) -> int:
        """The number of a column in a place, from 1; 0 where it is not a column there."""
        header = list(self.headers.get(place, ()))
        return header.index(column) + 1 if column in header else 0

    def is_typed(self, column: str) -> pl.Series:
        """For each row, whether the format itself says that the cell is a number, a date or a truth value."""
        if column in self.typed.columns:
            return self.typed[column]
        return pl.repeat(False, self.cells.height, dtype=pl.Boolean, eager=True)


def sheet(
    understood: Understood,
    header: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    numbers: Sequence[int],
    typed: Mapping[str, Sequence[bool]] | None = None,
    findings: Iterable[Finding] = (),
) -> Sheet:
    """A sheet of these rows, each as long as the header. Columns without a name and without a cell are left out."""
    place = understood.place
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    kept: dict[str, Sequence[str | None]] = {}
    said = list(findings)
    for number, (name, cells) in enumerate(zip(header, columns, strict=True), start=1):
        if not name:
            filled = [n for n, cell in zip(numbers, cells, strict=True) if cell is not None]
            if filled:
                said.append(Finding(Location(place, filled[0], number), "header-empty"))
        elif name in kept:
            said.append(Finding(Location(place, understood.header, number, name), "column-twice", name))
        else:
            kept[name] = cells
    origin = {"_file": [place] * len(rows), "_row": list(numbers)}
    frame = pl.DataFrame(
        {**{name: list(cells) for name, cells in kept.items()}, **origin},
        schema={**dict.fromkeys(kept, pl.String), **ORIGIN},
    )
    kinds = {name: list(marks) for name, marks in (typed or {}).items() if name in kept}
    return Sheet(
        frame,
        {place: tuple(header)},
        pl.DataFrame(kinds, schema=dict.fromkeys(kinds, pl.Boolean)),
        understood=(replace(understood, rows=len(rows)),),
        findings=tuple(said),
    )


def joined(parts: Sequence[Sheet]) -> Sheet:
    """One sheet of several files: columns that some lack are empty there."""
    if len(parts) == 1:
        return parts[0]
    empty = [_all_typed(part) for part in parts]
    return Sheet(
        pl.concat([part.cells for part in parts], how="diagonal"),
        {place: header for part in parts for place, header in part.headers.items()},
        pl.concat(empty, how="diagonal").fill_null(False) if empty else pl.DataFrame(),
        tuple(dict.fromkeys(name for part in parts for name in part.added)),
        tuple(each for part in parts for each in part.understood),
        tuple(each for part in parts for each in part.findings),
    )


def _all_typed(part: Sheet) -> pl.DataFrame:
    """The marks of a sheet, of the height of its rows; a column without a name where it has none."""
    if part.typed.width and part.typed.height == part.cells.height:
        return part.typed
    return pl.DataFrame({"": pl.repeat(False, part.cells.height, dtype=pl.Boolean, eager=True)})


def with_added(part: Sheet, named: Mapping[str, str]) -> Sheet:
    """The sheet with columns of one value each, which its path gives."""
    constants = [pl.lit(value).alias(name) for name, value in named.items()]
    return replace(part, cells=part.cells.with_columns(constants), added=(*part.added, *named))


def cleaned(cell: str) -> str | None:
    """A cell's text; None where nobody sees a sign in it."""
    return None if not cell or characters.is_blank(cell) else cell


def shown_few(numbers: Sequence[int | str]) -> str:
    """The first few of some rows or places, for a sentence.

    >>> shown_few([3, 4]), shown_few([3, 4, 5, 9, 12])
    ('3, 4', '3, 4, 5, 9, …')
    """
    return ", ".join(map(str, numbers[:_SHOWN])) + (", …" if len(numbers) > _SHOWN else "")
