"""Every column has its place: those that a mapping names and a sheet lacks, and those that go nowhere, are found."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from openproposals.findings import Finding, Location
from openproposals.importing import joining, values
from openproposals.importing.mapping import MAPPING, CellRule, CorpusMapping, RowsRule
from openproposals.importing.sheets import Sheet
from openproposals.messages import Translated
from openproposals.model import schema


def with_same(mapping: CorpusMapping, sheets: Mapping[str, Sheet]) -> CorpusMapping:
    """The mapping with a rule for each column that is called as the table's, where the mapping says so."""
    rows = []
    for rule in mapping.rows:
        cells = dict(rule.cells)
        if (rule.table, rule.sheet) in mapping.same and rule.sheet in sheets:
            used = {*values.columns_of([*rule.cells.values(), *rule.links.values()]), *mapping.unused}
            declared, own = schema.tables()[rule.table], schema.tables(mapping.spoken)[rule.table]
            for name in sheets[rule.sheet].own:
                column = declared.named(name, mapping.spoken)
                written = declared.written(column)
                known = own.column(column) or (written and written.localised == "printed")
                if known and column not in cells and name not in used:
                    cells[column] = CellRule(f"{rule.path}.same", name)
        rows.append(replace(rule, cells=cells))
    return replace(mapping, rows=tuple(rows))


def _read_by(rule: RowsRule) -> list[CellRule]:
    words = [each for each in (rule.quote, rule.text, rule.text_file) if each]
    return [*rule.cells.values(), *rule.links.values(), *words]


def absent(mapping: CorpusMapping, sheets: Mapping[str, Sheet]) -> Iterator[Finding]:
    """A finding for each column that the mapping names and its sheet lacks."""
    for rule in mapping.rows:
        sheet = sheets.get(rule.sheet)
        if sheet is None or not sheet.understood or not sheet.columns:  # records that are none have no columns
            continue
        asked = [CellRule(f"{rule.path}.where.{name}", name) for name in rule.where]
        for cell in [*_leaves(_read_by(rule)), *asked]:
            for name in (n for n in values.columns_of([replace(cell, fields={})]) if n not in sheet.columns):
                known = {each.casefold(): each for each in reversed(sheet.columns)}
                near = difflib.get_close_matches(name.casefold(), known, 1)
                said = f": {known[near[0]]}" if near else ""
                facts = {"sheet": rule.sheet, "known": ", ".join(sheet.columns), "near": said}
                yield Finding(Location(MAPPING, name=cell.path), "mapped-column-missing", name, facts)
    for rule in mapping.rows:
        for key in (k for k in schema.tables()[rule.table].key if k != "id" and k not in rule.cells):
            column = schema.tables()[rule.table].column(key)
            facts_ = {"expected": Translated(column.description)} if column else {}
            yield Finding(Location(MAPPING, name=f"{rule.path}.{key}"), "mapping-key-missing", key, facts_)
    everywhere = {name for sheet in sheets.values() for name in sheet.columns}
    if all(sheet.understood for sheet in sheets.values()):
        for name in (n for n in mapping.unused if n not in everywhere):
            yield Finding(Location(MAPPING, name="unused"), "unused-column-missing", name)


def _inner(mapping: CorpusMapping, name: str, columns: Sequence[str]) -> set[str]:
    """The columns of a sheet of JSON whose records are the rows of another sheet."""
    own = mapping.sheets[name]
    before = f"{own.records}/" if own.records else ""
    others = [other.records for other in mapping.sheets.values() if other.file == own.file and other is not own]
    paths = [path.removeprefix(before) for path in others if path.startswith(before)]
    within = tuple(f"{path}/" for path in paths if path)
    return {c for c in columns if c in paths or c.startswith(within)} | {path.partition("/")[0] for path in paths}


def present(mapping: CorpusMapping, sheets: Mapping[str, Sheet]) -> CorpusMapping:
    """The mapping without the cells whose column a sheet lacks, and without rows that would lose their id so."""
    rows = []
    for rule in mapping.rows:
        names = set(sheets[rule.sheet].columns) if rule.sheet in sheets else set()
        whole = {name: cell for name, cell in rule.cells.items() if {*cell.columns()} <= names}
        links = {name: cell for name, cell in rule.links.items() if {*cell.columns()} <= names}
        quote, text, file = (
            c if c and {*c.columns()} <= names else None for c in (rule.quote, rule.text, rule.text_file)
        )
        where = {name: texts for name, texts in rule.where.items() if name in names}
        known = {*schema.tables()[rule.table].key} - {"id"} <= whole.keys()  # a row of links needs both its ends
        if whole and known and ("id" in whole or "id" not in rule.cells):
            rows.append(replace(rule, cells=whole, links=links, quote=quote, text=text, text_file=file, where=where))
    return replace(mapping, rows=tuple(rows))


def _leaves(rules: Sequence[CellRule]) -> Iterator[CellRule]:
    for rule in rules:
        yield rule
        yield from _leaves(list(rule.fields.values()))


def unplaced(mapping: CorpusMapping, sheets: Mapping[str, Sheet]) -> Iterator[Finding]:
    """One finding for each sheet with columns that go nowhere and are not named as unused."""
    for name, sheet in sheets.items():
        own = [rule for rule in mapping.rows if rule.sheet == name]
        used = set(values.columns_of([each for rule in own for each in _read_by(rule)])).union(*(r.where for r in own))
        used |= joining.used(mapping, name)
        beside = next((f"{s.join.sheet}/" for n, s in mapping.sheets.items() if n == name and s.join), "\x00")
        used |= _inner(mapping, name, sheet.own)
        left = [c for c in sheet.own if c not in used and c not in mapping.unused and not c.startswith(beside)]
        if left and sheet.understood:
            facts = {"columns": ", ".join(left), "toml": json.dumps(left, ensure_ascii=False), "sheet": name}
            place = Location(sheet.understood[0].place, sheet.understood[0].header)
            yield Finding(place, "columns-without-a-place", left[0], {**facts, "count": str(len(left))})
