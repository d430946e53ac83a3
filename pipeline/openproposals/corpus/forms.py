"""The form that a key of corpus.toml wants, as it is written there: `title = { en = "..." }`."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from openproposals.messages import load

_LICENCES = "http://publications.europa.eu/resource/authority/licence/"


def form(rules: Mapping[str, Any], path: Iterable[str], cell: str) -> str:
    """A key with an example of its value, of the nearest key around it that has one; "" for none.

    path: of the key. cell: what stands there; of a licence's name the example is that licence.
    """
    here: Mapping[str, Any] = rules
    found, steps, place = "", [str(step) for step in path], ""
    for step in steps:
        place = f"{place}.{step}".lstrip(".")
        here = here.get("properties", {}).get(step) or here.get("additionalProperties") or {}
        if not isinstance(here, Mapping):
            break
        if "examples" in here:
            found = f"{place} = {toml(here['examples'][0])}"
        elif "enum" in here:
            near = difflib.get_close_matches(cell, [str(each) for each in here["enum"]], 1, 0.3)
            found = f"{place} = {toml(near[0] if near else here['enum'][0])}"
    if steps == ["licence"]:
        return f"licence = {toml(licence(cell) or here['examples'][0])}"
    return found


def toml(value: Any) -> str:
    """A value as TOML writes it in one line.

    >>> toml({"en": "..."}), toml(["GOVE"]), toml(True)
    ('{ en = "..." }', '["GOVE"]', 'true')
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def licence(named: str) -> str:
    """The IRI of the licence that a name most likely means; "" for none.

    >>> [licence(each).removeprefix(_LICENCES) for each in ("CC BY 4.0", "Licence Ouverte 2.0", "x")]
    ['CC_BY_4_0', 'ETALAB_2_0', '']
    """
    called = {}
    for code, known in load("catalog/registry")["licences"].items():
        for name in (code, known["spdx"], known["label"], *known["label"].split(" / "), known["url"]):
            called[_plain(name)] = code
    near = difflib.get_close_matches(_plain(named), called, 1, 0.7)
    return f"{_LICENCES}{called[near[0]]}" if near else ""


def _plain(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "", name.casefold())
    return words.removeprefix("https").removeprefix("http").removesuffix("version20")
