"""Check a large corpus against shapes: the screen proves most nodes, the judge gets the suspects and their triples."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

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
from openproposals.model.tables import ORIGIN
from openproposals.progress import RowProgress, ignore
from openproposals.validation import fastgraph, shacl
from openproposals.validation.locate import located
from openproposals.validation.results import Coverage
from openproposals.validation.screens import closure
from openproposals.validation.screens.implied import ImpliedGraph
from openproposals.validation.screens.paths import NotCompiledError
from openproposals.validation.screens.shapes import Screen, UnprovedNodes

WHOLE_TO = 500_000  # rows of a graph that the judge can hold whole: about 8 GB
_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode, SH.target)
CAP = 1_000  # suspects of one shape judged at once; once there are findings among them, the rest are counted


def check(
    shapes: rdflib.Graph, corpus: Corpus, hosts: Sequence[Host], *, progress: RowProgress = ignore
) -> tuple[Coverage, list[Finding]]:
    """Check a corpus against shapes: how much was judged, and findings.

    progress: is given the rows done; each shape counts for the same share of the rows.
    """
    total = sum(corpus.tables.height(name) for name in corpus.tables)
    implied = ImpliedGraph(hosts, corpus.tables)
    if implied.doubt:
        return Coverage(0, total), _judge(shapes, _whole(corpus, hosts, implied.doubt), corpus, hosts)
    screen = Screen(shapes, implied)
    findings: list[Finding] = []
    judged = 0
    unknown: dict[str, tuple[str, ...]] = {}
    every = sorted(targeted(shapes), key=str)
    for number, shape in enumerate(every):
        progress(total * number // len(every), total)
        try:
            suspects = screen.suspects(shape)
        except NotCompiledError as error:
            unknown[str(shape)] = (str(error),)
            findings += _judge(only(shapes, shape), _whole(corpus, hosts, reason(error)), corpus, hosts)
            judged += total
            continue
        if suspects.unknown:
            unknown[str(shape)] = suspects.unknown
        if suspects.rows:
            count, found = _suspects(shapes, implied, suspects, corpus, hosts)
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


def _suspects(
    shapes: rdflib.Graph, implied: ImpliedGraph, suspects: UnprovedNodes, corpus: Corpus, hosts: Sequence[Host]
) -> tuple[int, list[Finding]]:
    """Judge the suspects of one shape, in batches of `CAP`: the number judged, and findings.

    After the first batch with findings, the remaining suspects of a kind are only counted.
    """
    what = closure.reads(shapes, suspects.shape)
    alone = only(shapes, suspects.shape)
    findings: list[Finding] = []
    judged = 0
    for number, numbers in suspects.rows.items():
        kind = implied.kinds[number]
        own = 0  # findings of this kind's nodes
        for first in range(0, len(numbers), CAP):
            if own:
                place = corpus.location(kind.table, int(numbers[first]))
                facts = {"count": str(len(numbers) - first), "judged": str(first), "about": shacl.name(suspects.shape)}
                findings.append(Finding(place, "not-all-judged", facts=facts))
                break
            some = numbers[first : first + CAP]
            taken = closure.rows(implied, what, {number: some})
            every = [*schema.tables()]
            frames = {
                t: corpus.tables.rows(t, taken[t], [*corpus.tables.names(t), *ORIGIN]) for t in every if t in taken
            }
            part = replace(corpus, tables=corpus.tables.only(frames))
            iris = closure.iris(kind, part.tables, np.searchsorted(taken[kind.table], some))
            found = _judge(alone, closure.triples(implied, what, frames), part, hosts, iris)
            findings += found
            own += len(found)
            judged += len(some)
    return judged, findings


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
