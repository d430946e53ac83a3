"""In: a folder becomes a corpus, its descriptor read and its tables as columns. Only this module opens its files.

Every table has all the columns of its Table Schema as text, null where a cell is empty, and two more that say where
a row comes from: `_file` and `_row` (the header is row 1). What is wrong comes back as findings.
"""

from __future__ import annotations

import difflib
import io
import json
import os
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import jsonschema
import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from openproposals import gate, graph, schema
from openproposals.errors import UsageError
from openproposals.findings import Finding, Location

DESCRIPTOR = "corpus.toml"
ORIGIN = {"_file": pl.String, "_row": pl.Int64}
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_TAGGED = re.compile(r"_(fr|en)$")
_KEYS = {"iri": "base", "publisher_name": "publisher.name"}  # columns that the descriptor calls otherwise
DEEPEST = 200  # dots on a line of the descriptor, outside quotes; more is no key of ours
TABLE_SUFFIXES = {".csv", ".tsv", ".tab", ".ods", ".xls", ".xlsx"}


@dataclass(frozen=True)
class Corpus:
    """One publisher's proposals: the descriptor, the tables, each file's header, and rows that are no table.

    `ragged` holds, by table, the raw records of a file whose rows do not all have its header's length: a judge reports
    them, and nothing is published from them. `unread` names the tables whose file could not be read at all: what
    other tables say of them is not held against those.
    """

    descriptor: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]
    headers: Mapping[str, Sequence[str]]
    ragged: Mapping[str, gate.Records] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The corpus's name, which names its dumps."""
        return str(self.descriptor["name"])

    @property
    def base(self) -> str:
        """The IRI that every IRI of the corpus begins with."""
        return str(self.descriptor["base"])

    def location(self, table: str, index: int, column: str = "") -> Location:
        """Where a cell of a table stands in the corpus's files; `index` counts rows of the table from 0."""
        file, row = self.tables[table].select("_file", "_row").row(index)
        if file == DESCRIPTOR:
            key = "" if table == "dataset" else f"{table}.{self.tables[table]['id'][index]}."
            return Location(file, 0, 0, key + _KEYS.get(column, _TAGGED.sub(r".\1", column)) if column else key)
        header = self.headers.get(file, ())
        number = list(header).index(column) + 1 if column in header else 0
        return Location(file, row or 0, number, column)


def empty(table: schema.Table) -> pl.DataFrame:
    """A table without rows."""
    return pl.DataFrame(schema={**dict.fromkeys(table.column_names, pl.String), **ORIGIN})


def find(name_or_path: str, sources: Path = Path("sources")) -> Path:
    """The corpus's folder, by path or by its name under `sources/`. Refused: neither (UsageError)."""
    for folder in (Path(name_or_path), sources / name_or_path):
        if (folder / DESCRIPTOR).is_file():
            return folder
    raise UsageError(
        f"no corpus at {name_or_path!r}",
        why=f"a corpus is a folder with a {DESCRIPTOR} in it",
        mend="give the folder's path, or its name under sources/",
    )


def read(folder: Path) -> tuple[Corpus | None, list[Finding]]:
    """Read a corpus. The corpus is None when its descriptor cannot be used."""
    descriptor, findings = _descriptor(folder / DESCRIPTOR)
    if descriptor is None:
        return None, findings
    tables = {name: empty(table) for name, table in schema.tables().items()}
    tables |= _described(descriptor)
    headers: dict[str, Sequence[str]] = {}
    ragged: dict[str, gate.Records] = {}
    unread = set()
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in TABLE_SUFFIXES):
        table = schema.tables().get(path.stem) if path.suffix == ".csv" else None
        if table is None or table.origin not in ("given", "short"):
            known = [n for n, t in schema.tables().items() if t.origin in ("given", "short")]
            near = difflib.get_close_matches(path.stem.lower(), known, 1)
            facts = {"known": ", ".join(known), "near": f"{near[0] if near else 'proposals'}.csv"}
            findings.append(Finding(Location(path.name), "table-unknown", path.name, facts))
            continue
        rows, problems = _given(path, table)
        findings += problems
        if isinstance(rows, pl.DataFrame):
            tables[table.name] = rows
            headers[path.name] = [c for c in rows.columns if c not in ORIGIN]
        elif rows is not None:
            ragged[table.name] = rows
            headers[path.name] = rows.header
        else:
            unread.add(table.name)
    if not os.path.lexists(folder / "proposals.csv"):
        unread.add("proposals")
        if not any(f.facts.get("near") == "proposals.csv" for f in findings):
            findings.append(Finding(Location("proposals.csv"), "table-missing"))
    tables, unused = _looked_up(tables, descriptor.get("lookups", {}))
    whole = {name: _whole(frame, schema.tables()[name]) for name, frame in tables.items()}
    return Corpus(descriptor, whole, headers, ragged, frozenset(unread)), findings + unused


