"""A request as the handlers see it, and why one is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from openproposals.messages import Language, Phrase, spoken

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
_BODY_SECONDS = 20.0  # for a whole body, however it trickles


class Refused(Exception):  # noqa: N818 - an answer, which is given as such
    """A request that is not answered. `key` names its words in `serving/words.toml`, under `refused`.

    retry: seconds after which the same request may be answered, or None. headers: more headers of the answer.
    """

    def __init__(
        self,
        status: int,
        key: str,
        /,
        *,
        retry: int | None = None,
        headers: Mapping[str, str] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(key)
        self.status, self.retry, self.headers = status, retry, dict(headers or {})
        self.said: Phrase = Phrase("serving/words", f"refused.{key}", facts)


@dataclass(frozen=True)
class HttpRequest:
    """A request. `path` is decoded and begins after the base path; header names are in lower case.

    client: the address it came from, or that a proxy on this machine gives for it.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    client: str
    receive: Receive

    @staticmethod
    def of(scope: Mapping[str, Any], receive: Receive, prefix: str) -> HttpRequest:
        """The request of an ASGI scope. prefix: the base path. Raises Refused: a target that is no path under it."""
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
        if "content-length" in headers and "transfer-encoding" in headers:  # a proxy may have read the other one
            raise Refused(400, "two_lengths", headers={"connection": "close"})
        raw: bytes = scope["raw_path"]
        if raw.lower().startswith((b"http://", b"https://")):  # the form for proxies (RFC 9112, 3.2.2)
            raw = b"/" + raw.split(b"//", 1)[1].partition(b"/")[2]
        try:
            path = unquote_to_bytes(raw).decode()
            query = scope["query_string"].decode("ascii")
        except UnicodeDecodeError:
            raise Refused(400, "no_text") from None
        if not path.startswith(prefix + "/"):
            raise Refused(404, "nothing")
        client = (scope.get("client") or ("", 0))[0]
        return HttpRequest(scope["method"], path[len(prefix) :], query, headers, client, receive)

    @property
    def language(self) -> Language:
        """The program's language that the client would rather read."""
        return spoken(self.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip())

    async def body(self, most: int) -> bytes:
        """The whole body. Raises Refused: one that is larger than `most` bytes, or takes too long to come."""
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                return await self._read(most)
        except TimeoutError:
            raise Refused(408, "slow_body") from None

    async def _read(self, most: int) -> bytes:
        too_large = Refused(413, "large_body", bytes=most)
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            raise too_large
        read = bytearray()
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            read += message.get("body", b"")
            if len(read) > most:
                raise too_large
            if not message.get("more_body"):
                return bytes(read)


def parameters(text: str) -> dict[str, str]:
    """The parameters of a query or a form, the last of each name. Raises Refused: too many, or not UTF-8."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100))
    except ValueError:
        raise Refused(400, "many_parameters", n=100) from None
