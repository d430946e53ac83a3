"""Find the row and the column of a corpus from which a node, a property and a value of the graph come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding, Location
from openproposals.model.expressions import iri_text, object_text
from openproposals.model.hosts import Host
from openproposals.model.templates import Iri, Literal_, Pattern
from openproposals.validation.results import Result


def located(corpus: Corpus, hosts: Sequence[Host], results: Iterable[Result]) -> list[Finding]:
    """Turn the results of shapes into findings, each at the row and column that the result is about."""
    found = []
    for result in results:
        code, _, language = result.shape.partition(".")
        where = place(corpus, hosts, result.focus, result.path, result.value, language)
        facts = {"focus": _short(result.focus, corpus.base), "languages": ", ".join(corpus.languages.own)}
        facts |= {"language": language} if language else {}
        found.append(Finding(where, code, _short(result.value or "", corpus.base), facts))
    return found


def _short(iri: str, base: str) -> str:
    """The key in an IRI of the corpus; any other IRI whole."""
    return iri.removeprefix(base).rpartition("/")[2] if iri.startswith(base) else iri


def place(
    corpus: Corpus, hosts: Sequence[Host], focus: str, path: str, value: str | None = None, language: str = ""
) -> Location:
    """The row that publishes a node, at the column of the property; else a row that names the node.

    language: where the result is about the texts in one language, its tag.
    Where there is neither, the place is `corpus.toml`.
    """
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
            saying = [p for p in node.patterns if p.predicate == path and _speaks(p, language)]
            pattern = _pattern_of(corpus, host.table.name, found[0], saying, value)
            return corpus.location(host.table.name, found[0], _column(pattern) if pattern else host.key)
    for host in hosts:
        for pattern in (p for n in host.node.walk() for p in n.patterns):
            if isinstance(pattern.object, Iri) and (found := _rows(corpus, host.table.name, pattern.object, focus)):
                return corpus.location(host.table.name, found[0], _column(pattern))
    return Location("corpus.toml")


def _pattern_of(corpus: Corpus, table: str, row: int, patterns: Sequence[Pattern], value: str | None) -> Pattern | None:
    """The pattern by which this row says the value (None: says nothing); else the first; None for no patterns."""
    only = corpus.tables[table].slice(row, 1)
    saying = (pattern for pattern in patterns if only.select(text=object_text(pattern)).item() == value)
    return next(saying, patterns[0] if patterns else None)


def _speaks(pattern: Pattern, language: str) -> bool:
    """Whether a pattern says a text in the language; every pattern does where there is none."""
    return not language or (isinstance(pattern.object, Literal_) and pattern.object.language == language)


def _column(pattern: Pattern) -> str:
    """The column that fills the object, else the one that guards the pattern."""
    holes = pattern.object.holes
    return holes[-1] if holes else pattern.guard.column if pattern.guard else ""


def _rows(corpus: Corpus, table: str, iri: Iri, wanted: str) -> list[int]:
    """The numbers of the rows for which the IRI, filled in, is the wanted text."""
    first = iri.parts[0]
    frame = corpus.tables[table]
    if (isinstance(first, str) and not wanted.startswith(first)) or frame.is_empty() or not iri.holes:
        return []
    found: list[int] = frame.select((iri_text(iri) == wanted).arg_true()).to_series().to_list()
    return found


def _guest_row(
    corpus: Corpus, table: str, pattern: Pattern, column: str, key: str, row: int, host: Host, value: str | None
) -> int | None:
    """The number of the guest's row that says the property of the host's row, with the value if one is given."""
    name = corpus.tables[host.table.name][key][row]
    said = pl.col(column) == name
    if value is not None:
        said &= object_text(pattern) == value
    rows = corpus.tables[table].select(said.arg_true()).to_series()
    return int(rows[0]) if len(rows) else None
