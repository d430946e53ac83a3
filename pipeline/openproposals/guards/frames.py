"""What a lasting child and its parent say to each other: frames, each a kind, the length of its data, its data."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

FRAME = struct.Struct(">cI")
LENGTH = struct.Struct(">I")  # of a request
READY, HEAD, DATA, RAISED, END = b"r", b"h", b"d", b"x", b"e"
_PIECE = 1 << 16  # bytes of a frame of data


class FrameSink:
    """A writable stream that hands on what is written in frames; `frame` and `note` send others between them."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._held = out, bytearray()

    def write(self, data: bytes) -> int:
        """Take bytes of the answer."""
        self._held += data
        if len(self._held) >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what is held."""
        self._note_held()
        self._out.flush()

    def drop(self) -> None:
        """Forget what is held."""
        self._held.clear()

    def frame(self, kind: bytes, data: bytes) -> None:
        """Send a frame after what is held."""
        self.note(kind, data)
        self._out.flush()

    def note(self, kind: bytes, data: bytes) -> None:
        """Send a frame after what is held, together with what comes next."""
        self._note_held()
        self._out.write(FRAME.pack(kind, len(data)) + data)

    def _note_held(self) -> None:
        if self._held:
            data, self._held = bytes(self._held), bytearray()
            self._out.write(FRAME.pack(DATA, len(data)) + data)


LastingTask = Callable[[bytes, FrameSink], None]  # answers a request by writing to the sink


@dataclass(frozen=True)
class OpenedTask:
    """A task with all that it needs open, but for so many files that are opened when they are needed."""

    answer: LastingTask
    files: int = 0
