"""Check a large corpus against shapes: the screen proves most nodes, the judge gets the suspects and their triples."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import rdflib
from rdflib.namespace import SH

from openproposals.corpus.corpus_folder import Corpus
from openproposals.dumps.whole_graph import whole_graph
from openproposals.errors import CannotGoOn, reason
from openproposals.findings import Finding
from openproposals.messages import Phrase
from openproposals.model import schema
from openproposals.model.hosts import Host
from openproposals.model.tables import ORIGIN, RowNumbers
from openproposals.progress import RowProgress, ignore
from openproposals.validation import fastgraph, shacl
from openproposals.validation.locate import located
from openproposals.validation.results import Coverage
from openproposals.validation.screens import closure
from openproposals.validation.screens.implied import ImpliedGraph, Kind
from openproposals.validation.screens.paths import NotCompiledError
from openproposals.validation.screens.shapes import Screen, UnprovedNodes

WHOLE_TO = 500_000  # rows of a graph that the judge can hold whole: about 8 GB
_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode, SH.target)
CAP = 1_000  # suspects of one shape judged at once; once there are findings among them, the rest are counted


class Prover(Protocol):
    """How the nodes of a graph are proved and its suspects judged: on one machine, or by many."""

    @property
    def doubt(self) -> Phrase | None:
        """Why rows and nodes may not correspond one to one, so that nothing can be proved; None where they do."""

    def suspects(self, shape: rdflib.term.Node) -> UnprovedNodes:
        """The targets of a shape that are not proved. Raises NotCompiledError for a shape that it cannot handle."""

    def kind(self, number: int) -> Kind:
        """The kind of this number."""

    def judged(self, shape: rdflib.term.Node, kind: Kind, some: RowNumbers) -> list[Finding]:
        """What the judge finds about some nodes of a kind and one shape."""


def check(
    shapes: rdflib.Graph,
    corpus: Corpus,
    hosts: Sequence[Host],
    *,
    progress: RowProgress = ignore,
    prover: Prover | None = None,
) -> tuple[Coverage, list[Finding]]:
    """Check a corpus against shapes: how much was judged, and findings.

    progress: is given the rows done; each shape counts for the same share of the rows.
    prover: how nodes are proved; by default on this machine.
    """
    total = sum(corpus.tables.height(name) for name in corpus.tables)
    prover = prover or Proving(shapes, corpus, hosts)
    if prover.doubt:
        return Coverage(0, total), _judge(shapes, _whole(corpus, hosts, prover.doubt), corpus, hosts)
    findings: list[Finding] = []
    judged = 0
    unknown: dict[str, tuple[str, ...]] = {}
    every = sorted(targeted(shapes), key=str)
    for number, shape in enumerate(every):
        progress(total * number // len(every), total)
        try:
            suspects = prover.suspects(shape)
        except NotCompiledError as error:
            unknown[str(shape)] = (str(error),)
            findings += _judge(only(shapes, shape), _whole(corpus, hosts, reason(error)), corpus, hosts)
            judged += total
            continue
        if suspects.unknown:
            unknown[str(shape)] = suspects.unknown
        if suspects.rows:
            count, found = _suspects(prover, suspects, corpus)
            judged += count
            findings += found
    return Coverage(total, judged, unknown), findings


def _whole(corpus: Corpus, hosts: Sequence[Host], why: str | Phrase) -> bytes:
    """The whole graph as N-Triples. `why` says why suspects alone cannot be judged.

    Raises CannotGoOn where the graph is too large for the judge.
    """
    if sum(corpus.tables.height(name) for name in corpus.tables) > WHOLE_TO:
        raise CannotGoOn("graph-too-large", because=why, n=WHOLE_TO)
    return whole_graph(hosts, corpus.tables)


def targeted(shapes: rdflib.Graph) -> set[rdflib.term.Node]:
    """The shapes that have a target."""
    return {shape for target in _TARGETS for shape in shapes.subjects(target)}


def _suspects(prover: Prover, suspects: UnprovedNodes, corpus: Corpus) -> tuple[int, list[Finding]]:
    """Judge the suspects of one shape, in batches of `CAP`: the number judged, and findings.

    After the first batch with findings, the remaining suspects of a kind are only counted.
    """
    findings: list[Finding] = []
    judged = 0
    for number, numbers in suspects.rows.items():
        kind = prover.kind(number)
        own = 0  # findings of this kind's nodes
        for first in range(0, len(numbers), CAP):
            if own:
                place = corpus.location(kind.table, int(numbers[first]))
                facts = {"count": str(len(numbers) - first), "judged": str(first), "about": shacl.name(suspects.shape)}
                findings.append(Finding(place, "not-all-judged", facts=facts))
                break
            some = numbers[first : first + CAP]
            found = prover.judged(suspects.shape, kind, some)
            findings += found
            own += len(found)
            judged += len(some)
    return judged, findings


@dataclass(frozen=True)
class Proving:
    """Proves the nodes of a corpus's graph on this machine."""

    shapes: rdflib.Graph
    corpus: Corpus
    hosts: Sequence[Host]

    @cached_property
    def implied(self) -> ImpliedGraph:
        """The graph that the corpus implies."""
        return ImpliedGraph(self.hosts, self.corpus.tables)

    @cached_property
    def screen(self) -> Screen:
        """The screen of these shapes over that graph."""
        return Screen(self.shapes, self.implied)

    @property
    def doubt(self) -> Phrase | None:
        """Why nothing can be proved, or None."""
        return self.implied.doubt

    def suspects(self, shape: rdflib.term.Node) -> UnprovedNodes:
        """The targets of a shape that are not proved."""
        return self.screen.suspects(shape)

    def kind(self, number: int) -> Kind:
        """The kind of this number."""
        return self.implied.kinds[number]

    def judged(self, shape: rdflib.term.Node, kind: Kind, some: RowNumbers) -> list[Finding]:
        """What the judge finds about some nodes, given the triples that the shape's paths may cross from them."""
        return judged(self.shapes, shape, self.implied, kind, some, self.corpus, self.hosts)


