"""The labels of what a dump uses and does not describe: codes, units, areas, subjects and languages, in one file.

In: hosts and tables. Out: one `rdfs:label` for each language in which a label is known. Whoever loads the dump loads
this file too, and asks for all labels in one way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from openproposals.model import known
from openproposals.model.expressions import iri_text
from openproposals.model.hosts import Host
from openproposals.model.schema import Table
from openproposals.model.tables import Tables
from openproposals.model.templates import Iri, Pattern

_PREFIX = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"


def turtle(hosts: Sequence[Host], tables: Tables, base: str, used: Iterable[str] | None = None) -> bytes:
    """The labels as Turtle, sorted by IRI and language.

    base: the IRI with which the IRIs of the corpus's own things begin; the dump has their labels.
    used: the IRIs that have labels (see `labelled`), where they are known.
    """
    said = {iri: known.labels(iri) for iri in (labelled(hosts, tables, base) if used is None else used)}
    lines = [
        f"<{iri}> rdfs:label {json.dumps(text, ensure_ascii=False)}{'@' if tag else ''}{tag} .\n"
        for iri, labels in sorted(said.items())
        for tag, text in sorted(labels.items())
    ]
    return "".join([_PREFIX, *lines]).encode()


def labelled(hosts: Sequence[Host], tables: Tables, base: str) -> set[str]:
    """The IRIs of others that are values in the dump and may have labels."""
    called = pl.Series([*known.iris()]).implode()
    said = (each for host in hosts for each in _patterns(host))
    return {iri for table, pattern in said for iri in _values(table, pattern, tables, base, called)}


def _patterns(host: Host) -> Iterator[tuple[Table, Pattern]]:
    yield from ((host.table, pattern) for node in host.node.walk() for pattern in node.patterns)
    yield from ((guest.table, guest.pattern) for guest in host.guests)


def _values(table: Table, pattern: Pattern, tables: Tables, base: str, called: pl.Series) -> Iterator[str]:
    """The values of a pattern that are IRIs of others: its constant, or those of `called` that cells fill in."""
    if not isinstance(pattern.object, Iri) or not tables.height(table.name):
        return
    first, holes = pattern.object.parts[0], pattern.object.holes
    if (isinstance(first, str) and first.startswith(base)) or len(holes) > 1:
        return
    if not holes:
        yield str(first)
        return
    filled = tables.columns(table.name, holes).select(iri_text(pattern.object).alias("iri"))
    yield from filled.filter(pl.col("iri").is_in(called))["iri"].unique()
