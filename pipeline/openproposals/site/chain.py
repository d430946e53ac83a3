"""A statistic's chain: the passages that state it, and each way from a marker to a source, as far as it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from openproposals.site.nodes import Node

State = Literal["whole", "possible", "broken"]


@dataclass(frozen=True)
class Way:
    """From a marker over a note to a source. What is None is not printed; a possible way asserts nothing."""

    state: State
    marker: Node | None
    note: Node | None
    source: Node | None


@dataclass(frozen=True)
class Chain:
    """What is known of where a statistic comes from, and which proposals rest on it."""

    statistic: Node
    status: str
    figures: tuple[Node, ...]
    passages: tuple[Node, ...]
    ways: tuple[Way, ...]
    proposals: tuple[Node, ...]

    @property
    def addressed(self) -> bool:
        """Whether its source is given with it, and no marker and no note lead there."""
        return self.status == "cited" and not any(way.marker for way in self.ways)

    @property
    def traceable(self) -> bool:
        """Whether its citation leads to a printed source."""
        return self.status == "cited"


def chain(statistic: Node) -> Chain:
    """The chain of a statistic, as its graph says it: nothing is inferred here."""
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
