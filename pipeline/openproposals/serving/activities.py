"""What changed with a release, for programs that follow it: ActivityStreams 2.0, the newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator

from openproposals.model import rdf
from openproposals.model.rdf import LiteralTerm
from openproposals.release import ours
from openproposals.serving import file_replies
from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.negotiation import best
from openproposals.serving.offers import Offer
from openproposals.serving.pool import Pool
from openproposals.serving.replies import Reply
from openproposals.serving.requests import HttpRequest, Refused
from openproposals.site.nodes import Graph, GraphNode, expand

MEDIA = ("application/activity+json", "application/ld+json", "application/json")
_CATALOGUE = "catalog.ttl"
_CONTEXT = "https://www.w3.org/ns/activitystreams"


async def reply(request: HttpRequest, offer: Offer, pool: Pool, memory: MemoryCache, public: str) -> Reply | None:
    """The release, and all that it says was withdrawn; None where it has no catalogue that dates it.

    public: the server's address. Raises Refused: no form that the client takes; ChangedError; what a query may.
    """
    if _CATALOGUE not in offer.files:
        return None
    media = best(request.headers.get("accept", ""), MEDIA)
    if media is None:
        raise Refused(406, "no_form", headers={"vary": "accept"}, forms=", ".join(MEDIA))

    async def made() -> bytes:
        since = expand("op:withdrawnSince")
        asked = f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s <{since}> ?version ; ?p ?o }}"
        gone = Graph.made(rdf.parse(await pool.asked(asked, request.client, [offer.graph]), "ntriples"))
        with offer.files[_CATALOGUE].opened() as file:
            dataset = Graph.made(rdf.parse(file.read(), "turtle")).node(offer.base)
        items = [_released(dataset), *_withdrawn(gone, dataset)]
        found = {"@context": _CONTEXT, "id": f"{public}/{offer.place}/changes", "type": "OrderedCollection"}
        whole = found | _texts("name", dataset.texts("dcterms:title"))
        return (
            json.dumps(whole | {"totalItems": len(items), "orderedItems": items}, ensure_ascii=False).encode() + b"\n"
        )

    digest = offer.files[ours.SUMS].sha256
    data = await memory.get((digest, "changes"), made)
    return await file_replies.of_bytes(request, data, f"{digest}-changes-{media}", media, memory, {"vary": "accept"})


def _released(dataset: GraphNode) -> dict[str, object]:
    """The release itself: the dataset's creation, or its update where an earlier version is named."""
    version = dataset.text("dcat:version")
    return {
        "id": f"{dataset.iri}releases/{version}",  # as in the site's Atom feed (site/feed.py)
        "type": "Update" if dataset.one("dcat:previousVersion") else "Create",
        "object": {"id": dataset.iri, "type": "Object", **_texts("name", dataset.texts("dcterms:title"))},
        **_published(dataset),
        **_texts("summary", dataset.texts("adms:versionNotes")),
    }


def _withdrawn(gone: Graph, dataset: GraphNode) -> Iterator[dict[str, object]]:
    """Each IRI that was withdrawn; with its date where this version withdrew it, since only this one is dated."""
    version = dataset.text("dcat:version")
    nodes = [gone.node(iri) for iri in sorted(gone.subjects())]
    for node in sorted(nodes, key=lambda node: node.text("op:withdrawnSince") != version):
        replaced = [each.iri for each in node.all("dcterms:isReplacedBy")]
        yield {
            "id": f"{node.iri}#withdrawn",
            "type": "Delete",
            "object": {"id": node.iri, "type": "Tombstone"},
            **({"result": replaced} if replaced else {}),
            **(_published(dataset) if node.text("op:withdrawnSince") == version else {}),
            **_texts("summary", node.texts("skos:changeNote")),
        }


def _published(dataset: GraphNode) -> dict[str, str]:
    day = (dataset.text("dcterms:modified") or dataset.text("dcterms:issued"))[:10]
    return {"published": f"{day}T00:00:00Z"} if day else {}


def _texts(name: str, texts: list[LiteralTerm]) -> dict[str, object]:
    """A property of natural language: a map by language, as ActivityStreams has it; nothing where there is no text.

    >>> _texts("name", [LiteralTerm("Titre", "", "fr")])
    {'nameMap': {'fr': 'Titre'}}
    """
    found = {text.language or "und": text.value for text in sorted(texts, key=lambda text: (text.language, text.value))}
    return {f"{name}Map": found} if found else {}
