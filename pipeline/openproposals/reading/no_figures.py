"""Why digits are no figure: years, days, times, pages, sections, names, addresses, laws."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openproposals.factcheck.normal import SUBSCRIPTS, Span
from openproposals.reading.rules import Rules

_BEFORE = 60  # characters that are looked at before a number
_YEARS = re.compile(
    r"(?<![\w.,])((?:1[5-9]|20|21)[0-9]{2})(?:\s?[-–—/]\s?((?:1[5-9]|20|21)?[0-9]{2}))?(?![0-9])(?![.,][0-9])(s|er|ern)?(?![\w%])"
)
_YEAR = re.compile(r"(?:1[5-9]|20|21)[0-9]{2}")
_COUNTED = re.compile(r"[-–](?:[a-zß-ÿ]|[A-ZÀ-Þ][a-zß-ÿ])[a-zß-ÿ]{2}")  # what is so many: a 10-point plan
_ALONE = re.compile(r"[.)][ \t]*(?:[\n\r\f\ue000]|\Z)")
_PARAGRAPH = re.compile(r"[0-9]{2,}-\Z")  # of a law, before the number of a paragraph: L. 2153-1
_SPOKEN_OF = (1900, 2100)
_LARGE = re.compile(r"[0-9]{4,}|[0-9]{1,3}(?:[ \u00a0\u202f.,'’][0-9]{3})+")
_RANGED = re.compile(r"(?<![\w.,])([0-9]+(?:[ \u00a0\u202f.,'’][0-9]{3})*)(\D{1,6})\Z")
_RANGES = re.compile(r"(\D{1,6})([0-9]+(?:[ \u00a0\u202f.,'’][0-9]{3})*)(?![\w])")
_AMOUNT = re.compile(r"[0-9][A-Za-z]{1,2}[-–]\Z")  # of a range: 5m–6m
_HOUR = re.compile(r"(?<![\w.,])[0-9]{1,2}\s?h\s?\Z")
_OF_SECTION = 2  # digits of the number of a section or a goal; of more, what follows may be counted
_TIMES = re.compile(r"(?<!\w)[x×]\Z")  # x3: three times
_THOUSANDS = re.compile(r"[1-9][0-9]?(?:\.[0-9]{3})+")  # 12.000
_HOUSE = re.compile(r"[a-z]?(?:[/-][0-9]+[a-z]?)?[ \t*]*(?:[,)|\n\f\ue000]|\Z)")
_ITEM_BEFORE = re.compile(r"[.:;,]\s{1,3}\Z")
_ITEM = re.compile(r"\)\s{1,3}[^\W\d_]")
_ROW = re.compile(r"[ \t]*\|[ \t]*([0-9]{1,12})[ \t]*\|[ \t*]*[^\W\d_]")
_MEASURES = ("unit", "magnitude", "suffix", "times", "percent", "symbol", "money_after")
_LONG = 5  # digits of a number of a thing that stands first in a row
_POST = re.compile(r"[0-9]{4,5}\Z")


@dataclass(frozen=True)
class Dismissal:
    """A sign that is no figure, with the reason: a key of `dismissed` in words/<language>/reading/reasons.toml."""

    start: int
    end: int
    reason: str


def why_not(read: str, span: Span, how: Rules) -> str:
    """Why digits are no figure: a key of `dismissed` in the words of reading/reasons; "" where they may be one."""
    start, end = span
    said = read[start:end]
    line = max(read.rfind("\n", 0, start), read.rfind("\f", 0, start)) + 1
    before, after = read[max(0, start - _BEFORE) : start], read[end : end + 40]
    if said[0] in SUBSCRIPTS:
        return "name"
    if how["money_before"].search(before[-6:]) and re.match(r"[A-Za-z]{1,3}(?!\w)", after):
        return ""
    if _is_age(said, before, after, how):
        return ""
    if re.match(r"[a-f](?!\w)", after) and (_YEAR.fullmatch(said) or how["section"].search(before)):
        return "year" if _YEAR.fullmatch(said) else "section"  # 2020b, section 4c
    if _is_attached(said, before, how):
        return "name"
    if re.match(r"[-–]?[A-Za-zÀ-ÿ_]", after) and not _is_measured(read, end, how) and not _COUNTED.match(after):
        return "name"
    if re.fullmatch("[0-9]{1,2}:[0-9]{2}", said) or (how["time"].match(after) and _is_hour(said, before)):
        return "time"
    if _HOUR.search(before) and re.fullmatch("[0-5][0-9]", said):
        return "time"
    if _year(read, span, how):
        return "year"
    if _day(said, before, after, how):
        return "date"
    if how["page"].search(before) or how["page_of"].search(before):
        return "page"
    if how["contact"].search(before) or (
        _POST.match(said) and re.match(r"\s[A-ZÀ-Þ][\w-]+", after) and _street(read, line, how)
    ):
        return "contact"
    if (
        re.fullmatch("[0-9]{1,4}", said)
        and not how["unit"].match(read, end)
        and re.match(r"[A-Z]?,?\s", after)
        and re.match(rf"[A-Z]?,?\s(?:bis |ter )?{how['street'].pattern}", after, re.I)
    ):
        return "contact"
    if how["house"].search(before) and _HOUSE.match(read, end):
        return "contact"
    if how["law"].search(_PARAGRAPH.sub("", before)) or (re.match(r"/[0-9]{2,4}(?:/|\b)", after) and len(said) >= 4):
        return "reference"
    if before[-1:] == "/" and re.search(r"[0-9A-Z]/\Z", before) and _YEAR.fullmatch(said):
        return "reference"
    if (
        how["section"].search(before)
        and not _quantity(read, end, how)
        and not (len(said) > _OF_SECTION and _counted(read, end, how))
        and re.fullmatch(r"[0-9]{1,4}(?:[.,:][0-9]{1,2})*", said)
    ):
        return "section"
    if _is_item(before, after) or _numbers_row(read, line, span):
        return "section"
    if before[-1:] == "#" or (before[-2:] == "# "):
        return "section"
    if _numbers_line(read, line, span, how) and not _is_measured(read, end, how):
        return "section"
    if re.match(r"\S{0,3}" + how["century"].pattern, after, re.I):
        return "date"
    return ""


def _is_age(said: str, before: str, after: str, how: Rules) -> bool:
    """Whether a number with an s is an age, or so many of a rank: the over-65s, under 12s, 16s and over."""
    if _YEAR.fullmatch(said) or not (aged := how["aged"].match(after)):
        return False
    return aged.end() > 1 or how["compared"].search(before) is not None


def _is_item(before: str, after: str) -> bool:
    """Whether a number is that of an item within a paragraph: as follows: 1) this, 2) that."""
    return (
        _ITEM_BEFORE.search(before) is not None
        and _ITEM.match(after) is not None
        and before.count("(") <= before.count(")") + len(re.findall(r"(?<!\w)[0-9a-z]\)", before))
        and before.rfind("(") <= before.rfind(")")
    )


def _numbers_row(read: str, line: int, span: Span) -> bool:
    """Whether the first cell of a table's row is a number of things: a long one, or one that counts the rows."""
    found = _ROW.match(read, line)
    if not found or found.span(1) != span:
        return False
    number = int(found[1])
    if len(found[1]) > _LONG:
        return True
    following = _ROW.match(read, read.find("\n", span[1]) + 1)
    above = _ROW.match(read, read.rfind("\n", 0, max(0, line - 1)) + 1) if line else None
    return bool(following and int(following[1]) == number + 1) or bool(above and int(above[1]) == number - 1)


