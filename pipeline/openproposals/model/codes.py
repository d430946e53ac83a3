"""The words of the code lists: what a code means, in the reader's language, as `schema/codes/` says it."""

from __future__ import annotations

from functools import cache

from openproposals.messages import Language
from openproposals.model import rdf, schema

STANDS = frozenset({"in-place", "moved", "reworded-form"})  # grades under which a passage stands in a document
_SKOS = "http://www.w3.org/2004/02/skos/core#"


@cache
def _said() -> dict[tuple[str, str, str], str]:
    """By list, code and language and property: every word."""
    found = {}
    for path in sorted((schema.shipped("schema") / "codes").glob("*.ttl")):
        for subject, predicate, value in rdf.parse(path.read_bytes(), "turtle"):
            if isinstance(value, rdf.LiteralTerm) and predicate.startswith(_SKOS):
                name = subject.value.removeprefix("https://w3id.org/openproposals/code/")
                found[name, predicate.removeprefix(_SKOS), value.language] = value.value
    return found


@cache
def _broader() -> dict[str, str]:
    prefix = "https://w3id.org/openproposals/code/"
    return {
        subject.value.removeprefix(prefix): value.value.removeprefix(prefix)
        for path in sorted((schema.shipped("schema") / "codes").glob("*.ttl"))
        for subject, predicate, value in rdf.parse(path.read_bytes(), "turtle")
        if predicate == f"{_SKOS}broader" and not isinstance(value, rdf.LiteralTerm)
    }


def label(scheme: str, code: str, language: Language) -> str:
    """A code's label.

    >>> label("citation", "dangling", "fr")
    'appel sans note'
    """
    return _said()[f"{scheme}/{code}", "prefLabel", language]


def is_under(scheme: str, code: str, above: str) -> bool:
    """Whether a code is filed under another.

    >>> is_under("remark", "dated-source", "lead")
    True
    """
    return _broader().get(f"{scheme}/{code}") == f"{scheme}/{above}"
