"""What the parts of a workbook say that python-calamine does not, by plain search in their XML.

In: the bytes of an XLSX or ODS. Out: for each sheet the rows and columns that are hidden, and the cells that have a
formula without a value, an error, a comment, a link to an address that their text does not say, or a percentage.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ROW = re.compile(rb"<row\b[^>]*>")
_COLUMN = re.compile(rb"<col\b[^>]*>")
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")
_PERCENT = (9, 10)  # the formats 0% and 0.00%, which every workbook has
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_ODS_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.DOTALL
)
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated=\"(\d+)\"")
_MOST = 10_000  # rows or cells that are repeated


@dataclass(frozen=True)
class SheetParts:
    """The parts of one sheet: its XML, and by the ids of its relations where they lead, and what stands there."""

    xml: bytes
    targets: Mapping[bytes, str] = field(default_factory=dict)
    comments: bytes = b""
    percent: frozenset[bytes] = frozenset()  # the numbers of the workbook's styles that show a percentage
    is_ods: bool = False


def part(data: bytes, name: str) -> bytes | None:
    """A part of a workbook; None where it has none of that name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(name)
    except (zipfile.BadZipFile, KeyError, RuntimeError, OSError, NotImplementedError, zlib.error):
        return None


def parts(data: bytes) -> dict[int, SheetParts]:
    """The parts of each sheet, by its number from 0; for an ODS the whole content, under -1."""
    book = part(data, "xl/workbook.xml")
    if book is None:
        content = part(data, "content.xml")
        return {-1: SheetParts(content, is_ods=True)} if content is not None else {}
    targets = _relations(data, "xl/workbook.xml")
    percent = frozenset(_percent_styles(part(data, "xl/styles.xml") or b""))
    found = {}
    for number, tag in enumerate(re.findall(rb"<sheet\b[^>]*>", book)):
        key = re.search(rb"\br:id=\"([^\"]*)\"", tag)
        path = targets.get(key[1], "") if key else ""
        xml = part(data, path)
        if xml is not None:
            inner = _relations(data, path)
            beside = next(
                (each for each in inner.values() if re.search(r"(?<!threaded)comments?[0-9]*\.xml$", each, re.I)), ""
            )
            found[number] = SheetParts(xml, inner, part(data, beside) or b"" if beside else b"", percent)
    return found


def _relations(data: bytes, path: str) -> dict[bytes, str]:
    """Where the relations of a part lead: other parts, by their path, and addresses."""
    folder, _, name = path.rpartition("/")
    xml = part(data, f"{folder}/_rels/{name}.rels") or b""
    found = {}
    for tag in re.findall(rb"<Relationship\b[^>]*>", xml):
        key, target = re.search(rb"\bId=\"([^\"]*)\"", tag), re.search(rb"\bTarget=\"([^\"]*)\"", tag)
        if key and target:
            said = html.unescape(target[1].decode(errors="replace"))
            found[key[1]] = said if b'"External"' in tag else _beside(folder, said)
    return found


def _beside(folder: str, target: str) -> str:
    """A path in the archive, from where it is said.

    >>> _beside("xl/worksheets", "../comments1.xml"), _beside("xl", "/xl/worksheets/sheet1.xml"), _beside("xl", "a.xml")
    ('xl/comments1.xml', 'xl/worksheets/sheet1.xml', 'xl/a.xml')
    """
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/")
    while target.startswith("../") and steps:
        target, steps = target[3:], steps[:-1]
    return "/".join([*steps, target])


def _percent_styles(xml: bytes) -> Iterator[bytes]:
    """The numbers of the styles that show a number as a percentage."""
    shown = set(_PERCENT)
    for tag in re.findall(rb"<numFmt\b[^>]*>", xml):
        number, code = re.search(rb"\bnumFmtId=\"(\d+)\"", tag), re.search(rb"\bformatCode=\"([^\"]*)\"", tag)
        if number and code and b"%" in re.sub(rb"&quot;.*?&quot;|\\\\.", b"", code[1]):
            shown.add(int(number[1]))
    styles = re.search(rb"<cellXfs\b.*?</cellXfs>", xml, re.DOTALL)
    for place, tag in enumerate(re.findall(rb"<xf\b[^>]*>", styles[0] if styles else b"")):
        number = re.search(rb"\bnumFmtId=\"(\d+)\"", tag)
        if number and int(number[1]) in shown:
            yield str(place).encode()


