"""The picture on the home page: by theme, how well its proposals and its statistics are sourced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openproposals.site.nodes import Node

EVIDENCE = ("sourced", "unsourced", "none-stated")
CITATION = ("cited", "ambiguous", "dangling", "uncited")
_MOST_MARKS = 400


@dataclass(frozen=True)
class Row:
    """A theme, None for what is under none, and what belongs to it: each proposal and statistic with its status."""

    theme: Node | None
    proposals: tuple[tuple[Node, str], ...]
    statistics: tuple[tuple[Node, str], ...]

    def shares(self, kind: str) -> list[tuple[str, int]]:
        """How many have each status, in a fixed order, those that occur."""
        marks, order = (self.proposals, EVIDENCE) if kind == "proposal" else (self.statistics, CITATION)
        counted = Counter(status for _, status in marks)
        return [(status, counted[status]) for status in order if counted[status]]


@dataclass(frozen=True)
class Picture:
    """Rows by theme; `marks` says whether each thing has a mark of its own, or shares are drawn."""

    rows: tuple[Row, ...]
    marks: bool


def picture(themes: Sequence[Node], proposals: Sequence[Node], statistics: Sequence[Node]) -> Picture:
    """The picture: a row for each theme that is in no other, in their order, and one for what is under none."""
    known = set(themes)
    tops: dict[Node | None, tuple[list[Node], list[Node]]] = {t: ([], []) for t in themes if top(t) == t}
    tops[None] = ([], [])
    for proposal in proposals:
        tops.setdefault(_theme(proposal), ([], []))[0].append(proposal)
    for statistic in statistics:
        passages = [
            *statistic.all("op:statedIn"),
            *(p for f in statistic.all("op:hasFigure") for p in f.all("op:statedIn")),
        ]
        near = [theme for p in passages for theme in p.all("dcterms:isPartOf") if theme in known]
        under: Iterable[Node | None] = dict.fromkeys(map(top, near)) or [None]
        for theme in under:
            tops.setdefault(theme, ([], []))[1].append(statistic)
    rows = tuple(
        Row(
            theme,
            _marks(of_theme, "op:evidenceStatus", EVIDENCE),
            _marks(stated, "op:citationStatus", CITATION),
        )
        for theme, (of_theme, stated) in tops.items()
        if of_theme or stated
    )
    return Picture(rows, len(proposals) + len(statistics) <= _MOST_MARKS)


def _marks(nodes: Sequence[Node], name: str, order: Sequence[str]) -> tuple[tuple[Node, str], ...]:
    """Each node with its status, the best sourced first."""
    marks = [(node, node.code(name)) for node in nodes]
    return tuple(sorted(marks, key=lambda mark: order.index(mark[1]) if mark[1] in order else len(order)))


def top(theme: Node) -> Node:
    """The theme that a theme is in, in the end; a circle ends where it began."""
    seen = {theme}
    while (parent := theme.one("skos:broader")) is not None and parent not in seen and parent.known:
        seen.add(parent)
        theme = parent
    return theme


def _theme(proposal: Node) -> Node | None:
    found = proposal.one("dcterms:isPartOf")
    return top(found) if found is not None else None
