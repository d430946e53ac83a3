"""Clients that hold what a server has: its memory with bodies and answers they do not take, its connections."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from openproposals.serving import listening
from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.pool import Pool, QueryBounds
from openproposals.serving.requests import BodyRoom, HttpRequest, Message, Refused, client_of

REST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
Client = Callable[[int], Awaitable[None]]


def request(pieces: list[bytes], room: BodyRoom) -> HttpRequest:
    """A request whose body comes in these pieces, and then nothing more."""
    coming = iter(pieces)

    async def receive() -> Message:
        await asyncio.sleep(0)
        piece = next(coming, None)
        if piece is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": piece != b""}

    return HttpRequest("POST", "/sparql", "", {}, "", receive, room=room)


def test_bodies_have_a_room_in_common() -> None:
    """Large bodies that come at once are refused beyond it; a small one always finds room; what is let go is free."""
    room = BodyRoom(1 << 20)

    async def all_of_them() -> list[bytes | BaseException]:
        large = [asyncio.create_task(request([b"x" * 500_000], room).body(4 << 20)) for _ in range(5)]
        await asyncio.sleep(0.01)
        small = await request([b"y" * 10_000, b""], room).body(4 << 20)
        assert small == b"y" * 10_000
        ended = [each for each in large if each.done()]
        for each in large:
            each.cancel()
        return await asyncio.gather(*ended, return_exceptions=True)

    refused = asyncio.run(all_of_them())
    assert len(refused) == 3  # two of 436 kB beyond what is free fit in 1 MB
    assert all(isinstance(each, Refused) and each.status == 503 and each.retry for each in refused)
    assert room.left == 1 << 20


def test_what_many_ask_for_at_once_is_made_once() -> None:
    """All get it; a failure is told to those who waited for it, and the next one tries again."""
    made: list[str] = []

    async def make() -> bytes:
        made.append("begun")
        await asyncio.sleep(0)
        if len(made) == 1:
            raise ConnectionError
        return b"x" * 10

    async def asked() -> None:
        memory = MemoryCache(10_000)
        failed = await asyncio.gather(*(memory.get(("a",), make) for _ in range(5)), return_exceptions=True)
        assert [type(each) for each in failed] == [ConnectionError] * 5
        assert await asyncio.gather(*(memory.get(("a",), make) for _ in range(5))) == [b"x" * 10] * 5
        assert await memory.get(("a",), make) == b"x" * 10

    asyncio.run(asked())
    assert len(made) == 2


def test_an_address_is_one() -> None:
    """What a proxy gives is an address or nothing, and a network of IPv6 is one client."""
    assert client_of({"client": ("192.0.2.1", 1)}) == "192.0.2.1"
    assert client_of({"client": ("<script>" + "x" * 10_000, 0)}) == ""
    assert client_of({}) == ""

    async def asked() -> None:
        pool = Pool(Path("nowhere"), [], QueryBounds(each=2, patience=0.01))
        begun = [pool.begin(b"", address) for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")]
        with pytest.raises(Refused) as refused:
            pool.begin(b"", "2001:db8::3")
        assert refused.value.status == 429
        await pool.close()
        for each in begun:
            each.spool.close()

    asyncio.run(asked())


def beside(client: Client, answer: bytes = b"ok") -> None:
    """Run a client beside a server that has room for 64 connections and gives this answer to everything."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for begin in range(0, len(answer), 1 << 16):
            piece = answer[begin : begin + (1 << 16)]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def both() -> None:
        bound = listening.bound("127.0.0.1", 0)
        server = asyncio.create_task(listening.serve(application, bound))
        try:
            await client(bound.port)
        finally:
            signal.raise_signal(signal.SIGTERM)
            await server

    asyncio.run(both())


def test_a_new_connection_takes_the_place_of_an_idle_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds all connections holds nobody up: the one that has waited longest is closed for the next."""
    monkeypatch.setattr(listening.memory, "open_files", lambda: 0)

    async def client(port: int) -> None:
        idle = []
        for n in range(70):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            if n % 2:
                writer.write(REST)
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            idle.append((reader, writer))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REST)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        for reader, _ in idle[:7]:
            await asyncio.wait_for(reader.read(), 5)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(idle[69][0].readuntil(b"never"), 0.1)
        for _, each in [*idle, (reader, writer)]:
            each.close()
            with contextlib.suppress(ConnectionError):
                await each.wait_closed()

    beside(client)


@pytest.mark.parametrize("head", [REST * 30, REST.replace(b"localhost", b"localhost\r\nConnection: close")])
def test_an_answer_that_is_not_taken_is_dropped(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the client asked, and whatever is still to be sent: its connection ends."""
    monkeypatch.setattr(listening, "_TAKEN_SECONDS", 0.3)

    async def client(port: int) -> None:
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        held.connect(("127.0.0.1", port))
        held.sendall(head)
        await asyncio.sleep(1)
        held.settimeout(5)
        taken = 0
        while piece := held.recv(1 << 20):
            taken += len(piece)
        assert taken < 3_000_000
        held.close()

    beside(client, b"x" * 3_000_000)
