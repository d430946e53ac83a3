"""The only doorway to the network: one address, no redirect followed, no private host, a limit on bytes and time.

A catalogue is somebody else's text, and an address in it may name a machine behind the door. So the host is resolved
once, every address it has must be a public one, and the connection goes to that very address (no second look-up).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from openproposals import __version__
from openproposals.errors import UsageError

SECONDS = 15.0
_AGENT = f"openproposals/{__version__} (catalogue doctor)"


@dataclass(frozen=True)
class Answer:
    """What a server answered: status, media type, charset, where it points, and the body that was asked for."""

    status: int
    media_type: str = ""
    charset: str = ""
    location: str = ""
    body: bytes = b""
    trouble: str = ""

    @property
    def answers(self) -> bool:
        """As the MQA counts: a status from 200 to 399."""
        return 200 <= self.status < 400


def look(address: str, *, private: bool = False) -> Answer:
    """Ask for the headers alone (HEAD, else GET where a server knows no HEAD). Trouble is in the answer."""
    try:
        answer = _ask("HEAD", address, 0, private=private)
        return _ask("GET", address, 0, private=private) if answer.status in (405, 501) else answer
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(0, trouble=str(error) or type(error).__name__)


def get(address: str, largest: int, *, private: bool = False) -> Answer:
    """The body at an address. Refused (UsageError): no answer, a redirect, more bytes than `largest`."""
    try:
        answer = _ask("GET", address, largest + 1, private=private)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UsageError(f"{address} does not answer", why=str(error)) from error
    if answer.status != 200:
        moved = f", and points to {answer.location}" if answer.location else ""
        raise UsageError(
            f"{address} answers {answer.status}{moved}",
            why="a harvester wants the catalogue itself; udata refuses a redirect",
            mend="give the final address",
        )
    if len(answer.body) > largest:
        raise UsageError(f"{address} is larger than {largest} bytes", why="no catalogue is that large")
    return answer


def _ask(method: str, address: str, largest: int, *, private: bool) -> Answer:
    split = urlsplit(address)
    host = split.hostname or ""
    secure = split.scheme == "https"
    if split.scheme not in ("http", "https") or not host or split.username:
        raise ValueError("this is no plain http(s) address")
    port = split.port or (443 if secure else 80)
    connection = _Pinned(host, port, secure=secure, private=private)
    try:
        path = (split.path or "/") + (f"?{split.query}" if split.query else "")
        connection.request(method, path, headers={"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity"})
        response = connection.getresponse()
        kind = response.headers
        return Answer(
            response.status,
            kind.get_content_type() if kind.get("Content-Type") else "",
            str(kind.get_content_charset() or ""),
            kind.get("Location", ""),
            response.read(largest) if largest else b"",
        )
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked at, and to no other."""

    def __init__(self, host: str, port: int, *, secure: bool, private: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._secure, self._private = secure, private

    def connect(self) -> None:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        for _, _, _, _, place in found:
            if not self._private and not ipaddress.ip_address(str(place[0]).partition("%")[0]).is_global:
                raise ValueError(f"{self.host} is a private address")
        family, kind, protocol, _, place = found[0]
        self.sock = socket.socket(family, kind, protocol)
        self.sock.settimeout(SECONDS)
        self.sock.connect(place)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
