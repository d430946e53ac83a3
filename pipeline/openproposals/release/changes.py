"""Compare two releases: which rows were added, removed or changed, by table and key.

Only the `tables/` folder of a release is read. `Changes.needs` says how far the version number must move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from openproposals.corpus import spill
from openproposals.errors import UsageError, reason
from openproposals.guards import files
from openproposals.model import schema
from openproposals.model.expressions import iri_text
from openproposals.model.hosts import Host
from openproposals.model.tables import Frames, Spilled, Tables, empty, fitted

Level = Literal["none", "patch", "minor", "major"]
LEVELS: tuple[Level, ...] = ("none", "patch", "minor", "major")


@dataclass(frozen=True)
class TableDifference:
    """The difference of one table.

    `added` and `removed` have the columns of the key. `changed` has a row for each changed cell: the columns of the
    key, `column` (its name), `old` and `new` (its values).
    """

    table: schema.Table
    added: pl.DataFrame
    removed: pl.DataFrame
    changed: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return self.added.is_empty() and self.removed.is_empty() and self.changed.is_empty()

    @property
    def given(self) -> bool:
        """Whether the publisher writes the table's rows; otherwise they are derived from others."""
        return self.table.origin != "derived"


@dataclass(frozen=True)
class Changes:
    """What differs between two releases.

    `gone` are IRIs (without their base) that are no longer published; `withdrawn` are those that have a tombstone.
    """

    tables: Sequence[TableDifference]
    gone: Sequence[str]
    withdrawn: Sequence[str] = ()

    @cached_property
    def needs(self) -> Level:
        """The part of the version that must rise.

        `major` where IRIs are gone or a meaning changed, `minor` where rows were added, `patch` where other data
        changed, else `none`.
        """
        meant = {(d.table.name, c.name) for d in self.tables for c in d.table.columns if c.meaning}
        of_release = ("version", "released")  # what every release changes of its own dataset
        level: Level = "none"
        for found in self.tables:
            changed = found.changed
            if found.table.name == "dataset":
                changed = changed.filter(~pl.col("column").is_in(of_release))
            columns = set(changed["column"]) if not changed.is_empty() else set()
            if any((found.table.name, column) in meant for column in columns):
                return "major"
            if found.given and not found.added.is_empty() and found.table.name not in ("dataset", "withdrawn"):
                level = "minor"
            elif level == "none" and (columns or not found.added.is_empty() or not found.removed.is_empty()):
                level = "patch"
        return "major" if self.gone or self.withdrawn else level

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs but the version and the day of release."""
        return self.needs == "none"


def tables(release: Path) -> Tables:
    """The published tables of a release, all cells as text; large tables stay on disk.

    Raises UsageError where the folder has no table.
    """
    found: dict[str, pl.DataFrame | Spilled] = {}
    room: spill.SpillFolder | None = None
    for table in schema.tables().values():
        paths = _files(release / "tables" / f"{table.name}.csv")
        if not paths:
            continue
        spilled = None
        if len(paths) == 1 and paths[0].stat().st_size >= spill.SPILLED_FROM:
            room = room or spill.SpillFolder()
            spilled = spill.spill(paths[0], room.folder, lambda header: header)
        found[table.name] = replace(spilled, room=room) if spilled is not None else pl.concat(map(_read, paths))
    if not found:
        raise UsageError("release-without-tables", folder=release.name or release)
    return _whole(found)


def _files(path: Path) -> list[Path]:
    """A table's file, or the files of its folder where it is published in parts; none where it is neither."""
    some = sorted(path.glob("part-*.csv")) if path.is_dir() and not path.is_symlink() else [path]
    return [each for each in some if each.is_file() and not each.is_symlink()]


def _whole(found: Mapping[str, pl.DataFrame | Spilled]) -> Tables:
    """All tables with all their columns; tables that are not given are empty."""
    kept: dict[str, pl.DataFrame | Spilled] = {}
    names = {name: given.names if isinstance(given, Spilled) else given.columns for name, given in found.items()}
    wanted = schema.columns(schema.spoken(names))
    for name, columns in wanted.items():
        given = found.get(name, empty(columns))
        kept[name] = given if isinstance(given, Spilled) else fitted(given, columns)
    return Tables(kept, wanted)


