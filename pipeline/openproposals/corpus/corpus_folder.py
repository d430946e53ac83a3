"""Read a corpus's folder into a `Corpus`, and write files into it.

Every table has all the columns of its Table Schema as text, null where a cell is empty or nobody sees a sign in it. Two
more say where a row comes from: `_file` and `_row` (the header is row 1). What is wrong with a file is returned as
findings.
"""

from __future__ import annotations

import contextlib
import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from openproposals.corpus import decimal_commas, decoding, descriptor, headers, imported, localised, spill
from openproposals.errors import CannotGoOn
from openproposals.findings import DESCRIPTOR, Finding, Location
from openproposals.guards import characters, files
from openproposals.model import languages, schema
from openproposals.model.languages import Languages
from openproposals.model.tables import ORIGIN, Spilled, Tables, as_tables, empty, fitted
from openproposals.progress import ignore

TABLE_SUFFIXES = {".csv", ".tsv", ".tab", ".ods", ".xls", ".xlsx"}
_DESCRIPTOR_LIMIT = 16 << 20  # bytes of corpus.toml: no larger one was written by hand


# From a table's file, and a function from its header to the table's columns (none where it does not fit), to the table
# stored outside of memory; None for a file that is to be read whole.
Store = Callable[[Path, Callable[[Sequence[str]], Sequence[str]]], Spilled | None]


@dataclass(frozen=True)
class Corpus:
    """One publisher's proposals: the descriptor, the tables, and the header of each file.

    `ragged` holds, by table, the records that are longer or shorter than their header. They are in no table; validation
    reports each as a violation. `unread` names the tables whose file could not be read; links to them are not checked.
    """

    descriptor: Mapping[str, Any]
    tables: Tables
    headers: Mapping[str, Sequence[str]]
    ragged: Mapping[str, decoding.Records] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", as_tables(self.tables))  # a mapping of frames is accepted too

    @cached_property
    def languages(self) -> Languages:
        """Its languages, and those in which its documents are printed."""
        return schema.spoken(self.tables.all_names)

    @property
    def schema(self) -> dict[str, schema.Table]:
        """The tables of a corpus in these languages, by name."""
        return schema.tables(self.languages)

    @property
    def name(self) -> str:
        """The corpus's name, which names its dumps."""
        return str(self.descriptor["name"])

    @property
    def base(self) -> str:
        """The IRI with which every IRI of the corpus begins."""
        return str(self.descriptor["base"])

    def location(self, table: str, index: int, column: str = "") -> Location:
        """The place of a cell in the corpus's files. `index` counts the rows of the table from 0."""
        key = schema.tables()[table].key[0]
        file, row, named = self.tables.place(table, index, key)
        if file == DESCRIPTOR:
            return Location(file, 0, 0, descriptor.key(table, named, column))
        header = self.headers.get(file, ())
        number = list(header).index(column) + 1 if column in header else 0
        return Location(file, row or 0, number, column)


