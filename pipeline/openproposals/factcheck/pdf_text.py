"""What reads PDF: pdfium, run in a child process, sealed (documents.py).

It finds none of the system's fonts there, so that a PDF without its fonts is read alike on every machine.
"""

from __future__ import annotations

import codecs
import ctypes
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby, islice, pairwise
from unicodedata import combining

import pypdfium2

from openproposals.errors import UsageError, reason
from openproposals.factcheck import pdf_leftward, pdf_marked
from openproposals.factcheck.laid_out import HEADING, LARGER, MORE, SUBSCRIPT_OF, SUPERSCRIPT_OF
from openproposals.factcheck.pdf_headings import TypeLine, signs
from openproposals.factcheck.pdf_leftward import LEFTWARD, PrintedSign, is_same_line
from openproposals.factcheck.pdf_marked import Marked
from openproposals.factcheck.pdf_repeated import has_marks, repeated

codecs.lookup("utf-16-le")  # pypdfium2 asks for it: once sealed, no module can be loaded any more
_SMALLER = 0.92  # of the line's type: a raised or lowered digit is set in smaller type
_APART = 6  # characters from a digit to what stands beside it, at most: what pdfium writes between two lines
_GAP = 0.2  # of the type's size: what is further apart is two words
_BEARING = 0.03  # of the type's size: what a sign takes on the line beside its ink, at least
_STAMP = 100  # letters on a page that is a picture: no more than a stamp or a library's mark has
_ENTRIES = 10_000  # of an outline; further ones are not read
_BOLD = re.compile(rb"bold|black|heavy|demi(?!light)", re.IGNORECASE)  # in the name of a font
_WEIGHT = 600  # of a font: from here on bold
_NAME = 128  # bytes of the name of a font
_HYPHEN = {0xFFFE: "\x02"}  # at a line's end, as pdfium writes it
_PAGE_END = "\f"  # between pages alone: a font may call a glyph so
_OWN_SIGNS = str.maketrans({**dict.fromkeys((HEADING, LARGER, MORE), "\ufffd"), _PAGE_END: " "})


def text(data: bytes, arguments: Sequence[str]) -> bytes:
    """The text of a PDF as UTF-8, a form feed between pages; the argument is its name.

    Raises UsageError: what pdfium refuses.
    """
    (name,) = arguments
    try:
        document = pypdfium2.PdfDocument(data)
        pages = []
        for number in range(len(document)):
            sheet = document[number]
            page = sheet.get_textpage()
            pages.append([] if _is_picture(sheet) else _page(page, pdf_marked.found(sheet, page)))
            sheet.close()
        found = signs(pages, islice(_outline(document), _ENTRIES))
        document.close()
    except pypdfium2.PdfiumError as error:
        raise UsageError("document-not-pdf", name=name, because=reason(error)) from error
    signed = (
        "\n".join(some.get(number, "") + line.words for number, line in enumerate(page))
        for page, some in zip(pages, found, strict=True)
    )
    return _PAGE_END.join(signed).encode()


def _outline(document: pypdfium2.PdfDocument) -> Iterator[tuple[int, str]]:
    """The entries of the outline that lead to a page: its number, from 0, and the title."""
    for entry in document.get_toc():
        there = entry.get_dest()
        page = there.get_index() if there else None
        if page is not None:
            yield page, entry.get_title()


def _is_picture(sheet: pypdfium2.PdfPage) -> bool:
    """Whether a page is a scan: a picture over most of it, and no more text than a stamp has."""
    said = sheet.get_textpage().get_text_range()
    if sum(map(str.isalpha, said)) >= _STAMP:
        return False
    area = sheet.get_width() * sheet.get_height()
    pictures = sheet.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    sizes = ((right - left) * (top - bottom) for left, bottom, right, top in (each.get_bounds() for each in pictures))
    return any(size > area / 2 for size in sizes)


