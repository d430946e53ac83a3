"""CITATION.cff (https://citation-file-format.github.io/, 1.2.0): how to cite the release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from openproposals.catalog import history, registry


def cff(descriptor: Mapping[str, Any]) -> bytes:
    """The file as YAML: every value is written as JSON, which is valid YAML.

    U+2028 and U+2029 are escaped, because YAML 1.1 treats them as line ends.
    """
    one = registry.leading(descriptor)
    licence = registry.licence(str(descriptor["licence"]))
    publisher: dict[str, str] = {"name": descriptor["publisher"]["name"]}
    if "homepage" in descriptor["publisher"]:
        publisher["website"] = descriptor["publisher"]["homepage"]
    said: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": descriptor["title"][one],
        "abstract": descriptor["description"][one],
        "authors": [publisher],
        "version": descriptor["version"],
        "date-released": history.dates(descriptor)[1],
        "url": descriptor["site"],
        "identifiers": [{"type": "url", "value": descriptor["base"], "description": "The IRI of the dataset"}],
        **({"license": licence.spdx} if licence else {"license-url": descriptor["licence"]}),
    }
    if descriptor.get("keywords", {}).get(one):
        said["keywords"] = descriptor["keywords"][one]
    text = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items())
    return text.replace("\u2028", r"\u2028").replace("\u2029", r"\u2029").encode()
