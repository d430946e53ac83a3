"""How many triples the tables give, counted without writing them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from openproposals.dumps.turtle import lines
from openproposals.model.expressions import says
from openproposals.model.hosts import Guest, Host
from openproposals.model.tables import Tables
from openproposals.model.templates import RDF_TYPE, Iri, Pattern


@dataclass(frozen=True)
class Tally:
    """Triples by table (a triple that several say counts for the first) and by property; subjects by class."""

    tables: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)

    @property
    def triples(self) -> int:
        """All of them."""
        return self.tables.total()

    def add(self, table: str, pattern: Pattern, count: int) -> None:
        """So many triples of a pattern."""
        if count:
            self.tables[table] += count
            self.properties[pattern.predicate] += count
            if pattern.predicate == RDF_TYPE and isinstance(pattern.object, Iri) and not pattern.object.holes:
                self.classes[str(pattern.object.parts[0])] += count


def count(hosts: Sequence[Host], tables: Tables) -> Tally:
    """The triples of tables that conform: every link leads somewhere, every key is there once."""
    tally = Tally()
    patterns: dict[str, list[Pattern]] = {}
    for host in hosts:
        guests = [guest for guest in host.guests if tables.height(guest.table.name)]
        root = [(host.table.name, p) for p in host.node.patterns]
        speakers = [*root, *((guest.table.name, guest.pattern) for guest in guests)]
        for predicate, several in _by_predicate(speakers).items():
            if len(several) > 1 and any(g.pattern.predicate == predicate for g in guests):
                _together(host, [g for g in guests if g.pattern.predicate == predicate], tables, tally)
            else:
                for name, pattern in several:
                    patterns.setdefault(name, []).append(pattern)
        inside = [p for node in host.node.walk() if node is not host.node for p in node.patterns]
        patterns.setdefault(host.table.name, []).extend(inside)
    for name, some in patterns.items():
        columns = list(dict.fromkeys(c for p in some for c in p.columns))
        for batch in tables.batches(name, columns):
            sums = batch.select(says(p).sum().alias(str(i)) for i, p in enumerate(some)).row(0)
            for pattern, number in zip(some, sums, strict=True):
                tally.add(name, pattern, number)
    return tally


def _by_predicate(speakers: Iterable[tuple[str, Pattern]]) -> dict[str, list[tuple[str, Pattern]]]:
    found: dict[str, list[tuple[str, Pattern]]] = {}
    for name, pattern in speakers:
        found.setdefault(pattern.predicate, []).append((name, pattern))
    return found


def _together(host: Host, guests: Sequence[Guest], tables: Tables, tally: Tally) -> None:
    """Triples with one property that several tables may say of one subject: each counts once."""
    predicate = guests[0].pattern.predicate
    said_by = [(host.table.name, host.key, p) for p in host.node.patterns if p.predicate == predicate]
    said_by += [(guest.table.name, guest.column, guest.pattern) for guest in guests]
    parts = []
    for number, (table, key, pattern) in enumerate(said_by):
        columns = list(dict.fromkeys((key, *pattern.columns)))
        rows = tables.columns(table, columns).filter(says(pattern))
        parts.append(rows.select(_host=pl.col(key), _by=pl.lit(number)).with_columns(_member=lines(pattern, rows)))
    found = pl.concat(parts).unique(["_host", "_member"], keep="first", maintain_order=True)
    for number, height in found.group_by("_by").len().iter_rows():
        tally.add(said_by[number][0], said_by[number][2], height)
