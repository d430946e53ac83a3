"""A release's graph as nodes: templates read the properties of a node, and the nodes that point to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from openproposals.messages import farness, spoken
from openproposals.model import schema
from openproposals.model.rdf import LiteralTerm, Term, Triple
from openproposals.site.graph_columns import Columns

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OTHER = {"owl": "http://www.w3.org/2002/07/owl#", "adms": "http://www.w3.org/ns/adms#"}  # no row publishes these


_KEPT = 100_000  # terms and names that a graph keeps as it has read them from its columns


@dataclass(frozen=True)
class Graph:
    """A graph, or several as one; nodes are given by their IRIs, or by names with `_:` for blank nodes.

    What was asked of it lately is kept, and dropped when it is much.
    """

    parts: tuple[Columns, ...]
    _said: dict[str, dict[str, list[Term]]] = field(default_factory=dict)
    _backs: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _held: list[int] = field(default_factory=lambda: [0])

    @classmethod
    def made(cls, triples: Iterable[Triple]) -> Graph:
        """A graph of these triples, in their order."""
        return cls((Columns.made(triples),))

    def with_(self, other: Graph) -> Graph:
        """Both graphs together; nothing is copied."""
        return Graph((*self.parts, *other.parts))

    def __len__(self) -> int:
        """How many triples."""
        return sum(map(len, self.parts))

    def __contains__(self, iri: str) -> bool:
        """Whether a node is the subject of a triple."""
        return bool(self.said(iri))

    def node(self, iri: str) -> GraphNode:
        """The node with that IRI, which need not be a subject of any triple."""
        return GraphNode(self, iri)

    def kind(self, name: str) -> list[GraphNode]:
        """Every node of a class, given by its compact name (`op:Proposal`), in the order of the dump."""
        return [GraphNode(self, subject) for subject in self.backs(expand(name), _RDF_TYPE)]

    def subjects(self) -> Iterator[str]:
        """The nodes of which something is said, as first met."""
        return (part.text(number) for part in self.parts for number in part.subjects)

    def triples(self, subject: str) -> list[Triple]:
        """The triples with that subject."""
        return [triple for part, number in self._numbers(subject) for triple in part.triples(number)]

    def said(self, iri: str) -> Mapping[str, list[Term]]:
        """What is said of a node: values by predicate, in the order of the dump."""
        found = self._said.get(iri)
        if found is None:
            found = {}
            for part, number in self._numbers(iri):
                for predicate, value in zip(*part.links(number), strict=True):
                    found.setdefault(part.predicates[predicate], []).append(part.term(value))
            self._keep(1 + sum(map(len, found.values())))
            self._said[iri] = found
        return found

    def backs(self, iri: str, predicate: str) -> list[str]:
        """The nodes of which a node is a value of a predicate, as often as the dump says so."""
        found = self._backs.get((iri, predicate))
        if found is None:
            found = []
            for part, number in self._numbers(iri):
                if predicate in part.predicates:
                    wanted = part.predicates.index(predicate)
                    found += [part.text(s) for p, s in zip(*part.links_to(number), strict=True) if p == wanted]
            self._keep(1 + len(found))
            self._backs[iri, predicate] = found
        return found

    def uses(self, iri: str) -> int:
        """How often an IRI is a property or a value."""
        named = sum(part.used[part.predicates.index(iri)] for part in self.parts if iri in part.predicates)
        return named + sum(len(part.links_to(number)[0]) for part, number in self._numbers(iri))

    def _numbers(self, iri: str) -> Iterator[tuple[Columns, int]]:
        for part in self.parts:
            number = part.find(iri)
            if number >= 0:
                yield part, number

    def _keep(self, terms: int) -> None:
        """Make room for so many more terms."""
        self._held[0] += terms
        if self._held[0] > _KEPT:
            self._said.clear()
            self._backs.clear()
            self._held[0] = terms


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node of a graph. Its methods take properties by compact names: `op:restsOn`."""

    graph: Graph = field(repr=False, compare=False)
    iri: str

    @property
    def known(self) -> bool:
        """Whether it is the subject of a triple."""
        return self.iri in self.graph

    def _values(self, name: str) -> Sequence[Term]:
        return self.graph.said(self.iri).get(expand(name), ())

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
        return [GraphNode(self.graph, subject) for subject in dict.fromkeys(self.graph.backs(self.iri, expand(name)))]

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

    @property
    def identifier(self) -> str:
        """Its dcterms:identifier."""
        return self.text("dcterms:identifier")

    @property
    def local(self) -> str:
        """The last part of its IRI."""
        return self.iri.rstrip("/#").replace("#", "/").rpartition("/")[2]

    def __hash__(self) -> int:
        return hash(self.iri)


def _best(texts: list[LiteralTerm], language: str) -> LiteralTerm | None:
    if len(texts) < 2:
        return texts[0] if texts else None
    chrome = spoken(language)
    ranked = sorted(texts, key=lambda t: (*farness(t.language, language), t.language != "", t.language != chrome))
    return ranked[0]


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
