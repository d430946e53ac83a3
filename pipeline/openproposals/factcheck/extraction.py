"""What reads HTML and PDF: lxml with inscriptis, and pdfium. Both are run in a child process, sealed (documents.py).

pdfium finds none of the system's fonts there, so that a PDF without its fonts is read alike on every machine.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

import lxml.etree
import lxml.html
import pypdfium2
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig

from openproposals.errors import UsageError, reason

codecs.lookup("utf-16-le")  # pypdfium2 asks for it: once sealed, no module can be loaded any more
_SUPERSCRIPT_OF = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


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
        for raised in tree.iter("sup"):
            said = str(raised.text_content()).strip()
            if re.fullmatch("[0-9]{1,3}", said):  # a note's marker, as a text has it
                for child in list(raised):
                    raised.remove(child)
                raised.text = said.translate(_SUPERSCRIPT_OF)
        return str(Inscriptis(tree, ParserConfig()).get_text()).encode()
    except RecursionError as error:
        raise UsageError("document-nested", name=name) from error
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UsageError("document-not-html", name=name, because=reason(error)) from error


def pdf(data: bytes, arguments: Sequence[str]) -> bytes:
    """The text of a PDF as UTF-8, a form feed between pages; the argument is its name.

    Raises UsageError: what pdfium refuses, and what holds no text.
    """
    (name,) = arguments
    try:
        document = pypdfium2.PdfDocument(data)
        pages = []
        for number in range(len(document)):
            sheet = document[number]
            said = sheet.get_textpage().get_text_bounded()
            sheet.close()
            pages.append(_lines(said))
        document.close()
    except pypdfium2.PdfiumError as error:
        raise UsageError("document-not-pdf", name=name, because=reason(error)) from error
    if not any(map(str.strip, pages)):
        raise UsageError("document-pictures", name=name)
    return "\f".join(pages).encode()


def _lines(said: str) -> str:
    """A page's text with plain line ends; pdfium writes U+FFFE or U+0002 for a hyphen at a line's end."""
    return re.sub("[\ufffe\x02](?:\r?\n)?", "-\n", said).replace("\r\n", "\n").replace("\r", "\n")