def read(
    folder: Path,
    progress: Callable[[int], object] = ignore,
    store: Store | None = None,
    elsewhere: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[Corpus | None, list[Finding]]:
    """Read a corpus: the corpus and findings. The corpus is None where its descriptor cannot be used.

    progress: is given the number of rows read so far, of large files.
    store: how a large table is stored outside of memory; by default in a temporary folder of this machine.
    elsewhere: by the name of its file, the header of each table that is not in the folder, and that `store` has.
    """
    store = store or spill.Spilling(progress)
    decoded, findings = _bytes(folder / DESCRIPTOR, _DESCRIPTOR_LIMIT)
    described, problems = descriptor.parse(decoded) if decoded is not None else (None, findings)
    if described is None:
        return None, [*problems, *_judged_alone(folder, decoded or "")]
    findings += problems
    left_out = imported.no_tables(folder)
    here = (p for p in folder.iterdir() if p.suffix.lower() in TABLE_SUFFIXES and p.name not in left_out)
    given = sorted({*here, *(folder / name for name in elsewhere)})
    printed = {*localised.printed(described), *headers.printed(given, elsewhere)}
    spoken = languages.among(described["languages"], printed)
    known, names = schema.tables(spoken), schema.columns(spoken)
    tables = {name: empty(columns) for name, columns in names.items()}
    tables |= {name: _frame(known[name], rows) for name, rows in descriptor.rows(described).items()}
    names_by_file: dict[str, Sequence[str]] = {}
    ragged: dict[str, decoding.Records] = {}
    large: dict[str, Spilled] = {}
    unread = set()
    looked_up = described.get("lookups", {})
    for path in given:
        table = known.get(path.stem) if path.suffix == ".csv" else None
        if table is None or table.origin not in ("given", "short"):
            expected = [n for n, t in known.items() if t.origin in ("given", "short")]
            near = difflib.get_close_matches(path.stem.lower(), expected, 1)
            facts = {"known": ", ".join(expected), "near": f"{near[0] if near else 'proposals'}.csv"}
            findings.append(Finding(Location(path.name), "table-unknown", path.name, facts))
            continue
        beside = tables[table.name]  # rows of the descriptor: documents and texts may be written in both places
        whole_file = beside.is_empty() and table.name not in looked_up
        if table.origin == "given" and whole_file:
            stored = store(path, partial(headers.fitting, path.name, table, spoken))
            if stored is not None:
                large[table.name] = stored
                names_by_file |= dict.fromkeys((path.name, *stored.files), stored.names)
                continue
        records, problems = _given(path, table, spoken)
        findings += problems
        if records is None:
            unread.add(table.name)
            continue
        fitting, others = records.parted()
        read_rows = _numbered(path.name, fitting)
        tables[table.name] = (
            read_rows if beside.is_empty() else pl.concat([beside, fitted(read_rows, names[table.name])])
        )
        names_by_file[path.name] = records.header
        if others.rows:
            ragged[table.name] = others
    if "proposals.csv" not in elsewhere and not os.path.lexists(folder / "proposals.csv"):
        unread.add("proposals")
        if not any(f.facts.get("near") == "proposals.csv" for f in findings):
            findings.append(Finding(Location("proposals.csv"), "table-missing"))
    tables, unused = _looked_up(tables, described.get("lookups", {}), spoken)
    whole = {name: fitted(frame, names[name]) for name, frame in tables.items()}
    return Corpus(
        described, Tables({**whole, **large}, names), names_by_file, ragged, frozenset(unread)
    ), findings + unused


def _judged_alone(folder: Path, decoded: str) -> list[Finding]:
    """Findings about the files of tables beside a descriptor that cannot be used, as far as they can be judged."""
    left_out, spoken = imported.no_tables(folder), descriptor.languages_of(decoded)
    known = schema.tables(spoken)
    found: list[Finding] = []
    small = (p for p in folder.iterdir() if p.suffix == ".csv" and p.lstat().st_size < spill.SPILLED_FROM)
    for path in sorted(p for p in small if p.name not in left_out):
        table = known.get(path.stem)
        if spoken.own and table is not None and table.origin in ("given", "short"):
            found += _given(path, table, spoken)[1]
    return [f for f in found if f.code != "column-in-undeclared-language"]  # which are declared is not known


def table_text(folder: Path, table: str) -> str | None:
    """The text of a table's CSV file; None where there is no such file, or it cannot be read."""
    path = folder / f"{table}.csv"
    return _bytes(path)[0] if path.exists() else None


def write(folder: Path, contents: Mapping[str, str]) -> None:
    """Write files into a corpus's folder, by name. Each replaces the old file in one step, once it is complete.

    Raises CannotGoOn where a name belongs to a folder or a link, or the disk refuses.
    """
    with _errors_in_words(folder):
        for name, content in contents.items():
            files.replace(folder / name, content.encode())


def create(folder: Path, contents: Mapping[str, str]) -> None:
    """Make a folder and write new files into it, in the order given.

    Raises CannotGoOn where a name is taken, or the disk refuses.
    """
    with _errors_in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            with files.created(folder / name) as file:
                file.write(content.encode())


@contextlib.contextmanager
def _errors_in_words(folder: Path) -> Iterator[None]:
    """Turn an OSError while writing into a folder into CannotGoOn."""
    try:
        yield
    except OSError as error:
        raise CannotGoOn("folder-not-written", folder=folder.name, because=error.strerror or str(error)) from error


def lines(folder: Path, places: Iterable[Location]) -> dict[tuple[str, int], int]:
    """By file and row, the line on which the row begins. Code hosts place their annotations by line."""
    rows: dict[str, set[int]] = {}
    for place in places:
        rows.setdefault(place.file, set()).add(place.row)
    found: dict[tuple[str, int], int] = {}
    for file, wanted in rows.items():
        path = folder / file
        plain = Path(file).name == file and path.suffix == ".csv" and path.exists()
        decoded = _bytes(path)[0] if plain else None
        found |= {(file, row): line for row, line in decoding.lines(decoded or "", wanted).items()}
    return found


def _frame(table: schema.Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    cells = {name: [None if r.get(name) is None else str(r[name]) for r in rows] for name in table.column_names}
    return pl.DataFrame(
        {**cells, "_file": [DESCRIPTOR] * len(rows), "_row": [0] * len(rows)},
        schema={**dict.fromkeys(table.column_names, pl.String), **ORIGIN},
    )


def _bytes(path: Path, most: int | None = None) -> tuple[str | None, list[Finding]]:
    """The decoded text of a file, or None and a finding. A link, a folder and a device are reported, not read."""
    try:
        data = files.data(path, follow=False, most=most)
    except files.NotPlainError:
        return None, [Finding(Location(path.name), "not-a-file")]
    except OSError as error:
        return None, [Finding(Location(path.name), "file-unreadable", facts={"problem": error.strerror or str(error)})]
    return decoding.decode(path.name, data)


def _given(path: Path, table: schema.Table, spoken: Languages) -> tuple[decoding.Records | None, list[Finding]]:
    """The records of a CSV file; None and findings where they cannot be parsed, or the header is not the table's.

    A file that cannot be taken as it is, for its encoding or its delimiter, is judged all the same as it most likely
    was meant, so that everything is told in one round.
    """
    decoded, unreadable = _bytes(path)
    if decoded is None and {f.code for f in unreadable} - {"not-utf8", "utf-16"}:
        return None, unreadable
    text = decoding.likely(files.data(path, follow=False)) if decoded is None else decoded
    records, findings = decoding.records(path.name, text)
    separated = [f for f in findings if f.code in ("wrong-delimiter", "separator-line")]
    if separated:
        records = decoding.as_separated(path.name, text)
    if records is None:
        return None, [*unreadable, *findings]
    names = headers.columns(records.header, table, spoken)
    misfits = list(headers.check(path.name, records.header, table, spoken))
    if unreadable or separated:
        commas = decimal_commas.check(path.name, replace(records, header=names), table)
        return None, [*unreadable, *separated, *misfits, *commas]
    return (None, misfits) if misfits else (replace(records, header=names), findings)


def _numbered(file: str, records: decoding.Records) -> pl.DataFrame:
    """Records as a frame: null where a cell is empty or blank, with the columns `_file` and `_row`."""
    frame = pl.DataFrame(list(records.rows), schema=dict.fromkeys(records.header, pl.String), orient="row")
    numbered = frame.with_columns(_file=pl.lit(file), _row=pl.Series(records.numbers, dtype=pl.Int64))
    blank = rf"{characters.BLANK}|\A\z"
    return numbered.with_columns(
        pl.when(pl.col(name).str.contains(blank)).then(None).otherwise(pl.col(name)).alias(name)
        for name in records.header
    )


def _looked_up(
    tables: Mapping[str, pl.DataFrame], lookups: Mapping[str, Mapping[str, Mapping[str, str]]], spoken: Languages
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """The tables with cells replaced as the descriptor's lookups say, and a finding for each unused lookup."""
    found, findings = dict(tables), []
    for table, columns in lookups.items():
        for written, meaning in columns.items():
            frame = found.get(table)
            column = written if frame is None else schema.tables()[table].named(written, spoken)
            known = frame is not None and column in schema.columns(spoken)[table] and column in frame.columns
            cells = set(frame[column]) if frame is not None and known else set()
            for cell in meaning.keys() - cells:
                place = Location(DESCRIPTOR, name=f"lookups.{table}.{written}.{cell}")
                findings.append(Finding(place, "lookup-unused", cell))
            if frame is not None and cells:
                found[table] = frame.with_columns(pl.col(column).replace(dict(meaning)).replace("", None))
    return found, findings
