"""The results of judging: how much was judged, what shapes found, and how results pass between two processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import astuple, dataclass, field


@dataclass(frozen=True)
class Result:
    """One validation result of SHACL: the shape's local name, the focus node, the path, and the value or None.

    `about` is the focus node of the result of which this one is a detail (SHACL, 3.6.2.4), else its own focus node.
    """

    shape: str
    focus: str
    path: str
    value: str | None
    about: str


@dataclass(frozen=True)
class Coverage:
    """How many rows went through the screen (0: the judge got all), and how many rows or nodes were judged.

    `unknown` names, by shape, the parts that the screen does not know.
    """

    screened: int
    judged: int
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


# From N-Triples and the languages of the corpus to results; None: the judge's process failed.
Judge = Callable[[bytes, Sequence[str]], Future[list[Result] | None]]


def encode(found: list[Result], ntriples: bytes) -> bytes:
    """Results as JSON, with the number of lines of the graph that they are about."""
    return json.dumps({"lines": ntriples.count(b"\n"), "results": [astuple(result) for result in found]}).encode()


def decode(said: bytes, ntriples: bytes) -> list[Result] | None:
    r"""Results from JSON; None where the bytes are not an answer about this graph.

    >>> graph = b"<a:a> <a:b> <a:c> .\n"
    >>> decode(encode([], graph), graph), decode(encode([], b""), graph), decode(b"", graph)
    ([], None, None)
    """
    try:
        given = json.loads(said)
        whole = given["lines"] == ntriples.count(b"\n")
        return [Result(*result) for result in given["results"]] if whole else None
    except (ValueError, TypeError, KeyError):
        return None


@dataclass(frozen=True, order=True)
class ForeignResult:
    """One result of somebody else's shapes: severity, focus node, path, value, and the shape's message."""

    severity: str
    focus: str
    path: str
    value: str
    message: str
