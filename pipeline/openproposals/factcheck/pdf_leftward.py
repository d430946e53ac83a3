"""Lines of a PDF that are read from right to left, by where their letters stand on the page.

pdfium turns such lines round by itself, but for words whose letters were set one by one, as browsers do; and it takes
letters of two lines for one where nothing stands between them. So such a line is read anew: from its places alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from unicodedata import bidirectional

_RANGES = (*range(0x590, 0x900), *range(0xFB1D, 0xFE00), *range(0xFE70, 0xFEFF))
LEFTWARD = re.compile(f"[{''.join(c for c in map(chr, _RANGES) if bidirectional(c) in ('R', 'AL'))}]")
_ALEF_LAM = re.compile("([اأإآٱ])(ل)")
_SPACE = 0.15  # of the type's size: what is further apart is two words
_LINE = 0.6  # of the type's size: what stands further below is another line
# What is read from left to right in such a line, as it stands from right to left: numbers, and words of other scripts.
_RIGHTWARD = re.compile(r"[%‰€$£]?\d+(?:[.,:/٫٬'’\u00a0\u202f-]\d+)*[%‰€$£]?|[A-Za-zÀ-ɏ](?:[^֐-ࣿיִ-﷿ﹰ-ﻼ]*[A-Za-zÀ-ɏ\d])?")


@dataclass(frozen=True)
class PrintedSign:
    """A character of a page: where it begins, its base line, its left and right edges, and its size, in points.

    Of letters with one glyph, each begins where the glyph does, and has its share of the glyph's width.
    """

    said: str
    x: float
    base: float
    left: float
    right: float
    size: float


def lines(signs: Sequence[PrintedSign]) -> str:
    """The line that signs make which are read from right to left, or the lines that they are."""
    rows: list[list[PrintedSign]] = []
    for sign in sorted(_glyphs(signs), key=lambda each: -each.base):
        if not rows or rows[-1][0].base - sign.base > _LINE * max(sign.size, rows[-1][0].size):
            rows.append([])
        rows[-1].append(sign)
    return "\n".join(_read(sorted(row, key=lambda each: (-each.left, -each.right))) for row in rows)


def is_same_line(one: Sequence[PrintedSign], other: Sequence[PrintedSign]) -> bool:
    """Whether signs stand on one line: pdfium begins another where an accent stands higher than its letter."""
    first, second = (next((s for s in some if not unicodedata.combining(s.said)), None) for some in (one, other))
    return first is None or second is None or abs(first.base - second.base) < _LINE * first.size / 2


def _glyphs(signs: Sequence[PrintedSign]) -> list[PrintedSign]:
    """The letters of one glyph together, and accents with the letter at or nearest to which they stand."""
    letters, accents = dict[tuple[float, float], list[PrintedSign]](), list[PrintedSign]()
    for sign in signs:
        if unicodedata.category(sign.said[:1] or " ") == "Mn":
            accents.append(sign)
        else:
            letters.setdefault(_origin(sign), []).append(sign)
    found = {origin: _ligature(some) for origin, some in letters.items()}
    for accent in accents if found else ():
        own = _origin(accent)
        if own not in found:
            middle = accent.left + accent.right
            own = min(found, key=lambda at: abs(found[at].left + found[at].right - middle))
        found[own] = replace(found[own], said=found[own].said + accent.said)
    return list(found.values())


def _origin(sign: PrintedSign) -> tuple[float, float]:
    return round(sign.x, 2), round(sign.base, 1)


def _ligature(some: Sequence[PrintedSign]) -> PrintedSign:
    """The letters of one glyph, from right to left; lam stands before alef, wherever they are said to be."""
    ordered = sorted(some, key=lambda each: (-each.left, -each.right))
    words = _ALEF_LAM.sub(r"\2\1", "".join(each.said for each in ordered))
    return replace(some[0], said=words, left=min(e.left for e in some), right=max(e.right for e in some))


def _read(row: Sequence[PrintedSign]) -> str:
    """A row from right to left, spaces where glyphs stand apart, with what is read from left to right turned round."""
    words = ""
    for number, sign in enumerate(row):
        before = row[number - 1] if number else sign
        words += (" " if before.left - sign.right > _SPACE * sign.size else "") + sign.said
    return _RIGHTWARD.sub(lambda m: "".join(reversed(re.findall(r"[^\u0300-\u036f][\u0300-\u036f]*", m[0]))), words)
