"""HTTP requests. Each goes to an address that was checked before.

Every request that this program makes itself goes through here; npm, which `site/engine.py` runs, makes its own.
A host is resolved once, all its addresses are checked (`urls.public`), and the connection goes to a checked address:
another answer of the name server a moment later has no effect. urllib3 handles HTTP and TLS; its pools, retries,
redirects and proxies are not used. Proxies of the environment are ignored, since they would resolve the name and
connect without the check. Cookies are not sent; credentials only where `Sent` has them, to the one address asked.
"""

from __future__ import annotations

import hashlib
import io
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email.message import Message
from email.utils import mktime_tz, parsedate_tz
from functools import cache
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any, Literal

import certifi
from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from openproposals import __version__
from openproposals.web import urls
from openproposals.web.header_block import DefectiveHeaderError, StrictResponse
from openproposals.web.urls import IpAddress, RequestError, Target, public

Resolve = Callable[[str, int], Sequence[str]]
Want = Literal["digest", "body", "head"]  # of a success: the SHA-256 of its body, its body, or neither

_AGENT = f"openproposals/{__version__}"
_MOST_ADDRESSES = 4
_CHUNK = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
_REASONS = {404: "not-found", 410: "removed", 429: "too-many-requests"} | dict.fromkeys(
    (401, 402, 403, 407, 451), "denied"
)
_PART = 206  # partial content, though the whole was requested
_BUSY = ("too-many-requests", "server-error")
_WHOLE = (200, 203)  # a success whose body is the resource; 202 is not done yet, 204 and 205 have none
_TRANSPARENT = ("", "identity")


@dataclass(frozen=True)
class Limits:
    """Limits of a check: times in seconds, `body` in bytes, the others are counts.

    hosts: hosts asked at the same time. pause: between two requests to a host. connect, read: timeouts.
    total: time on the network for one URL, with its redirects and attempts but without the pauses.
    body: the largest body. redirects, attempts: at most so many. backoff: before the second attempt, then doubled.
    patience: the longest wait that a server may ask for; one that asks for more is not asked again.
    """

    hosts: int = 8
    pause: float = 1.0
    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    body: int = 50 << 20
    redirects: int = 10
    attempts: int = 3
    backoff: float = 1.0
    patience: float = 30.0


