"""The doorway to documents: plain text, Markdown, HTML or PDF, read into one text in which positions are counted.

Plain text and Markdown are taken as they stand, so that positions are those of the file; HTML is laid out by
inscriptis, PDF by pdfium, page after page. Nothing is fetched, no script runs, and what cannot be read is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from openproposals.errors import UsageError
from openproposals.factcheck.search import Span

_SUPERSCRIPT_OF = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PAGE_NUMBER = re.compile(r"[\s|–—-]*(?:pages?|p\.)?\s*([0-9]{1,4})(?:\s*(?:/|sur|of)\s*[0-9]{1,4})?[\s|–—-]*", re.I)
_MARKDOWN = re.compile(
    r"(?<=\])\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:\s\"[^\"\n]{0,400}\")?\)"  # where a link leads
    r"|\[\^[^\]\s]{1,40}\]:?"  # a note's marker
    r"|^\[[^\]\n]{1,200}\]:\s*\S+[^\n]*$"  # a link's definition
    r"|<sup>[0-9]{1,3}</sup>|</?[A-Za-z][^<>\n]{0,400}>|<!--.{0,2000}?-->",
    re.MULTILINE | re.DOTALL,
)
_SHORT = 60  # characters of a line that may be a page number
_BRACKETED = re.compile(r"\[[0-9]{1,3}\]")  # a note's marker on most web pages
REPEATED = 3  # a line that comes so often is a running head


@dataclass(frozen=True)
class Text:
    """A document's text: its SHA-256 as UTF-8, what read it, and where its pages begin, where it has any.

    `skipped` are spans that are no words of the document (addresses of links); `heads` are what may interrupt words:
    running heads and page numbers, and note markers in square brackets.
    """

    name: str
    content: str
    sha256: str
    tool: str = ""
    pages: tuple[int, ...] = ()
    skipped: tuple[Span, ...] = ()
    heads: tuple[Span, ...] = ()


def read(name: str, data: bytes) -> Text:
    """Read a document from its bytes; what it is, the name and the first bytes tell. Refused: UsageError."""
    start = data[:1024].lstrip().lower()
    extension = name.lower().rpartition(".")[2]
    if start.startswith(b"%pdf-"):
        return _pdf(name, data)
    if extension in ("html", "htm", "xhtml") or start.startswith((b"<!doctype html", b"<html")):
        return _text(name, _html(name, data), tool=_version("inscriptis"))
    try:
        content = data.decode()
    except UnicodeDecodeError as error:
        raise UsageError("document-not-utf8", name=name, byte=error.start) from error
    skipped = [m.span() for m in _MARKDOWN.finditer(content)] if extension in ("md", "markdown") else []
    return _text(name, content, skipped=skipped)


def page(text: Text, position: int) -> int | None:
    """The page, counted from 1, on which a position stands; None where the text has no pages."""
    return sum(start <= position for start in text.pages) or None


def _text(name: str, content: str, tool: str = "", skipped: Sequence[Span] = ()) -> Text:
    breaks = [m.end() for m in re.finditer("\f", content)]
    pages = (0, *breaks) if breaks else ()
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    marks = [m.span() for m in _BRACKETED.finditer(content)]
    heads = list(_heads(content))
    outside = [mark for mark in marks if not any(start <= mark[0] < end for start, end in (*heads, *skipped))]
    return Text(name, content, sha256, tool, pages, tuple(skipped), tuple(sorted([*heads, *outside])))


def _heads(content: str) -> Iterator[Span]:
    """Lines repeated from page to page but for their numbers, and page numbers that count upwards."""
    lines = content.splitlines(keepends=True)
    starts = list(accumulate(map(len, lines), initial=0))
    masked = [re.sub(r"[0-9]+", "#", line.strip()).casefold() for line in lines]
    often = {line for line, count in Counter(masked).items() if count >= REPEATED and len(line) > 1}
    numbers = [(int(m[1]), i) for i, line in enumerate(lines) if (m := _page_number(line))]
    runs: dict[int, list[int]] = {}  # of page numbers: 4, 5, 6, with any lines between; by the last number
    for number, line in numbers:
        runs[number] = [*runs.pop(number - 1, ()), line]
    counted = {line for run in runs.values() if len(run) >= REPEATED for line in run}
    for i, (start, end) in enumerate(pairwise(starts)):
        if masked[i] in often or i in counted:
            yield start, end


def _page_number(line: str) -> re.Match[str] | None:
    return _PAGE_NUMBER.fullmatch(line.strip()) if len(line) <= _SHORT else None


def _html(name: str, data: bytes) -> str:
    import lxml.etree
    import lxml.html
    from inscriptis.html_engine import Inscriptis
    from inscriptis.model.config import ParserConfig

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
        return str(Inscriptis(tree, ParserConfig()).get_text())
    except (lxml.etree.LxmlError, RecursionError, ValueError) as error:
        raise UsageError("document-not-html", name=name, because=str(error)) from error


def _pdf(name: str, data: bytes) -> Text:
    import pypdfium2

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
        raise UsageError("document-not-pdf", name=name, because=str(error)) from error
    if not any(map(str.strip, pages)):
        raise UsageError("document-pictures", name=name)
    return _text(name, "\f".join(pages), tool=_version("pypdfium2"))


def _lines(said: str) -> str:
    """A page's text with plain line ends; pdfium writes U+FFFE or U+0002 for a hyphen at a line's end."""
    return re.sub("[\ufffe\x02](?:\r?\n)?", "-\n", said).replace("\r\n", "\n").replace("\r", "\n")


def _version(package: str) -> str:
    from importlib.metadata import version

    return f"{package} {version(package)}"
