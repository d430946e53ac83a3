"""The screen of tables: it proves, a column at a time, which rows meet their Table Schema. The others are suspects.

A row is proved if each of its cells is proved by itself, no other row has its key, and its links lead to proved keys.
A constraint that is not known here makes every row of its table a suspect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openproposals.guards.spreadsheet import AN_ERROR, FORMULA
from openproposals.model import lists, schema
from openproposals.model.tables import Mask, Tables
from openproposals.progress import after, ignore
from openproposals.validation import lexical

KEY = " key"  # the reason of rows whose key another row has; a column of that name would only join them
# What Python and Rust read alike in a pattern: no escapes, no nested or subtracted classes, no wildcard.
PLAIN_PATTERN = re.compile(
    r"(?:\[(?:(?!&&|--|~~)[A-Za-z0-9._~ :/-])+\]|\(\?:|[A-Za-z0-9_:/ -]|[)?*+|]|\{[0-9]+(?:,[0-9]*)?\})*"
)
_INTEGER = r"\A-?[0-9]{1,18}\z"
_NUMBER = r"\A-?[0-9]{1,15}(?:\.[0-9]{1,15})?\z"
_DAY = r"\A[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}\z"
_PARTIAL = r"\A[1-9][0-9]{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1[0-9]|2[0-8]))?)?\z"
_ADDRESS = r"\Ahttps?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?:/[A-Za-z0-9._~/-]*)?(?:\?[A-Za-z0-9._~=&/-]*)?(?:#[A-Za-z0-9._~-]*)?\z"
# Control and direction characters as `guards.characters` has them, and what a spreadsheet runs as a formula.
_SIGNS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\x{fffe}\x{ffff}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
_UNFIT = f"{FORMULA}|{_SIGNS}|{AN_ERROR}"
_KNOWN = {"required", "enum", "pattern", "minimum", "maximum", "unique", "minLength", "maxLength"}


@dataclass(frozen=True)
class Screened:
    """The suspects of a table: by the reason why they are not proved, row numbers from 0 in increasing order."""

    height: int
    reasons: Mapping[str, NDArray[np.int64]]

    @property
    def suspects(self) -> NDArray[np.int64]:
        """The numbers of all suspects, each once."""
        return union(self.reasons.values())


def union(numbers: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The union of row numbers, in increasing order."""
    parts = list(numbers)
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def proof(column: schema.Column, constraints: Mapping[str, Any]) -> pl.Expr:
    """An expression: whether a cell is proved by itself to meet the constraints of its column."""
    cell = pl.col(column.name)
    no = pl.lit(value=False)
    if constraints.keys() - _KNOWN:
        return no
    proved: list[pl.Expr] = []
    if column.type == "integer":
        proved.append(cell.str.contains(_INTEGER))
        number = cell.cast(pl.Int64, strict=False)
        proved += [number >= bound for bound in _whole(constraints, "minimum")]
        proved += [number <= bound for bound in _whole(constraints, "maximum")]
    elif column.type == "number":
        proved.append(cell.str.contains(_NUMBER))
        number = cell.cast(pl.Float64, strict=False)  # rounding is monotone: what is above after it was above before
        proved += [number > bound for bound in _whole(constraints, "minimum")]
        proved += [number < bound for bound in _whole(constraints, "maximum")]
    elif column.type == "date":
        proved += [cell.str.contains(_DAY), cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()]
    elif column.type != "string" or column.format not in ("default", "uri"):
        return no
    if column.type != "string" and constraints.keys() & {"enum", "pattern", "minLength", "maxLength"}:
        return no
    if column.type in ("date", "string") and constraints.keys() & {"minimum", "maximum"}:
        return no
    if "enum" in constraints:
        proved.append(cell.is_in(list(constraints["enum"])))
    if "pattern" in constraints:
        pattern = str(constraints["pattern"])
        if not PLAIN_PATTERN.fullmatch(pattern):
            return no
        proved.append(cell.str.contains(rf"\A(?:{pattern})\z"))
    if "minLength" in constraints:
        proved.append(cell.str.len_chars() >= int(constraints["minLength"]))
    if "maxLength" in constraints:
        proved.append(cell.str.len_chars() <= int(constraints["maxLength"]))
    if column.codes:
        proved.append(cell.is_in(lists.named(column.codes).codes))
    if column.is_iri:
        proved.append(cell.str.contains(_ADDRESS) & ~_in_a_list(cell))
    if column.partial_date:
        proved.append(cell.str.contains(_PARTIAL))
    if column.is_free_text:
        proved.append(~cell.str.contains(_UNFIT))
    whole = pl.all_horizontal(proved).fill_null(value=False) if proved else pl.lit(value=True)
    return pl.when(cell.is_null()).then(not constraints.get("required", False)).otherwise(whole)


