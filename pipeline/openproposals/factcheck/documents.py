"""The doorway to documents, read into one text in which positions are counted.

Plain text and Markdown are taken as they stand, so that positions are those of the file; the other formats are laid
out in a child process with bounds (pdf_text.py, extraction.py and the like). Nothing is fetched, no script runs, and
what cannot be read, not within its bounds, or holds no text, is refused.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise

from openproposals.errors import NoTextError, UsageError
from openproposals.factcheck import markdown
from openproposals.factcheck.laid_out import HEADING, LARGER, MORE
from openproposals.factcheck.markdown import Fill
from openproposals.factcheck.normal import Span
from openproposals.guards import child

_MEMORY, _TIMES = 768 << 20, 50  # bytes that reading a document may take, and how many more for each of its own
_SECONDS, _BYTES_A_SECOND = 20.0, 400_000
_PAGE_NUMBER = re.compile(r"[\s|–—-]*(?:pages?|p\.)?\s*([0-9]{1,4})(?:\s*(?:/|sur|of)\s*[0-9]{1,4})?[\s|–—-]*", re.I)
_SHORT = 60  # characters of a line that may be a page number
REPEATED = 3  # a line that comes so often is a running head
_NOTHING = "\u00ad"  # read as nothing, and takes a place: positions stay


@dataclass(frozen=True)
class Text:
    """A document's text: its SHA-256 as UTF-8, what read it, and where its pages begin, where it has any.

    `fills` are spans that are no words of the document (where links lead, Markdown's signs), with what is read instead;
    `heads` are running heads and page numbers, which may interrupt words; `headings` are positions with printed
    headings, `levels` how deep they are, where the format tells it. `larger` are lines in larger or bolder type than
    most, where the document marks no headings.
    """

    name: str
    content: str
    sha256: str
    tool: str = ""
    pages: tuple[int, ...] = ()
    fills: tuple[Fill, ...] = ()
    heads: tuple[Span, ...] = ()
    headings: tuple[tuple[int, str], ...] = ()
    larger: tuple[tuple[int, str], ...] = ()
    levels: tuple[tuple[int, int], ...] = ()

    @cached_property
    def read(self) -> str:
        """The content, at its length, with what is no words taken out."""
        return _filled(self.content, [(a, b, said + _NOTHING * (b - a - len(said))) for a, b, said in self.fills])

    @cached_property
    def without_heads(self) -> str:
        """The same, with running heads and page numbers blank."""
        return _filled(self.read, [(a, b, " " * (b - a)) for a, b in self.heads])

    def heading(self, position: int) -> str:
        """The printed heading above a position, "" where there is none."""
        return _above(self.headings, position)

    def larger_line(self, position: int) -> str:
        """The line in larger or bolder type above a position, which may be a heading; "" where there is none."""
        return _above(self.larger, position)


def _above(lines: Sequence[tuple[int, str]], position: int) -> str:
    at = bisect(lines, (position, "\U0010ffff"))
    return lines[at - 1][1] if at else ""


def _filled(text: str, fills: Sequence[Fill]) -> str:
    parts, at = [], 0
    for start, end, said in fills:  # in order; one may begin within another
        if end > at:
            parts += [text[at:start], said[max(0, at - start) :]]
            at = end
    return "".join([*parts, text[at:]]) if parts else text


_LAID_OUT = {  # what lays a format out (module:function of this folder), and the library that it uses
    "pdf_text:text": "pypdfium2", "extraction:html": "inscriptis", "docx_text:text": "python-docx",
    "odt_text:text": "odfdo", "epub_text:text": "EbookLib",
}  # fmt: skip
_ZIPPED = {"docx": "docx_text:text", "odt": "odt_text:text", "epub": "epub_text:text"}


def read(name: str, data: bytes) -> Text:
    """Read a document from its bytes; what it is, the name and the first bytes tell. Raises UsageError."""
    kind = _kind(name, data)
    if kind in _LAID_OUT:
        extracted = _extracted(kind, name, data)
        content, headings, larger = _headings(extracted)
        read = _text(name, content, tool=_version(_LAID_OUT[kind]), headings=headings, larger=larger)
        return replace(read, levels=tuple(_levels(extracted)))
    return _plain(name, data, kind)


def _plain(name: str, data: bytes, kind: str) -> Text:
    try:
        content = data.decode()
    except UnicodeDecodeError as error:
        raise UsageError("document-not-utf8", name=name, byte=error.start) from error
    fills = markdown.fills(content) if kind == "markdown" else []
    return _text(name, content, fills=fills, headings=list(markdown.headings(content)))


def pinned(name: str, data: bytes) -> Text:
    """A text that was read before and kept: Markdown or plain text by its name alone, whatever its words begin with.

    Raises UsageError.
    """
    return _plain(name, data, "markdown" if name.endswith(".md") else "text")


def _kind(name: str, data: bytes) -> str:
    start = data[:1024].lstrip().lower()
    extension = name.lower().rpartition(".")[2]
    if start.startswith(b"%pdf-"):
        return "pdf_text:text"
    if extension in ("html", "htm", "xhtml") or start.startswith((b"<!doctype html", b"<html")):
        return "extraction:html"
    if extension in _ZIPPED and data[:2] == b"PK":
        return _ZIPPED[extension]
    return "markdown" if extension in ("md", "markdown") else "text"


def page(text: Text, position: int) -> int | None:
    """The page, counted from 1, on which a position stands; None where the text has no pages."""
    return bisect(text.pages, position) or None


def _text(
    name: str,
    content: str,
    tool: str = "",
    fills: Sequence[Fill] = (),
    headings: Sequence[tuple[int, str]] = (),
    larger: Sequence[tuple[int, str]] = (),
) -> Text:
    if not re.search(r"\w", content):
        raise NoTextError("document-no-text", name=name)
    breaks = [m.end() for m in re.finditer("\f", content)]
    pages = (0, *breaks) if breaks else ()
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    heads = tuple(_heads(content))
    running = {start for start, _ in heads}  # a line that comes on every page is set as it likes, and heads nothing
    set_larger = tuple(line for line in larger if line[0] not in running)
    return Text(name, content, sha256, tool, pages, tuple(fills), heads, tuple(headings), set_larger)


def _headings(extracted: str) -> tuple[str, list[tuple[int, str]], list[tuple[int, str]]]:
    """The text without the signs before its headings, its headings with their positions, and its larger lines."""
    first, *rest = re.split(f"([{HEADING}{LARGER}{MORE}])", extracted)
    parts, at = [first], len(first)
    found: dict[str, list[tuple[int, str]]] = {HEADING: [], LARGER: []}
    last = found[HEADING]
    for sign, part in zip(rest[::2], rest[1::2], strict=True):
        title = re.split("[\n\f]", part, maxsplit=1)[0].strip()
        if sign == MORE and last:
            last[-1] = (last[-1][0], f"{last[-1][1]} {title}".strip())
        elif sign != MORE:
            last = found[sign]
            last.append((at, title))
        parts.append(part)
        at += len(part)
    marked, larger = ([line for line in some if line[1]] for some in found.values())
    return "".join(parts), marked, larger


def _levels(extracted: str) -> Iterator[tuple[int, int]]:
    """Where the headings begin, without the signs before them, and their levels: as many signs as stand there."""
    gone = 0
    for signs in re.finditer(f"[{HEADING}{LARGER}{MORE}]+", extracted):
        if level := signs[0].count(HEADING):
            yield signs.start() - gone, level
        gone += len(signs[0])


def _heads(content: str) -> Iterator[Span]:
    """Lines repeated from page to page but for a number that counts upwards, and page numbers that do."""
    lines = re.split(r"(?<=[\n\f])", content)
    starts = list(accumulate(map(len, lines), initial=0))
    groups: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        groups[re.sub(r"[0-9]+", "#", line.strip()).casefold()].append(number)
    often = {
        number
        for masked, some in groups.items()
        if len(some) >= REPEATED and len(masked) > 1 and re.search(r"[^\W\d_]", masked)
        if _counts([tuple(map(int, re.findall(r"[0-9]{1,9}", lines[number]))) for number in some])
        for number in some
    }
    numbers = [(int(m[1]), i) for i, line in enumerate(lines) if (m := _page_number(line))]
    runs: dict[int, list[int]] = {}  # of page numbers: 4, 5, 6, with any lines between; by the last number
    for number, i in numbers:
        run = runs.pop(number - 1, [])
        run.append(i)
        runs[number] = run
    counted = {i for run in runs.values() if len(run) >= REPEATED for i in run}
    for i, (start, end) in enumerate(pairwise(starts)):
        if i in often or i in counted:
            yield start, end


def _counts(numbers: Sequence[tuple[int, ...]]) -> bool:
    """Whether the numbers of repeated lines are the same, or one of them counts upwards by one or two.

    A table's do not.
    """
    changing = {
        at for one, other in pairwise(numbers) for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b
    }
    return not changing or (
        len(changing) == 1 and all(0 <= other[at] - one[at] <= 2 for at in changing for one, other in pairwise(numbers))
    )


def _page_number(line: str) -> re.Match[str] | None:
    return _PAGE_NUMBER.fullmatch(line.strip()) if len(line) <= _SHORT else None


def _extracted(work: str, name: str, data: bytes) -> str:
    """The text of a document that is laid out in a child process, whose bounds grow with the document's size."""
    bounds = child.Bounds(_MEMORY + _TIMES * len(data), _SECONDS + len(data) / _BYTES_A_SECOND)
    try:
        return child.run(f"openproposals.factcheck.{work}", data, bounds, [name]).decode()
    except child.OutOfBounds as beyond:
        raise _stopped(beyond.reason, name) from None


def _stopped(reason: child.Reason, name: str) -> UsageError:
    if reason == "memory":
        return UsageError("document-memory", name=name)
    return UsageError("document-time", name=name) if reason == "time" else UsageError("document-crash", name=name)


def _version(package: str) -> str:
    from importlib.metadata import version

    return f"{package} {version(package)}"
