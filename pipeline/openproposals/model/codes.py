"""The code lists of `schema/codes/`: the labels of codes in English and French, and their hierarchy."""

from __future__ import annotations

from functools import cache

from openproposals.messages import Language
from openproposals.model import rdf, schema

STANDS = frozenset({"in-place", "found", "moved", "reworded-form"})  # grades under which a passage stands in a document
_SKOS = "http://www.w3.org/2004/02/skos/core#"


@cache
def _texts() -> dict[tuple[str, str, str], str]:
    """By (list/code, SKOS property, language): every text of the code lists."""
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
    """The label of a code.

    >>> label("citation", "dangling", "fr")
    'appel sans note'
    """
    return _texts()[f"{scheme}/{code}", "prefLabel", language]


def is_under(scheme: str, code: str, above: str) -> bool:
    """Whether a code has `above` as its broader code.

    >>> is_under("remark", "dated-source", "lead")
    True
    """
    return _broader().get(f"{scheme}/{code}") == f"{scheme}/{above}"
