"""A release's graph as nodes: templates read the properties of a node, and the nodes that point to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property

from openproposals.messages import farness, spoken
from openproposals.model import schema
from openproposals.model.rdf import Blank, LiteralTerm, Named, Term, Triple

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OTHER = {"owl": "http://www.w3.org/2002/07/owl#", "adms": "http://www.w3.org/ns/adms#"}  # no row publishes these


@dataclass(frozen=True)
class Graph:
    """A graph with two indexes; keys are IRIs, or names with `_:` for blank nodes.

    of: by subject, pairs of a predicate and an object. to: by object, pairs of a predicate and a subject.
    """

    of: dict[str, list[tuple[str, Term]]] = field(default_factory=dict)
    to: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def made(cls, triples: Iterable[Triple]) -> Graph:
        """A graph of these triples, in their order."""
        graph = cls()
        for subject, predicate, value in triples:
            graph.of.setdefault(subject.value, []).append((predicate, value))
            if not isinstance(value, LiteralTerm):
                graph.to.setdefault(value.value, []).append((predicate, subject.value))
        return graph

    def with_(self, other: Graph) -> Graph:
        """Both graphs together. What stands in one of them alone is not copied: neither may change afterwards."""
        of, to = {**self.of, **other.of}, {**self.to, **other.to}
        of |= {iri: self.of[iri] + other.of[iri] for iri in other.of if iri in self.of}
        to |= {iri: self.to[iri] + other.to[iri] for iri in other.to if iri in self.to}
        return Graph(of, to)

    def node(self, iri: str) -> GraphNode:
        """The node with that IRI, which need not be a subject of any triple."""
        return GraphNode(self, iri)

    def kind(self, name: str) -> list[GraphNode]:
        """Every node of a class, given by its compact name (`op:Proposal`), in the order of the dump."""
        return [
            GraphNode(self, subject) for predicate, subject in self.to.get(expand(name), ()) if predicate == _RDF_TYPE
        ]

    def triples(self, subject: str) -> list[Triple]:
        """The triples with that subject."""
        node = Blank(subject) if subject.startswith("_:") else Named(subject)
        return [(node, predicate, value) for predicate, value in self.of.get(subject, ())]


@dataclass(frozen=True)
class GraphNode:
    """A node of a graph. Its methods take properties by compact names: `op:restsOn`."""

    graph: Graph = field(repr=False, compare=False)
    iri: str

    @property
    def known(self) -> bool:
        """Whether it is the subject of a triple."""
        return self.iri in self.graph.of

    def _values(self, name: str) -> list[Term]:
        wanted = expand(name)
        return [value for predicate, value in self.graph.of.get(self.iri, ()) if predicate == wanted]

    def all(self, name: str) -> list[GraphNode]:
        """The nodes that are values of a property."""
        return [
            GraphNode(self.graph, value.value) for value in self._values(name) if not isinstance(value, LiteralTerm)
        ]

    def one(self, name: str) -> GraphNode | None:
        """The first node that is a value of a property, or None."""
        return next(iter(self.all(name)), None)

    def back(self, name: str) -> list[GraphNode]:
        """The nodes of which this node is a value of a property, each once."""
        wanted = expand(name)
        found = dict.fromkeys(subject for predicate, subject in self.graph.to.get(self.iri, ()) if predicate == wanted)
        return [GraphNode(self.graph, subject) for subject in found]

    def texts(self, name: str) -> list[LiteralTerm]:
        """The literals that are values of a property."""
        return [value for value in self._values(name) if isinstance(value, LiteralTerm)]

    def text(self, name: str) -> str:
        """The text of a property's first literal, "" where there is none."""
        return next((text.value for text in self.texts(name)), "")

    def said(self, name: str, language: str) -> LiteralTerm | None:
        """A property's literal in that language, else without one, else in the program's, else any; or None."""
        return _best(self.texts(name), language)

    def label(self, language: str) -> LiteralTerm:
        """Its name: a label, else a title, else its web address, else the last part of its IRI."""
        for name in ("rdfs:label", "skos:prefLabel", "dcterms:title", "foaf:name"):
            found = self.said(name, language)
            if found is not None:
                return found
        address = self.one("schema:url")
        if address is not None:
            return LiteralTerm(address.iri, "", "")
        return LiteralTerm(self.local, "", "")

    def code(self, name: str) -> str:
        """The code that is the value of a property: `cited` for cit:cited; "" where there is none."""
        found = self.one(name)
        return found.local if found is not None else ""

    def has_type(self, name: str) -> bool:
        """Whether it has a class, given by its compact name."""
        return any(node.iri == expand(name) for node in self.all("rdf:type"))

    @cached_property
    def identifier(self) -> str:
        """Its dcterms:identifier."""
        return self.text("dcterms:identifier")

    @cached_property
    def local(self) -> str:
        """The last part of its IRI."""
        return self.iri.rstrip("/#").replace("#", "/").rpartition("/")[2]

    def __hash__(self) -> int:
        return hash(self.iri)


def _best(texts: list[LiteralTerm], language: str) -> LiteralTerm | None:
    chrome = spoken(language)
    ranked = sorted(texts, key=lambda t: (*farness(t.language, language), t.language != "", t.language != chrome))
    return ranked[0] if ranked else None


@cache
def expand(name: str) -> str:
    """The IRI of a compact name; a whole IRI is returned as it is.

    >>> expand("op:restsOn"), expand("owl:Class")
    ('https://w3id.org/openproposals/ns#restsOn', 'http://www.w3.org/2002/07/owl#Class')
    """
    prefix, colon, local = name.partition(":")
    if not colon or local.startswith("//"):
        return name
    return (_OTHER.get(prefix) or schema.prefixes()[prefix]) + local
