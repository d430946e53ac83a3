"""In a worker: a store, opened once to be read, and the queries that are asked of it.

request: {"query", "default": [...] | null, "named": [...] | null, "rows": syntax, "triples": syntax}
answer:  a frame that says which of the two it is and in which syntax, then the data
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from openproposals.errors import CannotGoOn, reason
from openproposals.guards.frames import HEAD, FrameSink, OpenedTask
from openproposals.query import sparql

_LOOKS, _AT_A_TIME = 5000, 100  # triples whose terms are looked up at most, and between two looks at what is open


def opened(folder: str, *graphs: str) -> OpenedTask:
    """The task that answers from a store's folder. graphs: the default graph of a query without a dataset.

    Raises CannotGoOn where the store cannot be read.
    """
    try:
        store = ox.Store.read_only(folder)
    except (OSError, ValueError) as error:
        raise CannotGoOn("store-unreadable", folder=folder, because=reason(error)) from error
    _touch(store, folder)
    return OpenedTask(lambda request, sink: _answer(store, graphs, json.loads(request), sink), len(_unopened(folder)))


def opened_to_write(folder: str) -> OpenedTask:
    """The task that answers from a store that may be changed. Raises CannotGoOn where the store cannot be opened."""
    try:
        store = ox.Store(folder)
    except (OSError, ValueError) as error:
        raise CannotGoOn("store-unreadable", folder=folder, because=reason(error)) from error
    return OpenedTask(lambda request, sink: _asked_or_changed(store, json.loads(request), sink))


def _touch(store: ox.Store, folder: str) -> None:
    """Look here and there into each index, so that the engine opens its files: it opens most when they are needed.

    Terms stand in the indexes in the order of their hashes, so the terms of any triples lead everywhere.
    """
    next(store.named_graphs(), None)
    for number, (_, predicate, value, graph) in enumerate(itertools.islice(store, _LOOKS)):
        if number % _AT_A_TIME == 0 and not _unopened(folder):
            return
        for place in (graph, None):
            next(store.quads_for_pattern(None, predicate, value, place), None)
            next(store.quads_for_pattern(None, None, value, place), None)
            if isinstance(value, ox.NamedNode):
                next(store.quads_for_pattern(value, None, None, place), None)


def _unopened(folder: str) -> set[str]:
    """The files with data of a store that are not open in this process; all of them where the system does not say."""
    held = {path.name for path in Path(folder).glob("*.sst")}
    with contextlib.suppress(OSError):
        for file in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):
                held.discard(file.readlink().name)
    return held


def _asked_or_changed(store: ox.Store, asked: dict[str, object], sink: FrameSink) -> None:
    if "update" in asked:
        sparql.change(store, str(asked["update"]), str(asked["base"]))
        sink.frame(HEAD, b"rows csv")
    else:
        _answer(store, [], asked, sink)


def _answer(store: ox.Store, graphs: Sequence[str], asked: dict[str, object], sink: FrameSink) -> None:
    text = str(asked["query"])
    base = str(asked["base"])
    found = sparql.evaluated(store, text, _dataset(text, graphs, asked), base)
    kind = "triples" if isinstance(found, ox.QueryTriples) else "rows"
    syntax = str(asked[kind])
    sink.note(HEAD, f"{kind} {syntax}".encode())
    if syntax:
        sparql.write(found, syntax, cast(IO[bytes], sink))


def _dataset(text: str, graphs: Sequence[str], asked: dict[str, object]) -> sparql.Dataset | None:
    """The protocol's dataset, which goes before the query's own; else that; else the graphs of the releases."""
    default, named = cast(list[str] | None, asked["default"]), cast(list[str] | None, asked["named"])
    if default is not None or named is not None:
        return sparql.Dataset(default or [], named or [])
    if not graphs:
        return None
    try:
        return None if sparql.has_keyword(text, "from", str(asked["base"])) else sparql.Dataset(graphs)
    except SyntaxError:
        return None  # it is told of when it is asked
