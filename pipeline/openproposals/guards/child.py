"""Work on a stranger's bytes in a child process, with bounds on memory, processor time and wall-clock time.

A parser that crashes, hangs or fills the memory takes its own process with it, and nothing else. Once its modules are
imported, a child of `sealed` work can open no file and no socket: its limit of open files is zero (POSIX, setrlimit).
A system that knows no limit on memory still has the one on time.

    child.run(sparql.child_answer, data, Bounds(memory=768 << 20, seconds=20))
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from openproposals import errors
from openproposals.messages import Phrase

Reason = Literal["memory", "time", "crash"]
ChildTask = Callable[[bytes, Sequence[str]], bytes]  # of a payload and a few short arguments

_BEGIN = "import sys; sys.path[:] = sys.argv[5:]; from openproposals.guards import child; child.main(*sys.argv[1:5])"
LOST = 97  # the exit code of a child that was out of memory and could still say so
HELD = 1 << 20  # bytes kept back for that
_PIECE = 1 << 16  # bytes written to or read from a pipe at a time
_OUT_OF_MEMORY = (LOST, -signal.SIGABRT, -signal.SIGKILL)  # said by Python, by a library, by the system


@dataclass(frozen=True)
class Bounds:
    """Limits of a child.

    `memory`: bytes beyond an idle process (also the largest answer). `seconds`: of processor time and, separately, of
    wall-clock time. `sealed`: whether it may open no file and no socket, beyond `files` of them. `writes`: whether it
    may write to files.
    """

    memory: int
    seconds: float
    sealed: bool = True
    writes: bool = False
    files: int = 0


class OutOfBounds(Exception):  # noqa: N818 - a verdict, which the caller puts into words
    """The work needed more than it may have, or crashed its process; `reason` says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def run(work: ChildTask | str, payload: bytes, bounds: Bounds, arguments: Sequence[str] = ()) -> bytes:
    """Run `work(payload, arguments)` in a child process and return its result.

    `work` is a module-level function, or its name as `module:function`, so that this process need not import it. The
    child imports what this process would: from the same folders, and not from the one in which it is begun.

    Raises OutOfBounds; whatever error of ours (`OpenproposalsError`) the work raises; CannotGoOn where no process
    can be started.
    """
    deadline = time.monotonic() + bounds.seconds
    with _started(work, bounds, arguments) as process:
        try:
            said = _exchange(process, payload, deadline, bounds.memory)
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise OutOfBounds("time") from None
        finally:
            process.kill()
    if process.returncode:
        raise OutOfBounds(reason_of(process.returncode))
    kind, _, body = said.partition(b"\n")
    if kind == b"gave":
        return body
    if kind == b"raised":
        raise heard(body)
    raise OutOfBounds("crash")


