"""Queries: each waits in a bounded queue, takes a worker for a bounded time, and gives a bounded answer.

A worker that goes beyond is killed and replaced (`workers`). Who comes next, and whose query has to begin again,
`lanes` decides.
Nobody has more than a few queries here at the same time, the one that is being sent included; a client that reads
slowly holds a place, and no worker.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path

from openproposals.errors import OpenproposalsError, UsageError, reason
from openproposals.guards import child
from openproposals.guards.frames import DATA, HEAD, RAISED
from openproposals.guards.lasting import LastingChild
from openproposals.serving.lanes import Lanes, Turn
from openproposals.serving.requests import Refused
from openproposals.serving.spool import Spool
from openproposals.serving.workers import Workers

_OWN = "own"  # who asks the queries of the server itself
_GRACE = 1.0  # seconds that a query may still take when its client is gone
_LOOKS = 7  # at the processor time of a query, each half of what a short one may take after the other


@dataclass(frozen=True)
class QueryBounds:
    """Bounds of the queries: how many short and long ones are answered at a time.

    brief: seconds of processor time of a short one. seconds, memory, answer: of each query, in seconds and bytes.
    waiting: queries in the house beyond those that are answered. each: queries in the house of one address. patience:
    seconds in the queue for a short place; for a long one it is as long as a query may take.
    """

    short: int = 12
    long: int = 2
    brief: float = 0.05
    seconds: float = 20.0
    memory: int = 1 << 30
    answer: int = 64 << 20
    waiting: int = 22
    each: int = 8
    patience: float = 10.0


class Pool:
    """The queries that are asked of a store.

    `start` starts them, `close` lets them finish and ends them.
    """

    def __init__(self, store: Path, graphs: Sequence[str], bounds: QueryBounds, *, writes: bool = False) -> None:
        self._bounds = bounds
        self._lanes = Lanes(bounds.short, bounds.long)
        self._workers = Workers(store, graphs, bounds.memory, writes=writes)
        self._inside: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self) -> None:
        """Start the workers. Raises CannotGoOn: none can be started, or the store cannot be read."""
        await self._workers.start(self._bounds.short + self._bounds.long)

    async def close(self) -> None:
        """Wait for the queries that are running, then end the workers."""
        self._closed = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._bounds.seconds + self._bounds.patience)
        await self._workers.close()

    def begin(self, request: bytes, client: str) -> RunningQuery:
        """Begin to answer a query. Raises Refused: there is no room for it now."""
        bounds, client = self._bounds, _network(client)
        if self._inside[client] >= bounds.each:
            raise Refused(429, "too_many", retry=round(bounds.seconds), n=bounds.each)
        if self._inside.total() >= bounds.short + bounds.long + bounds.waiting or self._closed:
            raise Refused(503, "busy", retry=round(bounds.patience))
        self._inside[client] += 1
        spool = Spool()
        return RunningQuery(spool, self._beside(self._run(request, spool, client)), self, client)

    async def asked(self, query: str, client: str = _OWN, graphs: Sequence[str] | None = None) -> bytes:
        """The answer to a query of our own: rows as CSV, triples as N-Triples. Raises what a query may."""
        payload = {"query": query, "base": "", "default": graphs, "named": None, "rows": "csv", "triples": "ntriples"}
        running = self.begin(json.dumps(payload).encode(), client)
        try:
            while not running.spool.done:
                await asyncio.wait([running.task])
            await running.spool.begun()
            return await running.spool.whole()
        finally:
            running.end()

    def left(self, client: str) -> None:
        """A query of a client is gone from the house."""
        self._inside[client] -= 1
        if not self._inside[client]:
            del self._inside[client]

    def _beside(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin work that goes on by itself, and that `close` waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run(self, request: bytes, spool: Spool, client: str) -> None:
        """Have a worker answer, and put the answer into the spool; a query that was displaced is asked once more."""
        if await self._displaced(request, spool, client, long=False):
            spool.restart()
            await self._displaced(request, spool, client, long=True)

    async def _displaced(self, request: bytes, spool: Spool, client: str, *, long: bool) -> bool:
        """Have a worker answer; whether it had to give its place to another, so that there is no answer."""
        worker: LastingChild | None = None
        turn: Turn | None = None
        watching: asyncio.Task[None] | None = None
        whole = displaced = False

        def lengthened() -> None:
            spool.release()
            if worker:
                worker.give_way()

        def displace() -> None:
            nonlocal displaced
            displaced = True
            if worker:
                worker.kill()

        try:
            try:
                async with asyncio.timeout(self._bounds.seconds if long else self._bounds.patience):
                    turn = await self._lanes.enter(client, lengthened, displace, long=long)
                    worker = await self._workers.take()
            except TimeoutError:
                raise (self._too_long() if long else Refused(503, "busy", retry=round(self._bounds.patience))) from None
            if long:
                lengthened()
            else:
                watching = asyncio.create_task(self._watch(worker, turn))
            async with asyncio.timeout(self._bounds.seconds):
                await self._taken(worker, request, spool)
            whole = True
            spool.finish()
        except TimeoutError:
            spool.finish(UsageError("query-time", seconds=round(self._bounds.seconds)))
        except child.OutOfBounds as stopped:
            if displaced:
                return True
            spool.finish(self._stopped(stopped.reason))
        except _Told as told:
            whole = True
            spool.finish(told.error)
        except (Refused, OpenproposalsError) as error:
            spool.finish(error)
        except (OSError, ValueError) as error:  # no room for the answer, or nobody waits for it any more
            spool.finish(Refused(503, "no_room", retry=60, because=reason(error)))
        except asyncio.CancelledError:
            spool.finish(Refused(503, "busy", retry=1))
            raise
        finally:
            if watching:
                watching.cancel()
            if turn:
                self._lanes.leave(turn)
            if worker and whole and not displaced and not (turn and turn.long):
                self._workers.give(worker)
            elif worker:
                self._workers.lost(worker)
        return False

    async def _watch(self, worker: LastingChild, turn: Turn) -> None:
        """Tell when a query has taken longer than a short one may: the processor's time, or in all four times as much.

        On a busy machine a short query may have to wait for the processor, for which it is not to blame.
        """
        pause = self._bounds.brief / 2
        await asyncio.sleep(pause)
        begun = worker.spent
        for _ in range(_LOOKS):
            await asyncio.sleep(pause)
            spent = worker.spent
            if begun is None or spent is None or spent - begun >= pause:
                break
        self._lanes.overstay(turn)

    def _too_long(self) -> Refused:
        return Refused(503, "long_queries", retry=round(self._bounds.seconds))

    async def _taken(self, worker: LastingChild, request: bytes, spool: Spool) -> None:
        async for kind, data in worker.ask(request):
            if kind == HEAD:
                spool.head = data.decode()
            elif kind == DATA:
                if spool.size + len(data) > self._bounds.answer:
                    raise UsageError("answer-too-large", megabytes=self._bounds.answer >> 20)
                spool.put(data)
            elif kind == RAISED:
                raise _Told(child.heard(data))

    def _stopped(self, why: child.Reason) -> UsageError:
        if why == "memory":
            return UsageError("query-memory", megabytes=self._bounds.memory >> 20)
        return UsageError("query-crash")


def _network(client: str) -> str:
    """Who an address counts as: in IPv6, its network of 64 bits, all of which one customer has.

    >>> _network("2001:db8::1"), _network("192.0.2.1"), _network("::ffff:192.0.2.1")
    ('2001:db8::/64', '192.0.2.1', '192.0.2.1')
    """
    try:
        found = ip_address(client)
    except ValueError:
        return client
    if isinstance(found, IPv4Address):
        return client
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


class _Told(Exception):  # noqa: N818 - carries an error that the worker told of, and after which it goes on
    def __init__(self, error: OpenproposalsError) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class RunningQuery:
    """A query that is being answered: its spool, until `end`."""

    spool: Spool
    task: asyncio.Task[None]
    pool: Pool
    client: str

    def end(self) -> None:
        """The answer is sent, or nobody waits for it: the place is free, and the worker soon."""
        self.pool.left(self.client)
        self.give_up()
        self.task.add_done_callback(lambda _: self.spool.close())

    def give_up(self) -> None:
        """Nobody waits for the answer: its worker is ended, unless it has done within a moment."""
        asyncio.get_running_loop().call_later(0 if self.spool.done else _GRACE, self._ended)

    def _ended(self) -> None:
        if not self.spool.done:
            self.task.cancel()
