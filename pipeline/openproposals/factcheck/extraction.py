"""What reads HTML and PDF: lxml with inscriptis, and pdfium. Both are run in a child process, sealed (documents.py).

pdfium finds none of the system's fonts there, so that a PDF without its fonts is read alike on every machine.
"""

from __future__ import annotations

import codecs
import ctypes
import re
from collections.abc import Sequence
from itertools import groupby

import lxml.etree
import lxml.html
import pypdfium2
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig

from openproposals.errors import UsageError, reason
from openproposals.factcheck.laid_out import HEADING, SUBSCRIPT_OF, SUPERSCRIPT_OF, lowered, raised

codecs.lookup("utf-16-le")  # pypdfium2 asks for it: once sealed, no module can be loaded any more
_SMALLER = 0.92  # of the line's type: a raised or lowered digit is set in smaller type
_NOT_READ = ("del", "s", "strike", "template", "rt", "rp")  # taken back, not shown, or how to say the words beside them
_BLOCKS = (  # set on lines of their own, which inscriptis does not know of
    "details", "summary", "section", "dl", "dt", "dd", "fieldset", "legend", "option", "button", "caption", "dialog",
    "center", "menu", "search", "form", "noscript", "optgroup", "textarea",
)  # fmt: skip
_STAMP = 100  # letters on a page that is a picture: no more than a stamp or a library's mark has


def html(data: bytes, arguments: Sequence[str]) -> bytes:
    """The text of HTML, as UTF-8; the argument is its name. Raises UsageError: what lxml or inscriptis refuses."""
    (name,) = arguments
    try:
        data.decode()
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    except UnicodeDecodeError:
        parser = lxml.html.HTMLParser(huge_tree=True)  # the encoding that the page declares
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
        for element in list(tree.iter(*_NOT_READ)) + tree.xpath("//*[@hidden]"):
            if element.getparent() is not None:
                element.drop_tree()
        for element in tree.iter(*_BLOCKS):
            element.tag = "div"
        for moved, written in (("sup", raised), ("sub", lowered)):
            for element in tree.iter(moved):
                said = str(element.text_content()).strip()
                if re.fullmatch(r"[-+−–]?[0-9]{1,3}(?:[,;–-]\s?[0-9]{1,3})*", said):  # as a text has it
                    for child in list(element):
                        element.remove(child)
                    element.text = written(said)
        for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6"):
            heading.text = HEADING + (heading.text or "")
        return str(Inscriptis(tree, ParserConfig()).get_text()).encode()
    except RecursionError as error:
        raise UsageError("document-nested", name=name) from error
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UsageError("document-not-html", name=name, because=reason(error)) from error


def pdf(data: bytes, arguments: Sequence[str]) -> bytes:
    """The text of a PDF as UTF-8, a form feed between pages; the argument is its name.

    Raises UsageError: what pdfium refuses.
    """
    (name,) = arguments
    try:
        document = pypdfium2.PdfDocument(data)
        pages = []
        for number in range(len(document)):
            sheet = document[number]
            pages.append("" if _is_picture(sheet) else _lines(_small(sheet.get_textpage())))
            sheet.close()
        document.close()
    except pypdfium2.PdfiumError as error:
        raise UsageError("document-not-pdf", name=name, because=reason(error)) from error
    return "\f".join(pages).encode()


def _is_picture(sheet: pypdfium2.PdfPage) -> bool:
    """Whether a page is a scan: a picture over most of it, and no more text than a stamp has."""
    said = sheet.get_textpage().get_text_range()
    if sum(map(str.isalpha, said)) >= _STAMP:
        return False
    area = sheet.get_width() * sheet.get_height()
    pictures = sheet.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    sizes = ((right - left) * (top - bottom) for left, bottom, right, top in (each.get_bounds() for each in pictures))
    return any(size > area / 2 for size in sizes)


def _small(page: pypdfium2.PdfTextPage) -> str:
    """The text of a page, with digits in small type above or below the line written as such."""
    laid: str = page.get_text_bounded()
    said: str = page.get_text_range()
    if len(said) != page.count_chars():
        return laid
    signs: dict[int, str] = {}  # by place in `said`
    for run in re.finditer("[0-9]+", said):
        for (own, base), group in groupby(range(*run.span()), lambda at: _set(page, at)):
            digits = list(group)
            beside = _beside(said, digits[0], digits[-1] + 1)
            if beside is None:
                continue
            size, line = _set(page, beside)
            rise = base - line
            if own <= _SMALLER * size and size / 20 < abs(rise) < size:
                table = SUPERSCRIPT_OF if rise > 0 else SUBSCRIPT_OF
                signs |= {at: said[at].translate(table) for at in digits}
    places = [at for at, character in enumerate(said) if not character.isspace()]
    if not signs or [said[at] for at in places] != [character for character in laid if not character.isspace()]:
        return laid  # both say the same, with other spaces
    solid = iter(places)
    return "".join(c if c.isspace() else signs.get(next(solid), c) for c in laid)


def _beside(said: str, start: int, end: int) -> int | None:
    """The place of a character beside digits that shows the line they belong to: the one before, else the one after."""
    places = [*range(start - 1, max(start - 3, -1), -1), *range(end, min(end + 3, len(said)))]
    return next((at for at in places if not said[at].isspace()), None)


def _set(page: pypdfium2.PdfTextPage, at: int) -> tuple[float, float]:
    """The size of a character's type, and the height of its base line."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pypdfium2.raw.FPDFText_GetCharOrigin(page, at, x, y)
    return float(pypdfium2.raw.FPDFText_GetFontSize(page, at)), float(y.value)


def _lines(said: str) -> str:
    """A page's text with plain line ends; pdfium writes U+FFFE or U+0002 for a hyphen at a line's end."""
    return re.sub("[\ufffe\x02](?:\r?\n)?", "-\n", said).replace("\r\n", "\n").replace("\r", "\n")
