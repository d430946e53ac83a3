"""Published Table Schemas: inside the data package, and each as a file for schema.data.gouv.fr and Validata."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any

from openproposals.catalog import history
from openproposals.model import schema

_OURS = ("origin", "foreignKeys")


def inlined(table: schema.Table, published: Set[str]) -> dict[str, Any]:
    """A Table Schema without foreign keys to tables that are not published (all such cells are empty)."""
    links = [
        key
        for key in table.descriptor.get("foreignKeys", ())
        if not key["reference"]["resource"] or key["reference"]["resource"] in published
    ]
    return {**_plain(table), "foreignKeys": links} if links else _plain(table)


def alone(table: schema.Table, file: str, descriptor: Mapping[str, Any]) -> bytes:
    """A Table Schema as a file, with the keys that schema.data.gouv.fr requires, without foreign keys."""
    site, (created, modified) = str(descriptor["site"]), history.dates(descriptor)
    found = {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": table.name,
        "title": table.descriptor["title_fr"],
        "description": table.descriptor["description_fr"],
        "homepage": site,
        "path": f"{site}schemas/{table.name}.json",
        "version": descriptor["version"],
        "created": created,
        "lastModified": modified,
        "contributors": [
            {
                "title": descriptor["publisher"]["name"],
                "email": descriptor["contact"]["email"],
                "role": "author",
            }
        ],
        "resources": [{"title": table.descriptor["title_fr"], "path": site + file}],
    }
    body = {"title_en": table.descriptor["title"], "description_en": table.descriptor["description"]}
    rest = {k: v for k, v in _plain(table).items() if k not in found}
    return (json.dumps({**found, **body, **rest}, ensure_ascii=False, indent=2) + "\n").encode()


def _plain(table: schema.Table) -> dict[str, Any]:
    return {key: value for key, value in table.descriptor.items() if key not in _OURS}
