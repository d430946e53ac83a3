"""The plan of a site: which nodes have a page, its path, and which triples are its data.

The data of a page are the triples of its node and of the nodes reached from it that have no page of their own (figures,
passages, markers, notes, digests). A node that no other points to (a remark, a reading) goes with the node it is about.
The home page has the rest. So the data of all pages together are the release.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os.path import commonpath

from openproposals.model.rdf import LiteralTerm, Named
from openproposals.site.nodes import Graph, GraphNode, expand

KINDS = ("proposal", "statistic", "source", "theme", "document", "agent")
WITHDRAWN = "withdrawn"
_REPLACED = expand("dcterms:isReplacedBy")  # said of what was withdrawn: what replaces it is no part of it
_PART = re.compile("[a-z]+(?:-[a-z]+)*")
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
    """A page. `kind` is a kind of item, `term`, `withdrawn` or `home`; `path` has no extension.

    subjects: the subjects whose triples are the data of the page.
    """

    kind: str
    node: GraphNode
    path: str
    subjects: tuple[str, ...]


def plan(records: Graph, vocabulary: Graph, whole: Graph, base: str) -> list[Page]:
    """Every page but the lists, the home page first. An IRI that does not make a safe path gets no page.

    whole: the graph of records and vocabulary together. base: the IRI with which the IRIs of the items begin.
    """
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


@dataclass(frozen=True)
class Part:
    """A node that is shown on the page of another: its path, that page, and the subjects that are its data."""

    node: GraphNode
    path: str
    page: Page
    subjects: tuple[str, ...]


def parts(pages: Iterable[Page], base: str) -> Iterator[Part]:
    """The nodes under the base that have no page of their own: figures, passages, notes, markers, remarks, readings."""
    seen: set[str] = set()
    for page in pages:
        for iri in page.subjects[1:]:
            path = iri.removeprefix(base)
            kind, _, key = path.partition("/")
            if iri.startswith(base) and _PART.fullmatch(kind) and _KEY.fullmatch(key) and iri not in seen:
                seen.add(iri)
                own = tuple(each for each in page.subjects if each == iri or each.startswith(f"{iri}#"))
                yield Part(GraphNode(page.node.graph, iri), path, page, own)


def _kind(node: GraphNode, path: str) -> str:
    """The kind of a page: the first part of its path, or `withdrawn`."""
    return WITHDRAWN if node.text("owl:deprecated") == "true" else path.partition("/")[0]


def _paths(graph: Graph, base: str) -> Iterator[tuple[str, str]]:
    for iri in graph.of:
        kind, _, key = iri.removeprefix(base).partition("/")
        if not (iri.startswith(base) and _PART.fullmatch(kind) and _KEY.fullmatch(key)):
            continue
        if kind in KINDS or graph.node(iri).text("owl:deprecated") == "true":
            yield iri, f"{kind}/{key}"


def _term_paths(graph: Graph) -> Iterator[tuple[str, str]]:
    terms = [node.iri for name in _TERMS for node in graph.kind(name) if not node.iri.startswith("_:")]
    shared = commonpath(terms).replace(":/", "://", 1) + "/" if terms else ""
    for iri in dict.fromkeys(terms):
        parts = iri.removeprefix(shared).replace("#", "/").split("/")
        if all(_KEY.fullmatch(part) for part in parts):
            yield iri, "/".join(["term", *parts])


def _owned(graph: Graph, pages: dict[str, str]) -> dict[str, list[str]]:
    """By page, the subjects whose triples are its data, its own node first."""
    owned = {iri: list(_reached(graph, iri, pages)) for iri in pages}
    owners: dict[str, list[str]] = {}
    for iri, subjects in owned.items():
        for subject in subjects:
            owners.setdefault(subject, []).append(iri)
    for subject in [s for s in graph.of if s not in owners]:
        if any(predicate != _REPLACED for predicate, _ in graph.to.get(subject, ())):
            continue
        about = list(_reached(graph, subject, pages))
        targets = [value.value for _, value in graph.of[subject] if not isinstance(value, LiteralTerm)]
        homes = [end for end in targets if end in pages] or [i for end in targets for i in owners.get(end, ())]
        for iri in dict.fromkeys(homes):
            owned[iri] += [s for s in about if s not in owned[iri]]
    return owned


def _reached(graph: Graph, start: str, pages: dict[str, str]) -> Iterator[str]:
    """A subject and all nodes reached from it; nodes with a page of their own end the walk and are left out."""
    seen, waiting = {start}, [start]
    while waiting:
        subject = waiting.pop(0)
        yield subject
        for predicate, value in graph.of.get(subject, ()):
            if isinstance(value, LiteralTerm) or value.value in seen or value.value not in graph.of:
                continue
            if predicate == _REPLACED:
                continue
            if isinstance(value, Named) and value.value in pages:
                continue
            seen.add(value.value)
            waiting.append(value.value)
