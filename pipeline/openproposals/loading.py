"""A place opened to be read: its tables for trace and verify, its dump for query. A corpus is validated first."""

from __future__ import annotations

from typing import assert_never

from openproposals import places, stages
from openproposals.dumps.ntriples import whole_graph
from openproposals.errors import UsageError
from openproposals.factcheck.trace import Held
from openproposals.release import reading_back
from openproposals.release.published import Dump, Release, fetch_dump, read_dump
from openproposals.stages import Run, Work


def tables(place: places.Place, run: Run) -> Held | Work:
    """The tables of a corpus, a release or a dump's file; of a corpus that does not conform, what was found in it.

    Raises UsageError: an address, and what is no dump.
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
            raise UsageError(f"{url} is an address", mend="fetch the dump, then give its file")
        case _:
            assert_never(place)


def graph(place: places.Place, run: Run, *, private: bool = False) -> Dump:
    """The dump at a place; that of a corpus is made here and now.

    private: whether an address may be on this machine or a private network.
    Raises UsageError: a corpus that does not conform, and what is no dump.
    """
    match place:
        case places.CorpusFolder(folder):
            work = stages.validate(folder, run)
            if work.corpus is None or not work.conforms:
                raise UsageError(
                    f"{folder} does not conform, so there is no graph of it to ask",
                    mend=f"see what is wrong: openproposals validate {folder}",
                )
            return Dump(whole_graph(work.hosts, work.corpus.tables), "ntriples")
        case Release():
            return read_dump(place.dump, follow=False)
        case places.File(path):
            return read_dump(path)
        case places.Address(url):
            return fetch_dump(url, private=private)
        case _:
            assert_never(place)
