"""Notes that begin in the midst of a line, behind the note before: short notes leave room for the next one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from openproposals.factcheck.normal import SUBSCRIPTS, SUPERSCRIPTS
from openproposals.reading.layout import BLANK_LINE
from openproposals.reading.note_lines import NoteLine

_SIGN = re.compile(rf"(?:(?<=\s)|(?<=[.)]))(?:[{SUPERSCRIPTS}]{{1,4}}|[{SUBSCRIPTS}]{{2,4}})(?=\s?[^\W\d_])")
_STOP = re.compile(rf"{BLANK_LINE.pattern}|\f")
_NEAR = 4  # notes on each side, of which none has the sign of one in the midst of a line
_FAR = 1500  # characters of a note, at most


def divided(content: str, begun: Sequence[NoteLine], first: Mapping[str, int]) -> Iterator[NoteLine]:
    """The notes, in order, and those in the midst of lines, whose raised signs go on from the note before.

    first: where the first mark of each sign stands: not between them. No other note near has the sign.
    """
    for at, (note, following) in enumerate(pairwise([*begun, None])):
        if note is None:
            continue
        yield note
        if note.style != "raised":
            continue
        near = {other.sign for other in begun[max(0, at - _NEAR) : at + _NEAR]}
        end = following.start if following else len(content)
        stop = _STOP.search(content, note.body, end)
        last, start = note.sign, note.body
        for match in _SIGN.finditer(content, note.body, stop.start() if stop else end):
            if match.start() > start + _FAR:
                break
            sign = unicodedata.normalize("NFKC", match[0])
            follows = last.isdecimal() and int(sign) == int(last) + 1 and sign not in near
            if follows and not note.start <= first.get(sign, 0) < match.start():
                yield NoteLine(match.start(), _body(content, match.end()), sign, "raised")
                last, start = sign, match.end()


def _body(content: str, end: int) -> int:
    """Where the words of a note begin behind its sign."""
    return end + 1 if content[end].isspace() else end
