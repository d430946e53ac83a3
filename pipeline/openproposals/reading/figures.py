"""Figures: numbers put together with their sign, magnitude, qualifier, range and ratio, as a passage prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openproposals.model.numbers import readings
from openproposals.reading.no_figures import Dismissal
from openproposals.reading.numerals import Numeral
from openproposals.reading.rules import Rules

_BEFORE = 32  # characters before a number in which a qualifier is looked for
_NEAR = 12  # characters before a number in which what opens a range is looked for
_ROUND = frozenset(map(Decimal, (20, 50, 100, 1000, 10000, 100000)))  # of which so many are said
_PLUS = re.compile(r"\+(?![0-9])")  # so many or more: 40+
_ENDS = re.compile(r"[ \t]*(?:[\n\f]|\Z)")
_FRACTION_OF = 10  # the largest first number of a ratio with words between: a town in three


@dataclass(frozen=True)
class FigureFound:
    """A figure: its span, what shows it (`rule`, a key of `offered` in reasons.toml), how likely it is, and its cells.

    The cells are those of the table `figures`, as far as the print tells them; `unit` is what stands after the number.
    """

    start: int
    end: int
    rule: str
    confidence: float
    value: str = ""
    minimum: str = ""
    maximum: str = ""
    numerator: str = ""
    denominator: str = ""
    unit: str = ""
    qualifier: str = "as-stated"


@dataclass(frozen=True)
class _NumberRead:
    """A numeral with the magnitude and the sign after it."""

    start: int
    end: int
    form: str
    value: Decimal | None
    ratio: str
    factor: Decimal | None  # of its magnitude; None for none
    sign: str  # "%", "€", "" for none
    more: bool = False  # with a plus after it


def figures(read: str, found: Sequence[Numeral], how: Rules) -> tuple[list[FigureFound], list[Dismissal]]:
    """The figures of a text, and the articles that are none.

    read: the text, at its length, with its note marks blank; found: its numbers in order.
    """
    made: list[FigureFound] = []
    out: list[Dismissal] = []
    at = 0
    while at < len(found):
        if made and found[at].start < made[-1].end:
            at += 1  # a part of the one before: cent, of un pour cent
            continue
        taken, figure = _figure(read, found, at, how)
        if figure is None:
            out.append(Dismissal(found[at].start, found[at].end, "article"))
        else:
            made.append(figure)
        at += taken
    return made, out


def _figure(read: str, found: Sequence[Numeral], at: int, how: Rules) -> tuple[int, FigureFound | None]:
    """How many numerals the figure that begins with one takes, and the figure; None for an article."""
    first, taken = _number(read, found, at, how)
    other, more, rule = _joined(read, found, at + taken, first, how)
    end = other.end if other else first.end
    number = first.form in ("digits", "words") or rule == "range"
    if rule in ("", "range") and number and (times := how["times"].match(read, end)):
        end, rule = times.end(), rule or "multiple"
    every = how["every"].search(read, max(0, first.start - _NEAR), first.start) if first.form == "ordinal" else None
    if every:
        return taken, _made(first, None, (every.start(), end), "every", "as-stated", how, read)
    qualifier, start = _qualified(read, _with_money(read, first.start, how), how)
    if qualifier == "as-stated" and first.more:
        qualifier = "more-than"
    if first.form == "article" and not other and not first.sign and not _is_counted(read, first, qualifier, how):
        return 1, None
    if first.form == "article" and not other and (single := how["single"].match(read, end)):
        end = single.end()
    return taken + more, _made(first, other, (start, end), rule, qualifier, how, read)


def _is_counted(read: str, article: _NumberRead, qualifier: str, how: Rules) -> bool:
    """Whether an article is a number: one of money, a rank, a single one, one qualified by no word of another sense."""
    before, far = max(0, article.start - _NEAR), max(0, article.start - _BEFORE)
    if how["money_named"].match(read, article.end) or how["ranked"].search(read, before, article.start):
        return True
    if how["single"].match(read, article.end) or how["single_before"].search(read, before, article.start):
        return True
    if how["one_after"].match(read, article.end) and not how["not_one"].search(read, far, article.start):
        idioms = how["idiom"].finditer(read, before, article.end + _BEFORE)
        return not any(m.start() <= article.start < m.end() for m in idioms)
    if how["value_before"].search(read, far, article.start) and how["value_after"].match(read, article.end):
        return True
    is_loose = how["loose"].search(read, before, article.start) and not how["unit"].match(read, article.end)
    return qualifier != "as-stated" and not is_loose


def _joined(
    read: str, found: Sequence[Numeral], at: int, first: _NumberRead, how: Rules
) -> tuple[_NumberRead | None, int, str]:
    """The number that makes a ratio or a range with the one before it, how many numerals it takes, and which it is."""
    if at == len(found) or found[at].start <= first.end or found[at].form not in ("digits", "words"):
        return None, 0, ""
    between = read[first.end : found[at].start]
    rule = ""
    measured = any(how[name].match(read, found[at].end) for name in ("percent", "unit", "money_after"))
    if how["ratio"].fullmatch(between) and not measured and _is_ratio(first, found[at], between):
        rule = "ratio"
    elif _is_range(between, how) and first.form in ("digits", "words", "article"):
        opened = how["opens"].search(read, max(0, first.start - _NEAR), first.start)
        rule = "range" if opened or between.strip().lower() != how.joined else ""
    if not rule:
        return None, 0, ""
    is_money = _with_money(read, first.start, how) < first.start
    other, taken = _number(read, found, at, how, is_money=is_money)
    return other, taken, rule


def _is_range(between: str, how: Rules) -> bool:
    """Whether what stands between two numbers makes a range; a dash of clauses, with spaces, makes none."""
    return how["range"].fullmatch(between) is not None and (between.strip() != "—" or between == "—")


def _number(
    read: str, found: Sequence[Numeral], at: int, how: Rules, *, is_money: bool = False
) -> tuple[_NumberRead, int]:
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
        one.form == "digits"
        and (short := how["magnitude"].match(read, end))
        and (is_money or _is_short(read, one, end, short, how))
    ):
        end, factor = short.end(), _factor(short[0].strip().rstrip("."), how)
        value = value * factor if value is not None else None
    if percent := how["percent"].match(read, end):
        end, sign = percent.end(), "%"
    elif money := how["money_after"].match(read, end):
        end, sign = money.end(), money[0].strip()
    return _NumberRead(one.start, end, one.form, value, one.ratio, factor, sign, more), taken


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


def _is_short(read: str, one: Numeral, end: int, short: re.Match[str], how: Rules) -> bool:
    """Whether a letter after a number is a magnitude, not a unit.

    5 m are metres; $5m, 5 M€, 5+m and a 5m set large on a line of its own are not.
    """
    unit = how["unit"].match(read, end)
    if short[0].strip() == "M":
        return True
    if unit is None or unit.end() < short.end() or how["money_after"].match(read, short.end()) is not None:
        return True
    if read[end - 1] == "+" or _with_money(read, one.start, how) < one.start:
        return True
    glued, begins = short.end() == end + 1, read[one.start - 1 : one.start] in ("\n", "\f", "")
    return glued and begins and _ENDS.match(read, short.end()) is not None


def _is_ratio(first: _NumberRead, following: Numeral, between: str) -> bool:
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


def _qualified(read: str, start: int, how: Rules) -> tuple[str, int]:
    """The qualifier before a number, and where the figure then begins."""
    before = read[max(0, start - _BEFORE) : start]
    found = [
        (m.start(), name) for name in ("nearly", "more-than", "at-most") if (m := how[f"is {name}"].search(before))
    ]
    if not found:
        return "as-stated", start
    first, name = min(found)  # the longest: no more than, not more than
    return name, start - len(before) + first


def _with_money(read: str, start: int, how: Rules) -> int:
    before = read[max(0, start - 6) : start]
    found = how["money_before"].search(before)
    return start - len(before) + found.start() if found else start


def _made(
    first: _NumberRead,
    other: _NumberRead | None,
    span: tuple[int, int],
    rule: str,
    qualifier: str,
    how: Rules,
    read: str,
) -> FigureFound:
    start, end = span
    sign = (other.sign if other else "") or first.sign
    money = sign not in ("", "%") or re.match(r"[€$£]", read[start:end]) is not None
    unit = how["unit"].match(read, end)
    known = {"unit": sign or (unit[0].strip() if unit else ""), "qualifier": qualifier}
    if rule == "ratio" and other is not None:
        return FigureFound(start, end, rule, 0.9, numerator=_text(first.value), denominator=_text(other.value), **known)
    if rule == "range" and other is not None:
        low, high = first.value, other.value
        if low is not None and other.factor and not first.factor and high is not None and low <= high / other.factor:
            low = low * other.factor
        between = {**known, "qualifier": "between"}
        return FigureFound(start, end, rule, 0.85, minimum=_text(low), maximum=_text(high), **between)
    if first.form == "fraction":
        numerator, _, denominator = first.ratio.partition("/")
        return FigureFound(start, end, "fraction", 0.8, numerator=numerator, denominator=denominator, **known)
    known["value"] = _text(first.value)
    if rule in ("multiple", "every"):
        return FigureFound(start, end, rule, 0.7, **known)
    if first.form == "multiple":
        return FigureFound(start, end, "multiple", 0.6, **known)
    if first.form == "ordinal":
        return FigureFound(start, end, "ordinal", 0.4, **known)
    if sign == "%":
        return FigureFound(start, end, "percentage", 0.95, **known)
    if money:
        return FigureFound(start, end, "amount", 0.95, **known)
    if first.factor:
        return FigureFound(start, end, "magnitude", 0.95, **known)
    if first.form == "digits":
        large = first.value is not None and first.value >= 100
        return FigureFound(start, end, "number", 0.8 if large or unit else 0.6, **known)
    return FigureFound(start, end, "word", 0.5 if first.value is not None and first.value < 20 else 0.7, **known)


def _text(value: Decimal | None) -> str:
    if value is None:
        return ""
    whole, _, rest = format(value, "f").partition(".")
    return f"{whole}.{rest.rstrip('0')}".removesuffix(".")
