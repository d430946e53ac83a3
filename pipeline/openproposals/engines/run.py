"""What every stage is given and gives back: the settings of a run, and what it has made so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from openproposals import report
from openproposals.corpus import corpus_folder, imported
from openproposals.dumps import counting
from openproposals.engines.local import Local
from openproposals.engines.seam import Engine
from openproposals.findings import Finding, conforms, ordered
from openproposals.model.hosts import Host
from openproposals.progress import SILENT, Progress
from openproposals.validation import graph, worker
from openproposals.validation.results import Judge


@dataclass(frozen=True)
class Run:
    """The settings of a run: who follows its progress, today's date, how much is judged, where the graph is judged.

    `engine` does the work of each stage, on this machine or on many. `today` is YYYY-MM-DD; a release dated later is a
    finding. With "", dates are not compared with today.
    """

    progress: Progress = SILENT
    today: str = ""
    judge_all: bool = False
    judge: Judge = worker.here
    engine: Engine = field(default_factory=Local)


@dataclass(frozen=True)
class Work:
    """What a run has made so far: the corpus, its hosts (how rows become triples), the findings and the counts.

    `corpus` is None where the folder could not be read as one. `waiting` is the judgement of the graph, while it is
    awaited.
    """

    folder: Path
    corpus: corpus_folder.Corpus | None
    findings: list[Finding]
    hosts: Sequence[Host] = ()
    counts: report.Counts | None = None
    tally: counting.Tally | None = None
    waiting: graph.PendingJudgement | None = None

    @property
    def conforms(self) -> bool:
        """Whether no violation was found so far."""
        return self.corpus is not None and conforms(self.findings)

    def plus(self, found: Sequence[Finding]) -> Work:
        """A copy with these findings added, those of imported cells with the cell that each came from."""
        return replace(self, findings=ordered([*self.findings, *imported.sourced(self.folder, found)]))
