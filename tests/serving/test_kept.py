"""Answers that are kept: asked again, a query is answered without a worker, and never by the answer to another."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from openproposals.serving import protocol
from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.pool import Pool, QueryBounds, RunningQuery
from openproposals.serving.protocol import Asked
from openproposals.serving.requests import HttpRequest, Message, Refused
from openproposals.serving.spool import Spool
from support.serving import Server


class CountingPool(Pool):
    """Answers each query by what it was told, and counts them."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"), [], QueryBounds())
        self.asked_for: list[dict[str, object]] = []

    def begin(self, request: bytes, client: str) -> RunningQuery:
        """Answer at once."""
        told = json.loads(request)
        self.asked_for.append(told)
        self._inside[client] += 1
        spool = Spool()
        kind = "triples" if told["query"].startswith("CONSTRUCT") else "rows"
        spool.head = f"{kind} {told[kind]}"
        if told[kind]:
            spool.put(request)
        spool.finish()
        return RunningQuery(spool, asyncio.create_task(asyncio.sleep(0)), self, client)


def reply_to(asked: Asked, accept: str = "", **given: str) -> tuple[str, bytes]:
    """The media type and the body of an answer."""

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {}

    async def replied() -> tuple[str, bytes]:
        request = HttpRequest("GET", "/sparql", urlencode(given), {"accept": accept}, "192.0.2.1", receive)
        question = await protocol.asked(request)
        assert question
        reply = await protocol.reply(request, question, asked)
        assert isinstance(reply.body, bytes)
        return reply.headers["content-type"], reply.body

    return asyncio.run(replied())


def test_a_query_is_asked_once_for_each_form_dataset_and_store() -> None:
    """All that a worker is told tells answers apart; what differs in the media type alone shares the bytes."""
    pool, kept, graphs = CountingPool(), MemoryCache(1 << 20), ["urn:a", "urn:b"]
    asked = Asked(pool, "http://x/sparql", graphs, kept)
    ways: list[tuple[str, dict[str, str]]] = [
        ("", {"query": "ASK {}"}),
        ("text/csv", {"query": "ASK {}"}),
        ("text/tab-separated-values", {"query": "ASK {}"}),
        ("", {"query": "ASK { }"}),
        ("", {"query": "ASK {}", "default-graph-uri": "urn:a"}),
        ("", {"query": "ASK {}", "default-graph-uri": "urn:b"}),
        ("", {"query": "ASK {}", "named-graph-uri": "urn:a"}),
        ("", {"query": "CONSTRUCT WHERE {}"}),
    ]
    first = [reply_to(asked, accept, **given) for accept, given in ways]
    assert len({body for _, body in first}) == len(ways)
    many = len(pool.asked_for)
    assert [reply_to(asked, accept, **given) for accept, given in reversed(ways)] == [*reversed(first)]
    assert len(pool.asked_for) == many
    media, body = reply_to(asked, "application/json, text/turtle", query="ASK {}")
    assert (media, body) == ("application/json", first[0][1])
    assert (first[0][0], len(pool.asked_for)) == ("application/sparql-results+json", many)
    for other in (
        Asked(pool, "http://x/sparql", graphs, MemoryCache(1 << 20)),  # of another release
        Asked(pool, "http://y/sparql", graphs, kept),
        Asked(pool, "http://x/sparql"),  # a store that may be changed
        Asked(pool, "http://x/sparql"),
    ):
        many = len(pool.asked_for)
        reply_to(other, query="ASK {}")
        assert len(pool.asked_for) == many + 1


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?t) {}", "SELECT (rand() AS ?t) {}", "ASK { FILTER(\\u004eOW()) }",
                                   "SELECT (UUID() AS ?t) {}", "SELECT (STRUUID() AS ?t) {}"])  # fmt: skip
def test_what_differs_each_time_is_not_kept(query: str) -> None:
    """However its functions are spelt."""
    pool = CountingPool()
    asked = Asked(pool, "", [], MemoryCache(1 << 20))
    for _ in range(3):
        reply_to(asked, query=query)
    assert len(pool.asked_for) == 3


def test_a_refusal_is_not_kept() -> None:
    """Nor what nobody takes a form of, which a worker does not write."""
    pool = CountingPool()
    asked = Asked(pool, "", [], MemoryCache(1 << 20))
    for _ in range(2):
        with pytest.raises(Refused, match="no_form"):
            reply_to(asked, "text/turtle", query="ASK {}")
    assert len(pool.asked_for) == 2
    assert reply_to(asked, "text/csv", query="ASK {}")[1]


def test_the_room_for_answers_is_bounded() -> None:
    """Keys count, too: long queries with short answers hold no more than is given."""
    memory = MemoryCache(100_000)
    for number in range(1000):
        memory.keep((f"{number}" + "é" * 2000,), b"true")
    held = sum(memory.found((f"{number}" + "é" * 2000,)) is not None for number in range(1000))
    assert 0 < held * 4000 <= 100_000
    memory.keep(("large",), b"x" * 20_000)
    assert memory.found(("large",)) is None


@pytest.mark.slow
def test_asked_again_the_answer_is_the_same(server: Server) -> None:
    """Byte for byte, with the same headers, also as a head; and random numbers are random each time."""
    path = "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 7 # again"})
    for accept in ("application/json", "text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
        first, again = server.ask(path, accept=accept), server.ask(path, accept=accept)
        assert (first.status, first.body, first.media) == (200, again.body, accept)
        assert first.headers.keys() == again.headers.keys()
        assert server.ask(path, "HEAD", accept=accept).headers["content-length"] == str(len(first.body))
    random = "/sparql?" + urlencode({"query": "SELECT (RAND() AS ?n) {}"})
    assert len({server.ask(random).body for _ in range(20)}) == 20  # from several processes of one origin
