"""Which numbers that look like years are years, and which count something: from 1800 to 2000 km, 1907 firms."""

from __future__ import annotations

import re

from openproposals.factcheck.normal import Span
from openproposals.reading.rules import Rules

_BEFORE = 60  # characters that are looked at before a number
_YEARS = re.compile(
    r"(?<![\w.,])((?:1[5-9]|20|21)[0-9]{2})(?:\s?[-–—/]\s?((?:1[5-9]|20|21)?[0-9]{2}))?(?![0-9])(?![.,][0-9])(s|er|ern)?(?![\w%])"
)
YEAR = re.compile(r"(?:1[5-9]|20|21)[0-9]{2}")
_NO_UNITS = ("pp", "pts", "co2", "co2e")  # after a year, another thing: in 2019 CO2 fell
_SPOKEN_OF = (1900, 2100)
_LARGE = re.compile(r"[0-9]{4,}|[0-9]{1,3}(?:[ \u00a0\u202f.,'’][0-9]{3})+")
_RANGED = re.compile(r"(?<![\w.,])([0-9]+(?:[ \u00a0\u202f.,'’][0-9]{3})*)(\D{1,6})\Z")
RANGES = re.compile(r"(\D{1,6})([0-9]+(?:[ \u00a0\u202f.,'’][0-9]{3})*)(?![\w])")


def is_year(read: str, span: Span, how: Rules) -> bool:
    """Whether a number at a span of a text is a year, or the end of a range of years."""
    found = _YEARS.match(read, span[0])
    if not found:
        back = re.search(r"(?<![\w.,])(?:1[5-9]|20|21)[0-9]{2}\s?[-–—/]\s?\Z", read[max(0, span[0] - 9) : span[0]])
        return (
            back is not None
            and not _in_units(read, span[1], how)
            and re.fullmatch("(?:(?:1[5-9]|20|21)[0-9]{2}|[0-9]{2})", read[slice(*span)]) is not None
        )
    if any(quantity(read, end, how) for end in (span[1], found.end(2) if found[2] else span[1])):
        return False
    if found[2] and _in_units(read, found.end(2), how):
        return False
    before = read[max(0, span[0] - _BEFORE) : span[0]]
    if _in_units(read, _range_end(read, span, how), how):
        return False
    if re.search(r"(?<![\w.,])(?:1[5-9]|20|21)[0-9]{2}\s?[-–—/]\s?\Z", before[-9:]):
        return True
    if how["money_before"].search(before):
        return False
    if how["in_year"].match(read, span[1]):
        return False
    if found[2] or found[3]:
        return True
    if _goes_with_a_number(read, span, how):
        return False
    if how["weak_before_year"].search(before):
        is_likely = _is_far(found[1]) or (found[1].endswith("00") and counted(read, span[1], how))
    else:
        is_likely = not how["before_year"].search(before)
    if not is_likely:
        return True
    return not (how["unit"].match(read, span[1]) or counted(read, span[1], how))


def _range_end(read: str, span: Span, how: Rules) -> int:
    """Where a range ends that a number begins, of numbers like years; the end of the number where it begins none."""
    after = RANGES.match(read, span[1])
    is_range = after and how["range"].fullmatch(after[1]) and YEAR.fullmatch(after[2])
    return after.end(2) if after and is_range else span[1]


def _in_units(read: str, end: int, how: Rules) -> bool:
    """Whether a unit of several letters follows, which no year has: 1500-2000 kg."""
    unit = how["unit"].match(read, end)
    return unit is not None and len(said := unit[0].strip(" -")) > 1 and said.lower() not in _NO_UNITS


def counted(read: str, end: int, how: Rules) -> bool:
    """Whether the word after a number may be what is counted."""
    if how["counts"].match(read, end):
        return True
    noun = re.match(r"[\s\u00a0]([^\W\d_][\w'’·*:-]*(?<!:))", read[end : end + 30])
    return noun is not None and _counts(noun[1], how)


def _counts(word: str, how: Rules) -> bool:
    """Whether a word after four digits may be what is counted: a plural, not one of the small words."""
    if word[0].isupper() and not how.compound:
        return False
    noun = not how.compound or word[0].isupper()
    return (
        word.lower() not in how.common and len(word) > 3 and word[-1] in ("sxnre" if noun and how.compound else "sxn")
    )


def _is_far(year: str) -> bool:
    """Whether a year is one of which documents seldom speak: then so many things are as likely."""
    return not _SPOKEN_OF[0] <= int(year) <= _SPOKEN_OF[1]


def _goes_with_a_number(read: str, span: Span, how: Rules) -> bool:
    """Whether a number that may be a year makes a range with one that is none: from 1106 to 1628."""
    before = _RANGED.search(read, max(0, span[0] - 24), span[0])
    if before and how["range"].fullmatch(before[2]) and not YEAR.fullmatch(before[1]):
        return bool(_LARGE.fullmatch(before[1]))
    after = RANGES.match(read, span[1])
    return bool(
        after and how["range"].fullmatch(after[1]) and not YEAR.fullmatch(after[2]) and _LARGE.fullmatch(after[2])
    )


def quantity(read: str, end: int, how: Rules) -> bool:
    """Whether a number that ends at a place has a magnitude, a percent sign or a sign of money after it."""
    return any(how[name].match(read, end) for name in ("magnitude", "percent", "money_after"))


def measured(read: str, end: int, how: Rules) -> bool:
    """Whether a quantity follows, or a unit of several letters: objectif 60 ans."""
    return quantity(read, end, how) or _in_units(read, end, how)
