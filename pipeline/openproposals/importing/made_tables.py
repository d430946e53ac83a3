"""What is made of sheets: rows of tables with the places that they come from, and the state of their making."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from openproposals.findings import Finding, Location
from openproposals.importing.identity import Identities
from openproposals.importing.mapping import CorpusMapping, RowsRule
from openproposals.importing.sheets import Sheet
from openproposals.model import languages, schema
from openproposals.model.languages import Languages
from openproposals.model.tables import ORIGIN


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

    @property
    def has_words(self) -> bool:
        """Whether any row has a quote or a text."""
        return any(part.words.width for parts in self.parts.values() for part in parts)

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


@dataclass
class TableMaking:
    """What tables are made of, and what is made so far: the state that the steps of `make` share.

    `keys` has the id of each row by the path of its rule; `narrowed` the sheet of a rule that takes some rows only.
    """

    mapping: CorpusMapping
    sheets: Mapping[str, Sheet]
    ids: Identities
    findings: list[Finding]
    parts: dict[str, list[MadePart]] = field(default_factory=dict)
    keys: dict[str, pl.Series] = field(default_factory=dict)
    narrowed: dict[str, Sheet] = field(default_factory=dict)

    def sheet(self, rule: RowsRule) -> Sheet:
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

    def rules_of(self, sheet: str) -> list[RowsRule]:
        """The rules that make rows of a sheet."""
        return [rule for rule in self.mapping.rows if rule.sheet == sheet]

    def place(self, file: str, row: int, column: str) -> Location:
        """The cell of a file in which a row has a column."""
        sheet = next(sheet for sheet in self.sheets.values() if file in sheet.headers)
        return Location(file, row, sheet.number(file, column), column)

    def name_of(self, sheet: Sheet) -> str:
        """What the mapping calls a sheet."""
        paths = {id(each): path for path, each in self.narrowed.items()}
        path = paths.get(id(sheet), "")
        return next(
            (rule.sheet for rule in self.mapping.rows if rule.path == path),
            next((name for name, each in self.sheets.items() if each is sheet), ""),
        )

    def add(self, part: MadePart) -> None:
        """Add rows of a table, unless there are none."""
        if part.frame.height:
            whole = _in_all(part.table, part.frame, self.mapping.spoken)
            self.parts.setdefault(part.table, []).append(replace(part, frame=whole))

    def twice(self) -> Iterator[Finding]:
        """A finding for each id that rows of two sections of one table have."""
        for table, parts in self.parts.items():
            if len(parts) > 1 and "id" in parts[0].frame.columns:
                whole = pl.concat([part.frame.select("id", *ORIGIN) for part in parts])
                first = whole.unique("id", keep="first", maintain_order=True)
                again = whole.filter(~pl.col("id").is_first_distinct()).join(first, on="id", suffix="_of_first")
                for key, file, row, other, line in again.rows():
                    facts = {"key": f"{table}.id", "other": str(Location(other, line))}
                    yield Finding(Location(file, row), "key-twice", key, facts)


def _in_all(table: str, frame: pl.DataFrame, spoken: Languages) -> pl.DataFrame:
    """The rows with a name in every language of the corpus, where it is given in one: a name may be the same in all."""
    added = {}
    for column in (c for c in schema.tables(spoken)[table].columns if c.localised == "named"):
        given = [name for name in frame.columns if name.startswith(f"{column.stem}_")]
        if column.name not in frame.columns and len(given) == 1:
            added[column.name] = pl.col(given[0])
    return frame.with_columns(**added)
