"""The publishing pipeline on one screen. Data flows one way; a stage returns what it made and what it found.

    read -> validate the tables -> check the graph -> write the release -> swap

Violations stop the publishing, never the reporting. What is published is then read by `query` (SPARQL) and by `site`
(pages), which need nothing but the release.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import wait
from dataclasses import dataclass, replace
from pathlib import Path

from openproposals import contents, report
from openproposals.corpus import corpus_folder, derive
from openproposals.corpus.descriptor import DESCRIPTOR
from openproposals.dumps import counting
from openproposals.errors import OpenproposalsError
from openproposals.findings import Finding, Location, conforms, ordered
from openproposals.model import templates
from openproposals.model.hosts import Host, plan
from openproposals.progress import SILENT, Progress
from openproposals.release import ours, versions, write
from openproposals.validation import assertions, graph, table_schema, worker
from openproposals.validation.results import Judge

_SOON = 1.0  # seconds of waiting for the judge of the graph that need no word


@dataclass(frozen=True)
class Run:
    """How a run goes: who follows its progress, what day it is, how much is judged, and where the graph is.

    `today` (YYYY-MM-DD) is what the caller's clock says; a release dated later is a finding. Without it, none is.
    """

    progress: Progress = SILENT
    today: str = ""
    judge_all: bool = False
    judge: Judge = worker.here


@dataclass(frozen=True)
class Work:
    """What a run has made so far: the corpus, how its rows become triples, what was found and counted.

    `waiting` is the graph in the hands of its judge, who has not answered yet.
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
        """Whether nothing was found so far that stops the publishing."""
        return self.corpus is not None and conforms(self.findings)

    def plus(self, found: Sequence[Finding]) -> Work:
        """The same with more findings."""
        return replace(self, findings=ordered([*self.findings, *found]))


def validate(folder: Path, run: Run) -> Work:
    """Read a corpus, judge its tables, complete them with what follows from them, hold them to its assertions."""
    run.progress.stage("read")
    read, found = corpus_folder.read(folder, lambda done: run.progress.rows(done, 0))
    if read is None:
        return Work(folder, None, ordered(found))
    run.progress.stage("validate")
    expanded = derive.expand(read)
    judged, problems = table_schema.check(expanded, judge_all=run.judge_all, progress=run.progress.rows)
    found += problems
    complete = derive.links(expanded)
    found += assertions.check(complete, found)
    released = complete.descriptor["released"]
    if run.today and released > run.today:
        found.append(Finding(Location(DESCRIPTOR, name="released"), "release-in-future", released))
    hosts = plan(templates.load(complete.base))
    found += versions.tombstones(complete, hosts)
    rows = {name: complete.tables.height(name) for name in complete.tables if complete.tables.height(name)}
    counts = report.Counts(rows, {}, (table_schema.judge_version(),), judged.screened, judged.judged)
    return Work(folder, complete, ordered(found), hosts, counts)


def check(folder: Path, run: Run) -> Work:
    """Validate, then judge the graph. A graph is made only of tables that conform."""
    return _judged(_given_to_judge(validate(folder, run), run), run)


def convert(folder: Path, out: Path, formats: Sequence[str], run: Run) -> Work:
    """Validate, then write the dumps into a folder, with a report and their sums."""
    work = validate(folder, run)
    if work.corpus is not None and work.conforms:
        with write.drafting(out, kind="dumps", source=folder) as draft:
            run.progress.stage("convert")
            contents.write_dumps(work.corpus, work.hosts, draft, formats, run.progress.rows)
            _reported(work, draft)
            draft.seal()
            write.swap(draft, out)
    return work


def publish(folder: Path, out: Path, run: Run, *, dry: bool = False) -> tuple[Work, list[str]]:
    """Check, then write the whole release and swap it in; with `dry`, only name the files that would differ.

    The release is written while the judge of the graph is at work; it is swapped in only if the graph then conforms.
    """
    work = _given_to_judge(validate(folder, run), run)
    if work.corpus is not None and work.conforms:
        work = work.plus(versions.check(work.corpus, work.hosts, out, write.published_version(out), run.today))
    if not work.conforms or (work.waiting and work.waiting.asked.done()):
        work = _judged(work, run)
    if not work.conforms:
        return work, []
    try:
        return _released(work, out, run, dry)
    except OpenproposalsError:
        work = _judged(work, run)  # a fault in the corpus is reported before one of the disk
        if work.conforms:
            raise
        return work, []


def _given_to_judge(work: Work, run: Run) -> Work:
    """The work with its graph in the hands of the judge, and counted; unchanged where it does not conform."""
    if work.corpus is None or work.counts is None or not work.conforms:
        return work
    run.progress.stage("check")
    begun = graph.begin(work.corpus, work.hosts, run.judge, judge_all=run.judge_all, progress=run.progress.rows)
    judged, found, waiting = begun
    tally = counting.count(work.hosts, work.corpus.tables)
    counts = replace(
        work.counts,
        triples=dict(tally.tables),
        judges=(*work.counts.judges, graph.judge_version()),
        screened=max(work.counts.screened, judged.screened),
        judged=work.counts.judged + judged.judged,
        unproved=judged.unknown,
    )
    return replace(work.plus(found), counts=counts, tally=tally, waiting=waiting)


def _judged(work: Work, run: Run) -> Work:
    """The work with what the judge of the graph found; a wait of more than a second shows as the stage `check`."""
    if work.waiting is None:
        return work
    if wait([work.waiting.asked], _SOON).not_done:
        run.progress.stage("check")
    return replace(work.plus(work.waiting.findings()), waiting=None)


def _released(work: Work, out: Path, run: Run, dry: bool) -> tuple[Work, list[str]]:
    """The release written and, unless `dry`, swapped in, once the judge of the graph has found no violation."""
    assert work.corpus is not None
    assert work.tally is not None
    with write.drafting(out, source=work.folder, dry=dry) as draft:
        run.progress.stage("convert")
        contents.write_dumps(work.corpus, work.hosts, draft, contents.FORMATS, run.progress.rows)
        run.progress.stage("publish")
        contents.write_companions(work.corpus, work.tally, draft, run.progress.rows)
        work = _judged(work, run)
        if work.corpus is None or work.counts is None or not work.conforms:
            return work, []
        _reported(work, draft)
        if work.corpus.descriptor.get("keep_releases"):
            write.keep(draft, out, str(work.corpus.descriptor["version"]))
        draft.seal()
        work = replace(work, counts=replace(work.counts, written=sum(entry.size for entry in draft.entries.values())))
        changed = write.differences(draft, out)
        if changed and not dry:
            write.swap(draft, out)
    return work, changed


def _reported(work: Work, draft: write.Draft) -> None:
    """Write the report, by which the next run knows that the folder is ours."""
    assert work.corpus is not None
    about = {"corpus": work.corpus.name, "version": str(work.corpus.descriptor["version"])}
    draft.write(ours.REPORT, report.data(work.findings, work.counts, about))
