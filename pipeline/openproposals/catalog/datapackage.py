"""The Data Package (version 2) of a release's CSV files, their Table Schemas inlined."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from openproposals.catalog import history, in_parts, registry, tableschemas
from openproposals.model import schema
from openproposals.release.ours import FileDigest


def data_package(
    descriptor: Mapping[str, Any],
    entries: Mapping[str, FileDigest],
    published: Sequence[schema.Table],
    flat: schema.Table,
) -> bytes:
    """datapackage.json: a resource for each published table, and one for figures.csv, whose schema is `flat`."""
    names, one = {table.name for table in published}, registry.leading(descriptor)
    files = [(f"tables/{table.name}.csv", table) for table in published] + [("figures.csv", flat)]
    contact = {"title": descriptor["contact"]["name"], "email": descriptor["contact"]["email"], "roles": ["contact"]}
    publisher = {"title": descriptor["publisher"]["name"], "path": descriptor["publisher"].get("homepage", "")}
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": descriptor["name"],
        "id": descriptor["base"],
        **_by_language("title", descriptor, one),
        **_by_language("description", descriptor, one),
        "version": descriptor["version"],
        "created": f"{history.dates(descriptor)[1]}T00:00:00Z",
        "homepage": descriptor["site"],
        "licenses": [licence(descriptor)],
        "contributors": [{**{k: v for k, v in publisher.items() if v}, "roles": ["publisher"]}, contact],
        "keywords": descriptor.get("keywords", {}).get(one, []),
        "resources": [_resource(path, table, entries[path], names) for path, table in files],
    }
    if not package["keywords"]:  # the profile allows no empty list
        del package["keywords"]
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _by_language(key: str, descriptor: Mapping[str, Any], one: str) -> dict[str, str]:
    """A text in the language `one` under its key, and in each other language under `key_<language>`."""
    texts = descriptor[key]
    return {key: texts[one], **{f"{key}_{tag}": text for tag, text in texts.items() if tag != one}}


def licence(descriptor: Mapping[str, Any]) -> dict[str, str]:
    """The licence in a Data Package: SPDX identifier, title and address if it is known, else its address alone."""
    found = registry.licence(str(descriptor["licence"]))
    return {"name": found.spdx, "title": found.label, "path": found.url} if found else {"path": descriptor["licence"]}


def _resource(path: str, table: schema.Table, entry: FileDigest, names: set[str]) -> dict[str, Any]:
    whole = {"bytes": entry.size, "hash": f"sha256:{entry.sha256}"}
    parted = isinstance(entry, in_parts.PartedFile)
    return {
        "name": table.name,
        "type": "table",
        "path": [*in_parts.parts_of(path, entry)] if parted else path,
        "title": table.descriptor["title"],
        "description": table.descriptor["description"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **({"bytes": entry.size} if parted else whole),
        "schema": tableschemas.inlined(table, names),
    }
