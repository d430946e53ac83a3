"""Running heads and page numbers, of which a reading expects nothing: lines that come back, at the edges of pages.

A line that comes back within a page is a heading or a sentence that the document says again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from openproposals.factcheck.documents import Text
from openproposals.factcheck.normal import Span
from openproposals.reading.layout import PrintedLine

_EDGE = 4  # lines at the top or the bottom of a page that may be a running head
_SHORT = 60  # characters of a running head in a text without pages
_FEW_WORDS = 3  # of a running head or a page number that ends with a full stop


def running(text: Text, found: Sequence[PrintedLine]) -> list[Span]:
    """The lines that are running heads or page numbers, of a text with its printed lines."""
    edges = set(_edges(text.pages, found))
    starts = [line.start for line in found]
    made = []
    for head in text.heads:
        said = text.content[slice(*head)].strip()
        at = bisect_right(starts, head[0] + _indented(text.content, head)) - 1
        near = at in edges if text.pages else len(said) <= _SHORT and re.search("[0-9]", said) is not None
        if near and not (said.endswith(".") and len(said.split()) > _FEW_WORDS):
            made.append(head)
    return made


def _indented(content: str, head: Span) -> int:
    said = content[slice(*head)]
    return len(said) - len(said.lstrip())


def _edges(pages: Sequence[int], found: Sequence[PrintedLine]) -> Iterator[int]:
    """The places of the first and the last lines of each page."""
    firsts = [0, *(at for at in range(1, len(found)) if _page(pages, found[at]) != _page(pages, found[at - 1]))]
    for first, following in zip(firsts, [*firsts[1:], len(found)], strict=True):
        yield from range(first, min(first + _EDGE, following))
        yield from range(max(first, following - _EDGE), following)


def _page(pages: Sequence[int], line: PrintedLine) -> int:
    return bisect_right(pages, line.start)
