"""Decode a file: its bytes become text and CSV records, or a finding that names the byte, the line and the column.

The rules are strict: UTF-8 with or without a byte order mark, no NUL, no lone carriage return, every quote closed
(RFC 4180, section 2, with LF or CRLF). A finding names the likely cause; nothing is repaired.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from openproposals.findings import Finding, Location
from openproposals.guards import characters
from openproposals.messages import Phrase

CELL_LIMIT = 1_000_000  # characters; a longer cell is a quote that swallowed a file
COLUMN_LIMIT = 1_000
_BOM = b"\xef\xbb\xbf"
_UTF16 = {b"\xff\xfe": "little-endian", b"\xfe\xff": "big-endian"}
_DELIMITERS = {
    ";": Phrase("corpus/decoding", "semicolons"),
    "\t": Phrase("corpus/decoding", "tabs"),
    "|": Phrase("corpus/decoding", "bars"),
}
_SEPARATOR_SAID = re.compile(r"\s*\"?sep=.?\"?[\s,;]*", re.IGNORECASE)  # a line that Excel obeys and does not show
_LONE_CR = re.compile(r"\r(?!\n)")


@dataclass(frozen=True)
class Records:
    """The records of a CSV file: its header, its rows, and the number of each row (the header is row 1).

    Blank rows are left out.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]

    def parted(self) -> tuple[Records, Records]:
        """Divide the rows: those with as many cells as the header, and the others.

        >>> [part.rows for part in Records(["a", "b"], [["1", "2"], ["3"]], [2, 3]).parted()]
        [[['1', '2']], [['3']]]
        """
        fits = [len(row) == len(self.header) for row in self.rows]
        if all(fits):
            return self, Records(self.header, [], [])
        return self._only(fits), self._only([not fit for fit in fits])

    def _only(self, kept: Sequence[bool]) -> Records:
        compress = itertools.compress
        return Records(self.header, list(compress(self.rows, kept)), list(compress(self.numbers, kept)))


def decode(file: str, data: bytes) -> tuple[str | None, list[Finding]]:
    """Decode the bytes of the file named `file`: its text, or None and the finding that says what is wrong."""
    if data[:2] in _UTF16 or looks_like_utf16(data):
        return None, [Finding(Location(file), "utf-16")]
    body = data.removeprefix(_BOM)
    offset = len(data) - len(body)
    try:
        decoded = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(file, body, error.start, offset)]
    nul = decoded.find("\0")
    if nul >= 0:
        return None, [at(file, decoded, nul, "nul-byte", offset)]
    return decoded, []


def likely(data: bytes) -> str:
    """The text that a file most likely holds which is not UTF-8, to judge the rest of it by; it is never published."""
    if data[:2] in _UTF16:
        return data.decode("utf-16", errors="replace")
    if looks_like_utf16(data):
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", errors="replace")
    return data.decode("cp1252", errors="replace").replace("\0", "")


def records(file: str, decoded: str) -> tuple[Records | None, list[Finding]]:
    """Parse a CSV text strictly: its records, or None and the finding that says what is wrong.

    Blank rows are reported and left out; the rows after them keep their numbers. A row is blank where nobody sees a
    sign in it.
    """
    if not decoded.strip():
        return None, [Finding(Location(file), "table-empty")]
    first = decoded.partition("\n")[0]
    if _SEPARATOR_SAID.fullmatch(first):
        return None, [Finding(Location(file, 1), "separator-line", first.strip())]
    for sign, name in _DELIMITERS.items():
        if sign in first and "," not in first:
            return None, [Finding(Location(file, 1), "wrong-delimiter", facts={"name": name})]
    return parsed(file, decoded)


def as_separated(file: str, decoded: str) -> Records | None:
    """The records of a text whose cells are not separated by commas, or whose first line says by what they are."""
    first, _, rest = decoded.partition("\n")
    said = _SEPARATOR_SAID.fullmatch(first)
    text = rest if said else decoded
    header = text.partition("\n")[0]
    sign = max((",", *_DELIMITERS), key=header.count)
    return parsed(file, text, sign)[0]


