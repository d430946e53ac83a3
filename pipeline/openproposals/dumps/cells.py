"""Cells as they stand in a dump: which patterns a row says, and how text that may hold anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from openproposals.dumps.pieces import TextColumn, whole
from openproposals.model.expressions import meets
from openproposals.model.templates import Hole, Iri, Part, Pattern

# What a quoted string of Turtle and of JSON alike writes otherwise (RDF 1.1 Turtle, 6.4; RFC 8259, section 7): these
# five must be; the other controls and line separators are, so that no reader trips over them.
ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"} | {
    chr(c): f"\\u{c:04X}" for c in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029) if chr(c) not in "\n\r\t"
}


def escaped(rows: pl.DataFrame, patterns: Iterable[Pattern]) -> pl.DataFrame:
    """The rows with the cells escaped that these patterns write and that may hold anything."""
    free = {part.name for p in patterns for part in _written(p) if isinstance(part, Hole) and part.column.is_free_text}
    cells = [pl.col(name).str.replace_many(list(ESCAPED), list(ESCAPED.values())) for name in sorted(free)]
    return rows.with_columns(cells) if cells else rows


def _written(pattern: Pattern) -> tuple[Part, ...]:
    written = pattern.object.parts if isinstance(pattern.object, Iri) else (pattern.object.value,)
    return (*pattern.subject.parts, *written)


@dataclass(frozen=True)
class Cells:
    """How the cells of a batch become text: `full` names the columns in which no cell is empty."""

    full: frozenset[str] = frozenset()

    def text(self, parts: Sequence[Part]) -> TextColumn:
        """Constants as they are, cells in the holes; a row with an empty one has no text."""
        return whole(*(self._cell(part) if isinstance(part, Hole) else part for part in parts))

    def guarded(self, pattern: Pattern, text: TextColumn) -> TextColumn:
        """The text in the rows that meet the pattern's guard."""
        if pattern.guard is None:
            return text
        return whole(TextColumn((pl.when(meets(pattern.guard)).then(pl.lit("")),), sure=False), text)

    def _cell(self, hole: Hole) -> TextColumn:
        return TextColumn((pl.col(hole.name),), hole.name in self.full)
