"""Serialisation of a small graph as Turtle, JSON-LD and RDF/XML, with the same bytes every time.

JSON-LD has its context inside and is ASCII, so that it can be read without the network and with a wrong charset.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rdflib import Graph, Literal
from rdflib.term import Node

_DESCRIPTION = re.compile(r" *<rdf:Description.*?</rdf:Description>\n", re.DOTALL)
SYNTAXES = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}


def serialise(graph: Graph, extension: str) -> bytes:
    """The graph in the syntax of that extension: ttl, jsonld or rdf."""
    ordered = Graph("SimpleMemory", namespace_manager=graph.namespace_manager)
    for triple in sorted(graph, key=lambda triple: [_key(term) for term in triple]):
        ordered.add(triple)
    if extension == "jsonld":
        terms = {str(term) for triple in graph for term in triple}
        spaces = ((prefix, str(namespace)) for prefix, namespace in graph.namespaces())
        context = {prefix: space for prefix, space in spaces if any(term.startswith(space) for term in terms)}
        text = ordered.serialize(format="json-ld", context=context)
        return (json.dumps(_sorted(json.loads(text)), ensure_ascii=True, indent=2) + "\n").encode()
    text = ordered.serialize(format=SYNTAXES[extension], encoding="utf-8").decode()
    return (_in_order(text) if extension == "rdf" else text).encode()


def _in_order(text: str) -> str:
    """RDF/XML with its descriptions sorted; rdflib writes them in the order of a set."""
    found = _DESCRIPTION.findall(text)
    begin = text.index(found[0]) if found else 0
    return text[:begin] + "".join(sorted(found)) + text[begin + sum(map(len, found)) :]


def _key(term: Node) -> tuple[str, str, str]:
    """The sort key of a term; rdflib's own order compares values and is ten times slower."""
    return type(term).__name__, str(term), term.n3() if isinstance(term, Literal) else ""


def _sorted(value: Any) -> Any:
    """JSON with keys and members sorted. The graph has no rdf:List, so no order is lost."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return sorted((_sorted(member) for member in value), key=lambda member: json.dumps(member, sort_keys=True))
    return value