@dataclass(frozen=True)
class Sent:
    """What a request carries: headers of its own, and a body. Its text says nothing of either."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Answer:
    """The answer to a request.

    status: the HTTP status, None where no answer came. reason: "" for a body read to its end or a redirect, else a code
    of links.toml. location: the Location header of a redirect. digest, body: the SHA-256 (hex) of the body, or the
    body, as sent. wait: the seconds of Retry-After. media_type, charset: from Content-Type, "" where it has none.
    """

    status: int | None = None
    reason: str = ""
    location: str = ""
    digest: str = ""
    wait: float | None = None
    media_type: str = ""
    charset: str = ""
    body: bytes = b""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host name, from the system's resolver. Raises OSError: there are none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@cache
def trust() -> ssl.SSLContext:
    """A TLS context that accepts certificates of the system's and Mozilla's authorities."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def fetch(url: str, *, private: bool, limits: Limits, accept: str = "*/*") -> tuple[str, Answer]:
    """Fetch a URL with its whole body. Redirects are followed, and each is checked like the first URL.

    Returns the URL that answered and the answer, within `limits.total` seconds.
    Raises RequestError: no success, or a body that is not whole or too large.
    """
    ends, here = time.monotonic() + limits.total, url
    how: Any = {"private": private, "limits": limits, "resolve": resolve, "trust": trust(), "accept": accept}
    try:
        for _ in range(limits.redirects + 1):
            target = urls.read(here)
            answer = ask(target, _left(ends), "body", **how)
            if not answer.location:
                break
            here = urls.joined(here, answer.location)
        else:
            raise RequestError("too-many-redirects")
        if answer.reason:
            raise RequestError(answer.reason)
        if answer.status not in _WHOLE:
            raise RequestError("unexpected-status")
    except RequestError as refused:
        raise RequestError(refused.reason, here if here != url else "") from None
    return here, answer


def ask(
    target: Target,
    within: float,
    want: Want,
    *,
    private: bool,
    limits: Limits,
    resolve: Resolve,
    trust: ssl.SSLContext,
    method: str = "GET",
    accept: str = "*/*",
    sent: Sent | None = None,
) -> Answer:
    """Send one request, for at most `within` seconds; a failure of any kind becomes the answer's `reason`.

    The body of a success is taken as sent, up to `limits.body` bytes, whole or not at all. A body with a content
    coding, which is never requested, has no digest and is not decoded: the same content may be coded in several ways.
    """
    ends = time.monotonic() + within
    try:
        addresses = _addresses(target, ends, private, resolve)
        connection = _connected(target, addresses, ends, limits, trust)
    except RequestError as refused:
        return Answer(reason=refused.reason)
    with _closing_at(ends, connection) as passed:
        status: int | None = None
        try:
            connection.timeout = limits.read
            headers = {"Host": target.authority, "User-Agent": _AGENT, "Accept": accept}
            headers |= {"Accept-Encoding": "identity", "Connection": "close"}
            body = sent.body if sent else None
            headers |= sent.headers if sent else {}
            connection.request(method, target.path, body, headers, preload_content=False, decode_content=False)
            response = connection.getresponse()
            status = None if passed.is_set() else response.status  # a header that was cut off looks complete
            try:
                answer = _answer(response, want, limits)
            finally:
                response.close()
        except (TimeoutError, ReadTimeoutError):
            answer = Answer(status, "timeout")
        except (ssl.SSLError, SSLError):
            answer = Answer(status, "tls")
        except (OSError, ProtocolError):
            answer = Answer(status, "closed" if status is None else "cut-short")
        except DefectiveHeaderError as error:
            answer = Answer(error.status, "malformed")
        except (HTTPException, HTTPError, ValueError):
            answer = Answer(status, "malformed")
        return Answer(status, "timeout") if passed.is_set() else answer


def _addresses(target: Target, ends: float, private: bool, resolve: Resolve) -> list[IpAddress]:
    """The checked addresses of a host. The system's resolver has no timeout, so its thread may outlive this call."""
    try:
        return _judged([ip_address(target.host)], private)
    except ValueError:
        pass
    found: Future[list[str]] = Future()

    def ask() -> None:
        try:
            found.set_result(list(resolve(target.host, target.port)))
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        addresses = [ip_address(text) for text in dict.fromkeys(found.result(_left(ends)))]
    except TimeoutError:
        raise RequestError("timeout") from None
    except (OSError, ValueError):  # a name that cannot be encoded gives UnicodeError, a ValueError
        addresses = []
    if not addresses:
        raise RequestError("dns")
    return _judged(addresses, private)


def _judged(addresses: list[IpAddress], private: bool) -> list[IpAddress]:
    if not private and not all(public(address) for address in addresses):
        raise RequestError("refused-private-address")
    return addresses[:_MOST_ADDRESSES]


def _connected(
    target: Target, addresses: list[IpAddress], ends: float, limits: Limits, trust: ssl.SSLContext
) -> HTTPConnection:
    """A connection to the first address that accepts one; the certificate must be that of the URL's host."""
    reason = ""
    for address in addresses:
        seconds = min(limits.connect, _left(ends))
        if target.scheme == "https":
            made: HTTPConnection = HTTPSConnection(
                str(address), target.port, timeout=seconds, server_hostname=target.host, ssl_context=trust
            )
        else:
            made = HTTPConnection(str(address), target.port, timeout=seconds)
        made.response_class = StrictResponse
        try:
            made.connect()
            return made
        except NewConnectionError:  # first, since in urllib3 it is a subclass of ConnectTimeoutError
            reason = "no-connection"
        except (TimeoutError, ConnectTimeoutError):
            reason = "timeout"
        except (ssl.SSLError, SSLError, ValueError):
            reason = "tls"
        except (OSError, HTTPError):
            reason = "no-connection"
        made.close()
    raise RequestError(reason)


