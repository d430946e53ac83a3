"""From a request to its answer: the ASGI application.

/health, /sparql        the server's own
/search, /reconcile     what a release names, by words and numbers; /oembed, the card of a statistic
/openapi.json           all of this, described
/update, /query         a store that may be changed, where one was asked for
/<corpus>/...           the files of a release, and its items by content negotiation; /<corpus>/changes
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import Any

from openproposals.errors import OpenproposalsError
from openproposals.serving import activities, cards, describing, finding, items, openapi, protocol, suggesting
from openproposals.serving.entities import Entities
from openproposals.serving.generations import Generation, Generations, Log
from openproposals.serving.host_names import Hosts
from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.offers import ChangedError
from openproposals.serving.pool import Pool
from openproposals.serving.protocol import Asked
from openproposals.serving.replies import Reply, as_json, elsewhere, problem
from openproposals.serving.requests import BodyRoom, HttpRequest, Message, Receive, Refused, Send, client_of, until_gone

_MEMORY = 64 << 20  # bytes of small answers that are kept
_SEND_SECONDS = 30.0  # for a piece of an answer to be taken
_WHOLE_SECONDS, _SLOWEST = 60.0, 20_000  # for a whole answer, and the bytes a second that a slow client takes
_PIECE = 1 << 16  # bytes of an answer that are sent at once
_LEFT = 499  # in the log: the client went away before it was answered
_READ = ("GET", "HEAD")


class Application:
    """The ASGI application. `log` is given a line for each answer, as a mapping.

    writable: the pool of a store that may be changed, at /update and /query, or None.
    """

    def __init__(self, generations: Generations, hosts: Hosts, log: Log, writable: Pool | None = None) -> None:
        self._writable = writable
        self._generations, self._hosts, self._log = generations, hosts, log
        self._memory, self._room = MemoryCache(_MEMORY), BodyRoom()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request, and log it. A client that goes away, or is too slow, is let go."""
        if scope["type"] != "http":
            return
        begun, reply, sent, status = time.monotonic(), Reply(), -1, 500
        try:
            reply = (await self._reply(scope, receive)).finished()
            status = reply.status
            sent = await _sent(reply, receive, send, head=scope["method"] == "HEAD")
        except (ConnectionError, TimeoutError):  # the connection is closed, without the end of the body
            status = _LEFT if status == 500 else status
        finally:
            if not isinstance(reply.body, bytes):
                await reply.body.aclose()
            self._log(_line(scope, status, sent, time.monotonic() - begun))

    async def _reply(self, scope: Mapping[str, Any], receive: Receive) -> Reply:
        language = "en"
        try:
            request = HttpRequest.of(scope, receive, self._hosts.prefix, self._room)
            language = request.language
            self._hosts.check(request.headers.get("host", ""))
            return await self._routed(request, self._generations.now)
        except Refused as refused:
            return problem(refused, language)
        except OpenproposalsError as error:  # of a query of our own
            return protocol.told(error, language)
        except ChangedError:  # the next look at the release finds the new one
            return problem(Refused(503, "changing", retry=2), language)

    async def _routed(self, request: HttpRequest, now: Generation) -> Reply:
        """The answer of the one part that the path names."""
        if request.method == "OPTIONS":
            return Reply(
                204,
                {
                    "allow": "GET, HEAD, POST" if request.path in ("/sparql", "/reconcile") else "GET, HEAD",
                    **_PREFLIGHT,
                },
            )
        if request.path == "/update" and self._writable:
            return await protocol.changed(request, self._writable, f"{self._hosts.public}/update")
        if request.path == "/query" and self._writable:
            question = await protocol.asked(request)
            if question is None:
                raise Refused(400, "no_query")
            return await protocol.reply(request, question, Asked(self._writable, f"{self._hosts.public}/query"))
        if request.path == "/sparql":
            return await self._asked(request, now)
        if request.path == "/reconcile" and request.method in (*_READ, "POST"):
            return await finding.reconciled(request, _indexed(now), now.space, self._hosts.public)
        if request.method not in _READ:
            raise Refused(405, "read_only", headers={"allow": ", ".join(_READ)})
        if request.path == "/health":
            return as_json({"status": "ok", "releases": {place: offer.version for place, offer in now.offers.items()}})
        if what := suggesting.named(request.path):
            return suggesting.reply(request, what, _indexed(now))
        if request.path == "/search":
            return finding.searched(request, _indexed(now))
        if request.path == "/oembed":
            return await cards.reply(request, now.offers, self._hosts.public)
        if request.path == "/openapi.json":
            return as_json(openapi.description(self._hosts.public, now.corpora))
        if request.path == "":  # the base path without its slash
            return elsewhere(f"{self._hosts.prefix}/")
        if request.path in ("/", "/.well-known/void"):
            first = f"{self._hosts.prefix}/{next(iter(now.offers))}/"
            return elsewhere(first if request.path == "/" else f"{self._hosts.prefix}/sparql")
        found = now.placed(request.path)
        if found is None:
            raise Refused(404, "nothing")
        offer, name = found
        if name is None:
            return elsewhere(f"{self._hosts.prefix}{request.path}/")
        reply = await items.reply(request, offer, name, self._memory)
        if reply is None and name == "changes":
            reply = await activities.reply(request, offer, now.pool, self._memory, self._hosts.public)
        if reply is None:
            reply = await items.described(request, offer, name, now.pool, self._memory)
        if reply is None:
            raise Refused(404, "nothing")
        return reply

    async def _asked(self, request: HttpRequest, now: Generation) -> Reply:
        """The answer to a query; without one, what can be asked here: the query page, or the service description."""
        found = await protocol.asked(request)
        if found:
            asked = Asked(now.pool, f"{self._hosts.public}/sparql", now.store.graphs, now.answers, now.examples)
            return await protocol.reply(request, found, asked)
        return describing.reply(request, now.offers, now.store.graphs, self._hosts)


