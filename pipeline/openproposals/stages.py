"""The publishing pipeline on one screen. Data flows one way; a stage returns what it made and what it found.

    read -> validate the tables -> check the graph -> write the release -> swap

Violations stop the publishing, never the reporting. A release is then read by `query` (SPARQL) and `site` (pages).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from openproposals import report
from openproposals.corpus import derive
from openproposals.engines.run import Run, Work
from openproposals.errors import OpenproposalsError
from openproposals.findings import conforms, ordered
from openproposals.model import templates
from openproposals.model.hosts import plan
from openproposals.reading.apart import check_apart
from openproposals.release import ours, versions, write
from openproposals.validation import absences, assertions, graph, table_schema
from openproposals.validation import hints as hinted


def validate(folder: Path, run: Run, *, hints: bool = False) -> Work:
    """Read a corpus, check its tables, add the derived tables, and check the descriptor's assertions.

    hints: whether to add hints, which no release ever holds.
    """
    run.progress.stage("read")
    read, found = run.engine.read(folder, lambda done: run.progress.rows(done, 0))
    if read is None:
        return Work(folder, None, ordered(found))
    run.progress.stage("validate")
    expanded = derive.expand(read)
    judged, problems = run.engine.check_tables(expanded, judge_all=run.judge_all, progress=run.progress.rows)
    found += problems
    complete = run.engine.complete(expanded, conforms=conforms(found))
    found += [
        *assertions.check(complete, found),
        *absences.check(expanded, complete),
        *absences.unfinished(expanded),
        *absences.stale(expanded),
    ]
    found += hinted.check(complete) if hints else ()
    hosts = plan(templates.load(complete.base, complete.languages))
    found += versions.alone(complete, hosts, run.today)
    rows = {name: complete.tables.height(name) for name in complete.tables if complete.tables.height(name)}
    counts = report.Counts(rows, {}, (table_schema.judge_version(),), judged.screened, judged.judged)
    return Work(folder, complete, [], hosts, counts).plus(found)


def check(folder: Path, run: Run) -> Work:
    """Validate, then check the graph against the shapes. Tables that do not conform have no graph to check."""
    return _judged(_given_to_judge(validate(folder, run), run), run)


def convert(folder: Path, out: Path, formats: Sequence[str], run: Run) -> Work:
    """Validate, then write the dumps of these formats into a folder, with report.json and SHA256SUMS."""
    work = validate(folder, run)
    if work.corpus is not None and work.conforms:
        with write.drafting(out, kind="dumps", source=folder) as draft:
            run.progress.stage("convert")
            run.engine.write_dumps(work.corpus, work.hosts, draft, formats, run.progress.rows)
            _reported(work, draft)
            draft.seal()
            write.swap(draft, out)
    return work


def publish(folder: Path, out: Path, run: Run, *, dry: bool = False) -> tuple[Work, list[str]]:
    """Check, then write the whole release and swap it in: the work, and the names of the files that differ.

    dry: whether to compare only, and leave the release as it is.
    The release is written while the graph is being judged; it is swapped in only if the graph conforms.
    Raises UsageError where a draft, which holds the words of documents, lies in either folder.
    """
    check_apart(folder, out)
    work = _given_to_judge(validate(folder, run), run)
    if work.corpus is not None and work.conforms:
        work = work.plus(versions.check(work.corpus, work.hosts, out, ours.version(out), run.today))
    if not work.conforms or (work.waiting and work.waiting.done):
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
    """Give the graph to the judge, and count its triples. The work is unchanged where it does not conform."""
    if work.corpus is None or work.counts is None or not work.conforms:
        return work
    run.progress.stage("check")
    judged, found, waiting = run.engine.check_graph(
        work.corpus, work.hosts, run.judge, judge_all=run.judge_all, progress=run.progress
    )
    tally = run.engine.count(work.corpus, work.hosts)
    coverage = (judged.screened, judged.judged, judged.unknown)
    counts = work.counts.with_graph(dict(tally.tables), graph.judge_version(), *coverage)
    return replace(work.plus(found), counts=counts, tally=tally, waiting=waiting)


def _judged(work: Work, run: Run) -> Work:
    """Add the findings about the graph, once they are there."""
    return replace(work.plus(work.waiting.findings(run.progress)), waiting=None) if work.waiting else work


def _released(work: Work, out: Path, run: Run, dry: bool) -> tuple[Work, list[str]]:
    """Write the release and, unless `dry`, swap it in once the graph is found to conform."""
    assert work.corpus is not None
    assert work.tally is not None
    with write.drafting(out, source=work.folder, dry=dry) as draft:
        run.progress.stage("convert")
        run.engine.write_dumps(work.corpus, work.hosts, draft, run.engine.formats, run.progress.rows)
        run.progress.stage("publish")
        run.engine.write_companions(work.corpus, work.hosts, work.tally, draft, run.progress.rows)
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
    """Hand the report to the draft: by it the next run recognises the files as its own."""
    assert work.corpus is not None
    about = {"corpus": work.corpus.name, "version": str(work.corpus.descriptor["version"])}
    draft.report(report.facts(work.findings, work.counts, about))
