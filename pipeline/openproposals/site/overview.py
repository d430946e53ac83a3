"""The chart on the home page: for each theme, how many proposals and statistics have a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openproposals.site.nodes import GraphNode

EVIDENCE = ("sourced", "unsourced", "none-stated", "not-recorded")
CITATION = ("cited", "ambiguous", "dangling", "uncited", "not-recorded")
_MOST_MARKS = 400


@dataclass(frozen=True)
class ThemeRow:
    """A row of the chart: a theme (None: no theme), and its proposals and statistics, each with its status."""

    theme: GraphNode | None
    proposals: tuple[tuple[GraphNode, str], ...]
    statistics: tuple[tuple[GraphNode, str], ...]

    def shares(self, kind: str) -> list[tuple[str, int]]:
        """The number of proposals or statistics by status, in a fixed order; statuses of none are left out."""
        marks, order = (self.proposals, EVIDENCE) if kind == "proposal" else (self.statistics, CITATION)
        counted = Counter(status for _, status in marks)
        return [(status, counted[status]) for status in order if counted[status]]


@dataclass(frozen=True)
class Picture:
    """The chart. `marks`: whether each proposal and statistic has a mark of its own; else shares are drawn."""

    rows: tuple[ThemeRow, ...]
    marks: bool


def picture(themes: Sequence[GraphNode], proposals: Sequence[GraphNode], statistics: Sequence[GraphNode]) -> Picture:
    """The chart: a row for each theme without a parent, in the order given, and one for what has no theme."""
    known = set(themes)
    tops: dict[GraphNode | None, tuple[list[GraphNode], list[GraphNode]]] = {t: ([], []) for t in themes if top(t) == t}
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
    rows = tuple(
        ThemeRow(
            theme,
            _marks(of_theme, "op:evidenceStatus", EVIDENCE),
            _marks(stated, "op:citationStatus", CITATION),
        )
        for theme, (of_theme, stated) in tops.items()
        if of_theme or stated
    )
    return Picture(rows, len(proposals) + len(statistics) <= _MOST_MARKS)


def _marks(nodes: Sequence[GraphNode], name: str, order: Sequence[str]) -> tuple[tuple[GraphNode, str], ...]:
    """Each node with its status, in the order of the statuses given."""
    marks = [(node, node.code(name)) for node in nodes]
    return tuple(sorted(marks, key=lambda mark: order.index(mark[1]) if mark[1] in order else len(order)))


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
