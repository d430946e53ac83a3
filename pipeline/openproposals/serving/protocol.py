"""The SPARQL 1.1 Protocol, query only: from a request to a query, and from what it gives to an answer."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from io import BufferedReader

from openproposals.errors import OpenproposalsError
from openproposals.messages import Language
from openproposals.serving.file_replies import pieces
from openproposals.serving.kept_answers import KeptAnswers
from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.negotiation import best
from openproposals.serving.pool import Pool, RunningQuery
from openproposals.serving.replies import Reply, explained
from openproposals.serving.requests import HttpRequest, Refused, pairs, until_gone

# By media type, the syntax as the engine has it; the first is what a client gets that takes anything.
ROWS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
TRIPLES = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "text/plain": "ntriples",
}
METHODS = ("GET", "HEAD", "POST")
_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_LARGEST = 4 << 20  # bytes of a request
_AT_ONCE = 1 << 20  # bytes of an answer that is read from its spool as a whole
_VARIES = re.compile(r"(?i)now|rand|uuid|\\u")  # may be in a query that has another answer each time; or may spell it


@dataclass(frozen=True)
class SparqlRequest:
    """A query, its dataset where the request gives one (None: no such parameter), and where it is asked."""

    query: str
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None


async def asked(request: HttpRequest) -> SparqlRequest | None:
    """The query of a request; None where it has none. Raises Refused: no request of the protocol, or an update."""
    if request.method not in METHODS:
        raise Refused(405, "query_only", headers={"allow": ", ".join(METHODS)})
    if request.method != "POST":
        return _read(pairs(request.query), None)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _UPDATE:
        raise Refused(403, "update")
    if kind not in (_FORM, _QUERY):
        raise Refused(415, "no_query_form", headers={"accept-post": f"{_FORM}, {_QUERY}"})
    if kind == _FORM:  # what the address says beside it counts too: left out, another graph would answer
        found = _read([*pairs(request.query), *await request.form(_LARGEST)], None)
    else:
        found = _read(pairs(request.query), _text(await request.body(_LARGEST)))
    if found is None:
        raise Refused(400, "no_query")
    return found


async def changed(request: HttpRequest, pool: Pool, base: str) -> Reply:
    """The answer to an update of a store that may be changed. Raises Refused.

    A page of any site can make a browser send a form here: a request that says that it comes from a page is refused.
    """
    if request.method != "POST":
        raise Refused(405, "query_only", headers={"allow": "POST"})
    if "origin" in request.headers or request.headers.get("sec-fetch-site", "none") != "none":
        raise Refused(403, "from_a_page")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (_FORM, _UPDATE):
        raise Refused(415, "no_query_form")
    sent = await request.form(_LARGEST) if kind == _FORM else [("update", _text(await request.body(_LARGEST)))]
    given = [*pairs(request.query), *sent]
    if any(name.startswith("using-") for name, _ in given):
        raise Refused(400, "no_using")
    texts = [value for name, value in given if name == "update"]
    if len(texts) != 1:
        raise Refused(400, "many_queries", n=len(texts))
    running = pool.begin(json.dumps({"update": texts[0], "base": base}).encode(), request.client)
    try:
        await running.spool.begun()
        return Reply(204)
    except OpenproposalsError as error:
        return told(error, request.language)
    finally:
        running.end()


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Refused(400, "no_utf8") from None


def _read(sent: list[tuple[str, str]], query: str | None) -> SparqlRequest | None:
    given: dict[str, list[str]] = {}
    for name, value in sent:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise Refused(403, "update")
    queries = [*given.get("query", []), *([query] if query is not None else [])]
    if len(queries) > 1:
        raise Refused(400, "many_queries", n=len(queries))
    default, named = given.get("default-graph-uri"), given.get("named-graph-uri")
    if not queries:
        return None
    return SparqlRequest(queries[0], tuple(default) if default else None, tuple(named) if named else None)


@dataclass(frozen=True)
class Asked:
    """What queries are asked of: a pool, and what it has answered already.

    graphs: those that there are. A store that may be changed has neither: any graph may be, and nothing is kept.
    base: the endpoint's own address, which relative IRIs of a query are relative to. kept, examples: what was answered
    of late, and the examples that were answered beforehand.
    """

    pool: Pool
    base: str
    graphs: Collection[str] | None = None
    kept: MemoryCache | None = None
    examples: KeptAnswers | None = None


async def reply(request: HttpRequest, found: SparqlRequest, asked: Asked) -> Reply:
    """The answer to a query. Raises Refused."""
    graphs = asked.graphs
    wanted = (*(found.default or ()), *(found.named or ()))
    unknown = next((each for each in wanted if graphs is not None and each not in graphs), None)
    if unknown is not None:
        raise Refused(400, "no_graph", graph=unknown[:200])
    accept = request.headers.get("accept", "")
    media = {"rows": best(accept, tuple(ROWS)), "triples": best(accept, tuple(TRIPLES))}
    if not any(media.values()):
        raise Refused(406, "no_form", headers={"vary": "accept"}, forms=", ".join([*ROWS, *TRIPLES]))
    payload = {
        "query": found.query,
        "base": asked.base,
        "default": found.default,
        "named": found.named,
        "rows": ROWS.get(media["rows"] or "", ""),
        "triples": TRIPLES.get(media["triples"] or "", ""),
    }
    told_whole = json.dumps(payload)
    keeps = None if _VARIES.search(found.query) else asked.kept
    known = keeps.found((told_whole,)) if keeps else None
    if known is not None:
        head, _, body = known.partition(b"\n")
        return Reply(200, _headers(media, head.decode()), body)
    if asked.examples and found.named is None and payload["rows"]:
        file = asked.examples.found(found.query, found.default, str(payload["rows"]))
        if file:
            return _from_disk(file, _headers(media, "rows"), keeps, told_whole)
    running = asked.pool.begin(told_whole.encode(), request.client)
    try:
        gone = asyncio.create_task(_gone(request, running))
        running.task.add_done_callback(lambda _: gone.cancel())
        await running.spool.begun(whole=request.closes)
        kind = running.spool.head.partition(" ")[0]
        headers = _headers(media, kind)
        if running.spool.done and running.spool.size > _AT_ONCE:
            headers["content-length"] = str(running.spool.size)
        elif running.spool.done:
            whole = await running.spool.whole()
            running.end()
            if keeps:
                keeps.keep((told_whole,), kind.encode() + b"\n" + whole)
            return Reply(200, headers, whole)
        return Reply(200, headers, SpooledBody(running))
    except OpenproposalsError as error:
        running.end()
        return told(error, request.language)
    except BaseException:
        running.end()
        raise


def _from_disk(file: BufferedReader, headers: dict[str, str], keeps: MemoryCache | None, asked: str) -> Reply:
    """An answer that is on the disk; a short one is kept in memory from now on."""
    size = os.fstat(file.fileno()).st_size
    if size > _AT_ONCE:
        return Reply(200, headers | {"content-length": str(size)}, pieces(file, 0, size))
    with file:
        data = file.read()
    if keeps:
        keeps.keep((asked,), b"rows\n" + data)
    return Reply(200, headers, data)


def _headers(media: Mapping[str, str | None], kind: str) -> dict[str, str]:
    """The headers of an answer of rows or of triples. Raises Refused: the client takes no form of these."""
    chosen = media[kind]
    if chosen is None:
        forms = ROWS if kind == "rows" else TRIPLES
        raise Refused(406, "no_form", headers={"vary": "accept"}, forms=", ".join(forms))
    return {"content-type": chosen if "json" in chosen else f"{chosen}; charset=utf-8", "vary": "accept"}


@dataclass(frozen=True)
class SpooledBody:
    """The body of an answer that is still being made. The query holds its place until `aclose`."""

    running: RunningQuery

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.running.spool.pieces()

    async def aclose(self) -> None:
        """It is sent, or nobody takes it."""
        self.running.end()


async def _gone(request: HttpRequest, running: RunningQuery) -> None:
    """Give the query up where its client has gone."""
    await until_gone(request.receive)
    running.give_up()


def told(error: OpenproposalsError, language: Language) -> Reply:
    """An error of the query in the words of a language: 400 for what is not asked so, 422 for what is too much."""
    said = error.words(language)
    detail = "\n".join(part for part in (said["why"], said["mend"]) if part)
    return explained(_STATUS.get(error.key, 500), said["what"], detail)


_STATUS = {
    "query-not-sparql": 400, "query-not-sparql-here": 400, "query-asks-a-server": 400, "query-is-an-update": 400,
    "query-failed": 400, "query-too-long": 413, "query-time": 422, "query-memory": 422, "query-crash": 422,
    "answer-too-large": 422, "no-update": 400, "query-reads-a-file": 400,
}  # fmt: skip
