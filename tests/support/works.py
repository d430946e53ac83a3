"""Work for a child process (guards/child.py): some of it goes out of its bounds, some tries what it may not do."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from openproposals.errors import ReleaseError, UsageError, because
from openproposals.guards.frames import FrameSink, OpenedTask
from openproposals.messages import Phrase


def echo(payload: bytes, arguments: Sequence[str]) -> bytes:
    """The payload and the arguments."""
    return b" ".join([payload, *(a.encode() for a in arguments)])


def printing(payload: bytes, arguments: Sequence[str]) -> bytes:
    """Print what no answer is, as a library may."""
    print("noise")
    os.write(1, b"more noise\n")
    return payload


def greedy(payload: bytes, arguments: Sequence[str]) -> bytes:
    """Take memory until there is none."""
    kept = []
    while True:
        kept.append(bytearray(1 << 24))


def busy(payload: bytes, arguments: Sequence[str]) -> bytes:
    """Never end, on the processor."""
    while True:
        pass


def asleep(payload: bytes, arguments: Sequence[str]) -> bytes:
    """Never end, off it."""
    time.sleep(600)
    return payload


def lost(payload: bytes, arguments: Sequence[str]) -> bytes:
    """Crash as C does."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return payload


def wrong(payload: bytes, arguments: Sequence[str]) -> bytes:
    """A fault of Python's."""
    raise ValueError(payload)


def refusing(payload: bytes, arguments: Sequence[str]) -> bytes:
    """An error of ours."""
    raise UsageError("no-such-place", named=f"no\ud800 {payload.decode()}", sources="sources", releases="dist")


def reasoning(payload: bytes, arguments: Sequence[str]) -> bytes:
    """An error of ours whose reason is a phrase, and a fact of it another."""
    held = Phrase("errors", "kinds.site")
    inner = because("key-twice", key=Phrase("errors", "kinds.dumps"))
    raise ReleaseError("out-holds-another-kind", because=inner, folder=Path("x"), found=held, wanted="y")


def endless(payload: bytes, arguments: Sequence[str]) -> bytes:
    """Answer without end, on whatever is open."""
    while True:
        for number in range(1, 32):
            try:
                os.write(number, b"gave\n" + b"x" * 4096)
            except OSError:
                continue


def reaching(payload: bytes, arguments: Sequence[str]) -> bytes:
    """What can be opened of a file, a socket, a pipe."""
    opened = []
    for name, way in (
        ("file", lambda: os.open("/etc/hostname", os.O_RDONLY)),
        ("socket", socket.socket),
        ("pipe", os.pipe),
    ):
        try:
            way()
            opened.append(name)
        except OSError:
            continue
    return " ".join(opened).encode()


def imported(payload: bytes, arguments: Sequence[str]) -> bytes:
    """From where the package was imported, and the folders to import from."""
    import openproposals

    return "\n".join([str(openproposals.__file__), *sys.path]).encode()


def told_again(*arguments: str) -> OpenedTask:
    """A lasting task: what it was opened with and its process, then the request; "end" ends the process."""

    def answer(request: bytes, sink: FrameSink) -> None:
        if request == b"end":
            os._exit(3)
        if request == b"wrong":
            raise UsageError("no-update", because="wrong")
        sink.write(f"{' '.join(arguments)} {os.getpid()} ".encode() + request)

    if "unreadable" in arguments:
        raise UsageError("no-update", because="unreadable")
    if "broken" in arguments:
        raise RuntimeError
    return OpenedTask(answer)
