"""VoID (https://www.w3.org/TR/void/): what the dump holds, in true counts, for who queries before downloading.

Counted in columns from the same patterns as the dumps; a test compares every count with the parsed dump.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, VOID, XSD

from openproposals import schema
from openproposals.dumps import blocks, turtle
from openproposals.templates import RDF_TYPE, Iri, Pattern


def describe(descriptor: Mapping[str, Any], hosts: Sequence[blocks.Host], frames: blocks.Frames) -> Graph:
    """The dataset with its dumps, its vocabularies, and a partition for each class and each property."""
    site, dataset = str(descriptor["site"]), URIRef(descriptor["base"])
    by_property, by_class = counts(hosts, frames)
    g = Graph()
    for prefix, namespace in (("void", VOID), ("dcterms", DCTERMS), ("foaf", FOAF)):
        g.bind(prefix, namespace)
    here = URIRef(site + "void.ttl")
    for term, value in (
        (RDF.type, VOID.DatasetDescription),
        (FOAF.primaryTopic, dataset),
        (DCTERMS.title, Literal("VoID: " + descriptor["title"]["en"], "en")),
        (DCTERMS.title, Literal("VoID : " + descriptor["title"]["fr"], "fr")),
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
    for counted, partition, term, total in (
        (by_class, VOID.classPartition, VOID["class"], VOID.entities),
        (by_property, VOID.propertyPartition, VOID.property, VOID.triples),
    ):
        for number, (iri, count) in enumerate(sorted(counted.items())):
            node = BNode(f"{partition.rpartition('#')[2]}{number:04}")
            g.add((dataset, partition, node))
            g.add((node, term, URIRef(iri)))
            g.add((node, total, _number(count)))
    return g


def counts(hosts: Sequence[blocks.Host], frames: blocks.Frames) -> tuple[Counter[str], Counter[str]]:
    """Triples by property, and subjects by class."""
    by_property: Counter[str] = Counter()
    by_class: Counter[str] = Counter()
    for host in hosts:
        shared = {g.pattern.predicate for g in host.guests if not frames[g.table.name].is_empty()}
        frame = frames[host.table.name]
        own = [p for n in host.node.walk() for p in n.patterns]
        alone = [p for p in own if p.predicate not in shared or p not in host.node.patterns]
        if not frame.is_empty() and alone:
            sums = frame.select(blocks.said(p).sum().alias(str(i)) for i, p in enumerate(alone)).row(0)
            for pattern, count in zip(alone, sums, strict=True):
                _count(pattern, count, by_property, by_class)
        for predicate in shared if not frame.is_empty() else ():
            count = _together(host, predicate, frames)
            by_property[predicate] += count
    return +by_property, +by_class


def _together(host: blocks.Host, predicate: str, frames: blocks.Frames) -> int:
    """Triples with one property that several tables say of one subject, each once."""
    syntax = turtle.NTriples()
    said = [(g.table.name, g.column, g.pattern) for g in host.guests if g.pattern.predicate == predicate]
    said += [(host.table.name, host.key, p) for p in host.node.patterns if p.predicate == predicate]
    pairs = pl.concat(
        frames[table].filter(blocks.said(p)).select(_host=pl.col(column), _member=syntax.member(p))
        for table, column, p in said
    )
    known_hosts = frames[host.table.name].select(_host=pl.col(host.key))
    return pairs.unique().join(known_hosts, on="_host", how="semi").height


def _count(pattern: Pattern, count: int, by_property: Counter[str], by_class: Counter[str]) -> None:
    by_property[pattern.predicate] += count
    if pattern.predicate == RDF_TYPE and isinstance(pattern.object, Iri) and not pattern.object.holes:
        by_class[str(pattern.object.parts[0])] += count


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=XSD.integer)
