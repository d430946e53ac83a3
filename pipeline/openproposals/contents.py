"""Write the files of a release: the record dumps, the tables, the flat views, the references and the catalogue.

In: a corpus that conforms, its hosts (how rows become triples), and the triple counts. Out: files in a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from openproposals.corpus.corpus_folder import Corpus
from openproposals.dumps import bibliography, blocks, counting, csv_files, flat, gzipped, jsonld, labels, turtle
from openproposals.model import schema
from openproposals.model.hosts import Host
from openproposals.progress import RowProgress
from openproposals.release import write
from openproposals.release.published import LABELS

TablesWriter = Callable[[Corpus, write.Draft, RowProgress], None]
FORMATS = ("turtle", "jsonld")  # of a release; `convert` may write others


def syntaxes(base: str) -> dict[str, tuple[str, blocks.BlockWriter]]:
    """By name, how a dump is written: the ending of its file's name, and the writer."""
    return {
        "turtle": ("ttl", turtle.Turtle(base)),
        "jsonld": ("jsonld", jsonld.JsonLd(base)),
        "ntriples": ("nt", turtle.NTriples()),
    }


def write_dumps(
    corpus: Corpus, hosts: Sequence[Host], draft: write.Draft, formats: Sequence[str], progress: RowProgress
) -> None:
    """Write the record dumps in these formats (`turtle`, `jsonld`, `ntriples`), gzipped too if the descriptor asks."""
    known = syntaxes(corpus.base)
    with ExitStack() as sinks:
        outputs = []
        for wanted in formats:
            extension, syntax = known[wanted]
            sink: blocks.Sink = sinks.enter_context(draft.sink(f"{corpus.name}.{extension}"))
            if corpus.descriptor.get("gzip"):
                packed = sinks.enter_context(draft.sink(f"{corpus.name}.{extension}.gz"))
                sink = sinks.enter_context(gzipped.beside(sink, packed))
            outputs.append((syntax, sink))
        total = sum(corpus.tables.height(host.table.name) for host in hosts)
        blocks.write_each(hosts, corpus.tables, outputs, lambda done: progress(done, total))


def write_companions(
    corpus: Corpus,
    hosts: Sequence[Host],
    tally: counting.Tally,
    draft: write.Draft,
    progress: RowProgress,
    tables: TablesWriter | None = None,
    figures: TablesWriter | None = None,
    labelled: Iterable[str] | None = None,
) -> None:
    """Write what goes with the dumps: tables, views, references, labels, vocabulary, data package and catalogue.

    tables and figures: how the tables and the flat view are written; by default each as one CSV file. `tables` is
    called when all else that reads them is done: it may take away what it has written.
    labelled: the IRIs that have labels, where they are known.
    """
    from openproposals.catalog import companions, page  # slow to import, so imported after the judge has begun

    with ThreadPoolExecutor(max_workers=2) as threads, draft.together():
        made = [] if tables else [threads.submit(_tables, corpus, draft, progress)]
        made += [
            threads.submit(figures or _figures, corpus, draft, progress),
            threads.submit(_references, corpus, draft),
        ]
        for each_ in made:
            each_.result()
    draft.write(LABELS, labels.turtle(hosts, corpus.tables, corpus.base, labelled))
    draft.write("vocabulary.ttl", _vocabulary())
    about = companions.Subject(corpus.descriptor, corpus.tables, tally, published(corpus), page.statuses(corpus.tables))
    if tables:
        tables(corpus, draft, progress)
    companions.write(about, draft)


def _tables(corpus: Corpus, draft: write.Draft, progress: RowProgress) -> None:
    """Write every table that has rows as CSV."""
    given = published(corpus)
    done, total = 0, sum(corpus.tables.height(table.name) for table in given)
    for table in given:
        with draft.sink(f"tables/{table.name}.csv") as sink:
            for number, batch in enumerate(corpus.tables.batches(table.name)):
                csv_files.write_batch(batch, sink, header=number == 0)
                done += batch.height
                progress(done, total)


def _figures(corpus: Corpus, draft: write.Draft, progress: RowProgress) -> None:
    """Write the flat view of figures as CSV, for programs and for spreadsheets."""
    del progress
    view = corpus.schema["figures-flat"]
    with draft.sink("figures.csv") as sink, draft.sink("figures-excel.csv") as spreadsheet:
        for number, batch in enumerate(flat.figures(corpus.tables, corpus.base)):
            csv_files.write_batch(batch, sink, header=number == 0)
            csv_files.write_batch_for_spreadsheets(batch, view, spreadsheet, header=number == 0)


def _references(corpus: Corpus, draft: write.Draft) -> None:
    """Write the sources for reference managers."""
    with draft.sink("sources.csl.json") as csl, draft.sink("sources.bib") as bib:
        bibliography.write(corpus.tables, corpus.base, csl, bib)


def _vocabulary() -> bytes:
    """The vocabulary and its code lists, in one Turtle file."""
    folder = schema.shipped("schema")
    parts = [folder / "vocabulary.ttl", *sorted((folder / "codes").glob("*.ttl"))]
    return b"\n".join(path.read_bytes() for path in parts)


def published(corpus: Corpus) -> list[schema.Table]:
    """The tables to publish: those that have rows."""
    return [t for n, t in corpus.schema.items() if t.has_rows and corpus.tables.height(n)]
