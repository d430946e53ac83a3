"""Check a corpus's graph against the SHACL shapes: findings, each at a row and a column.

The judge (pyshacl) gets the whole of a small graph, in a second process where there is one. Of a large graph it gets
only what the screens could not prove.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from openproposals.corpus.corpus_folder import Corpus
from openproposals.dumps.whole_graph import whole_graph
from openproposals.findings import Finding
from openproposals.model.hosts import Host
from openproposals.progress import SILENT, Progress, RowProgress, ignore
from openproposals.validation import worker
from openproposals.validation.locate import located
from openproposals.validation.results import Coverage, Judge, Result

if TYPE_CHECKING:
    import rdflib

    from openproposals.validation.screens.suspects import Prover

    ProverMaker = Callable[[rdflib.Graph], Prover]

SCREENED_FROM = 20_000  # rows; the judge gets all of a smaller corpus
_SOON = 1.0  # seconds to wait for the judgement before the progress shows it


@dataclass(frozen=True)
class PendingJudgement:
    """A graph that was given to the judge, whose answer may still be awaited; `done` says whether it is there."""

    asked: Future[list[Result] | None]
    ntriples: bytes
    corpus: Corpus
    hosts: Sequence[Host]

    @property
    def done(self) -> bool:
        """Whether the judge has answered, or its process has failed."""
        return self.asked.done()

    def findings(self, progress: Progress = SILENT) -> list[Finding]:
        """Wait for the judge's findings. Where its process failed, judge the graph in this process.

        progress: shows the stage `check` after a wait of over a second.
        """
        if wait([self.asked], _SOON).not_done:
            progress.stage("check")
        results = self.asked.result()
        if results is None:
            results = worker.judge_here(self.ntriples, self.corpus.languages.own)
        return located(self.corpus, self.hosts, results)


def begin(
    corpus: Corpus,
    hosts: Sequence[Host],
    judge: Judge = worker.here,
    *,
    judge_all: bool = False,
    progress: RowProgress = ignore,
    prover: ProverMaker | None = None,
) -> tuple[Coverage, list[Finding], PendingJudgement | None]:
    """Begin to check the graph against `shapes/records.ttl`. The code of a finding is the local name of its shape.

    Returns how much was judged, the findings so far, and the judgement still to wait for, or None.
    Of a large corpus, the nodes that the screen could not prove are judged before this returns; a systematic fault is
    judged for its first nodes and counted for the rest. The whole graph of a small corpus, or of any with `judge_all`,
    is given to `judge`, whose findings are still to come.
    prover: given the shapes, how the nodes of a large graph are proved; by default on this machine.
    """
    total = sum(corpus.tables.height(name) for name in corpus.tables)
    if judge_all or total < SCREENED_FROM:
        ntriples = whole_graph(hosts, corpus.tables)
        return Coverage(0, total), [], PendingJudgement(judge(ntriples, corpus.languages.own), ntriples, corpus, hosts)
    from openproposals.validation import shacl  # slow to import, and for large corpora only
    from openproposals.validation.screens import suspects

    shapes = shacl.in_languages(shacl.shapes(), corpus.languages.own)
    made = prover(shapes) if prover else None
    return *suspects.check(shapes, corpus, hosts, progress=progress, prover=made), None


def judge_version() -> str:
    """The name and version of the judge, for the report."""
    return f"pyshacl {version('pyshacl')}"
