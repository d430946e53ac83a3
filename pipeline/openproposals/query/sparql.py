"""SPARQL queries over a dump, with pyoxigraph.

`ask.py` runs `child_answer` in a sealed child process: there the engine can open no socket and no file, and its memory
and time are bounded.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Literal, cast

import pyoxigraph as ox
from tabulate import tabulate

from openproposals.errors import UsageError
from openproposals.guards.terminal import shown
from openproposals.model import schema
from openproposals.model.rdf import FORMATS, Syntax

Form = Literal["table", "csv", "json", "markdown", "turtle"]
_WIDEST = 100  # characters of a cell on a terminal
_LONGEST = 1_000_000  # characters of a query
_LARGEST = 256 << 20  # bytes of an answer
_UPDATE = re.compile(  # the first word of an update, after comments, prefixes and bases
    r"(?is)(?:\s|#[^\n]*\n|BASE\s*<[^>]*>|PREFIX\s*\S*\s*:\s*<[^>]*>)*"
    r"(?:INSERT|DELETE|WITH|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD)\b"
)
_FROM_FILE = re.compile(r"(?i)\bFROM(?:\s|#[^\n]*\n)*(?:NAMED(?:\s|#[^\n]*\n)*)?<file:")
_PREFIXES = schema.prefixes()  # read at import, since the sealed child can open no file


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NO_KEYWORD = str.maketrans(_LETTERS + _LETTERS.upper(), _LETTERS[::-1] + _LETTERS[::-1].upper())
RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
QueryFound = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean


@dataclass(frozen=True)
class Dataset:
    """The graphs that a query is asked of: those merged into its default graph, and its named ones (None: all)."""

    default: Sequence[str]
    named: Sequence[str] | None = None


@dataclass(frozen=True)
class QueryResult:
    """A query's result, which can be read once, and the base IRI that is left out where IRIs are shown."""

    found: QueryFound
    base: str


def child_answer(payload: bytes, arguments: Sequence[str]) -> bytes:
    """The work of the child process: run a query over a dump and write its result.

    payload: the query in UTF-8, then the dump. arguments: the number of bytes of the query, the dump's syntax, the
    form of the result. Raises UsageError as `store`, `ask` and `render` do, and for a result larger than 256 MB.
    """
    length, syntax, form = arguments
    data = io.BytesIO(payload)
    text = data.read(int(length)).decode()
    answer = render(ask(store(data, cast(Syntax, syntax)), text), cast(Form, form))
    if len(answer) > _LARGEST:
        raise UsageError("answer-too-large", megabytes=_LARGEST >> 20)
    return answer


def store(data: io.BytesIO, syntax: Syntax) -> ox.Store:
    """A dump loaded into memory. Raises UsageError: the dump is not in that syntax."""
    filled = ox.Store()
    try:
        filled.bulk_load(data, format=FORMATS[syntax])
    except (SyntaxError, ValueError) as error:
        raise UsageError("asked-dump-syntax", syntax=syntax, because=_first(error)) from error
    return filled


def ask(asked: ox.Store, text: str) -> QueryResult:
    """Run a query. Raises UsageError: a query that is not valid, with SERVICE (another server), or FROM a file."""
    return QueryResult(evaluated(asked, text), _base(asked))


def evaluated(asked: ox.Store, text: str, dataset: Dataset | None = None, base: str = "") -> QueryFound:
    """What a query finds, as the engine has it: in a dataset, which overrides the query's own, or in the whole store.

    base: the IRI that relative ones of the query are relative to, "" for none.
    Raises UsageError as `ask` does.
    """
    if len(text) > _LONGEST:
        raise UsageError("query-too-long")
    graphs: dict[str, list[ox.NamedNode]] = {}
    try:
        if has_keyword(text, "service", base):
            raise UsageError("query-asks-a-server")
        if _names_a_file(text, base):
            raise UsageError("query-reads-a-file")
        if dataset:
            graphs = {"default_graph": list(map(ox.NamedNode, dataset.default))}
            if dataset.named is not None:
                graphs["named_graphs"] = list(map(ox.NamedNode, dataset.named))
        return asked.query(text, base_iri=base or None, **graphs)  # type: ignore[arg-type]
    except SyntaxError as error:
        raise _not_sparql(error, text) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError("query-failed", because=_first(error)) from error


def change(store: ox.Store, text: str, base: str = "") -> None:
    """Change a store by a SPARQL update, whole or not at all. Raises UsageError: no update, or with LOAD or SERVICE."""
    if len(text) > _LONGEST:
        raise UsageError("query-too-long")
    try:
        for word in ("load", "service"):
            if re.search(f"(?ai)\\b{word}\\b", text):
                harmless = re.sub(f"(?ai){word}", lambda place: place[0].translate(_NO_KEYWORD), text)
                ox.Store().update(harmless, base_iri=base or None)
        store.update(text, base_iri=base or None)
    except SyntaxError as error:
        raise UsageError("no-update", because=_first(error)) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError("query-failed", because=_first(error)) from error


def write(result: QueryFound, syntax: str, into: IO[bytes]) -> None:
    """Write what was found into a stream, in a syntax of `RESULTS` or `FORMATS`. Raises UsageError: it failed."""
    try:
        if isinstance(result, ox.QueryTriples):
            ox.serialize(result, into, format=FORMATS[cast(Syntax, syntax)], prefixes=_PREFIXES)
        else:
            result.serialize(into, format=RESULTS[syntax])
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError("query-failed", because=_first(error)) from error


