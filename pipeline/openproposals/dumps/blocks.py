"""Write a dump as a stream of blocks. A block is all that the dump says of one subject.

In: hosts (the tables that own subjects), tables, and a writer of a syntax. Out: bytes in a sink. What guests (other
tables) say of a subject is gathered into its host's block, sorted and without repeats. Rows become text by Polars
expressions, a batch at a time, so that no Python object is made for a triple.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from openproposals.dumps.cells import Cells, escaped
from openproposals.dumps.gathering import GuestRows, aligned, gather
from openproposals.dumps.pieces import TextColumn, buffer, whole
from openproposals.model.expressions import says
from openproposals.model.hosts import Host
from openproposals.model.tables import Frames, Tables, as_tables
from openproposals.model.templates import Pattern
from openproposals.progress import ignore


class Sink(Protocol):
    """Where bytes are written."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Write the next bytes."""


class MemorySink:
    """A sink that keeps all bytes in memory."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes | memoryview) -> None:
        """Write the next bytes."""
        self._parts.append(bytes(data))

    def data(self) -> bytes:
        """All bytes written so far."""
        return b"".join(self._parts)


class BlockWriter(Protocol):
    """How one syntax writes a member (one object of a subject) and a block (one subject).

    Cells of columns that may hold any text are already escaped. `separator` stands between two members of a group,
    `between` between two blocks; `keyed` says whether a member holds its subject, which a host's key names.
    """

    separator: str
    between: str
    keyed: bool

    def prologue(self) -> bytes:
        """The bytes with which the dump begins."""

    def epilogue(self) -> bytes:
        """The bytes with which the dump ends."""

    def group(self, pattern: Pattern) -> str:
        """The name of the group that the pattern's members belong to: its predicate, or its JSON-LD key."""

    def member(self, pattern: Pattern, cells: Cells) -> TextColumn:
        """One object of a group; null in rows that do not publish the pattern."""

    def own(self, host: Host, pattern: Pattern, cells: Cells) -> TextColumn:
        """As `member`, for a pattern of the host itself: with the nested node inside, in a syntax that nests nodes."""

    def block(self, host: Host, gathered: Mapping[str, TextColumn], cells: Cells) -> TextColumn:
        """The block of a row's subject; null where the row says nothing."""


@dataclass
class _DumpWriter:
    """Writes one dump into its sink."""

    syntax: BlockWriter
    sink: Sink
    first: bool = True

    def write(self, host: Host, guests: Sequence[GuestRows], rows: pl.DataFrame, number: int) -> None:
        """Write the blocks of some rows of a host; `number` is the number of the first of them, from 0."""
        groups: dict[str, list[GuestRows]] = {}
        for each in guests:
            groups.setdefault(self.syntax.group(each.guest.pattern), []).append(each)
        gathered = {
            f"_gathered_{i}": self._members(host, name, groups[name], rows, number) for i, name in enumerate(groups)
        }
        columns = {
            name: TextColumn((pl.col(column),), gathered[column].null_count() == 0)
            for name, column in zip(groups, gathered, strict=True)
        }
        frame = rows.with_columns(**gathered)
        full = frozenset(c.name for c in rows if c.null_count() == 0)
        block = self.syntax.block(host, columns, Cells(full))
        texts = frame.lazy().select(block=whole(self.syntax.between, block).expr).collect().to_series()
        _, data = buffer(texts.drop_nulls())
        if data:
            self.sink.write(data[len(self.syntax.between.encode()) :] if self.first else data)
            self.first = False

    def _members(
        self, host: Host, name: str, guests: Sequence[GuestRows], rows: pl.DataFrame, number: int
    ) -> pl.Series:
        """For each row of the host, the members of a group: sorted, without repeats, joined by the separator."""
        syntax = self.syntax
        parts = []
        for each in guests:
            some = each.of(rows[host.key], number, keyed=syntax.keyed)
            member = syntax.member(each.pattern, Cells(frozenset(some.columns)))
            parts.append(some.select("_host", _member=member.expr))
        own = [p for p in host.node.patterns if syntax.group(p) == name]
        for p in own:
            here = rows.with_row_index("_host", number).filter(says(p)).cast({"_host": pl.Int32})
            parts.append(here.select("_host", _member=syntax.own(host, p, Cells()).expr))
        found = parts[0]
        if len(parts) > 1:
            found = pl.concat(parts).unique(["_host", "_member"]).sort("_host", "_member")
        return aligned(found, syntax.separator, number, rows.height)


def write(hosts: Sequence[Host], frames: Frames, syntax: BlockWriter, sink: Sink) -> None:
    """Write a whole dump into the sink, every host's blocks in order."""
    write_each(hosts, frames, [(syntax, sink)])


def write_each(
    hosts: Sequence[Host],
    frames: Frames,
    outputs: Sequence[tuple[BlockWriter, Sink]],
    progress: Callable[[int], object] = ignore,
) -> None:
    """Write dumps in several syntaxes in one pass over the tables.

    progress: is given the number of host rows done so far.
    Each dump has a thread of its own, which may be one batch behind the others.
    """
    tables = as_tables(frames)
    dumps = [(_DumpWriter(syntax, sink), ThreadPoolExecutor(max_workers=1)) for syntax, sink in outputs]
    waiting: deque[Future[None]] = deque()
    try:
        for dump, _ in dumps:
            dump.sink.write(dump.syntax.prologue())
        for done, host, guests, rows, number in _batches(hosts, tables):
            while len(waiting) > len(dumps):
                waiting.popleft().result()
            progress(done)
            waiting += [thread.submit(dump.write, host, guests, rows, number) for dump, thread in dumps]
        for future in waiting:
            future.result()
        for dump, _ in dumps:
            dump.sink.write(dump.syntax.epilogue())
    finally:
        for _, thread in dumps:
            thread.shutdown()


def _batches(
    hosts: Sequence[Host], tables: Tables
) -> Iterator[tuple[int, Host, Sequence[GuestRows], pl.DataFrame, int]]:
    """Each batch of every host's rows, as (rows done before, host, guests, escaped rows, number of the first row)."""
    done = 0
    for host in hosts:
        guests = gather(host, tables)
        patterns = [p for node in host.node.walk() for p in node.patterns]
        number = 0
        for rows in tables.batches(host.table.name):
            yield done, host, guests, escaped(rows, patterns), number
            number += rows.height
            done += rows.height
