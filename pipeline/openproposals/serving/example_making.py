"""Answers to the example questions are made once for each store: in one process, which gives way to all others.

A question that takes too much is refused, and the next one asked. Where the disk takes no more, or all answers
together are too many bytes, the rest are answered as any query when somebody asks.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path

from openproposals.errors import UsageError
from openproposals.guards import child
from openproposals.guards.child import Bounds, OutOfBounds
from openproposals.guards.frames import DATA, RAISED
from openproposals.guards.lasting import LastingChild
from openproposals.serving.kept_answers import ExampleBounds, ExampleQuestion, KeptAnswers
from openproposals.serving.store import locked

_WORK = "openproposals.serving.example_answering:opened"
_LOOK_SECONDS = 0.5  # between two looks at the processor time of a question
_WALL = 20  # times its processor time that a question may take, where others keep the processor
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
                    kept.give_up(question, json.loads(data), too_large)
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
    kept.give_up(question, kept.missing(question), fault)


async def _ended(worker: LastingChild) -> None:
    worker.kill()
    await worker.ended()


async def _watched(worker: LastingChild, seconds: float) -> None:
    """End a process whose question has taken too much of the processor."""
    begun = worker.spent or 0.0
    while (worker.spent or 0.0) - begun < seconds:
        await asyncio.sleep(_LOOK_SECONDS)
    worker.kill()
