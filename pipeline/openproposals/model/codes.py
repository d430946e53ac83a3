"""The code lists of `schema/codes/`: the labels of codes by language, and their hierarchy."""

from __future__ import annotations

from functools import cache

from openproposals.messages import Language, Translated
from openproposals.model import rdf, schema

STANDS = frozenset({"in-place", "found", "moved", "reworded-form"})  # grades under which a passage stands in a document
_CODE = "https://w3id.org/openproposals/code/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"


@cache
def _labels() -> dict[str, dict[str, str]]:
    """By list/code, then by language: every label of the code lists, English first."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((schema.shipped("schema") / "codes").glob("*.ttl")):
        for subject, predicate, value in rdf.parse(path.read_bytes(), "turtle"):
            if isinstance(value, rdf.LiteralTerm) and predicate == f"{_SKOS}prefLabel":
                name = subject.value.removeprefix(_CODE)
                found.setdefault(name, {})[value.language] = value.value
    return {name: {"en": texts["en"], **texts} for name, texts in found.items()}


@cache
def _broader() -> dict[str, str]:
    return {
        subject.value.removeprefix(_CODE): value.value.removeprefix(_CODE)
        for path in sorted((schema.shipped("schema") / "codes").glob("*.ttl"))
        for subject, predicate, value in rdf.parse(path.read_bytes(), "turtle")
        if predicate == f"{_SKOS}broader" and not isinstance(value, rdf.LiteralTerm)
    }


def label(scheme: str, code: str, language: Language) -> str:
    """The label of a code.

    >>> label("citation", "dangling", "fr")
    'appel sans note'
    """
    return Translated(_labels()[f"{scheme}/{code}"]).say(language)


def labels(iri: str) -> dict[str, str]:
    """The labels of a code by language, by its IRI; {} for what is no code."""
    return dict(_labels().get(iri.removeprefix(_CODE), {})) if iri.startswith(_CODE) else {}


def iris() -> list[str]:
    """The IRIs of the code lists and of their codes."""
    return [_CODE + name for name in _labels()]


def is_under(scheme: str, code: str, above: str) -> bool:
    """Whether a code has `above` as its broader code.

    >>> is_under("remark", "dated-source", "lead")
    True
    """
    return _broader().get(f"{scheme}/{code}") == f"{scheme}/{above}"
