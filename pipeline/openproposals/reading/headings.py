"""Headings with their levels, and the lines and items that propose something.

A line is a heading where its document says so (Markdown, HTML), where it is numbered, in capitals, in bold, or stands
alone and is short. One that begins as the language's proposals do (an infinitive, an imperative) is a proposal.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openproposals.factcheck.normal import Span
from openproposals.reading.layout import PrintedLine, Spans, plain_span
from openproposals.reading.rules import Rules

HeadingRule = Literal["marked", "numbered", "capitals", "bold", "alone", "after-number"]
LONGEST_HEADING, LONGEST_PROPOSAL = 130, 220  # characters
_APART, _TABLE = 0.5, 4  # the confidence of a line set apart; short lines in a run that are a table
_SHORT_TITLE = 90  # characters of a title that no blank lines set apart
_NUMBERED = re.compile(
    r"(?:#\s?)?(?:(?:chapitre|chapter|kapitel|partie|part|teil|titre|section|axe|annexe|annex|appendix|anhang)\s+)?"
    r"(?P<number>[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}|[IVX]{1,5}|[A-H])(?:[.):]|\s[–—-])\s*(?=[^\W\d_])", re.IGNORECASE
)  # fmt: skip
_DOTTED = re.compile(r"(?P<number>[0-9]{1,2}(?:\.[0-9]{1,3}){1,3})(?=\s)")  # 2.1.3 Trams, of a marked heading
_UNDERLINE = re.compile("={3,}|-{3,}")  # under a title, in plain text and Markdown
_BARE_NUMBER = re.compile(
    r"#\s?[0-9]{1,2}|(?:chapitre|chapter|kapitel|partie|part|teil)\s+(?:[0-9]{1,2}|[IVX]{1,5})", re.IGNORECASE
)
_CONTENTS = re.compile(r"(?:\.{3,}|\s{3,}|p\.\s?|…)\s*[0-9]{1,4}\Z|\s[0-9]{1,3}\Z")
_BOLD = re.compile(r"(?:\*\*|__)[^*_]+(?:\*\*|__):?")
_WORD = re.compile(r"[^\W\d_][\w'’·-]*")
_ALONE = re.compile(r"[^\W\d_].*[^.;,:]", re.DOTALL)
_STOPPED = re.compile(r"[.!?;,:]\Z")


@dataclass(frozen=True)
class Heading:
    """A heading: its span without signs of Markdown, its level from 1, its number as printed, what shows it."""

    start: int
    end: int
    level: int
    rule: HeadingRule
    confidence: float
    number: str = ""


@dataclass(frozen=True)
class Proposed:
    """A line or an item of a list that proposes something."""

    start: int
    end: int
    rule: Literal["verb", "lead", "verb-last"]
    confidence: float


def headed(
    content: str,
    parts: Sequence[Sequence[PrintedLine]],
    marked: Sequence[tuple[int, str]],
    levels: Mapping[int, int],
    apart: Sequence[Span],
    how: Rules,
) -> tuple[list[Heading], list[Proposed]]:
    """The headings and the proposals of a text.

    parts: its blocks; marked: where its document has headings, with the levels that it tells; apart: running heads and
    notes, in which none stand.
    """
    headings: list[Heading] = []
    proposals: list[Proposed] = []
    places = dict(marked)
    previous = ""
    beside = Spans(apart)
    for part in parts:
        if beside.holds(part[0].start):
            continue
        span = plain_span(content, (part[0].start, part[-1].end))
        said = " ".join(content[slice(*span)].split())
        title = next(
            (at for at in (part[0].start, *(line.start for line in part[1:])) if _is_marked(content, at, places)), None
        )
        proposal = _proposal(content, part, span, said, how)
        if title is not None:
            line = next(line for line in part if line.start == title)
            made = plain_span(content, (line.start, line.end))
            level = _level(line, levels, _number(content[slice(*made)]))
            own = _proposal(content, [line], made, content[slice(*made)], how)
            if own:
                proposals.append(own)
            else:
                headings.append(Heading(*made, level, "marked", 0.95, _number(content[slice(*made)])))
        elif proposal:
            proposals.append(proposal)
        else:
            headings += _in_block(content, part, span, said, previous)
        previous = said
    return _without_tables(parts, _without_contents(content, headings)), proposals


def _is_marked(content: str, at: int, places: dict[int, str]) -> bool:
    return at in places or any(content[at : at + 1].isspace() is False and at - back in places for back in (1, 2))


def _level(line: PrintedLine, levels: Mapping[int, int], number: str) -> int:
    """The level of a marked heading: by its signs, by its format, by its number; 1 where nothing tells it."""
    signs = len(line.words) - len(line.words.lstrip("#"))
    told = next((levels[at] for at in (line.start, line.start - 1, line.start - 2) if at in levels), 1)
    return signs or max(told, number.strip(".").count(".") + 1)


def _in_block(content: str, part: Sequence[PrintedLine], span: Span, said: str, previous: str) -> Iterator[Heading]:
    """The headings of a block: as a whole, or lines in capitals within it."""
    if _BARE_NUMBER.fullmatch(said):
        return
    if len(part) == 2 and (line := _UNDERLINE.fullmatch(part[1].words)):
        made = plain_span(content, (part[0].start, part[0].end))
        yield Heading(*made, 1 if line[0][0] == "=" else 2, "marked", 0.95, _number(content[slice(*made)]))
        return
    if _BARE_NUMBER.fullmatch(previous) and len(said) <= LONGEST_HEADING and len(part) <= 3:
        yield Heading(*span, 1, "after-number", 0.95, re.sub(r"[^0-9IVX]", "", previous))
        return
    capitals = [line for line in part if _in_capitals(line.words)]
    if capitals and len(capitals) == len(part) and len(said) <= LONGEST_HEADING:
        yield Heading(*span, 2, "capitals", 0.9, _number(said))
        return
    if capitals:
        yield from (
            Heading(*plain_span(content, (x.start, x.end)), 2, "capitals", 0.7, _number(x.words)) for x in capitals
        )
        return
    if len(said) > LONGEST_HEADING or len(part) > 3 or (part[0].item and not _NUMBERED.match(said)):
        return
    whole = content[part[0].start : part[-1].end]
    if _BOLD.fullmatch(whole.strip()) and len(part) <= 2:
        yield Heading(*span, 3, "bold", 0.7, _number(said))
    elif (numbered := _NUMBERED.match(said)) and not _STOPPED.search(said):
        yield Heading(*span, numbered["number"].count(".") + 1, "numbered", 0.8, numbered["number"])
    elif len(part) == 1 and _ALONE.fullmatch(said) and not said[0].islower():
        apart = part[0].blank_before and part[0].blank_after
        if apart or (len(said) <= _SHORT_TITLE and not re.search(r"[0-9][%*)]*\Z", said)):
            yield Heading(*span, 3, "alone", _APART if apart else 0.4)


def _in_capitals(words: str) -> bool:
    letters = [c for c in words if c.isalpha()]
    return len(letters) > 3 and all(c.isupper() for c in letters)


def _number(said: str) -> str:
    found = _NUMBERED.match(said) or _DOTTED.match(said)
    return found["number"] if found else ""


def _proposal(content: str, part: Sequence[PrintedLine], span: Span, said: str, how: Rules) -> Proposed | None:
    start, end = span
    item = part[0].item
    if len(said) > LONGEST_PROPOSAL and not item:
        return None
    if item:
        start = plain_span(content, (part[0].start + item, part[0].end))[0]
        said = " ".join(content[start:end].split())
    else:
        numbered = _NUMBERED.match(said)
        said = said[numbered.end() :] if numbered else said
    first = _WORD.search(said)
    if first is None or _CONTENTS.search(said) or said.isupper():
        return None
    stops = len(re.findall(r"[.!?](?=\s+[^\W\d_a-z])", said))
    if stops and not item:
        return None  # a paragraph
    word = first[0].lower()
    alone = part[0].blank_before or item
    at_start = (first.start() <= 3 and first[0][0].isupper()) or (bool(item) and first.start() <= 3)
    if at_start and how["verb"].fullmatch(word) and word not in how.not_first and len(said) > len(first[0]) + 3:
        return Proposed(start, end, "verb", 0.9 if alone and not item else 0.7)
    if how["leads"].match(said) and len(said) <= LONGEST_PROPOSAL * 2:
        return Proposed(start, end, "lead", 0.6)
    words = _WORD.findall(said)
    if len(words) > 1 and how["verb_last"].fullmatch(words[-1]) and len(part) <= 2 and not re.search(r"[?:]\Z", said):
        return Proposed(start, end, "verb-last", 0.6)
    return None


def _without_tables(parts: Sequence[Sequence[PrintedLine]], found: Sequence[Heading]) -> list[Heading]:
    """The headings without runs of short lines that no paragraph stands between: those of a table or a chart."""
    weak = {h.start for h in found if h.rule == "alone" and h.confidence < _APART}
    places = [h.start for h in found]
    dropped: set[int] = set()
    run: list[int] = []
    for part in [*parts, ()]:
        starts = [line.start for line in part]
        own = bisect_left(places, starts[0]) if part else len(places)
        if own < len(places) and places[own] < part[-1].end and places[own] in weak:
            run.append(places[own])
        elif not part or len(part) > 1 or len(part[0].words) > _SHORT_TITLE:
            dropped.update(run if len(run) >= _TABLE else ())
            run = []
    return [h for h in found if h.start not in dropped]


def _without_contents(content: str, found: Sequence[Heading]) -> list[Heading]:
    """The headings without the lines of a table of contents, which end with a page's number."""
    return [h for h in found if not _CONTENTS.search(content[h.start : h.end]) or h.rule == "marked"]