def _page(page: pypdfium2.PdfTextPage, marked: Marked) -> list[TypeLine]:
    """The lines of a page and how they are set; digits in small type above or below the line are written as such."""
    laid: str = page.get_text_bounded()
    said: str = page.get_text_range()
    places = [at for at, character in enumerate(said) if not character.isspace()]
    if len(said) != page.count_chars() or not _is_same(said, laid):
        return [TypeLine(line, 0, bold=False) for line in _lines(laid)]
    signs, joints = _moved(page, said)  # both texts say the same, with other spaces
    again = repeated(said, lambda at: _printed(page, marked, said[at], at, loose=False))
    again |= marked.again
    signs |= dict.fromkeys(again, "")
    solid, places = places, [at for at in places if at not in again]
    spaces, more = _spaces(page, marked, said, places) if marked.shared else ({}, set[int]())
    written = _written(laid, solid, signs, joints | more, spaces)
    lines, turned, first = list[TypeLine](), list[int](), 0
    leftward, its_places = list[PrintedSign](), list[int]()  # a line that is read from right to left
    for line in [*_lines(written), ""]:
        after = first + sum(not character.isspace() for character in line)
        here, first = places[first:after], after
        is_leftward = bool(LEFTWARD.search(line)) or (bool(here) and all(map(combining, line.strip())))
        printed = [_printed(page, marked, signs.get(at, said[at]), at) for at in here] if is_leftward else []
        if leftward and not (printed and is_same_line(leftward, printed)):
            said_there = pdf_leftward.lines(leftward, marked.is_blank).split("\n")
            turned += range(len(lines), len(lines) + len(said_there))
            lines += [TypeLine(each, *_type(page, its_places)) for each in said_there]
            leftward, its_places = [], []
        if is_leftward:
            leftward, its_places = leftward + printed, its_places + list(here)
        else:
            lines.append(TypeLine(line, *_type(page, here)))
    meant = pdf_leftward.unmirrored("\n".join(lines[number].words for number in turned)).split("\n")
    for number, words in zip(turned, meant, strict=False):
        lines[number] = replace(lines[number], words=words)
    return lines[:-1]


def _is_same(said: str, laid: str) -> bool:
    """Whether the two texts of a page have the same signs; the hyphen at a line's end is another in each."""
    one, other = ("".join(text.translate(_HYPHEN).split()) for text in (said, laid))
    return one == other


def _printed(page: pypdfium2.PdfTextPage, marked: Marked, said: str, at: int, *, loose: bool = True) -> PrintedSign:
    """A character as it is printed, with the width that it takes on the line (`loose`), or that of its ink."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pypdfium2.raw.FPDFText_GetCharOrigin(page, at, x, y)
    left, _, right, _ = page.get_charbox(at, loose=loose)
    size = float(pypdfium2.raw.FPDFText_GetFontSize(page, at)) * _scale(page, at)
    if share := marked.shared.get(at):
        left, right = share.widened(left, right)
        return PrintedSign(said, x.value, share.base, left - _BEARING * size, right + _BEARING * size, size, at)
    return PrintedSign(said, float(x.value), float(y.value), left, right, size, at)


def _spaces(
    page: pypdfium2.PdfTextPage, marked: Marked, said: str, places: Sequence[int]
) -> tuple[dict[int, bool], set[int]]:
    """By place of a sign, whether a space stands between it and the next; and the joints, where a line does not end.

    pdfium measures gaps by the widths of letters, and ends lines where a sign stands lower or higher; the first of
    several signs it takes for the letters that they are together.
    """
    found, joints = dict[int, bool](), set[int]()
    printed = cache(lambda at: _printed(page, marked, said[at], at))
    everywhere = has_marks(said)
    for one, other in pairwise(places):
        if not (everywhere or one in marked.shared or other in marked.shared):
            continue
        if LEFTWARD.match(said[one]) and LEFTWARD.match(said[other]):
            continue  # such lines are read by where their signs stand
        before, after, between = printed(one), printed(other), range(one, other)
        own = any(said[at].isspace() and not pypdfium2.raw.FPDFText_IsGenerated(page, at) for at in between)
        wide = after.left - before.right > _GAP * after.size
        blank = marked.is_blank(one, other)
        found |= dict.fromkeys(between, own or wide or blank)
        if not marked.again.isdisjoint(between) and abs(after.base - before.base) < after.size / 2:
            joints.update(between)
    return found, joints


def _written(
    laid: str, places: Sequence[int], signs: Mapping[int, str], joints: Collection[int], spaces: Mapping[int, bool]
) -> str:
    """A page's text with its signs by place, without a line's end that follows a joint.

    spaces: of places after which it is known, whether a space stands there.
    """
    solid, at = iter(places), -1
    said = list[str]()
    for character in laid:
        if not character.isspace():
            if spaces.get(at) and said[-1:] and said[-1] and not said[-1].isspace():
                said.append(" ")
            at = next(solid)
            said.append(signs.get(at, character))
        elif at not in (joints if character in "\r\n" else spaces):
            said.append(character)
    return "".join(said)


def _moved(page: pypdfium2.PdfTextPage, said: str) -> tuple[dict[int, str], set[int]]:
    """By place in a page's text, the raised or lowered digit that a digit in small type is; and the joints.

    A joint is a place between which and the next sign the line does not end: pdfium ends it at a raised digit.
    """
    signs, joints = dict[int, str](), set[int]()
    for run in re.finditer("[0-9]+", said):
        for (own, base), group in groupby(range(*run.span()), lambda at: _set(page, at)):
            digits = list(group)
            for beside, end in _beside(page, said, digits[0], digits[-1]):
                size, line = _set(page, beside)
                rise = base - line
                if own <= _SMALLER * size and size / 20 < abs(rise) < size:
                    table = SUPERSCRIPT_OF if rise > 0 else SUBSCRIPT_OF
                    for at in digits:
                        signs.setdefault(at, said[at].translate(table))
                    joints.add(min(beside, end))
    return signs, joints


def _beside(page: pypdfium2.PdfTextPage, said: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The places of the characters right beside digits, which show the line they belong to, each with the digit's.

    The one before, then the one after; what is further away than its type is large stands elsewhere on the page.
    """
    before, after = range(first - 1, max(first - _APART, -1), -1), range(last + 1, min(last + _APART, len(said)))
    for end, places in ((first, before), (last, after)):
        for at in islice((at for at in places if not said[at].isspace()), 1):
            (left, right), (its_left, its_right) = _span(page, end), _span(page, at)
            if max(left - its_right, its_left - right) < _set(page, at)[0]:
                yield at, end