def lines(folder: Path, places: Iterable[Location]) -> dict[tuple[str, int], int]:
    """By file and row, the line on which the row begins, in the tables as they stand; code hosts count lines."""
    rows: dict[str, set[int]] = {}
    for place in places:
        rows.setdefault(place.file, set()).add(place.row)
    found: dict[tuple[str, int], int] = {}
    for file, wanted in rows.items():
        path = folder / file
        plain = Path(file).name == file and path.suffix == ".csv" and path.exists()
        decoded = _bytes(path)[0] if plain else None
        found |= {(file, row): line for row, line in gate.lines(decoded or "", wanted).items()}
    return found


def _descriptor(path: Path) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The descriptor, checked against `schema/corpus.json`."""
    decoded, findings = _bytes(path)
    if decoded is None:
        return None, findings
    deep = next((n for n, line in enumerate(decoded.split("\n"), 1) if _QUOTED.sub("", line).count(".") > DEEPEST), 0)
    try:
        if deep:
            raise ValueError(f"a key too deep (at line {deep}, column 1)")
        descriptor = tomllib.loads(decoded)
        plain = json.loads(json.dumps(descriptor, default=str))  # TOML dates become the strings JSON Schema knows
    except (ValueError, RecursionError) as error:
        return None, [Finding(Location(DESCRIPTOR), "descriptor-unreadable", facts={"problem": str(error)})]
    rules = json.loads((schema.house("schema") / "corpus.json").read_text(encoding="utf-8"))
    dates = jsonschema.FormatChecker(["date"])
    found = jsonschema.Draft202012Validator(rules, format_checker=dates).iter_errors(plain)
    problems = [problem for error in found for problem in _misfits(rules, error)]
    problems += _unparsable(plain) if not problems else []
    return (None if problems else plain), problems


def _described_at(rules: dict[str, Any], path: Iterable[str | int], key: str) -> str:
    """The description of a rule, or of the nearest one it lies in."""
    here: Any = rules
    found = str(rules[key])
    for step in path:
        here = here[step]
        found = str(here.get(key, found)) if isinstance(here, dict) and isinstance(here.get(key, ""), str) else found
    return found


def _unparsable(descriptor: Mapping[str, Any]) -> Iterator[Finding]:
    """Addresses that the pattern lets pass and RFC 3987 does not."""
    places = {f"coverage.spatial.{n}": p for n, p in enumerate(descriptor.get("coverage", {}).get("spatial", ()))}
    publisher = {f"publisher.{key}": descriptor["publisher"].get(key) for key in ("iri", "homepage")}
    for path, address in {
        **{key: descriptor[key] for key in ("base", "site", "licence")},
        **publisher,
        **places,
    }.items():
        if address is not None and not graph.is_web_iri(address):
            yield Finding(Location(DESCRIPTOR, name=path), "not-a-web-address", address)


def _misfits(rules: dict[str, Any], error: jsonschema.ValidationError) -> Iterator[Finding]:
    """One fault of the descriptor as findings, each at its key's path."""
    path = [str(step) for step in error.absolute_path]
    rule, instance = cast(dict[str, Any], error.schema), cast(Any, error.instance)
    expected = {
        f"expected{x}": _described_at(rules, error.absolute_schema_path, f"description{x}") for x in ("", "_fr")
    }
    if error.validator == "additionalProperties" and "properties" in rule:
        known = rule["properties"]
        for key in sorted(instance.keys() - known.keys()):
            near = difflib.get_close_matches(key, known, 1)
            facts = {"known": ", ".join(known), "near": near[0] if near else next(iter(known))}
            yield Finding(Location(DESCRIPTOR, name=".".join([*path, key])), "descriptor-key-unknown", key, facts)
    elif error.validator == "required":
        for key in sorted(set(rule["required"]) - instance.keys()):
            inner = rule["properties"][key]
            facts = {f"expected{x}": inner.get(f"description{x}") or expected[f"expected{x}"] for x in ("", "_fr")}
            yield Finding(Location(DESCRIPTOR, name=".".join([*path, key])), "descriptor-key-missing", key, facts)
    else:
        cell = instance if isinstance(instance, str) else json.dumps(instance, ensure_ascii=False)
        code = "not-a-date" if error.validator == "format" else "descriptor-value"
        yield Finding(Location(DESCRIPTOR, name=".".join(path)), code, cell, expected)


