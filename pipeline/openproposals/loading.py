"""Load a place: its tables for trace and verify, its dump for query. A corpus is validated first."""

from __future__ import annotations

from typing import assert_never

from openproposals import places, stages
from openproposals.dumps import labels
from openproposals.dumps.whole_graph import whole_graph
from openproposals.engines.run import Run, Work
from openproposals.errors import UsageError
from openproposals.factcheck.trace import Held
from openproposals.release import reading_back
from openproposals.release.published import Dump, Release, fetch_dump, read_dump, read_with_labels


def held(place: places.Place, run: Run) -> Held | Work:
    """The tables of a corpus, a release or a dump; the `Work` with its findings for a corpus that does not conform.

    Raises UsageError for an address, and for a file that is not a dump.
    """
    match place:
        case places.CorpusFolder(folder):
            work = stages.validate(folder, run)
            if work.corpus is None or not work.conforms:
                return work
            return Held(work.corpus.base, work.corpus.tables, folder)
        case Release():
            run.progress.stage("read")
            return Held(*reading_back.read(place.dump))
        case places.File(path):
            run.progress.stage("read")
            return Held(*reading_back.read(path))
        case places.Address(url):
            raise UsageError("is-an-address", url=url)
        case _:
            assert_never(place)


def dump(place: places.Place, run: Run, *, private: bool = False) -> Dump:
    """The dump at a place. For a corpus it is made in memory.

    private: whether an address may be on this machine or a private network.
    Raises UsageError for a corpus that does not conform, and for what is not a dump.
    """
    match place:
        case places.CorpusFolder(folder):
            work = stages.validate(folder, run)
            if work.corpus is None or not work.conforms:
                raise UsageError("no-graph", corpus=folder)
            graph = whole_graph(work.hosts, work.corpus.tables)
            return Dump(graph + b"\n" + labels.turtle(work.hosts, work.corpus.tables, work.corpus.base), "turtle")
        case Release():
            return read_with_labels(place)
        case places.File(path):
            return read_dump(path)
        case places.Address(url):
            return fetch_dump(url, private=private)
        case _:
            assert_never(place)
