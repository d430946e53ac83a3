"""Whether two prints of a figure say the same: its digits and how they are grouped, its sign, its unit.

The skeleton keeps digits alone: it cannot tell 330 000 from 33 0000, -3 % from 3 %, 1/3 from 13, % from €.
"""

from __future__ import annotations

import re

from openproposals.factcheck.normal import faithful

UNITS = "%‰€$£°"
_GROUPED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])")
_TOKEN = re.compile(rf"(?:(?<![\w.,])[+-])?[0-9]+(?:[./][0-9]+)*|[{UNITS}]")
_HYPHEN = re.compile(r"\w.$")  # before a figure, after a letter: a hyphen, unless a sign was printed
_UNIT = re.compile(rf"\s?([{UNITS}])")


def said(text: str) -> str:
    """What a figure says, in one writing: numbers with their signs, and units.

    >>> said("330 000"), said("33 0000"), said("−3 %"), said("1/3"), said("3,1 millions"), said("le G20")
    ('330000', '33 0000', '-3 %', '1/3', '3.1', '20')
    """
    plain = _GROUPED.sub(lambda m: m[0].replace(" ", ""), faithful(text))
    return " ".join(_TOKEN.findall(re.sub(r"(?<=[0-9]),(?=[0-9])", ".", plain)))


def agree(printed: str, text: str, start: int, end: int, unit: str) -> bool:
    """Whether the figure at `text[start:end]` says what was printed, with the sign before it and the unit after it.

    `unit` is the figure's QUDT code: it settles what a sign after the figure means where the print leaves it out.
    """
    wanted, found, after = said(printed), said(text[start:end]), _UNIT.match(text, end)
    sign = faithful(text[max(0, start - 1) : start])
    if sign in ("+", "-") and not (_HYPHEN.search(text, max(0, start - 2), start) and wanted[:1] not in "+-"):
        found = sign + found
    if after and not any(mark in found for mark in UNITS):
        if not any(mark in wanted for mark in UNITS):
            return found == wanted and (after[1] == "%") == (unit == "PERCENT") and after[1] != "‰"
        found = f"{found} {after[1]}"
    return found == wanted