_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST",
    "access-control-allow-headers": "accept, accept-language, content-type, if-none-match, range",
    "access-control-max-age": "86400",
}


def _indexed(now: Generation) -> Entities:
    """The index of names. Raises Refused: it is not made yet, or the releases are too large for one."""
    if now.index.never:
        raise Refused(501, "many_names")
    if now.index.entities is None:
        raise Refused(503, "no_index", retry=5)
    return now.index.entities


async def _sent(reply: Reply, receive: Receive, send: Send, *, head: bool) -> int:
    """Send an answer; the bytes of its body.

    Raises TimeoutError for a client that takes it too slowly, ConnectionResetError for one that went away.
    """
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if isinstance(reply.body, bytes) and (head or len(reply.body) <= _PIECE):
        await send({"type": "http.response.body", "body": reply.body})
        return 0 if head else len(reply.body)
    gone = asyncio.create_task(until_gone(receive))
    try:
        return await _streamed(_cut(reply.body) if isinstance(reply.body, bytes) else reply.body, send, gone, head=head)
    finally:
        gone.cancel()


async def _streamed(pieces: AsyncIterable[bytes], send: Send, gone: asyncio.Task[None], *, head: bool) -> int:
    begun, sent = time.monotonic(), 0
    async for piece in pieces:
        if head:
            break
        if gone.done():
            raise ConnectionResetError
        message: Message = {"type": "http.response.body", "body": piece, "more_body": True}
        async with asyncio.timeout(_SEND_SECONDS):
            await send(message)
        sent += len(piece)
        if time.monotonic() - begun > _WHOLE_SECONDS + sent / _SLOWEST:
            raise TimeoutError
    await send({"type": "http.response.body", "body": b""})
    return sent


async def _cut(data: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(data), _PIECE):
        yield data[begin : begin + _PIECE]


def _line(scope: Mapping[str, Any], status: int, sent: int, seconds: float) -> dict[str, object]:
    """What the log says of an answer; bytes are -1 for one that was not taken whole."""
    agent = next((value for name, value in scope["headers"] if name == b"user-agent"), b"")
    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "client": client_of(scope),
        "method": scope["method"][:20],
        "target": (scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")).decode(
            "latin-1"
        )[:500],
        "status": status,
        "bytes": sent,
        "ms": round(seconds * 1000, 1),
        "agent": agent.decode("latin-1")[:200],
    }
