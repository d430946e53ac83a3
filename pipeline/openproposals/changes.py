"""What differs between two releases: rows added, removed and changed, by table and key, compared as columns.

A release is its `tables/` folder; nothing else is opened. What the difference asks of the version is in `needs`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from openproposals import schema
from openproposals.dumps.hosts import Host
from openproposals.errors import UsageError
from openproposals.findings import Language, shown
from openproposals.store import Frames

Level = Literal["none", "patch", "minor", "major"]
LEVELS: tuple[Level, ...] = ("none", "patch", "minor", "major")
SHOWN = 20
_SEPARATOR = " "  # between the parts of a key; no key cell holds one


@dataclass(frozen=True)
class Difference:
    """One table's difference. `changed` has a row a cell: the key's columns, `column`, `old`, `new`."""

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
        """Whether its rows are said by the publisher, not derived from others."""
        return self.table.origin != "derived"


@dataclass(frozen=True)
class Changes:
    """Everything that differs between two releases; the IRIs that are gone, and those that went with a tombstone."""

    tables: Sequence[Difference]
    gone: Sequence[str]
    withdrawn: Sequence[str] = ()

    @cached_property
    def needs(self) -> Level:
        """How far the version must move: IRIs gone or meaning changed, rows added, data changed, nothing."""
        meant = {(t.name, c.name) for t in schema.tables().values() for c in t.columns if c.meaning}
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
        """Whether nothing differs but the version and the day."""
        return self.needs == "none"


def tables(release: Path) -> dict[str, pl.DataFrame]:
    """The published tables of a release, as text. Refused (UsageError): a folder without them."""
    found = {}
    for table in schema.tables().values():
        path = release / "tables" / f"{table.name}.csv"
        if path.is_file() and not path.is_symlink():
            found[table.name] = _read(path)
    if not found:
        raise UsageError(
            f"no release in {release.name or release}/",
            why="a release has its tables in tables/",
            mend="give the folder that publish wrote, as dist/<corpus>",
        )
    return found


def compare(old: Frames, new: Frames, hosts: Sequence[Host]) -> Changes:
    """What differs. `hosts` say which tables' rows have an IRI; one that has its tombstone is withdrawn, not gone."""
    empty = pl.DataFrame()
    differences = []
    for table in schema.tables().values():
        if table.has_rows:
            found = _difference(table, _cut(old.get(table.name, empty), table), _cut(new.get(table.name, empty), table))
            if not found.is_empty:
                differences.append(found)
    buried = new.get("withdrawn", empty)
    base = str(new["dataset"]["iri"][0])
    aloud = {iri.removeprefix(base) for iri in buried["iri"]} if not buried.is_empty() else set()
    removed = set(_removed(differences, hosts, old, base))
    return Changes(differences, sorted(removed - aloud), sorted(removed & aloud))


def _read(path: Path) -> pl.DataFrame:
    options = pacsv.ParseOptions(newlines_in_values=True)
    with path.open("rb") as file:
        header = file.readline().decode("utf-8", errors="replace").rstrip("\r\n").split(",")
    strings = pacsv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
    try:
        frame = pl.DataFrame(pacsv.read_csv(path, parse_options=options, convert_options=strings))
    except pa.ArrowInvalid as error:
        raise UsageError(f"{path.name} is no table of a release", why=str(error)) from error
    return frame.with_columns(pl.all().replace("", None))


def _cut(frame: pl.DataFrame, table: schema.Table) -> pl.DataFrame:
    """The table's own columns, in its schema's order; those that are absent are empty."""
    absent = [pl.lit(None, pl.String).alias(c) for c in table.column_names if c not in frame.columns]
    if frame.width == 0:
        return pl.DataFrame(schema=dict.fromkeys(table.column_names, pl.String))
    return frame.with_columns(absent).select(table.column_names)


def _difference(table: schema.Table, old: pl.DataFrame, new: pl.DataFrame) -> Difference:
    key, rest = list(table.key), [c for c in table.column_names if c not in table.key]
    names = [*key, "column", "old", "new"]
    changed = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    if old.equals(new):
        return Difference(table, new.clear().select(key), old.clear().select(key), changed)
    if rest:
        both = old.join(new, on=key, how="inner", suffix="\x1fnew", nulls_equal=True, maintain_order="right")
        cells = [
            both.filter(pl.col(c).ne_missing(pl.col(f"{c}\x1fnew"))).select(
                *key, column=pl.lit(c), old=pl.col(c), new=pl.col(f"{c}\x1fnew")
            )
            for c in rest
        ]
        changed = pl.concat([changed, *cells]).sort([*key, "column"])
    return Difference(
        table,
        new.join(old, on=key, how="anti", nulls_equal=True).select(key).sort(key),
        old.join(new, on=key, how="anti", nulls_equal=True).select(key).sort(key),
        changed,
    )


