"""An item of a release by content negotiation: its page, or its data in the syntax that the client takes best."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from urllib.parse import quote

from openproposals.model import rdf, schema
from openproposals.model.rdf import Syntax
from openproposals.serving import file_replies
from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.negotiation import best
from openproposals.serving.offers import Offer, OfferedFile
from openproposals.serving.pool import Pool
from openproposals.serving.replies import Reply, page_policy
from openproposals.serving.requests import HttpRequest, Refused

# By media type, the ending of its address. Data that stand in no file are made of the Turtle.
ENDINGS = {
    "text/html": ".html",
    "text/turtle": ".ttl",
    "application/ld+json": ".jsonld",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
    "application/json": ".jsonld",
}
_MADE: Mapping[str, Syntax] = {".nt": "ntriples", ".rdf": "rdfxml"}
_SYNTAXES: Mapping[str, Syntax] = {**_MADE, ".ttl": "turtle", ".jsonld": "jsonld"}
_IRI = re.compile(r"[a-z]+(?:-[a-z]+)*/[A-Za-z0-9][A-Za-z0-9._~-]*")
_LARGEST = 4 << 20  # bytes of data that are written in another syntax


async def reply(request: HttpRequest, offer: Offer, name: str, memory: MemoryCache) -> Reply | None:
    """The answer for a name in a release; None where the release has nothing of that name.

    Raises Refused: an item in none of the forms that the client takes; ChangedError.
    """
    file = offer.files.get(name)
    if file:
        return await file_replies.reply(
            request, file, memory, _page_headers(offer, name) if name.endswith(".html") else {}
        )
    stem, ending = _divided(name)
    if ending:
        data = offer.files.get(stem + ".ttl")
        return await _written(request, data, ending, memory, {}) if data else None
    return await _negotiated(request, offer, name, memory)


def _page_headers(offer: Offer, name: str) -> dict[str, str]:
    """The headers of a page: its policy, and where queries are answered (RFC 8631) or its card is (oEmbed).

    The page of a release beside the one that is asked names its graph.

    >>> here = Offer("x", "1", "http://e/", {})
    >>> _page_headers(here, "en/query.html")["link"], _page_headers(here, "statistic/S.html")["link"][:42]
    ('<../../sparql>; rel="service-desc"', '<../../oembed?url=http%3A%2F%2Fe%2Fstatist')
    >>> _page_headers(Offer("x", "1", "urn:e/", {}, beside=True), "query.html")["link"]
    '<../../../sparql?default-graph-uri=urn%3Ae%2Freleases%2F1>; rel="service-desc"'
    """
    policy, up = {"content-security-policy": page_policy(name)}, "../" * f"{offer.place}/{name}".count("/")
    if name.rpartition("/")[2] == "query.html":
        graph = f"?default-graph-uri={quote(offer.graph, safe='')}" if offer.beside else ""
        return policy | {"link": f'<{up}sparql{graph}>; rel="service-desc"'}
    if "statistic" in name.split("/")[-2:-1]:
        card = f"{up}oembed?url={quote(offer.base + name, safe='')}"
        return policy | {"link": f'<{card}>; rel="alternate"; type="application/json+oembed"'}
    return policy


async def described(request: HttpRequest, offer: Offer, name: str, pool: Pool, memory: MemoryCache) -> Reply | None:
    """What the store says of an IRI of the release that has no page: its triples, and those of its own parts (`#`).

    None where it says nothing. Raises Refused.
    """
    if not _IRI.fullmatch(name):
        return None
    iri = offer.base + name
    asked = f"""CONSTRUCT {{ <{iri}> ?p ?o . ?o ?q ?r }} {{
      <{iri}> ?p ?o OPTIONAL {{ ?o ?q ?r FILTER(STRSTARTS(STR(?o), "{iri}#")) }} }}"""
    lines = await pool.asked(asked, request.client, [offer.graph])
    if not lines:
        return None
    offered = [media for media in ENDINGS if media not in ("text/html", "application/json")]
    if len(lines) > _LARGEST:  # as the store gives it
        offered = ["application/n-triples"]
    media = best(request.headers.get("accept", ""), offered)
    if media is None:
        raise Refused(406, "no_form", headers={"vary": "accept"}, forms=", ".join(offered))
    data = lines if len(lines) > _LARGEST else await asyncio.to_thread(_sorted, lines, _SYNTAXES[ENDINGS[media]])
    tag = hashlib.sha256(data).hexdigest()
    return await file_replies.of_bytes(request, data, tag, f"{media}; charset=utf-8", memory, {"vary": "accept"})


def _sorted(ntriples: bytes, syntax: Syntax) -> bytes:
    return rdf.serialise(sorted(rdf.parse(ntriples, "ntriples"), key=str), syntax, schema.prefixes())


async def _negotiated(request: HttpRequest, offer: Offer, name: str, memory: MemoryCache) -> Reply | None:
    """The item of a name without an ending, or the home page of a folder, in the form that the client takes best."""
    here = {ending: f"{name}{ending}" for ending in ENDINGS.values()}
    if name == "" or name.endswith("/"):
        here = {".html": f"{name}index.html"}
    if name == "":  # the corpus's own IRI: as the hosting files have it (catalog/hosting.py)
        here |= {".jsonld": f"{offer.name}.jsonld", ".rdf": "catalog.rdf"}
        here |= {} if offer.parts else {".ttl": offer.dump}  # a dump in parts is no one file
    found = {ending: offer.files[path] for ending, path in here.items() if path in offer.files}
    if not found:
        return None
    can = {*found, *(_MADE if ".ttl" in found and name else ())}  # a site of an earlier version has fewer files
    offered = [media for media, ending in ENDINGS.items() if ending in can]
    media = best(request.headers.get("accept", ""), offered)
    if media is None:
        raise Refused(406, "no_form", headers={"vary": "accept"}, forms=", ".join(offered))
    ending = ENDINGS[media]
    place = here.get(ending, name + ending)
    headers = {"vary": "accept", "content-location": place.rpartition("/")[2] or place}
    if ending == ".html":
        headers |= _page_headers(offer, place)
    if ending in found:
        return await file_replies.reply(request, found[ending], memory, headers)
    return await _written(request, found[".ttl"], ending, memory, headers)


async def _written(
    request: HttpRequest, turtle: OfferedFile, ending: str, memory: MemoryCache, headers: Mapping[str, str]
) -> Reply:
    """Data in a syntax of which there is no file. Raises Refused for too many of them, and ChangedError."""
    if turtle.size > _LARGEST:
        raise Refused(406, "no_form", headers={"vary": "accept"}, forms="text/turtle")

    def made() -> bytes:
        with turtle.opened() as file:
            return rdf.serialise(rdf.parse(file.read(), "turtle"), _MADE[ending], {})

    data = await memory.get((turtle.sha256, ending), lambda: asyncio.to_thread(made))
    media = next(media for media, each in ENDINGS.items() if each == ending)
    tag = f"{turtle.sha256}{ending}"
    return await file_replies.of_bytes(request, data, tag, f"{media}; charset=utf-8", memory, headers)


def _divided(name: str) -> tuple[str, str]:
    """A name without its ending, where the ending is one of a syntax that is made; else the name and "".

    >>> _divided("statistic/S02.nt"), _divided("statistic/S02")
    (('statistic/S02', '.nt'), ('statistic/S02', ''))
    """
    for ending in _MADE:
        if name.endswith(ending):
            return name.removesuffix(ending), ending
    return name, ""
