"""Note marks in a reader's text: where one that is recorded may stand, raised, flat, in brackets or on a number.

A raised or flat digit is a note's mark only where the markers table records one with its sign, about where it stands.
In brackets it is one in any case; so is a raised digit after a word of three letters, which hardly a unit or a formula
is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from openproposals.factcheck.normal import SUPERSCRIPTS, Span

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_FLAT = str.maketrans(_RAISED + "⁻", "0123456789-")
_FREE = re.compile(
    r"\[[0-9]{1,4}(?:\s?[,;–-]\s?[0-9]{1,4}){0,9}\]|\[\^[^\]\s]{1,40}\]|\[[a-z]\](?![^\W\d_])"
    rf"|(?<=[^\W\d_]{{3}})[{SUPERSCRIPTS}]+(?:[,⁻–-][{SUPERSCRIPTS}]+)*"
)
_ANY = re.compile(rf"(?<=[^\W\d_]{{2}})(?:[{SUPERSCRIPTS}]{{1,3}}|[0-9]{{1,3}})(?![^\W_])")  # a note numbered otherwise
_SLACK = 6  # characters by which a mark may stand elsewhere than the lengths of both texts tell
_FREE_MOST, _TRIES = 6, 600
_PART = r"[,;⁻–\-\s]{0,2}"


@dataclass(frozen=True)
class Mark:
    """A recorded note mark: its sign, its place (characters) from the start of its passage, its length in the text."""

    sign: str
    at: int
    length: int = 0


def flat(said: str) -> str:
    """A mark with its raised digits as digits: its sign.

    >>> flat("¹²")
    '12'
    """
    return said.translate(_FLAT)


def readings(words: str, marks: Sequence[Mark], length: int) -> Iterator[tuple[Span, ...]]:
    """Every set of spans of `words` that may be note marks, the likeliest first: none, then all, then some.

    length: that of the passage in its pinned text, in characters.
    """
    yield ()
    free = [m.span() for m in _FREE.finditer(words)]
    slack = _SLACK + abs(len(words) - length)
    recorded = [list(_places(words, mark, slack)) for mark in marks]
    recorded = [places for places in recorded if places]
    if not free and not recorded:
        return
    choices: list[list[Span | None]] = [[*places[:3], None] for places in recorded]
    if len(free) <= _FREE_MOST:
        choices += [[span, None] for span in free]
        always: list[Span] = []
    else:
        always = free
    for tried, chosen in enumerate(product(*choices)):
        if tried == _TRIES:
            return
        spans = sorted({*always, *(span for span in chosen if span)})
        if spans and all(one[1] <= other[0] for one, other in pairwise(spans)):
            yield tuple(spans)


def _places(words: str, mark: Mark, slack: int) -> Iterator[Span]:
    """The spans near its place that may be a recorded mark, the nearest first."""
    pattern = _pattern(mark.sign)
    if not pattern:
        return
    low, high = max(0, mark.at - slack), min(len(words), mark.at + slack + len(mark.sign) + 4)
    found = [m.span() for each in (pattern, _ANY) for m in each.finditer(words, low, high)]
    yield from sorted(found, key=lambda span: (abs(span[0] - mark.at), span))


def _pattern(sign: str) -> re.Pattern[str] | None:
    """How a sign of digits may be printed; None for other signs, which no form keeps."""
    flat = sign.translate(_FLAT)
    if sign in ("+", "#"):
        return re.compile(rf"\s?(?:\[{re.escape(sign)}\]|\({re.escape(sign)}\)|{re.escape(sign)})")
    if not re.search("[0-9]", flat):
        return None
    parts = []
    for number in re.findall("[0-9]+", flat):
        raised = "".join(_RAISED[int(digit)] for digit in number)
        parts.append(f"(?:{number}|{raised})")
    said = _PART.join(parts)
    return re.compile(rf"\s?(?:\[{said}\]|\({said}\)|{said}(?![0-9{SUPERSCRIPTS}]))")


def is_flat(words: str, spans: Sequence[Span]) -> bool:
    """Whether a mark is printed otherwise than raised."""
    return any(set(words[slice(*span)]) - {*SUPERSCRIPTS, "⁻", ",", "–", "-"} for span in spans)
