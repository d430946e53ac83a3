"""The sources as reference managers take them: CSL-JSON (schema 1.0.2) and BibTeX, for Zotero and its like.

A work whose title is not printed gets our label, in square brackets, as a bibliographer supplies one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from openproposals.dumps import blocks
from openproposals.model.tables import as_tables

JsonObject = dict[str, Any]
_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    sign: f"\\{sign}" for sign in "{}$&%#_"
}


def write(tables: Mapping[str, pl.DataFrame], base: str, csl: blocks.Sink, bib: blocks.Sink) -> None:
    """The sources as a CSL-JSON file and as a BibTeX file, both in UTF-8, in the order of their table."""
    csl.write(b"[")
    first = True
    for items in works(tables, base):
        csl.write((("\n" if first else ",\n") + csl_json(items)).encode())
        bib.write((("" if first else "\n") + bibtex(items)).encode())
        first = False
    csl.write(b"\n]\n")


def works(tables: Mapping[str, pl.DataFrame], base: str) -> Iterator[list[JsonObject]]:
    """The sources as CSL-JSON items, some at a time."""
    tables = as_tables(tables)
    agents = tables.columns("agents", ["id", "label_fr", "label_en"])
    labels = dict(agents.select("id", pl.coalesce("label_fr", "label_en")).iter_rows())
    for batch in tables.batches("sources"):
        yield [_work(row, labels, base) for row in batch.iter_rows(named=True)]


def _work(row: JsonObject, agents: Mapping[str, str], base: str) -> JsonObject:
    language = "fr" if row["title_fr"] or not row["title_en"] else "en"
    title = row[f"title_{language}"]
    label = row["label_fr"] or row["label_en"] or row["id"]
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
        notes.append(f"commanditaire / commissioned by: {agents[row['commissioner']]}")
    url = row["url"] or row["archived_url"]
    return item | ({"URL": url} if url else {}) | ({"page": row["pages"]} if row["pages"] else {}) | {
        "note": " ; ".join(notes)
    }  # fmt: skip


def csl_json(items: list[JsonObject]) -> str:
    """The members of a CSL-JSON array, one a line."""
    return ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)


def bibtex(items: list[JsonObject]) -> str:
    """BibTeX entries, a blank line between two."""
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
    r"""A text in which TeX sees no command of its own.

    >>> print(escaped("50 % & {x}_y"))
    50 \% \& \{x\}\_y
    """
    return "".join(_ESCAPES.get(sign, sign) for sign in " ".join(text.split()))
