"""The sources for reference managers such as Zotero: CSL-JSON (schema 1.0.2) and BibTeX.

A work without a printed title gets our label in square brackets, as bibliographers mark a title that they supply.
An address that is not certain to be the work's is told in its note.
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
    other = keys(as_tables(tables).columns("sources", ["id"])["id"])
    for items in works(tables, base):
        csl.write((("\n" if first else ",\n") + csl_json(items)).encode())
        bib.write((("" if first else "\n") + bibtex(items, other)).encode())
        first = False
    csl.write(b"\n]\n")


def keys(ids: pl.Series) -> dict[str, str]:
    """The BibTeX keys that are not the identifiers themselves: BibTeX takes two that differ by case for one.

    >>> keys(pl.Series(["insee", "INSEE", "insee-2", "Insee"]))
    {'INSEE': 'INSEE-3', 'Insee': 'Insee-4'}
    """
    folded = ids.str.to_lowercase()
    repeated = ids.filter(~folded.is_first_distinct())
    taken, found = set(folded.to_list()) if len(repeated) else set(), {}
    for key in repeated:
        number = 2
        while f"{key.lower()}-{number}" in taken:
            number += 1
        found[key] = f"{key}-{number}"
        taken.add(found[key].lower())
    return found


def works(tables: Mapping[str, pl.DataFrame], base: str) -> Iterator[list[JsonObject]]:
    """The sources as CSL-JSON items, a batch at a time."""
    tables = as_tables(tables)
    spoken = schema.spoken(tables.all_names)
    names = [f"label_{tag}" for tag in spoken.own]
    agents = tables.columns("agents", ["id", "kind", *names])
    labels = dict(agents.select("id", pl.coalesce(names)).iter_rows())
    persons = frozenset(agents.filter(kind="Person")["id"])
    for batch in tables.batches("sources"):
        yield [_work(row, labels, persons, spoken, base) for row in batch.iter_rows(named=True)]


def _work(
    row: JsonObject, agents: Mapping[str, str], persons: frozenset[str], spoken: Languages, base: str
) -> JsonObject:
    language = next((tag for tag in spoken.of("printed") if row[f"title_{tag}"]), "")
    title = row[f"title_{language}"] if language else None
    label = next((said for tag in spoken.own if (said := row[f"label_{tag}"])), row["id"])
    item: JsonObject = {"id": row["id"], "type": "document", "title": title or f"[{label}]"}
    item |= {"language": language} if title else {}
    publisher = agents.get(row["publisher"] or "")
    if publisher:
        author = person(publisher) if row["publisher"] in persons else {"literal": publisher}
        item |= {"author": [author], "publisher": publisher}
    if row["issued"]:
        item["issued"] = {"date-parts": [[int(part) for part in row["issued"].split("-")]]}
    notes = [f"openproposals: {base}source/{row['id']}"]
    if row["archived_url"]:
        notes.append(f"archive: {row['archived_url']}")
    if row["commissioner"] in agents:
        notes.append(f"commissioned by: {agents[row['commissioner']]}")
    uncertain = row["trace_status"] == "located-uncertain"
    if uncertain and row["url"]:
        notes.append(f"address, not certain: {row['url']}")
    url = (None if uncertain else row["url"]) or row["archived_url"]
    return item | ({"URL": url} if url else {}) | ({"page": row["pages"]} if row["pages"] else {}) | {
        "note": " ; ".join(notes)
    }  # fmt: skip


def person(name: str) -> dict[str, str]:
    """A person's name in two parts: those that a comma divides, else the last word, with the small ones before it.

    >>> person("Ursula von der Leyen"), person("García Márquez, Gabriel")
    ({'family': 'von der Leyen', 'given': 'Ursula'}, {'family': 'García Márquez', 'given': 'Gabriel'})
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given:
        return {"family": family, "given": given}
    words = name.split()
    first = len(words) - 1
    while first > 1 and words[first - 1].islower():
        first -= 1
    parts = {"family": " ".join(words[first:]), "given": " ".join(words[:first])}
    return {part: said for part, said in parts.items() if said}


def csl_json(items: list[JsonObject]) -> str:
    """The members of a CSL-JSON array, one on each line."""
    return ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)


def bibtex(items: list[JsonObject], other: Mapping[str, str] | None = None) -> str:
    """The items as BibTeX entries, with a blank line between two. `other` has the keys that are not the identifiers."""
    return "\n".join(_entry(item, (other or {}).get(item["id"], item["id"])) for item in items)


def _entry(item: JsonObject, key: str) -> str:
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in _fields(item))
    return f"@misc{{{key},\n{fields}\n}}\n"


def _fields(item: JsonObject) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{escaped(item['title'])}}}"
    if "author" in item:
        (author,) = item["author"]
        yield "author", _author(author)
        yield "publisher", escaped(item["publisher"])
    if "issued" in item:
        (parts,) = item["issued"]["date-parts"]
        yield "year", f"{parts[0]:04}"
        yield from (("month", str(month)) for month in parts[1:2])
        yield from (("day", str(day)) for day in parts[2:3])
    if "container-title" in item:
        yield "howpublished", escaped(", ".join(item[key] for key in ("container-title", "version") if item.get(key)))
    if "page" in item:
        yield "pages", escaped(item["page"])
    if "URL" in item:
        yield "url", re.sub(r"[{}\\]", lambda m: f"%{ord(m[0]):02X}", item["URL"])
    yield "note", escaped(item["note"])


def _author(author: Mapping[str, str]) -> str:
    """An author: a person as family and given name, each in braces of its own; an organisation in braces, whole."""
    parts = [author[part] for part in ("family", "given") if part in author] or [author["literal"]]
    return ", ".join(f"{{{escaped(part)}}}" for part in parts)


def escaped(text: str) -> str:
    r"""A text with the special characters of TeX escaped and its white space made single spaces.

    >>> print(escaped("50 % & {x}_y"))
    50 \% \& \{x\}\_y
    """
    return "".join(_ESCAPES.get(sign, sign) for sign in " ".join(text.split()))
