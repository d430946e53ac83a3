"""Read a large CSV file once, a block at a time, into an Arrow file. Bytes are checked first, then parsed by pyarrow.

A file is taken only if it can be read in one way: UTF-8, no NUL, no lone carriage return, every quote opened after a
separator and closed before one, rows of one length, no blank row. For any other file `spill` gives None, and the caller
reads it with `decoding`, which is slower and says what is wrong and where.
"""

from __future__ import annotations

import io
import shutil
import stat
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from openproposals.corpus import decoding
from openproposals.errors import DISK_FULL, CannotGoOn
from openproposals.guards import characters, files
from openproposals.model.tables import Spilled
from openproposals.progress import after, ignore

SPILLED_FROM = 256_000  # bytes; a smaller file is read whole
_BLOCK = 4_000_000
_QUOTE, _COMMA, _LF, _CR = b'",\n\r'
_SIGNS = str.maketrans("", "", "_-")  # what a column's name may hold beside letters and digits
_UNSEEN_FIRST = np.isin(np.arange(256), list(characters.UNSEEN_FIRST))
_BOM = b"\xef\xbb\xbf"


class NotWellFormedError(Exception):
    """The file could be read in more than one way, or breaks a rule of CSV."""


class SpillFolder:
    """A temporary folder that is deleted when no table in it is in use any more, or when the program ends.

    Raises CannotGoOn where no temporary folder can be made.
    """

    def __init__(self) -> None:
        try:
            self.folder = Path(tempfile.mkdtemp(prefix="openproposals-"))
        except OSError as error:
            raise _no_room(error) from error
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


class Spilling:
    """How this machine stores a large table: in an Arrow file in a temporary folder, made for the first such table."""

    def __init__(self, progress: Callable[[int], object] = ignore) -> None:
        self._progress = progress
        self._room: SpillFolder | None = None
        self._done = 0

    def __call__(self, path: Path, named: Callable[[Sequence[str]], Sequence[str]]) -> Spilled | None:
        """The table of a large file; None for one that is small, or is not taken (see `spill`)."""
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size < SPILLED_FROM:
            return None
        self._room = self._room or SpillFolder()
        spilled = spill(path, self._room.folder, named, after(self._done, self._progress))
        if spilled is None:
            return None
        self._done += spilled.height
        return replace(spilled, room=self._room)


