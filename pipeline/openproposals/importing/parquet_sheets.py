"""Parquet: columns of text like those of any sheet. An object within a column gives columns `outer/inner`, as in JSON.

In: the bytes of a file. Out: a sheet. A list of plain values is one cell of several; what else is nested is written as
JSON. A number that is none (NaN) is an empty cell.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from openproposals.findings import Finding, Location
from openproposals.importing.sheets import LIST, Sheet, Understood


def read(place: str, data: bytes) -> Sheet:
    """The sheet of a file's bytes."""
    try:
        table = pq.read_table(io.BytesIO(data), use_threads=False).replace_schema_metadata(None)
        table.validate(full=True)  # texts too: Polars relies on their being UTF-8
        _check_names(table.schema)
        frame = _readable(_flat(pl.DataFrame(pl.from_arrow(table))))
        del table
        cells = frame.select(_text(name, kind) for name, kind in frame.schema.items())
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError, TypeError) as error:
        damaged = Finding(Location(place), "raw-file-damaged", facts={"problem": str(error)[:200]})
        return Sheet(pl.DataFrame(), {}, findings=(damaged,))
    cells = cells.with_columns(pl.all().replace("", None))
    typed = {c: [True] * frame.height for c, kind in frame.schema.items() if kind.is_numeric() or kind.is_temporal()}
    origin = {"_file": pl.lit(place), "_row": pl.int_range(1, frame.height + 1, dtype=pl.Int64)}
    understood = Understood(place, header=0, rows=frame.height)
    headers = {place: tuple(frame.columns)}
    marks = pl.DataFrame(typed, schema=dict.fromkeys(typed, pl.Boolean))
    return Sheet(cells.with_columns(**origin), headers, marks, understood=(understood,))


def _check_names(fields: Iterable[pa.Field]) -> None:
    """Raises UnicodeDecodeError for a name that is not UTF-8, on which Polars relies too."""
    for each in fields:
        each.name.encode()
        _check_names(each.type.field(number) for number in range(each.type.num_fields))


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column for each field of an object."""
    while nested := [name for name, kind in frame.schema.items() if isinstance(kind, pl.Struct)]:
        frame = frame.select(each for name, kind in frame.schema.items() for each in _fields(name, kind, nested))
    return frame


def _fields(name: str, kind: pl.DataType, nested: list[str]) -> Iterator[pl.Expr]:
    if name in nested and isinstance(kind, pl.Struct):
        yield from (pl.col(name).struct.field(f.name).alias(f"{name}/{f.name}") for f in kind.fields)
    else:
        yield pl.col(name)


def _readable(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with bytes as the text that they are, else as hexadecimal numbers."""
    for name in [name for name, kind in frame.schema.items() if kind == pl.Binary]:
        try:
            frame = frame.with_columns(pl.col(name).cast(pl.String))
        except pl.exceptions.PolarsError:
            frame = frame.with_columns(pl.col(name).bin.encode("hex"))
    return frame


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    """A column as text."""
    column = pl.col(name)
    if isinstance(kind, pl.Array):
        column, kind = column.arr.to_list(), pl.List(kind.inner)
    if isinstance(kind, pl.List):
        if kind.inner.is_nested():
            json = pl.struct(column.alias("x")).struct.json_encode().str.strip_prefix('{"x":').str.strip_suffix("}")
            return pl.when(column.is_not_null()).then(json).alias(name)
        return column.cast(pl.List(pl.String)).list.join(LIST, ignore_nulls=True)
    if kind.is_float():
        return column.fill_nan(None).cast(pl.String).str.strip_suffix(".0")  # a whole number is written as one
    return column.cast(pl.String)
