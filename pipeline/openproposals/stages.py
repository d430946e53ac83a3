"""The whole pipeline on one screen. Data flows one way; a stage returns what it made and what it found.

    read -> validate -> convert -> check -> publish
    corpus  tables      dumps      shapes   release

Violations stop the publishing, never the reporting. What is published is then read by `query` (SPARQL) and by `site`
(pages), which need nothing but the release.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from openproposals import report
from openproposals.corpus import derive
from openproposals.corpus import read as corpus
from openproposals.corpus.descriptor import DESCRIPTOR
from openproposals.dumps import bibliography, blocks, counting, csv_files, gzipped, jsonld, turtle
from openproposals.errors import OpenproposalsError
from openproposals.findings import Finding, Location, conforms, ordered
from openproposals.model import schema, templates
from openproposals.model.hosts import Host, plan
from openproposals.progress import Told, unheard
from openproposals.release import ours, versions, write
from openproposals.validation import assertions, graph, table_schema, worker
from openproposals.validation.worker import Judge

Say = Callable[[str], None]
_SOON = 1.0  # seconds that nobody minds to wait without a word


@dataclass(frozen=True)
class Work:
    """What a run has in hand: the corpus and its folder, how rows become triples, what was found and counted.

    `waited_for` is what a judge has yet to say.
    """

    folder: Path
    corpus: corpus.Corpus | None
    findings: list[Finding]
    hosts: Sequence[Host] = ()
    counts: report.Counts | None = None
    tally: counting.Tally | None = None
    waited_for: graph.Waiting | None = None

    @property
    def conforms(self) -> bool:
        """Whether nothing stands against publishing."""
        return self.corpus is not None and conforms(self.findings)


def validate(folder: Path, say: Say, today: str = "", *, everything: bool = False, told: Told = unheard) -> Work:
    """Read a corpus, judge its tables, complete them with what follows from them, hold them to its assertions.

    `today` (YYYY-MM-DD) is what the caller's clock says; a release dated later is a finding. Without it, none is.
    """
    say("read")
    read, found = corpus.read(folder, lambda done: told(done, 0))
    if read is None:
        return Work(folder, None, ordered(found))
    say("validate")
    expanded = derive.expand(read)
    judged, problems = table_schema.check(expanded, everything=everything, told=told)
    found += problems
    complete = derive.links(expanded)
    found += assertions.check(complete, found)
    if today and complete.descriptor["released"] > today:
        place = Location(DESCRIPTOR, name="released")
        found.append(Finding(place, "release-in-future", complete.descriptor["released"]))
    rows = {name: complete.tables.height(name) for name in complete.tables if complete.tables.height(name)}
    hosts = plan(templates.load(complete.base))
    found += versions.tombstones(complete, hosts)
    counts = report.Counts(rows, {}, (table_schema.judge_version(),), judged.screened, judged.judged)
    return Work(folder, complete, ordered(found), hosts, counts)


def check(
    folder: Path,
    say: Say,
    today: str = "",
    *,
    everything: bool = False,
    told: Told = unheard,
    judge: Judge = worker.here,
) -> Work:
    """Validate, then judge the graph. A graph is made only of tables that conform."""
    work = validate(folder, say, today, everything=everything, told=told)
    return _judged(_handed_over(work, say, everything, told, judge), say)


def _handed_over(work: Work, say: Say, everything: bool, told: Told, judge: Judge) -> Work:
    """The graph in the hands of its judge, and counted meanwhile; nothing of work that does not conform."""
    if not work.conforms:
        return work
    say("check")
    assert work.corpus is not None
    assert work.counts is not None
    judged, found, waiting = graph.begin(work.corpus, work.hosts, judge=judge, everything=everything, told=told)
    tally = counting.count(work.hosts, work.corpus.tables)
    counts = replace(
        work.counts,
        triples=dict(tally.tables),
        judges=(*work.counts.judges, graph.judge_version()),
        screened=max(work.counts.screened, judged.screened),
        judged=work.counts.judged + judged.judged,
        unproved=judged.unknown,
    )
    return replace(work, findings=ordered([*work.findings, *found]), counts=counts, tally=tally, waited_for=waiting)


def _judged(work: Work, say: Say) -> Work:
    """The work with what the judge of the graph found; where it takes long to speak, that is what the run is at."""
    if work.waited_for is None:
        return work
    if wait([work.waited_for.asked], _SOON).not_done:
        say("check")
    return replace(work, findings=ordered([*work.findings, *work.waited_for.findings()]), waited_for=None)


def convert(
    folder: Path,
    out: Path,
    formats: Sequence[str],
    say: Say,
    today: str = "",
    *,
    everything: bool = False,
    told: Told = unheard,
) -> Work:
    """Validate, then write the dumps into a folder, with a report and their sums."""
    work = validate(folder, say, today, everything=everything, told=told)
    if work.conforms:
        with write.drafting(out, kind="dumps", source=folder) as draft:
            say("convert")
            _dumps(work, draft, formats, told)
            _reported(work, draft)
            draft.seal()
            write.swap(draft, out)
    return work


def publish(
    folder: Path,
    out: Path,
    say: Say,
    today: str = "",
    *,
    dry: bool = False,
    everything: bool = False,
    told: Told = unheard,
    judge: Judge = worker.here,
) -> tuple[Work, list[str]]:
    """Check, then write the whole release and swap it in; with `dry`, only say which files would differ.

    While a judge beside has not spoken, the release is written; it is swapped in only if what is said then conforms.
    """
    work = _handed_over(validate(folder, say, today, everything=everything, told=told), say, everything, told, judge)
    if work.corpus is not None and work.conforms:
        found = versions.check(work.corpus, work.hosts, out, write.published_version(out), today)
        work = replace(work, findings=ordered([*work.findings, *found]))
    if not work.conforms or (work.waited_for and work.waited_for.asked.done()):
        work = _judged(work, say)
    if not work.conforms:
        return work, []
    try:
        return _released(work, out, say, told, dry)
    except OpenproposalsError:
        work = _judged(work, say)  # what stands in the corpus is told before what stood in the way
        if work.conforms:
            raise
        return work, []


def _released(work: Work, out: Path, say: Say, told: Told, dry: bool) -> tuple[Work, list[str]]:
    """The release written and, unless `dry`, swapped in, once the judge of the graph has nothing against it."""
    assert work.corpus is not None
    with write.drafting(out, source=work.folder, dry=dry) as draft:
        say("convert")
        _dumps(work, draft, ("turtle", "jsonld"), told)
        say("publish")
        _companions(work, draft, told)
        work = _judged(work, say)
        if not work.conforms:
            return work, []
        assert work.corpus is not None
        _reported(work, draft)
        if work.corpus.descriptor.get("keep_releases"):
            write.keep(draft, out, str(work.corpus.descriptor["version"]))
        draft.seal()
        assert work.counts is not None
        written = sum(entry.size for entry in draft.entries.values())
        work = replace(work, counts=replace(work.counts, written=written))
        changed = write.differences(draft, out)
        if changed and not dry:
            write.swap(draft, out)
    return work, changed


def _reported(work: Work, draft: write.Draft) -> None:
    """The report, by which the next run knows that the folder is ours."""
    assert work.corpus is not None
    about = {"corpus": work.corpus.name, "version": str(work.corpus.descriptor["version"])}
    draft.write(ours.REPORT, report.data(work.findings, work.counts, about))


def _dumps(work: Work, draft: write.Draft, formats: Sequence[str], told: Told) -> None:
    """The record dumps: all that is said of a subject in one place, the dataset's own node first."""
    assert work.corpus is not None
    name, base = work.corpus.name, work.corpus.base
    syntaxes: dict[str, tuple[str, blocks.Syntax]] = {
        "turtle": ("ttl", turtle.Turtle(base)),
        "jsonld": ("jsonld", jsonld.JsonLd(base)),
        "ntriples": ("nt", turtle.NTriples()),
    }
    with ExitStack() as sinks:
        outputs = []
        for wanted in formats:
            extension, syntax = syntaxes[wanted]
            sink: blocks.Sink = sinks.enter_context(draft.sink(f"{name}.{extension}"))
            if work.corpus.descriptor.get("gzip"):
                packed = sinks.enter_context(draft.sink(f"{name}.{extension}.gz"))
                sink = sinks.enter_context(gzipped.beside(sink, packed))
            outputs.append((syntax, sink))
        total = sum(work.corpus.tables.height(host.table.name) for host in work.hosts)
        blocks.write_each(work.hosts, work.corpus.tables, outputs, lambda done: told(done, total))


