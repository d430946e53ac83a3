"""Under which names and which path the server is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from openproposals.errors import UsageError
from openproposals.serving.requests import Refused

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]{1,253}))(?::[0-9]{1,5})?")


@dataclass(frozen=True)
class Hosts:
    """The address in front of the server, and the names by which it may be asked for.

    public: the address that clients use, without a slash at its end. prefix: its path, "" for none. port: the own one.
    names: host names that are answered; None answers any, since the data are for everybody.
    """

    public: str
    prefix: str
    names: frozenset[str] | None
    port: int

    @staticmethod
    def of(host: str, port: int, url: str) -> Hosts:
        """What follows from the options. url: the address that a proxy serves, or "".

        Raises UsageError: `url` is no plain http(s) address of a folder.
        """
        if not url:
            shown = f"[{host}]" if ":" in host else host
            names = frozenset({*_HERE, host.lower()}) if is_loopback(host) else None
            return Hosts(f"http://{shown}:{port}", "", names, port)
        found = urlsplit(url)
        path = found.path.rstrip("/")
        if found.scheme not in ("http", "https") or not _HOST.fullmatch(found.netloc) or found.query or found.fragment:
            raise UsageError("serve-url", url=url)
        if not re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)*", path):
            raise UsageError("serve-url", url=url)
        names = frozenset({*_HERE, host.lower(), (found.hostname or "").lower()}) if is_loopback(host) else None
        return Hosts(f"{found.scheme}://{found.netloc}{path}", path, names, port)

    def check(self, given: str) -> None:
        """Raises Refused for a Host header that names another host: a page elsewhere may have made the browser ask."""
        found = _HOST.fullmatch(given.strip()) if given else None
        if given and not found:
            raise Refused(400, "odd_host")
        if found and self.names is not None and (found[1] or found[2]).lower() not in self.names:
            raise Refused(421, "other_host")


def is_loopback(host: str) -> bool:
    """Whether an address or name is of this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
