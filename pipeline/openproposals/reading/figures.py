"""Figures: numbers put together with their sign, magnitude, qualifier, range and ratio, as a passage prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openproposals.reading.no_figures import Dismissal
from openproposals.reading.number_forms import Numeral
from openproposals.reading.number_parts import NumberRead, joined_with, number_at, with_money
from openproposals.reading.rules import Rules

_BEFORE = 32  # characters before a number in which a qualifier is looked for
_NEAR = 12  # characters before a number in which what opens a range is looked for
_COMPARED = re.compile(r"[0-9]\s?:\s?[0-9]+,?\s{0,2}\(\s?\Z")  # before the words of a ratio: 1:3 (one for three)
_COMPARES = re.compile(r"(?:\s[^\W\d_]+){1,6}\s{1,2}\([0-9]+\s?:\s?[0-9]+\)")  # and after them: one for three (1:3)


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
    first, taken = number_at(read, found, at, how)
    other, more, rule = joined_with(read, found, at + taken, first, how)
    end = other.end if other else first.end
    number = first.form in ("digits", "words") or rule == "range"
    if rule in ("", "range") and number and (times := how["times"].match(read, end)):
        end, rule = times.end(), rule or "multiple"
    every = how["every"].search(read, max(0, first.start - _NEAR), first.start) if first.form == "ordinal" else None
    if every:
        return taken, _made(first, None, (every.start(), end), "every", "as-stated", how, read)
    qualifier, start = _qualified(read, with_money(read, first.start, how), how)
    if qualifier == "as-stated" and first.more:
        qualifier = "more-than"
    if first.form == "article" and not other and not first.sign and not _is_counted(read, first, qualifier, how):
        return 1, None
    if first.form == "article" and not other and (single := how["single"].match(read, end)):
        end = single.end()
    return taken + more, _made(first, other, (start, end), rule, qualifier, how, read)


def _is_counted(read: str, article: NumberRead, qualifier: str, how: Rules) -> bool:
    """Whether an article is a number: one of money, a rank, a single one, one qualified by no word of another sense."""
    before, far = max(0, article.start - _NEAR), max(0, article.start - _BEFORE)
    if how["money_named"].match(read, article.end) or how["ranked"].search(read, far, article.start):
        return True
    if _COMPARED.search(read, before, article.start) or _COMPARES.match(read, article.end):
        return True
    if how["single"].match(read, article.end) or how["single_before"].search(read, before, article.start):
        return True
    if how["one_hyphened"].match(read, article.end):
        return True
    if how["one_after"].match(read, article.end) and not how["not_one"].search(read, far, article.start):
        idioms = how["idiom"].finditer(read, before, article.end + _BEFORE)
        return not any(m.start() <= article.start < m.end() for m in idioms)
    if how["value_before"].search(read, far, article.start) and how["value_after"].match(read, article.end):
        return True
    is_loose = how["loose"].search(read, before, article.start) and not how["unit"].match(read, article.end)
    return qualifier != "as-stated" and not is_loose


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


def _made(
    first: NumberRead,
    other: NumberRead | None,
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
