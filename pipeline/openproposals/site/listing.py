"""Lists that a reader filters, sorts and downloads: what each item is filed under, and its row of data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from openproposals.messages import Language
from openproposals.site.chain import Chain, chain
from openproposals.site.nodes import GraphNode
from openproposals.site.overview import above, became
from openproposals.site.quantities import value

MOST = 2_000  # items of a list that a page holds; the files of the release have all
Facets = Mapping[str, tuple[GraphNode, ...]]


@dataclass(frozen=True)
class Item:
    """An item of a list: its node, the nodes that it is filed under by facet, and its row, as a download has it."""

    node: GraphNode
    facets: Facets
    row: Mapping[str, str]

    @property
    def keys(self) -> dict[str, list[str]]:
        """The identifiers of what it is filed under, as they stand in an address."""
        return {name: [node.local for node in nodes] for name, nodes in self.facets.items()}


@dataclass(frozen=True)
class Listing:
    """A list: its first items, how many there are in all, and by facet what they are filed under, with a count."""

    items: tuple[Item, ...]
    total: int
    facets: Mapping[str, tuple[tuple[GraphNode, int], ...]]

    @property
    def left_out(self) -> int:
        """How many items the page does not hold."""
        return self.total - len(self.items)


def statistics(nodes: Sequence[GraphNode], language: Language) -> Listing:
    """Statistics by status, theme, source, publisher of the source, document, kind and scope."""
    return _listing(nodes, lambda node: _statistic(chain(node), language))


def proposals(nodes: Sequence[GraphNode], language: Language) -> Listing:
    """Proposals by status, what became of them, theme, proposer, source and document."""

    def item(node: GraphNode) -> Item:
        themes, sources = _themes(node.all("dcterms:isPartOf")), node.all("op:citesSource")
        facets = {
            "status": tuple(node.all("op:evidenceStatus")),
            "outcome": became(node),
            "theme": themes,
            "proposer": tuple(node.all("schema:creator")),
            "source": tuple(sources),
            "document": tuple(node.all("prov:wasDerivedFrom")),
        }
        return Item(node, facets, _row(node, facets, language))

    return _listing(nodes, item)


def sources(nodes: Sequence[GraphNode], language: Language) -> Listing:
    """Sources by publisher and by whether somebody has found them; how often each is cited is in its row."""

    def item(node: GraphNode) -> Item:
        facets = {
            "publisher": tuple(node.all("dcterms:publisher")),
            "status": tuple(node.all("op:traceStatus")),
        }
        title = node.said("dcterms:title", language)
        more = {
            "title": title.value if title else "",
            "issued": node.text("dcterms:issued"),
            "statistics": str(len(node.back("cito:citesAsEvidence"))),
        }
        return Item(node, facets, {**_row(node, facets, language), **more})

    return _listing(nodes, item)


def publishers(sources: Iterable[GraphNode]) -> list[tuple[GraphNode, int, int]]:
    """Who publishes sources, the most cited first: the agent, its sources, the statistics that cite one of them."""
    published: dict[GraphNode, list[GraphNode]] = {}
    for source in sources:
        for agent in source.all("dcterms:publisher"):
            published.setdefault(agent, []).append(source)
    rows = [
        (agent, len(works), len({citing for work in works for citing in work.back("cito:citesAsEvidence")}))
        for agent, works in published.items()
    ]
    return sorted(rows, key=lambda row: (-row[2], -row[1]))


def _statistic(found: Chain, language: Language) -> Item:
    node = found.statistic
    sources = tuple(dict.fromkeys(way.source for way in found.ways if way.source and way.state == "whole"))
    passages = (*found.passages, *(p for f in found.figures for p in f.all("op:statedIn")))
    facets = {
        "status": tuple(node.all("op:citationStatus")),
        "theme": _themes(theme for passage in passages for theme in passage.all("dcterms:isPartOf")),
        "source": sources,
        "publisher": tuple(dict.fromkeys(agent for source in sources for agent in source.all("dcterms:publisher"))),
        "document": tuple(node.all("schema:appearance")),
        "kind": tuple(node.all("op:figureKind")),
        "scope": tuple(node.all("op:scope")),
    }
    kind = node.code("op:figureKind")
    figures = "; ".join(filter(None, (value(figure, kind, language) for figure in found.figures)))
    return Item(node, facets, {**_row(node, facets, language), "figures": figures})


def _themes(found: Iterable[GraphNode]) -> tuple[GraphNode, ...]:
    """Themes, and those above them: who asks for a theme asks for what is under it. What is no theme is left out."""
    return tuple(dict.fromkeys(up for theme in found if theme.has_type("skos:Concept") for up in above(theme)))


def _row(node: GraphNode, facets: Facets, language: Language) -> dict[str, str]:
    said = {name: "; ".join(each.label(language).value for each in nodes) for name, nodes in facets.items()}
    return {"id": node.local, "label": node.label(language).value, **said, "iri": node.iri}


def _listing(nodes: Sequence[GraphNode], item: Callable[[GraphNode], Item]) -> Listing:
    items = tuple(map(item, nodes[:MOST]))
    counted: dict[str, Counter[GraphNode]] = {}
    for each in items:
        for name, under in each.facets.items():
            counted.setdefault(name, Counter()).update(under)
    return Listing(items, len(nodes), {name: tuple(count.items()) for name, count in counted.items()})
