"""The processes that answer from a store: those that do nothing, and how one that is lost is replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from openproposals.errors import OpenproposalsError
from openproposals.guards import child
from openproposals.guards.lasting import ForkServer, LastingChild

_READING = "openproposals.serving.answering:opened"
_WRITING = "openproposals.serving.answering:opened_to_write"
_PAUSE = 1.0  # seconds before another worker is tried where one could not be started


class Workers:
    """Processes that each answer one query at a time, and are as many again after one was lost.

    memory: bytes that a query may take. writes: whether the store may be changed.
    """

    def __init__(self, store: Path, graphs: Sequence[str], memory: int, *, writes: bool) -> None:
        self._arguments, self._memory, self._writes = (str(store), *graphs), memory, writes
        self._idle: asyncio.LifoQueue[LastingChild] = asyncio.LifoQueue()
        self._forks: ForkServer | None = None
        self._starting = asyncio.Lock()
        self._replacing: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self, many: int) -> None:
        """Start them. Raises CannotGoOn, OutOfBounds: none can be started; an error of ours: no store to be read."""
        for _ in range(many):
            self._idle.put_nowait(await self._started())

    async def close(self) -> None:
        """End them, whatever they do."""
        self._closed = True
        for each in self._replacing:
            each.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        if self._forks:
            await self._forks.close()

    async def take(self) -> LastingChild:
        """One that does nothing, once there is one."""
        while True:
            worker = await self._idle.get()
            if worker.alive:
                return worker
            self.lost(worker)

    def give(self, worker: LastingChild) -> None:
        """Take one back that has done; one that has grown much is replaced."""
        if worker.grown < self._memory // 2:
            self._idle.put_nowait(worker)
        else:
            self.lost(worker)

    def lost(self, worker: LastingChild) -> None:
        """End one, and have another in its place soon."""
        worker.kill()
        task = asyncio.create_task(self._replace(worker))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _replace(self, worker: LastingChild) -> None:
        await worker.ended()
        while not self._closed:
            try:
                self._idle.put_nowait(await self._started())
                return
            except (OpenproposalsError, child.OutOfBounds, OSError):
                await asyncio.sleep(_PAUSE)

    async def _started(self) -> LastingChild:
        async with self._starting:
            if self._forks and not self._forks.alive:
                await self._forks.close()
                self._forks = None
            if not self._forks:
                work = _WRITING if self._writes else _READING
                bounds = child.Bounds(self._memory, 0, sealed=not self._writes, writes=self._writes)
                self._forks = await ForkServer.started(work, self._arguments, bounds)
            forks = self._forks
        return await forks.child()
