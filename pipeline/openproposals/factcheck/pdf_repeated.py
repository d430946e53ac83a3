"""Letters that a PDF gives twice: for an accent or a vowel sign, some programs write its letter once more.

What browsers print gives every glyph of a syllable the whole syllable (ว่ for the tone mark on ว). The second one stands
over the first: nothing that is printed twice does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from openproposals.factcheck.pdf_leftward import PrintedSign

_FAR = 8  # characters between a syllable and the same one again, at most
_MARK = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0700-\u1cff\ua66f-\uabff]"
)
_AGAIN = re.compile(rf"(?=(\S{{2,8}})(?:.{{0,{_FAR}}}?)\1)", re.DOTALL)
_OVER = 0.4  # of its width: so much of a sign that was given twice stands over the letter


def has_marks(said: str) -> bool:
    """Whether a page's text has accents, vowel signs or tone marks that stand for themselves."""
    return bool(_MARK.search(said))


def repeated(said: str, printed: Callable[[int], PrintedSign]) -> frozenset[int]:
    """The places in a page's text of letters that are given twice: the second ones.

    printed: gives the sign that is printed for the character at a place.
    """
    found: set[int] = set()
    for one, other in _syllables(said):
        again = [printed(at) for at in other]
        if len({(round(sign.x, 2), round(sign.base, 2)) for sign in again}) == 1:  # the letters of one glyph
            first = [printed(at) for at in one]
            (left, right), (its_left, its_right) = _edges(first), _edges(again)
            is_line = abs(first[0].base - again[0].base) <= first[0].size
            if is_line and min(right, its_right) - max(left, its_left) >= _OVER * (its_right - its_left) > 0:
                found |= set(other)
    return frozenset(found)


def _edges(signs: Sequence[PrintedSign]) -> tuple[float, float]:
    return min(sign.left for sign in signs), max(sign.right for sign in signs)


def _syllables(said: str) -> Iterator[tuple[range, range]]:
    """The places of letters with a mark, and of the same letters again soon after."""
    if not has_marks(said):
        return
    for match in _AGAIN.finditer(said):
        start, end = match.span(1)
        if any(unicodedata.category(c)[0] == "M" for c in match[1]):
            again = said.index(match[1], end)
            yield range(start, end), range(again, again + end - start)
