"""Whether the rows of a workbook fit the texts of their draft: a known text, a span within one of its paragraphs.

A row explains the signs under it. One that spans paragraphs would explain what nobody looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from openproposals.errors import UsageError
from openproposals.reading.layout import BLANK_LINE

_SHORT_KINDS, _MOST_WORDS = ("figure", "mark"), 40
_PAGE_END = re.compile("\f")


def check(rows: Sequence[Mapping[str, str]], contents: Mapping[str, str], name: str) -> None:
    """Check the rows of a workbook, whose name is given, by the contents of the texts. Raises UsageError."""
    for line, row in enumerate(rows, 2):
        start, end = int(row["start"]), int(row["end"])
        content = contents.get(row["text"])
        if content is None:
            raise UsageError("workbook-cell", name=name, line=line, column="text", said=row["text"])
        if end > len(content):
            raise UsageError("workbook-span", name=name, line=line, start=row["start"], end=row["end"])
        if _is_wide(row["kind"], content, start, end):
            raise UsageError("workbook-wide", name=name, line=line, kind=row["kind"])


def _is_wide(kind: str, content: str, start: int, end: int) -> bool:
    """Whether a span holds the end of a paragraph, or of a page.

    A figure may go on overleaf, but has few words; a page without words has none.
    """
    if kind == "page":
        return bool(content[start:end].strip())
    if BLANK_LINE.search(content, start, end):
        return True
    if kind in _SHORT_KINDS:
        return len(content[start:end].split()) > _MOST_WORDS
    return _PAGE_END.search(content, start, end) is not None
