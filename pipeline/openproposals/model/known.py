"""What IRIs of others, and the codes of the code lists, are called: labels for IRIs that a dump uses without one."""

from __future__ import annotations

from functools import cache

from openproposals.messages import LANGUAGES, own_texts
from openproposals.model import codes, lists

_WORD = 4  # letters: a shorter name of a unit is a symbol or a code
_ENGLISH = ("ISO 639", "ISO 3166")  # lists whose last name of a code is its English name


def labels(iri: str) -> dict[str, str]:
    """The labels of an IRI by language, "" where the language of a name is not known; {} where none is known.

    Those of the files `model/known.toml` of `words/`, else of the code lists, else of the lists that others publish.

    >>> labels("https://w3id.org/openproposals/code/citation/dangling")["fr"]
    'appel sans note'
    >>> labels("http://publications.europa.eu/resource/authority/country/NZL")
    {'en': 'New Zealand'}
    >>> labels("http://qudt.org/vocab/unit/KiloGM"), labels("https://example.org/")
    ({'': 'Kilogram'}, {})
    """
    named = {tag: own_texts("model/known", tag).get(iri) for tag in LANGUAGES}
    return {tag: text for tag, text in named.items() if text} or codes.labels(iri) or _listed(iri)


@cache
def iris() -> frozenset[str]:
    """Every IRI that has a label here."""
    named = (own_texts("model/known", tag).keys() for tag in LANGUAGES)
    listed = (each.namespace + code for each in lists.all_lists() for code in each.names)
    return frozenset(codes.iris()).union(*named, listed)


def _listed(iri: str) -> dict[str, str]:
    """The label in a list that others publish. A list of units does not say in which language a name is."""
    found = lists.around(iri)
    names = found.names.get(iri.removeprefix(found.namespace), ()) if found else ()
    if not found or not names:
        return {}
    if found.title in _ENGLISH:
        return {"en": names[-1]}
    return {"": next((name for name in names if len(name) >= _WORD), names[0])}
