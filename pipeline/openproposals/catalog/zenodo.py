"""A deposit at Zenodo (https://developers.zenodo.org/#deposit-metadata): its metadata, as `.zenodo.json`.

docs/decisions/0008-companions.md says how the documentation was read, and who uses the file.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from openproposals.catalog import history, registry

DEPOSIT = ".zenodo.json"


def zenodo(descriptor: Mapping[str, Any]) -> bytes | None:
    """The metadata of a deposit, without a DOI; None for a licence that is not in registry.toml.

    Zenodo takes a deposit without a licence for one under CC0, which the publisher has not said. Texts that may hold
    HTML are escaped.
    """
    licence, one = registry.licence(str(descriptor["licence"])), registry.leading(descriptor)
    if licence is None:
        return None
    previous = history.previous(descriptor)
    related = [{"identifier": descriptor["base"], "relation": "isAlternateIdentifier", "resource_type": "dataset"}]
    if previous:
        related.append({"identifier": previous, "relation": "isNewVersionOf", "resource_type": "dataset"})
    found: dict[str, Any] = {
        "upload_type": "dataset",
        "title": descriptor["title"][one],
        "description": html.escape(descriptor["description"][one], quote=False),
        "notes": html.escape(descriptor["rights"][one], quote=False),
        "creators": [{"name": descriptor["publisher"]["name"]}],
        "contributors": [{"name": descriptor["contact"]["name"], "type": "ContactPerson"}],
        "publication_date": history.dates(descriptor)[1],
        "access_right": "open",
        "license": licence.spdx.lower(),
        "version": descriptor["version"],
        "language": registry.authority_code(descriptor["languages"][0]).lower(),
        "related_identifiers": related,
    }
    if descriptor.get("keywords", {}).get(one):
        found["keywords"] = descriptor["keywords"][one]
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
