"""The example questions: files in the form of SIB's, described in French and English, shipped with the program."""

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
    """One question: its name, what it asks in each language, its keywords and its query."""

    name: str
    question: dict[str, str]
    keywords: tuple[str, ...]
    query: str

    def asked(self, language: str) -> str:
        """The query with its labels in that language: `LANG(?label) = "fr"` asks for the language given."""
        return _LABELS.sub(rf'\1 = "{language}"', self.query)


@cache
def load() -> tuple[Example, ...]:
    """Every example (`sh:SPARQLExecutable`), in the order of their names."""
    return tuple(_example(path) for path in sorted(schema.shipped("docs/queries").glob("[0-9]*.ttl")))


def find(name: str) -> Example:
    """The example of that name, number, or name without its number. Refused: another (UsageError, which lists them)."""
    known = load()
    for example in known:
        number, _, words = example.name.partition("-")
        if name.lower() in (example.name, number, number.lstrip("0"), words):
            return example
    near = difflib.get_close_matches(name, [e.name for e in known], 1, 0.4)
    raise UsageError(
        f"no example is called {name!r}",
        why="the examples are " + ", ".join(e.name for e in known),
        mend=f"--example {near[0] if near else known[0].name}; openproposals query --examples says what each asks",
    )


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
