"""A catalogue's bytes as a graph.

pyoxigraph reads every syntax; it fetches no remote context and no external entity. What is not quite in its syntax, as
an address with a space, is read where rdflib reads it, which both harvesters read with, and refused where not. Internal
entities expand without end, so XML that declares a document type is not read at all. What else may go wrong with a
stranger's bytes is why the work is done in a child process (examination.py).
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyoxigraph as ox
import rdflib

from openproposals.doctor.catalogue import Document
from openproposals.doctor.node_values import Nodes
from openproposals.errors import UsageError, because, reason
from openproposals.guards import parsing

for _syntax, _least in (("turtle", ""), ("n3", ""), ("nt", ""), ("json-ld", "{}"), ("xml", "<a/>")):
    with contextlib.suppress(Exception):  # rdflib loads a syntax when it first reads it: a sealed child no longer can
        rdflib.Graph().parse(data=_least, format=_syntax)
_DECLARED = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_CATALOG = "SELECT ?x WHERE { ?x a <http://www.w3.org/ns/dcat#Catalog> }"


@dataclass(frozen=True)
class Catalogue:
    """What a document says, in order and in a store; the address of the site it describes, or "".

    `remote_contexts` are the JSON-LD contexts that a harvester would have to fetch.
    """

    quads: tuple[ox.Quad, ...]
    store: ox.Store
    site: str = ""
    remote_contexts: tuple[str, ...] = ()
    partial: bool = False  # without its remote contexts the document does not say what it says

    @cached_property
    def nodes(self) -> Nodes:
        """All that the document says, whatever graph it is in: what CKAN reads."""
        return Nodes(self.quads)

    @cached_property
    def default_graph(self) -> Nodes:
        """What the document says outside graphs with an IRI: what udata reads.

        A JSON-LD object that has something beside its `@graph`, and no `@id`, makes a graph without an IRI.
        """
        own = [quad for quad in self.quads if not isinstance(quad.graph_name, ox.NamedNode)]
        return self.nodes if len(own) == len(self.quads) else Nodes(own)


def read(document: Document) -> Catalogue:
    """Parse a document. Raises UsageError: what is not in its syntax, entities, JSON nested too deeply."""
    data, contexts = document.data, _contexts(document.beside, "catalog.jsonld")
    own: tuple[str, ...] = ()
    if document.syntax == ox.RdfFormat.JSON_LD.media_type:
        own = _contexts(data, document.name)
        data, contexts = _without_contexts(document) if own else data, (*own, *contexts)
    quads = _parsed(document, data)
    store = ox.Store()
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    catalog = next((str(row["x"].value) for row in store.query(_CATALOG)), "")  # type: ignore[union-attr]
    return Catalogue(quads, store, re.sub(r"[^/]*(#.*)?$", "", catalog), contexts, partial=bool(own))


def _parsed(document: Document, data: bytes) -> tuple[ox.Quad, ...]:
    syntax = ox.RdfFormat.from_media_type(document.syntax)
    assert syntax is not None
    if syntax == ox.RdfFormat.RDF_XML and _DECLARED.search(data):
        raise UsageError("catalogue-entities", name=document.name)
    base = document.address or "file:///"
    try:
        return tuple(ox.parse(data, format=syntax, base_iri=base))
    except (SyntaxError, ValueError) as error:
        found = _by_rdflib(data, document.syntax, base)
        if found is None:
            raise UsageError("catalogue-syntax", name=document.name, syntax=syntax.name, because=str(error)) from error
    with contextlib.suppress(SyntaxError, ValueError):
        return tuple(ox.parse(data, format=syntax, base_iri=base, lenient=True))
    return found


def _by_rdflib(data: bytes, media_type: str, base: str) -> tuple[ox.Quad, ...] | None:
    """What rdflib reads, which both harvesters read with; None where it reads nothing either."""
    graph = rdflib.Graph()
    try:
        graph.parse(data=data, format=media_type, publicID=base)
        lines = [_line(*triple) for triple in graph]
    except Exception:
        return None
    return tuple(ox.parse("".join(sorted(lines)), format=ox.RdfFormat.N_TRIPLES, lenient=True)) if lines else None


def _line(*triple: Any) -> str:
    return " ".join(f"<{t}>" if isinstance(t, rdflib.URIRef) else t.n3() for t in triple) + " .\n"


def _contexts(data: bytes, name: str) -> tuple[str, ...]:
    """The remote contexts of a JSON-LD document. Raises UsageError: one nested too deeply to be read."""
    try:
        said = json.loads(data, parse_int=bool).get("@context", {})
    except (ValueError, AttributeError):
        return ()
    except RecursionError as error:
        raise UsageError("catalogue-nested", name=name) from error
    return tuple(c for c in (said if isinstance(said, list) else [said]) if isinstance(c, str))


def _without_contexts(document: Document) -> bytes:
    """The document with its remote contexts left out: what it says without them can still be looked at.

    Raises UsageError: an integer of more digits than Python reads.
    """
    try:
        found = json.loads(document.data, parse_int=_integer)
    except parsing.Unparsable as error:
        raise UsageError("catalogue-syntax", name=document.name, syntax="JSON-LD", because=reason(error)) from error
    said = found["@context"]
    found["@context"] = [c for c in (said if isinstance(said, list) else [said]) if not isinstance(c, str)]
    return json.dumps(found).encode()


def _integer(written: str) -> int:
    digits = len(written.removeprefix("-"))
    if digits > parsing.MOST_DIGITS:
        raise parsing.Unparsable(
            because("integer-too-long", written=written[:20], digits=digits, most=parsing.MOST_DIGITS)
        )
    return int(written)