def _is_attached(said: str, before: str, how: Rules) -> bool:
    """Whether digits belong to the letters before them: B12, PM-10; not over-65s, 5m–6m, x3."""
    if before[-1:].isalpha():
        return not _TIMES.search(before)
    hyphened = before[-1:] in "-–_" and before[-2:-1].isalpha() and said[0] not in "+±"
    return hyphened and not _AMOUNT.search(before) and not how["compared"].search(before)


def _is_hour(said: str, before: str) -> bool:
    return re.fullmatch(r"[0-9]{1,2}(?:\.[0-5][0-9])?", said) is not None and not _is_span(before)


def _is_span(before: str) -> bool:
    """Whether hours are counted, not told: 15-20 h, 20h a week."""
    return re.search(r"[0-9]\s?[-–]\s?\Z", before) is not None


def _is_measured(read: str, end: int, how: Rules) -> bool:
    return any(how[name].match(read, end) for name in _MEASURES)


def _quantity(read: str, end: int, how: Rules) -> bool:
    return any(how[name].match(read, end) for name in ("magnitude", "percent", "money_after"))


def _year(read: str, span: Span, how: Rules) -> bool:
    found = _YEARS.match(read, span[0])
    if not found:
        back = re.search(r"(?<![\w.,])(?:1[5-9]|20|21)[0-9]{2}\s?[-–—/]\s?\Z", read[max(0, span[0] - 9) : span[0]])
        return (
            back is not None
            and not _in_units(read, span[1], how)
            and re.fullmatch("(?:(?:1[5-9]|20|21)[0-9]{2}|[0-9]{2})", read[slice(*span)]) is not None
        )
    if any(_quantity(read, end, how) for end in (span[1], found.end(2) if found[2] else span[1])):
        return False
    if found[2] and _in_units(read, found.end(2), how):
        return False
    before = read[max(0, span[0] - _BEFORE) : span[0]]
    if _in_units(read, _range_end(read, span, how), how) and (
        _is_range(read, span, how) or not how["before_year"].search(before) or how["weak_before_year"].search(before)
    ):
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
    if how["before_year"].search(before) and not (_is_far(found[1]) and how["weak_before_year"].search(before)):
        return True
    return not (how["unit"].match(read, span[1]) or _counted(read, span[1], how))


