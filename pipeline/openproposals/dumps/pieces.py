"""TextColumn made of cells, in columns: pieces that stand in every row, and pieces that a row may leave out.

Nothing is copied until a whole block is: texts are put together as lists of pieces, and one expression joins them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import polars as pl
from numpy.typing import NDArray

Piece = pl.Expr | str


@dataclass(frozen=True)
class TextColumn:
    """Pieces, one after another. A row in which a piece is null has no text, but for those in `optional` (by place).

    `sure` when no row is without.
    """

    pieces: tuple[Piece, ...]
    sure: bool
    optional: frozenset[int] = frozenset()

    @property
    def expr(self) -> pl.Expr:
        """The text of each row; null where it has none."""
        if self.sure:
            return pl.concat_str(list(_constants(self.pieces)), ignore_nulls=True)
        given = [
            p.fill_null("") if i in self.optional and isinstance(p, pl.Expr) else p for i, p in enumerate(self.pieces)
        ]
        return pl.concat_str(list(_constants(given)))


def whole(*texts: TextColumn | str) -> TextColumn:
    """One text after another; a row without one of them has none."""
    pieces: list[Piece] = []
    optional: set[int] = set()
    for text in texts:
        if isinstance(text, TextColumn):
            optional |= {len(pieces) + place for place in text.optional}
            pieces += text.pieces
        else:
            pieces.append(text)
    return TextColumn(tuple(pieces), all(t.sure for t in texts if isinstance(t, TextColumn)), frozenset(optional))


def joined(texts: Sequence[TextColumn], separator: str) -> TextColumn:
    """Those that a row has, a separator between each two; none where it has none."""
    first = texts[0]
    if not first.sure:
        some = [text.expr for text in texts]
        if len(some) == 1:
            return first
        every = pl.concat_str(some, separator=separator, ignore_nulls=True)
        return TextColumn((pl.when(pl.any_horizontal(e.is_not_null() for e in some)).then(every),), sure=False)
    rest = [whole(separator, text) for text in texts[1:]]
    return whole(first, *(text if text.sure else TextColumn((text.expr,), True, frozenset({0})) for text in rest))


def either(texts: Sequence[TextColumn]) -> TextColumn:
    """The first that a row has."""
    if len(texts) == 1:
        return texts[0]
    return TextColumn((pl.coalesce(text.expr for text in texts),), any(text.sure for text in texts))


def constant(text: str) -> TextColumn:
    """The same in every row."""
    return TextColumn((text,), sure=True)


def _constants(pieces: Iterable[Piece]) -> Iterable[pl.Expr]:
    """The pieces as expressions, neighbouring constants in one."""
    for plain, some in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        if plain:
            yield pl.lit("".join(str(piece) for piece in some))
        else:
            yield from (piece for piece in some if isinstance(piece, pl.Expr))


def buffer(texts: pl.Series) -> tuple[NDArray[np.int64], memoryview]:
    """The texts of a column without nulls, one after another, in UTF-8; and where each begins, and the last ends."""
    array = texts.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, bounds, data = array.buffers()
    offsets = np.frombuffer(bounds or bytes(8), np.int64)[array.offset : array.offset + len(array) + 1]
    start, end = (int(offsets[0]), int(offsets[-1])) if len(offsets) else (0, 0)
    return offsets - start, memoryview(data or b"")[start:end]
