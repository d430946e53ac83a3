"""The engine of a Spark cluster: tables are staged for all workers, which prove, join and write them in parts."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from openproposals import contents
from openproposals.corpus import corpus_folder, derive, spill
from openproposals.corpus.corpus_folder import Corpus
from openproposals.dumps import counting
from openproposals.engines import colocation, parts, staging
from openproposals.engines.colocation import Colocation
from openproposals.engines.session import Session, session
from openproposals.engines.staging import Staged, StagedPart
from openproposals.findings import Finding
from openproposals.model.hosts import Host
from openproposals.model.tables import Tables
from openproposals.progress import Progress, RowProgress
from openproposals.release import workspace
from openproposals.release.write import Draft
from openproposals.validation import graph, table_schema, whole_columns
from openproposals.validation.results import Coverage, Judge


@dataclass(frozen=True)
class Cluster:
    """Does the work of each stage on a Spark cluster (see `engine.Engine`).

    room: a folder that the driver and every worker reach by this path, on the disk of the release.
    staged_from: bytes; a smaller CSV file is read by the driver. group and small: see `Colocation`.
    """

    session: Session
    room: Path
    staged_from: int = spill.SPILLED_FROM
    group: int = colocation.GROUP
    small: int = colocation.GROUP
    formats: tuple[str, ...] = (*contents.FORMATS, "ntriples")

    def read(self, folder: Path, progress: Callable[[int], object]) -> tuple[Corpus | None, list[Finding]]:
        """Read a corpus's folder; each large file in a task."""
        large = {path.name: path for path in sorted(folder.glob("*.csv")) if self._is_large(path)}
        tasks = [_Reading(path.absolute(), name, 0, self.room) for name, path in large.items()]
        read = dict(zip(large, self.session.each(_Reading.stage, tasks), strict=True))
        return corpus_folder.read(folder, progress, partial(_stored, read))

    def _is_large(self, path: Path) -> bool:
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and found.st_size >= self.staged_from

    def check_tables(self, corpus: Corpus, *, judge_all: bool, progress: RowProgress) -> tuple[Coverage, list[Finding]]:
        """Check tables and whole columns."""
        judged, found = table_schema.check(corpus, judge_all=judge_all, progress=progress)
        return judged, [*found, *whole_columns.check(corpus)]

    def complete(self, corpus: Corpus) -> Corpus:
        """Derive tables, and stage those that are in memory."""
        return self._all_staged(derive.links(corpus))

    def _all_staged(self, corpus: Corpus) -> Corpus:
        tables = corpus.tables
        held = {name: kept for name in tables if isinstance(kept := tables.kept(name), pl.DataFrame) and kept.height}
        staged = {name: staging.stage_frame(name, frame, self.room) for name, frame in held.items()}
        return replace(corpus, tables=tables.with_(staged))

    def check_graph(
        self, corpus: Corpus, hosts: Sequence[Host], judge: Judge, *, judge_all: bool, progress: Progress
    ) -> tuple[Coverage, list[Finding], graph.PendingJudgement | None]:
        """Begin to check the graph."""
        return graph.begin(corpus, hosts, judge, judge_all=judge_all, progress=progress.rows)

    def count(self, corpus: Corpus, hosts: Sequence[Host]) -> counting.Tally:
        """Count triples."""
        return counting.count(hosts, corpus.tables)

    def write_dumps(
        self, corpus: Corpus, hosts: Sequence[Host], draft: Draft, formats: Sequence[str], progress: RowProgress
    ) -> None:
        """Write the dumps in parts."""
        tables = _stored_tables(corpus.tables)
        around = Colocation(self.session, tables, [parts.around(host) for host in hosts], self.group, self.small)
        numbers = {group: number for number, group in enumerate(around.groups())}
        gzip = bool(corpus.descriptor.get("gzip"))
        writer = parts.DumpParts(
            hosts, dict(corpus.tables.all_names), corpus.name, corpus.base, formats, gzip, numbers, self.room
        )
        parts.taken(draft, around.apply(writer, parts.WRITTEN))

    def write_companions(
        self, corpus: Corpus, hosts: Sequence[Host], tally: counting.Tally, draft: Draft, progress: RowProgress
    ) -> None:
        """Write each table in parts, and the rest as one machine does."""
        contents.write_companions(corpus, hosts, tally, draft, progress, self._tables)

    def _tables(self, corpus: Corpus, draft: Draft, progress: RowProgress) -> None:
        stored = _stored_tables(corpus.tables)
        published = {table.name: stored[table.name] for table in contents.published(corpus)}
        tasks = parts.table_parts(published, corpus.tables.all_names, self.room)
        parts.taken(draft, [row for rows in self.session.each(parts.TablePart.write, tasks) for row in rows])


@contextlib.contextmanager
def cluster(master: str, target: Path) -> Iterator[Cluster]:
    """The engine for a release at `target`, on a master ("": what Spark is configured for); its session ends with it.

    Raises CannotGoOn where Spark cannot be started.
    """
    with workspace.room(target) as room, session(master) as begun:
        yield Cluster(begun, room)


@dataclass(frozen=True)
class _Reading:
    """A file to be read and staged."""

    path: Path
    file: str
    number: int
    room: Path

    def stage(self) -> StagedPart | None:
        """Stage the file; None where it is not taken."""
        return staging.stage_file(self.path, self.file, self.number, self.room)


def _stored(
    read: dict[str, StagedPart | None], path: Path, named: Callable[[Sequence[str]], Sequence[str]]
) -> Staged | None:
    """The table of a file that was staged; None where it was not, or its header does not fit."""
    part = read.get(path.name)
    names = named(part.header) if part else ()
    return staging.of([part], names, path.name) if part and names else None


def _stored_tables(tables: Tables) -> dict[str, Staged]:
    """The tables that are staged, by name: all that have rows."""
    return {name: kept for name in tables if isinstance(kept := tables.kept(name), Staged) and kept.height}
