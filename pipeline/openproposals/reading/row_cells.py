"""Cells of a table's row that only spaces keep apart: 200 252 are two of them, or one number of thousands.

A row is a line that ends with numbers alone. How many cells it has, the rows near it tell: each has at least as many as
its groups of digits make numbers, and at most as many as it has groups that may stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from openproposals.factcheck.normal import Span
from openproposals.reading.years import YEAR

_CELL = r"(?:[-−–+±]?[0-9](?:[0-9.,]*[0-9])?(?:[ \u00a0]?%|\*)?|[-–—])"
_ROW = re.compile(rf"(?<![^\s\ue000])(?:{_CELL}[ \u00a0\u202f\t]+)+{_CELL}[ \t]*(?=[\n\r\f\ue000]|\Z)")
_TOKEN = re.compile(r"\S+(?:[ \u00a0]%)?")
_LEADS = re.compile(r"[-−–+±]?[1-9][0-9]{0,2}")  # the first group of a number of thousands
_FOLLOWS = re.compile(r"[0-9]{3}(?:[.,][0-9]+)?%?")
_GROUPED = re.compile(r"[-−–+±]?[0-9]{1,3}(?:[.,][0-9]{3})+\Z")
_ROWS, _CLOSE = 8, 400  # rows of one table: so many before and after, so many characters away
_GROUP = 3  # digits
_OTHERS = 2  # other cells of a row, or of a column, that tell what a number like a year is
_MOST = 12  # groups of a row that may join; of more, all stand alone


@dataclass(frozen=True)
class TableRow:
    """A row: its groups of digits, those that may be thousands of the one before, and those that must (000, 050)."""

    groups: Sequence[str]
    starts: Sequence[int]
    may: tuple[int, ...]
    must: tuple[int, ...]

    @property
    def sizes(self) -> range:
        """How many cells it may have."""
        return range(len(self.groups) - len(self.may), len(self.groups) - len(self.must) + 1)


def apart(rows: Sequence[TableRow]) -> set[int]:
    """Where a group of digits begins that is a cell of its own, though it may be thousands of the number before."""
    found: set[int] = set()
    for at, row in enumerate(rows):
        joined: Sequence[int] = row.must
        if len(row.sizes) > 1:
            joined = _joined(row, _size(row, _near(rows, at)))
        found |= {start for n, start in enumerate(row.starts) if n and n not in joined}
    return found


def counts(rows: Sequence[TableRow]) -> set[int]:
    """Where a cell begins that looks like a year and counts something: so do the cells above and below it.

    Other numbers stand beside it, none like a year, as in no row of headings.
    """
    found: set[int] = set()
    for at, row in enumerate(rows):
        alike = [back for back, group in enumerate(reversed(row.groups), 1) if YEAR.fullmatch(group)]
        if len(alike) != 1 or sum(group[-1] not in "-–—" for group in row.groups) <= _OTHERS:
            continue
        column = [
            each.groups[-alike[0]] for each in _near(rows, at) if each is not row and alike[0] <= len(each.groups)
        ]
        if len(column) >= _OTHERS and not any(YEAR.fullmatch(cell) or not cell[0].isdigit() for cell in column):
            found.add(row.starts[-alike[0]])
    return found


def _near(rows: Sequence[TableRow], at: int) -> list[TableRow]:
    """A row, with the rows of the same table before and after it."""
    beside = rows[max(0, at - _ROWS) : at + _ROWS + 1]
    return [each for each in beside if abs(each.starts[0] - rows[at].starts[0]) < _CLOSE]


def rows(read: str) -> Iterator[TableRow]:
    """The rows of a text's tables, in order."""
    for match in _ROW.finditer(read):
        spans = [m.span() for m in _TOKEN.finditer(read, *match.span())]
        groups = [read[slice(*span)] for span in spans]
        may = tuple(at for at in range(1, len(groups)) if _may_join(groups, spans, at))
        must = tuple(at for at in may if groups[at][0] == "0")
        yield TableRow(groups, [start for start, _ in spans], may, must)


def _may_join(groups: Sequence[str], spans: Sequence[Span], at: int) -> bool:
    """Whether a group may be the thousands of the one before: one space between them, three digits in it."""
    leads = _LEADS.fullmatch(groups[at - 1]) or re.fullmatch("[0-9]{3}", groups[at - 1])
    return spans[at][0] - spans[at - 1][1] == 1 and bool(leads) and _FOLLOWS.fullmatch(groups[at]) is not None


def _size(row: TableRow, near: Sequence[TableRow]) -> int:
    """How many cells a row has: as many as most rows near it may have.

    Of several such numbers, the smallest where the table is one of thousands, else the largest.
    """
    if any(_GROUPED.match(group) for each in near for group in each.groups):
        return row.sizes[-1]  # thousands have another sign
    votes = {size: sum(size in each.sizes for each in near) for size in row.sizes}
    best = [size for size in row.sizes if votes[size] == max(votes.values())]
    of_thousands = any(each.must for each in near) or all(
        len(each.groups[0]) < _GROUP and each.sizes[0] == best[0] for each in near
    )
    return best[0] if of_thousands else best[-1]


def _joined(row: TableRow, size: int) -> Sequence[int]:
    """Which groups join the one before, so that there are so many cells of much the same length."""
    free = [at for at in row.may if at not in row.must]
    count = len(row.groups) - len(row.must) - size
    if len(free) > _MOST or count == len(free):
        return row.may if count == len(free) else row.must
    return min(
        ((*row.must, *some) for some in combinations(free, count)),
        key=lambda some: (_is_broken(row, some), _squares(len(row.groups), some)),
    )


def _is_broken(row: TableRow, joined: Sequence[int]) -> bool:
    """Whether a number of thousands would begin with a zero, or with a group that leads none."""
    firsts = [at - 1 for at in joined if at - 1 not in joined]
    return any(not _LEADS.fullmatch(row.groups[at]) for at in firsts)


def _squares(count: int, joined: Sequence[int]) -> int:
    begins = [at for at in range(count) if at not in joined]
    return sum((other - one) ** 2 for one, other in pairwise([*begins, count]))
