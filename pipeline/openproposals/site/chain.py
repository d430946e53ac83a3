"""The chain of a statistic: the passages that state it, and each way from a marker over a note to a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from openproposals.site.nodes import GraphNode

State = Literal["whole", "possible", "broken"]


@dataclass(frozen=True)
class Way:
    """A way from a marker over a note to a source.

    A part that the document does not print is None. A way with the state possible is a suggestion, not asserted.
    """

    state: State
    marker: GraphNode | None
    note: GraphNode | None
    source: GraphNode | None


@dataclass(frozen=True)
class Chain:
    """Where a statistic comes from, as far as it is known, and which proposals rest on it."""

    statistic: GraphNode
    status: str
    figures: tuple[GraphNode, ...]
    passages: tuple[GraphNode, ...]
    ways: tuple[Way, ...]
    proposals: tuple[GraphNode, ...]

    @property
    def addressed(self) -> bool:
        """Whether its source is given directly, without a marker and a note."""
        return self.status == "cited" and not any(way.marker for way in self.ways)

    @property
    def absent(self) -> bool:
        """Whether somebody looked for a source and none is printed."""
        return self.status in ("dangling", "uncited")

    @property
    def in_words(self) -> bool:
        """Whether it is a claim in words, which has no figure."""
        return self.statistic.code("op:figureKind") == "qualitative"

    @property
    def traceable(self) -> bool:
        """Whether its citation leads to a printed source."""
        return self.status == "cited"


def chain(statistic: GraphNode) -> Chain:
    """The chain of a statistic, read from its graph; nothing is inferred."""
    cited, possible = statistic.all("cito:citesAsEvidence"), statistic.all("op:possibleSource")
    ways: list[Way] = []
    for marker in statistic.all("op:hasMarker"):
        notes = marker.all("c4o:denotes")
        ways += [Way("whole", marker, note, source) for note in notes for source in note.all("biro:references")]
        ways += [Way("broken", marker, note, None) for note in notes if not note.all("biro:references")]
        maybe = marker.all("op:possiblyDenotes")
        doubtful = [(note, source) for note in maybe for source in note.all("biro:references") if source in possible]
        ways += [Way("possible", marker, note, source) for note, source in doubtful]
        if not notes and not doubtful:
            ways.append(Way("broken", marker, None, None))
    shown = {way.source for way in ways}
    ways += [Way("whole", None, None, source) for source in cited if source not in shown]
    ways += [Way("possible", None, None, source) for source in possible if source not in shown]
    return Chain(
        statistic,
        statistic.code("op:citationStatus"),
        tuple(statistic.all("op:hasFigure")),
        tuple(statistic.all("op:statedIn")),
        tuple(ways or [Way("broken", None, None, None)]),
        tuple(statistic.back("op:restsOn")),
    )
