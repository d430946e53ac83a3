"""A release's graph as columns: numbers in flat arrays and one run of text, in memory or mapped from a file.

A dump of a million triples takes some tens of bytes a triple so, and several processes read one file of columns without
a copy each. A node is a number: its place in the order in which the dump first names it.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np

from openproposals.guards import files, parsing
from openproposals.model.rdf import Blank, LiteralTerm, Named, Term, Triple

_WORD = 8  # bytes: each column of a file begins at a multiple of it
_Code = Literal["i", "Q"]
_LISTS = ("predicates", "used", "forms")


@dataclass(frozen=True)
class Columns:
    """Triples by number. Predicates and the kinds of literals are few, and stand in lists of their own.

    used: how many triples each predicate has. texts, ends: the texts of the nodes, one after the other, and where each
    ends; said, stops: the same of the literals. kinds: of each literal, the number of its datatype and language.
    hashes, hashed: nodes by the hash of their text. subjects: the nodes that are subjects, as first met.
    of_at: where the triples of each subject begin in `of_p` (their predicates) and `of_o` (their objects: a node, or
    -1 less a literal). to_at, to_p, to_s: the same by object.
    """

    predicates: Sequence[str]
    used: Sequence[int]
    forms: Sequence[tuple[str, str]]
    texts: memoryview[int]
    ends: memoryview[int]
    said: memoryview[int]
    stops: memoryview[int]
    kinds: memoryview[int]
    hashes: memoryview[int]
    hashed: memoryview[int]
    subjects: memoryview[int]
    of_at: memoryview[int]
    of_p: memoryview[int]
    of_o: memoryview[int]
    to_at: memoryview[int]
    to_p: memoryview[int]
    to_s: memoryview[int]

    def __len__(self) -> int:
        """The number of triples in the graph."""
        return len(self.of_p)

    def text(self, node: int) -> str:
        """The IRI of a node, or the name of a blank one."""
        return str(self.texts[self.ends[node] : self.ends[node + 1]], "utf-8")

    def find(self, text: str) -> int:
        """The number of the node with an IRI or a name; -1 where there is none."""
        sought = _hash(text)
        place = bisect_left(self.hashes, sought)
        while place < len(self.hashes) and self.hashes[place] == sought:
            if self.text(self.hashed[place]) == text:
                return int(self.hashed[place])
            place += 1
        return -1

    def links(self, node: int) -> tuple[list[int], list[int]]:
        """What is said of a node: the predicates, and beside them the objects."""
        begin, end = self.of_at[node], self.of_at[node + 1]
        return self.of_p[begin:end].tolist(), self.of_o[begin:end].tolist()

    def links_to(self, node: int) -> tuple[list[int], list[int]]:
        """What names a node: the predicates, and beside them the subjects."""
        begin, end = self.to_at[node], self.to_at[node + 1]
        return self.to_p[begin:end].tolist(), self.to_s[begin:end].tolist()

    def is_subject(self, node: int) -> bool:
        """Whether anything is said of a node."""
        return bool(self.of_at[node] < self.of_at[node + 1])

    def term(self, number: int) -> Term:
        """The object with a number: a node, or a literal."""
        if number < 0:
            at = -1 - number
            text = str(self.said[self.stops[at] : self.stops[at + 1]], "utf-8")
            return LiteralTerm(text, *self.forms[self.kinds[at]])
        text = self.text(number)
        return Blank(text) if text.startswith("_:") else Named(text)

    def triples(self, subject: int) -> list[Triple]:
        """The triples with a subject, in the order of the dump."""
        text = self.text(subject)
        node = Blank(text) if text.startswith("_:") else Named(text)
        return [(node, self.predicates[p], self.term(o)) for p, o in zip(*self.links(subject), strict=True)]

    def write(self, path: Path) -> None:
        """Into a new file, for `mapped`."""
        columns = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _LISTS}
        head = {
            "predicates": self.predicates,
            "used": self.used,
            "forms": self.forms,
            "columns": [[name, column.format, column.nbytes] for name, column in columns.items()],
        }
        with files.created(path) as file:
            said = json.dumps(head).encode()
            file.write(len(said).to_bytes(_WORD, "big") + said)
            for column in columns.values():
                file.write(bytes(-file.tell() % _WORD))
                file.write(column)

    @classmethod
    def mapped(cls, path: Path) -> Columns:
        """From a file that `write` has written: the system reads what is asked for, once for all processes."""
        with files.opened(path, follow=False) as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        place = _WORD + int.from_bytes(data[:_WORD], "big")
        head = parsing.from_json(bytes(data[_WORD:place]))
        columns = {}
        for name, code, size in head["columns"]:
            place += -place % _WORD
            columns[name] = data[place : place + size].cast(code)
            place += size
        return cls(head["predicates"], head["used"], [(kind, tag) for kind, tag in head["forms"]], **columns)

    @classmethod
    def made(cls, triples: Iterable[Triple]) -> Columns:
        """Columns of these triples, in their order."""
        return _ColumnGathering().columns(triples)


def _hash(text: str) -> int:
    """A number of 64 bits, the same in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _column(numbers: np.ndarray[Any, Any], code: _Code) -> memoryview[int]:
    """Numbers as a column of a type of `array`."""
    return memoryview(np.ascontiguousarray(numbers, code).tobytes()).cast(code)


