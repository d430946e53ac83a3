"""The screen of tables: it proves, a column at a time, which rows meet their Table Schema. The others are suspects.

A row is proved if each of its cells is proved by itself, no other row has its key, and its links lead to proved keys.
A constraint that is not known here makes every row of its table a suspect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


def screen(
    tables: Tables,
    judged: Mapping[str, schema.Table],
    columns: Mapping[str, Sequence[str]],
    unread: frozenset[str],
    progress: Callable[[int], object] = ignore,
) -> dict[str, Screened]:
    """The suspects of every table.

    columns: by table, the columns that the judge gets.
    unread: the tables whose file could not be read; links to them are not checked.
    progress: is given the rows done so far.
    """
    doubted: dict[str, dict[str, NDArray[np.int64]]] = {}
    done = 0
    for name, table in judged.items():
        doubted[name] = _cells(tables, table, columns[name], after(done, progress))
        done += tables.height(name)
    reasons = {name: dict(found) for name, found in doubted.items()}
    for name, table in judged.items():
        unique = [c for c in columns[name] if _constraints(table)[c].get("unique")]
        cells = doubted[name]
        if set(table.key) <= set(columns[name]):
            reasons[name][KEY] = _twice(tables, table, table.key, cells)
        for column in unique:
            reasons[name][f"{KEY} {column}"] = _twice(tables, table, (column,), cells, skip_empty=True)
    for name, table in judged.items():
        for link in table.links:
            if set(link.columns) <= set(columns[name]) and link.table not in unread:
                keys = [doubted[link.table][c] for c in link.targets if c in doubted.get(link.table, ())]
                found = _broken(tables, judged, table, link, union(keys))
                reasons[name][f"{link.table} {' '.join((*link.targets, *link.columns))}"] = found
    return {
        name: Screened(tables.height(name), {r: rows for r, rows in found.items() if len(rows)})
        for name, found in reasons.items()
    }


def _constraints(table: schema.Table) -> dict[str, dict[str, Any]]:
    return {field["name"]: field.get("constraints", {}) for field in table.descriptor["fields"]}


def _cells(
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


def _twice(
    tables: Tables,
    table: schema.Table,
    names: Sequence[str],
    bad: Mapping[str, NDArray[np.int64]],
    *,
    skip_empty: bool = False,
) -> NDArray[np.int64]:
    """The rows whose key another row has too, and the rows without a key.

    If a cell is not proved, the judge may still read a number or a date in it and find it equal to another; then all
    rows are suspects.
    """
    height = tables.height(table.name)
    text = _textual(table, names)
    if height == 0:
        return np.empty(0, np.int64)
    if not _comparable(table, names) or (not text and any(len(bad[n]) for n in names)):
        return np.arange(height)
    keys = _keys(tables, table, names)
    twice = keys.select(pl.struct(pl.all()).is_duplicated() if len(names) > 1 else pl.col("k0").is_duplicated())
    mask = twice.to_series().to_numpy()
    empty = keys.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
    mask = mask & ~empty if skip_empty else mask | empty
    return np.flatnonzero(mask)


def _broken(
    tables: Tables,
    judged: Mapping[str, schema.Table],
    table: schema.Table,
    link: schema.ForeignKey,
    bad: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The rows whose link does not lead to a proved key. `bad` are the rows of the other table that are not proved."""
    if tables.height(table.name) == 0:
        return np.empty(0, np.int64)
    children = _keys(tables, table, link.columns).with_row_index("_child")
    asked = children.filter(~pl.all_horizontal(pl.exclude("_child").is_null()))
    if link.table not in judged or not (
        _comparable(table, link.columns) and _comparable(judged[link.table], link.targets)
    ):
        return asked["_child"].cast(pl.Int64).to_numpy()
    parents = _keys(tables, judged[link.table], link.targets)
    if len(bad):
        parents = parents.with_row_index("_parent").filter(~pl.col("_parent").is_in(bad.tolist())).drop("_parent")
    names = [f"k{number}" for number in range(len(link.columns))]
    if [children[n].dtype for n in names] != [parents[n].dtype for n in names]:
        return asked["_child"].cast(pl.Int64).to_numpy()
    missing = asked.join(parents, on=names, how="anti", maintain_order="left")
    return missing["_child"].cast(pl.Int64).to_numpy()


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
