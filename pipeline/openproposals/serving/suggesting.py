"""What a reader who types may mean (OpenRefine's suggest services, 0.2): an entity, a property, or a type.

An address for each under /reconcile/suggest; `reconcile`'s manifest names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openproposals.serving.entities import KINDS, PROPERTIES, Entities
from openproposals.serving.replies import Reply, as_json
from openproposals.serving.requests import HttpRequest, Refused, parameters

SUGGESTED = ("entity", "property", "type")
_PATH = "/reconcile/suggest/"
_MOST = 20  # suggestions at a time
_FARTHEST = 1000  # suggestions that are passed over
_LONGEST = 500  # characters of what is typed


def named(path: str) -> str:
    """What is suggested at a path of a request; "" for any other path."""
    what = path.removeprefix(_PATH)
    return what if what in SUGGESTED and what != path else ""


def services(public: str) -> Mapping[str, Mapping[str, str]]:
    """The services, as the manifest names them. public: the server's address."""
    return {what: {"service_url": public, "service_path": _PATH + what} for what in SUGGESTED}


def reply(request: HttpRequest, what: str, entities: Entities) -> Reply:
    """What begins with the parameter prefix, from the number cursor on. Raises Refused: no prefix."""
    given = parameters(request.query)
    typed = given.get("prefix", "").strip()[:_LONGEST]
    if not typed:
        raise Refused(400, "no_text_to_find")
    cursor = given.get("cursor", "")
    first = min(_FARTHEST, int(cursor)) if cursor.isascii() and cursor.isdecimal() and len(cursor) < 10 else 0
    if what == "entity":
        return as_json({"result": _entities(typed, first, entities, request.language)})
    found = _beginning(typed, PROPERTIES if what == "property" else KINDS)
    return as_json({"result": [{"id": each, "name": each} for each in found[first : first + _MOST]]})


def _entities(typed: str, first: int, entities: Entities, language: str) -> list[Mapping[str, object]]:
    found = entities.beginning(typed, first + _MOST)[first:]
    return [
        {"id": each.iri, "name": each.name(language), "notable": [{"id": each.kind, "name": each.kind}]}
        for each in found
    ]


def _beginning(typed: str, known: Sequence[str]) -> list[str]:
    """Those that begin with what is typed, then those of which a word does.

    >>> _beginning("Source", ("possible-source", "source", "figure"))
    ['source', 'possible-source']
    """
    text = "-".join(typed.lower().split())
    return [
        *(each for each in known if each.startswith(text)),
        *(each for each in known if not each.startswith(text) and f"-{text}" in each),
    ]
