"""Whether two prints of a figure say the same: its digits and how they are grouped, its sign, its unit.

The skeleton keeps digits alone: it cannot tell 330 000 from 33 0000, -3 % from 3 %, 1/3 from 13, % from €.
"""

from __future__ import annotations

import re

from openproposals.passages import faithful

UNITS = "%‰€$£°"
_GROUPED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])")
_TOKEN = re.compile(rf"(?:(?<![\w.,])[+-])?[0-9]+(?:[./][0-9]+)*|[{UNITS}]")
_SIGN = re.compile(r"(?:^|[\s(])[+-]$")
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
    before, after = faithful(text[max(0, start - 2) : start]), _UNIT.match(text, end)
    found = said(text[start:end])
    if _SIGN.search(before if before else " ") and start and text[start - 1] == text[start - 1].strip():
        found = before[-1] + found
    wanted = said(printed)
    if after and not any(sign in wanted for sign in UNITS):
        return found == wanted and (after[1] == "%") == (unit == "PERCENT") and after[1] != "‰"
    return found + (f" {after[1]}" if after else "") == wanted if not found.endswith(tuple(UNITS)) else found == wanted
