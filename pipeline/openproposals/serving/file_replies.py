"""A file as an answer: validators, ranges and compression (RFC 9110, 8.8, 13 and 14)."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import AsyncGenerator, Mapping
from io import BufferedReader

from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.negotiation import takes_gzip
from openproposals.serving.offers import OfferedFile
from openproposals.serving.replies import Reply
from openproposals.serving.requests import HttpRequest, Refused

_SMALL = 1 << 18  # bytes of a file that is kept in memory
_COMPRESSED = 8 << 20  # bytes of a file that is compressed on the way; larger ones go as they are
_PIECE = 1 << 16  # a client that does not read holds so much, and what the system holds for it
_RANGE = re.compile(r"(?i:bytes)=([0-9]{0,40})-([0-9]{0,40})")
_LEAST = 512  # bytes below which compressing is of no use


async def reply(
    request: HttpRequest, file: OfferedFile, memory: MemoryCache, more: Mapping[str, str] | None = None
) -> Reply:
    """A file, or the part of it that a request is for. `more` are headers of the whole resource.

    Raises ChangedError: the file is being replaced; Refused: a range that it does not have.
    """
    if file.size <= _SMALL:

        async def whole() -> bytes:
            return _read(file)

        data = await memory.get((file.sha256,), whole)
        return await of_bytes(request, data, file.sha256, file.media_type, memory, more)
    headers = _headers(file.media_type, file.sha256, more)
    if _is_known(request, headers["etag"], headers["etag"][:-1] + '-gz"'):
        return Reply(304, _without_type(headers))
    part = _part(request, file.size, headers["etag"])
    if (
        part is None
        and file.compressible
        and file.size <= _COMPRESSED
        and takes_gzip(request.headers.get("accept-encoding", ""))
    ):
        packed = await memory.get(
            (file.sha256, "gzip"), lambda: asyncio.to_thread(lambda: gzip.compress(_read(file), 6, mtime=0))
        )
        return Reply(200, _compressed(headers), packed)
    first, last = part or (0, file.size - 1)
    headers |= {"accept-ranges": "bytes", "content-length": str(last - first + 1)}
    if part:
        headers["content-range"] = f"bytes {first}-{last}/{file.size}"
    opened = file.opened()
    return Reply(206 if part else 200, headers, pieces(opened, first, last - first + 1))


async def of_bytes(
    request: HttpRequest,
    data: bytes,
    tag: str,
    media_type: str,
    memory: MemoryCache,
    more: Mapping[str, str] | None = None,
) -> Reply:
    """Bytes in memory as an answer, as a file is. tag: what tells them from any others. Raises Refused."""
    headers = _headers(media_type, tag, more)
    if _is_known(request, headers["etag"], headers["etag"][:-1] + '-gz"'):
        return Reply(304, _without_type(headers))
    part = _part(request, len(data), headers["etag"])
    if part:
        first, last = part
        return Reply(206, headers | {"content-range": f"bytes {first}-{last}/{len(data)}"}, data[first : last + 1])
    text = "charset" in media_type
    if text and len(data) >= _LEAST and takes_gzip(request.headers.get("accept-encoding", "")):

        async def packed() -> bytes:
            return gzip.compress(data, 6, mtime=0)

        return Reply(200, _compressed(headers), await memory.get((tag, "gzip"), packed))
    return Reply(200, headers | {"accept-ranges": "bytes"}, data)


def _headers(media_type: str, tag: str, more: Mapping[str, str] | None) -> dict[str, str]:
    headers = {"content-type": media_type, "etag": f'"{tag}"', **(more or {})}
    varying = [headers["vary"]] if "vary" in headers else []
    return headers | {"vary": ", ".join([*varying, "accept-encoding"])}


def _compressed(headers: Mapping[str, str]) -> dict[str, str]:
    return {**headers, "etag": headers["etag"][:-1] + '-gz"', "content-encoding": "gzip"}


def _without_type(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "content-type"}


def _is_known(request: HttpRequest, *tags: str) -> bool:
    """Whether the client has one of these already (If-None-Match, by weak comparison).

    Raises Refused where it wants none but another one (If-Match, by strong comparison).
    """
    wanted = [tag.strip() for tag in request.headers.get("if-match", "*").split(",")]
    if "*" not in wanted and not any(tag in wanted for tag in tags):
        raise Refused(412, "another_now", headers={"etag": tags[0]})
    given = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return "*" in given or any(tag in given for tag in tags)


def _part(request: HttpRequest, size: int, tag: str) -> tuple[int, int] | None:
    """The first and last byte asked for; None for the whole. Of several ranges, the whole is given (RFC 9110, 14.2).

    Raises Refused: no such bytes.
    """
    found = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if (
        request.method != "GET"
        or not found
        or found[1] == found[2] == ""
        or request.headers.get("if-range", tag) != tag
    ):
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size), size - 1)
        if found[2] and int(found[2]) < first:
            return None
    if first > last:
        raise Refused(416, "no_such_range", headers={"content-range": f"bytes */{size}"}, bytes=size)
    return first, last


def _read(file: OfferedFile) -> bytes:
    with file.opened() as opened:
        return opened.read()


async def pieces(opened: BufferedReader, first: int, length: int) -> AsyncGenerator[bytes]:
    """So many bytes of an open file, which is closed then. Raises ConnectionResetError: there are fewer."""
    with opened:
        opened.seek(first)
        while length > 0:
            piece = await asyncio.to_thread(opened.read, min(_PIECE, length))
            if not piece:
                raise ConnectionResetError  # the disk gave less than there was: the answer ends unfinished
            length -= len(piece)
            yield piece
