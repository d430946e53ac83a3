"""A request as the handlers see it, and why one is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from openproposals.messages import Language, Phrase, spoken

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
_BODY_SECONDS = 20.0  # for a whole body, however it trickles
_MOST = 100  # parameters of a request
_FREE = 64 << 10  # bytes of a body for which there is always room
_AT_ONCE = 64 << 10  # bytes of a form that are read without letting others go on meanwhile


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


class BodyRoom:
    """The room for all bodies that are coming at the same time, beyond what each has for itself.

    left: bytes that are still free.
    """

    def __init__(self, most: int = 64 << 20) -> None:
        self.left = most

    def take(self, size: int) -> None:
        """Take more room. Raises Refused: there is not so much."""
        if size > self.left:
            raise Refused(503, "many_bodies", retry=round(_BODY_SECONDS))
        self.left -= size


@dataclass(frozen=True)
class HttpRequest:
    """A request. `path` is decoded and is what follows the base path; header names are in lower case.

    client: the address it came from, or that a proxy on this machine gives for it. closes: whether the end of the
    connection ends the answer (HTTP/1.0), so that the client cannot tell a part of it from the whole.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    client: str
    receive: Receive
    closes: bool = False
    room: BodyRoom = field(default_factory=BodyRoom)

    @staticmethod
    def of(scope: Mapping[str, Any], receive: Receive, prefix: str, room: BodyRoom) -> HttpRequest:
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
        if path != prefix and not path.startswith(prefix + "/"):
            raise Refused(404, "nothing")
        closes = scope["http_version"] == "1.0"
        return HttpRequest(
            scope["method"], path[len(prefix) :], query, headers, client_of(scope), receive, closes, room
        )

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

    async def form(self, most: int) -> list[tuple[str, str]]:
        """The parameters of a body that is a form. Raises Refused, as `body` and `pairs` do."""
        data = await self.body(most)
        return pairs(data) if len(data) <= _AT_ONCE else await asyncio.to_thread(pairs, data)

    async def _read(self, most: int) -> bytes:
        too_large = Refused(413, "large_body", bytes=most)
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            raise too_large
        read, taken = bytearray(), 0
        try:
            while True:
                message = await self.receive()
                if message["type"] == "http.disconnect":
                    raise ConnectionResetError
                read += message.get("body", b"")
                if len(read) > most:
                    raise too_large
                beyond = max(0, len(read) - _FREE - taken)
                self.room.take(beyond)
                taken += beyond
                if not message.get("more_body"):
                    return bytes(read)
        finally:
            self.room.left += taken


def client_of(scope: Mapping[str, Any]) -> str:
    """The address that a request came from, or that a proxy on this machine gives for it; "" where that is none."""
    given = str((scope.get("client") or ("",))[0])
    try:
        return str(ip_address(given))
    except ValueError:
        return ""


async def until_gone(receive: Receive) -> None:
    """Wait until the client has gone; what it still sends of its request is passed over."""
    while (await receive())["type"] != "http.disconnect":
        pass


def pairs(text: str | bytes) -> list[tuple[str, str]]:
    """The parameters of a query or a form. Raises Refused: too many, or not UTF-8."""
    try:
        said = text if isinstance(text, str) else text.decode()
        return parse_qsl(said, keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except UnicodeDecodeError:
        raise Refused(400, "no_utf8") from None
    except ValueError:
        raise Refused(400, "many_parameters", n=_MOST) from None


def parameters(text: str) -> dict[str, str]:
    """The parameters of a query, the last of each name. Raises Refused: too many, or not UTF-8."""
    return dict(pairs(text))
