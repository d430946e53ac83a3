"""The work that a note cites: its title, publisher and date as printed. What is not printed stays empty."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openproposals.reading.rules import Rules

_QUOTED = re.compile(
    r"[«“\"]\s?(?P<a>[^«»“”\"]{3,300}?)\s?[»”\"]|(?<!\*)\*(?P<b>[^*\n]{3,300})\*(?!\*)|_(?P<c>[^_\n]{3,300})_"
)
_YEAR = re.compile(r"(?<![\w.,/-])(?:1[89]|20|21)[0-9]{2}(?![\w/-])")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"»)]+")
_PARTS = re.compile(r"\s*[|;]\s*|,\s+|\s[–—-]\s|\n+")


@dataclass(frozen=True)
class CitedWork:
    """A work as a note prints it."""

    title: str = ""
    publisher: str = ""
    issued: str = ""
    url: str = ""


def work(said: str, how: Rules) -> CitedWork:
    """The work that the words of a note cite, its sign taken off.

    >>> from openproposals.reading.rules import rules
    >>> work("Housing in figures, Ministry of Works, 2022", rules("en"))
    CitedWork(title='Housing in figures', publisher='Ministry of Works', issued='2022', url='')
    """
    url = _ADDRESS.search(said)
    plain = _ADDRESS.sub("", said)
    dated = _date(plain, how)
    quoted = _QUOTED.search(plain)
    title = " ".join((quoted["a"] or quoted["b"] or quoted["c"]).split()) if quoted else ""
    rest = plain[: quoted.start()] + "," + plain[quoted.end() :] if quoted else plain
    rest = rest.replace(dated, ",", 1) if dated and not (not quoted and _is_within_title(rest, dated)) else rest
    parts = [" ".join(p.strip(' .*_"«»“”()').split()) for p in _PARTS.split(rest)]
    parts = [p for p in parts if len(p) > 1 and re.search(r"[^\W\d_]{2}", p)]
    if not title and parts:
        alone = len(parts) == 1 and not re.search(rf"[0-9]|{how['work'].pattern}", parts[0], re.IGNORECASE)
        title, parts = ("", parts) if alone else (parts[0], parts[1:])
    kept = [p for p in parts if not re.fullmatch(how["work"].pattern, p, re.IGNORECASE)]
    return CitedWork(title, kept[0] if kept else "", dated, url[0].rstrip(".,") if url else "")


def _date(said: str, how: Rules) -> str:
    """The last date of a note: with its day and month where they stand before the year."""
    years = list(_YEAR.finditer(said))
    if not years:
        return ""
    last = years[-1]
    before = said[max(0, last.start() - 30) : last.start()]
    full = re.search(rf"(?:[0-9]{{1,2}}(?:er|\.|st|nd|rd|th)?\s+)?{how['month_before'].pattern}", before, re.IGNORECASE)
    start = last.start() - len(before) + full.start() if full else last.start()
    return " ".join(said[start : last.end()].split())


def _is_within_title(said: str, dated: str) -> bool:
    """Whether the date is part of the title: no comma, bar or bracket stands before it."""
    at = said.rfind(dated)
    return not re.search(r"[,|;(–—]\s*\Z", said[:at]) and bool(re.search(r"[^\W\d_]\s*\Z", said[:at]))
