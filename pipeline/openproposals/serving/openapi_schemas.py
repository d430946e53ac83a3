"""What the answers in JSON hold, as JSON Schema, for the description of the server (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

from openproposals.serving.entities import KINDS

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
_SCORE: Schema = {"type": "number", "minimum": 0, "maximum": 100}
_TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": [*required]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_KIND = _object({"id": {"enum": [*KINDS]}, "name": TEXT})
_CANDIDATE = _object({"id": TEXT, "name": TEXT, "score": _SCORE, "match": {"type": "boolean"}, "type": _list(_KIND)})
_MANIFEST = _object(
    {
        "versions": _list(TEXT),
        "name": TEXT,
        "identifierSpace": TEXT,
        "schemaSpace": TEXT,
        "defaultTypes": _list(_KIND),
        "view": _object({"url": TEXT}),
        "suggest": {
            "type": "object",
            "additionalProperties": _object({"service_url": TEXT, "service_path": TEXT}),
        },
    }
)
_BATCH = {"type": "object", "additionalProperties": _object({"result": _list(_CANDIDATE)})}

PROBLEM: Schema = _object({"type": TEXT, "title": TEXT, "status": {"type": "integer"}}, {"detail": TEXT})
HEALTH: Schema = _object({"status": {"const": "ok"}, "releases": _TEXTS})
SEARCH: Schema = _object(
    {
        "query": TEXT,
        "results": _list(
            _object(
                {
                    "id": TEXT,
                    "label": _TEXTS,
                    "score": _SCORE,
                    "figures": _list(TEXT),
                    "trail": {"type": "object", "additionalProperties": _list(TEXT)},
                }
            )
        ),
    }
)
RECONCILE: Schema = {"anyOf": [_MANIFEST, _BATCH]}
SUGGEST: Schema = _object(
    {"result": _list(_object({"id": TEXT, "name": TEXT}, {"notable": _list(_object({"id": TEXT, "name": TEXT}))}))}
)
CARD: Schema = _object(
    {
        "version": {"const": "1.0"},
        "type": {"const": "rich"},
        "html": TEXT,
        "width": {"type": "integer", "minimum": 1},
        "height": {"type": "integer", "minimum": 1},
        "provider_name": TEXT,
        "provider_url": TEXT,
    },
    {"title": TEXT},
)
CHANGES: Schema = _object(
    {
        "@context": TEXT,
        "id": TEXT,
        "type": {"const": "OrderedCollection"},
        "totalItems": {"type": "integer"},
        "orderedItems": _list(_object({"id": TEXT, "type": {"enum": ["Create", "Update", "Delete"]}})),
    }
)
