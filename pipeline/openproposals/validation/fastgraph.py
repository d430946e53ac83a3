"""An rdflib graph that pyshacl reads faster: together, these three changes halve its time.

Equal terms are one object, so that comparing them compares addresses. IRIs are never shortened: pyshacl shortens them
in messages that it then throws away. A query is parsed once. (Shapes may be kept in rdflib's "SimpleMemory", which is
faster still; data may not, because pyshacl makes a dataset of them.)
"""

from __future__ import annotations

from functools import cache
from typing import Any

import rdflib
from rdflib.namespace import NamespaceManager
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from openproposals.model import rdf


def from_ntriples(ntriples: bytes) -> FastGraph:
    """Parse N-Triples without blank nodes into a graph. Raises ValueError for a blank node."""
    made = FastGraph()
    for subject, predicate, value in rdf.parse_as(ntriples, "ntriples", rdflib.URIRef, _literal):
        made.add((subject, predicate, value))
    return made


class FastGraph(rdflib.Graph):
    """A graph with the same triples and answers as `rdflib.Graph`, made faster as the module says."""

    def __init__(self, store: str = "default") -> None:
        super().__init__(store=store, bind_namespaces="none")
        self.namespace_manager = _NoNames(self, bind_namespaces="none")

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> rdflib.query.Result:
        """The result of a SPARQL query; a text is parsed once."""
        known = _parsed(query_object) if isinstance(query_object, str) else query_object
        return super().query(known, *args, **options)


class _NoNames(NamespaceManager):
    """A namespace manager that shortens no IRI."""

    def bind(self, *_: Any, **__: Any) -> None:
        """Ignore the prefix."""

    def normalizeUri(self, rdfTerm: str) -> str:  # noqa: N802, N803 (rdflib's names)
        """The whole IRI in angle brackets."""
        return f"<{rdfTerm}>"


@cache
def _parsed(query: str) -> Query:
    return prepareQuery(query)


def _literal(text: str, datatype: str, language: str) -> rdflib.Literal:
    if language:
        return rdflib.Literal(text, lang=language)
    kind = None if datatype == str(rdflib.XSD.string) else rdflib.URIRef(datatype)
    return rdflib.Literal(text, datatype=kind)
