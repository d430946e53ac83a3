"""The rule that compares a claim's value with the one that its source states. It does not say who is right.

In: the cells of a figure and those of a statement of its source. Out: a code of the list `comparison`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

Cells = Mapping[str, str | None]
VALUES = ("value", "minimum", "maximum", "numerator", "denominator")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_SHARE = "share"  # percentages, fractions and ratios are compared as parts of one
_PARTS = {"PERCENT": 100, "PERMILLE": 1000, "PPTH": 1000, "FRACTION": 1}  # how many of the unit are one
_TENTH = Fraction(1, 10)


@dataclass(frozen=True)
class _Number:
    """A number, and the place to which it is rounded; both are parts of one for a share."""

    value: Fraction
    step: Fraction


@dataclass(frozen=True)
class _Magnitude:
    """One number or the two ends of a range; `low` and `high` bound what is stated, None where it is unbounded."""

    unit: str
    ends: tuple[_Number, ...]
    low: Fraction | None
    high: Fraction | None


def result(claim: Cells | None, said: Cells) -> str:
    """The code for a statement and the figure that it is about, None for a statistic without one.

    Both have the columns of their tables. A period or an area of the claim that was taken from the source is not
    compared with the source's.
    """
    if not any(said[name] for name in VALUES):
        return "not-stated"
    if claim is None:
        return "no-figure"
    ours, theirs = _read(claim), _read(said)
    if ours is None or theirs is None or ours.unit != theirs.unit:
        return "other-unit"
    if said["population"] == "other":
        return "other-population"
    if _apart(claim, said, "area") and claim["area"] != said["area"]:
        return "other-area"
    if _apart(claim, said, "period") and not _overlap(claim["period"] or "", said["period"] or ""):
        return "other-period"
    return _values(ours, theirs)


def _apart(claim: Cells, said: Cells, name: str) -> bool:
    """Whether both have it, and the claim not from the source itself."""
    return bool(claim[name] and said[name] and claim[f"{name}_basis"] != "source-date")


def _overlap(one: str, other: str) -> bool:
    """Whether one of two dates (year, month or day) lies within the other."""
    return one.startswith(other) or other.startswith(one)


def _values(claim: _Magnitude, said: _Magnitude) -> str:
    if len(claim.ends) == len(said.ends):
        pairs = list(zip(claim.ends, said.ends, strict=True))
        if all(one.value == other.value for one, other in pairs):
            return "agrees"
        if all(_rounds(one, other.value) for one, other in pairs):
            return "rounds"
    return "within" if _inside(claim, said) or _inside(said, claim) else "differs"


def _rounds(claim: _Number, value: Fraction) -> bool:
    """Whether rounding the value to the claim's place, a half upwards, gives the claim, less than a tenth away."""
    near = abs(claim.value - value) < abs(claim.value) * _TENTH
    return claim.value == value or (near and floor(value / claim.step + Fraction(1, 2)) * claim.step == claim.value)


def _inside(inner: _Magnitude, outer: _Magnitude) -> bool:
    above = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    below = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return above and below


def _read(cells: Cells) -> _Magnitude | None:
    """A row's ratio, range or value; None for what is no plain number."""
    unit = cells["unit"] or ""
    if cells["numerator"] and cells["denominator"]:
        terms = [_parsed(cells["numerator"]), _parsed(cells["denominator"])]
        if terms[0] is None or not terms[1]:
            return None
        ends = [_Number(terms[0] / terms[1], 1 / terms[1])]
        return _Magnitude(_SHARE, tuple(ends), ends[0].value, ends[0].value)
    written = [cells["minimum"], cells["maximum"]] if cells["minimum"] and cells["maximum"] else [cells["value"]]
    numbers = [_number(cell, unit) for cell in written if cell]
    found = [number for number in numbers if number is not None]
    if not found or len(found) < len(written):
        return None
    low, high = (
        None if cells["qualifier"] == unbounded else end.value
        for unbounded, end in (("at-most", found[0]), ("more-than", found[-1]))
    )
    return _Magnitude(_SHARE if unit in _PARTS else unit, tuple(found), low, high)


def _number(cell: str, unit: str) -> _Number | None:
    value = _parsed(cell)
    if value is None:
        return None
    if parts := _PARTS.get(unit):
        return _Number(value / parts, Fraction(1, parts * 10 ** len(cell.partition(".")[2])))
    return _Number(value, _last_place(cell))


def _last_place(cell: str) -> Fraction:
    """The place of the last digit that is not zero: 1000 for 15000, a tenth for 2.50, 1 for 0."""
    whole, _, decimals = cell.lstrip("+-").partition(".")
    if decimals := decimals.rstrip("0"):
        return Fraction(1, 10 ** len(decimals))
    return Fraction(10 ** (len(whole) - len(whole.rstrip("0")) if whole.strip("0") else 0))


def _parsed(cell: str) -> Fraction | None:
    return Fraction(cell) if _NUMBER.fullmatch(cell) else None
