"""What stands in a cell of a table: a text, or the id of a row to which the publisher's cell refers.

In: the state of the making, a rule and a sheet. Out: a column; a list in each row where a cell names several.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from openproposals.findings import Finding
from openproposals.importing import values
from openproposals.importing.identity import PARTS
from openproposals.importing.made_tables import TableMaking
from openproposals.importing.mapping import CellRule, CorpusMapping, RowsRule, target
from openproposals.importing.sheets import LIST, Sheet, shown_few
from openproposals.model import schema

_SHOWN = 5  # places in a sentence, or one more than are shown


def cell_of(
    making: TableMaking, table: str, name: str, rule: CellRule, sheet: Sheet, around: CellRule | None = None
) -> pl.Series:
    """A column of a table, from a sheet."""
    if target(table, name):
        found = reference(making, table, name, rule, sheet)
        is_one = around is None and schema.tables()[table].key == ("id",)
        return _first(making, rule, sheet, found) if is_one else found
    column = column_of(table, name, making.mapping)
    if name == "maps_to" and rule.values:
        found = values.mapped(sheet, rule, values.key(sheet, rule), making.findings)
        return pl.select(pl.when(found.is_in([*rule.values.values()])).then(found).alias("_")).to_series()
    decimal = making.mapping.sheets[making.name_of(sheet)].decimal
    if around is not None and around.split and rule.column:
        items = values.several(values.key(sheet, rule), replace(rule, split=around.split))
        return values.mapped(sheet, rule, items, making.findings) if rule.values else items
    return values.read(sheet, rule, column, decimal, making.findings)


def reference(making: TableMaking, table: str, name: str, cell: CellRule, sheet: Sheet) -> pl.Series:
    """The ids to which a column's cells refer; a list where a cell names several."""
    referred = target(table, name)
    assert referred
    fields = fields_of(making, referred, cell)
    if fields:
        keys = key_of(making, sheet, cell, fields, referred)
    else:
        keys = values.key(sheet, cell)
        keys = values.several(keys, cell) if cell.split or values.is_listed(keys) else keys
        keys = values.mapped(sheet, cell, keys, making.findings) if cell.values else keys
    given = making.ids.current.get(referred, {})
    if keys.dtype == pl.String:
        return replaced(keys, given)
    return keys.list.eval(pl.element().replace(given)) if given else keys


def fields_of(making: TableMaking, referred: str | None, cell: CellRule) -> Mapping[str, CellRule]:
    """What is said of the row to which a cell refers; a code has the cell for its label."""
    if referred is None or cell.fields or not cell.column or not schema.tables()[referred].column("maps_to"):
        return {} if referred is None else cell.fields
    if any(rule.table == referred for rule in making.mapping.rows):
        return {}
    plain = replace(cell, split="", default="")
    label = {f"label_{making.mapping.spoken.main}": replace(plain, values={})}
    return label | ({"maps_to": plain} if cell.values else {})


def key_of(
    making: TableMaking, sheet: Sheet, cell: CellRule, fields: Mapping[str, CellRule], referred: str
) -> pl.Series:
    """The key of the row to which each cell refers: its id, else all its own cells together; a list if divided."""
    split = cell.split or next((rule.split for rule in fields.values() if rule.split), "")
    if "id" in fields:
        own = [fields["id"]]
    else:
        beside = ("maps_to", "text", "text_file")
        named = [rule for name, rule in fields.items() if not target(referred, name) and name not in beside]
        own = [rule for rule in named if rule.column or len(named) == 1]
    parts = [values.key(sheet, rule) for rule in own]
    listed = bool(split) or any(map(values.is_listed, parts))
    if listed:
        parts = [values.several(part, replace(cell, split=split)) for part in parts]
    if "id" in fields and fields["id"].values:
        parts = [values.mapped(sheet, fields["id"], parts[0], making.findings)]
    if listed:
        return _together(parts)
    frame = pl.DataFrame({str(n): part for n, part in enumerate(parts)})
    whole = pl.concat_str(pl.all(), separator=PARTS, ignore_nulls=True)
    silent = pl.all_horizontal(pl.all().is_null())
    return frame.select(pl.when(silent).then(None).otherwise(whole).alias("_")).to_series()


def _together(parts: Sequence[pl.Series]) -> pl.Series:
    """Lists of keys of lists of their parts: the first of each part makes the first key."""
    if len(parts) == 1:
        return parts[0]
    listed = [part.to_list() for part in parts]
    rows = [itertools.zip_longest(*(items or [] for items in row), fillvalue="") for row in zip(*listed, strict=True)]
    keys = [[PARTS.join(filter(None, items)) for items in row] for row in rows]
    return pl.Series("_", [each or None for each in keys], dtype=pl.List(pl.String))


def first_of(found: pl.Series) -> pl.Series:
    """The first of the ids in each cell, where a column names several."""
    return found.list.first() if found.dtype == pl.List else found


def _first(making: TableMaking, rule: CellRule, sheet: Sheet, found: pl.Series) -> pl.Series:
    """The first of the ids in each cell; a finding about cells that name more, where a row has one."""
    if found.dtype == pl.List:
        rows = (found.list.len() > 1).fill_null(value=False).arg_true()
        if len(rows):
            column = next(rule.columns(), "")
            places = [str(sheet.location(row, column)) for row in rows[:_SHOWN]]
            facts = {"places": shown_few(places), "count": str(len(rows)), "key": rule.path}
            cell = str(sheet.cells[column][rows[0]]).replace(LIST, ", ")
            making.findings.append(Finding(sheet.location(rows[0], column), "cells-of-several", cell, facts))
    return first_of(found)


def referring(rule: RowsRule) -> list[str]:
    """The columns by which a row without an id is known: those whose change would make it another, and which refer."""
    columns = schema.tables()[rule.table].columns
    return [c.name for c in columns if c.meaning and c.name in rule.cells and target(rule.table, c.name)]


def column_of(table: str, name: str, mapping: CorpusMapping) -> schema.Column:
    """What is declared of a column, whichever language its name ends with."""
    own = schema.tables(mapping.spoken)[table].column(name)
    declared = own or schema.tables()[table].written(name) or schema.tables()[table].column(f"{name}_*")
    assert declared
    return declared


def replaced(found: pl.Series, meanings: Mapping[str, str]) -> pl.Series:
    """A column with each cell as what it stands for; one that stands for itself stays."""
    changed = {key: value for key, value in meanings.items() if key != value}
    return found.replace(changed) if changed else found
