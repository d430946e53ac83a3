"""Why digits are no figure: years, days, times, pages, sections, names, addresses, laws."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openproposals.factcheck.normal import SUBSCRIPTS, Span
from openproposals.reading import numbered_lines, years
from openproposals.reading.rules import Rules

_COUNTED = re.compile(r"[-–](?:[a-zß-ÿ]|[A-ZÀ-Þ][a-zß-ÿ])[a-zß-ÿ]{2}")  # what is so many: a 10-point plan
_BEFORE = 60  # characters that are looked at before a number
_PARAGRAPH = re.compile(r"[0-9]{2,}-\Z")  # of a law, before the number of a paragraph: L. 2153-1
_AMOUNT = re.compile(r"[0-9][A-Za-z]{1,2}[-–]\Z")  # of a range: 5m–6m
_LINKED = re.compile(r"-[a-zà]{1,3}-[0-9]")  # two numbers: 3-to-1, 1-in-5
_LINKS = re.compile(r"[0-9]-[a-zà]{1,3}-\Z")
_HOUR = re.compile(r"(?<![\w.,])([0-9]{1,2})(\s?h\s?)\Z")
_MINUTES = re.compile(r"\s?h\s?[0-5][0-9](?![\w%])")  # after an hour: 8h30
_SPAN = re.compile(r"[0-9]\s?[-–]\s?\Z")
_TO_HOUR = re.compile(r"\s?h\s?(?:[0-5][0-9])?\s?(?:à|et|-|–)\s?[0-9]")
_LISTED = re.compile(r"[0-9][.,]?\s\Z")  # another number, before one of a section: part 2, 40 homes
_OF_SECTION = 2  # digits of the number of a section or a goal; of more, what follows may be counted
_TIMES = re.compile(r"(?<!\w)[x×Ü]\Z")  # x3: three times; Ü60: over 60
_HOUSE = re.compile(r"[a-z]?(?:[/-][0-9]+[a-z]?)?[ \t*]*(?:[,)|\n\f\ue000]|\Z)")
_MEASURES = ("unit", "magnitude", "suffix", "times", "percent", "symbol", "money_after")
_AGES = re.compile(r"(?<![\w.,])[0-9]{1,2}[-–]\Z")  # before the later of two ages: 18-25s
_OF_PAGE = 3  # digits of the number of a page
_LEADERS = re.compile(r"(?:[.·…_�]\s?){4,}\Z")
_LINE_ENDS = re.compile(r"[ \t]*(?:[\n\f\ue000]|\Z)")
_OF_FILE = 4  # digits of the number of a file
_CALLED = re.compile(r"[+(]?[0-9][0-9 /().-]{3,}[0-9]")  # a number of a telephone
_FILED = re.compile(r"/(?:(?:19|20)[0-9]{2}|[0-9]{2})(?:/|(?!\w|[.,][0-9]))")  # of a file, with its year: 0482/2019
_POST = re.compile(r"[0-9]{4,5}\Z")
_APART = re.compile(r"(?:\A|[,|·•;/>\n\f\ue000(–—-])\s{0,2}\Z")  # what stands before the number of a town


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
    if re.match(r"[a-f](?!\w)", after) and (years.YEAR.fullmatch(said) or how["section"].search(before)):
        return "year" if years.YEAR.fullmatch(said) else "section"  # 2020b, section 4c
    if (hour := _HOUR.search(before)) and re.fullmatch("[0-5][0-9]", said):
        return "time" if _is_hour(hour[1], before[: hour.start()], hour[2] + said + after, how) else ""
    if _is_attached(said, before, how):
        return "name"
    if (minutes := _MINUTES.match(after)) and _is_hour(said, before, after, how):
        return "time"
    if (
        not minutes
        and _LINKED.match(after) is None
        and re.match(r"[-–]?[A-Za-zÀ-ÖØ-öø-ÿ_]", after)
        and not _is_measured(read, end, how)
        and not _COUNTED.match(after)
        and not _is_joined(read, end, how)
    ):
        return "name"
    if _is_clock(read, span, how) or (how["time"].match(after) and _is_hour(said, before, after, how)):
        return "time"
    if years.is_year(read, span, how):
        return "year"
    if _day(said, before, after, how):
        return "date"
    if how["page"].search(before) or how["page_of"].search(before) or _is_led(before, said, after):
        return "page"
    if (how["contact"].search(before) and _CALLED.match(read, start)) or (
        _POST.match(said)
        and _APART.search(before)
        and re.match(r"\s[A-ZÀ-Þ][\w-]+", after)
        and _street(read, line, how)
    ):
        return "contact"
    if (
        re.fullmatch("[0-9]{1,4}", said)
        and not how["unit"].match(read, end)
        and re.match(r"[A-Z]?,?\s", after)
        and how["street_after"].match(after)
    ):
        return "contact"
    if how["house"].search(before) and _HOUSE.match(read, end):
        return "contact"
    if (how["law"].search(_PARAGRAPH.sub("", before)) and not years.measured(read, end, how)) or (
        len(said) >= _OF_FILE and _is_filed(after, how)
    ):
        return "reference"
    if before[-1:] == "/" and re.search(r"[0-9A-Z]/\Z", before) and years.YEAR.fullmatch(said):
        return "reference"
    if (
        (named := how["section"].search(before))
        and not years.measured(read, end, how)
        and not ((len(said) > _OF_SECTION or _LISTED.search(named[0])) and years.counted(read, end, how))
        and re.fullmatch(r"[0-9]{1,4}(?:[.,:][0-9]{1,2})*", said)
    ):
        return "section"
    if numbered_lines.is_item(before, after) or numbered_lines.numbers_row(read, line, span):
        return "section"
    if before[-1:] == "#" or (before[-2:] == "# "):
        return "section"
    if numbered_lines.numbers_line(read, line, span, how) and not _is_measured(read, end, how):
        return "section"
    if how["century"].match(after):
        return "date"
    return ""


def _is_age(said: str, before: str, after: str, how: Rules) -> bool:
    """Whether a number with an s is an age, or so many of a rank: the over-65s, under 12s, 16s and over."""
    if years.YEAR.fullmatch(said) or not (aged := how["aged"].match(after)):
        return False
    return aged.end() > 1 or _AGES.search(before) is not None or how["compared"].search(before) is not None


def _is_attached(said: str, before: str, how: Rules) -> bool:
    """Whether digits belong to the letters before them: B12, PM-10; not over-65s, 5m–6m, x3."""
    if before[-1:].isalpha():
        return not _TIMES.search(before) and not how["money_before"].search(before[-6:])
    if _LINKS.search(before):
        return False
    hyphened = before[-1:] in "-–_" and before[-2:-1].isalpha() and said[0] not in "+±"
    return hyphened and not _AMOUNT.search(before) and not how["compared"].search(before)


def _is_clock(read: str, span: Span, how: Rules) -> bool:
    """Whether a number is a time of day: 10:30, from 6 to 21 o'clock; not a ratio, 50:50."""
    said = read[slice(*span)]
    if re.fullmatch("(?:[01]?[0-9]|2[0-4]):[0-5][0-9]", said):
        return True
    to = years.RANGES.match(read, span[1])
    end = to.end() if to and how["range"].fullmatch(to[1]) else span[1]
    return re.fullmatch(r"[0-9]{1,2}(?:\.[0-5][0-9])?", said) is not None and how["clock"].match(read, end) is not None


