"""Work on a stranger's bytes in a child process, with bounds on memory, processor time and wall-clock time.

A parser that crashes, hangs or fills the memory takes its own process with it, and nothing else. Once its modules are
imported, a child of `sealed` work can open no file and no socket: its limit of open files is zero (POSIX, setrlimit).

    child.run(sparql.answer, data, Bounds(memory=768 << 20, seconds=20))
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

from openproposals import errors

Reason = Literal["memory", "time", "crash"]
Work = Callable[[bytes, Sequence[str]], bytes]  # of a payload and a few short arguments

_BEGIN = "import sys; sys.path[:] = sys.argv[5:]; from openproposals.guards import child; child.main(*sys.argv[1:5])"
_LOST = 97  # the exit code of a child that was out of memory and could still say so
_HELD = 1 << 20  # bytes kept back for that


@dataclass(frozen=True)
class Bounds:
    """How far a child may go: bytes of memory beyond what an idle one has, and seconds, of processor and of the wall.

    `sealed`: no file and no socket is opened by the work.
    """

    memory: int
    seconds: float
    sealed: bool = True


class OutOfBounds(Exception):  # noqa: N818 - a verdict, which the caller puts into words
    """The work needed more than it may have, or crashed its process; `reason` says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def run(work: Work | str, payload: bytes, bounds: Bounds, arguments: Sequence[str] = ()) -> bytes:
    """What `work(payload, arguments)` gives, done in a child. `work` is a function at the top of a module.

    It may be named, as "module:function", where only the child has to import its module.

    Raises OutOfBounds, and whatever error of ours (`OpenproposalsError`) the work raises.
    """
    what = work if isinstance(work, str) else f"{work.__module__}:{work.__qualname__}"
    limits = json.dumps([bounds.memory, bounds.seconds, bounds.sealed])
    flags = ["-I" if sys.flags.isolated else "-P"]
    command = [sys.executable, *flags, "-c", _BEGIN, what, limits, json.dumps(list(arguments)), str(os.getpid())]
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, *sys.path], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        try:
            said, _ = process.communicate(payload, timeout=bounds.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise OutOfBounds("time") from None
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise OutOfBounds(_reason(process.returncode))
    kind, _, body = said.partition(b"\n")
    if kind == b"gave":
        return body
    if kind == b"raised":
        name, key, because, facts = json.loads(body)
        raise getattr(errors, name)(key, because=because, **facts)
    raise OutOfBounds("crash")


def _reason(code: int) -> Reason:
    """Why a child ended so: an allocation that fails aborts (SIGABRT), the limit of processor time sends SIGXCPU."""
    if code in (_LOST, -signal.SIGABRT):
        return "memory"
    return "time" if code in (-signal.SIGXCPU, -signal.SIGKILL) else "crash"


def main(what: str, limits: str, arguments: str, parent: str) -> None:
    """In the child: import the work, take the payload, bound the process, do the work, say what it gave."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    module, _, name = what.partition(":")
    work: Work = getattr(importlib.import_module(module), name)
    memory, seconds, sealed = json.loads(limits)
    out = sys.stdout.buffer
    threading.Thread(target=_end_with, args=[int(parent)], daemon=True).start()
    payload = sys.stdin.buffer.read()
    _bound(memory, seconds, sealed)
    held = bytearray(_HELD)
    try:
        body = work(payload, json.loads(arguments))
        out.write(b"gave\n")
        out.write(body)
    except errors.OpenproposalsError as error:
        _raised(out, error)
    except MemoryError:
        del held
        os._exit(_LOST)
    out.flush()
    os._exit(0)  # nothing is torn down: the system does that faster


def _raised(out: BinaryIO, error: errors.OpenproposalsError) -> None:
    out.write(b"raised\n")
    out.write(json.dumps([type(error).__name__, error.key, error.because, error.facts], default=str).encode())


def _bound(memory: int, seconds: float, sealed: bool) -> None:
    """Lower this process's limits. What it has mapped so far, the payload with it, is not counted."""
    _lower(resource.RLIMIT_AS, _mapped() + memory)
    _lower(resource.RLIMIT_CPU, int(seconds) + 1)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    if sealed:
        _lower(resource.RLIMIT_NOFILE, 0)


def _lower(which: int, most: int) -> None:
    """Set a limit, no higher than the one in force; a system that knows no such limit goes without."""
    hard = resource.getrlimit(which)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(which, (most, most))


def _mapped() -> int:
    """Bytes of address space that this process has mapped; where the system does not list them, a usual figure."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - no path of anybody's
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 512 << 20


def _end_with(parent: int) -> None:
    """End when the one that asks has ended, also if it was killed."""
    while os.getppid() == parent:
        threading.Event().wait(1.0)
    os._exit(1)
