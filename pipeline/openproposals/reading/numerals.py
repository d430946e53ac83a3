"""The numbers of a text one by one, and what is no figure.

What is no figure (a date, a page's number, an article) is told with its reason: nothing is passed over in silence.
"""

from __future__ import annotations

import re

from openproposals.reading import row_cells
from openproposals.reading.no_figures import Dismissal, why_not
from openproposals.reading.number_digits import in_cells, in_digits
from openproposals.reading.number_forms import Numeral, overlaps
from openproposals.reading.number_words import worded
from openproposals.reading.rules import Rules

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\bdoi:?\s?10\.[^\s]+|\b10\.[0-9]{4,}/[^\s]+"
    r"|(?<![@\w])(?:[\w-]+\.)+(?:org|com|net|fr|de|eu|uk|ch|at|be|int|gov|info)(?:/[^\s<>\"»)]*)?"
)
_PHONE = re.compile(  # no groups of digits: 275 000 320 000
    r"(?<![\w.,])(?<![0-9][\s\u00a0\u202f])(?:\+[0-9]{2}[\s.(]*)?"
    r"(?:\(?0\)?[0-9](?:[\s.-][0-9]{2}){4}|0[0-9]{2,4}[\s/-][0-9 /-]{5,12}[0-9])(?![\w])"
)
_DATED = re.compile(
    r"(?<![\w.,/])(?:[0-9]{1,2}([./-])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w/])"
)
_FILE = re.compile(  # of a court or an office: 8 A 47/17, 4 CN 2.07, MU-52-29211/1/305
    r"(?<![\w.,/-])(?:[0-9]{1,3}\s(?!(?:[GMkT]W|[GMT]B|[GM]t|EU)\s)[A-Z][A-Za-z]{0,3}\s{1,3}[0-9]{1,4}(?:/[0-9]{2}|\.[0-9]{2})"
    r"|[A-Z]{2,}[0-9]*(?:[-/][0-9]+){2,})(?![\w/%])"
)
_ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}[0-9]{2}(?:\s?[0-9]{4}){3,7}(?:\s?[0-9]{1,3})?(?!\w)")  # of a bank
_MONTHS, _DAYS, _YEAR = 12, 31, 99


def numerals(read: str, how: Rules) -> tuple[list[Numeral], list[Dismissal]]:
    """The numbers of a text in order, and those that are no figures.

    read: the text, at its length, with its note marks blank.
    """
    kept: list[Numeral] = []
    out: list[Dismissal] = []
    taken = [(*m.span(), "address") for m in _ADDRESS.finditer(read)]
    taken += [(*m.span(), "contact") for m in _PHONE.finditer(read)]
    taken += [(*m.span(), "date") for m in _DATED.finditer(read) if _is_day(m[0])]
    taken += [(*m.span(), "reference") for pattern in (_FILE, _ACCOUNT) for m in pattern.finditer(read)]
    taken.sort()
    rows = list(row_cells.rows(read))
    at, counted = 0, row_cells.counts(rows)
    for span in in_cells(read, row_cells.apart(rows)):
        while at < len(taken) and taken[at][1] <= span[0]:
            at += 1
        inside = at < len(taken) and taken[at][0] < span[1] and span[0] < taken[at][1]
        found = taken[at][2] if inside else why_not(read, span, how)
        if found == "year" and span[0] in counted:
            found = ""
        if kept and span[0] < kept[-1].end:
            continue  # the second number of a fraction
        if found:
            out.append(Dismissal(*span, found))
        else:
            kept.append(in_digits(read, span, how))
    said, articles = worded(read, how)
    busy = [(n.start, n.end) for n in kept] + [(d.start, d.end) for d in out]
    busy.sort()
    kept += [n for n in said if not overlaps(busy, (n.start, n.end))]
    return sorted(kept, key=lambda n: (n.start, -n.end)), sorted([*out, *articles], key=lambda d: d.start)


def _is_day(said: str) -> bool:
    """Whether numbers may be a day and a month, with a year: 3.5.2021, 5/13/20; not 50-25-25."""
    parts = [int(part) for part in re.split("[./-]", said)]
    one, other = sorted(parts[1:] if parts[0] > _YEAR else parts[:2])
    return 0 < one <= _MONTHS and other <= _DAYS
