"""The lines of a text that begin as a note does: with a sign, raised, bracketed, flat or alone on its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from openproposals.factcheck.laid_out import DIGIT_OF
from openproposals.factcheck.normal import SUPERSCRIPTS
from openproposals.reading import asterisks
from openproposals.reading.layout import PrintedLine

MarkStyle = Literal["raised", "named", "bracketed", "symbol", "flat", "parenthesised", "sought", "garbled"]
NAMED = re.compile(r"\[\^([^\]\s]{1,40})\](:?)")
_WORDS = r"[^\W\d_]|[«\"“„‘'(\[<^↑↩]"  # how the words of a note begin: also with an arrow that leads back
RAISED = rf"[{SUPERSCRIPTS}]{{1,4}}|<sup>[0-9]{{1,3}}</sup>"
_RAISED = re.compile(  # in an item, a link, emphasis: - [¹](#a) Work
    rf"(?:(?:[-+*•>]|[0-9]{{1,3}}[.)])\s+)*(?P<open>[\[(*_]*)(?P<sign>{RAISED})[\])*_.:]*\s*(?=\S)"
)
_BRACKETED = re.compile(r"\[?\\?\[[ \u00a0]?([0-9]{1,3})[ \u00a0]?\\?\]\]?(?::?\s+(?=\S)|(?=[^\W\d_]|[«\"“„]))")
_SYMBOL = re.compile(r"(\*{1,3}|[†‡]{1,3})\s?(?=[^\s*])")
_FLAT = re.compile(rf"([0-9]{{1,3}})(?:[.):]?\s+(?={_WORDS})|(?=[A-ZÀ-Þ][^\W\d_]|https?://|www\.))")
_LOOSE = re.compile(r"([0-9]{1,3})[.):]?\s+(?=\S)")
_WITHIN = re.compile(r"(?<=\S)\s([0-9]{1,3})[.):]?\s(?=[A-ZÀ-Þ«]|https?://|www\.)")  # in the midst of a line
_PARENTHESISED = re.compile(rf"\([ \u00a0]?([0-9]{{1,3}})[ \u00a0]?\)\s+(?={_WORDS})")
_ALONE = re.compile(
    rf"(?:(?P<raised>[{SUPERSCRIPTS}]{{1,4}})|(?P<bracketed>\\?\[[0-9]{{1,3}}\\?\])"
    r"|(?P<parenthesised>\([0-9]{1,3}\))|(?P<flat>[0-9]{1,3}[.)]?))"
)
_ADDRESS = re.compile(r"https?://|www\.")
_SAYS = re.compile(rf"(?:{_WORDS}).*[^\W\d_]{{2}}")
_STOPS = '.!?:;»”"’)]'


@dataclass(frozen=True)
class NoteLine:
    """A line that begins as a note does: where, where its words begin, its sign and the sign's style.

    One that is `loose` begins with a number before anything, raised before what is hardly words: a note where a mark of
    its sign stands before it. One that is `unsure` may be the sign of a mark that stands
    at the start of a line: alone there, or in the middle of a sentence.
    """

    start: int
    body: int
    sign: str
    style: MarkStyle
    loose: bool = False
    unsure: bool = False


def sign_of(said: str) -> str:
    """The sign that is printed.

    >>> sign_of("<sup>12</sup>"), sign_of("¹²"), sign_of("[12]")
    ('12', '12', '12')
    """
    return re.sub(r"</?sup>|[\[\]\\().]", "", said).translate(DIGIT_OF)


def opened(content: str, parts: Sequence[Sequence[PrintedLine]]) -> Iterator[NoteLine]:
    """The lines of the blocks of a text that begin as notes do."""
    found = [line for part in parts for line in part]
    apart = {line.start: following for line, following in pairwise(found) if not (line.blank_after or line.breaks)}
    for part in parts:
        for at, line in enumerate(part):
            if (match := _ALONE.fullmatch(line.words)) and (following := apart.get(line.start)):
                if _SAYS.match(following.words) and match.lastgroup:
                    yield NoteLine(line.start, following.start, sign_of(match[0]), _style(match.lastgroup), unsure=True)
            elif one := _begun(content, part, at):
                yield one
                if one.style == "flat":
                    yield from _beside(content, one, line.end)


def _beside(content: str, note: NoteLine, end: int) -> Iterator[NoteLine]:
    """The next note, and those after it, that short notes leave room for on a line: 10 www.a.org 11 www.b.org."""
    number = int(note.sign)
    for match in _WITHIN.finditer(content, note.body, end):
        if int(match[1]) == number + 1:
            number += 1
            yield NoteLine(match.start(1), match.end(), match[1], "flat", loose=True)


def _style(name: str) -> MarkStyle:
    styles: dict[str, MarkStyle] = {"raised": "raised", "bracketed": "bracketed", "parenthesised": "parenthesised"}
    return styles.get(name, "flat")


def _begun(content: str, part: Sequence[PrintedLine], at: int) -> NoteLine | None:
    line = part[at]
    where = line.start
    if match := _RAISED.match(content, where, line.end):
        has_words = re.search(r"[^\W\d_]{2}", content[match.end() : line.end]) is not None
        unsure = _goes_on(content, part, at, match.end())
        return NoteLine(match.start("open"), match.end(), sign_of(match["sign"]), "raised", not has_words, unsure)
    if (match := NAMED.match(content, where, line.end)) and match[2]:
        return NoteLine(where, match.end(), match[1], "named")
    if match := _BRACKETED.match(content, where, line.end):
        return NoteLine(where, match.end(), match[1], "bracketed", unsure=_goes_on(content, part, at, match.end()))
    if match := _SYMBOL.match(content, where, line.end):
        return _with_symbol(content, part, at, match)
    if match := _PARENTHESISED.match(content, where, line.end):
        return NoteLine(where, match.end(), match[1], "parenthesised")
    if match := _FLAT.match(content, where, line.end):
        return NoteLine(where, match.end(), match[1], "flat")
    if match := _LOOSE.match(content, where, line.end):
        return NoteLine(where, match.end(), match[1], "flat", loose=True)
    return None


def _goes_on(content: str, part: Sequence[PrintedLine], at: int, body: int) -> bool:
    """Whether a line seems to stand in the middle of a sentence."""
    if ends_words(content, body):
        return True
    is_small = content[body].islower() and not _ADDRESS.match(content, body)
    return at > 0 and is_small and part[at - 1].words[-1] not in _STOPS


def ends_words(content: str, body: int) -> bool:
    """Whether what follows a sign ends the words before it, as no note begins.

    >>> ends_words("², of all", 1), ends_words("² Of all", 2)
    (True, False)
    """
    return content[body] in ",;" and (content[body + 1 : body + 2] or " ").isspace()


def _with_symbol(content: str, part: Sequence[PrintedLine], at: int, match: re.Match[str]) -> NoteLine | None:
    where = part[at].start
    stars = match[1].startswith("*")
    if stars and at == 0 and asterisks.is_surplus(content, match.span(1), part[-1].end):
        return NoteLine(where, where + 1, "*", "symbol")
    alone = stars and match[0][-1].isspace() and not _is_list(part, at)
    if not stars or alone or not asterisks.closes(content, match.end(), part[-1].end):
        return NoteLine(where, match.end(), match[1], "symbol")
    return None


def _is_list(part: Sequence[PrintedLine], at: int) -> bool:
    """Whether a line after an asterisk is an item of a list: another item stands beside it."""
    beside = [part[n] for n in (at - 1, at + 1) if 0 <= n < len(part)]
    return any(line.words.startswith("* ") for line in beside)
