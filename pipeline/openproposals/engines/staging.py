"""Stage tables: a worker reads one file of a corpus, or rows that it has made, and writes one Arrow file."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa

from openproposals.corpus import spill
from openproposals.engines import staged
from openproposals.engines.staged import Staged, StagedPart
from openproposals.errors import CannotGoOn
from openproposals.model.tables import BATCH, ORIGIN

_LEVEL = 1  # of zstd: a third smaller than lz4, and about as quick


def stage_file(path: Path, file: str, number: int, folder: Path) -> StagedPart | None:
    """Stage a CSV file as part `number` of its table, in a new file of the folder.

    file: what the file is called in findings.
    Returns None where the file could be read in more than one way, or has no plain header, or no rows.
    """
    try:
        header = spill.plain_header(path)
        if not header:
            return None
        return _write(spill.batches(path, [f"c{n}" for n in range(len(header))]), header, file, number, folder)
    except (spill.NotWellFormedError, pa.ArrowInvalid):
        return None


def stage_parquet(path: Path, file: str, number: int, folder: Path) -> StagedPart | None:
    """Stage a Parquet file as `stage_file` stages a CSV file; its first row is row 2, as it would be there.

    Returns None where it is no Parquet file, or has no rows, a row without cells, or cells that no CSV file may have.
    Raises CannotGoOn for a column of numbers with floating points, times or lists: how it was written is not known.
    """
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as read:
            header = read.schema_arrow.names
            for name, kind in zip(header, read.schema_arrow.types, strict=True):
                if not _is_plain(kind):
                    raise CannotGoOn("part-of-other-type", file=file, column=name, type=str(kind))
            batches = (spill.cleaned(_as_text(batch)) for batch in read.iter_batches(BATCH, use_threads=False))
            return _write(batches, header, file, number, folder)
    except (spill.NotWellFormedError, pa.ArrowInvalid):
        return None


def _is_plain(kind: pa.DataType) -> bool:
    """Whether values of a type are written as text in one way."""
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_boolean, pa.types.is_date)
    return pa.types.is_null(inner) or pa.types.is_decimal(inner) or any(test(inner) for test in tests)


def _as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with text in each column `c0`, `c1` and so on; a cell with no sign is null."""
    import pyarrow.compute as pc

    texts = [column.cast(pa.string()) for column in batch.columns]
    if any(pc.any(pc.match_substring(text, "\0")).as_py() for text in texts):
        raise spill.NotWellFormedError
    none = pa.scalar(None, pa.string())
    empty = [pc.if_else(pc.equal(text, ""), none, text) for text in texts]
    return pa.RecordBatch.from_arrays(empty, [f"c{n}" for n in range(len(empty))])


def stage_frame(table: str, frame: pl.DataFrame, folder: Path, number: int = 0) -> Staged:
    """Stage a table that is in memory, or the part of one that has this number."""
    names = [name for name in frame.columns if name not in ORIGIN]
    renamed = frame.rename({name: f"c{n}" for n, name in enumerate(names)})
    batches = (
        pa.RecordBatch.from_struct_array(
            pa.Table.from_batches(piece.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches())
            .combine_chunks()
            .to_struct_array()
            .combine_chunks()
        )
        for piece in renamed.iter_slices(BATCH)
    )
    part = _write(batches, names, "", number, folder)
    return staged.of([part] if part else [], names, f"{table}.csv")


def _write(
    batches: Iterable[pa.RecordBatch], header: Sequence[str], file: str, number: int, folder: Path
) -> StagedPart | None:
    """Write batches of text into an Arrow file; with the places of the rows, if they are not those of `file`.

    None where there are no rows.
    """
    cells = [(f"c{n}", pa.string()) for n in range(len(header))]
    places = [] if file else [("_file", pa.string()), ("_row", pa.int64())]
    schema = pa.schema([*cells, *places])
    target = folder / f"{secrets.token_hex(8)}{staged.ENDING}"  # a new name for each attempt: none sees another's half
    heights: list[int] = []
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", _LEVEL), use_threads=False)
    with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(sink, schema, options=options) as writer:
        for batch in batches:
            if batch.num_rows:
                columns = [batch.column(each.name).cast(each.type) for each in schema]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
                heights.append(batch.num_rows)
    if not heights:
        target.unlink()
        return None
    with target.open("rb") as written:
        os.fsync(written.fileno())
    return StagedPart(str(target), file, tuple(header), tuple(heights), number)
