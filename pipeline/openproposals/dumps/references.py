"""Works as reference managers have them: CSL-JSON (schema 1.0.2) and BibTeX, of items in CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

JsonObject = dict[str, Any]
_ESCAPES = str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {sign: f"\\{sign}" for sign in "{}$&%#_"}
)


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
    return " ".join(text.split()).translate(_ESCAPES)
