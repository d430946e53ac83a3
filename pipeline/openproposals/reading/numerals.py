"""The numbers of a text one by one: in digits, in words, ordinals, fractions, multiples; and what is no figure.

What is no figure (a date, a page's number, an article) is told with its reason: nothing is passed over in silence.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from openproposals.factcheck.normal import SUBSCRIPTS, Span
from openproposals.model import numbers
from openproposals.reading.rules import Rules, value_of

NumeralForm = Literal["digits", "words", "fraction", "ordinal", "multiple", "article"]
_BEFORE = 60  # characters that are looked at before a number
_VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_GROUPED = r"(?<![0-9.,])[0-9]{1,3}(?:[ \u00a0\u202f\u2009'’.,][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?"
_DIGITS = re.compile(
    rf"(?:(?<![\w.,:/-])[-−–+±]\s?(?=[0-9]))?(?:{_GROUPED}|[0-9]+(?:[.,:][0-9]+)*|\d+)[{_VULGAR}]?"
    rf"|[{_VULGAR}]|[{SUBSCRIPTS}]+"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\bdoi:?\s?10\.[^\s]+|\b10\.[0-9]{4,}/[^\s]+"
    r"|(?<![@\w])(?:[\w-]+\.)+(?:org|com|net|fr|de|eu|uk|ch|at|be|int|gov|info)(?:/[^\s<>\"»)]*)?"
)
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+[0-9]{2}[\s.(]*)?"
    r"(?:\(?0\)?[0-9](?:[\s.-][0-9]{2}){4}|0[0-9]{2,4}[\s/-][0-9 /-]{5,12}[0-9])(?![\w])"
)
_DATED = re.compile(
    r"(?<![\w.,/])(?:[0-9]{1,2}([./-])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w/])"
)
_YEARS = re.compile(
    r"(?<![\w.,])((?:1[5-9]|20|21)[0-9]{2})(?:\s?[-–—/]\s?((?:1[5-9]|20|21)?[0-9]{2}))?(?![0-9])(?![.,][0-9])(s|er|ern)?(?![\w%])"
)
_YEAR = re.compile(r"(?:1[5-9]|20|21)[0-9]{2}")
_POST = re.compile(r"[0-9]{4,5}\Z")


@dataclass(frozen=True)
class Numeral:
    """A number: where it stands, how it is written, and its value where that is known (of a fraction, `ratio` too)."""

    start: int
    end: int
    form: NumeralForm
    value: Decimal | None = None
    ratio: str = ""


@dataclass(frozen=True)
class Dismissal:
    """A sign that is no figure, with the reason: a key of `dismissed` in words/<language>/reading/reasons.toml."""

    start: int
    end: int
    reason: str


def numerals(read: str, how: Rules) -> tuple[list[Numeral], list[Dismissal]]:
    """The numbers of a text in order, and those that are no figures.

    read: the text, at its length, with its note marks blank.
    """
    kept: list[Numeral] = []
    out: list[Dismissal] = []
    taken = [(*m.span(), "address") for m in _ADDRESS.finditer(read)]
    taken += [(*m.span(), "contact") for m in _PHONE.finditer(read)]
    taken += [(*m.span(), "date") for m in _DATED.finditer(read)]
    taken.sort()
    at = 0
    for match in _DIGITS.finditer(read):
        while at < len(taken) and taken[at][1] <= match.start():
            at += 1
        inside = at < len(taken) and taken[at][0] < match.end() and match.start() < taken[at][1]
        found = taken[at][2] if inside else _dismissed(read, match.span(), how)
        if kept and match.start() < kept[-1].end:
            continue  # the second number of a fraction
        if found:
            out.append(Dismissal(*match.span(), found))
        else:
            kept.append(_in_digits(read, match, how))
    worded, articles = _worded(read, how)
    busy = [(n.start, n.end) for n in kept] + [(d.start, d.end) for d in out]
    busy.sort()
    kept += [n for n in worded if not _overlaps(busy, (n.start, n.end))]
    return sorted(kept, key=lambda n: (n.start, -n.end)), sorted([*out, *articles], key=lambda d: d.start)


def _overlaps(spans: list[Span], span: Span) -> bool:
    at = bisect(spans, (span[1], -1)) - 1
    return at >= 0 and spans[at][1] > span[0]


def _in_digits(read: str, match: re.Match[str], how: Rules) -> Numeral:
    start, end = match.span()
    found = numbers.readings(match[0], how.language)
    value = next(iter(found)) if len(found) == 1 else None
    if suffix := how["suffix"].match(read, end):
        return Numeral(start, suffix.end(), "ordinal", value)
    fraction = re.compile(r"\s?/\s?([0-9]{1,3})(?![0-9/])").match(read, end)
    if fraction and len(match[0]) <= 3 and value and Decimal(fraction[1]) > value:
        return Numeral(start, fraction.end(), "fraction", None, f"{match[0]}/{fraction[1]}")
    return Numeral(start, end, "digits", value)


def _dismissed(read: str, span: Span, how: Rules) -> str:
    """Why digits are no figure; "" where they may be one."""
    start, end = span
    said = read[start:end]
    line = max(read.rfind("\n", 0, start), read.rfind("\f", 0, start)) + 1
    before, after = read[max(0, start - _BEFORE) : start], read[end : end + 40]
    if said[0] in SUBSCRIPTS:
        return "name"
    attached = before[-1:].isalpha() or (before[-1:] in "-–_" and before[-2:-1].isalpha() and said[0] not in "+±")
    if attached:
        return "name"
    if re.match(r"[-–]?[A-Za-zÀ-ÿ_]", after) and not _is_measured(read, end, how):
        return "name"
    if re.fullmatch(r"[0-9]{1,2}[:][0-9]{2}", said) or (
        len(said) <= 2 and how["time"].match(after) and not _is_span(before)
    ):
        return "time"
    if _year(read, span, how):
        return "year"
    if _day(said, before, after, how):
        return "date"
    if how["page"].search(before):
        return "page"
    if how["contact"].search(before) or (
        _POST.match(said) and re.match(r"\s[A-ZÀ-Þ][\w-]+", after) and _street(read, line, how)
    ):
        return "contact"
    if (
        len(said) <= 4
        and re.match(r"[A-Z]?,?\s", after)
        and re.match(rf"[A-Z]?,?\s(?:bis |ter )?{how['street'].pattern}", after, re.I)
    ):
        return "contact"
    if how["law"].search(before) or (re.match(r"/[0-9]{2,4}(?:/|\b)", after) and len(said) >= 4):
        return "reference"
    if before[-1:] == "/" and re.search(r"[0-9A-Z]/\Z", before) and _YEAR.fullmatch(said):
        return "reference"
    if (
        how["section"].search(before)
        and not _quantity(read, end, how)
        and re.fullmatch(r"[0-9]{1,3}(?:[.,:][0-9]{1,2})*", said)
    ):
        return "section"
    if before[-1:] == "#" or (before[-2:] == "# "):
        return "section"
    if _numbers_line(read, line, span) and not _is_measured(read, end, how):
        return "section"
    if re.match(r"\S{0,3}" + how["century"].pattern, after, re.I):
        return "date"
    return ""


def _is_span(before: str) -> bool:
    """Whether hours are counted, not told: 15-20 h, 20h a week."""
    return re.search(r"[0-9]\s?[-–]\s?\Z", before) is not None


def _is_measured(read: str, end: int, how: Rules) -> bool:
    return any(how[name].match(read, end) for name in ("unit", "magnitude", "suffix", "times", "percent"))


def _quantity(read: str, end: int, how: Rules) -> bool:
    return any(how[name].match(read, end) for name in ("magnitude", "percent", "money_after"))


def _year(read: str, span: Span, how: Rules) -> bool:
    found = _YEARS.match(read, span[0])
    if not found:
        back = re.search(r"(?<![\w.,])(?:1[5-9]|20|21)[0-9]{2}\s?[-–—/]\s?\Z", read[max(0, span[0] - 9) : span[0]])
        return (
            back is not None and re.fullmatch("(?:(?:1[5-9]|20|21)[0-9]{2}|[0-9]{2})", read[slice(*span)]) is not None
        )
    if (
        how["percent"].match(read, span[1])
        or how["magnitude"].match(read, span[1])
        or how["money_after"].match(read, span[1])
    ):
        return False
    before = read[max(0, span[0] - _BEFORE) : span[0]]
    if how["money_before"].search(before):
        return False
    if how["in_year"].match(read, span[1]):
        return False
    if found[2] or found[3] or how["before_year"].search(before):
        return True
    noun = re.match(r"[\s\u00a0]([a-zà-ÿ][\w'’·-]*)", read[span[1] : span[1] + 30])
    return not (noun and (how["unit"].match(read, span[1]) or _counts(noun[1], how)))


def _counts(word: str, how: Rules) -> bool:
    """Whether a word after four digits may be what is counted: not one of the small words."""
    return word.lower() not in how.common and len(word) > 3 and word[-1] in "sxn"


def _day(said: str, before: str, after: str, how: Rules) -> bool:
    if not re.fullmatch("[0-9]{1,2}", said):
        return False
    if how["month_after"].match(after) or how["month_before"].search(before):
        return True
    listed = re.match(r"(?:er)?(?:\.)?\s?(?:-|–|et|au|and|to|und|bis|,)\s?[0-9]{1,2}", after)
    return listed is not None and how["month_after"].match(after[listed.end() :]) is not None


def _street(read: str, line: int, how: Rules) -> bool:
    return how["street"].search(read[max(0, line - 120) : line + 120]) is not None


def _numbers_line(read: str, line: int, span: Span) -> bool:
    """Whether a number is that of a section or an item: 1., 1.2, 1) at the start of a line, before words."""
    if read[line : span[0]].strip(" \t#*_-–•>(§"):
        return False
    after = read[span[1] : span[1] + 40]
    said = read[slice(*span)]
    if re.fullmatch(r"[0-9]{1,2}(?:\.[0-9]{1,3}){1,3}", said):
        return re.match(r"\.?\)?[ \t]*[^\W\d_a-z]", after) is not None
    return (
        re.fullmatch("[0-9]{1,2}", said) is not None
        and re.match(r"(?:[.)][ \t]*\)?|[ \t]?[/|–-])[ \t]*[^\W\d_]", after) is not None
    )


def _worded(read: str, how: Rules) -> tuple[list[Numeral], list[Dismissal]]:
    """Numbers in words, and the articles and idioms among them."""
    idle = sorted(m.span() for m in how["idiom"].finditer(read))
    found: list[Numeral] = []
    out: list[Dismissal] = []
    busy: list[Span] = []
    for match in how["fraction"].finditer(read):
        if not _overlaps(idle, match.span()):
            ratio = how.fractions[re.sub(r"\s+", " ", match[0].lower())]
            found.append(Numeral(*match.span(), "fraction", None, ratio))
            busy.append(match.span())
    worded: tuple[tuple[NumeralForm, Mapping[str, float]], ...] = (
        ("multiple", how.multiples),
        ("ordinal", how.ordinals),
    )
    for form, values in worded:
        for match in how[form].finditer(read):
            if _overlaps(busy, match.span()):
                continue
            word = match[0].lower()
            if form == "ordinal" and word in how.first:
                out.append(Dismissal(*match.span(), "first"))
            elif _overlaps(idle, match.span()) or (form == "ordinal" and how.compound and _is_noun(read, match, how)):
                out.append(Dismissal(*match.span(), "idiom"))
            else:
                found.append(Numeral(*match.span(), form, Decimal(str(values[word]))))
        busy = sorted([*busy, *((n.start, n.end) for n in found if n.form == form)])
    for start, end in _joined(read, how):
        if _overlaps(busy, (start, end)):
            continue
        said = read[start:end]
        if said.lower() in how.articles:
            found.append(Numeral(start, end, "article", Decimal(1)))
        elif _overlaps(idle, (start, end)):
            out.append(Dismissal(start, end, "idiom"))
        else:
            found.append(Numeral(start, end, "words", value_of(said, how)))
    return found, out


def _is_noun(read: str, word: re.Match[str], how: Rules) -> bool:
    """Whether a word has a capital that no sentence's beginning gives it: der Dritte, of which nothing is counted."""
    at = word.start()
    if how["every"].search(read, max(0, at - 12), at):
        return False
    return word[0][0].isupper() and not re.search(r"(?:\A|[.!?:\n]\s*)\Z", read[max(0, at - 3) : at])


def _joined(read: str, how: Rules) -> Iterator[Span]:
    """The runs of number words; "and" joins two where the first ends with a hundred, a thousand or a ten."""
    pending: Span | None = None
    for match in how["word"].finditer(read):
        start, end = match.span()
        if pending:
            between = read[pending[1] : start]
            last = value_of(re.split(r"[\s-]", read[slice(*pending)])[-1], how) or 0
            following = value_of(match[0], how) or 0
            if between.strip().lower() == how.joined and len(between) <= 6 and last >= 20 and following < last:
                pending = (pending[0], end)
                continue
            yield pending
        pending = (start, end)
    if pending:
        yield pending