def _removed(differences: Sequence[Difference], hosts: Sequence[Host], old: Frames, base: str) -> Iterator[str]:
    """The IRIs that the old release published and the new one does not, without their base."""
    before = str(old["dataset"]["iri"][0]) if "dataset" in old else base
    if before != base:
        yield before
        return
    for found in differences:
        host = next(
            (h for h in hosts if h.table.name == found.table.name and h.node.iri.holes == found.table.key), None
        )
        if host is None or found.removed.is_empty():
            continue
        iris = found.removed.select(
            pl.concat_str(pl.lit(p) if isinstance(p, str) else pl.col(p.name) for p in host.node.iri.parts)
        ).to_series()
        yield from (iri.removeprefix(base) for iri in iris)


def data(changes: Changes, versions: tuple[str, str]) -> str:
    """The difference as JSON: every row and every cell."""
    found = {
        "old": versions[0],
        "new": versions[1],
        "needs": changes.needs,
        "gone": list(changes.gone),
        "withdrawn": list(changes.withdrawn),
        "tables": {
            d.table.name: {
                "added": _keys(d.added),
                "removed": _keys(d.removed),
                "changed": [
                    {
                        "key": _SEPARATOR.join(str(row[k]) for k in d.table.key),
                        **{n: row[n] for n in ("column", "old", "new")},
                    }
                    for row in d.changed.iter_rows(named=True)
                ],
            }
            for d in changes.tables
        },
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def labels(frames: Frames, lang: Language) -> dict[tuple[str, str], str]:
    """What rows are called, by table and key: their own label, else that of the statistic that they are about."""
    found: dict[tuple[str, str], str] = {}
    column = f"label_{lang}"
    for table in schema.tables().values():
        frame = frames.get(table.name, pl.DataFrame())
        if "statistic" in frame.columns and column not in frame.columns and "statistics" in frames:
            named = frames["statistics"].select(pl.col("id").alias("statistic"), column)
            frame = frame.join(named, on="statistic", how="left", maintain_order="left")
        if column in frame.columns and set(table.key) <= set(frame.columns):
            keys = _keys(frame.select(table.key))
            found |= {(table.name, k): n for k, n in zip(keys, frame[column], strict=True) if n}
    return found


def text(
    changes: Changes, lang: Language, words: Mapping[str, Any], names: Mapping[tuple[str, str], str] | None = None
) -> str:
    """The difference in words: by table, what was added, removed, and which cell says what now.

    What the publisher says comes first, then what follows from it; `names` are of `labels`.
    """
    lines = []
    names = names or {}

    def called(table: schema.Table, key: str) -> str:
        name = names.get((table.name, key), "")
        return shown(key, 120) + (f" ({shown(name, 80)})" if name else "")

    apart = False
    for d in sorted(changes.tables, key=lambda found: not found.given):
        if not d.given and not apart:
            apart = True
            lines.append(words["derived"][lang])
        cells, rows = d.changed.height, d.changed.select(d.table.key).n_unique() if not d.changed.is_empty() else 0
        counts = {"added": d.added.height, "removed": d.removed.height, "changed": rows}
        title = d.table.descriptor["title" if lang == "en" else "title_fr"]
        lines.append(f"{title}{words['colon'][lang]}" + words["counts"][lang].format(**counts))
        for mark, frame in (("+", d.added), ("-", d.removed)):
            lines += [f"  {mark} {called(d.table, key)}" for key in _keys(frame.head(SHOWN))]
            lines += _more(frame.height, lang, words)
        titles = {c.name: c.title[lang] for c in d.table.columns}
        for row in d.changed.head(SHOWN).iter_rows(named=True):
            key = _SEPARATOR.join(str(row[k]) for k in d.table.key)
            old, new = (words["empty"][lang] if row[n] is None else f'"{shown(row[n], 80)}"' for n in ("old", "new"))
            column = titles[row["column"]]
            lines.append(f"  ~ {called(d.table, key)}, {column}{words['colon'][lang]}{old} → {new}")
        lines += _more(cells, lang, words)
    for name, iris in (("gone", changes.gone), ("withdrawn", changes.withdrawn)):
        lines += [words[name][lang].format(iri=iri) for iri in iris[:SHOWN]] + _more(len(iris), lang, words)
    return "\n".join([*lines, words[f"needs_{changes.needs}"][lang]])


def _keys(frame: pl.DataFrame) -> list[str]:
    return [_SEPARATOR.join("" if part is None else str(part) for part in row) for row in frame.iter_rows()]


def _more(count: int, lang: Language, words: Mapping[str, Any]) -> list[str]:
    return [words["more"][lang].format(count=count - SHOWN)] if count > SHOWN else []