def judged(
    shapes: rdflib.Graph,
    shape: rdflib.term.Node,
    implied: ImpliedGraph,
    kind: Kind,
    some: RowNumbers,
    corpus: Corpus,
    hosts: Sequence[Host],
) -> list[Finding]:
    """What the judge finds about some nodes of a kind, from the triples that a shape's paths may cross from them."""
    what = closure.reads(shapes, shape)
    taken = closure.rows(implied, what, {kind.number: some})
    tables = corpus.tables
    frames = {t: tables.rows(t, taken[t], [*tables.names(t), *ORIGIN]) for t in schema.tables() if t in taken}
    part = replace(corpus, tables=tables.only(frames))
    iris = closure.iris(kind, part.tables, np.searchsorted(taken[kind.table], some))
    return _judge(only(shapes, shape), closure.triples(implied, what, frames), part, hosts, iris)


def only(shapes: rdflib.Graph, shape: rdflib.term.Node) -> rdflib.Graph:
    """The graph of one shape and all that it refers to; only that shape keeps its targets."""
    found, todo = fastgraph.FastGraph(), [shape]
    while todo:
        here = todo.pop()
        for triple in shapes.triples((here, None, None)):
            if triple not in found and (here == shape or triple[1] not in _TARGETS):
                found.add(triple)
                todo.append(triple[2])
    return found


def _judge(
    shapes: rdflib.Graph, ntriples: bytes, corpus: Corpus, hosts: Sequence[Host], wanted: Container[str] | None = None
) -> list[Finding]:
    """Findings about a graph; with `wanted`, only those about these nodes."""
    results = shacl.results(shapes, ntriples)
    return located(corpus, hosts, (result for result in results if wanted is None or result.about in wanted))
