"""Write a dump gzipped (RFC 1952): alone, or in a thread of its own beside the dump as it is."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from openproposals.dumps.blocks import Sink

_LEVEL = 1  # a tenth larger than the usual 6, and four times as quick: the writers must not wait for it
_GZIP = 31  # for zlib: the largest window, with the header of a gzip file, which then holds no time and no name
_AHEAD = 4  # pieces that may wait to be compressed


@dataclass(frozen=True)
class _Both:
    """A sink that writes to two others."""

    plain: Sink
    packed: Sink
    thread: ThreadPoolExecutor
    waiting: deque[Future[object]]
    squeeze: zlib._Compress

    def write(self, data: bytes | memoryview) -> object:
        """Write the next bytes."""
        while len(self.waiting) >= _AHEAD:
            self.waiting.popleft().result()
        self.waiting.append(self.thread.submit(self._pack, data))
        return self.plain.write(data)

    def _pack(self, data: bytes | memoryview) -> object:
        return self.packed.write(self.squeeze.compress(data))


@dataclass(frozen=True)
class _Packed:
    """A sink that writes to another what it has made smaller."""

    packed: Sink
    squeeze: zlib._Compress

    def write(self, data: bytes | memoryview) -> object:
        """Write the next bytes."""
        return self.packed.write(self.squeeze.compress(data))


@contextmanager
def alone(packed: Sink) -> Iterator[Sink]:
    """A sink that writes to `packed`, gzipped."""
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    yield _Packed(packed, squeeze)
    packed.write(squeeze.flush())


@contextmanager
def beside(plain: Sink, packed: Sink) -> Iterator[Sink]:
    """A sink that writes to `plain` and, gzipped, to `packed`. The caller must not change bytes after writing them."""
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    with ThreadPoolExecutor(max_workers=1) as thread:
        both = _Both(plain, packed, thread, deque(), squeeze)
        yield both
        for future in both.waiting:
            future.result()
    packed.write(squeeze.flush())