def noted(
    found: Mapping[int, SheetParts], number: int, name: str, grid: Sequence[Sequence[Any]]
) -> dict[str, list[Any]]:
    """What is to be said of a sheet's cells, by kind: numbers of rows and columns, and places: B2, or [1, 1]."""
    if -1 in found:
        return _ods(found[-1].xml, name)
    if number not in found:
        return {}
    sheet = found[number]
    rows = [tag for tag in _ROW.findall(sheet.xml) if _HIDDEN.search(tag)]
    hidden = [int(place[1]) for tag in rows if (place := re.search(rb"\br=\"(\d+)\"", tag))]
    columns = []
    for tag in _COLUMN.findall(sheet.xml):
        first, last = re.search(rb"\bmin=\"(\d+)\"", tag), re.search(rb"\bmax=\"(\d+)\"", tag)
        if _HIDDEN.search(tag) and first and last:
            columns += [*range(int(first[1]), min(int(last[1]), 200) + 1)]
    return {
        "hidden": hidden,
        "hidden_columns": columns,
        "uncomputed": list(_uncomputed(sheet.xml)),
        "errors": list(_with(sheet.xml, rb"\bt=\"e\"")) if b't="e"' in sheet.xml else [],
        "comments": [each.decode() for each in re.findall(rb"<comment\b[^>]*?\bref=\"([A-Z]+\d+)\"", sheet.comments)],
        "linked": list(_linked(sheet, grid)),
        "percent": list(_with(sheet.xml, rb"\bs=\"(?:%s)\"" % b"|".join(sorted(sheet.percent))))
        if sheet.percent
        else [],
    }


def _with(xml: bytes, attribute: bytes) -> Iterator[str]:
    """The places of the cells with a value and an attribute."""
    for tag in re.findall(rb"<c\b[^>]*" + attribute + rb"[^>]*(?<!/)>", xml):
        place = re.search(rb"\br=\"([A-Z]+\d+)\"", tag)
        yield place[1].decode() if place else "?"


def _uncomputed(xml: bytes) -> Iterator[str]:
    if b"<f" not in xml:
        return
    for attributes, inside in _CELL.findall(xml):
        if b"<f" in inside and b"<v>" not in inside and b"<is>" not in inside:
            place = re.search(rb"\br=\"([A-Z]+\d+)\"", attributes)
            yield place[1].decode() if place else "?"


def _linked(sheet: SheetParts, grid: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The cells that lead to an address which their text does not say."""
    for tag in re.findall(rb"<hyperlink\b[^>]*>", sheet.xml):
        place = re.search(rb"\bref=\"([A-Z]+\d+)", tag)
        key = re.search(rb"\br:id=\"([^\"]*)\"", tag)
        address = sheet.targets.get(key[1], "") if key else ""
        if place and address and address.rstrip("/") not in _text(grid, place[1].decode()):
            yield place[1].decode()
    if b"HYPERLINK(" in sheet.xml:
        for attributes, inside in _CELL.findall(sheet.xml):
            place = re.search(rb"\br=\"([A-Z]+\d+)\"", attributes)
            if place and b"HYPERLINK(" in inside:
                yield place[1].decode()


def _text(grid: Sequence[Sequence[Any]], place: str) -> str:
    found = _PLACE.fullmatch(place)
    assert found
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found[2]) - 1
    return str(grid[row][column - 1]) if row < len(grid) and column <= len(grid[row]) else ""


def _ods(content: bytes, name: str) -> dict[str, list[Any]]:
    """What is to be said of the cells of an ODS's sheet; an error stands there as the cell's text."""
    start = content.find(b'table:name="' + html.escape(name).encode() + b'"')
    content = content[start : content.find(b"</table:table>", start)] if start >= 0 else b""
    signs = {"comments": b"<office:annotation", "percent": b'value-type="percentage"', "linked": b"xlink:href"}
    asked = {kind: sign for kind, sign in signs.items() if sign in content}
    found: dict[str, list[Any]] = {"hidden": [], **{kind: [] for kind in asked}}
    row = 1
    for attributes, inside in _ODS_ROW.findall(content):
        times = min(_times(attributes), _MOST)
        if re.search(rb"table:visibility=\"(?:collapse|filter)\"", attributes):
            found["hidden"] += range(row, row + times)
        if asked and any(sign in inside for sign in asked.values()):
            column = 0
            for how, text in _ODS_CELL.findall(inside):
                said = [kind for kind, sign in asked.items() if sign in how or sign in text]
                for kind in (each for each in said if each != "linked" or _leads_elsewhere(text)):
                    found[kind].append([row - 1, column])
                column += _times(how)
        row += _times(attributes)
    return found


def _leads_elsewhere(text: bytes) -> bool:
    """Whether a cell of an ODS leads to an address that its text does not say."""
    plain = re.sub(rb"<[^>]*>", b"", text)
    return any(address.rstrip(b"/") not in plain for address in re.findall(rb"xlink:href=\"([^\"]*)\"", text))


def _times(attributes: bytes) -> int:
    repeated = _REPEATED.search(attributes)
    return int(repeated[1]) if repeated else 1