def _in_a_list(cell: pl.Expr) -> pl.Expr:
    """Whether an address stands in the namespace of a list of codes, so that its code is still to be looked up."""
    return pl.any_horizontal(cell.str.starts_with(found.namespace) for found in lists.all_lists())


def _whole(constraints: Mapping[str, Any], name: str) -> list[int]:
    return [int(constraints[name])] if name in constraints else []


Rows = NDArray[np.int64]  # numbers of rows, from 0, increasing
Judged = Mapping[str, schema.Table]  # tables by name
Columns = Mapping[str, Sequence[str]]  # by table, the columns that the judge gets
Doubted = dict[str, dict[str, Rows]]  # by table and column, the rows whose cell is not proved


class Search(Protocol):
    """How whole tables are searched: on one machine, or by many. It finds rows, and decides nothing about them."""

    def cells(self, judged: Judged, columns: Columns, progress: Callable[[int], object]) -> Doubted:
        """By table and column, the numbers of the rows whose cell is not proved (see `unproved`)."""

    def repeated(self, keys: Sequence[KeyAsked]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """For each key, the rows whose cells in its columns another row has too, and those in which all are empty."""

    def missing(self, links: Sequence[LinkAsked]) -> list[NDArray[np.int64]]:
        """For each link, the rows that lead to no row: some cell is there, and no row has these cells as its target."""


@dataclass(frozen=True)
class KeyAsked:
    """Columns of a table whose cells, together, no other row should have."""

    table: schema.Table
    columns: tuple[str, ...]


@dataclass(frozen=True)
class LinkAsked:
    """Columns of a table, and those of the table to which they lead. The rows `bad` of that table do not count."""

    table: schema.Table
    columns: tuple[str, ...]
    other: schema.Table
    targets: tuple[str, ...]
    bad: NDArray[np.int64]


def screen(
    tables: Tables,
    judged: Mapping[str, schema.Table],
    columns: Mapping[str, Sequence[str]],
    unread: frozenset[str],
    progress: Callable[[int], object] = ignore,
    search: Search | None = None,
) -> dict[str, Screened]:
    """The suspects of every table.

    columns: by table, the columns that the judge gets.
    unread: the tables whose file could not be read; links to them are not checked.
    progress: is given the rows done so far.
    search: how the tables are searched; by default on this machine.
    """
    search = search or Here(tables)
    doubted = search.cells(judged, columns, progress)
    reasons = {name: dict(found) for name, found in doubted.items()}
    keys: list[tuple[str, KeyAsked]] = []
    for name, table in judged.items():
        unique = [c for c in columns[name] if _constraints(table)[c].get("unique")]
        own = [(KEY, KeyAsked(table, table.key))] if set(table.key) <= set(columns[name]) else []
        for reason, key in [*own, *((f"{KEY} {c}", KeyAsked(table, (c,))) for c in unique)]:
            if _can_be_compared(table, key.columns, doubted[name]):
                keys.append((reason, key))
            else:  # the judge may find cells equal that are not equal as texts
                reasons[name][reason] = np.arange(tables.height(name))
    for (reason, key), (twice, empty) in zip(keys, search.repeated([key for _, key in keys]), strict=True):
        found = np.union1d(twice, empty) if reason == KEY else np.setdiff1d(twice, empty)
        reasons[key.table.name][reason] = found
    links: list[tuple[str, LinkAsked]] = []
    for name, table in judged.items():
        for link in table.links:
            if set(link.columns) <= set(columns[name]) and link.table not in unread:
                reason = f"{link.table} {' '.join((*link.targets, *link.columns))}"
                bad = union(doubted[link.table][c] for c in link.targets if c in doubted.get(link.table, ()))
                other = judged.get(link.table)
                same = other is not None and _alike(table, link.columns, other, link.targets)
                if same and other is not None:
                    links.append((reason, LinkAsked(table, link.columns, other, link.targets, bad)))
                else:
                    reasons[name][reason] = _filled(tables, table, link.columns)
    for (reason, each), rows in zip(links, search.missing([link for _, link in links]), strict=True):
        reasons[each.table.name][reason] = rows
    return {
        name: Screened(tables.height(name), {r: rows for r, rows in found.items() if len(rows)})
        for name, found in reasons.items()
    }


@dataclass(frozen=True)
class Here:
    """Searches tables on this machine."""

    tables: Tables

    def cells(self, judged: Judged, columns: Columns, progress: Callable[[int], object]) -> Doubted:
        """Each table in turn, a batch at a time."""
        found, done = {}, 0
        for name, table in judged.items():
            found[name] = unproved(self.tables, table, columns[name], after(done, progress))
            done += self.tables.height(name)
        return found

    def repeated(self, keys: Sequence[KeyAsked]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Each key in turn, its columns whole."""
        return [self._repeated(key) for key in keys]

    def _repeated(self, asked: KeyAsked) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if self.tables.height(asked.table.name) == 0:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        keys = _keys(self.tables, asked.table, asked.columns)
        whole = pl.struct(pl.all()) if len(asked.columns) > 1 else pl.col("k0")
        twice = keys.select(whole.is_duplicated())
        empty = keys.select(pl.all_horizontal(pl.all().is_null()))
        return np.flatnonzero(twice.to_series().to_numpy()), np.flatnonzero(empty.to_series().to_numpy())

    def missing(self, links: Sequence[LinkAsked]) -> list[NDArray[np.int64]]:
        """Each link in turn, its columns whole."""
        return [self._missing(link) for link in links]

    def _missing(self, link: LinkAsked) -> NDArray[np.int64]:
        if self.tables.height(link.table.name) == 0:
            return np.empty(0, np.int64)
        children = _keys(self.tables, link.table, link.columns).with_row_index("_child")
        asked = children.filter(~pl.all_horizontal(pl.exclude("_child").is_null()))
        parents = _keys(self.tables, link.other, link.targets)
        if len(link.bad):
            parents = (
                parents.with_row_index("_parent").filter(~pl.col("_parent").is_in(link.bad.tolist())).drop("_parent")
            )
        names = [f"k{number}" for number in range(len(link.columns))]
        found = asked.join(parents, on=names, how="anti", maintain_order="left")
        return found["_child"].cast(pl.Int64).to_numpy()


def _constraints(table: schema.Table) -> dict[str, dict[str, Any]]:
    return {field["name"]: field.get("constraints", {}) for field in table.descriptor["fields"]}


def unproved(
    tables: Tables, table: schema.Table, columns: Sequence[str], progress: Callable[[int], object]
) -> dict[str, NDArray[np.int64]]:
    """By column, the numbers of the rows whose cell is not proved."""
    constraints = _constraints(table)
    known = {name: table.column(name) for name in columns}
    found: dict[str, list[NDArray[np.int64]]] = {name: [] for name in columns}
    first = 0
    for batch in tables.batches(table.name, columns):
        proofs = [proof(c, constraints[n]).alias(n) for n, c in known.items() if c is not None]
        proved = batch.select(proofs)
        for name in columns:
            rows = _false(proved[name], batch.height)
            if len(rows) and (column := known[name]) is not None and column.is_iri:
                rows = rows[_not_addresses(batch[name], rows)] if not constraints[name].keys() - {"required"} else rows
            if len(rows):
                found[name].append(rows + first)
        first += batch.height
        progress(first)
    return {name: union(parts) for name, parts in found.items()}


def _false(proved: pl.Series, height: int) -> NDArray[np.int64]:
    mask = proved.to_numpy() if len(proved) == height else np.full(height, bool(proved[0]))
    return np.flatnonzero(~mask.astype(bool))


def _not_addresses(cells: pl.Series, rows: NDArray[np.int64]) -> Mask:
    """Which of these rows have a cell that is empty or no address as it should be. Each address is checked once."""
    asked = cells[rows]
    fine = [a for a in asked.unique().to_list() if a is not None and not lexical.address_fault(a)]
    return ~asked.is_in(fine).fill_null(value=False).to_numpy()


def _keys(tables: Tables, table: schema.Table, names: Sequence[str]) -> pl.DataFrame:
    """Cells of a key as the judge compares them: texts as they are, whole numbers by value."""
    whole = {c.name for c in table.columns if c.type == "integer"}
    casts = [
        (pl.col(name).cast(pl.Int64, strict=False) if name in whole else pl.col(name)).alias(f"k{number}")
        for number, name in enumerate(names)
    ]
    return tables.columns(table.name, names).select(casts)


def _textual(table: schema.Table, names: Sequence[str]) -> bool:
    """Whether the judge compares cells of these columns as texts."""
    return all((c := table.column(n)) is not None and c.type == "string" for n in names)


def _comparable(table: schema.Table, names: Sequence[str]) -> bool:
    """Whether cells of these columns, once proved, can be compared here as the judge compares them."""
    return all((c := table.column(n)) is not None and c.type in ("string", "integer") for n in names)


def _can_be_compared(table: schema.Table, names: Sequence[str], bad: Mapping[str, NDArray[np.int64]]) -> bool:
    """Whether the judge finds cells of these columns equal only if they are so here.

    If a cell is not proved, the judge may still read a number or a date in it and find it equal to another.
    """
    return _comparable(table, names) and (_textual(table, names) or not any(len(bad[n]) for n in names))


def _alike(table: schema.Table, names: Sequence[str], other: schema.Table, targets: Sequence[str]) -> bool:
    """Whether cells of a link, once proved, can be compared here with those that it leads to."""
    kinds = [(table.column(n), other.column(t)) for n, t in zip(names, targets, strict=True)]
    return (
        _comparable(table, names)
        and _comparable(other, targets)
        and all(one is not None and two is not None and one.type == two.type for one, two in kinds)
    )


def _filled(tables: Tables, table: schema.Table, names: Sequence[str]) -> NDArray[np.int64]:
    """The rows in which some cell of these columns is there."""
    if tables.height(table.name) == 0:
        return np.empty(0, np.int64)
    cells = tables.columns(table.name, names)
    return np.flatnonzero(~cells.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy())


def context(
    tables: Tables,
    judged: Mapping[str, schema.Table],
    columns: Mapping[str, Sequence[str]],
    rows: Mapping[str, NDArray[np.int64]],
) -> dict[str, NDArray[np.int64]]:
    """By table, the rows to which the links of these rows lead; the judge needs them to check the links."""
    wanted: dict[str, list[NDArray[np.int64]]] = {}
    for name, numbers in rows.items():
        for link in judged[name].links:
            if len(numbers) == 0 or link.table not in judged or not set(link.columns) <= set(columns[name]):
                continue
            if not (_textual(judged[name], link.columns) and _textual(judged[link.table], link.targets)):
                wanted.setdefault(link.table, []).append(
                    np.arange(tables.height(link.table))
                )  # equal by value, not text
                continue
            asked = _keys(tables, judged[name], link.columns)[numbers].unique()
            parents = _keys(tables, judged[link.table], link.targets).with_row_index("_parent")
            names = [f"k{number}" for number in range(len(link.columns))]
            found = parents.join(asked, on=names, how="semi", nulls_equal=True, maintain_order="left")
            wanted.setdefault(link.table, []).append(found["_parent"].cast(pl.Int64).to_numpy())
    return {name: union(parts) for name, parts in wanted.items()}
