"""In a process of its own: a store, opened once to be read, and the example questions whose answers are kept.

request: [query, default graph, name of the answers, syntaxes, bytes of an answer at most]
answer:  the syntaxes in which it is too large
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

import pyoxigraph as ox

from openproposals.errors import CannotGoOn, reason
from openproposals.guards.frames import DATA, FrameSink, OpenedTask
from openproposals.query import sparql
from openproposals.serving.kept_answers import ExampleQuestion, KeptAnswers

_BETWEEN = 4  # times an answer's bytes for the one that the others are written from


def opened(folder: str, answers: str) -> OpenedTask:
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
    except (FullError, OSError) as error:
        why = error.error if isinstance(error, FullError) else error
        raise CannotGoOn("answers-not-kept", folder=folder, because=reason(why)) from error
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
