"""Comparison of two printed figures: their digits and grouping, sign and unit.

The skeleton form (`normal.skeleton`) keeps the digits only. It does not distinguish 330 000 from 33 0000, -3 % from
3 %, 1/3 from 13, or % from €; this module does.
"""

from __future__ import annotations

import re

from openproposals.factcheck.normal import faithful

UNITS = "%‰€$£°"
_GROUPED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])")
_TOKEN = re.compile(rf"(?:(?<![\w.,])[+-])?[0-9]+(?:[./][0-9]+)*|[{UNITS}]")
_HYPHEN = re.compile(r"\w.$")  # a dash after a letter is a hyphen, not a minus sign, unless `printed` has a sign
_UNIT = re.compile(rf"\s?([{UNITS}])")


def canonical(text: str) -> str:
    """A figure in one spelling: its numbers with their signs, and its units, separated by spaces; words are dropped.

    >>> [canonical(text) for text in ("330 000", "33 0000", "−3 %", "1/3", "3,1 millions", "le G20")]
    ['330000', '33 0000', '-3 %', '1/3', '3.1', '20']
    """
    plain = _GROUPED.sub(lambda m: m[0].replace(" ", ""), faithful(text))
    return " ".join(_TOKEN.findall(re.sub(r"(?<=[0-9]),(?=[0-9])", ".", plain)))


def agree(printed: str, text: str, start: int, end: int, unit: str) -> bool:
    """Whether the figure at `text[start:end]`, with the sign before it and the unit after it, equals a printed one.

    printed: the figure as printed. unit: its QUDT code, which decides whether a percent sign after the figure agrees
    where `printed` has no unit.
    """
    wanted, found, after = canonical(printed), canonical(text[start:end]), _UNIT.match(text, end)
    sign = faithful(text[max(0, start - 1) : start])
    if sign in ("+", "-") and not (_HYPHEN.search(text, max(0, start - 2), start) and wanted[:1] not in "+-"):
        found = sign + found
    if after and not any(mark in found for mark in UNITS):
        if not any(mark in wanted for mark in UNITS):
            return found == wanted and (after[1] == "%") == (unit == "PERCENT") and after[1] != "‰"
        found = f"{found} {after[1]}"
    return found == wanted