class CheckedFile(io.RawIOBase):
    """A binary file, open for reading, that checks the rules of CSV as its bytes are read."""

    def __init__(self, source: Path | BinaryIO, separator: int = _COMMA) -> None:
        self._file: BinaryIO = files.opened(source, follow=False) if isinstance(source, Path) else source
        self._separator = separator
        self._inside = False  # whether the next byte lies in a quoted cell
        self._last = _LF  # the byte before the block; a file begins as a line does
        self._pending = False  # whether that byte was a closing quote, so that a separator or a quote must follow

    def readable(self) -> bool:
        """Return True: pyarrow asks."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, without a byte order mark. Raises NotWellFormedError where they break a rule."""
        data = self._file.read(size)
        if data.startswith(_BOM) and self._file.tell() == len(data):
            data = data.removeprefix(_BOM)
        if self._breaks_rules(data):
            raise NotWellFormedError
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _breaks_rules(self, data: bytes) -> bool:
        if not data:
            return self._inside or self._last == _CR
        if b"\0" in data:
            return True
        block = np.frombuffer(data, np.uint8)
        if (b"\r" in data or self._last == _CR) and self._lone_cr(block):
            return True
        wrong = self._misplaced_quote(block)
        self._last = int(block[-1])
        return wrong

    def _lone_cr(self, block: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> bool:
        """Whether a carriage return in the block, or right before it, has no line feed after it."""
        if self._last == _CR and block[0] != _LF:
            return True
        after = np.flatnonzero(block[:-1] == _CR) + 1
        return bool((block[after] != _LF).any())

    def _misplaced_quote(self, block: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> bool:
        """Whether a quote of the block opens or closes a cell where no cell begins or ends.

        Quotes alternate: one opens a cell, the next closes it. An opening quote must follow a separator, or the closing
        quote right before it, with which it is a doubled quote inside a cell. A closing quote must come before a
        separator, or before the opening quote of such a pair.
        """
        places = np.flatnonzero(block == _QUOTE)
        opens = (np.arange(len(places)) % 2 == 0) ^ self._inside
        if self._pending and block[0] not in (_QUOTE, self._separator, _LF, _CR):
            return True
        before = np.where(places > 0, block[places - 1], self._last)
        after = block[np.minimum(places + 1, len(block) - 1)]
        at_end = places + 1 == len(block)
        good_open = np.isin(before, (self._separator, _LF, _QUOTE))
        good_close = np.isin(after, (self._separator, _LF, _CR, _QUOTE)) | at_end
        # quotes alternate, so the quote right before an opening one is a closing one
        wrong = not bool(np.where(opens, good_open, good_close).all())
        self._inside ^= len(places) % 2 == 1
        self._pending = bool(len(places)) and bool(at_end[-1]) and not self._inside
        return wrong


def spill(
    path: Path, room: Path, named: Callable[[Sequence[str]], Sequence[str]], progress: Callable[[int], object] = ignore
) -> Spilled | None:
    """Write a CSV file's rows into an Arrow file in the folder `room`, and return the table that reads from there.

    named: given the header, the names of the table's columns, in that order; none where the header does not fit.
    progress: is given the number of rows read so far.
    Returns None where the header does not fit, the file has no rows, or it could be read in more than one way.
    Raises CannotGoOn where the disk is full: a table that is too large for memory cannot be read in another way.
    """
    target = room / f"{path.stem}.arrow"
    bounds = [0]
    try:
        header = named(plain_header(path))
        if not header:
            return None
        with (
            pa.OSFile(str(target), "wb") as file,
            pa.ipc.new_file(file, pa.schema([(name, pa.string()) for name in header])) as writer,
        ):
            for batch in batches(path, header):
                writer.write_batch(batch)
                bounds.append(bounds[-1] + batch.num_rows)
                progress(bounds[-1])
    except (NotWellFormedError, pa.ArrowInvalid, OSError) as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise _no_room(error) from error
        return None
    if not bounds[-1]:
        return None
    return Spilled(target, path.name, tuple(header), tuple(bounds))


def batches(path: Path, header: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows of a CSV file after its header, in blocks, as text: null where a cell is empty or blank.

    header: the names of the columns. Raises NotWellFormedError or ArrowInvalid where the file could be read in more
    than one way, and OSError.
    """
    with CheckedFile(path) as gated:
        strings = pacsv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        )
        reader = pacsv.open_csv(
            pa.PythonFile(gated, "r"),
            pacsv.ReadOptions(block_size=_BLOCK, column_names=header, skip_rows=1),
            pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            strings,
        )
        for read in reader:
            yield cleaned(read)


def cleaned(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch of text with null for each cell in which nobody sees a sign.

    Raises NotWellFormedError for a row in which all cells are empty, and for cells that are too long.
    """
    made = _without_blanks(batch)
    _check(made)
    return made


def _without_blanks(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with null for each cell in which nobody sees a sign."""
    import pyarrow.compute as pc  # slow to import, and for large files only

    columns = list(batch.columns)
    for place, column in enumerate(columns):
        rows = _maybe_blank(column)
        if len(rows):
            blank = pc.match_substring_regex(column.take(pa.array(rows)), characters.BLANK)
            empty = np.zeros(len(column), np.bool_)
            empty[rows[blank.to_numpy(zero_copy_only=False)]] = True
            columns[place] = pc.if_else(pa.array(empty), pa.scalar(None, pa.string()), column)
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _maybe_blank(column: pa.StringArray) -> NDArray[np.int64]:
    """The numbers of the cells whose first byte may be that of a sign that nobody sees."""
    _, places, text = column.buffers()
    if text is None or not text.size:
        return np.empty(0, np.int64)
    ends = np.frombuffer(places, np.int32)[column.offset : column.offset + len(column) + 1]
    filled = np.flatnonzero(ends[1:] > ends[:-1])
    return filled[_UNSEEN_FIRST[np.frombuffer(text, np.uint8)[ends[filled]]]]


def _no_room(error: OSError) -> CannotGoOn:
    return CannotGoOn("no-room-for-tables", because=error.strerror or str(error))


def _check(batch: pa.RecordBatch) -> None:
    """Raises NotWellFormedError for a row in which all cells are empty, and for a cell longer than the limit."""
    import pyarrow.compute as pc  # slow to import, and for large files only

    if not batch.num_rows:
        return
    filled = None
    for column in batch.columns:
        if (
            column.nbytes > decoding.CELL_LIMIT
            and (pc.max(pc.binary_length(column)).as_py() or 0) > decoding.CELL_LIMIT
        ):
            raise NotWellFormedError
        if filled is None or not pc.all(filled).as_py():
            here = column.is_valid()
            filled = here if filled is None else pc.or_(filled, here)
    if not pc.all(filled).as_py():
        raise NotWellFormedError


def plain_header(path: Path) -> list[str]:
    """The names in the first line; none where they are not plain ASCII words, or where there is only one.

    In a table of one column, a blank line would be a row.
    """
    with files.opened(path, follow=False) as file:
        line = file.readline(65_536).removeprefix(_BOM)
    try:
        names = line.decode("utf-8").rstrip("\r\n").split(",")
    except UnicodeDecodeError:
        return []
    plain = line.endswith(b"\n") and all(n.translate(_SIGNS).isalnum() and n.isascii() for n in names)
    return names if plain and 1 < len(names) <= decoding.COLUMN_LIMIT else []
