"""`mapping.toml`: which column of which sheet goes where, checked against `schema/mapping.json` and the Table Schemas.

In: its text, and the languages of the corpus. Out: a `Mapping`, and findings. Nothing in it is a program.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from openproposals.corpus import json_rules
from openproposals.errors import reason
from openproposals.findings import Finding, Location, conforms
from openproposals.guards import parsing
from openproposals.importing.delimited import Stated
from openproposals.importing.reading import Join, SheetSource
from openproposals.messages import LANGUAGES, say
from openproposals.model import languages, schema
from openproposals.model.languages import Languages

MAPPING = "mapping.toml"
HOW = frozenset({"column", "value", "values", "split", "trim", "date", "decimal", "default"})
TEXT_KEYS = {"documents": ("text", "text_file")}  # the document's words, or the file that holds them
UNKNOWN = "und"  # the language of a corpus whose descriptor says none (BCP 47)
QUOTE = "quote"  # the words of a passage, which become an anchor
_HOLE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class CellRule:
    """How a cell of a table is made.

    `column`: a column, or words with columns in braces. `value`: one text in every row. `values`: what cells stand for.
    `split`: the sign between several. `date`: the form of days. `decimal`: the mark of numbers. `fields`: cells of the
    row of another table to which this cell refers, and which is made from these.
    """

    path: str
    column: str = ""
    value: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    split: str = ""
    trim: bool = False
    date: str = ""
    decimal: str = ""
    default: str = ""
    fields: Mapping[str, CellRule] = field(default_factory=dict)

    def columns(self) -> Iterator[str]:
        """The columns that it reads, those of its fields too."""
        if self.column:
            yield from holes(self.column) or [self.column]
        for each in self.fields.values():
            yield from each.columns()


@dataclass(frozen=True)
class RowsRule:
    """Rows of a table: the sheet they are made from, and the rule of each cell, by column of the table.

    `links` are the rules of tables that link to this one, by that table's name: `outcome-sources` for `sources`.
    `quote` and `text` are the words of a passage, and of a document. `where`: by column, the texts of the rows taken.
    """

    table: str
    sheet: str
    path: str
    cells: Mapping[str, CellRule]
    links: Mapping[str, CellRule] = field(default_factory=dict)
    quote: CellRule | None = None
    text: CellRule | None = None
    text_file: CellRule | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class CorpusMapping:
    """A mapping: the sheets, the rows of tables made from them, and the columns that go nowhere."""

    spoken: Languages
    sheets: Mapping[str, SheetSource]
    rows: tuple[RowsRule, ...]
    unused: tuple[str, ...] = ()
    owns: frozenset[str] = frozenset()
    same: frozenset[tuple[str, str]] = frozenset()  # tables and sheets whose columns are called alike

    @property
    def files(self) -> list[str]:
        """The files that it reads, as patterns."""
        return [source.file for source in self.sheets.values()]


def holes(column: str) -> list[str]:
    """The columns that stand in braces.

    >>> holes("{year}-{id}"), holes("id")
    (['year', 'id'], [])
    """
    return _HOLE.findall(column)


def pieces(column: str) -> list[tuple[str, bool]]:
    """The parts of words with columns in braces: a text, and whether it is the name of a column.

    >>> pieces("{year}-{id}")
    [('year', True), ('-', False), ('id', True)]
    """
    return [(part, n % 2 == 1) for n, part in enumerate(_HOLE.split(column)) if part]


def parse(text: str, spoken: Languages) -> tuple[CorpusMapping | None, list[Finding]]:
    """The mapping that a text says, and findings. It is None where one is a violation.

    spoken: the languages of the corpus.
    """
    try:
        said = parsing.from_toml(text)
    except parsing.Unparsable as error:
        return None, [Finding(Location(MAPPING), "mapping-unreadable", facts={"problem": reason(error)})]
    findings = list(json_rules.misfits(rules(), said, MAPPING, "mapping"))
    if findings:
        return None, findings
    own = tuple(map(languages.canonical, said.get("languages", ()))) or spoken.own
    known = {*spoken.own} - {UNKNOWN}
    for tag in (tag for tag in own if known and tag not in known):
        facts = {"languages": ", ".join(spoken.own)}
        findings.append(Finding(Location(MAPPING, name="languages"), "language-undeclared", tag, facts))
    parser = _Parser(Languages(own), {*said["sheets"]}, findings)
    for name, each in said["sheets"].items():
        if "join" in each:
            parser.sheet(each["join"]["sheet"], f"sheets.{name}.join.sheet")
    tables = [(name, each) for name in schema.tables() for each in _listed(said.get(name))]
    rows = tuple(parser.rows(name, each, number) for name, (number, each) in tables)
    made = CorpusMapping(
        Languages(own),
        {name: _source(each) for name, each in said["sheets"].items()},
        rows,
        tuple(said.get("unused", ())),
        frozenset(said.get("owns", ())),
        frozenset((name, each["from"]) for name, (_, each) in tables if each.get("same")),
    )
    return (made if conforms(findings) else None), findings


@cache
def rules() -> dict[str, Any]:
    """The JSON Schema of a mapping, with a section for each table of a corpus. Do not change what it gives."""
    found: dict[str, Any] = json.loads((schema.shipped("schema") / "mapping.json").read_text(encoding="utf-8"))
    given = [name for name, table in schema.tables().items() if table.origin in ("given", "short")]
    sections = {}
    for name in given:
        said = {tag: say("importing/words", "section", tag, table=name) for tag in LANGUAGES}
        described = {"description" if tag == "en" else f"description_{tag}": text for tag, text in said.items()}
        sections[name] = {"$ref": "#/$defs/rows", **described}
    found["properties"] = {k: v for k, v in found["properties"].items() if "$ref" not in v} | sections
    found["properties"]["owns"]["items"]["enum"] = given
    return found


def _listed(said: Any) -> list[tuple[int, dict[str, Any]]]:
    """The sections of a table: one, or several in a list, with their numbers (0 for the only one)."""
    return list(enumerate(said, start=1)) if isinstance(said, list) else [(0, said)] if said else []


def _source(said: Mapping[str, Any]) -> SheetSource:
    stated = Stated(said.get("encoding", ""), said.get("delimiter", ""), said.get("header", 0), said.get("last", 0))
    paths = tuple(said.get("path_as", ()))
    beside = said.get("join")
    join = Join(beside["sheet"], beside["on"], beside["with"]) if beside else None
    return SheetSource(
        said["file"], said.get("sheet", ""), said.get("records", ""), paths, said.get("decimal", ""), stated, join
    )


@dataclass(frozen=True)
class _Parser:
    """Reads the sections of tables; what is wrong with them is added to `findings`."""

    spoken: Languages
    sheets: set[str]
    findings: list[Finding]

    def rows(self, table: str, said: Mapping[str, Any], number: int) -> RowsRule:
        path = f"{table}.{number}" if number else table
        self.sheet(said["from"], f"{path}.from")
        given = {key: value for key, value in said.items() if key not in ("from", "same", "where")}
        asked = said.get("where", {}).items()
        where = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in asked}
        cells, links, others = self._cells(table, given, path)
        words = (others.get(QUOTE), others.get("text"), others.get("text_file"))
        return RowsRule(table, said["from"], path, cells, links, *words, where)

    def sheet(self, name: str, path: str) -> None:
        """Add a finding where there is no sheet of that name."""
        if name not in self.sheets:
            near = difflib.get_close_matches(name, self.sheets, 1)
            facts = {"known": ", ".join(sorted(self.sheets)), "near": near[0] if near else sorted(self.sheets)[0]}
            self.findings.append(Finding(Location(MAPPING, name=path), "sheet-unknown", name, facts))

    def _cells(
        self, table: str, given: Mapping[str, Any], path: str
    ) -> tuple[dict[str, CellRule], dict[str, CellRule], dict[str, CellRule]]:
        """The rules of a section: of the table's own columns, of tables that link to it, and of words."""
        own = schema.tables(self.spoken)[table]
        linked = link_keys(table)
        cells: dict[str, CellRule] = {}
        links: dict[str, CellRule] = {}
        others: dict[str, CellRule] = {}
        for key, value in given.items():
            here = f"{path}.{key}"
            declared = schema.tables()[table].column(f"{key}_*")
            name = schema.tables()[table].named(key, self.spoken)
            if declared and isinstance(value, Mapping) and not HOW & value.keys():
                for tag, inner in value.items():
                    column = f"{key}_{languages.canonical(tag)}"
                    if own.column(column) is None and not (declared.localised == "printed" and languages.is_tag(tag)):
                        self._unknown(table, f"{here}.{tag}", tag, list(self.spoken.own))
                    cells[column] = self.cell(inner, f"{here}.{tag}", None)
            elif own.column(name):
                cells[name] = self.cell(value, here, target(table, name))
            elif declared and self.spoken.own:
                cells[f"{key}_{self.spoken.main}"] = self.cell(value, here, None)
            elif key in linked:
                link = linked[key]
                links[link] = self.cell(value, here, target(link, schema.tables()[link].columns[1].name))
            elif (key == QUOTE and own.column("passage")) or key in TEXT_KEYS.get(table, ()):
                others[key] = self.cell(value, here, None)
            else:
                stems = dict.fromkeys(column.stem for column in own.columns)
                self._unknown(table, here, key, [*stems, *linked, *TEXT_KEYS.get(table, ())])
        return cells, links, others

    def cell(self, said: Any, path: str, referred: str | None) -> CellRule:
        """The rule of one cell. `referred` is the table to which it refers, if it does."""
        if isinstance(said, str):
            return CellRule(path, said)
        how = {key: value for key, value in said.items() if key in HOW}
        inner = {key: value for key, value in said.items() if key not in HOW}
        fields: Mapping[str, CellRule] = {}
        if inner and referred:
            cells, links, words = self._cells(referred, inner, path)
            fields = {**cells, **words}
            for link in links.values():
                self._unknown(referred, link.path, link.path.rpartition(".")[2], list(fields))
        elif inner:
            for key in inner:
                self._unknown("", f"{path}.{key}", key, sorted(HOW))
        if not {"column", "value"} & how.keys() and not fields:
            self.findings.append(
                Finding(Location(MAPPING, name=f"{path}.column"), "mapping-key-missing", "column", self._wanted())
            )
        return CellRule(path, fields=fields, **how)

    def _wanted(self) -> dict[str, Any]:
        return {"expected": json_rules.description(rules()["$defs"]["cell"]["properties"]["column"])}

    def _unknown(self, table: str, path: str, key: str, known: Sequence[str]) -> None:
        near = difflib.get_close_matches(key, known, 1)
        facts = {"table": table, "known": ", ".join(known), "near": near[0] if near else next(iter(known), "")}
        self.findings.append(Finding(Location(MAPPING, name=path), "mapping-column-unknown", key, facts))


def target(table: str, column: str) -> str | None:
    """The table whose rows a column refers to; None where it refers to none."""
    links = schema.tables()[table].links
    return next((link.table for link in links if link.columns == (column,)), None)


def link_keys(table: str) -> dict[str, str]:
    """The keys that stand for tables of links: `sources` of `outcomes` is `outcome-sources`.

    >>> link_keys("outcomes"), link_keys("proposals")
    ({'sources': 'outcome-sources'}, {'proposers': 'proposal-proposers', 'themes': 'proposal-themes'})
    """
    one = table.removesuffix("s")
    return {
        name.removeprefix(f"{one}-"): name
        for name, each in schema.tables().items()
        if name.startswith(f"{one}-") and each.origin in ("given", "short") and each.columns[0].name == one
    }
