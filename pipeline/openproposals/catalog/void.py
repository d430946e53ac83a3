"""VoID (https://www.w3.org/TR/void/): the vocabularies of the dump, and its number of triples by class and property.

The counts are made from the same columns and patterns as the dumps; a test compares them with the parsed dump.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, VOID, XSD

from openproposals.dumps.counting import Tally
from openproposals.model import schema


def describe(descriptor: Mapping[str, Any], counted: Tally) -> Graph:
    """The dataset with its dumps, its vocabularies, and a partition for each class and each property."""
    site, dataset = str(descriptor["site"]), URIRef(descriptor["base"])
    by_property, by_class = counted.properties, counted.classes
    g = Graph()
    for prefix, namespace in (("void", VOID), ("dcterms", DCTERMS), ("foaf", FOAF)):
        g.bind(prefix, namespace)
    here = URIRef(site + "void.ttl")
    for term, value in (
        (RDF.type, VOID.DatasetDescription),
        (FOAF.primaryTopic, dataset),
        *((DCTERMS.title, Literal(f"VoID: {title}", language)) for language, title in descriptor["title"].items()),
    ):
        g.add((here, term, value))
    g.add((dataset, RDF.type, VOID.Dataset))
    for language, title in descriptor["title"].items():
        g.add((dataset, DCTERMS.title, Literal(title, language)))
    g.add((dataset, DCTERMS.license, URIRef(descriptor["licence"])))
    g.add((dataset, FOAF.homepage, URIRef(site)))
    g.add((dataset, VOID.uriSpace, Literal(descriptor["base"])))
    for extension, media in (("ttl", "Turtle"), ("jsonld", "JSON-LD")):
        g.add((dataset, VOID.dataDump, URIRef(f"{site}{descriptor['name']}.{extension}")))
        g.add((dataset, VOID.feature, URIRef(f"http://www.w3.org/ns/formats/{media}")))
    namespaces = {iri for iri in schema.prefixes().values() if any(p.startswith(iri) for p in by_property)}
    for vocabulary in sorted(namespaces):
        g.add((dataset, VOID.vocabulary, URIRef(vocabulary)))
    g.add((dataset, VOID.triples, _number(sum(by_property.values()))))
    g.add((dataset, VOID.properties, _number(len(by_property))))
    g.add((dataset, VOID.classes, _number(len(by_class))))
    for groups, partition, term, total in (
        (by_class, VOID.classPartition, VOID["class"], VOID.entities),
        (by_property, VOID.propertyPartition, VOID.property, VOID.triples),
    ):
        for number, (iri, count) in enumerate(sorted(groups.items())):
            node = BNode(f"{partition.rpartition('#')[2]}{number:04}")
            g.add((dataset, partition, node))
            g.add((node, term, URIRef(iri)))
            g.add((node, total, _number(count)))
    return g


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=XSD.integer)
