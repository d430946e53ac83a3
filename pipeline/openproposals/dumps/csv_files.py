"""Tables as CSV: for programs (RFC 4180, UTF-8, lines end in LF), and for a spreadsheet in French."""

from __future__ import annotations

from typing import IO, cast

import polars as pl

from openproposals.dumps import blocks
from openproposals.guards import spreadsheet
from openproposals.model import schema


def write_batch(batch: pl.DataFrame, sink: blocks.Sink, *, header: bool) -> None:
    """RowNumbers of a table, after its header where asked; empty cells empty, quotes only where needed."""
    file = cast("IO[bytes]", sink)  # to Polars, what can be written to is a file
    batch.write_csv(file, include_header=header, quote_style="necessary", line_terminator="\n")


def write_batch_for_spreadsheets(batch: pl.DataFrame, table: schema.Table, sink: blocks.Sink, *, header: bool) -> None:
    """The same for a French Excel: BOM, semicolons, CRLF, decimal commas, and every text read as a text, never run."""
    cells = [
        pl.col(c.name).str.replace(".", ",", literal=True)
        if c.type == "number"
        else pl.col(c.name)
        if c.type == "integer"
        else spreadsheet.as_text(c.name)
        for c in table.columns
    ]
    if header:
        sink.write(b"\xef\xbb\xbf")
    file = cast("IO[bytes]", sink)
    batch.select(cells).write_csv(
        file, include_header=header, separator=";", quote_style="necessary", line_terminator="\r\n"
    )
