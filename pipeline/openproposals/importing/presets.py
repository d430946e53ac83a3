"""Mappings for exports of known programs: which columns an export of that kind has, fitted to the file at hand.

In: a preset's name and the files as they were inspected. Out: a mapping as data, with the columns that the files have.
In a preset, a list of names means the first that is there, and `title/*` means the column of each language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from openproposals.guards import files, parsing
from openproposals.importing import reading
from openproposals.importing.mapping import HOW, holes
from openproposals.importing.reading import SheetSource
from openproposals.model import languages, schema


def fitted(name: str, folder: Path, given: Sequence[str], spoken: Sequence[str]) -> dict[str, Any]:
    """The mapping of a preset for the files of a corpus's folder, as data to be written.

    given: the files meant, by their names in the folder; none means those that the preset itself names.
    spoken: the languages of the corpus; none means those that the columns show.
    Columns that the files lack are left out, further ones are named as unused.
    """
    path = schema.shipped("schema") / "presets" / f"{name}.toml"
    said = parsing.from_toml(path.read_text(encoding="utf-8"))
    if name == "csvw":
        given = [each for each in given if not each.endswith("-metadata.json")]
    columns: dict[str, list[str]] = {}
    called: dict[str, str] = {}
    for key in list(said["sheets"]):
        sheet = said["sheets"][key]
        if given and sheet["file"] == "*":
            sheet["file"] = given[0]
        paths = sheet.pop("records", [])
        names = _columns(folder, sheet, paths)
        if not names and "path_as" in sheet:
            del said["sheets"][key]
            continue
        columns[key] = names
        if name == "csvw":
            called |= _properties(folder / f"{sheet['file']}-metadata.json")
    for sheet in said["sheets"].values():
        joined = sheet.get("join")
        if joined and joined["sheet"] in columns:
            beside = [f"{joined['sheet']}/{each}" for each in columns[joined["sheet"]]]
            columns[_key_of(said, sheet)] += beside
        elif joined:
            del sheet["join"]
    tags = list(spoken) or list(said.get("languages", ())) or _tags(said, columns) or ["en"]
    made: dict[str, Any] = {"languages": tags, "sheets": said["sheets"]}
    used: dict[str, set[str]] = {}
    for table in (key for key in said if key in schema.tables()):
        rows = said[table]
        if rows["from"] not in columns:
            continue
        there = set(columns[rows["from"]])
        cells = {k: _fit(v, there, tags, called) for k, v in rows.items() if k != "from"}
        cells = {k: v for k, v in cells.items() if v is not None}
        if len(cells) > (1 if "proposal" in cells else 0):
            made[table] = {"from": rows["from"], **cells}
            used.setdefault(rows["from"], set()).update(_read(cells))
    keys = {key: _of_join(key, said["sheets"]) | used.get(key, set()) for key in columns}
    for sheet in said["sheets"].values():
        if "join" in sheet:
            before = f"{sheet['join']['sheet']}/"
            read = used.get(_key_of(said, sheet), set())
            keys[sheet["join"]["sheet"]] |= {each.removeprefix(before) for each in read if each.startswith(before)}
    own = [(key, each) for key, names in columns.items() for each in names if not _is_beside(each, columns)]
    left = [each for key, each in own if each not in keys[key]]
    made["unused"] = list(dict.fromkeys(left))
    return made


def _columns(folder: Path, sheet: dict[str, Any], paths: Sequence[str]) -> list[str]:
    """The columns that a sheet's files have; `records` is set to the first path that leads to some."""
    source = SheetSource(sheet["file"], path_as=tuple(sheet.get("path_as", ())))
    for path in (*([paths] if isinstance(paths, str) else paths), ""):
        found = reading.read(folder, replace(source, records=path))
        if found.cells.height and not any(f.code == "records-missing" for f in found.findings):
            if path:
                sheet["records"] = path
            return found.columns
    return []


def _fit(said: Any, there: set[str], tags: Sequence[str], called: Mapping[str, str]) -> Any:
    """A cell of a preset with the columns that there are; None where it would have none."""
    if isinstance(said, list):
        return next((found for each in said if (found := _fit(each, there, tags, called)) is not None), None)
    if isinstance(said, dict) and said and all(map(_is_language, said)):
        return {tag: said[tag] for tag in tags} if {*tags} <= said.keys() else None
    if isinstance(said, str):
        name = called.get(said, said)
        if "*" in name:
            by_tag = {tag: column for tag in tags for column in _tagged(name, tag, there)}
            plain = name.rstrip("*").rstrip("/")
            return by_tag or (plain if plain in there else None)
        return name if set(holes(name) or [name]) <= there else None
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


def _tags(said: Mapping[str, Any], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """The languages of the columns that a preset names by `*`."""
    starred = set(re.findall(r"'([^']*\*)'", repr([v for k, v in said.items() if k != "sheets"])))
    found = []
    for name in (each for names in columns.values() for each in names):
        for pattern in starred:
            tag = name.removeprefix(pattern.rstrip("*")) if name.startswith(pattern.rstrip("*")) else ""
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


def _of_join(key: str, sheets: Mapping[str, Any]) -> set[str]:
    """The columns of a sheet by which it is joined, and those of its path."""
    found = set(sheets[key].get("path_as", ()))
    joins = [(name, sheet["join"]) for name, sheet in sheets.items() if "join" in sheet]
    found |= {column for name, join in joins if name == key for column in holes(join["on"]) or [join["on"]]}
    return found | {c for _, join in joins if join["sheet"] == key for c in holes(join["with"]) or [join["with"]]}


def _is_beside(name: str, columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether a column stands beside a sheet's own, from a sheet that is joined."""
    return name.partition("/")[0] in columns


def _key_of(said: Mapping[str, Any], sheet: Mapping[str, Any]) -> str:
    return str(next(key for key, each in said["sheets"].items() if each is sheet))


def _properties(path: Path) -> dict[str, str]:
    """The column of each property that CSVW metadata names, by its short name."""
    try:
        said = parsing.from_json(files.data(path, follow=False, most=16 << 20))
        columns = said["tableSchema"]["columns"]
    except (OSError, parsing.Unparsable, KeyError, TypeError):
        return {}
    prefixes = {iri: prefix for prefix, iri in schema.prefixes().items()} | _MORE
    found: dict[str, str] = {}
    for column in columns:
        titles = column.get("titles") or column.get("name")
        title = titles if isinstance(titles, str) else next(iter(_first(titles)), "")
        iri = column.get("propertyUrl", "")
        short = next((f"{p}:{iri.removeprefix(ns)}" for ns, p in prefixes.items() if iri.startswith(ns)), iri)
        found.setdefault(short, title)
    return found


_MORE = {
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://purl.org/dc/terms/": "dcterms",
    "http://schema.org/": "schema",
    "https://schema.org/": "schema",
    "http://www.w3.org/2004/02/skos/core#": "skos",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "http://www.w3.org/ns/dcat#": "dcat",
}


def _first(titles: Any) -> list[str]:
    if isinstance(titles, Mapping):
        titles = next(iter(titles.values()), "")
    return [titles] if isinstance(titles, str) else list(titles or ())
