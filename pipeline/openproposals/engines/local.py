"""The engine of one machine: every stage runs in this process, and the judge of a small graph in a second one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from openproposals import contents
from openproposals.corpus import corpus_folder, derive
from openproposals.corpus.corpus_folder import Corpus
from openproposals.dumps import counting
from openproposals.findings import Finding
from openproposals.model.hosts import Host
from openproposals.progress import Progress, RowProgress
from openproposals.release.write import Draft
from openproposals.validation import graph, table_schema, whole_columns
from openproposals.validation.results import Coverage, Judge


class Local:
    """Does the work of each stage on this machine (see `seam.Engine`)."""

    formats: tuple[str, ...] = contents.FORMATS

    def read(self, folder: Path, progress: Callable[[int], object]) -> tuple[Corpus | None, list[Finding]]:
        """Read a corpus's folder."""
        return corpus_folder.read(folder, progress)

    def check_tables(self, corpus: Corpus, *, judge_all: bool, progress: RowProgress) -> tuple[Coverage, list[Finding]]:
        """Check tables and whole columns."""
        judged, found = table_schema.check(corpus, judge_all=judge_all, progress=progress)
        return judged, [*found, *whole_columns.check(corpus)]

    def complete(self, corpus: Corpus, *, conforms: bool) -> Corpus:
        """The corpus with its derived tables, made of those that are given."""
        del conforms
        return derive.links(corpus)

    def check_graph(
        self, corpus: Corpus, hosts: Sequence[Host], judge: Judge, *, judge_all: bool, progress: Progress
    ) -> tuple[Coverage, list[Finding], graph.PendingJudgement | None]:
        """Begin to check the graph."""
        return graph.begin(corpus, hosts, judge, judge_all=judge_all, progress=progress.rows)

    def count(self, corpus: Corpus, hosts: Sequence[Host]) -> counting.Tally:
        """The numbers of triples that the tables publish, by table and by property."""
        return counting.count(hosts, corpus.tables)

    def write_dumps(
        self, corpus: Corpus, hosts: Sequence[Host], draft: Draft, formats: Sequence[str], progress: RowProgress
    ) -> None:
        """Write each dump as one file."""
        contents.write_dumps(corpus, hosts, draft, formats, progress)

    def write_companions(
        self, corpus: Corpus, hosts: Sequence[Host], tally: counting.Tally, draft: Draft, progress: RowProgress
    ) -> None:
        """Write each table as one file, and the rest."""
        contents.write_companions(corpus, hosts, tally, draft, progress)
