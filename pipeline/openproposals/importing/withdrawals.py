"""Rows that are gone: proposed entries for `withdrawn` in corpus.toml, which a person copies there or does not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from openproposals.corpus import edit
from openproposals.model import schema

FILE = "withdrawn-proposed.toml"


def lost(gone: Mapping[str, Sequence[str]], described: Mapping[str, Any]) -> dict[str, list[str]]:
    """Of the ids that no row has any more, by table, those of things with an IRI that corpus.toml does not withdraw."""
    withdrawn = described.get("withdrawn", {})
    found = {}
    for table, ids in gone.items():
        left = [one for one in ids if prefix(table) and f"{prefix(table)}{one}" not in withdrawn]
        if left:
            found[table] = left
    return found


def text(gone: Mapping[str, Sequence[str]], version: str) -> str:
    """The entries to copy into corpus.toml; "" for none. `version`: that of the corpus, which still had the rows."""
    first, *_ = version.split(".")
    since = f"{int(first) + 1}.0.0"  # to remove an IRI moves the first number
    entries: dict[tuple[str, ...], object] = {
        ("withdrawn", f"{prefix(t)}{one}", "since"): since for t, ids in gone.items() for one in ids
    }
    return edit.descriptor("", entries) if entries else ""


@cache
def prefix(table: str) -> str:
    """What the IRI of a table's row begins with, after the base: `proposal/`; "" where its rows have none.

    >>> prefix("proposals"), prefix("outcome-sources"), prefix("claims")
    ('proposal/', '', 'statistic/')
    """
    if table == "claims":  # each stands for a statistic of the same key
        return prefix("statistics")
    path = schema.shipped("schema") / f"{table}.jsonld"
    said = json.loads(path.read_text(encoding="utf-8")).get("@id", "") if path.is_file() else ""
    return str(said).removesuffix("{id}") if str(said).endswith("/{id}") and str(said).count("{") == 1 else ""
