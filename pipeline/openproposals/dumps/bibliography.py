"""The sources for reference managers such as Zotero: CSL-JSON (schema 1.0.2) and BibTeX.

A work without a printed title gets our label in square brackets, as bibliographers mark a title that they supply.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from openproposals.dumps import blocks
from openproposals.model import schema
from openproposals.model.languages import Languages
from openproposals.model.tables import as_tables

JsonObject = dict[str, Any]
_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    sign: f"\\{sign}" for sign in "{}$&%#_"
}


def write(tables: Mapping[str, pl.DataFrame], base: str, csl: blocks.Sink, bib: blocks.Sink) -> None:
    """Write the sources as CSL-JSON and as BibTeX, both in UTF-8, in the order of their table."""
    csl.write(b"[")
    first = True
    for items in works(tables, base):
        csl.write((("\n" if first else ",\n") + csl_json(items)).encode())
        bib.write((("" if first else "\n") + bibtex(items)).encode())
        first = False
    csl.write(b"\n]\n")


def works(tables: Mapping[str, pl.DataFrame], base: str) -> Iterator[list[JsonObject]]:
    """The sources as CSL-JSON items, a batch at a time."""
    tables = as_tables(tables)
    spoken = schema.spoken(tables.all_names)
    names = [f"label_{tag}" for tag in spoken.own]
    labels = dict(tables.columns("agents", ["id", *names]).select("id", pl.coalesce(names)).iter_rows())
    for batch in tables.batches("sources"):
        yield [_work(row, labels, spoken, base) for row in batch.iter_rows(named=True)]


def _work(row: JsonObject, agents: Mapping[str, str], spoken: Languages, base: str) -> JsonObject:
    language = next((tag for tag in spoken.of("printed") if row[f"title_{tag}"]), "")
    title = row[f"title_{language}"] if language else None
    label = next((said for tag in spoken.own if (said := row[f"label_{tag}"])), row["id"])
    item: JsonObject = {"id": row["id"], "type": "document", "title": title or f"[{label}]"}
    item |= {"language": language} if title else {}
    publisher = agents.get(row["publisher"] or "")
    if publisher:
        item |= {"author": [{"literal": publisher}], "publisher": publisher}
    if row["issued"]:
        item["issued"] = {"date-parts": [[int(part) for part in row["issued"].split("-")]]}
    notes = [f"openproposals: {base}source/{row['id']}"]
    if row["archived_url"]:
        notes.append(f"archive: {row['archived_url']}")
    if row["commissioner"] in agents:
        notes.append(f"commissioned by: {agents[row['commissioner']]}")
    url = row["url"] or row["archived_url"]
    return item | ({"URL": url} if url else {}) | ({"page": row["pages"]} if row["pages"] else {}) | {
        "note": " ; ".join(notes)
    }  # fmt: skip


def csl_json(items: list[JsonObject]) -> str:
    """The members of a CSL-JSON array, one on each line."""
    return ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)


def bibtex(items: list[JsonObject]) -> str:
    """The items as BibTeX entries, with a blank line between two."""
    return "\n".join(map(_entry, items))


def _entry(item: JsonObject) -> str:
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in _fields(item))
    return f"@misc{{{item['id']},\n{fields}\n}}\n"


def _fields(item: JsonObject) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{escaped(item['title'])}}}"
    if "author" in item:
        yield "author", f"{{{escaped(item['publisher'])}}}"  # an inner brace: an organisation, not a person's name
        yield "publisher", escaped(item["publisher"])
    if "issued" in item:
        (parts,) = item["issued"]["date-parts"]
        yield "year", f"{parts[0]:04}"
        yield from (("month", str(month)) for month in parts[1:2])
        yield from (("day", str(day)) for day in parts[2:3])
    if "page" in item:
        yield "pages", escaped(item["page"])
    if "URL" in item:
        yield "url", re.sub(r"[{}\\]", lambda m: f"%{ord(m[0]):02X}", item["URL"])
    yield "note", escaped(item["note"])


def escaped(text: str) -> str:
    r"""A text with the special characters of TeX escaped and its white space made single spaces.

    >>> print(escaped("50 % & {x}_y"))
    50 \% \& \{x\}\_y
    """
    return "".join(_ESCAPES.get(sign, sign) for sign in " ".join(text.split()))
