"""CSVW metadata of each CSV file, derived from the triple patterns: a CSVW processor makes the same triples from it.

CSVW (https://www.w3.org/TR/tabular-metadata/) has no conditions, and a column gives one triple. So a pattern becomes a
virtual column if all its cells are required, else a property of its own column, once for each column; a choice becomes
a URI template. What CSVW cannot express is left out, never written wrongly: dates of mixed precision, whose datatype
depends on the cell, and a second literal from one column. `left_out` gives these patterns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openproposals.model import schema
from openproposals.model.templates import XSD, Hole, Iri, Pattern, Template

_DATATYPES = {
    "anyURI": "anyURI", "boolean": "boolean", "date": "date", "dateTime": "dateTime", "decimal": "decimal",
    "integer": "integer", "nonNegativeInteger": "nonNegativeInteger", "string": "string", "hexBinary": "hexBinary",
    "gYear": "gYear", "gYearMonth": "gYearMonth",
}  # fmt: skip


def metadata(table: schema.Table, files: Sequence[str], template: Template | None) -> bytes:
    """The metadata of a table's CSV file, or of the files in which it is published in parts.

    Without a template (a flat view), it describes columns and makes no triples. Of several parts it is a table group.
    """
    columns, virtual = _columns(table, template)
    context: dict[str, Any] = {"@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}]}
    described: dict[str, Any] = {
        "dc:title": _tagged(schema.said(table.descriptor, "title")),
        "dc:description": _tagged(schema.said(table.descriptor, "description")),
        "tableSchema": {
            "columns": columns + virtual,
            "primaryKey": list(table.key) if len(table.key) > 1 else table.key[0],
        },
    }
    if len(files) == 1:
        found = {**context, "url": _beside(files[0]), **described}
    else:
        shared = described.pop("tableSchema")
        found = {
            **context,
            **described,
            "tables": [{"url": _beside(file)} for file in files],
            "tableSchema": shared,
        }
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def _beside(file: str) -> str:
    """The address of a file, seen from the metadata, which stand beside the table's file or folder."""
    return file.removeprefix("tables/")


def left_out(template: Template) -> list[Pattern]:
    """The patterns that CSVW cannot express."""
    free: set[str] = set()
    return [p for p in _unguarded(template) if _place(p, free) == ""]


def _columns(table: schema.Table, template: Template | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    columns = {column.name: _column(column) for column in table.columns}
    virtual: list[dict[str, Any]] = []
    taken: set[str] = set()
    for pattern in _unguarded(template) if template else ():
        place = _place(pattern, taken)
        if not place:
            continue
        said = _said(pattern)
        if place == "_virtual":
            virtual.append({"virtual": True, "name": f"said_{len(virtual) + 1}", **said})
        else:
            columns[place] = {**{k: v for k, v in columns[place].items() if k != "suppressOutput"}, **said}
    return list(columns.values()), virtual


def _column(column: schema.Column) -> dict[str, Any]:
    """The description of a column, without triples; its pattern adds those."""
    return {
        "name": column.name,
        "titles": column.name,
        "dc:title": _tagged(column.title),
        "dc:description": _tagged(column.description),
        "required": column.required,
        "suppressOutput": True,
    }


def _tagged(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]


def _unguarded(template: Template) -> Iterator[Pattern]:
    """Every pattern; of the variants of a choice, the first only."""
    seen = set()
    for pattern in template.patterns:
        value = _url(pattern.object) if isinstance(pattern.object, Iri) else ""
        choice = (_url(pattern.subject), _chosen(pattern, pattern.predicate), _chosen(pattern, value))
        if not (pattern.guard and pattern.guard.equals and choice in seen):
            yield pattern
        seen.add(choice)


def _place(pattern: Pattern, taken: set[str]) -> str:
    """The column that gives a pattern, `_virtual` for a virtual column, or "" where CSVW cannot express it."""
    if pattern.guard and pattern.guard.length:
        return ""
    link = isinstance(pattern.object, Iri)
    parts = (*pattern.subject.parts, *(pattern.object.parts if isinstance(pattern.object, Iri) else ()))
    certain = all(part.column.required for part in parts if isinstance(part, Hole))
    holes = pattern.object.holes
    if certain and (link or not holes):
        return "_virtual"  # leaves the column itself free for a literal
    if len(holes) == 1 and holes[0] not in taken:
        taken.add(holes[0])
        return holes[0]
    return ""


def _said(pattern: Pattern) -> dict[str, Any]:
    said: dict[str, Any] = {"aboutUrl": _url(pattern.subject), "propertyUrl": _chosen(pattern, pattern.predicate)}
    if isinstance(pattern.object, Iri):
        return said | {"valueUrl": _chosen(pattern, _url(pattern.object))}
    if pattern.object.language:
        said |= {"lang": pattern.object.language}
    else:
        said |= {"datatype": _DATATYPES[pattern.object.datatype.removeprefix(XSD)]}
    return said if isinstance(pattern.object.value, Hole) else said | {"default": pattern.object.value}


def _chosen(pattern: Pattern, text: str) -> str:
    """The property or class of a choice as a URI template: the column in place of its value."""
    if pattern.guard is None or not pattern.guard.equals or not text.endswith(pattern.guard.equals):
        return text
    return text.removesuffix(pattern.guard.equals) + f"{{{pattern.guard.column}}}"


def _url(iri: Iri) -> str:
    """An IRI as a URI template; `{+x}` for a cell that is a whole IRI, which must not be percent-encoded."""
    whole = len(iri.parts) == 1
    return "".join(f"{{{'+' if whole else ''}{p.name}}}" if isinstance(p, Hole) else p for p in iri.parts)
