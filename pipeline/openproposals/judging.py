"""How a graph is handed to its judge: in this process, or in one beside it, that loads and judges on another core."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
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
    """Who is asked what our shapes find in a graph (in N-Triples, without blank nodes)."""

    def __call__(self, ntriples: bytes, then: Callable[[list[Result]], T]) -> Future[T]:
        """Ask; what is then made of the results may come later."""


def here(ntriples: bytes, then: Callable[[list[Result]], T]) -> Future[T]:
    """A judge in this process, who answers before this returns."""
    done: Future[T] = Future()
    done.set_result(then(_results(ntriples)))
    return done


def _results(ntriples: bytes) -> list[Result]:
    from openproposals import judge  # slow to import, and not needed where the judge sits beside

    return judge.results(judge.shapes(), ntriples)


class Beside:
    """A judge in a process of its own, which loads while this one reads, and judges one graph while this one writes.

    Enter it before what is heavy is imported; it ends with the block, asked or not. It imports nothing from the folder
    in which it is begun (`-P`): that may be a stranger's corpus.
    """

    def __enter__(self) -> Beside:
        self._over = False
        self._thread = ThreadPoolExecutor(max_workers=1)
        command = [sys.executable, "-P", "-m", "openproposals.judge"]
        pipe = subprocess.PIPE
        self._process: subprocess.Popen[bytes] | None
        try:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        except OSError:  # no memory for it, or not allowed
            self._process = None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over = True
        if self._process:
            self._process.kill()
        self._thread.shutdown()
        if self._process:
            self._process.communicate()

    def __call__(self, ntriples: bytes, then: Callable[[list[Result]], T]) -> Future[T]:
        """Ask, once; where the process could not begin, or was ended from outside, this one judges."""
        return self._thread.submit(lambda: then(self._asked(ntriples)))

    def _asked(self, ntriples: bytes) -> list[Result]:
        said = self._process.communicate(ntriples)[0] if self._process else b""
        if self._over:
            raise CancelledError
        if self._process is None or self._process.returncode:
            return _results(ntriples)  # which also tells what may have been wrong
        return [Result(*result) for result in json.loads(said or "[]")]


def answer(results: list[Result]) -> bytes:
    """What the process beside says of the graph that it was given."""
    return json.dumps([astuple(result) for result in results]).encode()
