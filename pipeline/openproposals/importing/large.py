"""A large CSV by pyarrow, in columns: only where it can be read in one way, else it is read row by row.

In: the bytes of a file and its delimiter. Out: a sheet, or None: for another encoding than UTF-8, rows of several
lengths, blank rows, a quote out of place, names that are empty or twice.
"""

from __future__ import annotations

import csv
import io

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from openproposals.corpus.spill import CheckedFile, NotWellFormedError
from openproposals.guards import characters
from openproposals.importing.sheets import Sheet, Understood
from openproposals.importing.totals import total

LARGE = 8_000_000  # bytes from which a file is read so
_BLOCK = 4_000_000
_TAIL = 30  # rows by which a total at the foot is told


def read(place: str, data: bytes, delimiter: str) -> Sheet | None:
    """The sheet of a file's bytes, whose first line is its header."""
    line, end, _ = data.partition(b"\n")
    try:
        names = next(csv.reader([line.decode("utf-8-sig").rstrip("\r")], delimiter=delimiter, strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return None
    names = [name.strip() for name in names]
    if not end or len(names) < 2 or not all(names) or len({*names}) < len(names):
        return None
    strings = pacsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.large_string()),
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        null_values=[""],
    )
    options = pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False)
    reading = pacsv.ReadOptions(block_size=_BLOCK, column_names=names, skip_rows=1, use_threads=False)
    try:
        with CheckedFile(io.BytesIO(data), ord(delimiter)) as gated:
            found = pacsv.read_csv(pa.PythonFile(gated, "r"), reading, options, strings)
    except (NotWellFormedError, pa.ArrowInvalid, OSError):
        return None
    cells = pl.DataFrame(pl.from_arrow(found))
    del found
    blank = [pl.when(~pl.col(name).str.contains(characters.BLANK)).then(pl.col(name)).alias(name) for name in names]
    cells = cells.with_columns(blank)
    if cells.select(pl.all_horizontal(pl.all().is_null()).any()).item():
        return None
    rows = cells.height
    origin = {"_file": pl.lit(place), "_row": pl.int_range(2, rows + 2, dtype=pl.Int64)}
    tail = cells.tail(_TAIL)
    said = tuple(total(place, tail.rows(), range(rows + 2 - tail.height, rows + 2)))
    understood = Understood(place, "utf-8", delimiter, 1, rows)
    return Sheet(cells.with_columns(**origin), {place: tuple(names)}, understood=(understood,), findings=said)