def compare(old: Frames, new: Frames, hosts: Sequence[Host]) -> Changes:
    """Compare two releases. `hosts` say which tables' rows have an IRI."""
    before, after = (given if isinstance(given, Tables) else _whole(given) for given in (old, new))
    both = schema.tables(schema.spoken(after.all_names).with_(schema.spoken(before.all_names)))
    before, after = (given.with_columns_of({n: t.column_names for n, t in both.items()}) for given in (before, after))
    differences = [_difference(table, before, after) for table in both.values() if table.has_rows]
    differences = [found for found in differences if not found.is_empty]
    base = str(after.columns("dataset", ["iri"])["iri"][0])
    buried = {iri.removeprefix(base) for iri in after.columns("withdrawn", ["iri"])["iri"]}
    removed = set(_removed(differences, hosts, before, base))
    return Changes(differences, sorted(removed - buried), sorted(removed & buried))


def _read(path: Path) -> pl.DataFrame:
    options = pacsv.ParseOptions(newlines_in_values=True)
    try:
        with files.opened(path, follow=False) as file:
            header = file.readline().decode("utf-8", errors="replace").rstrip("\r\n").split(",")
            file.seek(0)
            strings = pacsv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
            frame = pl.DataFrame(pacsv.read_csv(file, parse_options=options, convert_options=strings))
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError("not-a-release-table", name=path.name, because=reason(error)) from error
    return frame.with_columns(pl.all().replace("", None))


def _difference(table: schema.Table, old: Tables, new: Tables) -> TableDifference:
    """Compare one table of two releases.

    Rows are matched by key and compared by a hash of their other cells; only rows whose hashes differ are loaded.
    """
    name, key, rest = table.name, list(table.key), [c for c in table.column_names if c not in table.key]
    names = [*key, "column", "old", "new"]
    changed = [pl.DataFrame(schema=dict.fromkeys(names, pl.String))]
    if _same(table, old, new):
        none = changed[0].select(key)
        return TableDifference(table, none, none, changed[0])
    before, after = _hashes(old, table), _hashes(new, table)
    both = after.join(before, on=key, how="inner", suffix="_old", nulls_equal=True, maintain_order="left")
    other = both.filter(pl.col("_sum") != pl.col("_sum_old"))
    if not other.is_empty():
        theirs = old.rows(name, np.unique(other["_at_old"].to_numpy()), table.column_names)
        ours = new.rows(name, np.unique(other["_at"].to_numpy()), table.column_names)
        cells = theirs.join(ours, on=key, how="inner", suffix="\x1fnew", nulls_equal=True, maintain_order="right")
        changed += [
            cells.filter(pl.col(c).ne_missing(pl.col(f"{c}\x1fnew"))).select(
                *key, column=pl.lit(c), old=pl.col(c), new=pl.col(f"{c}\x1fnew")
            )
            for c in rest
        ]
    return TableDifference(
        table,
        after.join(before, on=key, how="anti", nulls_equal=True).select(key).sort(key),
        before.join(after, on=key, how="anti", nulls_equal=True).select(key).sort(key),
        pl.concat(changed).sort([*key, "column"]),
    )


def _same(table: schema.Table, old: Tables, new: Tables) -> bool:
    """Whether both releases have the same rows of a table, in the same order."""
    if old.height(table.name) != new.height(table.name):
        return False
    batches = (tables.batches(table.name, table.column_names) for tables in (old, new))
    return all(one.equals(other) for one, other in zip(*batches, strict=True))


def _hashes(tables: Tables, table: schema.Table) -> pl.DataFrame:
    """For each row: its number (`_at`), its key, and a hash of its other cells (`_sum`, 64 bits)."""
    rest = [c for c in table.column_names if c not in table.key]
    parts = [
        batch.select(*table.key, _sum=batch.select(rest).hash_rows() if rest else pl.lit(0, pl.UInt64))
        for batch in tables.batches(table.name, table.column_names)
    ]
    none = pl.DataFrame(schema={**dict.fromkeys(table.key, pl.String), "_sum": pl.UInt64})
    return pl.concat([none, *parts]).with_row_index("_at")


def _removed(differences: Sequence[TableDifference], hosts: Sequence[Host], old: Tables, base: str) -> Iterator[str]:
    """The IRIs (without their base) that the old release published and the new one does not.

    Where the base itself changed, it is the only one given.
    """
    before = next(iter(old.columns("dataset", ["iri"])["iri"]), base)
    if before != base:
        yield before
        return
    for found in differences:
        host = next(
            (h for h in hosts if h.table.name == found.table.name and h.node.iri.holes == found.table.key), None
        )
        if host is None or found.removed.is_empty():
            continue
        iris = found.removed.select(iri_text(host.node.iri)).to_series()
        yield from (iri.removeprefix(base) for iri in iris)
