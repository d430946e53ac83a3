"""Prove the nodes of a graph on the workers: the screen of shapes runs on groups of rows that its paths bring together.

In a group, a triple that leads out of it is left out: what a shape reads of the group's own rows is all there
(`reach`). The suspects come back as row numbers; the driver fetches what is around them, and gives it to the judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
import polars as pl
import rdflib

from openproposals.corpus import derive
from openproposals.corpus.corpus_folder import Corpus
from openproposals.engines import deriving, reach
from openproposals.engines.colocation import Colocation
from openproposals.engines.neighbourhoods import Group
from openproposals.engines.partial_graph import PartialGraph
from openproposals.engines.proving import SparkWorkers
from openproposals.engines.staged import Staged
from openproposals.findings import Finding
from openproposals.messages import Phrase
from openproposals.model import schema
from openproposals.model.hosts import Host
from openproposals.model.tables import ORIGIN, RowNumbers, fitted
from openproposals.validation import shacl
from openproposals.validation.screens import closure, suspects
from openproposals.validation.screens.implied import Kind
from openproposals.validation.screens.paths import NotCompiledError
from openproposals.validation.screens.shapes import Screen, UnprovedNodes
from openproposals.validation.screens.table_rows import LinkAsked

_MOST_STEPS = 20  # joins along a shape's paths; a shape with more, or without a limit, is proved by the driver
_NOTHING = -1  # of a row that tells of a shape only what is not known


@cache
def _shapes(languages: tuple[str, ...]) -> rdflib.Graph:
    """The shapes for a corpus in these languages; read once in each worker."""
    return shacl.in_languages(shacl.shapes(), languages)


@dataclass(frozen=True)
class GroupScreen:
    """Screens the own rows of a group. `shapes`: by root table, the names of the shapes to prove."""

    hosts: Sequence[Host]
    columns: Mapping[str, Sequence[str]]
    languages: tuple[str, ...]
    foreign: Sequence[bool]
    roots: Sequence[str]
    shapes: Mapping[str, Sequence[str]]

    def __call__(self, group: Group) -> list[dict[str, Any]]:
        """The suspects of each shape, and what is not known of it."""
        rules, root = _shapes(self.languages), self.roots[group.neighbourhood]
        frames = {name: fitted(frame, self.columns[name]) for name, frame in group.frames.items()}
        tables = replace(group, frames=frames).tables(self.columns)
        screen = Screen(rules, PartialGraph(self.hosts, tables, self.foreign), root)
        numbers = group.frames[root]["_n"].to_numpy()
        found: list[dict[str, Any]] = []
        for name in self.shapes[root]:
            unproved = screen.suspects(rdflib.URIRef(name))
            for kind, rows in unproved.rows.items():
                own = numbers[rows][group.own(numbers[rows])]
                found += [{"shape": name, "kind": kind, "row": int(n), "unknown": ""} for n in own]
            for part in unproved.unknown:
                found.append({"shape": name, "kind": _NOTHING, "row": _NOTHING, "unknown": part})
        return found


@dataclass(frozen=True)
class ClusterProver:
    """Proves the nodes of a corpus's graph on a cluster (see `suspects.Prover`)."""

    shapes: rdflib.Graph
    corpus: Corpus
    hosts: Sequence[Host]
    workers: SparkWorkers
    group: int
    small: int
    here: suspects.Proving = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "here", suspects.Proving(self.shapes, self.corpus, self.hosts))

    @property
    def tables(self) -> dict[str, Staged]:
        """The staged tables that have rows."""
        tables = self.corpus.tables
        return {name: kept for name in tables if isinstance(kept := tables.kept(name), Staged) and kept.height}

    @cached_property
    def doubt(self) -> Phrase | None:
        """Why nothing can be proved, or None: that every link leads to a row is asked of all workers at once."""
        implied = self.here.implied
        return implied.doubt_of_nodes or (implied.doubt if self._leads_nowhere() else None)

    def _leads_nowhere(self) -> bool:
        """Whether a cell that should be the key of a node is not."""
        implied, known = self.here.implied, self.corpus.schema
        asked: dict[tuple[str, str, str, str], None] = {}
        for edge in (edge for edges in implied.edges.values() for edge in edges):
            target = implied.target(edge)
            if edge.column:
                asked[edge.table, edge.column, edge.kind.table, edge.kind.key] = None
            if target is not None and not reach.same_row(edge, target):
                asked[edge.table, edge.pattern.object.holes[0], target.table, target.key] = None
        checked = _checked_links(known)
        links = [
            LinkAsked(known[table], (column,), known[to], (key,), np.empty(0, np.int64))
            for table, column, to, key in asked
            if (table, column) != (to, key) and (table, column, to, key) not in checked
        ]
        return any(len(rows) for rows in self.workers.missing(links))

    @cached_property
    def foreign(self) -> list[bool]:
        """For each edge of the graph, in order, whether none of its objects is a node."""
        implied = self.here.implied
        edges = [edge for some in implied.edges.values() for edge in some]
        return [implied.target(edge) is None and implied.foreign(edge) for edge in edges]

    @cached_property
    def _rooted(self) -> dict[str, dict[str, closure.Reads]]:
        """By table, the shapes that have targets among its nodes, and what they read; those with a limit alone."""
        found: dict[str, dict[str, closure.Reads]] = {}
        for shape in suspects.targeted(self.shapes):
            what = closure.reads(self.shapes, shape)
            if what.everything or not 0 < what.steps <= _MOST_STEPS or closure.over_addresses(self.here.implied, what):
                continue
            try:
                self.here.screen.demand(shape)
                tables = self.here.screen.tables_of(shape)
            except NotCompiledError:
                continue
            for table in tables:
                found.setdefault(table, {})[str(shape)] = what
        return found

    @cached_property
    def _found(self) -> dict[str, UnprovedNodes]:
        """What the workers find of every shape."""
        implied = self.here.implied
        roots = sorted(table for table in self._rooted if table in self.tables)
        around = [reach.neighbourhood(implied, table, self._rooted[table].values()) for table in roots]
        shapes = {table: sorted(self._rooted[table]) for table in roots}
        languages = tuple(self.corpus.languages.own)
        columns = dict(self.corpus.tables.all_names)
        work = GroupScreen(self.hosts, columns, languages, self.foreign, roots, shapes)
        made = Colocation(self.workers.session, self.tables, around, self.group, self.small).apply(work)
        rows: dict[str, dict[int, list[int]]] = {shape: {} for some in shapes.values() for shape in some}
        unknown: dict[str, set[str]] = {shape: set() for shape in rows}
        for each in made:
            if each["unknown"]:
                unknown[each["shape"]].add(each["unknown"])
            else:
                rows[each["shape"]].setdefault(each["kind"], []).append(each["row"])
        return {
            shape: UnprovedNodes(
                rdflib.URIRef(shape),
                {kind: np.sort(np.array(numbers)) for kind, numbers in sorted(some.items())},
                tuple(sorted(unknown[shape])),
            )
            for shape, some in rows.items()
        }

    def suspects(self, shape: rdflib.term.Node) -> UnprovedNodes:
        """The targets of a shape that are not proved; those of a shape without a limit are sought by the driver."""
        limited = any(str(shape) in shapes for shapes in self._rooted.values())
        if not limited:
            return self.here.suspects(shape)
        return self._found.get(str(shape), UnprovedNodes(shape, {}, ()))

    def kind(self, number: int) -> Kind:
        """The kind of this number."""
        return self.here.kind(number)

    def judged(self, shape: rdflib.term.Node, kind: Kind, some: RowNumbers) -> list[Finding]:
        """What the judge finds about some nodes, given the rows around them."""
        what = closure.reads(self.shapes, shape)
        if str(shape) not in self._rooted.get(kind.table, ()):
            return self.here.judged(shape, kind, some)
        around = reach.neighbourhood(self.here.implied, kind.table, [what])
        names = self.corpus.tables.all_names
        whole = {name: (*names[name], *ORIGIN) for name in around.columns}
        asked = replace(around, columns=whole, numbers=tuple(int(n) for n in some))
        held = Colocation(self.workers.session, self.tables, [asked], self.group, self.small).fetched()
        part = replace(self.corpus, tables=self.corpus.tables.only({n: _without_numbers(f) for n, f in held.items()}))
        implied = PartialGraph(self.hosts, part.tables, self.foreign)
        own = np.searchsorted(held[kind.table]["_n"].to_numpy(), some)
        return suspects.judged(self.shapes, shape, implied, implied.kinds[kind.number], own, part, self.hosts)


def _checked_links(known: Mapping[str, schema.Table]) -> set[tuple[str, str, str, str]]:
    """The links of given tables that the schema has checked: in a corpus that conforms, they lead to rows.

    Those of tables that rules add rows to are not among them.
    """
    made = {name for recipe in deriving.RECIPES for name in recipe.makes} | {*derive.RULES}
    return {
        (table.name, link.columns[0], link.table, link.targets[0])
        for table in known.values()
        if table.origin == "given" and table.name not in made
        for link in table.links
        if len(link.columns) == 1
    }


def _without_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop("_n")
