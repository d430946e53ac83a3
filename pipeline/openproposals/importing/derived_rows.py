"""Rows of other tables that cells of a sheet make: themes of a column of topics, agents of a column of parties.

In: the state of the making, and the rule of a cell that says what the row to which it refers holds. Out: parts of the
other table, one row for each distinct key; a finding where two rows say different things of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from openproposals.findings import Finding
from openproposals.importing import values
from openproposals.importing.cell_references import cell_of, fields_of, key_of, replaced
from openproposals.importing.made_tables import MadePart, TableMaking
from openproposals.importing.mapping import CellRule, RowsRule, target
from openproposals.importing.sheets import LIST
from openproposals.model.tables import ORIGIN

# What is true of a row of which the mapping says nothing else; of an agent it is the likelier of the two kinds.
_UNSAID = {
    ("agents", "kind"): "Organization",
    ("sources", "trace_status"): "not-attempted",
    ("statistics", "citation_status"): "not-recorded",
}
_NAMES = 20  # names in a sentence


def derive(making: TableMaking, table: str, name: str, cell: CellRule, of: RowsRule) -> None:
    """Make the rows of another table to which a cell refers, where the mapping says what they hold."""
    referred = target(table, name)
    fields = fields_of(making, referred, cell)
    if referred is None or not fields:
        return
    for inner, rule in fields.items():
        derive(making, referred, inner, rule, of)
    sheet = making.sheet(of)
    keys = key_of(making, sheet, cell, fields, referred)
    words = {inner: rule for inner, rule in fields.items() if inner in ("text", "text_file")}
    columns = {inner: rule for inner, rule in fields.items() if inner != "id" and inner not in words}
    sign = cell.split or next((rule.split for rule in fields.values() if rule.split), LIST)
    around = replace(cell, split=sign if keys.dtype == pl.List else "")
    made = {inner: cell_of(making, referred, inner, rule, sheet, around) for inner, rule in columns.items()}
    said = {f"_{inner}": values.text(sheet, rule) for inner, rule in words.items()}
    frame = pl.DataFrame({"_key": keys, **made, **said, **{name: sheet.cells[name] for name in ORIGIN}})
    if keys.dtype == pl.List:
        frame = frame.drop_nulls("_key")
        lists = [name for name in frame.columns if frame[name].dtype == pl.List]
        counted, none = pl.int_ranges(0, pl.col("_key").list.len()), pl.lit([], dtype=pl.List(pl.String))
        beside = [pl.col(n).fill_null(none).list.gather(counted, null_on_oob=True) for n in lists if n != "_key"]
        frame = frame.with_columns(beside).explode(lists)
    frame = frame.drop_nulls("_key")
    _differing(making, frame, columns, referred)
    first = frame.unique("_key", keep="first", maintain_order=True)
    present = making.ids.current.get(referred, {})
    by_label = "id" not in fields
    if by_label:
        _alike(making, first, next((rule.column for rule in columns.values() if rule.column), ""), referred)
    fresh = first.filter(~pl.col("_key").is_in([*present]))
    given = making.ids.give(referred, dict.fromkeys(first["_key"], ""), by_label=by_label)
    if fresh.is_empty():
        return
    rows = fresh.with_columns(id=replaced(fresh["_key"], given)).drop("_key")
    inside = rows.select(pl.col(name).alias(name[1:]) for name in said) if said else pl.DataFrame()
    rows = with_unsaid(referred, rows.drop(list(said)))
    places = {inner: rule.column for inner, rule in fields.items() if rule.column}
    making.add(MadePart(referred, of.sheet, rows, places, inside))


def _differing(making: TableMaking, frame: pl.DataFrame, columns: Mapping[str, CellRule], table: str) -> None:
    """A finding for each key of which two rows say different things: the first is taken."""
    if not columns:
        return
    unlike = frame.group_by("_key", maintain_order=True).agg(pl.col([*columns]).drop_nulls().n_unique())
    for name, rule in columns.items():
        for key in unlike.filter(pl.col(name) > 1)["_key"][:_NAMES]:
            rows = frame.filter((pl.col("_key") == key) & pl.col(name).is_not_null())
            first = rows[name][0]
            other = rows.filter(pl.col(name) != first).row(0, named=True)
            place = making.place(other["_file"], other["_row"], rule.column)
            facts = {"first": str(first), "key": str(key), "table": table}
            making.findings.append(Finding(place, "values-differ", str(other[name]), facts))


def _alike(making: TableMaking, first: pl.DataFrame, column: str, table: str) -> None:
    """A finding for each name that differs from an earlier one in capitals, accents, spaces or signs alone."""
    plain = pl.col("_key").str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    told = first.with_columns(_plain=plain.str.replace_all(r"[\W_]+", " ").str.strip_chars())
    told = told.with_columns(_first=pl.col("_key").first().over("_plain")).filter(pl.col("_plain") != "")
    for row in told.filter(pl.col("_key") != pl.col("_first")).head(_NAMES).iter_rows(named=True):
        facts = {"other": str(row["_first"]), "table": table}
        place = making.place(row["_file"], row["_row"], column)
        making.findings.append(Finding(place, "labels-alike", str(row["_key"]), facts))


def with_unsaid(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with what is true of them where the mapping says nothing else."""
    told = {column: text for (of, column), text in _UNSAID.items() if of == table and column not in frame.columns}
    return frame.with_columns(pl.lit(text).alias(column) for column, text in told.items()) if told else frame
