"""Cells as they stand in a dump: which patterns a row says, and how text that may hold anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from openproposals.dumps.pieces import Text, whole
from openproposals.model.templates import Guard, Hole, Iri, Part, Pattern

# What a quoted string of Turtle and of JSON alike writes otherwise (RDF 1.1 Turtle, 6.4; RFC 8259, section 7): these
# five must be; the other controls and line separators are, so that no reader trips over them.
ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"} | {
    chr(c): f"\\u{c:04X}" for c in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029) if chr(c) not in "\n\r\t"
}


def said(pattern: Pattern) -> pl.Expr:
    """Whether a row says the pattern: no empty hole, guard met."""
    terms = [pl.col(name).is_not_null() for name in pattern.columns]
    terms += [met(pattern.guard)] if pattern.guard else []
    return pl.all_horizontal(terms) if terms else pl.lit(value=True)


def met(guard: Guard) -> pl.Expr:
    """Whether a row meets a guard."""
    cell = pl.col(guard.column)
    terms = [cell.is_not_null()]
    terms += [cell == guard.equals] if guard.equals else []
    terms += [cell.str.len_chars() == guard.length] if guard.length else []
    return pl.all_horizontal(terms)


def filled(iri: Iri) -> pl.Expr:
    """An IRI filled, row by row; null where a hole is empty."""
    return pl.concat_str([pl.col(p.name) if isinstance(p, Hole) else pl.lit(p) for p in iri.parts])


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

    def text(self, parts: Sequence[Part]) -> Text:
        """Constants as they are, cells in the holes; a row with an empty one has no text."""
        return whole(*(self._cell(part) if isinstance(part, Hole) else part for part in parts))

    def guarded(self, pattern: Pattern, text: Text) -> Text:
        """The text in the rows that meet the pattern's guard."""
        if pattern.guard is None:
            return text
        return whole(Text((pl.when(met(pattern.guard)).then(pl.lit("")),), sure=False), text)

    def _cell(self, hole: Hole) -> Text:
        return Text((pl.col(hole.name),), hole.name in self.full)
