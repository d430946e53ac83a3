"""Connections: uvicorn and h11, with bounds on what a client may leave undone.

A header must be whole within some seconds of its first byte, or of the connection; an idle connection is held for a
while; one whose answer is not taken is dropped. Where no more connections can be held, a new one takes the place of the
one that has waited for a request longest. Nothing here knows what is served.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any, ClassVar, cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from openproposals.errors import UsageError, reason
from openproposals.guards import memory

_HEADER_BYTES = 16 << 10  # of a request's line and headers
_HEADER_SECONDS = 10.0
_IDLE_SECONDS = 75  # between two requests on a connection
_STOP_SECONDS = 10  # for answers that are under way when the server is stopped
_TAKEN_SECONDS = 30.0  # for what was sent to be taken so far that more can be sent, or the connection closed
_LINGER_SECONDS = 2.0  # for the answer to be read, by a client that is still sending
_HELD_BYTES = 4096  # that wait for what follows
_BACKLOG = 2048
_SPARE = 256  # files that are not connections


class BoundedProtocol(H11Protocol):
    """A connection. Its header is cut off where it does not come to an end; so is a body that nobody waits for."""

    most = 0  # connections held at the same time; 0 for any number
    waiting: ClassVar[dict[BoundedProtocol, None]] = {}  # for a request, the longest first
    _late: asyncio.TimerHandle | None = None
    _untaken: asyncio.TimerHandle | None = None
    _lingering = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a header; one connection too many takes the place of another, or is closed."""
        super().connection_made(cast(asyncio.Transport, _Gathering(transport, self.loop)))
        if self.most and len(self.connections) > self.most:
            longest = next(iter(self.waiting), self)
            self.waiting.pop(longest, None)
            longest.transport.abort()
            if longest is self:
                return
        self._wait_for_header()
        self._placed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self.waiting.pop(self, None)
        self._wait_no_more()
        self._taken()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; from the first byte of a header on, the rest of it is waited for."""
        if self._lingering:
            return
        for begin in range(0, len(data), _HEADER_BYTES):  # what h11 is given at once, it does not measure
            if self.transport.is_closing():
                return
            super().data_received(data[begin : begin + _HEADER_BYTES])
        if self.conn.their_state is h11.IDLE and self.timeout_keep_alive_task is None:
            self._wait_for_header()
        else:
            self._wait_no_more()
        self._placed()

    def on_response_complete(self) -> None:
        """Go on to the next request; a request whose body is still coming has no next one."""
        unread = self.conn.their_state is h11.SEND_BODY
        super().on_response_complete()
        if unread and not self.transport.is_closing():  # an answer would be lost if the connection were cut at once
            self._lingering = True
            self.transport.write_eof()
            self.loop.call_later(_LINGER_SECONDS, self.transport.abort)
        self._placed()

    def pause_writing(self) -> None:
        """Send no more until what is sent is taken, for which there is some time."""
        super().pause_writing()
        if self._untaken is None:
            self._untaken = self.loop.call_later(_TAKEN_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Send on."""
        self._taken()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Drop an idle connection, together with what its client has not taken."""
        self.transport.abort()

    def _placed(self) -> None:
        """Take a place among those that wait for a request, or give it up."""
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.waiting.setdefault(self)
        else:
            self.waiting.pop(self, None)

    def _taken(self) -> None:
        if self._untaken is not None:
            self._untaken.cancel()
            self._untaken = None

    def _wait_for_header(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(_HEADER_SECONDS, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


class _Gathering:
    """A transport that sends a head together with what follows; once closed, it waits a while for that to be taken."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send bytes; few of them are held until more come, or nothing more is done now."""
        if self._held:
            data, self._held = self._held + data, b""
        elif 0 < len(data) <= _HELD_BYTES:
            self._loop.call_soon(self._flush)
            self._held = data
            return
        self._transport.write(data)

    def write_eof(self) -> None:
        """Send what is held; nothing more comes."""
        self._flush()
        self._transport.write_eof()

    def close(self) -> None:
        """Close it once what was sent is taken, and in any case after a while."""
        self._flush()
        self._transport.close()
        if self._transport.get_write_buffer_size():
            self._loop.call_later(_TAKEN_SECONDS, self._transport.abort)

    def _flush(self) -> None:
        if self._held:
            self.write(b"")


class StoppingServer(uvicorn.Server):
    """A server that Ctrl-C and SIGTERM end in order: answers under way are finished, and the exit code is 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals while the server runs."""
        before = {each: signal.signal(each, self._stop) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.force_exit = self.should_exit  # the second signal waits for nothing
        self.should_exit = True


@dataclass(frozen=True)
class Bound:
    """A listening socket and its port."""

    socket: socket.socket

    @property
    def port(self) -> int:
        """Its port, also where any was asked for."""
        return int(self.socket.getsockname()[1])


def bound(host: str, port: int) -> Bound:
    """A listening socket. Raises UsageError: the address cannot be had."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(_BACKLOG)
        made.setblocking(False)
    except OSError as error:
        raise UsageError("serve-address", host=host, port=port, because=reason(error)) from error
    return Bound(made)


async def serve(application: Callable[..., Any], listening: Bound) -> None:
    """Answer requests until a signal ends it."""
    logging.getLogger("uvicorn.error").disabled = True  # what a client does wrong is in the access log
    most = max(64, memory.open_files() - _SPARE)
    protocol = type("Connection", (BoundedProtocol,), {"most": most, "waiting": {}})
    config = uvicorn.Config(
        application,
        http=protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1,::1",
        backlog=_BACKLOG,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        h11_max_incomplete_event_size=_HEADER_BYTES,
    )
    with contextlib.suppress(asyncio.CancelledError):
        await StoppingServer(config).serve(sockets=[listening.socket])
