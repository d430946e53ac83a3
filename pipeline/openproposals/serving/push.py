"""A release taken to a store elsewhere: loaded beside the old graph, counted, and put in its place in one update.

Whatever fails, and wherever: the graph of the release's name is the old one or the new one, whole.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openproposals.errors import UsageError
from openproposals.model import rdf
from openproposals.model.rdf import Blank
from openproposals.release import triples
from openproposals.release.published import Release, read_with_labels
from openproposals.serving.remote import RemoteStore

_BATCH = 500  # triples of one update: stores bound the length of a request, and Virtuoso that of a query
_BYTES = 500_000
Loaded = Callable[[int, int], object]  # told of the triples that are loaded, and of all


@dataclass(frozen=True)
class Pushed:
    """What was done, in triples: those in the graph before, those of the release, and whether it was put in place."""

    graph: str
    before: int
    after: int
    done: bool


def push(release: Release, to: RemoteStore, graph: str, *, dry: bool, loaded: Loaded) -> Pushed:
    """Take a release to a store. graph: the graph to replace, "" for the release's own IRI. dry: only look.

    Raises UsageError: a dump that cannot be read, a store that does not answer or does not hold what it was sent. The
    old graph is there then, unless the error says otherwise.
    """
    graph = graph or str(release.package.get("id", ""))
    if not rdf.is_web_iri(graph) or any(sign in graph for sign in '<>"{}|^`\\'):
        raise UsageError("push-graph", graph=graph)
    lines, wanted = _lines(release)
    before = sum(to.counted(graph).values())
    if dry:
        return Pushed(graph, before, len(lines), False)
    digest = hashlib.sha256(b"\n".join(lines)).hexdigest()[:16]
    draft = f"{graph.rstrip('/#')}/draft-{digest}"
    try:
        _load(lines, to, draft, loaded)
        _compared(to.counted(draft), wanted, draft)
    except BaseException:
        _dropped(to, draft)
        raise
    _switch(to, draft, graph, wanted)
    return Pushed(graph, before, len(lines), True)


def _lines(release: Release) -> tuple[list[bytes], Mapping[str, int]]:
    """The triples of a release, each once, as lines of N-Triples, and how many there are of each property."""
    dump = read_with_labels(release)
    found = dict.fromkeys(triples.read(dump.data, dump.syntax, release.dump.name))
    if any(isinstance(term, Blank) for subject, _, value in found for term in (subject, value)):
        raise UsageError("push-blank", dump=release.dump.name)
    lines = rdf.serialise(found, "ntriples", {}).splitlines()
    return lines, Counter(predicate for _, predicate, _ in found)


def _load(lines: Sequence[bytes], to: RemoteStore, draft: str, loaded: Loaded) -> None:
    to.change(f"DROP SILENT GRAPH <{draft}>")
    if to.graphs:
        to.put(draft, b"\n".join(lines) + b"\n")
        loaded(len(lines), len(lines))
        return
    done = 0
    for batch in _batches(lines):
        to.change(f"INSERT DATA {{ GRAPH <{draft}> {{\n{b''.join(line + bytes([10]) for line in batch).decode()}}} }}")
        done += len(batch)
        loaded(done, len(lines))


def _batches(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for line in lines:
        if batch and (len(batch) >= _BATCH or size + len(line) > _BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch


def _compared(found: Mapping[str, int], wanted: Mapping[str, int], graph: str) -> None:
    """Raises UsageError where a graph does not hold as many triples of each property as the release has."""
    odd = sorted(name for name in {*found, *wanted} if found.get(name, 0) != wanted.get(name, 0))
    if odd:
        first, found_, wanted_ = odd[0], found.get(odd[0], 0), wanted.get(odd[0], 0)
        raise UsageError("push-differs", graph=graph, n=len(odd), property=first, found=found_, wanted=wanted_)


def _switch(to: RemoteStore, draft: str, graph: str, wanted: Mapping[str, int]) -> None:
    """Put the draft in the graph's place in one update, which may be sent again as long as the draft is there.

    MOVE may not: sent again, it would move a draft that is gone, and some stores empty the graph then. Where no answer
    came, what is there decides; the draft is removed only once the graph is the release.
    """
    try:
        to.change(f"COPY GRAPH <{draft}> TO <{graph}>")
        _compared(to.counted(graph), wanted, graph)
    except UsageError as error:
        if _held(to, graph) != dict(wanted):
            raise UsageError("push-not-switched", graph=graph, draft=draft, because=error.what) from error
    _dropped(to, draft)


def _held(to: RemoteStore, graph: str) -> Mapping[str, int] | None:
    try:
        return to.counted(graph)
    except UsageError:
        return None


def _dropped(to: RemoteStore, draft: str) -> None:
    """Remove the draft, as far as the store still answers."""
    try:
        to.change(f"DROP SILENT GRAPH <{draft}>")
    except UsageError:
        return
