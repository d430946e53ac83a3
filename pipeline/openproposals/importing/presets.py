"""Mappings for exports of known programs: which columns an export of that kind has, fitted to the file at hand.

In: a preset's name and the files that there are. Out: a mapping as data, with the columns that the files have. In a
preset, a list means the first that is there, `title/*` means the column of each language, and the file `*` is the one
of the publisher's files, and of its sheets or lists, that has most of the preset's columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openproposals.guards import parsing
from openproposals.importing import csvw_metadata, inspecting, reading
from openproposals.importing.csvw_metadata import CsvwTable
from openproposals.importing.mapping import HOW, holes
from openproposals.importing.reading import SheetSource
from openproposals.model import languages, schema

_PLAIN = CsvwTable()


def fitted(name: str, folder: Path, given: Sequence[str], spoken: Sequence[str]) -> dict[str, Any]:
    """The mapping of a preset for the files of a corpus's folder, as data to be written.

    given: the files meant, by their names in the folder; none means those that the preset itself names.
    spoken: the languages of the corpus; none means those that the columns show.
    Columns that the files lack are left out, further ones are named as unused; so are sheets of which nothing is taken.
    """
    path = schema.shipped("schema") / "presets" / f"{name}.toml"
    said = parsing.from_toml(path.read_text(encoding="utf-8"))
    sections = [(key, each) for key in said if key in schema.tables() for each in _listed(said[key])]
    described = {each: csvw_metadata.read(folder / each) for each in given} if name == "csvw" else {}
    wanted = {key: {c for _, each in sections if each["from"] == key for c in _names(each)} for key in said["sheets"]}
    sheets: dict[str, dict[str, Any]] = {}
    columns: dict[str, list[str]] = {}
    for key, sheet in said["sheets"].items():
        found = _sheet(folder, sheet, given, wanted[key], described)
        if found:
            sheets[key], columns[key] = found
    for key, sheet in sheets.items():
        _join(sheet, columns, key)
    tags = list(spoken) or list(said.get("languages", ())) or _tags(sections, columns) or ["en"]
    made: dict[str, Any] = {}
    used: dict[str, set[str]] = {key: set(sheet.get("path_as", ())) for key, sheet in sheets.items()}
    for table, rows in sections:
        if rows["from"] not in columns:
            continue
        there = set(columns[rows["from"]])
        called = described.get(sheets[rows["from"]]["file"], _PLAIN).columns
        cells = {k: _fit(v, there, tags, called) for k, v in rows.items() if k != "from"}
        cells = {k: v for k, v in cells.items() if v is not None}
        if table not in made and _says(table, cells):
            made[table] = {"from": rows["from"], **cells}
            used[rows["from"]] |= _read(cells)
    taken = {rows["from"] for rows in made.values()}
    taken |= {sheets[key]["join"]["sheet"] for key in taken if "join" in sheets[key]}
    _use_joined(sheets, used)
    left = [each for key in sheets if key in taken for each in columns[key] if each not in used[key]]
    beside = tuple(f"{key}/" for key in sheets)
    unused = list(dict.fromkeys(each for each in left if not each.startswith(beside)))
    return {"languages": tags, "sheets": {k: v for k, v in sheets.items() if k in taken}, **made, "unused": unused}


def _listed(said: Any) -> list[dict[str, Any]]:
    return said if isinstance(said, list) else [said]


def _says(table: str, cells: Mapping[str, Any]) -> bool:
    """Whether cells of a preset make rows: more than what they refer to, and no part of their key is missing."""
    key = [name for name in schema.tables()[table].key if name != "id"]
    real = [name for name, cell in cells.items() if not (isinstance(cell, dict) and "value" in cell)]
    return len(real) > (1 if "proposal" in cells else 0) and all(name in cells for name in key)


def _sheet(
    folder: Path, sheet: Mapping[str, Any], given: Sequence[str], wanted: set[str], described: Mapping[str, CsvwTable]
) -> tuple[dict[str, Any], list[str]] | None:
    """A sheet of a preset with the file at hand, and its columns; None where no file fits."""
    plain = {key: value for key, value in sheet.items() if key not in ("file", "records")}
    best: tuple[int, dict[str, Any], list[str]] | None = None
    for source in _candidates(folder, sheet, given):
        found = reading.read(folder, source)
        if not found.cells.height or any(f.code == "records-missing" for f in found.findings):
            continue
        about = described.get(source.file, _PLAIN)
        asked = {_column(cell) for name in wanted for cell in about.columns.get(name, [name])}
        asked |= set(sheet.get("path_as", ()))
        score = sum(any(_is_of(name, column) for column in found.columns) for name in asked)
        if score > (best[0] if best else 0):
            where = {"file": source.file, "sheet": source.sheet, "records": source.records}
            best = score, {**{k: v for k, v in where.items() if v}, **about.stated, **plain}, found.columns
    return best[1:] if best else None


def _candidates(folder: Path, sheet: Mapping[str, Any], given: Sequence[str]) -> Iterator[SheetSource]:
    """What a sheet of a preset may be: the patterns that it names, or each sheet and list of the files given."""
    patterns = sheet["file"] if isinstance(sheet["file"], list) else [sheet["file"]]
    if patterns != ["*"]:
        paths = tuple(sheet.get("path_as", ()))
        yield from (SheetSource(each, path_as=paths) for each in patterns if reading.named(folder, each)[0])
        return
    for name in (each for each in given if not each.endswith(csvw_metadata.ENDING)):
        yield from inspecting.sources(folder / name)
        if name.endswith(".json"):
            yield SheetSource(name)


def _is_of(name: str, column: str) -> bool:
    """Whether a name of a preset is this column, or one of its languages: `title/*` is `title/en`."""
    return column == name or (name.endswith("*") and column.startswith(name.rstrip("*")))


def _join(sheet: dict[str, Any], columns: dict[str, list[str]], key: str) -> None:
    """Take the first of a sheet's joins whose columns are there, and set the other sheet's columns beside its own."""
    joins = _listed(sheet.pop("join", []))
    for join in (each for each in joins if each["sheet"] in columns):
        on, other = set(holes(join["on"])), set(holes(join["with"]))
        if on <= {*columns[key]} and other <= {*columns[join["sheet"]]}:
            sheet["join"] = join
            columns[key] += [f"{join['sheet']}/{each}" for each in columns[join["sheet"]]]
            return


def _use_joined(sheets: Mapping[str, Mapping[str, Any]], used: dict[str, set[str]]) -> None:
    """Count as used the columns by which sheets are joined, and those that are read from beside."""
    for key, sheet in sheets.items():
        if "join" in sheet:
            join, before = sheet["join"], f"{sheet['join']['sheet']}/"
            beside = {each.removeprefix(before) for each in used[key] if each.startswith(before)}
            used[key] |= set(holes(join["on"]))
            used[join["sheet"]] |= set(holes(join["with"])) | beside


def _column(cell: Any) -> str:
    return str(cell["column"] if isinstance(cell, dict) else cell)


def _names(said: Any) -> set[str]:
    """Every column that a section of a preset names."""
    if isinstance(said, str):
        return set(holes(said) or [said])
    if isinstance(said, list):
        return {name for each in said for name in _names(each)}
    return {name for key, each in said.items() if key not in (*HOW - {"column"}, "from") for name in _names(each)}


def _fit(said: Any, there: set[str], tags: Sequence[str], called: Mapping[str, Any]) -> Any:
    """A cell of a preset with the columns that there are; None where it would have none."""
    if isinstance(said, list):
        return next((found for each in said if (found := _fit(each, there, tags, called)) is not None), None)
    if isinstance(said, dict) and said and all(map(_is_language, said)):
        return {tag: said[tag] for tag in tags} if {*tags} <= said.keys() else None
    if isinstance(said, str):
        if "*" in said:
            return {tag: column for tag in tags for column in _tagged(said, tag, there)} or None
        cells_ = called.get(said, [said])
        return next((c for c in cells_ if set(holes(_column(c)) or [_column(c)]) <= there), None)
    how = HOW - {"column"}
    cells = {k: v if k in how else _fit(v, there, tags, called) for k, v in said.items()}
    cells = {k: v for k, v in cells.items() if v is not None}
    if "value" in said:
        return cells
    if "label" in said and "label" not in cells:
        return None  # what has no words in every language would not be published
    real = [k for k, v in cells.items() if k not in HOW and not (isinstance(v, dict) and "value" in v)]
    return cells if "column" in cells or real else None


def _is_language(key: str) -> bool:
    return len(key) == 2 and languages.is_tag(key) and key != "id"


def _tagged(name: str, tag: str, there: set[str]) -> list[str]:
    return [each for each in (name.replace("*", tag), name.replace("*", tag.lower())) if each in there][:1]


def _tags(sections: Sequence[tuple[str, Any]], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """The languages of the columns that a preset names by `*`."""
    starred = {name.rstrip("*") for _, rows in sections for name in _names(rows) if name.endswith("*")}
    found = []
    for name in (each for names in columns.values() for each in names):
        for before in starred:
            tag = name.removeprefix(before) if name.startswith(before) else ""
            if languages.is_tag(tag) and len(tag.split("-")[0]) == 2:
                found.append(languages.canonical(tag))
    return list(dict.fromkeys(found))


def _read(cells: Mapping[str, Any]) -> set[str]:
    """The columns that cells read."""
    found: set[str] = set()
    for key, value in cells.items():
        if isinstance(value, dict):
            found |= _read(value)
        elif isinstance(value, str) and key not in HOW - {"column"}:
            found |= set(holes(value) or [value])
    return found
