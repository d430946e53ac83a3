"""The graph that a group of rows implies: what a shape reads of the group's own rows is all there (see `reach`)."""

from __future__ import annotations

from collections.abc import Sequence

from openproposals.model.hosts import Host
from openproposals.model.tables import Mask, Tables
from openproposals.validation.screens.implied import Edge, ImpliedGraph


class PartialGraph(ImpliedGraph):
    """The graph of a group of rows, without the triples that lead out of it.

    foreign: for each edge of the whole graph, in order, whether none of its objects is a node.
    """

    def __init__(self, hosts: Sequence[Host], tables: Tables, foreign: Sequence[bool]) -> None:
        super().__init__(hosts, tables)
        edges = [edge for some in self.edges.values() for edge in some]
        self._given = {id(edge.pattern): each for edge, each in zip(edges, foreign, strict=True)}
        self._inside: dict[tuple[int, int], Mask] = {}

    def said(self, edge: Edge) -> Mask:
        """Which rows publish the edge, between nodes that are both in the group."""
        place = id(edge.pattern), edge.kind.number
        if place not in self._inside:
            mask = super().said(edge)
            target = self.target(edge)
            if edge.column:
                mask = mask & (self.subjects(edge) >= 0)
            if target is not None:
                mask = mask & (self.objects(edge, target) >= 0)
            self._inside[place] = mask
        return self._inside[place]

    def foreign(self, edge: Edge) -> bool:
        """As it is in the whole graph."""
        return self._given[id(edge.pattern)]