class _ColumnGathering:
    """Triples as they are read, one by one."""

    def __init__(self) -> None:
        self._nodes: dict[str, int] = {}
        self._predicates: dict[str, int] = {}
        self._forms: dict[tuple[str, str], int] = {}
        self._texts, self._ends = bytearray(), array("q", [0])
        self._said, self._stops, self._kinds = bytearray(), array("q", [0]), array("i")
        self._s, self._p, self._o = array("i"), array("i"), array("i")

    def columns(self, triples: Iterable[Triple]) -> Columns:
        """The columns of these triples."""
        for subject, predicate, value in triples:
            self._s.append(self._node(subject.value))
            self._p.append(self._predicates.setdefault(predicate, len(self._predicates)))
            self._o.append(self._literal(value) if isinstance(value, LiteralTerm) else self._node(value.value))
        s, p, o = (np.array(each, np.int32) for each in (self._s, self._p, self._o))
        to = np.flatnonzero(o >= 0)
        of_order, to_order = np.argsort(s, kind="stable"), to[np.argsort(o[to], kind="stable")]
        distinct, first = np.unique(s, return_index=True)
        hashes = np.fromiter(map(_hash, self._nodes), np.uint64, len(self._nodes))
        by_hash = np.argsort(hashes, kind="stable")
        return Columns(
            list(self._predicates),
            np.bincount(p, minlength=len(self._predicates)).tolist(),
            list(self._forms),
            memoryview(self._texts),
            memoryview(self._ends),
            memoryview(self._said),
            memoryview(self._stops),
            memoryview(self._kinds),
            _column(hashes[by_hash], "Q"),
            _column(by_hash, "i"),
            _column(distinct[np.argsort(first)], "i"),
            self._starts(s),
            _column(p[of_order], "i"),
            _column(o[of_order], "i"),
            self._starts(o[to]),
            _column(p[to_order], "i"),
            _column(s[to_order], "i"),
        )

    def _node(self, text: str) -> int:
        number = self._nodes.setdefault(text, len(self._nodes))
        if number == len(self._ends) - 1:
            self._texts += text.encode()
            self._ends.append(len(self._texts))
        return number

    def _literal(self, value: LiteralTerm) -> int:
        self._said += value.value.encode()
        self._stops.append(len(self._said))
        self._kinds.append(self._forms.setdefault((value.datatype, value.language), len(self._forms)))
        return -len(self._kinds)

    def _starts(self, numbers: np.ndarray[Any, Any]) -> memoryview[int]:
        """Where the rows of each node begin, once they are sorted by node."""
        counted = np.bincount(numbers, minlength=len(self._nodes)) if len(numbers) else np.zeros(len(self._nodes), int)
        return _column(np.concatenate([[0], np.cumsum(counted)]), "i")
