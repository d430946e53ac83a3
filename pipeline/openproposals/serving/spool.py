"""What a query gives, kept while it comes: the worker writes at its own speed, the client reads at its own."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator

from openproposals.errors import OpenproposalsError
from openproposals.serving.requests import Refused

_IN_MEMORY = 1 << 20
_PIECE = 1 << 16


class Spool:
    """The head and the bytes of an answer that is being made, and what ended it."""

    def __init__(self) -> None:
        self.head = ""
        self.fault: Refused | OpenproposalsError | None = None
        self.size, self.done, self._held = 0, False, True
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._news = asyncio.Event()

    def put(self, data: bytes) -> None:
        """Take bytes from the worker. Raises OSError: there is no room for them."""
        self._file.seek(self.size)
        self._file.write(data)
        self.size += len(data)
        self._news.set()

    def restart(self) -> None:
        """Forget what came, which comes again: nothing of it was given yet."""
        self.head, self.size = "", 0
        self._file.seek(0)
        self._file.truncate()

    def release(self) -> None:
        """It may be sent while it comes, since it comes to its end or fails: until now it could be asked again."""
        self._held = False
        self._news.set()

    def finish(self, fault: Refused | OpenproposalsError | None = None) -> None:
        """Nothing more comes; the first fault that is given is kept."""
        if not self.done:
            self.fault, self.done = fault, True
        self._news.set()

    async def begun(self, *, whole: bool = False) -> None:
        """Wait until it is whole, or has so much that it is sent while it comes. Raises the fault that ended it."""
        while not self.done and (whole or self._held or self.size < _PIECE):
            await self._changed()
        if self.fault:
            raise self.fault

    async def whole(self) -> bytes:
        """All the bytes of an answer that is done."""
        self._file.seek(0)
        return self._file.read()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes as they come.

        Raises ConnectionResetError where a fault ends them: the client must not take a part for the whole.
        """
        place = 0
        while True:
            if place < self.size:
                self._file.seek(place)
                piece = self._file.read(_PIECE)
                place += len(piece)
                yield piece
            elif self.fault:
                raise ConnectionResetError
            elif self.done:
                return
            else:
                await self._changed()

    def close(self) -> None:
        """Close the temporary file; what it held is gone."""
        self._file.close()

    async def _changed(self) -> None:
        self._news.clear()
        await self._news.wait()
