"""A text as its numbers are read: words that the end of a line breaks are whole, and paragraphs stand apart.

What is read is shorter than the text; a span of it leads back to its place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from openproposals.factcheck.normal import Span
from openproposals.reading.layout import LINE_END
from openproposals.reading.rules import Rules

APART = "\ue000"  # stands for the line end before a blank line or the end of a page; no pattern takes it for a space
_BEFORE_BLANK = re.compile(rf"{LINE_END}(?=[^\S\n\r\u2028\f]*[\n\r\u2028\f])")
_BROKEN = re.compile(
    rf"(?<=([^\W\d_]))-[ \t]*{LINE_END}[^\S\n\r\u2028\f]*(?=[a-zß-ÿ])|\u00ad+(?:{LINE_END})?"
    rf"|[ \t]+(?=[\n\r\u2028\f{APART}])|(?<=[\n\r\u2028])[ \t]+(?=\w)"
)
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_LONGEST = 40  # letters of the word before a hyphen


@dataclass(frozen=True)
class Joined:
    """What is read of a text, and where in it something was left out, with how much was left out so far."""

    read: str
    places: tuple[int, ...]
    left_out: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The span in the text of a span in what is read."""
        return self._position(start), self._position(end - 1) + 1

    def _position(self, at: int) -> int:
        before = bisect_right(self.places, at)
        return at + (self.left_out[before - 1] if before else 0)


def joined(content: str, how: Rules) -> Joined:
    """The text with broken words joined: Hälf-te, not vingt-deux, whose hyphen is its own."""
    content = _BEFORE_BLANK.sub(lambda m: APART * len(m[0]), content)
    parts: list[str] = []
    places: list[int] = []
    left_out: list[int] = []
    at = size = gone = 0
    for match in _BROKEN.finditer(content):
        if match[1] and _is_number(content, match.span(), how):
            continue
        parts.append(content[at : match.start()])
        size += match.start() - at
        gone += match.end() - match.start()
        at = match.end()
        places.append(size)
        left_out.append(gone)
    return Joined("".join([*parts, content[at:]]), tuple(places), tuple(left_out))


def _is_number(content: str, broken: Span, how: Rules) -> bool:
    """Whether the word before a hyphen is a number by itself: trente-deux; drei- und vierjährig, not drei-ßig."""
    word = _LAST_WORD.search(content, max(0, broken[0] - _LONGEST), broken[0])
    if word is None or word[0].lower() not in how.values:
        return False
    following = how["range"].match(content, broken[1])
    return not how.compound or (following is not None and following[0][-1:].isspace())