def _left(ends: float) -> float:
    seconds = ends - time.monotonic()
    if seconds <= 0:
        raise RequestError("timeout")
    return seconds


@contextmanager
def _closing_at(ends: float, connection: HTTPConnection) -> Iterator[threading.Event]:
    """Close a connection at the end, or at the deadline: the read timeout starts again with every byte received.

    Gives an event that is set when the deadline has passed.
    """
    sock, passed = connection.sock, threading.Event()

    def cut() -> None:
        passed.set()
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # the TLS socket's own shutdown is not thread-safe

    timer = threading.Timer(max(0.0, ends - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield passed
    finally:
        timer.cancel()
        connection.close()


def _answer(response: HTTPResponse, want: Want, limits: Limits) -> Answer:
    status, headers = response.status, response.headers
    kind = Message()
    kind["Content-Type"] = headers.get("content-type", "")
    media_type = kind.get_content_type() if kind["Content-Type"] else ""
    answer = Answer(status, media_type=media_type, charset=str(kind.get_content_charset() or ""))
    if 200 <= status < 300:
        return answer if want == "head" else _read(response, want, limits.body, answer)
    if status in _REDIRECTS and headers.get("location", "").strip():
        return replace(answer, location=headers["location"])
    reason = _REASONS.get(status) or ("server-error" if 500 <= status < 600 else "unexpected-status")
    return replace(answer, reason=reason, wait=_wait(headers) if reason in _BUSY else None)


def _read(response: HTTPResponse, want: Want, most: int, answer: Answer) -> Answer:
    """The answer with its body or its body's digest. Raises an error of urllib3 where the connection breaks off."""
    if not _is_framed(response.headers) or (response.status != _PART and "content-range" in response.headers):
        return replace(answer, reason="malformed")
    if response.headers.get("content-encoding", "").strip().lower() not in _TRANSPARENT:
        return replace(answer, reason="encoded")
    if response.status == _PART:
        return replace(answer, reason="cut-short")
    if (response.length_remaining or 0) > most:
        return replace(answer, reason="too-large")
    digest, kept, size = hashlib.sha256(), io.BytesIO(), 0
    take = digest.update if want == "digest" else kept.write
    while chunk := response.read(_CHUNK, decode_content=False):
        size += len(chunk)
        if size > most:
            return replace(answer, reason="too-large")
        take(chunk)
    if not size and response.length_remaining is None and not response.chunked:
        return replace(answer, reason="cut-short")  # the header was cut off: it looks complete, and has no length
    return replace(answer, digest=digest.hexdigest()) if want == "digest" else replace(answer, body=kept.getvalue())


def _is_framed(headers: Mapping[str, str]) -> bool:
    """Whether one can tell where a body ends (RFC 9112, 6.3): in chunks, after one length, or with the connection.

    >>> said = ({}, {"content-length": "5"}, {"transfer-encoding": "Chunked"}, {"content-length": "-5"})
    >>> [_is_framed(headers) for headers in (*said, {"content-length": "5, 6"}, {"transfer-encoding": "gzip, chunked"})]
    [True, True, True, False, False, False]
    """
    coding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if coding is not None:
        return coding.lower() == "chunked" and length is None
    lengths = {each.strip() for each in (length or "0").split(",")}
    return len(lengths) == 1 and bool(re.fullmatch("[0-9]{1,18}", lengths.pop(), re.ASCII))


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After (RFC 9110, 10.2.3); a date is compared with the Date header, not with the local clock."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    try:
        asked, sent = parsedate_tz(text), parsedate_tz(headers.get("date", ""))
        return max(0.0, float(mktime_tz(asked) - mktime_tz(sent))) if asked and sent else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
