"""Serve releases until somebody stops it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openproposals.errors import CannotGoOn
from openproposals.progress import Progress
from openproposals.release.published import Release
from openproposals.serving import listening, making
from openproposals.serving.application import Application, Log
from openproposals.serving.generations import Generations, prepare
from openproposals.serving.hosts import Hosts
from openproposals.serving.offers import ChangedError
from openproposals.serving.pool import QueryBounds

Telling = Callable[[str], object]  # of the address, once requests are answered there


@dataclass(frozen=True)
class ServeSettings:
    """Where the server listens, and where what it makes is kept.

    url: the address in front of it, where a proxy serves it elsewhere; else "".
    """

    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    kept: Path = making.KEPT
    bounds: QueryBounds = field(default_factory=QueryBounds)


def run(releases: Sequence[Release], settings: ServeSettings, progress: Progress, log: Log, tell: Telling) -> None:
    """Serve releases until a signal ends it.

    Raises UsageError: no release that can be served, or an address that cannot be had; ReleaseError; CannotGoOn.
    """
    Hosts.of(settings.host, settings.port, settings.url)  # said before anything is made
    generations = Generations(releases, settings.kept, settings.bounds)
    try:
        prepared = prepare(releases, settings.kept, progress)
    except ChangedError:
        raise CannotGoOn("serve-changing") from None
    bound = listening.bound(settings.host, settings.port)
    hosts = Hosts.of(settings.host, bound.port, settings.url)
    own = Hosts.of(settings.host, bound.port, "").public + hosts.prefix + "/"

    async def served() -> None:
        await generations.start(prepared)
        watching = asyncio.create_task(generations.watch(log))
        tell(own)
        try:
            await listening.serve(Application(generations, hosts, log), bound)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            await generations.close()

    asyncio.run(served())