def _span(page: pypdfium2.PdfTextPage, at: int) -> tuple[float, float]:
    """Where a character begins and ends across the page."""
    left, _, right, _ = page.get_charbox(at)
    return left, right


def _set(page: pypdfium2.PdfTextPage, at: int) -> tuple[float, float]:
    """The size of a character's type as it is printed, and the height of its base line."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pypdfium2.raw.FPDFText_GetCharOrigin(page, at, x, y)
    return float(pypdfium2.raw.FPDFText_GetFontSize(page, at)) * _scale(page, at), float(y.value)


def _scale(page: pypdfium2.PdfTextPage, at: int) -> float:
    """How much larger a character is printed than its font's size says: some programs set all type in size 1."""
    matrix = pypdfium2.raw.FS_MATRIX()
    return math.hypot(matrix.c, matrix.d) if pypdfium2.raw.FPDFText_GetMatrix(page, at, matrix) else 1.0


def _type(page: pypdfium2.PdfTextPage, places: Sequence[int]) -> tuple[float, bool]:
    """The size of a line's type (points) and whether it is bold, where its first, middle and last signs agree."""
    if not places:
        return 0, False
    found = {_cast(page, at) for at in (places[0], places[len(places) // 2], places[-1])}
    return found.pop() if len(found) == 1 else (0, False)


def _cast(page: pypdfium2.PdfTextPage, at: int) -> tuple[float, bool]:
    """The size of a sign as it is printed, and whether its font is a bold one by its name or weight."""
    raw, name, flags = pypdfium2.raw, ctypes.create_string_buffer(_NAME), ctypes.c_int()
    raw.FPDFText_GetFontInfo(page, at, name, _NAME, flags)
    bold = raw.FPDFText_GetFontWeight(page, at) >= _WEIGHT or bool(_BOLD.search(name.value))
    return round(raw.FPDFText_GetFontSize(page, at) * _scale(page, at), 1), bold


def _lines(said: str) -> list[str]:
    """A page's lines, without our own signs; pdfium writes U+FFFE or U+0002 for a hyphen at a line's end."""
    broken = re.sub("[\ufffe\x02](?:\r?\n)?", "-\n", said.translate(_OWN_SIGNS))
    return broken.replace("\r\n", "\n").replace("\r", "\n").split("\n")
