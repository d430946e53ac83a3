"""What the server answers, described for programs (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

from openproposals import __version__
from openproposals.serving import activities
from openproposals.serving import openapi_schemas as schemas
from openproposals.serving.items import ENDINGS
from openproposals.serving.protocol import ROWS, TRIPLES
from openproposals.serving.replies import PROBLEM
from openproposals.serving.suggesting import SUGGESTED

_TEXT = schemas.TEXT
_FORM = "application/x-www-form-urlencoded"


def description(public: str, corpora: list[str]) -> dict[str, Any]:
    """The description of the server at an address. corpora: the names under which releases are served."""
    corpus = _parameter("corpus", "path", {"enum": corpora, **_TEXT}, "The name of a corpus.")
    dataset = [
        _parameter(name, "query", {"type": "array", "items": _TEXT}, "Graphs of this server.")
        for name in ("default-graph-uri", "named-graph-uri")
    ]
    query = _parameter("query", "query", _TEXT, "A query in SPARQL 1.1; without it, the service description.")
    forms = [*ROWS, *TRIPLES]
    kinds = {"enum": ["proposal", "statistic", "source", "theme", "document", "agent"], **_TEXT}
    item = [corpus, _parameter("kind", "path", kinds, "A kind of item."), _parameter("id", "path", _TEXT, "Its id.")]
    return {
        "openapi": "3.1.0",
        "info": {"title": "openproposals", "version": __version__, "description": "Releases, and queries of them."},
        "servers": [{"url": public}],
        "paths": {
            "/health": {"get": _answered("health", "What is served.", ["application/json"], of=schemas.HEALTH)},
            "/sparql": {
                "get": {
                    **_answered("query", "The SPARQL 1.1 Protocol.", forms, 303, 400, 403, 406, 413, 422, 429, 503),
                    "parameters": [query, *dataset],
                },
                "post": {
                    **_answered(
                        "queryByPost", "The same, by POST.", forms, 400, 403, 406, 408, 413, 415, 422, 429, 503
                    ),
                    "requestBody": {"required": True, "content": _bodies()},
                },
            },
            "/search": {
                "get": {
                    **_answered(
                        "search",
                        "Statistics by a number and words, with what they rest on.",
                        ["application/json"],
                        400,
                        501,
                        503,
                        of=schemas.SEARCH,
                    ),
                    "parameters": [
                        {
                            **_parameter("q", "query", {**_TEXT, "pattern": r"\S"}, "A number and words."),
                            "required": True,
                        },
                        _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 50}, "How many."),
                    ],
                }
            },
            "/reconcile": {
                "get": {
                    **_answered(
                        "reconcile",
                        "OpenRefine's reconciliation, 0.2.",
                        ["application/json"],
                        400,
                        501,
                        503,
                        of=schemas.RECONCILE,
                    ),
                    "parameters": [_parameter("queries", "query", _TEXT, "A batch of queries, as JSON.")],
                },
                "post": {
                    **_answered(
                        "reconcileByPost",
                        "The same, by POST.",
                        ["application/json"],
                        400,
                        408,
                        413,
                        501,
                        503,
                        of=schemas.RECONCILE,
                    ),
                    "requestBody": {
                        "content": {_FORM: {"schema": {"type": "object", "properties": {"queries": _TEXT}}}}
                    },
                },
            },
            "/reconcile/suggest/{what}": {
                "get": {
                    **_answered(
                        "suggest",
                        "What a reader who types may mean.",
                        ["application/json"],
                        400,
                        404,
                        501,
                        503,
                        of=schemas.SUGGEST,
                    ),
                    "parameters": [
                        _parameter("what", "path", {"enum": [*SUGGESTED], **_TEXT}, "What is looked for."),
                        {
                            **_parameter("prefix", "query", {**_TEXT, "pattern": r"\S"}, "What is typed so far."),
                            "required": True,
                        },
                        _parameter("cursor", "query", {"type": "integer", "minimum": 0}, "How many to pass over."),
                    ],
                }
            },
            "/oembed": {
                "get": {
                    **_answered(
                        "card",
                        "The card of a statistic, as oEmbed 1.0.",
                        ["application/json"],
                        400,
                        404,
                        501,
                        503,
                        of=schemas.CARD,
                    ),
                    "parameters": [
                        {**_parameter("url", "query", _TEXT, "An IRI, or its page here."), "required": True},
                        _parameter("maxwidth", "query", {"type": "integer", "minimum": 1}, "In pixels."),
                        _parameter("maxheight", "query", {"type": "integer", "minimum": 1}, "In pixels."),
                        _parameter("format", "query", {"enum": ["json"]}, "Only json."),
                    ],
                }
            },
            "/{corpus}/changes": {
                "get": {
                    **_answered(
                        "changes",
                        "What changed, as ActivityStreams 2.0.",
                        [*activities.MEDIA],
                        404,
                        406,
                        503,
                        of=schemas.CHANGES,
                    ),
                    "parameters": [corpus],
                }
            },
            "/{corpus}/{kind}/{id}": {
                "get": {
                    **_answered(
                        "item",
                        "An item, in the form that the client takes best.",
                        [*dict.fromkeys(ENDINGS)],
                        400,
                        404,
                        406,
                        503,
                    ),
                    "parameters": item,
                }
            },
        },
    }


def _answered(
    name: str, summary: str, media: list[str], *refused: int, of: schemas.Schema | None = None
) -> dict[str, Any]:
    """An operation. refused: the statuses of its refusals. of: what its answer holds, where that is JSON of ours."""
    problem = {"description": "Not answered, and why.", "content": {PROBLEM: {"schema": schemas.PROBLEM}}}
    answer = {"schema": of} if of else {}
    elsewhere = {"description": "It is elsewhere."}
    others = {str(status): elsewhere if status == 303 else problem for status in refused}
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": {"description": "The answer.", "content": dict.fromkeys(media, answer)}, **others},
    }


def _bodies() -> dict[str, Any]:
    form = {"type": "object", "properties": {"query": _TEXT}, "required": ["query"]}
    return {
        _FORM: {"schema": form},
        "application/sparql-query": {"schema": _TEXT},
    }


def _parameter(name: str, where: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": schema, "description": text, "required": where == "path"}