def has_keyword(text: str, word: str, base: str = "") -> bool:
    """Whether a query has a keyword, given in lower case. Raises SyntaxError: the text is not SPARQL.

    The engine's grammar decides: each "service", say, is replaced by another word. If it was a keyword, the result
    is no longer SPARQL; in a string, an IRI, a comment or a name, it still is. This is checked before the query runs,
    because SERVICE SILENT, or SERVICE within EXISTS, would fail without an error and give a wrong result.
    """
    if not re.search(f"(?ai){word}", text):
        return False
    nothing = ox.Store()
    try:
        nothing.query(
            re.sub(f"(?ai){word}", lambda place: place[0].translate(_NO_KEYWORD), text), base_iri=base or None
        )
    except SyntaxError:
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # errors of running it do not matter here
            nothing.query(text, base_iri=base or None)
        return True
    return False


def _names_a_file(text: str, base: str) -> bool:
    """Whether FROM names a file, written out. No file is ever read: unrefused, its graph would be an empty one.

    As in `has_keyword` the grammar decides: a dataset clause without its FROM is no SPARQL, a string still is.
    Raises SyntaxError: the text is not SPARQL.
    """
    for found in _FROM_FILE.finditer(text):
        other = text[: found.start()] + found[0][:4].translate(_NO_KEYWORD) + text[found.start() + 4 :]
        try:
            ox.Store().query(other, base_iri=base or None)
        except SyntaxError:
            with contextlib.suppress(OSError, ValueError, RuntimeError):
                ox.Store().query(text, base_iri=base or None)
            return True
    return False


def render(result: QueryResult, form: Form) -> bytes:
    """Write a result as a table for people, as Markdown, in SPARQL 1.1's CSV or JSON, or as Turtle; in UTF-8.

    The JSON of triples is JSON-LD. Raises UsageError: Turtle for a result without triples, CSV for triples.
    """
    found = result.found
    triples = isinstance(found, ox.QueryTriples)
    if (form == "turtle") is not triples and form in ("turtle", "csv"):
        raise UsageError("answer-form", form=form)
    try:
        if isinstance(found, ox.QueryTriples) and form in ("turtle", "json"):
            syntax = ox.RdfFormat.TURTLE if form == "turtle" else ox.RdfFormat.JSON_LD
            return ox.serialize(found, format=syntax, prefixes=_PREFIXES) or b""
        if not isinstance(found, ox.QueryTriples) and form in ("csv", "json"):
            results = ox.QueryResultsFormat.CSV if form == "csv" else ox.QueryResultsFormat.JSON
            written = found.serialize(format=results) or b""
            return written + b"\n" if isinstance(found, ox.QueryBoolean) else written
        return _for_people(found, form, _shortener(result.base)).encode()
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError("query-failed", because=_first(error)) from error


def _for_people(
    found: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean, form: Form, names: Sequence[tuple[str, str]]
) -> str:
    """Rows as an aligned table or in Markdown; the result of ASK as true or false."""
    if isinstance(found, ox.QueryBoolean):
        return f"{str(bool(found)).lower()}\n"
    if isinstance(found, ox.QueryTriples):
        columns = ["subject", "predicate", "object"]
        rows = [[_plain(term, names) for term in (t.subject, t.predicate, t.object)] for t in found]
    else:
        columns = [v.value for v in found.variables]
        rows = [["" if term is None else _plain(term, names) for term in row] for row in found]
    if form == "markdown":
        cells = [[_markdown(cell) for cell in row] for row in rows]
        return str(tabulate(cells, [_markdown(c) for c in columns], "pipe", disable_numparse=True)) + "\n"
    cells = [[shown(cell, _WIDEST) for cell in row] for row in rows]
    return str(tabulate(cells, columns, "simple", disable_numparse=True)) + "\n"


def _first(error: Exception) -> str:
    """The engine's error message, without its list of what was expected."""
    return shown(str(error).split(": expected")[0], 300)


def _not_sparql(error: SyntaxError, text: str) -> UsageError:
    """The error, with the line of the query that the engine stopped at and a sign under the place."""
    if _UPDATE.match(text):
        return UsageError("query-is-an-update")
    place = re.search(r"(\d+):(\d+)", str(error))
    lines = text.splitlines()
    if place is None or not 0 < int(place[1]) <= len(lines):
        return UsageError("query-not-sparql", because=_first(error))
    line = f"    {shown(lines[int(place[1]) - 1], 200)}\n    {' ' * (int(place[2]) - 1)}^"
    return UsageError("query-not-sparql-here", line=line, because=_first(error))


def _base(asked: ox.Store) -> str:
    """The IRI with which a release's IRIs begin: that of its dataset; "" if it has none."""
    dataset = ox.NamedNode("http://www.w3.org/ns/dcat#Dataset")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    first = next(asked.quads_for_pattern(None, kind, dataset), None)
    return first.subject.value if first and isinstance(first.subject, ox.NamedNode) else ""


def _shortener(base: str) -> list[tuple[str, str]]:
    """Pairs of a namespace and its abbreviation, the longest namespace first."""
    names = {namespace: f"{prefix}:" for prefix, namespace in _PREFIXES.items()} | ({base: ""} if base else {})
    return sorted(names.items(), key=lambda pair: -len(pair[0]))


def _plain(term: object, names: Sequence[tuple[str, str]]) -> str:
    if isinstance(term, ox.NamedNode):
        found = next(((n, p) for n, p in names if term.value.startswith(n) and len(term.value) > len(n)), None)
        return found[1] + term.value[len(found[0]) :] if found else term.value
    return term.value if isinstance(term, ox.Literal) else str(term)


def _markdown(cell: str) -> str:
    flat = shown(cell, len(cell)).replace("\\", "\\\\")
    return re.sub(r"([|<>\[\]`*_])", r"\\\1", flat)
