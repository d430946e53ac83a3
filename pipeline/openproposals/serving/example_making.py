"""Answers to the example questions are made once for each store: in one process, which gives way to all others.

A question that takes too much is refused, and the next one asked. Where the disk takes no more, or all answers
together are too many bytes, the rest are answered as any query when somebody asks.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

import pyoxigraph as ox

from openproposals.errors import CannotGoOn, UsageError, reason
from openproposals.guards import child
from openproposals.guards.child import Bounds, OutOfBounds
from openproposals.guards.frames import DATA, RAISED, FrameSink, OpenedTask
from openproposals.guards.lasting import LastingChild
from openproposals.query import sparql
from openproposals.serving.kept_answers import ExampleBounds, ExampleQuestion, KeptAnswers
from openproposals.serving.store import locked

_WORK = "openproposals.serving.example_making:opened_to_keep"
_LOOK_SECONDS = 0.5  # between two looks at the processor time of a question
_WALL = 20  # times its processor time that a question may take, where others keep the processor
_BETWEEN = 4  # times an answer's bytes for the one that the others are written from
_LOCK = "making"  # beside the answers


async def made(store: Path, kept: KeptAnswers, bounds: ExampleBounds) -> None:
    """Make the answers that are missing, once no other process does.

    Raises OSError: the disk takes no more; CannotGoOn, OutOfBounds: no process can be started.
    """
    with contextlib.ExitStack() as held:
        while True:
            try:
                held.enter_context(locked(kept.folder.with_name(_LOCK), wait=False))
                break
            except BlockingIOError:
                await asyncio.sleep(_LOOK_SECONDS)
        worker: LastingChild | None = None
        try:
            kept.sweep()
            for question in kept.questions:
                if kept.missing(question) and kept.size < bounds.all:
                    worker = await _free(worker, store, kept, bounds)
                    await _asked(worker, kept, question, bounds)
        finally:
            if worker:
                await _ended(worker)


async def _free(worker: LastingChild | None, store: Path, kept: KeptAnswers, bounds: ExampleBounds) -> LastingChild:
    """A process that can be asked: the one that there is, unless it has ended or grown much."""
    if worker and worker.alive and worker.grown < bounds.memory // 4:
        return worker
    if worker:
        await _ended(worker)
    given = (str(store), str(kept.folder))
    begun = await LastingChild.started(_WORK, given, Bounds(bounds.memory, 0, sealed=False, writes=True))
    begun.give_way()
    return begun


async def _asked(worker: LastingChild, kept: KeptAnswers, question: ExampleQuestion, bounds: ExampleBounds) -> None:
    """Have a question answered, or refuse it. Raises CannotGoOn: the disk takes no more."""
    payload = [question.text, question.graphs, question.name, kept.missing(question), bounds.answer]
    watching = asyncio.create_task(_watched(worker, bounds.seconds))
    fault = UsageError("query-time", seconds=round(bounds.seconds))
    try:
        async with asyncio.timeout(_WALL * bounds.seconds):
            async for kind, data in worker.ask(json.dumps(payload).encode()):
                if kind == DATA:
                    too_large = UsageError("answer-too-large", megabytes=bounds.answer >> 20)
                    kept.refuse(question, json.loads(data), too_large)
                elif kind == RAISED:
                    raise child.heard(data)
    except UsageError:  # not within its bounds: it is asked as any query
        return
    except TimeoutError:
        worker.kill()
    except OutOfBounds as stopped:
        if not watching.done() and stopped.reason == "memory":
            fault = UsageError("query-memory", megabytes=bounds.memory >> 20)
        elif not watching.done():
            fault = UsageError("query-crash")
    else:
        return
    finally:
        watching.cancel()
    kept.refuse(question, kept.missing(question), fault)


async def _ended(worker: LastingChild) -> None:
    worker.kill()
    await worker.ended()


async def _watched(worker: LastingChild, seconds: float) -> None:
    """End a process whose question has taken too much of the processor."""
    begun = worker.spent or 0.0
    while (worker.spent or 0.0) - begun < seconds:
        await asyncio.sleep(_LOOK_SECONDS)
    worker.kill()


# -- in the process ----------------------------------------------------------------------------------------------------


def opened_to_keep(folder: str, answers: str) -> OpenedTask:
    """The task that asks a store's folder, keeps the answers in another one, and says which were too large."""
    store = ox.Store.read_only(folder)

    def keep(request: bytes, sink: FrameSink) -> None:
        sink.frame(DATA, json.dumps(_kept(store, Path(answers), *json.loads(request))).encode())

    return OpenedTask(keep)


def _kept(
    store: ox.Store, folder: Path, text: str, graphs: Sequence[str], name: str, syntaxes: Sequence[str], most: int
) -> list[str]:
    """Ask once, and write the answer in each syntax; those in which it is too large.

    Raises UsageError, as a query does; CannotGoOn: the disk takes no more.
    """
    question = ExampleQuestion(text, tuple(graphs), name)
    kept = KeptAnswers(folder, [], [question])
    too_large: list[str] = []
    try:
        with TemporaryFile(dir=folder) as whole:
            found = sparql.evaluated(store, text, sparql.Dataset(graphs))
            try:
                sparql.write(found, "json", cast("IO[bytes]", BoundedWriter(whole, _BETWEEN * most)))
            except TooLargeError:
                return [*syntaxes]
            for syntax in syntaxes:
                whole.seek(0)
                again = ox.parse_query_results(whole, format=sparql.RESULTS["json"])
                assert isinstance(again, ox.QuerySolutions | ox.QueryBoolean)
                try:
                    with kept.written(question, syntax) as file:
                        sparql.write(again, syntax, cast("IO[bytes]", BoundedWriter(file, most)))
                except TooLargeError:
                    too_large.append(syntax)
    except FullError as error:
        raise CannotGoOn("answers-not-kept", folder=folder, because=reason(error.error)) from error
    except OSError as error:
        raise CannotGoOn("answers-not-kept", folder=folder, because=reason(error)) from error
    return too_large


class TooLargeError(Exception):
    """More bytes than an answer may have."""


class FullError(Exception):
    """The disk takes no more. `error` is what the system says."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class BoundedWriter:
    """A file that takes so many bytes and no more. What goes wrong passes through an engine that knows OSError."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._left = file, most

    def write(self, data: bytes) -> int:
        """Take bytes. Raises TooLargeError, FullError."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLargeError
        try:
            return self._file.write(data)
        except OSError as error:
            raise FullError(error) from error

    def flush(self) -> None:
        """Hand on what was taken. Raises FullError."""
        try:
            self._file.flush()
        except OSError as error:
            raise FullError(error) from error
