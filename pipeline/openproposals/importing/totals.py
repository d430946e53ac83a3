"""A total at the foot of a sheet: a last row that sums up the others and is no record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from openproposals.findings import Finding, Location

_CALLED = re.compile(
    r"\W*(?:grand |sub)?(?:totals?|totaux|sums?|sommes?|summen?|gesamt\w*|insgesamt|ensemble|totale|totales|suma|"
    r"totaal|razem|итого|всего|計|合計|合计|总计)\b.{0,20}",
    re.IGNORECASE,
)


def total(place: str, rows: Sequence[Sequence[str | None]], numbers: Sequence[int]) -> Iterator[Finding]:
    """A finding where the last row is a total: it says so and leaves half its cells empty, or adds up a column.

    >>> [f.code for f in total("a.csv", [["a", "x", "2"], ["b", "y", "3"], ["Total", None, "5"]], [2, 3, 4])]
    ['row-total']
    """
    if len(rows) < 3:
        return
    last = rows[-1]
    filled = [cell for cell in last if cell is not None]
    called = any(_CALLED.fullmatch(cell) for cell in filled)
    sparse = len(filled) * 2 <= max(sum(cell is not None for cell in row) for row in rows[:-1])
    if (called and (sparse or _adds_up(rows))) or (sparse and _adds_up(rows)):
        said = next((cell for cell in filled if _CALLED.fullmatch(cell)), filled[0])
        facts = {"last": str(numbers[-2]), "row": str(numbers[-1])}
        yield Finding(Location(place, numbers[-1]), "row-total", said, facts)


def _adds_up(rows: Sequence[Sequence[str | None]]) -> bool:
    """Whether some cell of the last row is the sum of the numbers above it."""
    for place, cell in enumerate(rows[-1]):
        if cell is None or not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", cell):
            continue
        try:
            above = [Decimal(row[place] or "0") for row in rows[:-1]]
        except InvalidOperation:
            continue
        if sum(1 for number in above if number) > 1 and sum(above) == Decimal(cell):
            return True
    return False
