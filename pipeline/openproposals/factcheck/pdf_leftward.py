"""Lines of a PDF that are read from right to left, by where their letters stand on the page.

pdfium turns such lines round by itself, but for words whose letters were set one by one, as browsers do; and it takes
letters of two lines for one where nothing stands between them. So such a line is read anew: from its places alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from unicodedata import bidirectional

_RANGES = (*range(0x590, 0x900), *range(0xFB1D, 0xFE00), *range(0xFE70, 0xFEFF))
LEFTWARD = re.compile(f"[{''.join(c for c in map(chr, _RANGES) if bidirectional(c) in ('R', 'AL'))}]")
_ALEF_LAM = re.compile("([اأإآٱ])(ل)")
_MIRRORED = str.maketrans("()[]«»", ")(][»«")  # pdfium gives some of them as they look
_SPACE = 0.15  # of the type's size: what is further apart is two words
_LINE = 0.6  # of the type's size: what stands further below is another line
# What is read from left to right in such a line, as it stands from right to left: numbers, and words of other scripts.
# Signs and hyphens beside numbers are read with them, but not among Arabic letters (Unicode's bidirectional algorithm).
_WORDS = r"[A-Za-zÀ-ɏ](?:[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]*[A-Za-zÀ-ɏ\d])?"
_RIGHTWARD = re.compile(rf"[%‰€$£]?\d+(?:[.,:/٫٬'’\u00a0\u202f-]\d+)*[%‰€$£]?|{_WORDS}")
_RIGHTWARD_IN_ARABIC = re.compile(rf"\d+(?:[.,:/٫٬\u00a0\u202f]\d+)*|{_WORDS}")
_ARABIC = re.compile(f"[{''.join(c for c in map(chr, _RANGES) if bidirectional(c) == 'AL')}]")


@dataclass(frozen=True)
class PrintedSign:
    """A character of a page: where it begins, its base line, its left and right edges, and its size, in points.

    Of letters with one glyph, each begins where the glyph does, and has its share of the glyph's width.
    at: its place in the text of the page.
    """

    said: str
    x: float
    base: float
    left: float
    right: float
    size: float
    at: int = -1


def lines(signs: Sequence[PrintedSign], is_blank: Callable[[int, int], bool] = lambda *_: False) -> str:
    """The line that signs make which are read from right to left, or the lines that they are.

    is_blank: tells whether a space is drawn between the signs at two places, besides those that the gaps are.
    """
    rows: list[list[PrintedSign]] = []
    for sign in sorted(_glyphs(signs), key=lambda each: -each.base):
        if not rows or rows[-1][0].base - sign.base > _LINE * max(sign.size, rows[-1][0].size):
            rows.append([])
        rows[-1].append(sign)
    return "\n".join(_read(sorted(row, key=lambda each: (-each.left, -each.right)), is_blank) for row in rows)


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
            edges = found[own].left, found[own].right
        else:  # a share of its letter's glyph
            edges = min(found[own].left, accent.left), max(found[own].right, accent.right)
        found[own] = replace(found[own], said=found[own].said + accent.said, left=edges[0], right=edges[1])
    return list(found.values())


def _origin(sign: PrintedSign) -> tuple[float, float]:
    return round(sign.x, 2), round(sign.base, 1)


def _ligature(some: Sequence[PrintedSign]) -> PrintedSign:
    """The letters of one glyph, from right to left; lam stands before alef, wherever they are said to be."""
    if len(some) == 1:
        return some[0]
    ordered = sorted(some, key=lambda each: (-each.left, -each.right))
    words = _ALEF_LAM.sub(r"\2\1", "".join(each.said for each in ordered))
    return replace(some[0], said=words, left=min(e.left for e in some), right=max(e.right for e in some))


def _read(row: Sequence[PrintedSign], is_blank: Callable[[int, int], bool]) -> str:
    """A row from right to left, spaces where glyphs stand apart, with what is read from left to right turned round."""
    words = ""
    for number, sign in enumerate(row):
        before = row[number - 1] if number else sign
        is_apart = before.left - sign.right > _SPACE * sign.size or is_blank(sign.at, before.at)
        words += (" " if number and is_apart else "") + sign.said
    rightward = _RIGHTWARD_IN_ARABIC if _ARABIC.search(words) else _RIGHTWARD
    return rightward.sub(lambda m: "".join(reversed(re.findall(r"[^\u0300-\u036f][\u0300-\u036f]*", m[0]))), words)


def unmirrored(said: str) -> str:
    """The lines of a page with their brackets as they are meant: pdfium gives some as they look.

    >>> unmirrored("שלום )אחד\u2028שנים( ועוד")
    'שלום (אחד\u2028שנים) ועוד'
    """
    turned = said.translate(_MIRRORED)
    return turned if _pairs(turned) > _pairs(said) else said


def _pairs(said: str) -> int:
    """How many pairs of brackets a text has, one opened before it is closed."""
    return len(re.findall(r"\([^()]*\)|\[[^\[\]]*\]|«[^«»]*»", said))
