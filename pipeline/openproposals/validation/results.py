"""What judging gives: how much was judged, what a shape found, and how that crosses the pipe between two processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import astuple, dataclass, field


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


@dataclass(frozen=True)
class Coverage:
    """How many rows the screen proved or tried to prove (0: the judge saw all), and how many were judged.

    `unknown` names, by shape, the parts that did not compile.
    """

    screened: int
    judged: int
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Judge = Callable[[bytes], Future[list[Result] | None]]  # of a graph in N-Triples; None: the judge was lost on the way


def encode(found: list[Result], ntriples: bytes) -> bytes:
    """What a judge found in a graph, and how many lines that graph has."""
    return json.dumps({"lines": ntriples.count(b"\n"), "results": [astuple(result) for result in found]}).encode()


def decode(said: bytes, ntriples: bytes) -> list[Result] | None:
    r"""What a judge found; None where this is no answer about this graph, which never means "nothing found".

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
