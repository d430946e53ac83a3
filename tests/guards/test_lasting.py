"""Children that last: forked in milliseconds, asked again and again, told of when they end, ended with their parent."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from openproposals.errors import CannotGoOn, UsageError
from openproposals.guards.child import Bounds, OutOfBounds
from openproposals.guards.frames import DATA, END, RAISED
from openproposals.guards.lasting import ForkServer, LastingChild

pytestmark = pytest.mark.slow

WORK = "support.works:told_again"
BOUNDS = Bounds(64 << 20, 0)


def beside(story: Callable[[ForkServer], Awaitable[None]], *arguments: str) -> None:
    """A story with a process that forks."""

    async def told() -> None:
        forks = await ForkServer.started(WORK, arguments, BOUNDS)
        try:
            await story(forks)
        finally:
            await forks.close()

    asyncio.run(told())


async def said(worker: LastingChild, request: bytes) -> bytes:
    frames = [frame async for frame in worker.ask(request)]
    assert frames[-1][0] in (END, RAISED)
    return b"".join(data for kind, data in frames if kind == DATA)


def gone(pid: int) -> bool:
    """Whether a process is no more, within some seconds."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def number_open() -> int:
    """How many files this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def first_beyond(room: int) -> int:
    """The limit on the numbers of files under which so many more can be opened."""
    limit = 0
    while room >= 0:
        room -= not Path(f"/proc/self/fd/{limit}").exists()
        limit += 1
    return limit - 1


def test_children_answer_again_and_again() -> None:
    """Each of its own process; an error of ours is no end."""

    async def story(forks: ForkServer) -> None:
        workers = [await forks.child() for _ in range(3)]
        assert len({each.pid for each in workers} | {forks.pid}) == 4
        for request in (b"", b"x" * 200_000, b"wrong", b"y"):
            for each in workers:
                wanted = f"a b {each.pid} ".encode() + request if request != b"wrong" else b""
                assert await said(each, request) == wanted

    beside(story, "a", "b")


def test_a_child_of_its_own() -> None:
    """One that is not forked answers alike, and ends alike."""

    async def story() -> None:
        worker = await LastingChild.started(WORK, ("a",), BOUNDS)
        assert await said(worker, b"x") == f"a {worker.pid} x".encode()
        with pytest.raises(OutOfBounds) as caught:
            await said(worker, b"end")
        assert caught.value.reason == "crash"
        await worker.ended()
        with pytest.raises(UsageError, match="unreadable"):
            await LastingChild.started(WORK, ("unreadable",), BOUNDS)
        another = await LastingChild.started(WORK, (), BOUNDS)
        another.kill()
        await another.ended()
        assert gone(another.pid)

    asyncio.run(story())


def test_the_end_of_a_child_is_told() -> None:
    """Killed or ended by itself: others go on, and the next one is as good."""

    async def story(forks: ForkServer) -> None:
        first, second, third = [await forks.child() for _ in range(3)]
        os.kill(first.pid, signal.SIGKILL)
        await first.ended()
        assert gone(first.pid)  # nothing is left of it, not even its exit code
        with pytest.raises(OutOfBounds) as caught:
            await said(first, b"x")
        assert caught.value.reason == "memory"  # so the system ends who takes too much
        with pytest.raises(OutOfBounds) as caught:
            await said(second, b"end")
        assert caught.value.reason == "crash"
        assert await said(third, b"x")
        third.kill()
        third.kill()
        await third.ended()
        assert await said(await forks.child(), b"x")

    beside(story)


def test_a_child_that_cannot_open_says_why() -> None:
    """An error of ours comes back whole; any other is a crash."""

    async def unreadable(forks: ForkServer) -> None:
        with pytest.raises(UsageError, match="unreadable"):
            await forks.child()

    async def broken(forks: ForkServer) -> None:
        with pytest.raises(OutOfBounds):
            await forks.child()

    beside(unreadable, "unreadable")
    beside(broken, "broken")


def test_nothing_is_forked_where_files_or_the_process_are_missing() -> None:
    """It is said, and with files it is forked again; what a failed one held is free."""

    async def story(forks: ForkServer) -> None:
        await forks.child()
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        held = number_open()
        for room in range(6):
            resource.setrlimit(resource.RLIMIT_NOFILE, (first_beyond(room), limits[1]))
            with pytest.raises(CannotGoOn):
                await forks.child()
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            await asyncio.sleep(0.01)
            assert number_open() == held
        worker = await forks.child()
        os.kill(forks.pid, signal.SIGKILL)
        with pytest.raises(CannotGoOn):
            await forks.child()
        await worker.ended()
        while forks.alive:
            await asyncio.sleep(0.01)
        assert gone(worker.pid)

    beside(story)


def test_all_end_with_the_parent() -> None:
    """Killed, it can say nothing to them."""
    program = f"""
import asyncio
from openproposals.guards.child import Bounds
from openproposals.guards.lasting import ForkServer
async def main():
    forks = await ForkServer.started({WORK!r}, (), Bounds(64 << 20, 0))
    print(forks.pid, (await forks.child()).pid, (await forks.child()).pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
    paths = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
    ) as process:
        assert process.stdout
        pids = [int(pid) for pid in process.stdout.readline().split()]
        assert len(pids) == 3
        process.kill()
    assert all(gone(pid) for pid in pids)
