"""The doorway to documents: plain text, Markdown, HTML or PDF, read into one text in which positions are counted.

Plain text and Markdown are taken as they stand, so that positions are those of the file; HTML is laid out by
inscriptis, PDF by pdfium, page after page, both in a child process with bounds (extraction.py). Nothing is fetched,
no script runs, and what cannot be read, or not within its bounds, is refused.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Literal

from openproposals.errors import UsageError
from openproposals.factcheck.search import Span
from openproposals.guards import child

_MEMORY, _TIMES = 768 << 20, 50  # bytes that reading a document may take, and how many more for each of its own
_SECONDS, _BYTES_A_SECOND = 20.0, 400_000
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
    """Read a document from its bytes; what it is, the name and the first bytes tell. Raises UsageError."""
    start = data[:1024].lstrip().lower()
    extension = name.lower().rpartition(".")[2]
    if start.startswith(b"%pdf-"):
        return _text(name, _extracted("pdf", name, data), tool=_version("pypdfium2"))
    if extension in ("html", "htm", "xhtml") or start.startswith((b"<!doctype html", b"<html")):
        return _text(name, _extracted("html", name, data), tool=_version("inscriptis"))
    try:
        content = data.decode()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name} is no text that can be read: byte {error.start} is not UTF-8",
            why="text and Markdown are read as UTF-8, HTML and PDF by what they declare; nothing is guessed",
            mend="save it as UTF-8 text, or give the PDF or the HTML itself",
        ) from error
    skipped = [m.span() for m in _MARKDOWN.finditer(content)] if extension in ("md", "markdown") else []
    return _text(name, content, skipped=skipped)


def page(text: Text, position: int) -> int | None:
    """The page, counted from 1, on which a position stands; None where the text has no pages."""
    return bisect(text.pages, position) or None


def _text(name: str, content: str, tool: str = "", skipped: Sequence[Span] = ()) -> Text:
    breaks = [m.end() for m in re.finditer("\f", content)]
    pages = (0, *breaks) if breaks else ()
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    marks = [m.span() for m in _BRACKETED.finditer(content)]
    heads = list(_heads(content))
    outside = [mark for mark in marks if not _within(mark[0], heads) and not _within(mark[0], skipped)]
    return Text(name, content, sha256, tool, pages, tuple(skipped), tuple(sorted([*heads, *outside])))


def _within(position: int, spans: Sequence[Span]) -> bool:
    """Whether a position is in one of these spans, which are in order and do not overlap."""
    at = bisect(spans, position, key=itemgetter(0))
    return at > 0 and position < spans[at - 1][1]


def _heads(content: str) -> Iterator[Span]:
    """Lines repeated from page to page but for their numbers, and page numbers that count upwards."""
    lines = content.splitlines(keepends=True)
    starts = list(accumulate(map(len, lines), initial=0))
    masked = [re.sub(r"[0-9]+", "#", line.strip()).casefold() for line in lines]
    often = {line for line, count in Counter(masked).items() if count >= REPEATED and len(line) > 1}
    numbers = [(int(m[1]), i) for i, line in enumerate(lines) if (m := _page_number(line))]
    runs: dict[int, list[int]] = {}  # of page numbers: 4, 5, 6, with any lines between; by the last number
    for number, line in numbers:
        run = runs.pop(number - 1, [])
        run.append(line)
        runs[number] = run
    counted = {line for run in runs.values() if len(run) >= REPEATED for line in run}
    for i, (start, end) in enumerate(pairwise(starts)):
        if masked[i] in often or i in counted:
            yield start, end


def _page_number(line: str) -> re.Match[str] | None:
    return _PAGE_NUMBER.fullmatch(line.strip()) if len(line) <= _SHORT else None


def _extracted(work: Literal["html", "pdf"], name: str, data: bytes) -> str:
    """The text of HTML or of a PDF, read in a child process, whose bounds grow with the document's size."""
    bounds = child.Bounds(_MEMORY + _TIMES * len(data), _SECONDS + len(data) / _BYTES_A_SECOND)
    try:
        return child.run(f"openproposals.factcheck.extraction:{work}", data, bounds, [name]).decode()
    except child.OutOfBounds as beyond:
        raise UsageError(
            f"{name} is not read: {beyond}",
            why="a small file can unfold without end, so that each has its bounds",
            mend="give its text instead, or a copy saved anew",
        ) from None


def _version(package: str) -> str:
    from importlib.metadata import version

    return f"{package} {version(package)}"
