r"""CSV and TSV as spreadsheets and databases write them: the encoding and the delimiter are found, and said.

In: the bytes of a file, and what the mapping states of them. Out: a sheet. UTF-8 is tried first, then the byte order
mark of UTF-16; another encoding is told by chardet. The delimiter is the one that divides the first rows evenly.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from openproposals.corpus import decoding
from openproposals.findings import Finding, Location
from openproposals.importing import large
from openproposals.importing.header_rows import blank_rows, header_row, no_header, rows_above
from openproposals.importing.sheets import Sheet, Understood, cleaned, sheet
from openproposals.importing.totals import total

_SEPARATOR_LINE = re.compile(r"\s*\"?sep=(?P<sign>.)\"?\s*", re.IGNORECASE)  # a line that Excel obeys
_CANDIDATES = ",;\t|"
_NONE = "\ufdd0"  # the delimiter of a file of one column: what Unicode keeps for such use, in no text
_LOOKED_AT = 200_000  # characters by which the delimiter is found
_TRIED = 50  # records of them
_HEAD = 100  # records among which the header is looked for
_SURE = 0.05  # chardet's confidence, below which Windows-1252 is taken if the bytes allow it
_SAMPLE = 1 << 20  # bytes that chardet is given
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, with whose mark it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Stated:
    """What the mapping states of a file, "" and 0 where it states nothing: then it is found out."""

    encoding: str = ""
    delimiter: str = ""
    header: int = 0
    last: int = 0


def read(place: str, data: bytes, stated: Stated) -> Sheet:
    """The sheet of a file's bytes. What is wrong with it is among its findings."""
    if len(data) >= large.LARGE and not (stated.header or stated.last) and stated.encoding in ("", "utf-8"):
        delimiter = stated.delimiter or delimiter_of(data[:_LOOKED_AT].decode(errors="replace"))
        found = large.read(place, data, delimiter)
        if found is not None:
            return found
    text, encoding, findings = decoded(place, data, stated.encoding)
    if text is None:
        return _nothing(place, findings)
    first, _, rest = text.partition("\n")
    said = _SEPARATOR_LINE.fullmatch(first.rstrip("\r"))
    delimiter = stated.delimiter or (said["sign"] if said else delimiter_of(text))
    if not (stated.delimiter or said) and _one_column(text, delimiter):
        delimiter = ""
    offset = 1 if said else 0
    records, problems = decoding.parsed(place, rest if said else text, delimiter or _NONE)
    findings += [replace(f, location=_below(f.location, offset)) for f in problems if f.code != "row-blank"]
    if records is None:
        return _nothing(place, findings)
    return _laid_out(Understood(place, encoding, delimiter), records, offset, stated, findings)


