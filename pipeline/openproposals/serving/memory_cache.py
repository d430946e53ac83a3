"""Small answers kept in memory: bytes of files, compressed ones, data in other syntaxes, answers to queries."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

_ENTRY = 512  # bytes that one takes beside its key and what is kept


class MemoryCache:
    """Bytes by a key that says all that they are made of; those asked for longest ago go first.

    most: bytes in all, keys included. What several ask for at once is made once. Used from one event loop.
    """

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._coming: dict[tuple[str, ...], asyncio.Task[bytes]] = {}

    async def get(self, key: tuple[str, ...], make: Callable[[], Awaitable[bytes]]) -> bytes:
        """The bytes of a key, made where they are not there. Raises whatever `make` does, and keeps nothing then."""
        found = self.found(key)
        if found is not None:
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
        self.keep(key, found)
        return found

    def found(self, key: tuple[str, ...]) -> bytes | None:
        """The bytes of a key, None where they are not there."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: tuple[str, ...], data: bytes) -> None:
        """Keep the bytes of a key that has none, unless they are too many."""
        if key not in self._kept and _size(key, data) <= self._most // 8:
            self._kept[key] = data
            self._held += _size(key, data)
            while self._held > self._most:
                self._held -= _size(*self._kept.popitem(last=False))


def _size(key: tuple[str, ...], data: bytes) -> int:
    return len(data) + sum(4 * len(part) for part in key) + _ENTRY  # a character takes up to four bytes
