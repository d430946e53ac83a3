"""A process that has imported what its children need, and forks one in milliseconds.

It opens nothing that they need and has one thread, so that what it forks is whole. For each child it is sent two ends:
of the connection on which the child is asked, and of a pipe, into which it writes the exit code when the child has
ended. It ends with its parent, and its children with it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO, NoReturn

from openproposals import errors
from openproposals.guards import child
from openproposals.guards.child import Bounds
from openproposals.guards.frames import END, LENGTH, RAISED, READY, FrameSink, LastingTask, OpenedTask


def main(what: str, limits: str, arguments: str, parent: str) -> NoReturn:
    """Import the work, then fork a child for each two ends that come, until nothing comes any more."""
    del parent  # whose end is the end of what comes
    connection, opened = _begun(what)
    with socket.socket(fileno=connection) as asked:
        gc.freeze()  # what is here now is shared with the children, and not looked through by them
        _fork(asked, lambda each: _child(opened, limits, arguments, each))
    os._exit(0)


def alone(what: str, limits: str, arguments: str, parent: str) -> NoReturn:
    """Be such a child, in a process that is not forked."""
    connection, opened = _begun(what)
    child.end_with(int(parent))
    _child(opened, limits, arguments, connection)


def _begun(what: str) -> tuple[int, Callable[..., OpenedTask]]:
    """The connection to the parent, and the function that opens what the work needs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    connection = os.dup(0)
    for number in (0, 1):
        os.dup2(2, number)  # to nowhere
    opened: Callable[..., OpenedTask] = child.named(what)
    return connection, opened


def _fork(asked: socket.socket, begin: Callable[[int], object]) -> None:
    """Fork children, and report the id and the end of each."""
    running: dict[int, int] = {}  # where the end of each child is reported, by its id
    heard, wakes = socket.socketpair()
    for each in (heard, wakes):
        each.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    with selectors.DefaultSelector() as ready:
        for each in (asked, heard):
            ready.register(each, selectors.EVENT_READ)
        while True:
            events = {key.fileobj for key, _ in ready.select()}
            with contextlib.suppress(BlockingIOError):
                heard.recv(1 << 10)
            _reap(running)
            if asked not in events:
                continue
            data, ends, _, _ = socket.recv_fds(asked, 1, 2)
            if not data:
                return
            parent = os.getpid()
            try:
                connection, report = ends
                pid = os.fork()
            except (OSError, ValueError):  # no process can be started, or no more files can be open here
                for number in ends:
                    os.close(number)
                continue
            if pid == 0:
                try:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for mine in (ready, asked, heard, wakes):
                        mine.close()
                    for number in (report, *running.values()):
                        os.close(number)
                    child.end_with(parent)
                    begin(connection)
                finally:
                    os._exit(1)
            os.close(connection)
            running[pid] = report
            with contextlib.suppress(OSError):
                os.write(report, b"%d\n" % pid)


def _reap(running: dict[int, int]) -> None:
    """Report each child that has ended, by its exit code (minus the signal that ended it)."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        report = running.pop(pid)
        with contextlib.suppress(OSError):  # nobody wants to know
            os.write(report, str(os.waitstatus_to_exitcode(status)).encode())
        os.close(report)


def _child(opened: Callable[..., OpenedTask], limits: str, arguments: str, connection: int) -> NoReturn:
    """In a child: open what the work needs, bound the process, then answer until nothing more is asked."""
    with os.fdopen(connection, "rb") as asked, os.fdopen(os.dup(connection), "wb") as out:
        sink = FrameSink(out)
        try:
            task = opened(*json.loads(arguments))
        except errors.OpenproposalsError as error:
            sink.frame(RAISED, child.told(error))
            os._exit(0)
        child.bound(replace(Bounds(*json.loads(limits)), files=task.files))
        sink.frame(READY, b"")
        held = bytearray(child.HELD)
        try:
            _answer(task.answer, asked, sink)
        except MemoryError:
            del held
            os._exit(child.LOST)
    os._exit(0)


def _answer(answer: LastingTask, asked: BinaryIO, sink: FrameSink) -> None:
    while length := asked.read(LENGTH.size):
        try:
            answer(asked.read(LENGTH.unpack(length)[0]), sink)
            sink.frame(END, b"")
        except errors.OpenproposalsError as error:
            sink.drop()
            sink.frame(RAISED, child.told(error))
