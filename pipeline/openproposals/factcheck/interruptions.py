"""Words that go on after something else: a running head, a page number, a footnote, the end of a page.

The lines between both halves must be of these kinds, and a page must end there: a form feed or a line that comes again
says so. A line that begins with a small letter goes on with the words before it, and is no head, foot or note. Then
the letters of both halves together are the passage's.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from openproposals.factcheck.normal import SUPERSCRIPTS, Digest, Span
from openproposals.factcheck.search import Index

_MOST = 40  # lines between two halves
_NEAR = 3  # lines beside the end of a page that may be its head or its foot
_SHORT = 90  # characters of such a line
_PAGE_NUMBER = re.compile(
    r"[\s|–—-]*(?:pages?|p\.|s\.|seite)?\s*\d{1,4}(?:\s*(?:/|sur|of|von)\s*\d{1,4})?[\s|–—-]*", re.I
)
_NOTE = re.compile(
    rf"\s*(?:[{SUPERSCRIPTS}]+\s*\S|\[(?:\^[^\]\s]{{1,40}}|\d{{1,3}})\]:?\s*\S|[*†‡§]+\s*\S|\(?\d{{1,3}}[.)]?\s+(?=[^\W\d_]))"
)


class Lines:
    """The lines of a text, with what each may be; a form feed ends a line too."""

    def __init__(self, where: Index) -> None:
        self.where = where
        ends = [m.end() for m in re.finditer(r"\n|\f", where.text)]
        self.starts = np.array([0, *ends], np.int32)
        self.offsets = np.searchsorted(where.positions, self.starts)

    def line(self, number: int) -> str:
        """A line, with the sign that ends it."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.where.text)
        return self.where.text[self.starts[number] : end]

    @cached_property
    def repeated(self) -> frozenset[str]:
        """Lines that come at least twice, but for their numbers."""
        counts = Counter(_masked(self.line(number)) for number in range(len(self.starts)))
        return frozenset(line for line, count in counts.items() if count > 1 and re.search(r"[^\W\d_]", line))

    def halves(self, offset: int, wanted: Digest) -> Iterator[tuple[Span, Span]]:
        """The spans of both halves of wanted letters that begin at `offset`, up to and from the lines between them."""
        where, digest = self.where, bytes.fromhex(wanted.sha256)
        first = int(np.searchsorted(self.offsets, offset, side="right"))
        for line in range(first, len(self.starts)):
            end = int(self.offsets[line])
            if end >= offset + wanted.length:
                return
            if end <= offset:
                continue
            for resumed in self._resumed(line):
                start = int(self.offsets[resumed])
                rest = wanted.length - (end - offset)
                letters = where.letters[offset:end] + where.letters[start : start + rest]
                if hashlib.sha256(letters.encode("utf-8", "surrogatepass")).digest() == digest:
                    first_span, last_span = where.span(offset, end - offset), where.span(start, rest)
                    yield (first_span[0], int(self.starts[line])), (int(self.starts[resumed]), last_span[1])

    def _resumed(self, first: int) -> Iterator[int]:
        """The lines at which words that end before the line `first` may go on: only such lines lie between."""
        in_note, page_ends = False, self.line(first - 1).endswith("\f")
        for number in range(first, min(first + _MOST, len(self.starts) - 1)):
            line = self.line(number)
            page_ends = page_ends or line.endswith("\f") or _masked(line) in self.repeated
            in_note = in_note or (bool(_NOTE.match(line)) and not _goes_on(line))
            is_known = (
                in_note or not line.strip() or _PAGE_NUMBER.fullmatch(line.strip()) or _masked(line) in self.repeated
            )
            is_short = len(line) <= _SHORT and self._beside_page_end(number) and not _goes_on(line)
            if not is_known and not is_short:
                return
            if page_ends:
                yield number + 1

    def _beside_page_end(self, number: int) -> bool:
        low = max(0, number - _NEAR)
        return any(self.line(each).endswith("\f") for each in range(low, min(number + _NEAR, len(self.starts))))


def _goes_on(line: str) -> bool:
    """Whether the first letter of a line is a small one."""
    return next((c.islower() for c in line if c.isalpha()), False)


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip()).casefold()