def decoded(place: str, data: bytes, encoding: str = "") -> tuple[str | None, str, list[Finding]]:
    """A file's text, its encoding, and findings. The text is None where it is in no encoding that is known."""
    if encoding:
        try:
            return _checked(place, data.decode(encoding).removeprefix("\ufeff"), encoding)
        except (UnicodeError, LookupError) as error:
            return None, encoding, [_undecodable(place, encoding, str(error))]
    marked = next((named for mark, named in _MARKS if data.startswith(mark)), "")
    if marked:
        return decoded(place, data, marked)
    if decoding.looks_like_utf16(data):
        return decoded(place, data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        named = _told(data[max(0, error.start - _SAMPLE // 2) :][:_SAMPLE])
        text_, _, problems = decoded(place, data, named)
        if text_ is None:
            return None, named, problems
        word = re.search(r"\w*[^\x00-\x7f]\w*", text_)
        facts = {"encoding": named, "sample": word[0] if word else ""}
        return text_, named, [Finding(Location(place), "encoding-guessed", facts=facts)]
    return _checked(place, text, "utf-8")


def _checked(place: str, text: str, encoding: str) -> tuple[str | None, str, list[Finding]]:
    """A text without NUL, whose lines end in LF: the old Macintosh form has CR alone."""
    nul = text.find("\0")
    if nul >= 0:
        return None, encoding, [decoding.at(place, text, nul, "nul-byte")]
    return (text if "\n" in text else text.replace("\r", "\n")), encoding, []


def _told(data: bytes) -> str:
    """The encoding of bytes that are not UTF-8, as Python calls it."""
    import chardet  # for such files alone

    found = chardet.detect(data)
    named, sure = str(found["encoding"] or ""), float(found["confidence"] or 0)
    if not named or sure < _SURE or codecs.lookup(named).name in ("ascii", "iso8859-1"):
        with_signs = not re.search(rb"[\x81\x8d\x8f\x90\x9d]", data)
        return "windows-1252" if with_signs else named or "latin-1"
    return named.lower()


def _undecodable(place: str, encoding: str, problem: str) -> Finding:
    return Finding(Location(place), "encoding-unfit", encoding, {"problem": problem})


def delimiter_of(text: str) -> str:
    r"""The sign that divides the first records of a text into equally many cells, the most of them; "," for none.

    >>> delimiter_of('id;label\n1;"a, b"\n2;c, d\n'), delimiter_of("id\tlabel\n"), delimiter_of("label\na\n")
    (';', '\t', ',')
    """
    head = text[:_LOOKED_AT]
    best, score = ",", (0.0, 1)
    for sign in _CANDIDATES:
        widths = []
        try:
            for record in csv.reader(io.StringIO(head, newline=""), delimiter=sign):
                if record:
                    widths.append(len(record))
                if len(widths) == _TRIED:
                    break
        except csv.Error:
            continue
        width = max(set(widths), key=widths.count, default=1)
        if width > 1 and (found := (widths.count(width) / len(widths), width)) > score:
            best, score = sign, found
    return best


def _one_column(text: str, sign: str) -> bool:
    r"""Whether the lines of a text are one cell each, in which the sign is punctuation.

    >>> _one_column("promise\nTrees, and buses\nA ferry\n", ","), _one_column("Our promises\nid,label\n1,A\n", ",")
    (True, False)
    """
    first, _, rest = text.strip().partition("\n")
    return sign not in first and rest.count(sign) == rest.count(f"{sign} ")


def _laid_out(
    understood: Understood, records: decoding.Records, offset: int, stated: Stated, findings: list[Finding]
) -> Sheet:
    """Records as a sheet: rows of the header's length, without blank ones."""
    place = understood.place
    all_rows = [(1 + offset, list(records.header)), *((n + offset, list(r)) for n, r in _numbered(records))]
    if stated.header:
        at = next((i for i, (n, row) in enumerate(all_rows) if n == stated.header and any(row)), -1)
        if at < 0:
            return _nothing(place, [*findings, no_header(place, stated.header)])
    else:
        at = header_row([[cleaned(cell) for cell in row] for _, row in all_rows[:_HEAD]]) or 0
        findings += rows_above(place, [n for n, row in all_rows[:at] if any(map(cleaned, row))], all_rows[at][0])
    row_of_header, names = all_rows[at]
    header = [name.strip().removeprefix("\ufeff") for name in names]
    trailing = _trailing(header, [row for _, row in all_rows[at + 1 :]])
    if trailing:
        findings.append(Finding(Location(place, row_of_header), "delimiter-trailing", facts={"count": str(trailing)}))
        header = header[: len(header) - trailing]
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    for number, row in all_rows[at + 1 :]:
        if stated.last and number > stated.last:
            break
        cells = [cleaned(cell) for cell in row]
        while len(cells) > len(header) and cells[-1] is None:
            cells.pop()
        if len(cells) != len(header):
            findings.append(_ragged(place, number, cells, header))
            if len(cells) > len(header):
                continue
        rows.append(cells + [None] * (len(header) - len(cells)))
        numbers.append(number)
    findings += blank_rows(place, _missing([n for n, _ in all_rows[at:]]), numbers)
    if not stated.last:
        findings += total(place, rows, numbers)
    return sheet(replace(understood, header=row_of_header), header, rows, numbers, findings=findings)


def _below(place: Location, offset: int) -> Location:
    return replace(place, row=place.row + offset)


def _numbered(records: decoding.Records) -> list[tuple[int, Sequence[str]]]:
    return list(zip(records.numbers, records.rows, strict=True))


def _trailing(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many delimiters stand at the end of every line: names that are empty, with no cell below them."""
    count = 0
    while count < len(header) and not header[len(header) - 1 - count]:
        place = len(header) - 1 - count
        if any(len(row) > place and row[place].strip() for row in rows):
            break
        count += 1
    return count


def _ragged(place: str, number: int, cells: Sequence[str | None], header: Sequence[str]) -> Finding:
    facts = {"cells": str(len(cells)), "columns": str(len(header))}
    if len(cells) > len(header):
        return Finding(Location(place, number, len(header) + 1), "cells-extra", cells[len(header)] or "", facts)
    return Finding(Location(place, number, len(cells) + 1, header[len(cells)]), "cells-missing", "", facts)


def _nothing(place: str, findings: Sequence[Finding]) -> Sheet:
    return replace(sheet(Understood(place, header=0), [], [], []), findings=tuple(findings), understood=())


def _missing(numbers: Sequence[int]) -> list[int]:
    """The row numbers that are left out between the first and the last."""
    return sorted(set(range(numbers[0], numbers[-1])) - set(numbers))
