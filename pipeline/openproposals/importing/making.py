"""The tables that a mapping makes of sheets: columns all the way, ids from `identity`, and where each row comes from.

In: a mapping, the sheets by name, and the ids once given. Out: frames with the columns of their tables, in which
`_file` and `_row` say the place in the publisher's files; and findings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from openproposals.findings import Finding, Location, conforms
from openproposals.importing import column_places, values
from openproposals.importing.identity import PARTS, Identities
from openproposals.importing.mapping import CellRule, CorpusMapping, RowsRule, holes, target
from openproposals.importing.sheets import Sheet
from openproposals.model import languages, schema
from openproposals.model.languages import Languages
from openproposals.model.tables import ORIGIN

# What is true of a row of which the mapping says nothing else; of an agent it is the likelier of the two kinds.
UNSAID = {
    ("agents", "kind"): "Organization",
    ("sources", "trace_status"): "not-attempted",
    ("statistics", "citation_status"): "not-recorded",
}
_NAMES = 20  # names in a sentence


@dataclass(frozen=True)
class MadePart:
    """Rows of one table made by one rule: its cells, and the publisher's column of each of the table's columns.

    `words` has columns that are in no table: `quote`, `text`, `text_file`.
    """

    table: str
    sheet: str
    frame: pl.DataFrame
    columns: Mapping[str, str]
    words: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(frozen=True)
class MadeTables:
    """What was made: the parts of each table in order, the ids, and findings."""

    parts: Mapping[str, Sequence[MadePart]]
    ids: Identities
    findings: list[Finding]

    def frame(self, table: str) -> pl.DataFrame:
        """All rows of a table, with the columns in which any row has a cell, and those that it cannot be without."""
        whole = pl.concat([part.frame for part in self.parts[table]], how="diagonal")
        declared = schema.tables()[table]
        filled = {name for name in whole.columns if whole[name].null_count() < whole.height}
        begun = {languages.split(name)[0] for name in filled if declared.written(name)}
        kept = []
        for name in (each for each in whole.columns if each not in ORIGIN):
            column = declared.written(name) or declared.column(name)
            wanted = column and (column.required or (column.localised and languages.split(name)[0] in begun))
            kept += [name] if name in filled or wanted else []
        return whole.select([*kept, *ORIGIN])


def make(mapping: CorpusMapping, sheets: Mapping[str, Sheet], ids: Identities) -> MadeTables:
    """The tables of a mapping; none where there is a violation. What needs no missing column is judged all the same."""
    mapping = column_places.with_same(mapping, sheets)
    findings = [*column_places.absent(mapping, sheets), *column_places.unplaced(mapping, sheets)]
    maker = _Maker(column_places.present(mapping, sheets), sheets, ids, findings)
    parts = maker.tables()
    return MadeTables(parts if conforms(findings) else {}, ids, findings)


@dataclass
class _Maker:
    mapping: CorpusMapping
    sheets: Mapping[str, Sheet]
    ids: Identities
    findings: list[Finding]
    parts: dict[str, list[MadePart]] = field(default_factory=dict)
    keys: dict[str, pl.Series] = field(default_factory=dict)  # the id of each row, by the path of its rule
    narrowed: dict[str, Sheet] = field(default_factory=dict)  # the sheet of a rule that takes some rows only, by path

    def tables(self) -> dict[str, list[MadePart]]:
        """Give ids first, then make the rows: what refers to a row needs its id."""
        rules = [rule for rule in self.mapping.rows if self.sheets[rule.sheet].understood]
        plain = [rule for rule in rules if "id" in rule.cells or not _referring(rule)]
        for rule in plain:
            self._identify(rule)
        for rule in rules:
            for name, cell in rule.cells.items():
                self._derive(rule.table, name, cell, rule)
            for link, cell in rule.links.items():
                self._derive(link, schema.tables()[link].columns[1].name, cell, rule)
        for rule in (each for each in rules if each not in plain):
            self._identify(rule)
        for rule in rules:
            self._rows(rule)
        order = [name for name in schema.tables() if self.parts.get(name)]
        return {name: self.parts[name] for name in order}

    def _sheet(self, rule: RowsRule) -> Sheet:
        """The sheet of a rule, with the rows that it takes."""
        if not rule.where:
            return self.sheets[rule.sheet]
        if rule.path not in self.narrowed:
            whole = self.sheets[rule.sheet]
            asked = [pl.col(name).fill_null("").is_in(list(texts)) for name, texts in rule.where.items()]
            kept = whole.cells.select(pl.all_horizontal(asked).alias("_")).to_series()
            typed = whole.typed.filter(kept) if whole.typed.width else whole.typed
            self.narrowed[rule.path] = replace(whole, cells=whole.cells.filter(kept), typed=typed)
        return self.narrowed[rule.path]

    def _identify(self, rule: RowsRule) -> None:
        """Give each row of a rule its id, where its table has one."""
        if schema.tables()[rule.table].key != ("id",):
            return
        sheet = self._sheet(rule)
        keep = self._said(rule, sheet)
        own = rule.cells.get("id")
        keys = values.key(sheet, own) if own else self._composed(rule, sheet)
        keys = pl.select(pl.when(keep).then(keys).otherwise(None).alias("_")).to_series()
        if own:
            self._twice(rule, sheet, keys)
            self._decimals(own, sheet, keys)
        for row in (keys.is_null() & keep).arg_true():
            self.findings.append(Finding(sheet.location(row, own.column if own else ""), "row-without-key"))
        rest = self._rest(rule, sheet) if own is None else None
        by_label = own is None and not _referring(rule)
        if own is None:
            keys = _numbered(keys, rest)
        pairs = pl.DataFrame({"key": keys, "rest": rest if rest is not None else pl.repeat("", len(keys), eager=True)})
        distinct = pairs.drop_nulls("key").unique("key", keep="first", maintain_order=True)
        given = self.ids.give(rule.table, dict(distinct.rows()), by_label=by_label)
        self.keys[rule.path] = _replaced(keys, given)

    def _composed(self, rule: RowsRule, sheet: Sheet) -> pl.Series:
        """Keys of rows without an id: what they refer to, else their label, else all that they say."""
        referring = _referring(rule)
        if referring:
            parts = [self._reference(rule.table, name, rule.cells[name], sheet) for name in referring]
            return (
                pl.DataFrame({str(n): part for n, part in enumerate(parts)})
                .select(pl.concat_str(pl.all(), separator="-").alias("_"))
                .to_series()
            )
        labels = [name for name in rule.cells if name.startswith(("label_", "title_"))] or list(rule.cells)
        found = [values.key(sheet, rule.cells[name]) for name in labels if not rule.cells[name].fields]
        if not found:
            return pl.repeat(None, sheet.cells.height, dtype=pl.String, eager=True)
        frame = pl.DataFrame({str(n): part for n, part in enumerate(found)})
        return frame.select(pl.coalesce(pl.all()).alias("_")).to_series()

    def _rest(self, rule: RowsRule, sheet: Sheet) -> pl.Series:
        """A digest of all cells of a row that are not its label; "" where it has none."""
        labels = {n for n in rule.cells if n.startswith("label_")}
        names = values.columns_of([cell for name, cell in rule.cells.items() if name not in labels | {"id"}])
        names = [name for name in names if name not in values.columns_of([rule.cells[n] for n in labels])]
        if not names:
            return pl.repeat("", sheet.cells.height, dtype=pl.String, eager=True)
        joined = sheet.cells.select(pl.concat_str(pl.col(names).fill_null(""), separator="\x1e").alias("_")).to_series()
        digests = {text: hashlib.sha256(text.encode()).hexdigest()[:16] for text in joined.unique()}
        digests["\x1e" * (len(names) - 1)] = ""
        return _replaced(joined, digests)

    def _said(self, rule: RowsRule, sheet: Sheet) -> pl.Series:
        """Which rows of a sheet say something of this table: more than whom or what it is about."""
        about = {"id", *_referring(rule)} if len(self._rules_of(rule.sheet)) > 1 and _referring(rule) else set()
        cells = [cell for name, cell in rule.cells.items() if name not in about]
        names = values.columns_of([*cells, *rule.links.values()])
        if not names:
            return pl.repeat(True, sheet.cells.height, eager=True)
        return sheet.cells.select(pl.any_horizontal(pl.col(names).is_not_null()).alias("_")).to_series()

    def _rules_of(self, sheet: str) -> list[RowsRule]:
        return [rule for rule in self.mapping.rows if rule.sheet == sheet]

    def _twice(self, rule: RowsRule, sheet: Sheet, keys: pl.Series) -> None:
        """A finding for each row with an id that another row has."""
        numbered = pl.DataFrame({"key": keys}).with_row_index("row").drop_nulls("key")
        again = numbered.filter(~pl.col("key").is_first_distinct())
        first = dict(
            numbered.filter(pl.col("key").is_first_distinct() & pl.col("key").is_duplicated())
            .select("key", "row")
            .rows()
        )
        column = rule.cells["id"].column
        for row, key in again.rows():
            facts = {"key": column, "other": str(sheet.location(first[key], column))}
            self.findings.append(Finding(sheet.location(row, column), "key-twice", key, facts))

    def _decimals(self, own: CellRule, sheet: Sheet, keys: pl.Series) -> None:
        """A finding where every id is a whole number with .0, as some programs write it."""
        given = keys.drop_nulls()
        if len(given) and given.str.contains(r"^[0-9]+\.0+$").all():
            row = int(keys.is_not_null().arg_max() or 0)
            self.findings.append(Finding(sheet.location(row, own.column), "ids-with-decimals", str(keys[row])))

    def _derive(self, table: str, name: str, cell: CellRule, of: RowsRule) -> None:
        """Make the rows of another table to which a cell refers, where the mapping says what they hold."""
        referred = target(table, name)
        fields = self._fields(referred, cell)
        if referred is None or not fields:
            return
        for inner, rule in fields.items():
            self._derive(referred, inner, rule, of)
        sheet = self._sheet(of)
        keys = self._key_of(sheet, cell, fields, referred)
        words = {inner: rule for inner, rule in fields.items() if inner in ("text", "text_file")}
        columns = {inner: rule for inner, rule in fields.items() if inner != "id" and inner not in words}
        made = {inner: self._cell(referred, inner, rule, sheet, cell) for inner, rule in columns.items()}
        said = {f"_{inner}": values.text(sheet, rule) for inner, rule in words.items()}
        frame = pl.DataFrame({"_key": keys, **made, **said, **{name: sheet.cells[name] for name in ORIGIN}})
        if keys.dtype == pl.List:
            lists = [name for name in frame.columns if frame[name].dtype == pl.List]
            counted = pl.int_ranges(0, pl.col("_key").list.len())
            beside = [pl.col(name).list.gather(counted, null_on_oob=True) for name in lists if name != "_key"]
            frame = frame.with_columns(beside).explode(lists)
        frame = frame.drop_nulls("_key")
        self._differing(frame, columns, referred)
        first = frame.unique("_key", keep="first", maintain_order=True)
        present = self.ids.current.get(referred, {})
        by_label = "id" not in fields
        fresh = first.filter(~pl.col("_key").is_in([*present]))
        given = self.ids.give(referred, dict.fromkeys(first["_key"], ""), by_label=by_label)
        if fresh.is_empty():
            return
        rows = fresh.with_columns(id=_replaced(fresh["_key"], given)).drop("_key")
        inside = rows.select(pl.col(name).alias(name[1:]) for name in said) if said else pl.DataFrame()
        rows = _with_unsaid(referred, rows.drop(list(said)))
        places = {inner: rule.column for inner, rule in fields.items() if rule.column}
        self._add(MadePart(referred, of.sheet, rows, places, inside))

    def _fields(self, referred: str | None, cell: CellRule) -> Mapping[str, CellRule]:
        """What is said of the row to which a cell refers; a code has the cell for its label."""
        if referred is None or cell.fields or not cell.column or not schema.tables()[referred].column("maps_to"):
            return {} if referred is None else cell.fields
        if any(rule.table == referred for rule in self.mapping.rows):
            return {}
        plain = replace(cell, split="", default="")
        label = {f"label_{self.mapping.spoken.main}": replace(plain, values={})}
        return label | ({"maps_to": plain} if cell.values else {})

    def _key_of(self, sheet: Sheet, cell: CellRule, fields: Mapping[str, CellRule], referred: str) -> pl.Series:
        """The key of the row to which each cell refers: its id, else all its own cells together; a list if divided."""
        if "id" in fields:
            keys = values.key(sheet, fields["id"])
            if fields["id"].values:
                keys = values.mapped(sheet, fields["id"], keys, self.findings)
        else:
            beside = ("maps_to", "text", "text_file")
            own = [rule for name, rule in fields.items() if not target(referred, name) and name not in beside]
            parts = [values.key(sheet, rule) for rule in own if rule.column or len(own) == 1]
            frame = pl.DataFrame({str(n): part for n, part in enumerate(parts)})
            whole = pl.concat_str(pl.all(), separator=PARTS, ignore_nulls=True)
            silent = pl.all_horizontal(pl.all().is_null())
            keys = frame.select(pl.when(silent).then(None).otherwise(whole).alias("_")).to_series()
        split = cell.split or next((rule.split for rule in fields.values() if rule.split), "")
        return values.several(keys, replace(cell, split=split)) if split else keys

    def _differing(self, frame: pl.DataFrame, columns: Mapping[str, CellRule], table: str) -> None:
        """A finding for each key of which two rows say different things: the first is taken."""
        if not columns:
            return
        unlike = frame.group_by("_key", maintain_order=True).agg(pl.col([*columns]).drop_nulls().n_unique())
        for name, rule in columns.items():
            for key in unlike.filter(pl.col(name) > 1)["_key"][:_NAMES]:
                rows = frame.filter((pl.col("_key") == key) & pl.col(name).is_not_null())
                first = rows[name][0]
                other = rows.filter(pl.col(name) != first).row(0, named=True)
                place = self._place(other["_file"], other["_row"], rule.column)
                facts = {"first": str(first), "key": str(key), "table": table}
                self.findings.append(Finding(place, "values-differ", str(other[name]), facts))

    def _place(self, file: str, row: int, column: str) -> Location:
        sheet = next(sheet for sheet in self.sheets.values() if file in sheet.headers)
        return Location(file, row, sheet.number(file, column), column)

    def _reference(self, table: str, name: str, cell: CellRule, sheet: Sheet) -> pl.Series:
        """The ids to which a column's cells refer; a list where a cell names several."""
        referred = target(table, name)
        assert referred
        fields = self._fields(referred, cell)
        if fields:
            keys = self._key_of(sheet, cell, fields, referred)
        else:
            keys = values.key(sheet, cell)
            if cell.values:
                keys = values.mapped(sheet, cell, keys, self.findings)
            keys = values.several(keys, cell) if cell.split else keys
        given = self.ids.current.get(referred, {})
        if keys.dtype == pl.String:
            return _replaced(keys, given)
        return keys.list.eval(pl.element().replace(given)) if given else keys

    def _cell(self, table: str, name: str, rule: CellRule, sheet: Sheet, around: CellRule | None = None) -> pl.Series:
        """A column of a table, from a sheet."""
        if target(table, name):
            return self._reference(table, name, rule, sheet)
        column = _column(table, name, self.mapping)
        if name == "maps_to" and rule.values:
            found = values.mapped(sheet, rule, values.key(sheet, rule), self.findings)
            return pl.select(pl.when(found.is_in([*rule.values.values()])).then(found).alias("_")).to_series()
        decimal = self.mapping.sheets[self._name_of(sheet)].decimal
        split = (around and around.split) or rule.split
        if split and around is not None and rule.column:
            return values.several(values.key(sheet, rule), replace(rule, split=split))
        return values.read(sheet, rule, column, decimal, self.findings)

    def _name_of(self, sheet: Sheet) -> str:
        paths = {id(each): path for path, each in self.narrowed.items()}
        path = paths.get(id(sheet), "")
        return next(
            (rule.sheet for rule in self.mapping.rows if rule.path == path),
            next((name for name, each in self.sheets.items() if each is sheet), ""),
        )

    def _rows(self, rule: RowsRule) -> None:
        """Make the rows of a rule, and those of the tables that link to it."""
        sheet = self._sheet(rule)
        columns = {name: self._cell(rule.table, name, cell, sheet) for name, cell in rule.cells.items() if name != "id"}
        table = schema.tables()[rule.table]
        if table.key == ("id",):
            columns = {"id": self.keys[rule.path], **columns}
        words = {n: c for n, c in (("quote", rule.quote), ("text", rule.text), ("text_file", rule.text_file)) if c}
        frame = pl.DataFrame({**columns, **{f"_{n}": values.text(sheet, c) for n, c in words.items()}})
        frame = frame.with_columns(_file=sheet.cells["_file"], _row=sheet.cells["_row"])
        for name in [c for c in columns if frame[c].dtype == pl.List]:
            frame = frame.explode(name)
        keep = self._said(rule, sheet) if table.key == ("id",) else None
        if keep is not None:
            frame = frame.filter(keep & pl.Series(frame["id"]).is_not_null()) if len(keep) == frame.height else frame
        else:
            frame = frame.drop_nulls(list(table.key)).unique(list(table.key), keep="first", maintain_order=True)
        inside = frame.select(**{n: pl.col(f"_{n}") for n in words}) if words else pl.DataFrame()
        made = _with_unsaid(rule.table, frame.drop([f"_{n}" for n in words]))
        places = {name: cell.column for name, cell in rule.cells.items() if cell.column and not holes(cell.column)}
        self._add(MadePart(rule.table, rule.sheet, made, places, inside))
        for link, cell in rule.links.items():
            self._link(rule, link, cell, sheet)

    def _link(self, rule: RowsRule, link: str, cell: CellRule, sheet: Sheet) -> None:
        one, other = (column.name for column in schema.tables()[link].columns[:2])
        found = self._reference(link, other, cell, sheet) if target(link, other) else values.text(sheet, cell)
        if found.dtype == pl.String:
            found = values.several(found, cell)
        frame = pl.DataFrame({one: self.keys[rule.path], other: found, **{name: sheet.cells[name] for name in ORIGIN}})
        frame = frame.explode(other).drop_nulls([one, other]).unique([one, other], keep="first", maintain_order=True)
        self._add(MadePart(link, rule.sheet, frame, {other: cell.column} if cell.column else {}))

    def _add(self, part: MadePart) -> None:
        if part.frame.height:
            whole = _in_all(part.table, part.frame, self.mapping.spoken)
            self.parts.setdefault(part.table, []).append(replace(part, frame=whole))