def _tables(read: corpus.Corpus, draft: write.Draft, told: Told) -> None:
    """Every table that has rows, as CSV."""
    published = _published(read)
    done, total = 0, sum(read.tables.height(table.name) for table in published)
    for table in published:
        with draft.sink(f"tables/{table.name}.csv") as sink:
            for number, batch in enumerate(read.tables.batches(table.name)):
                csv_files.write_batch(batch, sink, header=number == 0)
                done += batch.height
                told(done, total)


def _figures(read: corpus.Corpus, draft: write.Draft) -> None:
    """The flat view of figures, for programs and for spreadsheets."""
    flat = schema.tables()["figures-flat"]
    with draft.sink("figures.csv") as sink, draft.sink("figures-excel.csv") as spreadsheet:
        for number, batch in enumerate(csv_files.figures(read.tables, read.base)):
            csv_files.write_batch(batch, sink, header=number == 0)
            csv_files.write_batch_for_spreadsheets(batch, flat, spreadsheet, header=number == 0)


def _references(read: corpus.Corpus, draft: write.Draft) -> None:
    """The sources, for reference managers."""
    with draft.sink("sources.csl.json") as csl, draft.sink("sources.bib") as bib:
        bibliography.write(read.tables, read.base, csl, bib)


def _published(read: corpus.Corpus) -> list[schema.Table]:
    return [t for n, t in schema.tables().items() if t.has_rows and read.tables.height(n)]


def _companions(work: Work, draft: write.Draft, told: Told) -> None:
    """Tables, the flat view, the vocabulary, the references, the data package and the catalogue."""
    from openproposals.catalog import companions  # slow to import, and a judge beside need not wait for it

    assert work.corpus is not None
    read = work.corpus
    with ThreadPoolExecutor(max_workers=2) as threads, draft.together():
        made = [threads.submit(_tables, read, draft, told)]
        made += [threads.submit(each, read, draft) for each in (_figures, _references)]
        for each_ in made:
            each_.result()
    folder = schema.shipped("schema")
    vocabulary = [folder / "vocabulary.ttl", *sorted((folder / "codes").glob("*.ttl"))]
    draft.write("vocabulary.ttl", b"\n".join(path.read_bytes() for path in vocabulary))
    assert work.tally is not None
    companions.write(companions.Subject(read.descriptor, read.tables, work.tally, _published(read)), draft)
