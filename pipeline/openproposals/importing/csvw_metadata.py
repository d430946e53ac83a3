"""What metadata of CSV on the Web (W3C) says of a CSV: which property each column is, and how its cells are written.

In: a CSV's path. The metadata is looked for beside it, as the standard has it: NAME.csv-metadata.json, then
csv-metadata.json, then any *-metadata.json that names the file. Out: columns by property, and what the dialect states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openproposals.guards import files, parsing
from openproposals.model import schema

ENDING = "-metadata.json"
KEY = "primaryKey"  # the property that stands for the column which is the table's key
_MOST = 16 << 20  # bytes of metadata
_INHERITED = ("propertyUrl", "aboutUrl", "datatype", "separator")
_PREFIXES = {
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/dc/elements/1.1/": "dcterms",
    "http://schema.org/": "schema",
    "https://schema.org/": "schema",
    "http://www.w3.org/2004/02/skos/core#": "skos",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "http://www.w3.org/ns/dcat#": "dcat",
}


@dataclass(frozen=True)
class CsvwTable:
    """What is said of a CSV. `columns`: by property, its possible columns. `stated`: keys of a sheet."""

    columns: Mapping[str, list[Any]] = field(default_factory=dict)
    stated: Mapping[str, Any] = field(default_factory=dict)


def read(csv: Path) -> CsvwTable:
    """What the metadata beside a CSV says of it; nothing where there is none that can be read."""
    beside = [
        csv.with_name(f"{csv.name}{ENDING}"),
        csv.with_name(f"csv{ENDING}"),
        *sorted(csv.parent.glob(f"*{ENDING}")),
    ]
    for path in dict.fromkeys(beside):
        for group, table in _tables(_json(path)):
            if str(table.get("url", csv.name)).rpartition("/")[2] == csv.name:
                return _table(path.parent, group, table)
    return CsvwTable()


def _json(path: Path) -> dict[str, Any]:
    try:
        said = parsing.from_json(files.data(path, follow=False, most=_MOST))
    except (OSError, parsing.Unparsable):
        return {}
    return said if isinstance(said, dict) else {}


def _tables(said: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each table of a description, with the group that it is of."""
    tables = said.get("tables")
    if isinstance(tables, list):
        yield from ((said, each) for each in tables if isinstance(each, Mapping))
    elif said:
        yield {}, said


def _table(folder: Path, group: Mapping[str, Any], table: Mapping[str, Any]) -> CsvwTable:
    rows = table.get("tableSchema", group.get("tableSchema", {}))
    if isinstance(rows, str):  # a file of its own, of the same folder: nothing is fetched
        rows = _json(folder / rows) if ":" not in rows and ".." not in rows and not rows.startswith("/") else {}
    if not isinstance(rows, Mapping):
        return CsvwTable()
    around = {key: each[key] for each in (group, table, rows) for key in _INHERITED if key in each}
    listed = rows.get("columns", [])
    columns = [{**around, **each} for each in listed if isinstance(each, Mapping) and not each.get("virtual")]
    found: dict[str, list[Any]] = {}
    named: dict[str, list[Any]] = {}
    for column in columns:
        name, cells = _property(column), [_cell(title, column) for title in _titles(column)]
        if name and column.get("aboutUrl") == columns[0].get("aboutUrl"):  # of the same thing
            found.setdefault(name, cells)
        named |= dict.fromkeys(_titles(column)[-1:], cells)
    key = rows.get(KEY)
    if isinstance(key, str) and key in named:
        found[KEY] = named[key]
    return CsvwTable(found, dict(_stated(table.get("dialect", group.get("dialect", {})), columns)))


def _titles(column: Mapping[str, Any]) -> list[str]:
    """What the column may be called in the file: each of its titles, in whatever language, and its name.

    >>> _titles({"titles": ["GID", "Id"], "name": "id"}), _titles({"titles": {"de": "Titel", "en": ["Title"]}})
    (['GID', 'Id', 'id'], ['Titel', 'Title'])
    """
    said = column.get("titles", [])
    listed = list(said.values()) if isinstance(said, Mapping) else [said]
    flat = [title for each in listed for title in (each if isinstance(each, list) else [each])]
    return [title for title in dict.fromkeys([*flat, column.get("name")]) if isinstance(title, str) and title]


def _property(column: Mapping[str, Any]) -> str:
    """The property that a column is, by its short name.

    >>> _property({"propertyUrl": "http://schema.org/{_name}", "name": "name"}), _property({"propertyUrl": "dc:title"})
    ('schema:name', 'dcterms:title')
    """
    iri = str(column.get("propertyUrl", "")).replace("{_name}", str(column.get("name", "")))
    iri = iri.replace("{#_name}", f"#{column.get('name', '')}")
    iri = re.sub("^dc(?:11)?:", "dcterms:", iri)  # dc is what the standard calls it
    prefixes = {space: prefix for prefix, space in schema.prefixes().items()} | _PREFIXES
    return next((f"{p}:{iri.removeprefix(space)}" for space, p in prefixes.items() if iri.startswith(space)), iri)


def _cell(title: str, column: Mapping[str, Any]) -> Any:
    """A column, or how it is read: its days by their format, its items by their separator."""
    form = column.get("datatype")
    said = str(form.get("format", "")) if isinstance(form, Mapping) and "date" in str(form.get("base")) else ""
    date = _date(said) if said else ""
    how = {"date": date} if date else {}
    return {"column": title, **how} if how else title


def _date(form: str) -> str:
    """A format of days of Unicode (UAX 35) as a mapping writes it; "" for one that has more than a day.

    >>> _date("M/d/yyyy"), _date("dd.MM.yyyy"), _date("yyyy-MM-dd"), _date("yyyy-MM-ddTHH:mm")
    ('M/D/YYYY', 'DD.MM.YYYY', '', '')
    """
    said = form.replace("y", "Y").replace("d", "D")
    return said if re.fullmatch(r"[YMD./ -]+", said) and said != "YYYY-MM-DD" else ""


def _stated(dialect: Any, columns: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """What the dialect says of the file, in the keys of a mapping's sheet."""
    said = dialect if isinstance(dialect, Mapping) else {}
    if said.get("delimiter"):
        yield "delimiter", said["delimiter"]
    if str(said.get("encoding", "utf-8")).lower() != "utf-8":
        yield "encoding", said["encoding"]
    forms = [column.get("datatype") for column in columns]
    numbers = [each.get("format") for each in forms if isinstance(each, Mapping)]
    if any(isinstance(each, Mapping) and each.get("decimalChar") == "," for each in numbers):
        yield "decimal", ","
