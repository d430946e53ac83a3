"""Children that last: each answers one request after another, sealed and bounded as `child` has it.

A child opens what it needs once; then it may open nothing more, beyond the files that it says it will still need. Its
time is kept by the parent, which kills it. What it answers comes in frames, while it is being made: data, then an end
or an error of ours. A process that has imported all that they need forks them in milliseconds (`forking`); where a
library has threads once it is imported, `LastingChild.started` starts each by itself.

    forks = await ForkServer.started("package.module:opened", ("store",), Bounds(memory=1 << 30, seconds=0))
    worker = await forks.child()
    async for kind, data in worker.ask(b"..."): ...
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any

from openproposals import errors
from openproposals.guards import child
from openproposals.guards.child import Bounds, OutOfBounds
from openproposals.guards.frames import END, FRAME, LENGTH, RAISED

_BEGIN = "import sys; sys.path[:] = sys.argv[5:]; from openproposals.guards import forking; forking.{}(*sys.argv[1:5])"
_START_SECONDS = 60.0
_BEHIND = 10  # the niceness of a child that gives way


class ForkServer:
    """The process that forks children."""

    def __init__(self, process: asyncio.subprocess.Process, asked: socket.socket) -> None:
        self._process, self._asked = process, asked
        self._children: set[LastingChild] = set()

    @staticmethod
    async def started(work: str, arguments: Sequence[str], bounds: Bounds) -> ForkServer:
        """The process for a work: `module:function`, a function of the arguments that gives an `OpenedTask`.

        Raises CannotGoOn: no process can be started.
        """
        process, ours = await _process("main", work, arguments, bounds)
        return ForkServer(process, ours)

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    async def child(self) -> LastingChild:
        """A child that has opened what it needs.

        Raises CannotGoOn: no process can be started; OutOfBounds: it ended before it was ready; an error of ours.
        """
        try:
            async with asyncio.timeout(_START_SECONDS):
                made = await self._forked()
        except TimeoutError:
            raise OutOfBounds("time") from None
        except OSError as error:
            raise errors.CannotGoOn("no-process", because=errors.reason(error)) from error
        self._children.add(made)
        made.tell(self._children.discard)
        await made.ready()
        return made

    async def close(self) -> None:
        """End it, and the children that it forked."""
        for each in self._children:
            each.kill()
        for each in [*self._children]:
            await each.ended()
        self._asked.close()
        if self.alive:
            self._process.kill()
        await self._process.wait()

    async def _forked(self) -> LastingChild:
        with contextlib.ExitStack() as streams:
            with contextlib.ExitStack() as ends:
                ours, theirs = (ends.enter_context(each) for each in socket.socketpair())
                heard, told = (ends.enter_context(each) for each in socket.socketpair())
                connection = await asyncio.open_connection(sock=ours.dup())
                streams.callback(connection[1].close)
                end = await asyncio.open_connection(sock=heard.dup())
                streams.callback(end[1].close)
                socket.send_fds(self._asked, [b"f"], [theirs.fileno(), told.fileno()])
            pid = await end[0].readline()
            if not pid:
                raise ChildProcessError("no process")
            streams.pop_all()
        return LastingChild(int(pid), connection, _code(end))


class LastingChild:
    """A child that answers requests, one at a time. pid: the id of its process."""

    def __init__(self, pid: int, connection: Ends, end: Coroutine[Any, Any, int | None]) -> None:
        self.pid = pid
        self._reader, self._writer = connection
        self._end = asyncio.create_task(end)
        self._end.add_done_callback(lambda _: self._writer.close())
        self._begun = 0

    @staticmethod
    async def started(work: str, arguments: Sequence[str], bounds: Bounds) -> LastingChild:
        """A child that is not forked, since its libraries have threads as soon as they are imported.

        Raises as `ForkServer.child` does.
        """
        process, ours = await _process("alone", work, arguments, bounds)
        made = LastingChild(process.pid, await asyncio.open_connection(sock=ours), process.wait())
        await made.ready()
        return made

    async def ready(self) -> None:
        """Wait until it has opened what it needs; if it cannot, it is ended. Raises OutOfBounds, an error of ours."""
        try:
            async with asyncio.timeout(_START_SECONDS):
                kind, data = await self._frame()
            if kind == RAISED:
                raise child.heard(data)
        except BaseException as error:
            self.kill()
            await self.ended()
            if isinstance(error, TimeoutError):
                raise OutOfBounds("time") from None
            raise
        self._begun = self._mapped()

    async def ask(self, request: bytes) -> AsyncIterator[tuple[bytes, bytes]]:
        """The frames of an answer, the last of which is an end or an error. Raises OutOfBounds: the child ended."""
        try:
            self._writer.write(LENGTH.pack(len(request)) + request)
            await self._writer.drain()
        except ConnectionError:
            raise OutOfBounds(await self._reason()) from None
        while True:
            kind, data = await self._frame()
            yield kind, data
            if kind in (END, RAISED):
                return

    @property
    def alive(self) -> bool:
        """Whether nobody has told that it ended."""
        return not self._end.done()

    def tell(self, ended: Callable[[LastingChild], object]) -> None:
        """Call a function with it when it has ended."""
        self._end.add_done_callback(lambda _: ended(self))

    @property
    def grown(self) -> int:
        """The bytes of address space that it has mapped since it was ready; 0 where the system does not say."""
        return self._mapped() - self._begun

    @property
    def spent(self) -> float | None:
        """The seconds of processor time that it has taken; None where the system does not say."""
        try:
            with open(f"/proc/{self.pid}/stat", "rb") as file:  # noqa: PTH123 - no path of anybody's
                times = file.read().rpartition(b")")[2].split()[11:13]
            return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError):
            return None

    def give_way(self) -> None:
        """Let other processes go before it, from now on."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _BEHIND)

    def kill(self) -> None:
        """End it at once."""
        self._writer.close()
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def ended(self) -> None:
        """Wait until it has ended."""
        await asyncio.shield(self._end)

    def _mapped(self) -> int:
        try:
            with open(f"/proc/{self.pid}/statm", "rb") as file:  # noqa: PTH123 - no path of anybody's
                return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return 0

    async def _frame(self) -> tuple[bytes, bytes]:
        try:
            kind, length = FRAME.unpack(await self._reader.readexactly(FRAME.size))
            return kind, await self._reader.readexactly(length) if length else b""
        except (asyncio.IncompleteReadError, ConnectionError):
            raise OutOfBounds(await self._reason()) from None

    async def _reason(self) -> child.Reason:
        code = await asyncio.shield(self._end)
        return "crash" if code is None else child.reason_of(code)


