"""The plan of a site: which nodes have a page, its path, and which triples are its data.

The data of a page are the triples of its node and of the nodes reached from it that have no page of their own (figures,
passages, markers, notes, digests). A node that no other points to (a remark, a reading) goes with the node it is about.
The home page has the rest. So the data of all pages together are the release.
"""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os.path import commonpath

from openproposals.model.rdf import Triple
from openproposals.site.graph_columns import Columns
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


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `kind` is a kind of item, `term`, `withdrawn` or `home`; `path` has no extension.

    about: the nodes whose triples are the data of the page, its own first: by part of its graph, their numbers there.
    """

    kind: str
    node: GraphNode
    path: str
    about: tuple[tuple[int, Sequence[int]], ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects whose triples are the data of the page, its own node first."""
        parts = self.node.graph.parts
        return tuple(dict.fromkeys(parts[part].text(number) for part, numbers in self.about for number in numbers))

    @property
    def triples(self) -> list[Triple]:
        """The data of the page."""
        parts = self.node.graph.parts
        return [triple for part, numbers in self.about for number in numbers for triple in parts[part].triples(number)]


def plan(whole: Graph, base: str) -> list[Page]:
    """Every page but the lists, the home page first. An IRI that does not make a safe path gets no page.

    whole: the graph of records and vocabulary together. base: the IRI with which the IRIs of the items begin.
    """
    records, vocabulary = whole.parts
    paths = dict(_paths(records, base))
    owned = _owned(records, paths)
    terms = dict(_term_paths(vocabulary))
    owned_terms = _owned(vocabulary, terms)
    rest = [_rest(part, shared, base) for part, shared in ((records, owned), (vocabulary, owned_terms))]
    home = Page("home", whole.node(base), "index", tuple(enumerate(rest)))
    things = [(whole.node(records.text(item)), path, ((0, owned[item]),)) for item, path in paths.items()]
    named = [(whole.node(vocabulary.text(term)), path, ((1, owned_terms[term]),)) for term, path in terms.items()]
    return [
        home,
        *(Page(_kind(node, path), node, path, about) for node, path, about in things),
        *(Page("term", node, path, about) for node, path, about in named),
    ]


@dataclass(frozen=True)
class Part:
    """A node that is shown on the page of another: its path, that page, and the triples that are its data."""

    node: GraphNode
    path: str
    page: Page
    triples: Sequence[Triple]


def shown_on(page: Page, base: str) -> Iterator[tuple[str, str]]:
    """The nodes under the base that a page shows and that have none of their own, each with its path.

    Figures, passages, notes, markers, remarks, readings.
    """
    for iri in page.subjects[1:]:
        path = iri.removeprefix(base)
        kind, _, key = path.partition("/")
        if iri.startswith(base) and _PART.fullmatch(kind) and _KEY.fullmatch(key):
            yield iri, path


def parts(page: Page, iris: Iterable[str], base: str) -> Iterator[Part]:
    """Those of the nodes shown on a page that lead to it: the first page that shows them."""
    subjects = page.subjects
    for iri in iris:
        own = [each for each in subjects if each == iri or each.startswith(f"{iri}#")]
        data = [triple for subject in own for triple in page.node.graph.triples(subject)]
        yield Part(page.node.graph.node(iri), iri.removeprefix(base), page, data)


def _rest(part: Columns, owned: Mapping[int, Sequence[int]], base: str) -> Sequence[int]:
    """The subjects that are the data of no page but the first: the dataset, then those on no other."""
    placed = bytearray(len(part.ends))
    for numbers in owned.values():
        for number in numbers:
            placed[number] = 1
    own = part.find(base)
    first = [own] if own >= 0 and part.is_subject(own) else []
    return array("i", [*first, *(number for number in part.subjects if not placed[number] and number != own)])


def _kind(node: GraphNode, path: str) -> str:
    """The kind of a page: the first part of its path, or `withdrawn`."""
    return WITHDRAWN if node.text("owl:deprecated") == "true" else path.partition("/")[0]


def _paths(part: Columns, base: str) -> Iterator[tuple[int, str]]:
    for number in part.subjects:
        iri = part.text(number)
        kind, _, key = iri.removeprefix(base).partition("/")
        if not (iri.startswith(base) and _PART.fullmatch(kind) and _KEY.fullmatch(key)):
            continue
        if kind in KINDS or Graph((part,)).node(iri).text("owl:deprecated") == "true":
            yield number, f"{kind}/{key}"


def _term_paths(part: Columns) -> Iterator[tuple[int, str]]:
    graph = Graph((part,))
    terms = [node.iri for name in _TERMS for node in graph.kind(name) if not node.iri.startswith("_:")]
    shared = commonpath(terms).replace(":/", "://", 1) + "/" if terms else ""
    for iri in dict.fromkeys(terms):
        parts = iri.removeprefix(shared).replace("#", "/").split("/")
        if all(_KEY.fullmatch(part) for part in parts):
            yield part.find(iri), "/".join(["term", *parts])


def _owned(part: Columns, pages: Collection[int]) -> Mapping[int, Sequence[int]]:
    """By page, the subjects whose triples are its data, its own node first."""
    owned = {page: array("i", _reached(part, page, pages)) for page in pages}
    seen = bytearray(len(part.ends))
    for numbers in owned.values():
        for number in numbers:
            seen[number] = 1
    replaced = _replaced(part)
    lone = [each for each in part.subjects if not seen[each] and all(p == replaced for p in part.links_to(each)[0])]
    targets = {each: [end for end in part.links(each)[1] if end >= 0] for each in lone}
    sought = {end for ends in targets.values() for end in ends if end not in pages}
    owners: dict[int, list[int]] = {}
    for page, numbers in owned.items():
        for number in numbers:
            if number in sought:
                owners.setdefault(number, []).append(page)
    for each, ends in targets.items():
        homes = [end for end in ends if end in pages] or [page for end in ends for page in owners.get(end, ())]
        about = list(_reached(part, each, pages))
        for page in dict.fromkeys(homes):
            owned[page].extend(number for number in about if number not in owned[page])
    return owned


def _replaced(part: Columns) -> int:
    """The number of the predicate that leads to what replaces a thing; -1 where nothing was replaced."""
    return part.predicates.index(_REPLACED) if _REPLACED in part.predicates else -1


def _reached(part: Columns, start: int, pages: Collection[int]) -> Iterator[int]:
    """A subject and all nodes reached from it; nodes with a page of their own end the walk and are left out."""
    seen, waiting, replaced = {start}, deque([start]), _replaced(part)
    while waiting:
        subject = waiting.popleft()
        yield subject
        for predicate, value in zip(*part.links(subject), strict=True):
            if value < 0 or value in seen or value in pages or predicate == replaced or not part.is_subject(value):
                continue
            seen.add(value)
            waiting.append(value)
