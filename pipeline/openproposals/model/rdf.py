"""Parse and serialise RDF with pyoxigraph, and check web addresses; `query/sparql.py` has the queries."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, TypeVar
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from openproposals.errors import because

AnyIri = TypeVar("AnyIri")
AnyLiteral = TypeVar("AnyLiteral")
Syntax = Literal["turtle", "jsonld", "ntriples", "rdfxml"]
_LATELY = 1 << 16  # terms, most of them in use elsewhere: equal ones are one object until so many were met
FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


@dataclass(frozen=True, slots=True)
class Named:
    """An IRI."""

    value: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank node. No dump of ours has one."""

    value: str


@dataclass(frozen=True, slots=True)
class LiteralTerm:
    """A literal: its lexical form, its datatype IRI, and its language tag or ""."""

    value: str
    datatype: str
    language: str


Term = Named | Blank | LiteralTerm
Triple = tuple[Named | Blank, str, Term]


def _term(term: object, made: dict[str, Term]) -> Term:
    """A term of ours for one of the engine's; equal ones are one object, kept in `made`."""
    key = str(term)
    found = made.get(key)
    if found is None:
        if isinstance(term, ox.NamedNode):
            found = Named(term.value)
        elif isinstance(term, ox.Literal):
            found = LiteralTerm(term.value, sys.intern(term.datatype.value), sys.intern(term.language or ""))
        else:
            found = Blank(key)
        made[key] = found
    return found


def _subject(term: object, made: dict[str, Term]) -> Named | Blank:
    found = _term(term, made)
    assert not isinstance(found, LiteralTerm)
    return found


def parse(data: bytes | str, syntax: Syntax, most: int = sys.maxsize) -> list[Triple]:
    """The triples of a dump, in the order in which it says them.

    Raises SyntaxError for what is not that syntax, and ValueError where its terms have more than `most` characters.
    """
    return list(each(data, syntax, most))


def each(data: bytes | str, syntax: Syntax, most: int = sys.maxsize) -> Iterator[Triple]:
    """The triples of a dump one by one; terms that were met lately are one object. Raises what `parse` does."""
    made: dict[str, Term] = {}
    for quad in ox.parse(data, format=FORMATS[syntax]):
        triple = _subject(quad.subject, made), sys.intern(quad.predicate.value), _term(quad.object, made)
        most -= len(triple[0].value) + len(triple[1]) + len(triple[2].value)
        if most < 0:
            raise ValueError(because("prefixes-long"))
        if len(made) > _LATELY:
            made.clear()
        yield triple


def parse_as(
    data: bytes, syntax: Syntax, named: Callable[[str], AnyIri], text: Callable[[str, str, str], AnyLiteral]
) -> Iterator[tuple[AnyIri, AnyIri, AnyIri | AnyLiteral]]:
    """The triples of a dump in the caller's own classes of terms; equal terms are one object.

    named: makes a term from an IRI.
    text: makes a term from a lexical form, a datatype IRI, and a language tag or "".
    Raises TypeError for a blank node.
    """
    made: dict[str, AnyIri] = {}
    said: dict[str, AnyLiteral] = {}

    def name(term: object) -> AnyIri:
        if not isinstance(term, ox.NamedNode):
            raise TypeError(f"{term} is no IRI")
        found = made.get(term.value)
        if found is None:
            found = made[term.value] = named(term.value)
        return found

    for quad in ox.parse(data, format=FORMATS[syntax], lenient=True):  # lexical forms are checked elsewhere
        value = quad.object
        if isinstance(value, ox.Literal):
            key = str(value)
            if key not in said:
                said[key] = text(value.value, value.datatype.value, value.language or "")
            yield name(quad.subject), name(quad.predicate), said[key]
        else:
            yield name(quad.subject), name(quad.predicate), name(value)


