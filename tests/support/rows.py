"""An independent reading of the row templates: one row at a time, filled as JSON and expanded by a JSON-LD processor.

Slow and plain on purpose: it shares no code with the columnar writers that it checks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from support.places import ROOT

SCHEMA = ROOT / "schema"
_HOLE = re.compile(r"\{([A-Za-z0-9_-]+)\}")
Row = Mapping[str, str | None]


def quads(table: str, rows: Iterable[Row], base: str) -> set[str]:
    """What the rows publish, as N-Triples lines. A localised hole, `{label_*}`, is filled from each column of a row."""
    template = json.loads((SCHEMA / f"{table}.jsonld").read_text(encoding="utf-8"))
    fields = json.loads((SCHEMA / f"{table}.json").read_text(encoding="utf-8"))["fields"]
    partial = {f["name"] for f in fields if f.get("partialDate")}
    context = json.loads((SCHEMA / "context.jsonld").read_text(encoding="utf-8"))["@context"] | {"@base": base}
    found: set[str] = set()
    for row in rows:
        node = _fill(_spoken(template, row), row, partial)
        if node is not None:
            text = json.dumps({"@context": context, **node})
            found |= {
                str(ox.Triple(q.subject, q.predicate, q.object)) for q in ox.parse(text, format=ox.RdfFormat.JSON_LD)
            }
    return found


def _spoken(value: Any, row: Row) -> Any:
    """A template value in which a localised hole is a map of holes by language, for the columns that the row has."""
    if isinstance(value, str) and value.endswith("_*}"):
        stem = value[1:-2]
        return {name[len(stem) :]: f"{{{name}}}" for name in row if re.fullmatch(f"{stem}[A-Za-z]{{2,3}}(-.+)?", name)}
    if isinstance(value, list):
        return [_spoken(item, row) for item in value]
    return {key: _spoken(item, row) for key, item in value.items()} if isinstance(value, dict) else value


def _fill(value: Any, row: Row, partial: set[str]) -> Any:
    """A template value with the row's cells in it; None where a cell is empty."""
    if isinstance(value, str):
        names = _HOLE.findall(value)
        if any(not row.get(name) for name in names):
            return None
        text = _HOLE.sub(lambda m: row[m[1]] or "", value)
        if names and names[0] in partial:
            kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(text)]
            return {"@value": text, "@type": f"http://www.w3.org/2001/XMLSchema#{kind}"}
        return text
    if isinstance(value, list):
        return [v for v in (_fill(item, row, partial) for item in value) if v is not None]
    filled = {_HOLE.sub(lambda m: row[m[1]] or "", k): _fill(v, row, partial) for k, v in value.items()}
    if "@id" in value and filled.get("@id") is None:
        return None
    return {k: v for k, v in filled.items() if v is not None}
