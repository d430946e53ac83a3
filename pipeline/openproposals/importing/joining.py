"""Sheets beside each other: the columns of one are added to another, row by row, by a key that both have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from openproposals.importing import values
from openproposals.importing.mapping import CellRule, CorpusMapping, holes
from openproposals.importing.sheets import Sheet
from openproposals.model.tables import ORIGIN


def joined(mapping: CorpusMapping, sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """The sheets, each with the columns of the sheet that it is joined with, as `sheet/column`."""
    found = dict(sheets)
    for name, source in mapping.sheets.items():
        join = source.join
        if join is None or not (sheets[name].understood and sheets[join.sheet].understood):
            continue
        own, other = sheets[name], sheets[join.sheet]
        needed = [(own, join.own), (other, join.other)]
        if any(set(holes(column) or [column]) - {*sheet.columns} for sheet, column in needed):
            continue  # the columns named from there are missing, which is found
        key = values.key(own, CellRule("", join.own)).alias("\x00key")
        added = [column for column in other.own if column not in (holes(join.other) or [join.other])]
        beside = other.cells.select(pl.col(column).alias(f"{join.sheet}/{column}") for column in added)
        beside = beside.with_columns(values.key(other, CellRule("", join.other)).alias("\x00key"))
        beside = beside.drop_nulls("\x00key").unique("\x00key", keep="first", maintain_order=True)
        whole = own.cells.with_columns(key).join(beside, on="\x00key", how="left", maintain_order="left")
        order = [*own.columns, *(f"{join.sheet}/{column}" for column in added), *ORIGIN]
        found[name] = replace(own, cells=whole.select(order))
    return found


def used(mapping: CorpusMapping, name: str) -> set[str]:
    """The columns of a sheet that joins read: its keys, and what stands beside another sheet, where it is placed."""
    keys: set[str] = set()
    for own, source in mapping.sheets.items():
        if source.join and own == name:
            keys |= set(holes(source.join.own) or [source.join.own])
        if source.join and source.join.sheet == name:
            keys |= set(holes(source.join.other) or [source.join.other])
            read = {c for rule in mapping.rows if rule.sheet == own for c in values.columns_of([*rule.cells.values()])}
            keys |= {column.removeprefix(f"{name}/") for column in read if column.startswith(f"{name}/")}
            keys |= {column.removeprefix(f"{name}/") for column in mapping.unused}
    return keys