def _started(work: ChildTask | str, bounds: Bounds, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    what = work if isinstance(work, str) else f"{work.__module__}:{work.__qualname__}"
    limits = json.dumps([bounds.memory, bounds.seconds, bounds.sealed, bounds.writes])
    flags = ["-I" if sys.flags.isolated else "-P"]
    command = [sys.executable or "", *flags, "-c", _BEGIN, what, limits, json.dumps(list(arguments)), str(os.getpid())]
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen([*command, *filter(None, sys.path)], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise errors.CannotGoOn("no-process", because=errors.reason(error)) from error


def _exchange(process: subprocess.Popen[bytes], payload: bytes, deadline: float, most: int) -> bytes:
    """Give the payload while taking the answer. Raises TimeoutExpired; OutOfBounds, where the answer has no end."""
    assert process.stdin
    assert process.stdout
    said, given = bytearray(), memoryview(payload)
    with selectors.DefaultSelector() as ready, process.stdin as into:
        os.set_blocking(into.fileno(), False)
        ready.register(process.stdout, selectors.EVENT_READ)
        ready.register(into, selectors.EVENT_WRITE)
        while True:
            left = deadline - time.monotonic()
            events = ready.select(left) if left > 0 else []
            if not events:
                raise subprocess.TimeoutExpired(process.args, 0)
            for key, _ in events:
                if key.fileobj is into:
                    try:
                        given = given[os.write(into.fileno(), given[:_PIECE]) :]
                    except BrokenPipeError:  # it ended: its answer says why
                        given = given[:0]
                    if not given:
                        ready.unregister(into)
                        into.close()
                    continue
                piece = os.read(process.stdout.fileno(), _PIECE)
                if not piece:
                    return bytes(said)
                said += piece
                if len(said) > most:
                    raise OutOfBounds("memory")


def reason_of(code: int) -> Reason:
    """The reason for a child's exit code: a failed allocation aborts (SIGABRT), the limit of time sends SIGXCPU."""
    if code in _OUT_OF_MEMORY:
        return "memory"
    return "time" if code == -signal.SIGXCPU else "crash"


def main(what: str, limits: str, arguments: str, parent: str) -> None:
    """In the child: import the work, take the payload, bound the process, do the work, say what it gave."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    out = _alone()
    end_with(int(parent))
    work: ChildTask = named(what)
    bounds = Bounds(*json.loads(limits))
    payload = sys.stdin.buffer.read()
    bound(bounds)
    held = bytearray(HELD)
    try:
        body = work(payload, json.loads(arguments))
        out.write(b"gave\n")
        out.write(body)
    except errors.OpenproposalsError as error:
        out.write(b"raised\n" + told(error))
    except MemoryError:
        del held
        os._exit(LOST)
    out.flush()
    os._exit(0)  # nothing is torn down: the system does that faster


def named(what: str) -> Any:
    """The function that `module:function` names; its module is imported."""
    module, _, name = what.partition(":")
    return getattr(importlib.import_module(module), name)


def end_with(parent: int) -> None:
    """In a child: from now on end when its parent has ended, even if the parent was killed."""
    with contextlib.suppress(RuntimeError):  # no thread can be started: the limit on time ends it all the same
        threading.Thread(target=_end_with, args=[parent], daemon=True).start()


def _alone() -> BinaryIO:
    """Return a binary stream for the answer; standard output itself goes to /dev/null."""
    sys.stdout.flush()
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return out


def told(error: errors.OpenproposalsError) -> bytes:
    """An error of ours as bytes."""
    said = [type(error).__name__, error.key, error.because, [*error.facts.items()]]
    return json.dumps(said, default=_flat).encode()


def heard(said: bytes) -> errors.OpenproposalsError:
    """The error of ours that `told` made bytes of."""
    name, key, because, facts = json.loads(said, object_hook=_restored)
    made: errors.OpenproposalsError = getattr(errors, name)(key, because=because, **dict(facts))
    return made


def _flat(fact: object) -> object:
    """A fact of an error for which JSON has no form: a phrase becomes an object, a path its text."""
    return {"phrase": [fact.name, fact.key, [*fact.facts.items()]]} if isinstance(fact, Phrase) else str(fact)


def _restored(given: dict[str, Any]) -> Phrase:
    """The phrase of which `_flat` made an object."""
    name, key, facts = given["phrase"]
    return Phrase(name, key, dict(facts))


def bound(bounds: Bounds) -> None:
    """Lower this process's limits. What it has mapped so far, the payload with it, is not counted.

    Without `seconds`, its time is left to its parent.
    """
    _lower(resource.RLIMIT_AS, _mapped() + bounds.memory)
    if bounds.seconds:
        _lower(resource.RLIMIT_CPU, int(bounds.seconds) + 1, 1)  # SIGXCPU at the first, SIGKILL at the second
    _lower(resource.RLIMIT_CORE, 0)
    if not bounds.writes:
        _lower(resource.RLIMIT_FSIZE, 0)
    if bounds.sealed:
        _lower(resource.RLIMIT_NOFILE, _with_room_for(bounds.files))


def _with_room_for(files: int) -> int:
    """The limit under which so many more files can be opened: it is on the number that a file gets."""
    limit = 0
    while files:
        try:
            os.fstat(limit)
        except OSError:
            files -= 1
        limit += 1
    return limit


def _lower(which: int, most: int, grace: int = 0) -> None:
    """Set a limit, no higher than the ones in force; a system that knows no such limit goes without."""
    soft, hard = resource.getrlimit(which)
    soft, hard = _least(most, soft, hard), _least(most + grace, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(which, (soft, hard))


def _least(*limits: int) -> int:
    return min(limit for limit in limits if limit != resource.RLIM_INFINITY)


def _mapped() -> int:
    """Bytes of address space that this process has mapped; where the system does not list them, a usual figure."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - no path of anybody's
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 512 << 20


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, even if the parent was killed."""
    while os.getppid() == parent:
        threading.Event().wait(1.0)
    os._exit(1)