def _is_led(before: str, said: str, after: str) -> bool:
    """Whether dots lead to a number at the end of its line, as in a table of contents."""
    return len(said) <= _OF_PAGE and _LEADERS.search(before) is not None and _LINE_ENDS.match(after) is not None


def _is_filed(after: str, how: Rules) -> bool:
    """Whether a year follows a number, as in the number of a file; not 3000/5000 €."""
    filed = _FILED.match(after)
    return filed is not None and not years.quantity(after, filed.end(), how)


def _is_hour(said: str, before: str, after: str, how: Rules) -> bool:
    """Whether a number is an hour of the day, not so many hours: 15-20 h, 12 h par semaine, un délai de 24 h."""
    if not re.fullmatch(r"(?:[01]?[0-9]|2[0-4])(?:\.[0-5][0-9])?", said) or _SPAN.search(before):
        return False
    is_lasting = how["lasts_before"].search(before) and not _TO_HOUR.match(after)
    return not is_lasting and how["lasts_after"].match(after) is None


def _is_joined(read: str, end: int, how: Rules) -> bool:
    """Whether the word that leads to a second number stands close to a first: entre 1et 5."""
    to = how["range"].match(read, end)
    return to is not None and to[0][-1:].isspace() and read[to.end() : to.end() + 1].isdecimal()


def _is_measured(read: str, end: int, how: Rules) -> bool:
    return any(how[name].match(read, end) for name in _MEASURES)


def _day(said: str, before: str, after: str, how: Rules) -> bool:
    if not re.fullmatch("[0-9]{1,2}", said):
        return False
    if how["month_after"].match(after):
        return True
    if how["month_before"].search(before) and not years.counted(after, 0, how) and not how["unit"].match(after):
        return True
    listed = re.match(r"(?:er)?(?:\.)?\s?(?:-|–|et|au|and|to|und|bis|,)\s?[0-9]{1,2}", after)
    return listed is not None and how["month_after"].match(after[listed.end() :]) is not None


def _street(read: str, line: int, how: Rules) -> bool:
    return how["street"].search(read[max(0, line - 120) : line + 120]) is not None
