"""The sources for reference managers such as Zotero: CSL-JSON (schema 1.0.2) and BibTeX.

A work without a printed title gets our label in square brackets, as bibliographers mark a title that they supply.
An address that is not certain to be the work's is told in its note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from openproposals.dumps import blocks
from openproposals.dumps.references import JsonObject, bibtex, csl_json, person
from openproposals.model import schema
from openproposals.model.languages import Languages
from openproposals.model.tables import as_tables


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
