"""The doorway to pyoxigraph: expand a JSON-LD leaf, parse a dump back, compare two graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import pyoxigraph as ox

Syntax = Literal["turtle", "jsonld", "ntriples"]
_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
}


@dataclass(frozen=True)
class Named:
    """An IRI."""

    value: str


@dataclass(frozen=True)
class Blank:
    """A blank node, which nothing of ours may hold."""

    value: str


@dataclass(frozen=True)
class Text:
    """A literal: lexical form, datatype IRI, language tag or ""."""

    value: str
    datatype: str
    language: str


Term = Named | Blank | Text
Triple = tuple[Named | Blank, str, Term]


def _term(term: object) -> Term:
    if isinstance(term, ox.NamedNode):
        return Named(term.value)
    if isinstance(term, ox.Literal):
        return Text(term.value, term.datatype.value, term.language or "")
    return Blank(str(term))


def _subject(term: object) -> Named | Blank:
    found = _term(term)
    assert not isinstance(found, Text)
    return found


def parse(data: bytes | str, syntax: Syntax) -> list[Triple]:
    """The triples of a dump, in the order in which it says them. Refused: what is not that syntax (SyntaxError)."""
    quads = ox.parse(data, format=_FORMATS[syntax])
    return [(_subject(q.subject), q.predicate.value, _term(q.object)) for q in quads]


def expand(document: str) -> list[Triple]:
    """The triples of a small JSON-LD document, remote contexts refused (pyoxigraph fetches none)."""
    return parse(document, "jsonld")


def is_web_iri(text: str) -> bool:
    """Whether a text is an absolute http(s) IRI with a host, by the grammar of RFC 3987.

    >>> [is_web_iri(t) for t in ("https://é.fr/?q=1", "http://a b", "javascript:x", "http://", "/a")]
    [True, False, False, False, False]
    """
    try:
        ox.NamedNode(text)
        split = urlsplit(text)
        return split.scheme in ("http", "https") and bool(split.hostname)
    except ValueError:
        return False
