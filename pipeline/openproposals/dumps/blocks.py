"""What every writer shares: blocks streamed in order, all that is said of a subject in one place.

What guests say is gathered into the host's block, members in order and unique. Rows become text in columns (Polars
expressions), a batch at a time, never a Python object a triple; a batch's bytes go from the column to the file as
they stand.
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
    """Where bytes go; a release's sinks hash and count them on the way."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Take the next bytes."""


class MemorySink:
    """A sink that keeps what it is given, for a graph that is judged as a whole."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes."""
        self._parts.append(bytes(data))

    def data(self) -> bytes:
        """All of it."""
        return b"".join(self._parts)


class BlockWriter(Protocol):
    """One way of writing: how a member and a block look. Cells come escaped where their column may hold anything."""

    separator: str
    between: str

    def prologue(self) -> bytes:
        """What the dump begins with."""

    def epilogue(self) -> bytes:
        """What it ends with."""

    def group(self, pattern: Pattern) -> str:
        """Which patterns stand together: the predicate or the JSON-LD key."""

    def member(self, pattern: Pattern, cells: Cells) -> TextColumn:
        """One object of a group; none where the row does not say it."""

    def own(self, host: Host, pattern: Pattern, cells: Cells) -> TextColumn:
        """The same for a pattern of the host itself, with the node nested there where the syntax nests."""

    def block(self, host: Host, gathered: Mapping[str, TextColumn], cells: Cells) -> TextColumn:
        """All that a row says of its subject; none where it says nothing."""


@dataclass
class _DumpWriter:
    """One dump on its way into its sink."""

    syntax: BlockWriter
    sink: Sink
    first: bool = True

    def write(self, host: Host, guests: Sequence[GuestRows], rows: pl.DataFrame, number: int) -> None:
        """The blocks of these rows of the host, the first of them numbered so."""
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
        """By row of the host, a group's members, in order, unique, joined."""
        syntax = self.syntax
        parts = []
        for each in guests:
            some = each.of(rows[host.key], number)
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
    """Write dumps in several syntaxes in one pass over the tables; `progress` is given how many rows of hosts are done.

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
    """Batches of every host's rows, escaped: the rows done before it, and its first row's number."""
    done = 0
    for host in hosts:
        guests = gather(host, tables)
        patterns = [p for node in host.node.walk() for p in node.patterns]
        number = 0
        for rows in tables.batches(host.table.name):
            yield done, host, guests, escaped(rows, patterns), number
            number += rows.height
            done += rows.height