def _referring(rule: RowsRule) -> list[str]:
    """The columns by which a row without an id is known: those whose change would make it another, and which refer."""
    columns = schema.tables()[rule.table].columns
    return [c.name for c in columns if c.meaning and c.name in rule.cells and target(rule.table, c.name)]


def _column(table: str, name: str, mapping: CorpusMapping) -> schema.Column:
    own = schema.tables(mapping.spoken)[table].column(name)
    declared = own or schema.tables()[table].written(name) or schema.tables()[table].column(f"{name}_*")
    assert declared
    return declared


def _in_all(table: str, frame: pl.DataFrame, spoken: Languages) -> pl.DataFrame:
    """The rows with a name in every language of the corpus, where it is given in one: a name may be the same in all."""
    added = {}
    for column in (c for c in schema.tables(spoken)[table].columns if c.localised == "named"):
        given = [name for name in frame.columns if name.startswith(f"{column.stem}_")]
        if column.name not in frame.columns and len(given) == 1:
            added[column.name] = pl.col(given[0])
    return frame.with_columns(**added)


def _with_unsaid(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    told = {column: text for (of, column), text in UNSAID.items() if of == table and column not in frame.columns}
    return frame.with_columns(pl.lit(text).alias(column) for column, text in told.items()) if told else frame


def _numbered(keys: pl.Series, rest: pl.Series | None) -> pl.Series:
    """Keys of which several rows have the same: from the second on, in the order of their other cells, numbered."""
    if keys.n_unique() == len(keys):
        return keys
    other = rest if rest is not None else pl.repeat("", len(keys), eager=True)
    frame = pl.DataFrame({"key": keys, "rest": other}).with_row_index("row").sort("key", "rest", "row")
    frame = frame.with_columns(number=pl.int_range(1, pl.len() + 1).over("key"))
    again = pl.concat_str("key", pl.lit(" ("), "number", pl.lit(")"))
    named = pl.when((pl.col("number") > 1) & pl.col("key").is_not_null()).then(again).otherwise("key")
    return frame.with_columns(named.alias("key")).sort("row")["key"]


def _replaced(found: pl.Series, meanings: Mapping[str, str]) -> pl.Series:
    changed = {key: value for key, value in meanings.items() if key != value}
    return found.replace(changed) if changed else found
