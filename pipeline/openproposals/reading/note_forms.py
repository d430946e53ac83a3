"""The lines of a text that begin with a number, each with its form: what stands round the number.

1 Work, (1) Work, - 1: Work, **1** Work, | 1 | Work |, Note 1: Work, or a number alone above the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from openproposals.reading.layout import PrintedLine
from openproposals.reading.note_lines import RAISED, MarkStyle, NoteLine, sign_of
from openproposals.reading.rules import Rules

_LINE = re.compile(
    rf"(?P<lead>(?:[-+•*>|]\s+)*)(?P<open>[*_]{{0,3}}(?:\\?[\[(])?[*_]*)(?P<number>[1-9][0-9]{{0,2}}|{RAISED})"
    r"(?P<close>(?:\\?[\])]|[.:,*_|^↑↩–—-]|\s)*)(?P<rest>\S|\Z)"
)


class FormedLine(NamedTuple):
    """A line that begins with a number: as a note, its number, and what stands round the number."""

    note: NoteLine
    number: int
    form: tuple[str, ...]


def beginnings(content: str, lines: Sequence[PrintedLine], how: Rules) -> Iterator[FormedLine]:
    """The lines that begin with a number, each as a note, with its form."""
    for line, following in pairwise([*lines, None]):
        if line is None:
            continue
        named = how["note_named"].match(content, line.start, line.end)
        match = _LINE.match(content, named.end() if named else line.start, line.end)
        if match is None:
            continue
        close, rest = match["close"], match["rest"]
        alone = not rest
        if alone and (
            following is None or line.breaks or line.blank_after or not re.search(r"[^\W\d_]", following.words)
        ):
            continue
        if not (alone or re.search(r"[\s\])|*_]", close) or (rest.isalpha() and (rest.isupper() or close))):
            continue
        form = (
            str(named is not None),
            match["lead"].strip(),
            re.sub(r"\s+", "", close),
            str(alone),
        )
        body = following.start if alone and following else match.start("rest")
        start = named.start() if named else match.start("open")
        sign = sign_of(match["number"])
        style = _style(match["open"].strip("*_"), raised=sign != match["number"])
        yield FormedLine(NoteLine(start, body, sign, style), int(sign), (style, *form))


def _style(opens: str, *, raised: bool) -> MarkStyle:
    if raised:
        return "raised"
    return "flat" if not opens else "parenthesised" if opens.endswith("(") else "bracketed"
