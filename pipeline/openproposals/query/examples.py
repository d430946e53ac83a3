"""The example queries (`docs/queries`), described in French and English, in the format of the SIB's SPARQL examples."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openproposals.errors import UsageError
from openproposals.model import rdf, schema

_SH = "http://www.w3.org/ns/shacl#"
_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
_LABELS = re.compile(r'(LANG\(\?\w+\)) = "(?:fr|en)"')
_KEYWORDS = "https://schema.org/keywords"


@dataclass(frozen=True)
class Example:
    """An example: its name, its question by language, its keywords and its SPARQL query."""

    name: str
    question: dict[str, str]
    keywords: tuple[str, ...]
    query: str

    def asked(self, language: str) -> str:
        """The query with labels in that language: the language in `LANG(?label) = "fr"` is replaced."""
        return _LABELS.sub(rf'\1 = "{language}"', self.query)


@cache
def load() -> tuple[Example, ...]:
    """Every example (`sh:SPARQLExecutable`), in order of name."""
    return tuple(_example(path) for path in sorted(schema.shipped("docs/queries").glob("[0-9]*.ttl")))


def described(name: str) -> list[rdf.Triple]:
    """The triples that describe an example, or the prefixes of all (`prefixes`)."""
    return rdf.parse((schema.shipped("docs/queries") / f"{name}.ttl").read_bytes(), "turtle")


def find(name: str) -> Example:
    """The example with that name, number, or name without its number. Raises UsageError, with a list: there is none."""
    known = load()
    for example in known:
        number, _, words = example.name.partition("-")
        if name.lower() in (example.name, number, number.lstrip("0"), words):
            return example
    names = [example.name for example in known]
    near = (difflib.get_close_matches(name, names, 1, 0.4) or names)[0]
    raise UsageError("no-example", named=name, known=", ".join(names), near=near)


def _example(path: Path) -> Example:
    said: dict[str, list[rdf.LiteralTerm]] = {}
    for _, predicate, value in rdf.parse(path.read_bytes(), "turtle"):
        if isinstance(value, rdf.LiteralTerm):
            said.setdefault(predicate, []).append(value)
    return Example(
        name=path.stem,
        question={text.language: text.value for text in said[_COMMENT]},
        keywords=tuple(text.value for text in said[_KEYWORDS]),
        query=said[_SH + "select"][0].value,
    )
