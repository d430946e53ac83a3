"""Check whether a release may follow the one that is published: its version, its day, and the IRIs it must keep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from openproposals.corpus.corpus_folder import Corpus
from openproposals.errors import UsageError
from openproposals.findings import DESCRIPTOR, Finding, Location
from openproposals.model.expressions import iri_text
from openproposals.model.hosts import Host
from openproposals.model.tables import Tables
from openproposals.release import changes, write

_NUMBER = re.compile("[0-9]{1,9}")
_MOVES = {"major": 0, "minor": 1, "patch": 2}


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers that compare in order; what is no number of at most nine digits is left out.

    >>> numbers("1.10.0") > numbers("1.9.3"), numbers("1.²." + "9" * 5000)
    (True, (1,))
    """
    return tuple(int(number) for number in version.split(".") if _NUMBER.fullmatch(number))


def alone(read: Corpus, hosts: Sequence[Host], today: str) -> list[Finding]:
    """Findings about a release that need no earlier one: a day of release after `today` ("": any), false tombstones."""
    released = read.descriptor["released"]
    late = [Finding(Location(DESCRIPTOR, name="released"), "release-in-future", released)]
    return [*(late if today and released > today else []), *_tombstones(read, hosts)]


def check(read: Corpus, hosts: Sequence[Host], out: Path, published: str, today: str = "") -> list[Finding]:
    """Findings against replacing the release in the folder `out`, whose version is `published` ("" for none).

    today: YYYY-MM-DD, or "". A changed release needs a later day of release, except on the very day of the last one.
    """
    version = str(read.descriptor["version"])
    if not published:
        return []
    if numbers(version) < numbers(published):
        return [Finding(Location(DESCRIPTOR, name="version"), "version-backwards", version, {"published": published})]
    unnamed = list(_unnamed(read, out, version, published))
    try:
        old = changes.tables(out)
    except UsageError:
        return unnamed
    return [*unnamed, *_compared(read, changes.compare(old, read.tables, hosts), old, version, published, today)]


def _unnamed(read: Corpus, out: Path, version: str, published: str) -> Iterator[Finding]:
    """A finding for each kept release that [history] does not name: the catalogue could not link to it."""
    if not read.descriptor.get("keep_releases"):
        return
    kept = {*write.kept(out), published} - {version, *read.descriptor.get("history", {})}
    for name in sorted(kept, key=numbers):
        day = _day(out if name == published else out / write.KEPT / name)
        yield Finding(Location(DESCRIPTOR, name="history"), "kept-without-history", name, {"day": day})


def _day(folder: Path) -> str:
    """The day of release in a release's table `dataset`; "YYYY-MM-DD" where it cannot be read."""
    try:
        days = changes.tables(folder).columns("dataset", ["released"])["released"]
    except (UsageError, pl.exceptions.PolarsError):
        days = pl.Series([])
    return str(next(iter(days), "YYYY-MM-DD"))


def _compared(
    read: Corpus, found: changes.Changes, old: Tables, version: str, published: str, today: str
) -> Iterator[Finding]:
    wanted = needed(published, found.needs)
    if numbers(version) < numbers(wanted):
        what = ", ".join(d.table.name for d in found.tables)
        facts = {"published": published, "needed": wanted, "tables": what}
        yield Finding(Location(DESCRIPTOR, name="version"), f"version-short-of-{found.needs}", version, facts)
    before = next(iter(old.columns("dataset", ["released"])["released"]), "") or ""
    released = str(read.descriptor["released"])
    if before and released != before and found.is_empty and version == published:
        yield Finding(Location(DESCRIPTOR, name="released"), "released-without-change", released, {"published": before})
    if before and not found.is_empty and (released < before or (released == before and today > before)):
        facts = {"published": before, "today": max(today, before)}
        yield Finding(Location(DESCRIPTOR, name="released"), "changed-without-release-day", released, facts)
    for iri in found.gone:
        yield Finding(
            Location(DESCRIPTOR, name="withdrawn"), "iri-gone", iri, {"published": published, "since": wanted}
        )


def needed(published: str, level: changes.Level) -> str:
    """The lowest version that may follow a published one after changes of this level.

    >>> needed("1.4.2", "minor"), needed("1.4.2", "patch"), needed("1.4.2", "major"), needed("1.4.2", "none")
    ('1.5.0', '1.4.3', '2.0.0', '1.4.2')
    """
    if level == "none":
        return published
    place, parts = _MOVES[level], [*numbers(published), 0, 0, 0][:3]
    return ".".join(str(n + 1 if i == place else n if i < place else 0) for i, n in enumerate(parts))


def _tombstones(read: Corpus, hosts: Sequence[Host]) -> list[Finding]:
    """Findings for withdrawn IRIs that are still published, and for replacements that are unknown or withdrawn."""
    withdrawn = read.tables["withdrawn"]
    if withdrawn.is_empty():
        return []
    living = _living(read.tables, hosts, pl.concat([withdrawn["iri"], withdrawn["replacement"].drop_nulls()]))
    named = withdrawn.with_columns(
        alive=pl.col("iri").is_in(living.implode()),
        lost=~pl.col("replacement").is_in(pl.concat([living, withdrawn["iri"]]).implode()),
        buried=pl.col("replacement").is_in(withdrawn["iri"].implode()),
    )
    found = []
    columns = ("iri", "replacement", "alive", "lost", "buried")
    for iri, replacement, alive, lost, buried in named.select(columns).iter_rows():
        key = iri.removeprefix(read.base)
        place = Location(DESCRIPTOR, name=f"withdrawn.{key}")
        if alive:
            found.append(Finding(place, "withdrawn-but-published", key))
        if lost or buried:
            code = "replacement-unknown" if lost else "replacement-withdrawn"
            found.append(Finding(place, code, replacement.removeprefix(read.base), {"withdrawn": key}))
    return found


def _living(tables: Tables, hosts: Sequence[Host], asked: pl.Series) -> pl.Series:
    """The IRIs among those asked for that some row publishes."""
    found = [asked.clear()]
    for host in hosts:
        if host.table.name != "withdrawn" and host.node.iri.holes:
            for batch in tables.batches(host.table.name, list(dict.fromkeys(host.node.iri.holes))):
                iris = batch.select(iri_text(host.node.iri)).to_series()
                found.append(iris.filter(iris.is_in(asked.implode())))
    return pl.concat([part.alias("iri") for part in found])
