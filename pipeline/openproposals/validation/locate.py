"""Where the corpus says what the graph says: from a node, a property and a value back to a row and a column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding, Location
from openproposals.model.expressions import iri_text
from openproposals.model.hosts import Host
from openproposals.model.templates import Iri, Literal_, Pattern
from openproposals.validation.results import Result


def located(corpus: Corpus, hosts: Sequence[Host], results: Iterable[Result]) -> list[Finding]:
    """What shapes found, as findings at the row and column that the corpus says it in."""
    found = []
    for result in results:
        where = place(corpus, hosts, result.focus, result.path, result.value)
        facts = {"focus": _short(result.focus, corpus.base)}
        found.append(Finding(where, result.shape, _short(result.value or "", corpus.base), facts))
    return found


def _short(iri: str, base: str) -> str:
    """An item of the corpus by its key; any other IRI whole."""
    return iri.removeprefix(base).rpartition("/")[2] if iri.startswith(base) else iri


def place(corpus: Corpus, hosts: Sequence[Host], focus: str, path: str, value: str | None = None) -> Location:
    """The row that publishes a node, and the column that says the property; else the rows that name the node."""
    for host in hosts:
        for node in host.node.walk():
            found = _rows(corpus, host.table.name, node.iri, focus)
            if not found:
                continue
            for guest in host.guests:
                if guest.pattern.predicate == path and guest.table.origin == "given":
                    row = _guest_row(
                        corpus, guest.table.name, guest.pattern, guest.column, host.key, found[0], host, value
                    )
                    if row is not None:
                        return corpus.location(guest.table.name, row, _column(guest.pattern))
            pattern = _said(corpus, host.table.name, found[0], [p for p in node.patterns if p.predicate == path], value)
            return corpus.location(host.table.name, found[0], _column(pattern) if pattern else host.key)
    for host in hosts:
        for pattern in (p for n in host.node.walk() for p in n.patterns):
            if isinstance(pattern.object, Iri) and (found := _rows(corpus, host.table.name, pattern.object, focus)):
                return corpus.location(host.table.name, found[0], _column(pattern))
    return Location("corpus.toml")


def _said(corpus: Corpus, table: str, row: int, patterns: Sequence[Pattern], value: str | None) -> Pattern | None:
    """Of the patterns with one property, the one whose cell is the value; where none is given, the one left empty."""
    for pattern in patterns:
        column = _column(pattern)
        cell = corpus.tables[table][column][row] if column else None
        if cell == value or (value is not None and cell is not None and value.endswith(cell)):
            return pattern
    return patterns[0] if patterns else None


def _column(pattern: Pattern) -> str:
    """The column that fills the object, else the one that guards the pattern."""
    holes = pattern.object.holes
    return holes[-1] if holes else pattern.guard.column if pattern.guard else ""


def _rows(corpus: Corpus, table: str, iri: Iri, wanted: str) -> list[int]:
    """Which rows of a table fill that IRI with the wanted text."""
    first = iri.parts[0]
    frame = corpus.tables[table]
    if (isinstance(first, str) and not wanted.startswith(first)) or frame.is_empty() or not iri.holes:
        return []
    found: list[int] = frame.select((iri_text(iri) == wanted).arg_true()).to_series().to_list()
    return found


def _guest_row(
    corpus: Corpus, table: str, pattern: Pattern, column: str, key: str, row: int, host: Host, value: str | None
) -> int | None:
    """The guest's row that says the property of the host's row, with that value if one is given."""
    name = corpus.tables[host.table.name][key][row]
    frame = corpus.tables[table]
    said = frame.select((pl.col(column) == name).arg_true()).to_series().to_list()
    if value is not None and isinstance(pattern.object, Iri):
        exact = set(_rows(corpus, table, pattern.object, value))
        said = [r for r in said if r in exact]
    elif value is not None and isinstance(pattern.object, Literal_):
        said = [r for r in said if frame[pattern.object.holes[0]][r] == value]
    return said[0] if said else None
