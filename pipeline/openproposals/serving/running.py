"""Serve releases until somebody stops it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from openproposals.errors import CannotGoOn, UsageError
from openproposals.guards import memory
from openproposals.progress import Progress
from openproposals.release.published import Release
from openproposals.serving import listening, offering
from openproposals.serving.application import Application
from openproposals.serving.generations import Generations, Log, prepare
from openproposals.serving.host_names import Hosts, is_loopback
from openproposals.serving.offers import ChangedError
from openproposals.serving.pool import Pool, QueryBounds

Telling = Callable[[str], object]  # of the address, once requests are answered there


@dataclass(frozen=True)
class ServeSettings:
    """Where the server listens, and where what it makes is kept.

    url: the address in front of it, where a proxy serves it elsewhere; else "". writable: whether there is a store
    beside the releases that anybody on this machine may change.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    kept: Path = offering.KEPT
    writable: bool = False
    bounds: QueryBounds = field(default_factory=QueryBounds)


def run(releases: Sequence[Release], settings: ServeSettings, progress: Progress, log: Log, tell: Telling) -> None:
    """Serve releases until a signal ends it.

    Raises UsageError: no release that can be served, or an address that cannot be had; ReleaseError; CannotGoOn.
    """
    Hosts.of(settings.host, settings.port, settings.url)  # said before anything is made
    if settings.writable and not is_loopback(settings.host):
        raise UsageError("serve-writable", host=settings.host)
    generations = Generations(releases, settings.kept, settings.bounds, whole=memory.settle)
    try:
        prepared = prepare(releases, settings.kept, progress)
    except ChangedError:
        raise CannotGoOn("serve-changing") from None
    bound = listening.bound(settings.host, settings.port)
    hosts = Hosts.of(settings.host, bound.port, settings.url)
    own = Hosts.of(settings.host, bound.port, "").public + hosts.prefix + "/"

    async def served() -> None:
        await generations.start(prepared, log)
        watching = asyncio.create_task(generations.watch(log))
        writable = await _writable(settings) if settings.writable else None
        tell(own)
        try:
            await listening.serve(Application(generations, hosts, log, writable), bound)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            await generations.close()
            if writable:
                await writable.close()

    asyncio.run(served())


async def _writable(settings: ServeSettings) -> Pool:
    """The pool of the store that may be changed: one process, since a store is changed by one at a time."""
    folder = settings.kept / "writable"
    folder.mkdir(parents=True, exist_ok=True)
    pool = Pool(folder, [], replace(settings.bounds, short=1, long=0, brief=2 * settings.bounds.seconds), writes=True)
    await pool.start()
    return pool
