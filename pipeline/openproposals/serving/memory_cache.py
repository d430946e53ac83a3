"""Small answers kept in memory: the bytes of files, compressed ones, and data written in other syntaxes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable


class MemoryCache:
    """Bytes by a key that says all that they are made of; those asked for longest ago go first.

    most: bytes in all. What several ask for at once is made once. Used from one event loop.
    """

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._coming: dict[tuple[str, ...], asyncio.Task[bytes]] = {}

    async def get(self, key: tuple[str, ...], make: Callable[[], Awaitable[bytes]]) -> bytes:
        """The bytes of a key, made where they are not there. Raises whatever `make` does, and keeps nothing then."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        coming = self._coming.get(key)
        if coming is None:
            coming = self._coming[key] = asyncio.create_task(self._made(key, make))
        return await asyncio.shield(coming)

    async def _made(self, key: tuple[str, ...], make: Callable[[], Awaitable[bytes]]) -> bytes:
        try:
            found = await make()
        finally:
            del self._coming[key]
        if len(found) <= self._most // 8:
            self._kept[key] = found
            self._held += len(found)
            while self._held > self._most:
                self._held -= len(self._kept.popitem(last=False)[1])
        return found
