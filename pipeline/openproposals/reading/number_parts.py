"""A number with its magnitude and sign, and the number that makes a range or a ratio with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openproposals.model.numbers import readings
from openproposals.reading.number_forms import Numeral
from openproposals.reading.rules import Rules

_NEAR = 12  # characters before a number in which what opens a range is looked for
_ROUND = frozenset(map(Decimal, (20, 50, 100, 1000, 10000, 100000)))  # of which so many are said
_WORD_CUT = 3  # letters of Mrd, Mio, Tsd
_PLUS = re.compile(r"\+(?![0-9])")  # so many or more: 40+
_ENDS = re.compile(r"[ \t]*(?:[\n\f]|\Z)")
_FRACTION_OF = 10  # the largest first number of a ratio with words between: a town in three


@dataclass(frozen=True)
class NumberRead:
    """A numeral with the magnitude and the sign after it."""

    start: int
    end: int
    form: str
    value: Decimal | None
    ratio: str
    factor: Decimal | None  # of its magnitude; None for none
    sign: str  # "%", "€", "" for none
    more: bool = False  # with a plus after it


def number_at(
    read: str, found: Sequence[Numeral], at: int, how: Rules, *, is_money: bool = False
) -> tuple[NumberRead, int]:
    """A numeral with its magnitude and its sign, and how many numerals that takes; of money, m is a million."""
    one = found[at]
    end, value, taken, sign = one.end, one.value, 1, ""
    factor: Decimal | None = None
    more = False
    following = found[at + 1] if at + 1 < len(found) else None
    if one.form == "digits" and (plus := _PLUS.match(read, end)):
        end, more = plus.end(), True
    if one.form == "digits" and following and _is_magnitude(read, one, following, how):
        end, factor, taken = following.end, following.value, 2
        value = value * following.value if value is not None and following.value is not None else None
    elif (
        one.form in ("digits", "words")
        and (short := how["magnitude"].match(read, end))
        and (_is_abbreviated(short) if one.form == "words" else is_money or _is_short(read, one, end, short, how))
    ):
        end, factor = short.end(), _factor(short[0].strip().rstrip("."), how)
        value = value * factor if value is not None else None
    if percent := how["percent"].match(read, end):
        end, sign = percent.end(), "%"
    elif money := how["money_after"].match(read, end):
        end, sign = money.end(), money[0].strip()
    return NumberRead(one.start, end, one.form, value, one.ratio, factor, sign, more), taken


def joined_with(
    read: str, found: Sequence[Numeral], at: int, first: NumberRead, how: Rules
) -> tuple[NumberRead | None, int, str]:
    """The number that makes a ratio or a range with the one before it, how many numerals it takes, and which it is."""
    if at == len(found) or found[at].start <= first.end:
        return None, 0, ""
    shares = found[at].form == "multiple" and read[first.end] == "-"  # ein- bis zweimal
    if found[at].form not in ("digits", "words") and not shares:
        return None, 0, ""
    between = read[first.end : found[at].start]
    rule = ""
    measured = any(how[name].match(read, found[at].end) for name in ("percent", "unit", "money_after"))
    if how["ratio"].fullmatch(between) and not measured and not shares and _is_ratio(first, found[at], between):
        rule = "ratio"
    elif _is_range(between, how) and first.form in ("digits", "words", "article"):
        opened = how["opens"].search(read, max(0, first.start - _NEAR), first.start)
        rule = "range" if opened or between.strip().lower() != how.joined else ""
    if not rule:
        return None, 0, ""
    is_money = with_money(read, first.start, how) < first.start
    other, taken = number_at(read, found, at, how, is_money=is_money)
    return other, taken, rule


def _is_range(between: str, how: Rules) -> bool:
    """Whether what stands between two numbers makes a range; a dash of clauses, with spaces, makes none."""
    return how["range"].fullmatch(between) is not None and (between.strip() != "—" or between == "—")


def _factor(magnitude: str, how: Rules) -> Decimal:
    """What a short magnitude multiplies by."""
    if magnitude in how.letters:
        return Decimal(10) ** how.letters[magnitude]
    return max(readings(f"1 {magnitude}", how.language), default=Decimal(1))


def _is_magnitude(read: str, one: Numeral, following: Numeral, how: Rules) -> bool:
    gap = read[one.end : following.start]
    said = read[one.end : following.end]
    return (
        following.form == "words" and len(gap) <= 3 and gap.isspace() and how["magnitude"].fullmatch(said) is not None
    )


def _is_abbreviated(magnitude: re.Match[str]) -> bool:
    """Whether a magnitude is a word cut short, as after a number in words: two bn no, zwei Mrd. yes."""
    return len(magnitude[0].strip(" .\u00a0\u202f\n")) >= _WORD_CUT


def _is_short(read: str, one: Numeral, end: int, short: re.Match[str], how: Rules) -> bool:
    """Whether a letter after a number is a magnitude, not a unit.

    5 m are metres; $5m, 5 M€, 5+m and a 5m set large on a line of its own are not.
    """
    unit = how["unit"].match(read, end)
    if short[0].strip() == "M":
        return True
    if unit is None or unit.end() < short.end() or how["money_after"].match(read, short.end()) is not None:
        return True
    if read[end - 1] == "+" or with_money(read, one.start, how) < one.start:
        return True
    glued, begins = short.end() == end + 1, read[one.start - 1 : one.start] in ("\n", "\f", "")
    return glued and begins and _ENDS.match(read, short.end()) is not None


def _is_ratio(first: NumberRead, following: Numeral, between: str) -> bool:
    direct = not re.search(r"\w", between.strip().partition(" ")[2]) and len(between.split()) == 1
    small = first.value is not None and first.value <= _FRACTION_OF and not first.sign and not first.factor
    known = first.value is not None and following.value is not None
    if not known or first.sign or first.factor or first.form not in ("digits", "words", "article"):
        return False
    assert first.value is not None
    assert following.value is not None
    if following.value != following.value.to_integral_value():
        return False
    if first.value == 0:
        return False
    if direct and following.value == 1 and small and first.form == "digits":
        return first.value > 1
    if direct:
        return first.value < following.value and ((small and following.value <= 1000000) or following.value in _ROUND)
    least = 12 if first.form == "article" else 100
    return small and first.value < following.value and (following.value <= least or following.value in _ROUND)


def with_money(read: str, start: int, how: Rules) -> int:
    """Where a number begins with the sign of money before it."""
    before = read[max(0, start - 6) : start]
    found = how["money_before"].search(before)
    return start - len(before) + found.start() if found else start
