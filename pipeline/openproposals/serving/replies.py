"""What is answered: a status, headers and a body; and the headers that every answer has."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from openproposals.messages import Language
from openproposals.serving.requests import Refused

_PAGE = (
    "default-src 'none'; script-src 'self'{compiles}; worker-src {workers}; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
# As the pages themselves say (site/templates: base, query, check); a frame of another site may show a page.
PAGE_POLICY = _PAGE.format(compiles="", workers="'none'")
_OTHERS = {
    "query.html": _PAGE.format(compiles=" 'wasm-unsafe-eval'", workers="blob:"),
    "check.html": _PAGE.format(compiles="", workers="blob: 'self'"),
}
DATA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # a picture or XML opened by itself runs nothing
HTML = "text/html; charset=utf-8"
PROBLEM = "application/problem+json"
_ALWAYS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "content-location, content-range, etag, link, location, retry-after",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "cross-origin",
}


def page_policy(name: str) -> str:
    """The policy of a page of a site, by its name: what the page itself says, or more where it says less."""
    return _OTHERS.get(name.rpartition("/")[2], PAGE_POLICY)


class ReplyBody(Protocol):
    """A body that is sent piece by piece, and closed whether it was sent or not."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None:
        """Nothing more of it is read."""


@dataclass(frozen=True)
class Reply:
    """An answer. A body that is an iterator is sent piece by piece, without a length unless `headers` have one."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | ReplyBody = b""

    def finished(self) -> Reply:
        """The answer with the headers that each has."""
        headers = {**_ALWAYS, **self.headers}
        policy = PAGE_POLICY if headers.get("content-type") == HTML else DATA_POLICY
        headers.setdefault("content-security-policy", policy)
        headers.setdefault("cache-control", "no-cache")
        if isinstance(self.body, bytes) and self.status not in (204, 304):
            headers.setdefault("content-length", str(len(self.body)))
        return replace(self, headers=headers)


def problem(refused: Refused, language: Language) -> Reply:
    """A refusal in the words of a language, as RFC 9457 has it."""
    said = refused.said.say(language)
    title, _, detail = said.partition("\n")
    return explained(refused.status, title, detail, refused.retry, refused.headers)


def explained(
    status: int, title: str, detail: str = "", retry: int | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """A problem (RFC 9457): what happened, why and what to do. retry: seconds, for Retry-After."""
    found = {"type": "about:blank", "title": title, "status": status}
    data = json.dumps(found | ({"detail": detail} if detail else {}), ensure_ascii=False).encode() + b"\n"
    given = {"content-type": PROBLEM, "cache-control": "no-store"} | dict(headers or {})
    return Reply(status, given | ({"retry-after": str(retry)} if retry is not None else {}), data)


def as_json(found: object, media: str = "application/json") -> Reply:
    """A value as JSON."""
    return Reply(200, {"content-type": media}, json.dumps(found, ensure_ascii=False).encode() + b"\n")


def elsewhere(location: str, *, vary: str = "") -> Reply:
    """See another address (303)."""
    return Reply(303, {"location": location} | ({"vary": vary} if vary else {}))
