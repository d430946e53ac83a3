"""Serve releases until somebody stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openproposals.progress import Progress
from openproposals.release.published import Release
from openproposals.serving import generations, listening, making
from openproposals.serving.application import Application, Log
from openproposals.serving.hosts import Hosts

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


def run(releases: Sequence[Release], settings: ServeSettings, progress: Progress, log: Log, tell: Telling) -> None:
    """Serve releases until a signal ends it.

    Raises UsageError: no release that can be served, or an address that cannot be had; ReleaseError.
    """
    Hosts.of(settings.host, settings.port, settings.url)  # said before anything is made
    now = generations.together([making.offer(release, settings.kept, progress) for release in releases])
    socket = listening.bound(settings.host, settings.port)
    hosts = Hosts.of(settings.host, socket.getsockname()[1], settings.url)
    tell(f"{Hosts.of(settings.host, hosts.port, '').public}{hosts.prefix}/")
    asyncio.run(listening.serve(Application(generations.Generations(now), hosts, log), socket))
