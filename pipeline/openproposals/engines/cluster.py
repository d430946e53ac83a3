"""The engine of a Spark cluster: tables are staged for all workers, which prove, join and write them in parts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import polars as pl
import rdflib

from openproposals import contents, places
from openproposals.corpus import corpus_folder, derive, spill
from openproposals.corpus.corpus_folder import Corpus
from openproposals.dumps import counting
from openproposals.engines import colocation, corpus_files, deriving, parts, plan, proving, screening, staging, views
from openproposals.engines.colocation import Colocation
from openproposals.engines.corpus_files import CorpusFile
from openproposals.engines.neighbourhoods import Group, Made
from openproposals.engines.session import Session, failing, session
from openproposals.engines.staged import Staged, swept
from openproposals.errors import CannotGoOn, UsageError
from openproposals.findings import Finding
from openproposals.model import templates
from openproposals.model.hosts import Host
from openproposals.model.hosts import plan as plan_hosts
from openproposals.model.tables import Tables
from openproposals.progress import SILENT, Progress, RowProgress, ignore
from openproposals.release import workspace
from openproposals.release.write import Draft
from openproposals.validation import graph, names, table_schema, whole_columns
from openproposals.validation.results import Coverage, Judge


@dataclass(frozen=True)
class Cluster:
    """Does the work of each stage on a Spark cluster (see `seam.Engine`).

    staged_from: bytes; a smaller CSV file is read by the driver. group and small: see `Colocation`.
    few: rows of tables that the driver searches itself. made: the parts of the dumps, once they are written.
    fetched: by the folder that stands for a corpus at an address, its files. awaited: the judgement of the graph, where
    all of it was given to the judge.
    """

    session: Session
    staged_from: int = spill.SPILLED_FROM
    group: int = colocation.GROUP
    small: int = colocation.GROUP
    few: int = colocation.GROUP
    formats: tuple[str, ...] = (*contents.FORMATS, "ntriples")
    made: list[Made] = field(default_factory=list)
    awaited: list[graph.PendingJudgement] = field(default_factory=list)
    fetched: dict[Path, list[CorpusFile]] = field(default_factory=dict)

    def read(self, folder: Path, progress: Callable[[int], object]) -> tuple[Corpus | None, list[Finding]]:
        """Read a corpus's folder; each large file, and each part of a table in parts, in a task."""
        if folder in self.fetched:
            files = self.fetched[folder]
            staged = self.session.staged(files)
        else:
            files = corpus_files.in_folder(folder, self.staged_from, self.session.room)
            staged = self.session.each(CorpusFile.stage, files)
        read = corpus_files.by_table(folder, files, staged)
        there = {table: parts[0].header for table, parts in read.items() if not (folder / table).exists()}
        return corpus_folder.read(folder, progress, partial(corpus_files.stored, read), there)

    def fetch(self, address: str) -> Path:
        """The folder from which a corpus at an address is read. Raises UsageError and CannotGoOn."""
        folder, files = corpus_files.at_address(self.session, address, self.staged_from)
        self.fetched[folder] = files
        return folder

    def explained(self, folder: Path) -> Iterator[plan.PlannedStep]:
        """What would be done with a corpus; its tables are read and staged, and nothing else is done.

        Raises CannotGoOn where the corpus cannot be read.
        """
        read, _ = self.read(folder, lambda done: None)
        if read is None:
            raise CannotGoOn("nothing-to-explain", folder=folder.name)
        staged = self._all_staged(derive.expand(read))
        hosts = plan_hosts(templates.load(staged.base, staged.languages))
        yield from plan.steps(self.session, staged, hosts, self.group, self.small)

    def check_tables(self, corpus: Corpus, *, judge_all: bool, progress: RowProgress) -> tuple[Coverage, list[Finding]]:
        """Check tables, which the workers search, and whole columns."""
        del progress  # tasks are told, not rows
        workers = proving.SparkWorkers(self.session, corpus.tables, self.few)
        judged, found = table_schema.check(corpus, judge_all=judge_all, progress=ignore, search=workers)
        return judged, [*found, *whole_columns.check(corpus, workers.named_alike(names.PAGED))]

    def complete(self, corpus: Corpus, *, conforms: bool) -> Corpus:
        """Derive tables, and stage them. Of a corpus that does not conform, the driver does: links may be broken."""
        if conforms:
            made = deriving.links(self.session, self._all_staged(corpus), self.group, self.small)
        else:
            made = derive.links(corpus)
        return self._all_staged(made)

    def _all_staged(self, corpus: Corpus) -> Corpus:
        tables = corpus.tables
        held = {name: kept for name in tables if isinstance(kept := tables.kept(name), pl.DataFrame) and kept.height}
        staged = {name: staging.stage_frame(name, frame, self.session.room) for name, frame in held.items()}
        return replace(corpus, tables=tables.with_(staged))

    def check_graph(
        self, corpus: Corpus, hosts: Sequence[Host], judge: Judge, *, judge_all: bool, progress: Progress
    ) -> tuple[Coverage, list[Finding], graph.PendingJudgement | None]:
        """Begin to check the graph. What was staged before tables were derived is deleted: it is read no more."""
        del progress
        swept(self.session.room, _stored_tables(corpus.tables).values())
        workers = proving.SparkWorkers(self.session, corpus.tables, self.few)
        prover = partial(self._prover, corpus, hosts, workers)
        judged, found, waiting = graph.begin(corpus, hosts, judge, judge_all=judge_all, progress=ignore, prover=prover)
        self.awaited[:] = [waiting] if waiting else []
        return judged, found, waiting

    def _prover(
        self, corpus: Corpus, hosts: Sequence[Host], workers: proving.SparkWorkers, shapes: rdflib.Graph
    ) -> screening.ClusterProver:
        return screening.ClusterProver(shapes, corpus, hosts, workers, self.group, self.small)

    def count(self, corpus: Corpus, hosts: Sequence[Host]) -> counting.Tally:
        """Count triples, and write the parts of the dumps at once: what is joined for the one is joined for both."""
        tables = _stored_tables(corpus.tables)
        around = Colocation(self.session, tables, [parts.around(host) for host in hosts], self.group, self.small)
        numbers = {group: number for number, group in enumerate(around.groups())}
        columns, room = dict(corpus.tables.all_names), self.session.room
        writer = parts.DumpParts(hosts, columns, corpus.name, corpus.base, self.formats, numbers, room)
        self.made[:] = around.apply(writer)
        return parts.summed(self.made)

    def write_dumps(
        self, corpus: Corpus, hosts: Sequence[Host], draft: Draft, formats: Sequence[str], progress: RowProgress
    ) -> None:
        """Take in the parts of the dumps, which were written as their triples were counted."""
        parts.taken(draft, self.made)

    def write_companions(
        self, corpus: Corpus, hosts: Sequence[Host], tally: counting.Tally, draft: Draft, progress: RowProgress
    ) -> None:
        """Write each table in parts, and the rest as one machine does."""
        used = parts.labelled(self.made)
        contents.write_companions(corpus, hosts, tally, draft, progress, self._tables, self._figures, used)

    def _figures(self, corpus: Corpus, draft: Draft, progress: RowProgress) -> None:
        del progress
        tables, columns = _stored_tables(corpus.tables), dict(corpus.tables.all_names)
        around = Colocation(self.session, tables, [views.around_figures(corpus.languages)], self.group, self.small)
        work = views.FlatParts(columns, corpus.base, corpus.schema["figures-flat"], self.session.room)
        parts.taken(draft, around.apply(work))
        if not corpus.tables.height("figures"):
            parts.taken(draft, work(Group(0, 0, {})))

    def _tables(self, corpus: Corpus, draft: Draft, progress: RowProgress) -> None:
        """Write the tables, some at once, and delete of each what was staged: nothing reads it any more.

        But for a judgement of the graph that is still awaited, whose findings are looked up in the tables.
        """
        stored = _stored_tables(corpus.tables)
        for few in parts.together({table.name: stored[table.name].height for table in contents.published(corpus)}):
            some = {name: stored[name] for name in few}
            tasks = parts.table_parts(some, corpus.tables.all_names, self.session.room)
            parts.taken(draft, [row for rows in self.session.each(parts.TablePart.write, tasks) for row in rows])
            if not self.awaited:
                for path in {part.path for table in some.values() for part in table.parts}:
                    Path(path).unlink()


@contextlib.contextmanager
def cluster(master: str, target: Path, progress: Progress = SILENT) -> Iterator[Cluster]:
    """The engine for a release at `target`, on a master ("": what Spark is configured for); its session ends with it.

    Raises UsageError where the target is an address, and CannotGoOn where Spark cannot be started.
    """
    if places.is_address(str(target)):
        raise UsageError("spark-to-address", target=target)
    with workspace.room(target) as room, session(room, master, progress.tasks) as begun, failing():
        yield Cluster(begun)


def _stored_tables(tables: Tables) -> dict[str, Staged]:
    """The tables that are staged, by name: all that have rows."""
    return {name: kept for name in tables if isinstance(kept := tables.kept(name), Staged) and kept.height}