async def _process(
    what: str, work: str, arguments: Sequence[str], bounds: Bounds
) -> tuple[asyncio.subprocess.Process, socket.socket]:
    """A process that does what a function of `forking` does, and the connection to it. Raises CannotGoOn."""
    limits = json.dumps([bounds.memory, bounds.seconds, bounds.sealed, bounds.writes])
    flags = ["-I" if sys.flags.isolated else "-P"]
    given = [work, limits, json.dumps(list(arguments)), str(os.getpid())]
    command = [sys.executable, *flags, "-c", _BEGIN.format(what), *given, *filter(None, sys.path)]
    nowhere = asyncio.subprocess.DEVNULL
    try:
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as held:
            held.enter_context(ours)
            beginning = asyncio.create_subprocess_exec(*command, stdin=theirs.fileno(), stdout=nowhere, stderr=nowhere)
            process = await _begun(beginning)
            held.pop_all()
    except OSError as error:
        raise errors.CannotGoOn("no-process", because=errors.reason(error)) from error
    return process, ours


async def _begun(beginning: Coroutine[Any, Any, asyncio.subprocess.Process]) -> asyncio.subprocess.Process:
    """The process that begins; it is ended where we are stopped meanwhile."""
    begun = asyncio.ensure_future(beginning)
    try:
        return await asyncio.shield(begun)
    except asyncio.CancelledError:
        process = await begun
        process.kill()
        await process.wait()
        raise


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _code(end: Ends) -> int | None:
    """The exit code of a child, once it has ended; None where nobody could tell."""
    reader, writer = end
    try:
        return int(await reader.read())
    except (ValueError, ConnectionError):
        return None
    finally:
        writer.close()
