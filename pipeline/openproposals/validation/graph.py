"""What the shapes find in a corpus's graph, as findings at a row and column.

Of a small graph the judge sees all, in a process beside where there is one; of a large one, what the screens leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from importlib.metadata import version

from openproposals.corpus.corpus_folder import Corpus
from openproposals.dumps.ntriples import whole_graph
from openproposals.findings import Finding
from openproposals.model.hosts import Host
from openproposals.progress import RowProgress, ignore
from openproposals.validation import worker
from openproposals.validation.locate import located
from openproposals.validation.results import Coverage, Judge, Result

SCREENED_FROM = 20_000  # rows; below, the judge sees everything


@dataclass(frozen=True)
class PendingJudgement:
    """A graph in the hands of its judge."""

    asked: Future[list[Result] | None]
    ntriples: bytes
    corpus: Corpus
    hosts: Sequence[Host]

    def findings(self) -> list[Finding]:
        """What the judge found; where it was lost, what this process finds."""
        results = self.asked.result()
        return located(self.corpus, self.hosts, worker.results(self.ntriples) if results is None else results)


def begin(
    corpus: Corpus,
    hosts: Sequence[Host],
    judge: Judge = worker.here,
    *,
    judge_all: bool = False,
    progress: RowProgress = ignore,
) -> tuple[Coverage, list[Finding], PendingJudgement | None]:
    """Hold the graph to `shapes/records.ttl`; a finding is named by the local name of the shape that found it.

    Of a large corpus the judge sees, before this returns, only the nodes that the screen could not prove, each with
    what its shape reads. A systematic fault is judged for its first nodes and counted for the rest. Of a small one, or
    with `judge_all`, the judge sees the whole graph, and its findings are waited for.
    """
    total = sum(corpus.tables.height(name) for name in corpus.tables)
    if judge_all or total < SCREENED_FROM:
        ntriples = whole_graph(hosts, corpus.tables)
        return Coverage(0, total), [], PendingJudgement(judge(ntriples), ntriples, corpus, hosts)
    from openproposals.validation import shacl  # slow to import, and for large corpora only
    from openproposals.validation.screens import suspects

    return *suspects.check(shacl.shapes(), corpus, hosts, progress=progress), None


def judge_version() -> str:
    """Which judge, as the report records it."""
    return f"pyshacl {version('pyshacl')}"
