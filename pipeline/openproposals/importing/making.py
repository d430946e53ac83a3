"""The tables that a mapping makes of sheets: columns all the way, ids from `identity`, and where each row comes from.

In: a mapping, the sheets by name, and the ids once given. Out: frames with the columns of their tables, in which
`_file` and `_row` say the place in the publisher's files; and findings.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from openproposals.findings import conforms
from openproposals.importing import column_places, values
from openproposals.importing.cell_references import cell_of, reference, referring
from openproposals.importing.derived_rows import derive, with_unsaid
from openproposals.importing.identity import Identities
from openproposals.importing.made_tables import MadePart, MadeTables, TableMaking
from openproposals.importing.mapping import CellRule, CorpusMapping, RowsRule, holes, target
from openproposals.importing.row_ids import identify, said
from openproposals.importing.sheets import Sheet
from openproposals.model import schema
from openproposals.model.tables import ORIGIN


def make(mapping: CorpusMapping, sheets: Mapping[str, Sheet], ids: Identities) -> MadeTables:
    """The tables of a mapping; none where there is a violation. What needs no missing column is judged all the same."""
    mapping = column_places.with_same(mapping, sheets)
    findings = [*column_places.absent(mapping, sheets), *column_places.unplaced(mapping, sheets)]
    making = TableMaking(column_places.present(mapping, sheets), sheets, ids, findings)
    parts = _tables(making)
    findings += making.twice()
    return MadeTables(parts if conforms(findings) else {}, ids, findings)


def _tables(making: TableMaking) -> dict[str, list[MadePart]]:
    """Give ids first, then make the rows: what refers to a row needs its id."""
    rules = [rule for rule in making.mapping.rows if making.sheets[rule.sheet].understood]
    plain = [rule for rule in rules if "id" in rule.cells or not referring(rule)]
    for rule in plain:
        identify(making, rule)
    for rule in rules:
        for name, cell in rule.cells.items():
            derive(making, rule.table, name, cell, rule)
        for link, cell in rule.links.items():
            derive(making, link, schema.tables()[link].columns[1].name, cell, rule)
    for rule in (each for each in rules if each not in plain):
        identify(making, rule)
    for rule in rules:
        _rows(making, rule)
    order = [name for name in schema.tables() if making.parts.get(name)]
    return {name: making.parts[name] for name in order}


def _rows(making: TableMaking, rule: RowsRule) -> None:
    """Make the rows of a rule, and those of the tables that link to it."""
    sheet = making.sheet(rule)
    columns = {
        name: cell_of(making, rule.table, name, cell, sheet) for name, cell in rule.cells.items() if name != "id"
    }
    table = schema.tables()[rule.table]
    if table.key == ("id",):
        columns = {"id": making.keys[rule.path], **columns}
    words = {n: c for n, c in (("quote", rule.quote), ("text", rule.text), ("text_file", rule.text_file)) if c}
    frame = pl.DataFrame({**columns, **{f"_{n}": values.text(sheet, c) for n, c in words.items()}})
    frame = frame.with_columns(_file=sheet.cells["_file"], _row=sheet.cells["_row"])
    for name in [c for c in columns if frame[c].dtype == pl.List]:
        frame = frame.explode(name)
    keep = said(making, rule, sheet) if table.key == ("id",) else None
    if keep is not None:
        frame = frame.filter(keep & pl.Series(frame["id"]).is_not_null()) if len(keep) == frame.height else frame
    else:
        frame = frame.drop_nulls(list(table.key)).unique(list(table.key), keep="first", maintain_order=True)
    inside = frame.select(**{n: pl.col(f"_{n}") for n in words}) if words else pl.DataFrame()
    made = with_unsaid(rule.table, frame.drop([f"_{n}" for n in words]))
    places = {name: cell.column for name, cell in rule.cells.items() if cell.column and not holes(cell.column)}
    making.add(MadePart(rule.table, rule.sheet, made, places, inside))
    for link, cell in rule.links.items():
        _link(making, rule, link, cell, sheet)


def _link(making: TableMaking, rule: RowsRule, link: str, cell: CellRule, sheet: Sheet) -> None:
    one, other = (column.name for column in schema.tables()[link].columns[:2])
    found = reference(making, link, other, cell, sheet) if target(link, other) else values.text(sheet, cell)
    if found.dtype == pl.String:
        found = values.several(found, cell)
    frame = pl.DataFrame({one: making.keys[rule.path], other: found, **{name: sheet.cells[name] for name in ORIGIN}})
    frame = frame.explode(other).drop_nulls([one, other]).unique([one, other], keep="first", maintain_order=True)
    making.add(MadePart(link, rule.sheet, frame, {other: cell.column} if cell.column else {}))
