"""What the shapes find in a corpus's graph, as findings at a row and column.

Of a small graph the judge sees all, in a process beside where there is one; of a large one, what the screens leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version

from openproposals import judging, locate
from openproposals.corpus import Corpus
from openproposals.dumps import blocks
from openproposals.dumps.hosts import Host
from openproposals.dumps.turtle import NTriples
from openproposals.findings import Finding
from openproposals.judging import Judge, Result
from openproposals.told import Told, unheard

SCREENED_FROM = 20_000  # rows; below, the judge sees everything


@dataclass(frozen=True)
class Judged:
    """How many rows the screen proved or tried to prove (0: the judge saw all), and how many nodes were judged.

    `unknown` names, by shape, the parts that did not compile.
    """

    screened: int
    judged: int
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def begin(
    corpus: Corpus,
    hosts: Sequence[Host],
    *,
    judge: Judge = judging.here,
    everything: bool = False,
    told: Told = unheard,
) -> tuple[Judged, Future[list[Finding]]]:
    """Hold the graph to `shapes/records.ttl`; a finding is named by the local name of the shape that found it.

    Of a large corpus the judge sees, before this returns, only the nodes that the screen could not prove, each with
    what its shape reads; with `everything`, the whole graph. A systematic fault is judged for its first nodes and
    counted for the rest.
    """
    total = sum(corpus.tables.height(name) for name in corpus.tables)
    if everything or total < SCREENED_FROM:
        made = partial(located, corpus, hosts)
        return Judged(0, total), judge(graph(corpus, hosts), made)
    from openproposals import judge as judges  # slow to import, and for large corpora only
    from openproposals.screens import suspects

    judged, found = suspects.held(judges.shapes(), corpus, hosts, told=told)
    done: Future[list[Finding]] = Future()
    done.set_result(found)
    return judged, done


def graph(corpus: Corpus, hosts: Sequence[Host]) -> bytes:
    """The whole graph, as N-Triples."""
    sink = blocks.Memory()
    blocks.write(hosts, corpus.tables, NTriples(), sink)
    return sink.data()


def located(corpus: Corpus, hosts: Sequence[Host], results: Iterable[Result]) -> list[Finding]:
    """Results where the corpus says what they are about."""
    found = []
    for result in results:
        place = locate.place(corpus, hosts, result.focus, result.path, result.value)
        facts = {"focus": _short(result.focus, corpus.base)}
        found.append(Finding(place, result.shape, _short(result.value or "", corpus.base), facts))
    return found


def _short(iri: str, base: str) -> str:
    return iri.removeprefix(base).rpartition("/")[2] if iri.startswith(base) else iri


def judge_version() -> str:
    """Which judge, as the report records it."""
    return f"pyshacl {version('pyshacl')}"