def serialise(triples: Iterable[Triple], syntax: Syntax, prefixes: Mapping[str, str]) -> bytes:
    """Triples as a small document, in the order given. `prefixes` (prefix to namespace) shorten IRIs in Turtle."""
    given = (ox.Triple(_node(s), ox.NamedNode(p), _engine(o)) for s, p, o in triples)
    return ox.serialize(given, format=FORMATS[syntax], prefixes=dict(prefixes)) or b""


def serialise_each(
    triples: Iterable[Triple], syntaxes: Iterable[Syntax], prefixes: Mapping[str, str]
) -> Iterator[bytes]:
    """The same triples in each of several syntaxes, as `serialise` writes them."""
    given = [ox.Triple(_node(s), ox.NamedNode(p), _engine(o)) for s, p, o in triples]
    for syntax in syntaxes:
        yield ox.serialize(given, format=FORMATS[syntax], prefixes=dict(prefixes)) or b""


def _node(term: Named | Blank) -> ox.NamedNode | ox.BlankNode:
    return ox.NamedNode(term.value) if isinstance(term, Named) else ox.BlankNode(term.value.removeprefix("_:"))


def _engine(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if not isinstance(term, LiteralTerm):
        return _node(term)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def expand(document: str) -> list[Triple]:
    """The triples of a small JSON-LD document. Remote contexts are not fetched. Raises SyntaxError."""
    return parse(document, "jsonld")


_LABEL = r"\w(?:[\w-]*\w)?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")  # a host that is an address, whole or not
_ODD_PORT = re.compile(r":(?:0[0-9]*)?$")
_SEGMENT = re.compile(r"(?:[\w.~:@!*+,=&-]|%[0-9A-Fa-f]{2})+")
_HOSTABLE = re.compile(r"[A-Za-z0-9._~:/@!*+,=%&-]+")
_UNPLAIN = re.compile(r"[\x00-\x20\x7f/\\\ufffd]")  # decoded: spaces, controls, slashes, what is not UTF-8


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


def has_clean_host(address: str) -> bool:
    """Whether a web IRI names a host and perhaps a port that exists, and carries no user and no password.

    >>> [has_clean_host(a) for a in ("https://é.fr:8080/a", "https://u:p@a.fr/", "https://a.fr:99999/", "http://a;b/")]
    [True, False, False, False]
    >>> [has_clean_host(f"https://{host}/") for host in ("127.0.0.1", "[::1]", "127.1", "a..fr", "-a.fr", "a.fr.")]
    [True, True, False, False, False, False]
    """
    try:
        split = urlsplit(address)
        host, port = split.hostname or "", split.port
    except ValueError:
        return False
    if "@" in split.netloc or port == 0 or _ODD_PORT.search(split.netloc):
        return False
    if ":" in host or _NUMBER.fullmatch(host):
        return _is_ip(host)
    return bool(_HOST.fullmatch(host))


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_folder_address(address: str) -> bool:
    """Whether a web IRI is the plain address of a folder, which a server's configuration can hold as it stands.

    It ends in /, and has no query, no fragment, no empty, . or .. segment (percent-encoded or not), and no sign that
    servers act on.

    >>> [is_folder_address("https://a.fr/" + path) for path in ("", "b/c~1/", "b", "../", "%2e%2E/", "$uri/", "a;b/")]
    [True, True, False, False, False, False, False]
    """
    if not (is_web_iri(address) and has_clean_host(address)):
        return False
    *segments, last = re.sub("^https?://[^/]*/?", "", address).split("/")
    decoded = [unquote(segment) for segment in segments]
    return (
        address.endswith("/")
        and not last
        and all(_SEGMENT.fullmatch(segment) for segment in segments)
        and not any(segment in (".", "..") or _UNPLAIN.search(segment) for segment in decoded)
    )


def is_hostable(address: str) -> bool:
    """Whether it is a folder's address of plain ASCII, as the configuration of every web server reads it.

    >>> [is_hostable(a) for a in ("https://a.fr/b/", "https://xn--c-9ia.fr/%C3%A9/", "https://a.fr/é/", "https://[::1]/")]
    [True, True, False, False]
    """
    return is_folder_address(address) and bool(_HOSTABLE.fullmatch(address))
