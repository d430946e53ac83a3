"""How well a release is sourced, theme by theme and document by document: proposals and statistics by their status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openproposals.site.chain import Chain, chain
from openproposals.site.nodes import GraphNode

EVIDENCE = ("sourced", "unsourced", "none-stated", "not-recorded")
CITATION = ("cited", "ambiguous", "dangling", "uncited", "not-recorded")
_MOST_MARKS = 400
_Kept = tuple[list[GraphNode], list[GraphNode]]  # proposals and statistics


@dataclass(frozen=True)
class OverviewRow:
    """A row: a theme or a document (None: none is recorded), its proposals and statistics, each with its status."""

    head: GraphNode | None
    proposals: tuple[tuple[GraphNode, str], ...]
    statistics: tuple[tuple[GraphNode, str], ...]

    def shares(self, kind: str) -> list[tuple[str, int]]:
        """The number of proposals or statistics by status, in a fixed order; statuses of none are left out."""
        marks, order = (self.proposals, EVIDENCE) if kind == "proposal" else (self.statistics, CITATION)
        counted = Counter(status for _, status in marks)
        return [(status, counted[status]) for status in order if counted[status]]

    @property
    def outcomes(self) -> list[tuple[GraphNode, int]]:
        """What became of its proposals, the most frequent first: each status with a count."""
        return Counter(status for proposal, _ in self.proposals for status in became(proposal)).most_common()


@dataclass(frozen=True)
class Picture:
    """The rows by theme and by document. `marks`: whether each item has a mark of its own by theme; else shares."""

    rows: tuple[OverviewRow, ...]
    documents: tuple[OverviewRow, ...]
    marks: bool


def picture(
    themes: Sequence[GraphNode],
    documents: Sequence[GraphNode],
    proposals: Sequence[GraphNode],
    statistics: Sequence[GraphNode],
) -> Picture:
    """A row for each theme without a parent and each document, in the order given, and one for what has none."""
    known, marks = set(themes), len(proposals) + len(statistics) <= _MOST_MARKS
    tops: dict[GraphNode | None, _Kept] = {t: ([], []) for t in themes if top(t) == t}
    tops[None] = ([], [])
    for proposal in proposals:
        tops.setdefault(_theme(proposal), ([], []))[0].append(proposal)
    for statistic in statistics:
        passages = [
            *statistic.all("op:statedIn"),
            *(p for f in statistic.all("op:hasFigure") for p in f.all("op:statedIn")),
        ]
        near = [theme for p in passages for theme in p.all("dcterms:isPartOf") if theme in known]
        under: Iterable[GraphNode | None] = dict.fromkeys(map(top, near)) or [None]
        for theme in under:
            tops.setdefault(theme, ([], []))[1].append(statistic)
    return Picture(_rows(tops), _by_document(documents, proposals, statistics), marks)


@dataclass(frozen=True)
class SourcedWorld:
    """Of the statistics about society that have a figure: how many there are, lead to no source, are not recorded.

    whole: the first chain that is whole, with a proposal that rests on it.
    """

    stated: int
    lost: int
    unknown: int
    whole: Chain | None


def world(statistics: Iterable[GraphNode]) -> SourcedWorld:
    """What the first page says above its picture."""
    stated, lost, unknown, whole = 0, 0, 0, None
    for statistic in statistics:
        found = chain(statistic)
        if statistic.code("op:scope") != "publisher" and found.figures:
            stated += 1
            unknown += found.status == "not-recorded"
            lost += found.status != "not-recorded" and not found.traceable
        if whole is None and found.traceable and found.proposals:
            whole = found
    return SourcedWorld(stated, lost, unknown, whole)


def used(rows: Iterable[OverviewRow], kind: str) -> list[str]:
    """The statuses that proposals or statistics of these rows have, in a fixed order."""
    found = {status for row in rows for status, _ in row.shares(kind)}
    return [status for status in (EVIDENCE if kind == "proposal" else CITATION) if status in found]


def _by_document(
    documents: Sequence[GraphNode], proposals: Sequence[GraphNode], statistics: Sequence[GraphNode]
) -> tuple[OverviewRow, ...]:
    """What stands in several documents is in the row of each; no rows where there is no document."""
    kept: dict[GraphNode | None, _Kept] = {document: ([], []) for document in documents}
    if not kept:
        return ()
    kept[None] = ([], [])
    for nodes, name, at in ((proposals, "prov:wasDerivedFrom", 0), (statistics, "schema:appearance", 1)):
        for node in nodes:
            stated = [kept[each] for each in node.all(name) if each in kept]
            for row in stated or [kept[None]]:
                row[at].append(node)
    return _rows(kept)


def _rows(kept: Mapping[GraphNode | None, _Kept]) -> tuple[OverviewRow, ...]:
    return tuple(
        OverviewRow(
            head, _marks(proposals, "op:evidenceStatus", EVIDENCE), _marks(stated, "op:citationStatus", CITATION)
        )
        for head, (proposals, stated) in kept.items()
        if proposals or stated
    )


def _marks(nodes: Sequence[GraphNode], name: str, order: Sequence[str]) -> tuple[tuple[GraphNode, str], ...]:
    """Each node with its status, in the order of the statuses given."""
    marks = [(node, node.code(name)) for node in nodes]
    return tuple(sorted(marks, key=lambda mark: order.index(mark[1]) if mark[1] in order else len(order)))


def became(proposal: GraphNode) -> tuple[GraphNode, ...]:
    """The statuses that say what became of a proposal."""
    outcomes = [each for each in proposal.back("schema:itemReviewed") if each.has_type("op:Outcome")]
    return tuple(dict.fromkeys(status for each in outcomes for status in each.all("op:outcomeStatus")))


def above(theme: GraphNode) -> list[GraphNode]:
    """A theme and the themes above it, the outermost last. A circle of themes ends before it closes."""
    found = [theme]
    while (parent := found[-1].one("skos:broader")) is not None and parent not in found and parent.known:
        found.append(parent)
    return found


def top(theme: GraphNode) -> GraphNode:
    """The outermost theme above a theme."""
    return above(theme)[-1]


def _theme(proposal: GraphNode) -> GraphNode | None:
    found = proposal.one("dcterms:isPartOf")
    return top(found) if found is not None else None
