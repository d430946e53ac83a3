"""Words to anchor, from an editor's own file: a table, or paragraphs. They are published nowhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openproposals.errors import UsageError, reason


@dataclass(frozen=True)
class Words:
    """Words to anchor. `id` is the passage's key or "", `figure` the figure within the words to frame or "".

    `line` is where they stand in the editor's file, counted from 1; 0 where they stand in none. `short` and `long` are
    the numbers of cells found and expected in a row that has more or fewer than its header: such a row says nothing.
    """

    words: str
    id: str = ""
    figure: str = ""
    line: int = 0
    ragged: tuple[int, int] | None = None


def private(text: str, name: str) -> list[Words]:
    """The words of a file: a CSV with columns id, words and perhaps figure, or paragraphs set apart by empty lines.

    text: the file's content; name: its name, for messages. Raises UsageError: a CSV that cannot be read.
    """
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ",")
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if "words" in header and "id" in header:
            at = reader.line_num + 1
            for row in reader:
                rows.append((at, row))
                at = reader.line_num + 1
    except csv.Error as error:
        if "words" in header and "id" in header:
            raise UsageError("quotes-not-a-table", name=name, because=reason(error)) from error
    if "words" in header and "id" in header:
        return list(_from_rows(header, rows))
    return list(_paragraphs(text))


def _from_rows(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Words]:
    for line, row in rows:
        if not row:
            continue
        named = dict(zip(header, row, strict=False))
        if len(row) != len(header):
            yield Words("", named.get("id", ""), line=line, ragged=(len(row), len(header)))
        elif named["words"].strip():
            yield Words(named["words"], named["id"].strip(), named.get("figure", ""), line)


def _paragraphs(text: str) -> Iterator[Words]:
    line = 1
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            lead = len(paragraph) - len(paragraph.lstrip("\n"))
            yield Words(" ".join(paragraph.split()), line=line + lead)
        line += paragraph.count("\n") + 2
