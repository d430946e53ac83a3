"""How a graph is handed to its judge: in this process, or in one beside it, that loads and judges on another core."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import astuple, dataclass
from types import TracebackType
from typing import Protocol, TypeVar


@dataclass(frozen=True)
class Result:
    """What a shape found: its local name, the focus node, the path and the value (None: no value is at fault).

    `about` is the focus node of the result that this one explains; its own, where it explains none (SHACL, 3.6.2.4).
    """

    shape: str
    focus: str
    path: str
    value: str | None
    about: str


T = TypeVar("T")


class Judge(Protocol):
    """Who is asked what shapes (in Turtle) find in a graph (in N-Triples, without blank nodes)."""

    def __call__(self, shapes: bytes, ntriples: bytes, then: Callable[[list[Result]], T]) -> Future[T]:
        """Ask; what is then made of the results may come later."""


def here(shapes: bytes, ntriples: bytes, then: Callable[[list[Result]], T]) -> Future[T]:
    """A judge in this process, who answers before this returns."""
    done: Future[T] = Future()
    done.set_result(then(_results(shapes, ntriples)))
    return done


def _results(shapes: bytes, ntriples: bytes) -> list[Result]:
    from openproposals import judge  # slow to import, and not needed where the judge sits beside

    return judge.results(judge.shapes(shapes), ntriples)


class Beside:
    """A judge in a process of its own, which loads while this one reads, and judges one graph while this one writes.

    Enter it before what is heavy is imported; it ends with the block, asked or not.
    """

    def __enter__(self) -> Beside:
        self._over = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "openproposals.judge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._thread = ThreadPoolExecutor(max_workers=1)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over = True
        self._process.kill()
        self._thread.shutdown()
        self._process.communicate()

    def __call__(self, shapes: bytes, ntriples: bytes, then: Callable[[list[Result]], T]) -> Future[T]:
        """Ask, once; where the process was ended from outside, this one judges."""
        return self._thread.submit(lambda: then(self._asked(shapes, ntriples)))

    def _asked(self, shapes: bytes, ntriples: bytes) -> list[Result]:
        said, _ = self._process.communicate(json.dumps([shapes.decode(), ntriples.decode()]).encode())
        if self._process.returncode and not self._over:
            return _results(shapes, ntriples)  # which also tells what is wrong with them
        return [Result(*result) for result in json.loads(said or "[]")]


def answer(given: bytes) -> bytes:
    """What the process beside says to what it was asked."""
    shapes, ntriples = json.loads(given)
    return json.dumps([astuple(result) for result in _results(shapes.encode(), ntriples.encode())]).encode()
