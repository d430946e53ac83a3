"""A release's graph as nodes that a page can ask: what is said of them, and what is said that leads to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from openproposals.model import schema
from openproposals.model.rdf import Blank, LiteralTerm, Named, Term, Triple

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OWL = "http://www.w3.org/2002/07/owl#"


@dataclass(frozen=True)
class Graph:
    """Triples by subject and by object. Keys are IRIs, and `_:` names for blank nodes."""

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

    def node(self, iri: str) -> Node:
        """The node of that IRI, whether or not anything is said of it."""
        return Node(self, iri)

    def kind(self, name: str) -> list[Node]:
        """Every node of a class, given by its compact name, in the order of the dump."""
        return [Node(self, subject) for predicate, subject in self.to.get(expand(name), ()) if predicate == _RDF_TYPE]

    def triples(self, subject: str) -> list[Triple]:
        """What is said of a subject."""
        node = Blank(subject) if subject.startswith("_:") else Named(subject)
        return [(node, predicate, value) for predicate, value in self.of.get(subject, ())]


@dataclass(frozen=True)
class Node:
    """One node of a graph. Properties are given by compact names: `op:restsOn`."""

    graph: Graph = field(repr=False, compare=False)
    iri: str

    @property
    def known(self) -> bool:
        """Whether anything is said of it."""
        return self.iri in self.graph.of

    def _values(self, name: str) -> list[Term]:
        wanted = expand(name)
        return [value for predicate, value in self.graph.of.get(self.iri, ()) if predicate == wanted]

    def all(self, name: str) -> list[Node]:
        """The nodes that a property leads to."""
        return [Node(self.graph, value.value) for value in self._values(name) if not isinstance(value, LiteralTerm)]

    def one(self, name: str) -> Node | None:
        """The first of them, or None."""
        return next(iter(self.all(name)), None)

    def back(self, name: str) -> list[Node]:
        """The nodes whose property leads here, each once."""
        wanted = expand(name)
        found = dict.fromkeys(subject for predicate, subject in self.graph.to.get(self.iri, ()) if predicate == wanted)
        return [Node(self.graph, subject) for subject in found]

    def texts(self, name: str) -> list[LiteralTerm]:
        """The literals of a property."""
        return [value for value in self._values(name) if isinstance(value, LiteralTerm)]

    def text(self, name: str) -> str:
        """The first literal's text, or ""."""
        return next((text.value for text in self.texts(name)), "")

    def said(self, name: str, language: str) -> LiteralTerm | None:
        """The literal in that language; else one without a language, else any; None where there is none."""
        return _best(self.texts(name), language)

    def label(self, language: str) -> LiteralTerm:
        """What it is called: a label, else a title, else its address, else the end of its IRI."""
        for name in ("rdfs:label", "skos:prefLabel", "dcterms:title", "foaf:name"):
            found = self.said(name, language)
            if found is not None:
                return found
        address = self.one("schema:url")
        if address is not None:
            return LiteralTerm(address.iri, "", "")
        return LiteralTerm(self.local, "", "")

    def code(self, name: str) -> str:
        """The last part of the IRI that a coded property leads to: `cited` of cit:cited; "" where there is none."""
        found = self.one(name)
        return found.local if found is not None else ""

    def has_type(self, name: str) -> bool:
        """Whether it is of a class, given by its compact name."""
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
    ranked = sorted(texts, key=lambda text: (text.language != language, text.language != ""))
    return ranked[0] if ranked else None


def expand(name: str) -> str:
    """A compact name's IRI; a whole IRI is left as it is.

    >>> expand("op:restsOn"), expand("owl:Class")
    ('https://w3id.org/openproposals/ns#restsOn', 'http://www.w3.org/2002/07/owl#Class')
    """
    prefix, colon, local = name.partition(":")
    if not colon or local.startswith("//"):
        return name
    return (_OWL if prefix == "owl" else schema.prefixes()[prefix]) + local
