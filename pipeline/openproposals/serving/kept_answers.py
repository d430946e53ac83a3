"""Answers to the example questions that are on the disk beside the store, and deleted with it.

An answer is one file for each syntax, by the digest of the question and its graphs. It is written under another name
and renamed, so that it is there whole or not at all. That a question goes beyond its bounds is known as long as the
server runs, which refuses it at once from then on. `example_making` makes them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO

from openproposals.errors import UsageError
from openproposals.guards import files
from openproposals.messages import LANGUAGES
from openproposals.query import examples

SYNTAXES = ("json", "csv", "tsv", "xml")


@dataclass(frozen=True)
class ExampleBounds:
    """Bounds of the answers that are made before anybody asks.

    seconds: of processor time for a question. memory, answer, all: bytes, of its process, of an answer in one syntax,
    and of all answers. least: triples of a store below which none is made, as each question takes a second or
    two there at most.
    """

    seconds: float = 300.0
    memory: int = 2 << 30
    answer: int = 64 << 20
    all: int = 4 << 30
    least: int = 1_000_000


@dataclass(frozen=True)
class ExampleQuestion:
    """An example question as a reader sends it: its text, its default graph, and the name of its answers."""

    text: str
    graphs: tuple[str, ...]
    name: str


class KeptAnswers:
    """The answers in a folder, looked up by what a request asks. first: the graphs of a query without a dataset."""

    def __init__(self, folder: Path, first: Sequence[str], questions: Sequence[ExampleQuestion]) -> None:
        self.folder, self._first = folder, tuple(first)
        self._questions = {(each.text, each.graphs): each for each in questions}
        self._refused: dict[tuple[str, str], UsageError] = {}

    @staticmethod
    def of(folder: Path, first: Sequence[str], graphs: Sequence[str]) -> KeptAnswers:
        """Those of each example, in each language: asked of the first graphs, and of each of all by itself.

        first: the graphs of a query without a dataset. graphs: all, or none where no answers are kept.
        """
        datasets = dict.fromkeys([tuple(first), *((graph,) for graph in graphs)]) if graphs else {}
        texts = dict.fromkeys(_plain(each.asked(language)) for language in LANGUAGES for each in examples.load())
        said = [ExampleQuestion(text, each, _name(text, each)) for each in datasets for text in texts]
        return KeptAnswers(folder, first, said)

    @property
    def questions(self) -> list[ExampleQuestion]:
        """The questions of which answers are kept."""
        return [*self._questions.values()]

    def found(self, text: str, default: Sequence[str] | None, syntax: str) -> BufferedReader | None:
        """The answer to a question in a syntax, open to be read; None where there is none.

        default: the graphs that the request names, None for none. Raises UsageError: it went beyond its bounds.
        """
        question = self._questions.get((_plain(text), self._first if default is None else tuple(default)))
        if question is None:
            return None
        if refused := self._refused.get((question.name, syntax)):
            raise refused.with_traceback(None)  # raised again and again, it would hold each place it went through
        try:
            return files.opened(self._path(question, syntax), follow=False)
        except OSError:  # it is not made yet
            return None

    def missing(self, question: ExampleQuestion) -> list[str]:
        """The syntaxes in which a question has neither an answer nor a refusal."""
        there = {each for each in SYNTAXES if self._path(question, each).exists()}
        return [each for each in SYNTAXES if each not in there and (question.name, each) not in self._refused]

    def give_up(self, question: ExampleQuestion, syntaxes: Sequence[str], error: UsageError) -> None:
        """A question goes beyond its bounds, in these syntaxes."""
        self._refused |= {(question.name, each): error for each in syntaxes}

    @property
    def count(self) -> dict[str, int]:
        """How many questions are answered in each syntax, are refused in one, or are left to be asked as any query."""
        refused = {name for name, _ in self._refused}
        left = [each for each in self.questions if each.name not in refused and self.missing(each)]
        answered = len(self._questions) - len(refused) - len(left)
        return {"answered": answered, "refused": len(refused), "left": len(left)}

    def written(self, question: ExampleQuestion, syntax: str) -> AbstractContextManager[IO[bytes]]:
        """A file for the answer in a syntax, which is there once it is whole. Raises OSError."""
        return files.replacing(self._path(question, syntax))

    def sweep(self) -> None:
        """Make the folder, and delete what is no answer to these questions. Raises OSError."""
        self.folder.mkdir(exist_ok=True)
        names = {f"{question.name}.{syntax}" for question in self.questions for syntax in SYNTAXES}
        for found in self.folder.iterdir():
            if found.name not in names:
                found.unlink()

    @property
    def size(self) -> int:
        """The bytes of all that is in the folder. Raises OSError."""
        return sum(found.stat().st_size for found in self.folder.iterdir())

    def _path(self, question: ExampleQuestion, syntax: str) -> Path:
        return self.folder / f"{question.name}.{syntax}"


def _plain(text: str) -> str:
    """A query without the spaces around it, each line end a line feed: an editor may have changed these."""
    return text.strip().replace("\r\n", "\n")


def _name(text: str, graphs: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([text, graphs]).encode()).hexdigest()[:32]
