"""The seam between the pipeline and where it runs: what an engine does at each stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from openproposals.corpus.corpus_folder import Corpus
from openproposals.dumps.counting import Tally
from openproposals.findings import Finding
from openproposals.model.hosts import Host
from openproposals.progress import Progress, RowProgress
from openproposals.release.write import Draft
from openproposals.validation.graph import PendingJudgement
from openproposals.validation.results import Coverage, Judge


class Engine(Protocol):
    """Does the work of each stage. Whatever the engine, the findings and the published data are the same.

    `formats` are those of the dumps in a release.
    """

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of the dumps in a release."""

    def read(self, folder: Path, progress: Callable[[int], object]) -> tuple[Corpus | None, list[Finding]]:
        """Read a corpus: the corpus, None where its descriptor cannot be used, and findings."""

    def check_tables(self, corpus: Corpus, *, judge_all: bool, progress: RowProgress) -> tuple[Coverage, list[Finding]]:
        """Check every table against its Table Schema, and whole columns: how much was judged, and findings."""

    def complete(self, corpus: Corpus, *, conforms: bool) -> Corpus:
        """The corpus with its derived tables. conforms: whether no violation was found so far."""

    def check_graph(
        self, corpus: Corpus, hosts: Sequence[Host], judge: Judge, *, judge_all: bool, progress: Progress
    ) -> tuple[Coverage, list[Finding], PendingJudgement | None]:
        """Begin to check the graph: how much was judged, the findings so far, and what is still to wait for."""

    def count(self, corpus: Corpus, hosts: Sequence[Host]) -> Tally:
        """Count the triples of a corpus that conforms."""

    def write_dumps(
        self, corpus: Corpus, hosts: Sequence[Host], draft: Draft, formats: Sequence[str], progress: RowProgress
    ) -> None:
        """Write the record dumps in these formats into a draft."""

    def write_companions(
        self, corpus: Corpus, hosts: Sequence[Host], tally: Tally, draft: Draft, progress: RowProgress
    ) -> None:
        """Write what goes with the dumps into a draft: tables, views, references, labels and catalogue."""
