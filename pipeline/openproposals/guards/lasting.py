"""Children that last: each answers one request after another, sealed and bounded as `child` has it.

A child opens what it needs once; then it may open nothing more, beyond the files that it says it will still need. Its
time is kept by the parent, which kills it. What it answers comes in frames, while it is being made: data, then an end
or an error of ours.

    worker = await LastingChild.started("package.module:opened", ("store",), Bounds(memory=1 << 30, seconds=0))
    async for kind, data in worker.ask(b"..."): ...
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import struct
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from openproposals import errors
from openproposals.guards import child
from openproposals.guards.child import Bounds, OutOfBounds

_BEGIN = (
    "import sys; sys.path[:] = sys.argv[5:]; from openproposals.guards import lasting; lasting.main(*sys.argv[1:5])"
)
_FRAME = struct.Struct(">cI")
READY, DATA, RAISED, END = b"r", b"d", b"x", b"e"
_PIECE = 1 << 16  # bytes of a frame of data
_START_SECONDS = 60.0
_BEHIND = 10  # the niceness of a child that gives way

Write = Callable[[bytes], None]
LastingTask = Callable[[bytes, "FrameSink"], None]  # answers a request by writing to the sink


@dataclass(frozen=True)
class OpenedTask:
    """A task with all that it needs open, but for so many files that are opened when they are needed."""

    answer: LastingTask
    files: int = 0


class FrameSink:
    """A writable stream that hands on what is written in frames. `frame` sends one of another kind at once."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._held = out, bytearray()

    def write(self, data: bytes) -> int:
        """Take bytes of the answer."""
        self._held += data
        if len(self._held) >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what is held."""
        if self._held:
            data, self._held = bytes(self._held), bytearray()
            self.frame(DATA, data)

    def drop(self) -> None:
        """Forget what is held."""
        self._held.clear()

    def frame(self, kind: bytes, data: bytes) -> None:
        """Send a frame: its kind, the length of its data, its data."""
        self._out.write(_FRAME.pack(kind, len(data)) + data)
        self._out.flush()


class LastingChild:
    """A child that answers requests, one at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._begun = 0

    @staticmethod
    async def started(work: str, arguments: Sequence[str], bounds: Bounds) -> LastingChild:
        """A child that has opened what it needs. `work` is `module:function`, a function that gives an `OpenedTask`.

        Raises CannotGoOn: no process can be started; OutOfBounds: it ended before it was ready; an error of ours.
        """
        limits = json.dumps([bounds.memory, bounds.seconds, bounds.sealed, bounds.writes])
        flags = ["-I" if sys.flags.isolated else "-P"]
        command = [sys.executable, *flags, "-c", _BEGIN, work, limits, json.dumps(list(arguments)), str(os.getpid())]
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        paths = [path for path in sys.path if path]
        try:
            process = await _begun(
                asyncio.create_subprocess_exec(*command, *paths, stdin=pipe, stdout=pipe, stderr=nowhere)
            )
        except OSError as error:
            raise errors.CannotGoOn("no-process", because=errors.reason(error)) from error
        made = LastingChild(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                kind, data = await made._frame()
        except BaseException as error:
            made.kill()
            await made.ended()
            if isinstance(error, TimeoutError):
                raise OutOfBounds("time") from None
            raise
        if kind == RAISED:
            made.kill()
            raise child.heard(data)
        made._begun = made._mapped()
        return made

    async def ask(self, request: bytes) -> AsyncIterator[tuple[bytes, bytes]]:
        """The frames of an answer, the last of which is an end or an error. Raises OutOfBounds: the child ended."""
        assert self._process.stdin
        try:
            self._process.stdin.write(struct.pack(">I", len(request)) + request)
            await self._process.stdin.drain()
        except ConnectionError:
            raise OutOfBounds(child.reason_of(await self._process.wait())) from None
        while True:
            kind, data = await self._frame()
            yield kind, data
            if kind in (END, RAISED):
                return

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    @property
    def grown(self) -> int:
        """The bytes of address space that it has mapped since it was ready; 0 where the system does not say."""
        return self._mapped() - self._begun

    def give_way(self) -> None:
        """Let other processes go before it, from now on."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _BEHIND)

    def kill(self) -> None:
        """End it at once."""
        if self._process.returncode is None:
            self._process.kill()

    async def ended(self) -> None:
        """Wait until it has ended."""
        await self._process.wait()

    def _mapped(self) -> int:
        try:
            with open(f"/proc/{self._process.pid}/statm", "rb") as file:  # noqa: PTH123 - no path of anybody's
                return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return 0

    async def _frame(self) -> tuple[bytes, bytes]:
        assert self._process.stdout
        try:
            kind, length = _FRAME.unpack(await self._process.stdout.readexactly(_FRAME.size))
            return kind, await self._process.stdout.readexactly(length)
        except asyncio.IncompleteReadError:
            raise OutOfBounds(child.reason_of(await self._process.wait())) from None


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


def main(what: str, limits: str, arguments: str, parent: str) -> None:
    """In the child: open what the work needs, bound the process, then answer until nothing more is asked."""
    out, opened = child.begun(what, parent)
    sink = FrameSink(out)
    try:
        task: OpenedTask = opened(*json.loads(arguments))
    except errors.OpenproposalsError as error:
        sink.frame(RAISED, child.told(error))
        os._exit(0)
    child.bound(replace(Bounds(*json.loads(limits)), files=task.files))
    sink.frame(READY, b"")
    held = bytearray(child.HELD)
    try:
        while length := sys.stdin.buffer.read(4):
            _answered(task.answer, sys.stdin.buffer.read(struct.unpack(">I", length)[0]), sink)
    except MemoryError:
        del held
        os._exit(child.LOST)
    os._exit(0)


def _answered(answer: LastingTask, request: bytes, sink: FrameSink) -> None:
    try:
        answer(request, sink)
        sink.flush()
        sink.frame(END, b"")
    except errors.OpenproposalsError as error:
        sink.drop()
        sink.frame(RAISED, child.told(error))
