r"""The triples of a dump that somebody else may have made.

Our dumps hold no quoted triples, whose nesting can crash the parser, and no IRI much longer than what abbreviates it.
Turtle and N-Triples are therefore scanned and counted here. What JSON-LD takes of time and memory cannot be foreseen
from its text, so it is made into N-Triples in a child process (docs/decisions/0018-foreign-rdf.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openproposals.errors import UsageError, because, reason
from openproposals.guards import child
from openproposals.model import rdf
from openproposals.model.rdf import Syntax, Triple

_WIDER, _AT_LEAST = 30, 64 << 20  # how many times its bytes the terms of a dump may take, and bytes that any may
_MEMORY, _MEMORY_A_BYTE = 512 << 20, 40
_SECONDS, _BYTES_A_SECOND = 20, 2_000_000
_TOKEN = re.compile(
    rb"""\\.|\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*+'''"""
    rb"""|"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+'|<[^<>\x00-\x20]*+>|\#[^\n\r]*+|(<<)""",
    re.DOTALL,
)
_STOPPED = {
    "memory": because("nested-memory"),
    "time": because("nested-time"),
    "crash": because("nested-crash"),
}


def read(data: bytes, syntax: Syntax, name: str) -> list[Triple]:
    """The triples of a dump, in the order in which it says them; `name` is for messages.

    Raises UsageError: what is not in its syntax, holds quoted triples, or says far more than its size lets expect.
    """
    return list(each(data, syntax, name))


def each(data: bytes, syntax: Syntax, name: str) -> Iterator[Triple]:
    """The triples of a dump one by one, for those who keep them otherwise. Raises what `read` does, when it comes."""
    try:
        given = _ntriples(data) if syntax == "jsonld" else data
        if _quotes_triples(given):
            raise ValueError(because("quoted-triples"))
        yield from rdf.each(given, "ntriples" if syntax == "jsonld" else syntax, _most(data))
    except (SyntaxError, ValueError) as error:
        raise UsageError("dump-syntax", name=name, syntax=syntax, because=reason(error)) from error


def as_ntriples(payload: bytes, arguments: Sequence[str]) -> bytes:
    """The work of a child: JSON-LD as N-Triples. Raises UsageError: what is no JSON-LD, or unfolds into far more."""
    del arguments
    try:
        found = rdf.parse(payload, "jsonld", _most(payload))
    except (SyntaxError, ValueError) as error:
        raise UsageError("dump-syntax", name="", syntax="jsonld", because=reason(error)) from error
    return rdf.serialise(found, "ntriples", {})


def _ntriples(data: bytes) -> bytes:
    bounds = child.Bounds(_MEMORY + _MEMORY_A_BYTE * len(data), _SECONDS + len(data) / _BYTES_A_SECOND)
    try:
        return child.run(as_ntriples, data, bounds)
    except child.OutOfBounds as stopped:
        raise ValueError(_STOPPED[stopped.reason]) from None
    except UsageError as error:
        raise ValueError(error.because) from None


def _most(data: bytes) -> int:
    return _AT_LEAST + _WIDER * len(data)


def _quotes_triples(text: bytes) -> bool:
    r"""Whether << stands in Turtle or N-Triples outside of strings, IRIs and comments.

    >>> _quotes_triples(b'<a:a> <a:b> "<<" . # <<'), _quotes_triples(b"a:\\' a:b <<( a:\\' a:b a:c )>>.")
    (False, True)
    """
    return b"<<" in text and any(found[1] for found in _TOKEN.finditer(text))
