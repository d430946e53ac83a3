"""A mapping as TOML that a person can read and change: a section for each sheet and table, one line for each cell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def text(said: Mapping[str, Any]) -> str:
    """The text of a mapping: plain keys first, then `[sheets.NAME]`, then a section for each table.

    >>> print(text({"unused": ["a"], "sheets": {"s": {"file": "s.csv"}}, "proposals": {"from": "s", "label": "b"}}))
    unused = ["a"]
    <BLANKLINE>
    [sheets.s]
    file = "s.csv"
    <BLANKLINE>
    [proposals]
    from = "s"
    label = "b"
    <BLANKLINE>
    """
    lines = [f"{key(name)} = {value(each)}" for name, each in said.items() if not isinstance(each, Mapping)]
    for name, each in said.get("sheets", {}).items():
        lines += ["", f"[sheets.{key(name)}]", *_pairs(each)]
    for name, each in said.items():
        if isinstance(each, Mapping) and name != "sheets":
            lines += ["", f"[{key(name)}]", *_pairs(each)]
    return "\n".join([*lines, ""])


def _pairs(said: Mapping[str, Any]) -> Iterator[str]:
    return (f"{key(name)} = {value(each)}" for name, each in said.items())


def value(said: Any) -> str:
    """A value in one line.

    >>> value({"column": "a", "values": {"x y": "z"}}), value(["é", "b"]), value(True)
    ('{ column = "a", values = { "x y" = "z" } }', '["é", "b"]', 'true')
    """
    if isinstance(said, Mapping):
        return "{ " + ", ".join(_pairs(said)) + " }" if said else "{}"
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else value(name)
