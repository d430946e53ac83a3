"""Whether a release may follow the one that is published: the version, the day, and the IRIs that were given out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from openproposals import changes
from openproposals.catalog.history import numbers
from openproposals.corpus import Corpus
from openproposals.descriptor import DESCRIPTOR
from openproposals.dumps import blocks
from openproposals.errors import UsageError
from openproposals.findings import Finding, Location
from openproposals.templates import Hole, Iri

_MOVES = {"major": 0, "minor": 1, "patch": 2}


def check(read: Corpus, hosts: Sequence[blocks.Host], out: Path, published: str) -> list[Finding]:
    """What stands against publishing over the release in `out`; `published` is its version, or ""."""
    version = str(read.descriptor["version"])
    if not published:
        return []
    if numbers(version) < numbers(published):
        return [Finding(Location(DESCRIPTOR, name="version"), "version-backwards", version, {"published": published})]
    try:
        old = changes.tables(out)
    except UsageError:
        return []
    return list(_compared(read, changes.compare(old, read.tables, hosts), old, version, published))


def _compared(
    read: Corpus, found: changes.Changes, old: blocks.Frames, version: str, published: str
) -> Iterator[Finding]:
    wanted = needed(published, found.needs)
    if numbers(version) < numbers(wanted):
        what = ", ".join(d.table.name for d in found.tables)
        facts = {"published": published, "needed": wanted, "tables": what}
        yield Finding(Location(DESCRIPTOR, name="version"), f"version-short-of-{found.needs}", version, facts)
    before = str(old["dataset"]["released"][0]) if "dataset" in old else ""
    released = str(read.descriptor["released"])
    if before and released != before and found.is_empty and version == published:
        yield Finding(Location(DESCRIPTOR, name="released"), "released-without-change", released, {"published": before})
    for iri in found.gone:
        yield Finding(
            Location(DESCRIPTOR, name="withdrawn"), "iri-gone", iri, {"published": published, "since": wanted}
        )


def needed(published: str, level: changes.Level) -> str:
    """The lowest version that may follow.

    >>> needed("1.4.2", "minor"), needed("1.4.2", "patch"), needed("1.4.2", "major"), needed("1.4.2", "none")
    ('1.5.0', '1.4.3', '2.0.0', '1.4.2')
    """
    if level == "none":
        return published
    place, parts = _MOVES[level], [*numbers(published), 0, 0, 0][:3]
    return ".".join(str(n + 1 if i == place else n if i < place else 0) for i, n in enumerate(parts))


def _named(iri: Iri) -> pl.Expr:
    return pl.concat_str(pl.col(p.name) if isinstance(p, Hole) else pl.lit(p) for p in iri.parts)


def tombstones(read: Corpus, hosts: Sequence[blocks.Host]) -> list[Finding]:
    """Withdrawn IRIs that are published all the same, and replacements that nothing has."""
    withdrawn = read.tables["withdrawn"]
    if withdrawn.is_empty():
        return []
    living = pl.concat(
        [
            read.tables[h.table.name]
            .select(
                pl.concat_str(pl.col(p.name) if isinstance(p, Hole) else pl.lit(p) for p in h.node.iri.parts).alias(
                    "iri"
                )
            )
            .drop_nulls()
            for h in hosts
            if h.table.name != "withdrawn" and h.node.iri.holes
        ]
    )["iri"]
    named = withdrawn.with_columns(
        alive=pl.col("iri").is_in(living.implode()),
        lost=~pl.col("replacement").is_in(pl.concat([living, withdrawn["iri"]]).implode()),
    )
    found = []
    for iri, replacement, alive, lost in named.select("iri", "replacement", "alive", "lost").iter_rows():
        key = iri.removeprefix(read.base)
        place = Location(DESCRIPTOR, name=f"withdrawn.{key}")
        if alive:
            found.append(Finding(place, "withdrawn-but-published", key))
        if lost:
            found.append(Finding(place, "replacement-unknown", replacement.removeprefix(read.base), {"withdrawn": key}))
    return found
