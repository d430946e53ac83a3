"""How rows lie in a sheet: which of them is the header, what stands above it, which between the others are blank.

In: the rows of a file, whatever its format. Out: numbers of rows, and findings.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

from openproposals.findings import Finding, Location
from openproposals.importing.sheets import shown_few

_LOOKED_AT = 20  # filled rows among which a header is looked for


def header_row(rows: Sequence[Sequence[str | None]]) -> int | None:
    """The row of the header, from 0: the first that is filled as the others are; None where no row is filled.

    Rows of another length than most are not what it is compared with: a comma too many makes one of those.

    >>> header_row([["Promises of 2022"], [], ["id", "label"], ["1", "Trees"], ["2", "Buses"]])
    2
    """
    filled = ((n, len(row), sum(bool(cell) for cell in row)) for n, row in enumerate(rows))
    head = list(itertools.islice((each for each in filled if each[2]), _LOOKED_AT))
    if not head:
        return None
    lengths = Counter(length for _, length, _ in head)
    usual = max(lengths.values())
    most = max(count for _, length, count in head if lengths[length] == usual)
    return next(n for n, _, count in head if count * 2 > most)


def no_header(place: str, stated: int) -> Finding:
    """A finding about a header that the mapping states, in a row that is empty or not there."""
    return Finding(Location(place, stated), "header-missing", facts={"row": str(stated)})


def rows_above(place: str, numbers: Sequence[int], header: int) -> list[Finding]:
    """A finding about filled rows above the header, which are not read. `numbers`, `header`: from 1."""
    if not numbers:
        return []
    facts = {"rows": shown_few(numbers), "header": str(header)}
    return [Finding(Location(place, numbers[0]), "rows-above-header", facts=facts)]


def blank_rows(place: str, numbers: Sequence[int], rows: Sequence[int]) -> list[Finding]:
    """A finding about blank rows among filled ones; those after the last are nobody's concern."""
    inside = [number for number in numbers if rows and number < rows[-1]]
    if not inside:
        return []
    facts = {"rows": shown_few(inside), "count": str(len(inside))}
    return [Finding(Location(place, inside[0]), "rows-blank-between", facts=facts)]
