"""A catalogue's graph by node and property, and its literals as rdflib gives them: what both harvesters start from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import pyoxigraph as ox
import rdflib

Term = Any  # a pyoxigraph term
logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it logs each literal that is not of its type, with a traceback

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#", "dcat": "http://www.w3.org/ns/dcat#", "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/", "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#", "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    "hydra": "http://www.w3.org/ns/hydra/core#", "schema": "http://schema.org/", "time": "http://www.w3.org/2006/time#",
    "locn": "http://www.w3.org/ns/locn#", "org": "http://www.w3.org/ns/org#", "scv": "http://purl.org/NET/scovo#",
    "geodcat": "http://data.europa.eu/930/", "geo": "http://www.opengis.net/ont/geosparql#",
}  # fmt: skip


@cache
def iri(name: str) -> str:
    """The IRI of a prefixed name.

    >>> iri("dct:title")
    'http://purl.org/dc/terms/title'
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


class Nodes:
    """The objects of each subject and property, in the document's order, none twice. Properties are prefixed names."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        said: dict[Term, dict[str, dict[Term, None]]] = {}
        for quad in quads:
            said.setdefault(quad.subject, {}).setdefault(quad.predicate.value, {})[quad.object] = None
        self.memo: dict[Any, Any] = {}  # what was read of a node once, for readings that many others name
        self._pointing: dict[Term, list[tuple[Term, str]]] = {}
        self._said: Mapping[Term, Mapping[str, Mapping[Term, None]]] = said
        self._types: dict[str, list[Term]] = {}
        for subject, about in said.items():
            for kind in about.get(iri("rdf:type"), ()):
                self._types.setdefault(getattr(kind, "value", ""), []).append(subject)

    def objects(self, subject: Term, *properties: str) -> list[Term]:
        """What a node has of the properties, one after another."""
        about = self._said.get(subject, {})
        return [term for name in properties for term in about.get(iri(name), ())]

    def first(self, subject: Term, *properties: str) -> Term | None:
        """The first that a node has of the properties."""
        return next(iter(self.objects(subject, *properties)), None)

    def every(self, subject: Term) -> list[Term]:
        """All that a node has, of whatever property."""
        return [term for terms in self._said.get(subject, {}).values() for term in terms]

    def typed(self, *classes: str) -> list[Term]:
        """The nodes of the classes, none twice."""
        return list(dict.fromkeys(node for name in classes for node in self._types.get(iri(name), ())))

    def is_a(self, subject: Term, name: str) -> bool:
        """Whether a node is of a class."""
        return ox.NamedNode(iri(name)) in self._said.get(subject, {}).get(iri("rdf:type"), ())

    def pointing_at(self, node: Term) -> list[tuple[Term, str]]:
        """The nodes that name this one, each with the property."""
        if not self._pointing:
            for subject, about in self._said.items():
                for name, terms in about.items():
                    for term in terms:
                        if not isinstance(term, ox.Literal):
                            self._pointing.setdefault(term, []).append((subject, name))
        return self._pointing.get(node, [])

    def once(self, read: Callable[..., Any], *of: Any) -> Any:
        """What a reading of a node gives, read once."""
        key = (read, *of)
        if key not in self.memo:
            self.memo[key] = read(self, *of)
        return self.memo[key]


def is_literal(term: Term) -> bool:
    """Whether a term is a literal."""
    return isinstance(term, ox.Literal)


def is_iri(term: Term) -> bool:
    """Whether a term is an IRI."""
    return isinstance(term, ox.NamedNode)


def kind(term: Term) -> str:
    """A literal's datatype; "" for what is none."""
    return str(term.datatype.value) if isinstance(term, ox.Literal) else ""


def text(term: Term) -> str:
    """A term as rdflib writes it: a literal of a known type in that type's usual form."""
    return str(_literal(term)) if isinstance(term, ox.Literal) else str(getattr(term, "value", ""))


def python(term: Term) -> Any:
    """A term as rdflib gives it to Python: a date, a number, bytes, a text; an IRI or a blank node as a text."""
    found = _literal(term).toPython() if isinstance(term, ox.Literal) else str(getattr(term, "value", ""))
    return str(found) if isinstance(found, str) else found


def says(term: Term | None) -> bool:
    """Whether rdflib takes a term for true: no empty text, no zero."""
    return term is not None and (not isinstance(term, ox.Literal) or bool(_literal(term)))


_PLAIN = {iri("xsd:string"), iri("rdf:langString"), iri("xsd:anyURI"), iri("rdf:HTML")}


def _literal(term: ox.Literal) -> Any:
    if term.datatype.value in _PLAIN:
        return _Text(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


class _Text(str):
    """A plain text: what most literals are, without rdflib's cost of making one."""

    __slots__ = ()

    def toPython(self) -> str:  # noqa: N802 - rdflib's name
        return str(self)