def _range_end(read: str, span: Span, how: Rules) -> int:
    """Where a range ends that a number begins, of numbers like years; the end of the number where it begins none."""
    after = _RANGES.match(read, span[1])
    is_range = after and how["range"].fullmatch(after[1]) and _YEAR.fullmatch(after[2])
    return after.end(2) if after and is_range else span[1]


def _is_range(read: str, span: Span, how: Rules) -> bool:
    """Whether a number begins or ends a range of numbers like years: from 1800 to 2000 km."""
    before = _RANGED.search(read, max(0, span[0] - 24), span[0])
    ends = before and how["range"].fullmatch(before[2]) and _YEAR.fullmatch(before[1])
    return bool(ends) or _range_end(read, span, how) > span[1]


def _in_units(read: str, end: int, how: Rules) -> bool:
    """Whether a unit of several letters follows, which no year has: 1500-2000 kg."""
    unit = how["unit"].match(read, end)
    return unit is not None and len(unit[0].strip(" -")) > 1 and unit[0].strip(" -").lower() not in ("pp", "pts")


def _counted(read: str, end: int, how: Rules) -> bool:
    """Whether the word after a number may be what is counted."""
    noun = re.match(r"[\s\u00a0]([^\W\d_][\w'’·-]*)", read[end : end + 30])
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
    if before and how["range"].fullmatch(before[2]) and not _YEAR.fullmatch(before[1]):
        return bool(_LARGE.fullmatch(before[1]))
    after = _RANGES.match(read, span[1])
    return bool(
        after and how["range"].fullmatch(after[1]) and not _YEAR.fullmatch(after[2]) and _LARGE.fullmatch(after[2])
    )


def _day(said: str, before: str, after: str, how: Rules) -> bool:
    if not re.fullmatch("[0-9]{1,2}", said):
        return False
    if how["month_after"].match(after) or how["month_before"].search(before):
        return True
    listed = re.match(r"(?:er)?(?:\.)?\s?(?:-|–|et|au|and|to|und|bis|,)\s?[0-9]{1,2}", after)
    return listed is not None and how["month_after"].match(after[listed.end() :]) is not None


def _street(read: str, line: int, how: Rules) -> bool:
    return how["street"].search(read[max(0, line - 120) : line + 120]) is not None


def _numbers_line(read: str, line: int, span: Span, how: Rules) -> bool:
    """Whether a number is that of a section or an item: 1., 1.2, 1) at the start of a line, before words."""
    if read[line : span[0]].strip(" \t#*_-–•>(§"):
        return False
    after = read[span[1] : span[1] + 40]
    said = read[slice(*span)]
    if how.compound and _THOUSANDS.fullmatch(said):
        return False
    if re.fullmatch(r"[0-9]{1,2}(?:\.[0-9]{1,3}){1,3}", said):
        return re.match(r"\.?\)?[ \t]*[^\W\d_a-z]", after) is not None
    return (
        re.fullmatch("[0-9]{1,2}", said) is not None
        and re.match(r"(?:[.)][ \t]*\)?|[ \t]?[/|–]|[ \t]?-(?=[ \t]))[ \t]*[^\W\d_]", after) is not None
    ) or (
        re.fullmatch("[0-9]{1,2}", said) is not None
        and "(" not in read[line : span[0]]
        and _ALONE.match(after) is not None
    )
