"""Which lines of a PDF are headings.

In: the lines of its pages, with the type in which they are set, and the entries of its outline (bookmarks). Out: the
lines that the outline names; where it names none, the lines set in larger or bolder type than most of the text. The
first is what the document says, the second an inference, and each has a sign of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from openproposals.factcheck.laid_out import HEADING, LARGER, MORE

_LARGER = 1.15  # times the type of most of the text
_LONGEST = 160  # characters of a heading
_MOST_LINES = 3  # of a heading
_ENDS = re.compile(r"[.!?:;…»”\")\]]\s*\Z")  # a line after which a heading in bold type of the same size may stand
_NO_HEADING = re.compile(r"[.,;]\s*\Z")
_NUMBER = re.compile(r"\A(?:\d{1,3}(?:\.\d{1,3}){0,5}[.)]?|[ivxlc]{1,6}[.)])\s+", re.IGNORECASE)  # of a section


@dataclass(frozen=True)
class TypeLine:
    """A printed line: its words, the size of its type (points, 0: not all of one type), whether it is bold."""

    words: str
    size: float
    bold: bool


Signs = dict[int, str]  # by line of a page, the sign that stands before it


def signs(pages: Sequence[Sequence[TypeLine]], outline: Iterable[tuple[int, str]]) -> list[Signs]:
    """For each page, the lines that are headings. `outline` has pages, from 0, and titles."""
    named: dict[int, list[str]] = {}
    for page, title in outline:
        named.setdefault(page, []).append(title)
    found = [_named(lines, named[page]) if page in named else {} for page, lines in enumerate(pages)]
    return found if any(found) else _set_larger(pages)


def _named(lines: Sequence[TypeLine], titles: Sequence[str]) -> Signs:
    """The lines that print titles of the outline. A title that stands twice is its last: the first is a running head.

    The number of a section may stand in the one only.
    """
    whole: dict[str, range] = {}  # by letters and digits: lines
    unnumbered: dict[str, range] = {}
    for first, size in product(range(len(lines)), range(1, _MOST_LINES + 1)):
        said = " ".join(line.words for line in lines[first : first + size]).strip()
        if len(said) <= _LONGEST:
            place = range(first, min(first + size, len(lines)))
            whole[_letters(said)] = place
            if _NUMBER.match(said):
                unnumbered[_letters(_NUMBER.sub("", said))] = place
    found: Signs = {}
    for title in map(str.strip, titles):
        numbered = bool(_NUMBER.match(title))
        other = whole.get(_letters(_NUMBER.sub("", title))) if numbered else unnumbered.get(_letters(title))
        place = whole.get(_letters(title)) or other or range(0)
        if _letters(title):
            found |= {line: HEADING if line == place[0] else MORE for line in place}
    return found


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def _set_larger(pages: Sequence[Sequence[TypeLine]]) -> list[Signs]:
    """The lines in larger or bolder type than most of the text; those of one heading are taken together."""
    weights: Counter[tuple[float, bool]] = Counter()
    for lines in pages:
        for line in lines:
            weights[line.size, line.bold] += len(line.words)
    known = [(n, size, bold) for (size, bold), n in weights.items() if size]
    if not known:
        return [{} for _ in pages]
    _, body, bold_body = max(known)
    return [dict(_of_page(lines, body, bold_body=bold_body)) for lines in pages]


def _of_page(lines: Sequence[TypeLine], body: float, *, bold_body: bool) -> Iterator[tuple[int, str]]:
    before, count = None, 0
    for number, (above, line) in enumerate(pairwise([None, *lines])):
        assert line is not None
        larger = line.size >= _LARGER * body
        bolder = line.bold and not bold_body and line.size >= body
        goes_on = before is not None and (before.size, before.bold) == (line.size, line.bold) and count < _MOST_LINES
        begins = larger or (bolder and (above is None or before is not None or bool(_ENDS.search(above.words))))
        if (larger or bolder) and (begins or goes_on) and _may_be_heading(line.words):
            yield number, MORE if goes_on else LARGER
            before, count = line, count + 1 if goes_on else 1
        else:
            before, count = None, 0


def _may_be_heading(words: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", words)) and len(words) <= _LONGEST and not _NO_HEADING.search(words)
