"""Looking things up: a search in JSON, and OpenRefine's reconciliation (version 0.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from openproposals.guards import parsing
from openproposals.serving import suggesting
from openproposals.serving.entities import KINDS, PROPERTIES, Entities, Entity
from openproposals.serving.replies import Reply, as_json
from openproposals.serving.requests import HttpRequest, Refused, parameters

_MOST = 50  # answers to a search, and queries of a batch
_LARGEST = 1 << 20
_TEXT = 500  # characters of a text to look for
_BY_PROPERTIES = 90.0  # the score of what has all properties given, where there is no text
_SURE, _APART = 90.0, 20.0  # a candidate is a match from this score on, if the next is so far behind


def searched(request: HttpRequest, entities: Entities) -> Reply:
    """Statistics that a number and words name best, each with its figures and what they rest on.

    Parameters: q, the text; limit. Raises Refused: no text.
    """
    given = parameters(request.query)
    text = given.get("q", "").strip()[:_TEXT]
    if not text:
        raise Refused(400, "no_text_to_find")
    found = entities.find(text, ("statistic",), _limit(given.get("limit"), 10))
    results = [
        {
            "id": entity.iri,
            "label": _names(entity),
            "score": score,
            "figures": list(dict.fromkeys(entity.figures)),
            "trail": {step: to for step, to in entity.trail.items() if to},
        }
        for score, entity in found
    ]
    return as_json({"query": text, "results": results})


async def reconciled(request: HttpRequest, entities: Entities, space: str, public: str) -> Reply:
    """The service's manifest; or, for `queries`, the candidates of each.

    space: the IRI with which those of the entities begin, "" where they have none in common. public: the server's
    address. Raises Refused: what is no batch.
    """
    given = parameters(request.query)
    if request.method == "POST":
        given |= dict(await request.form(_LARGEST))
    if "queries" not in given:
        return as_json(_manifest(space, public))
    try:
        batch = parsing.from_json(given["queries"].encode())
    except parsing.Unparsable:
        raise Refused(400, "no_batch") from None
    if not isinstance(batch, dict) or len(batch) > _MOST or not all(_is_query(each) for each in batch.values()):
        raise Refused(400, "no_batch")
    found: dict[str, object] = {}
    for name, each in batch.items():
        found[name] = {"result": _candidates(each, entities, request.language)}
        await asyncio.sleep(0)  # others are answered between two queries of a batch
    return as_json(found)


def _is_query(found: object) -> bool:
    """Whether it is a query of the specification: with a text that is not empty, or values of properties, or both."""
    if not isinstance(found, dict):
        return False
    given = found.get("properties", [])
    if not isinstance(given, list) or not all(isinstance(each, dict) and {"pid", "v"} <= each.keys() for each in given):
        return False
    return isinstance(found["query"], str) and found["query"] != "" if "query" in found else bool(given)


def _candidates(asked: Mapping[str, Any], entities: Entities, language: str) -> list[dict[str, object]]:
    """The candidates of a query: what its text means and has each property given; without a text, all that has them.

    Properties that are not known here (`entities.PROPERTIES`) are passed over.
    """
    given = asked.get("type") or list(KINDS)
    kinds = [kind for kind in (given if isinstance(given, list) else [given]) if isinstance(kind, str)]
    known = [(each["pid"], _values(each["v"])) for each in asked.get("properties", []) if each["pid"] in PROPERTIES]
    most = _limit(asked.get("limit"), 5)
    if "query" in asked:
        near = entities.find(asked["query"][:_TEXT], kinds, _MOST if known else most)
        found = [(score, each) for score, each in near if all(each.has(*one) for one in known)]
    else:
        found = [(_BY_PROPERTIES, each) for each in entities.with_properties(known, kinds, max(most, 2))]
    second = found[1][0] if len(found) > 1 else 0.0
    return [
        {
            "id": entity.iri,
            "name": entity.name(language),
            "score": score,
            "match": place == 0 and score >= _SURE and score - second >= _APART,
            "type": [{"id": entity.kind, "name": entity.kind}],
        }
        for place, (score, entity) in enumerate(found[:most])
    ]


def _values(given: object) -> list[str]:
    """The values of a property in a query: one or several, each a text, a number, or an entity with its id."""
    each = given if isinstance(given, list) else [given]
    found = [one.get("id") if isinstance(one, dict) else one for one in each[:_MOST]]
    return [str(one) for one in found if isinstance(one, str | int | float) and not isinstance(one, bool)]


def _manifest(space: str, public: str) -> dict[str, object]:
    return {
        "versions": ["0.2"],
        "name": "openproposals",
        "identifierSpace": space or f"{public}/",
        "schemaSpace": "https://w3id.org/openproposals/ns#",
        "defaultTypes": [{"id": kind, "name": kind} for kind in KINDS],
        "view": {"url": "{{id}}"},
        "suggest": suggesting.services(public),
    }


def _names(entity: Entity) -> dict[str, str]:
    return {tag: text for text, tag in entity.names if tag}


def _limit(given: object, usual: int) -> int:
    """A limit that a client gives, within bounds; the usual one for what is no number.

    >>> _limit("7", 10), _limit("1e9", 10), _limit(1000, 10), _limit(None, 10)
    (7, 10, 50, 10)
    """
    text = str(given)
    return max(1, min(_MOST, int(text))) if text.isascii() and text.isdecimal() and len(text) < 10 else usual