def _described(descriptor: Mapping[str, Any]) -> dict[str, pl.DataFrame]:
    """The tables that the descriptor holds: the dataset itself, the documents, their texts."""
    publisher = descriptor["publisher"]
    dataset = {
        "iri": descriptor["base"],
        "version": descriptor["version"],
        "released": descriptor["released"],
        "licence": descriptor["licence"],
        "publisher": publisher["iri"],
        "publisher_name": publisher["name"],
        "site": descriptor["site"],
        **_both("title", descriptor),
        **_both("description", descriptor),
        **_both("rights", descriptor),
    }
    documents = [
        {"id": key, **entry, **_both("label", entry), **_both("title", entry), **_both("provenance", entry)}
        for key, entry in descriptor.get("documents", {}).items()
    ]
    texts = [{"id": key, **entry, **_both("extraction", entry)} for key, entry in descriptor.get("texts", {}).items()]
    return {
        name: _frame(schema.tables()[name], rows)
        for name, rows in (("dataset", [dataset]), ("documents", documents), ("texts", texts))
    }


def _both(stem: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    said = entry.get(stem) or {}
    return {f"{stem}_{language}": said.get(language) for language in ("fr", "en")}


def _frame(table: schema.Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    cells = {name: [None if r.get(name) is None else str(r[name]) for r in rows] for name in table.column_names}
    return pl.DataFrame(
        {**cells, "_file": [DESCRIPTOR] * len(rows), "_row": [0] * len(rows)},
        schema={**dict.fromkeys(table.column_names, pl.String), **ORIGIN},
    )


def _bytes(path: Path) -> tuple[str | None, list[Finding]]:
    """A file's text through the byte gate. Refused: a link, a folder, a device: what is no file of this folder."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return None, [Finding(Location(path.name), "not-a-file")]
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, [Finding(Location(path.name), "file-unreadable", facts={"problem": error.strerror or str(error)})]
    return gate.text(path.name, data)


def _given(path: Path, table: schema.Table) -> tuple[pl.DataFrame | gate.Records | None, list[Finding]]:
    """A CSV file's rows: columns where every row has the header's length, else the raw records."""
    decoded, findings = _bytes(path)
    if decoded is None:
        return None, findings
    records, findings = gate.records(path.name, decoded)
    if records is None:
        return None, findings
    header = list(records.header)
    misfits = list(_header(path.name, header, table))
    if misfits:
        return None, misfits
    if any(len(row) != len(header) for row in records.rows):
        return records, findings
    frame = None if findings else _columns(decoded, header)
    if frame is None:
        frame = pl.DataFrame(list(records.rows), schema=dict.fromkeys(header, pl.String), orient="row")
    numbered = frame.with_columns(_file=pl.lit(path.name), _row=pl.Series(records.numbers, dtype=pl.Int64))
    return numbered.with_columns(pl.col(header).replace("", None)), findings


def _columns(decoded: str, header: Sequence[str]) -> pl.DataFrame | None:
    """The table as pyarrow reads it; None where it refuses what it would read otherwise than Python's csv does."""
    options = pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    strings = pacsv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
    try:
        return pl.DataFrame(
            pacsv.read_csv(io.BytesIO(decoded.encode()), parse_options=options, convert_options=strings)
        )
    except pa.ArrowInvalid:
        return None


def _header(file: str, header: Sequence[str], table: schema.Table) -> Iterator[Finding]:
    """What is wrong with a header. Columns may come in any order; optional ones may be absent."""
    known = table.column_names
    unknown: list[Finding] = []
    for number, name in enumerate(header, start=1):
        place = Location(file, 1, number, name)
        if name in header[: number - 1]:
            yield Finding(place, "column-twice", name)
        elif name not in known:
            near = difflib.get_close_matches(name.strip().lower(), known, 1)
            facts = {"known": ", ".join(known), "near": near[0] if near else known[0]}
            unknown.append(Finding(place, "column-unknown", name, facts))
    yield from unknown
    meant = {f.facts["near"] for f in unknown}
    for column in table.columns:
        if column.required and column.name not in header and column.name not in meant:
            yield Finding(Location(file, 1, 0, column.name), "column-missing")


def _looked_up(
    tables: Mapping[str, pl.DataFrame], lookups: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Cells replaced by what the descriptor's lookups say they stand for; a lookup nobody uses is a finding."""
    found, findings = dict(tables), []
    for table, columns in lookups.items():
        for column, meaning in columns.items():
            frame = found.get(table)
            known = frame is not None and schema.tables()[table].column(column) is not None and column in frame.columns
            cells = set(frame[column]) if frame is not None and known else set()
            for written in meaning.keys() - cells:
                place = Location(DESCRIPTOR, name=f"lookups.{table}.{column}.{written}")
                findings.append(Finding(place, "lookup-unused", written))
            if frame is not None and cells:
                found[table] = frame.with_columns(pl.col(column).replace(dict(meaning)).replace("", None))
    return found, findings


def _whole(frame: pl.DataFrame, table: schema.Table) -> pl.DataFrame:
    """The frame with every column of its Table Schema, in the schema's order."""
    absent = [pl.lit(None, pl.String).alias(name) for name in table.column_names if name not in frame.columns]
    return frame.with_columns(absent).select(*table.column_names, *ORIGIN)
