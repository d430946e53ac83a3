"""Signs of a PDF for which the file says what letters they are together (ActualText), as browsers write syllables.

pdfium gives these letters where the first of the signs stands, and leaves a gap, or writes a space, for the others; it
gives them again where signs of others stand between.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

Edges = tuple[float, float]  # left and right, in points


@dataclass(frozen=True)
class SharedPlace:
    """Where the signs stand that a letter is of.

    own: the edges of the sign that it comes with. whole: those of all of them. base: the base line of the widest.
    """

    own: Edges
    whole: Edges
    base: float

    def widened(self, left: float, right: float) -> Edges:
        """The edges of a letter that has its share of its sign, as its share of all of them."""
        (first, last), (start, end) = self.own, self.whole
        by = (end - start) / (last - first) if last > first else 1.0
        return start + (left - first) * by, start + (right - first) * by


@dataclass(frozen=True)
class Marked:
    """The letters of a page that its signs are together, by their places in the page's text.

    again: letters that are given once more. drawn: of every letter, the number of its sign in the order in which the
    page draws them. blanks: the numbers of signs after which one without letters is drawn, a space.
    """

    shared: Mapping[int, SharedPlace]
    again: Set[int]
    drawn: Mapping[int, int]
    blanks: Set[int]

    def is_blank(self, one: int, other: int) -> bool:
        """Whether a space is drawn between the signs of letters that stand side by side."""
        first, second = sorted((self.drawn.get(one, -1), self.drawn.get(other, -1)))
        return first != second and first in self.blanks


NONE = Marked({}, frozenset(), {}, frozenset())


def found(sheet: pypdfium2.PdfPage, page: pypdfium2.PdfTextPage) -> Marked:
    """The letters of a page that its signs are together. Signs within forms are not looked at."""
    each = (raw.FPDFPage_GetObject(sheet, number) for number in range(raw.FPDFPage_CountObjects(sheet)))
    signs = {_address(sign): sign for sign in each if raw.FPDFPageObj_GetType(sign) == raw.FPDF_PAGEOBJ_TEXT}
    marks = {name: mark for name, sign in signs.items() if (mark := _mark(sign))}
    if not marks:
        return NONE
    shared = _shared(signs, marks)
    owners = {at: _address(sign) for at in range(page.count_chars()) if (sign := raw.FPDFText_GetTextObject(page, at))}
    said, again = dict[int, int](), set[int]()
    for at, name in owners.items():
        if name in marks and said.setdefault(marks[name], name) != name:
            again.add(at)
    numbers = {name: number for number, name in enumerate(signs)}
    drawn = {at: numbers[name] for at, name in owners.items() if name in numbers}
    blanks = frozenset(_blanks(list(signs), {*owners.values(), *marks}, marks))
    return Marked({at: shared[name] for at, name in owners.items() if name in marks}, again, drawn, blanks)


def _shared(signs: Mapping[int, raw.FPDF_PAGEOBJECT], marks: Mapping[int, int]) -> dict[int, SharedPlace]:
    """The place of each sign that has a mark, and of those that have the same."""
    together: dict[int, list[int]] = defaultdict(list)
    for name, mark in marks.items():
        together[mark].append(name)
    found_: dict[int, SharedPlace] = {}
    matrix = raw.FS_MATRIX()
    for names in together.values():
        edges = {name: _edges(signs[name]) for name in names}
        whole = min(left for left, _ in edges.values()), max(right for _, right in edges.values())
        widest = max(names, key=lambda name: edges[name][1] - edges[name][0])
        raw.FPDFPageObj_GetMatrix(signs[widest], matrix)
        base = float(matrix.f)
        found_ |= {name: SharedPlace(edges[name], whole, base) for name in names}
    return found_


def _edges(sign: raw.FPDF_PAGEOBJECT) -> Edges:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(sign, left, bottom, right, top)
    return float(left.value), float(right.value)


def _blanks(signs: Sequence[int], speaking: Set[int], marks: Mapping[int, int]) -> Iterator[int]:
    """The numbers of signs after which one without letters is drawn; between stand none but those of their mark."""
    since = list[int]()
    for number, name in enumerate(signs):
        if name not in speaking:
            yield from since
            since = []
        elif since and name in marks and marks[name] == marks.get(signs[since[0]]):
            since.append(number)
        else:
            since = [number]


def _mark(sign: raw.FPDF_PAGEOBJECT) -> int:
    """The marked content of a sign that says what letters it is; 0 where none does."""
    for number in range(raw.FPDFPageObj_CountMarks(sign)):
        mark = raw.FPDFPageObj_GetMark(sign, number)
        if raw.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") == raw.FPDF_OBJECT_STRING:
            return _address(mark)
    return 0


def _address(pointer: ctypes._Pointer[ctypes.Structure]) -> int:
    return ctypes.addressof(pointer.contents)
