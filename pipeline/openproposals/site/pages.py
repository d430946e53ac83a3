"""Which nodes have a page, where it lies, and which data go with it.

A page's data are what is said of its node and of what it leads to that has no page of its own (figures, passages,
markers, notes, digests). What nothing leads to (a remark, a reading) goes with what it is about. The home page has
the rest: so the union of all pages' data is the release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from os.path import commonpath

from openproposals.model.rdf import LiteralTerm, Named
from openproposals.site.nodes import Graph, Node

KINDS = ("proposal", "statistic", "source", "theme", "document", "agent")
WITHDRAWN = "withdrawn"
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*")
_TERMS = (
    "owl:Ontology",
    "owl:Class",
    "owl:ObjectProperty",
    "owl:DatatypeProperty",
    "skos:ConceptScheme",
    "skos:Concept",
)


@dataclass(frozen=True)
class Page:
    """A node's page: what kind of thing it shows, its path without an ending, and whose triples its data are."""

    kind: str
    node: Node
    path: str
    subjects: tuple[str, ...]


def plan(records: Graph, vocabulary: Graph, whole: Graph, base: str) -> list[Page]:
    """Every page but the lists: the home page first. An IRI that would make a strange path gets no page."""
    paths = dict(_paths(records, base))
    owned = _owned(records, paths)
    terms = dict(_term_paths(vocabulary))
    owned_terms = _owned(vocabulary, terms)
    placed = {subject for subjects in (*owned.values(), *owned_terms.values()) for subject in subjects}
    rest = [subject for subject in (*records.of, *vocabulary.of) if subject not in placed]
    home = Page("home", whole.node(base), "index", tuple(dict.fromkeys([base, *rest])))
    things = [Page(_kind(whole.node(i), path), whole.node(i), path, tuple(owned[i])) for i, path in paths.items()]
    return [
        home,
        *things,
        *(Page("term", whole.node(i), path, tuple(owned_terms[i])) for i, path in terms.items()),
    ]


def _kind(node: Node, path: str) -> str:
    """What a page shows: what its IRI names, or that it was withdrawn."""
    return WITHDRAWN if node.text("owl:deprecated") == "true" else path.partition("/")[0]


def _paths(graph: Graph, base: str) -> Iterator[tuple[str, str]]:
    for iri in graph.of:
        kind, _, key = iri.removeprefix(base).partition("/")
        if iri.startswith(base) and kind in KINDS and _KEY.fullmatch(key):
            yield iri, f"{kind}/{key}"


def _term_paths(graph: Graph) -> Iterator[tuple[str, str]]:
    terms = [node.iri for name in _TERMS for node in graph.kind(name) if not node.iri.startswith("_:")]
    shared = commonpath(terms).replace(":/", "://", 1) + "/" if terms else ""
    for iri in dict.fromkeys(terms):
        parts = iri.removeprefix(shared).replace("#", "/").split("/")
        if all(_KEY.fullmatch(part) for part in parts):
            yield iri, "/".join(["term", *parts])


def _owned(graph: Graph, pages: dict[str, str]) -> dict[str, list[str]]:
    """By page, the subjects whose triples go with it, its own first."""
    owned = {iri: list(_reached(graph, iri, pages)) for iri in pages}
    owners: dict[str, list[str]] = {}
    for iri, subjects in owned.items():
        for subject in subjects:
            owners.setdefault(subject, []).append(iri)
    for subject in [s for s in graph.of if s not in owners]:
        if graph.to.get(subject):
            continue
        about = list(_reached(graph, subject, pages))
        targets = [value.value for _, value in graph.of[subject] if not isinstance(value, LiteralTerm)]
        homes = [end for end in targets if end in pages] or [i for end in targets for i in owners.get(end, ())]
        for iri in dict.fromkeys(homes):
            owned[iri] += [s for s in about if s not in owned[iri]]
    return owned


def _reached(graph: Graph, start: str, pages: dict[str, str]) -> Iterator[str]:
    """A subject and all that it leads to, as far as the first node with a page of its own."""
    seen, waiting = {start}, [start]
    while waiting:
        subject = waiting.pop(0)
        yield subject
        for _, value in graph.of.get(subject, ()):
            if isinstance(value, LiteralTerm) or value.value in seen or value.value not in graph.of:
                continue
            if isinstance(value, Named) and value.value in pages:
                continue
            seen.add(value.value)
            waiting.append(value.value)
