"""Which numbers count items: of a section, of a point within a paragraph, of the rows of a table."""

from __future__ import annotations

import re

from openproposals.factcheck.normal import Span
from openproposals.reading.rules import Rules

_ALONE = re.compile(r"[.)][ \t]*(?:[\n\r\f\ue000]|\Z)")
_THOUSANDS = re.compile(r"[1-9][0-9]?(?:\.[0-9]{3})+")  # 12.000
_ITEM_BEFORE = re.compile(r"(?:[.:;,]|(?<!\w)(?:and|or|et|ou|und|oder))\s{1,3}\Z")
_ITEM = re.compile(r"\)\s{1,3}[^\W\d_]")
_ROW = re.compile(r"[ \t]*\|[ \t]*([0-9]{1,12})[ \t]*\|[ \t*]*[^\W\d_]")
_GOES_ON = re.compile(r"[a-zß-ÿ,]\n\Z")  # a sentence, at the end of a line
_NEAR = 4000  # characters on each side in which the items beside one are looked for
_LONG = 5  # digits of a number of a thing that stands first in a row


def is_item(before: str, after: str) -> bool:
    """Whether a number is that of an item within a paragraph: as follows: 1) this, 2) that."""
    return (
        _ITEM_BEFORE.search(before) is not None
        and _ITEM.match(after) is not None
        and before.count("(") <= before.count(")") + len(re.findall(r"(?<!\w)[0-9a-z]\)", before))
        and before.rfind("(") <= before.rfind(")")
    )


def numbers_row(read: str, line: int, span: Span) -> bool:
    """Whether the first cell of a table's row is no figure: it counts the rows, or they all have long ones there."""
    found = _ROW.match(read, line)
    if not found or found.span(1) != span:
        return False
    following = _ROW.match(read, read.find("\n", span[1]) + 1)
    above = _ROW.match(read, read.rfind("\n", 0, max(0, line - 1)) + 1) if line else None
    beside = ((following, 1), (above, -1))
    if len(found[1]) > _LONG:
        return any(row and len(row[1]) == len(found[1]) for row, _ in beside)
    return any(row and int(row[1]) == int(found[1]) + step for row, step in beside)


def numbers_line(read: str, line: int, span: Span, how: Rules) -> bool:
    """Whether a number is that of a section or an item: 1., 1.2, 1) at the start of a line, before words."""
    if read[line : span[0]].strip(" \t#*_-–•>(§"):
        return False
    after = read[span[1] : span[1] + 40]
    said = read[slice(*span)]
    if _ends_sentence(read, line, span):
        return False
    if how.compound and _THOUSANDS.fullmatch(said):
        return False
    if re.fullmatch(r"[0-9]{1,2}(?:\.[0-9]{1,3}){1,3}", said):
        return re.match(r"\.?\)?[ \t]*[^\W\d_a-z]", after) is not None
    if re.fullmatch("[0-9]{3}", said):  # of a paragraph
        return re.match(r"\.[ \t]+[^\W\d_]", after) is not None and _has_neighbour(read, line, span)
    return (
        re.fullmatch("[0-9]{1,2}", said) is not None
        and re.match(r"(?:[.)][ \t]*\)?|[ \t]?[/|–]|[ \t]?-(?=[ \t]))[ \t]*[^\W\d_]", after) is not None
    ) or (
        re.fullmatch("[0-9]{1,2}", said) is not None
        and "(" not in read[line : span[0]]
        and _ALONE.match(after) is not None
    )


def _ends_sentence(read: str, line: int, span: Span) -> bool:
    """Whether a number at the start of a line ends a sentence that began above: no line near has its neighbour."""
    if read[span[1] : span[1] + 1] != "." or line != span[0] or not _GOES_ON.search(read, max(0, line - 4), line):
        return False
    return read[slice(*span)].replace(".", "").isdecimal() and not _has_neighbour(read, line, span)


def _has_neighbour(read: str, line: int, span: Span) -> bool:
    """Whether a line near begins with the number before or after the one of a line: 11 or 13, 1.4 or 1.6."""
    lead, _, last = read[slice(*span)].rpartition(".")
    beside = "|".join(re.escape(f"{lead}.{at}".lstrip(".")) for at in (int(last) - 1, int(last) + 1))
    near = read[max(0, line - _NEAR) : line + _NEAR]
    return re.search(rf"[\n\f][^\w\n\f]*(?:{beside})[.)\s]", near) is not None