def parsed(file: str, decoded: str, delimiter: str = ",") -> tuple[Records | None, list[Finding]]:
    """Parse a CSV text with this delimiter, as `records` does, whatever its first line looks like."""
    if not decoded.strip():
        return None, [Finding(Location(file), "table-empty")]
    lone = _LONE_CR.search(decoded)
    if lone:
        return None, [at(file, decoded, lone.start(), "lone-cr")]
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    found: list[list[str]] = []
    read = 0  # lines in the records read so far
    try:
        for record in reader:
            found.append(record)
            read = reader.line_num
            if len(found[0]) > COLUMN_LIMIT:
                return None, [Finding(Location(file, 1), "columns-too-many", facts={"count": str(len(found[0]))})]
    except csv.Error as error:
        if "field larger" in str(error):
            facts = {"limit": str(CELL_LIMIT), "line": str(read + 1)}
            return None, [Finding(Location(file, read + 1), "cell-too-long", facts=facts)]
        return None, [_quote(file, decoded, read, delimiter)]
    header = found[0]
    numbered = [(number, row) for number, row in enumerate(found[1:], start=2)]
    kept = [(number, row) for number, row in numbered if any(cell and not characters.is_blank(cell) for cell in row)]
    blank = sorted({number for number, _ in numbered} - {number for number, _ in kept})
    findings = [Finding(Location(file, first), "row-blank", facts={"last": str(last)}) for first, last in _runs(blank)]
    return Records(header, [row for _, row in kept], [number for number, _ in kept]), findings


def lines(decoded: str, rows: Container[int]) -> dict[int, int]:
    r"""By row, the line on which it begins; both count from 1. They differ where cells hold line breaks.

    >>> lines('a\n"b\nc"\nd\n', {3})
    {3: 4}
    """
    reader = csv.reader(io.StringIO(decoded, newline=""))
    found, begins = {}, 1
    with contextlib.suppress(csv.Error):
        for row, _ in enumerate(reader, start=1):
            if row in rows:
                found[row] = begins
            begins = reader.line_num + 1
    return found


def looks_like_utf16(data: bytes) -> bool:
    """Whether nearly every other byte is NUL, as in Latin letters written in UTF-16."""
    head = data[:200]
    return len(head) >= 4 and (head[1::2].count(0) * 2 > len(head) * 0.8 or head[0::2].count(0) * 2 > len(head) * 0.8)


def _not_utf8(file: str, body: bytes, start: int, offset: int) -> Finding:
    before = body[:start].decode("utf-8")
    byte = body[start : start + 1]
    finding = at(file, before + "\0", len(before), "not-utf8", offset)
    likely = byte.decode("cp1252", errors="replace")
    facts = {**finding.facts, "byte": f"0x{byte[0]:02X}", "likely": likely if likely.isprintable() else "?"}
    return Finding(finding.location, "not-utf8", facts=facts)


def at(file: str, decoded: str, position: int, code: str, offset: int = 0) -> Finding:
    """A finding at a character: byte offset in the file, line and column counted from 1."""
    before = decoded[:position]
    number = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1) + 1
    facts = {"offset": str(len(before.encode()) + offset), "line": str(number), "character": str(column)}
    return Finding(Location(file, number, 0), code, facts=facts)


def _quote(file: str, decoded: str, lines_before: int, delimiter: str) -> Finding:
    """A finding at the quote that does not close as it should, in the record after the first `lines_before` lines."""
    lines = itertools.islice(io.StringIO(decoded, newline=""), lines_before)
    position = sum(len(line) for line in lines)
    opened, inside, start = position, False, True
    while position < len(decoded):
        here = decoded[position]
        if inside and here == '"':
            if decoded[position + 1 : position + 2] == '"':
                position += 1
            elif decoded[position + 1 : position + 2] in (delimiter, "\n", "\r", ""):
                inside = False
            else:
                break  # closed, and followed by something that is no separator
        elif not inside and start and here == '"':
            opened, inside = position, True
        elif not inside and here == "\n":
            break
        start = not inside and here in (delimiter, "\n")
        position += 1
    return at(file, decoded, opened, "quote-unclosed")


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Consecutive numbers as (first, last).

    >>> list(_runs([2, 3, 4, 9]))
    [(2, 4), (9, 9)]
    """
    first = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last
