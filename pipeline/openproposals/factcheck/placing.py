"""Where a figure stands within words: as printed, or with other spaces, hyphens and digits that say the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

from openproposals.factcheck.boundaries import cuts_word
from openproposals.factcheck.normal import SUBSCRIPTS, SUPERSCRIPTS, Span, kept, without

_START = re.compile(rf"[-+−–]?\d|(?<![^\W_])[^\W\d_]|[^\w\s.,;:!?()\[\]«»\"'’“”…/-]|[{SUPERSCRIPTS}{SUBSCRIPTS}]")
_END = re.compile(rf"\d[{SUPERSCRIPTS}{SUBSCRIPTS}]*|[^\W\d_](?![^\W_])|[^\w\s.,;:!?()\[\]«»\"'’“”…/-]")
_BROKEN = re.compile(r"(?<=\d)-\s*\n\s*(?=\d)")


def places(figure: str, words: str, decimal: str = "", marks: Iterable[Span] = ()) -> list[Span]:
    r"""The spans of `words` that say a figure, in order; none within a longer word or number, or without its sign.

    marks: the spans of recorded note marks in `words`, which are no part of a figure.

    >>> text = "de -3\u202f% à 3\u00a0%, soit 330-\n000 voix"
    >>> [text[slice(*span)] for figure in ("3 %", "-3 %", "330 000") for span in places(figure, text)]
    ['3\xa0%', '-3\u202f%', '330-\n000']
    """
    marks = list(marks)
    wanted = kept(figure, decimal)
    if not wanted:
        return []
    blank = _blank(words, marks)
    starts = [m.start() for m in _START.finditer(blank)]
    ends = [m.end() for m in _END.finditer(blank)]
    found: list[Span] = []
    for start in starts:
        for end in ends:
            if end <= start or (found and found[-1][1] > start):
                continue
            if end - start > 3 * len(figure) + 12:
                break
            said = without(words, (start, end), marks)
            if wanted not in (kept(said, decimal), kept(_BROKEN.sub("", said), decimal)):
                continue
            if not cuts_word(blank, start, end):
                found.append((start, end))
                break
    return found


def _blank(words: str, marks: Iterable[Span]) -> str:
    for start, end in marks:
        words = words[:start] + " " * (end - start) + words[end:]
    return words
