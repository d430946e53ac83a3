"""URLs that may be requested, and addresses on the public Internet.

A URL is parsed once, into a `Target`; `request` connects to that and does not parse the URL again in another way.
"""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urljoin

from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

IpAddress = IPv4Address | IPv6Address

_LONGEST_URL = 8192
_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")

# IANA's special-purpose registries (RFC 6890) and multicast: addresses outside the public Internet. Of IPv6, only
# 2000::/3 is allocated. Written out because Python's `is_global` depends on its patch release.
_SPECIAL = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    2001::/23 2001:db8::/32 3fff::/20
"""
_BLOCKS = [ip_network(block) for block in _SPECIAL.split()]
_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """A URL that may be requested: `host` without brackets or final dot, `path` with the query, as sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header's value (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL without its fragment, in normal form."""
        return f"{self.scheme}://{self.authority}{self.path}"


class RequestError(Exception):
    """A URL that may not be requested, or a request that failed.

    reason: a code of links.toml. where: the URL that a redirect led to, "" where it is the URL that was given.
    """

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason)
        self.reason, self.where = reason, where


def read(url: str) -> Target:
    """Parse a URL. Raises RequestError: not http(s), malformed, with credentials, or without a valid host.

    >>> read("http://0x7f.1/a b?q#f").url, read("HTTPS://Exämple.test.:443").url
    ('http://127.0.0.1/a%20b?q', 'https://xn--exmple-cua.test/')
    """
    if not re.match(r"https?:", url, re.IGNORECASE):
        raise RequestError("not-http")
    if len(url) > _LONGEST_URL or any(ord(c) < 0x20 or ord(c) == 0x7F for c in url):
        raise RequestError("bad-url")
    try:
        parts = parse_url(url)
    except (HTTPError, ValueError):
        raise RequestError("bad-url") from None
    if parts.auth is not None:
        raise RequestError("credentials")
    scheme, host, port = parts.scheme or "", _host(parts.host or ""), parts.port
    if not host or port == 0:
        raise RequestError("bad-url")
    return Target(scheme, host, port or _PORTS[scheme], parts.request_uri)


def _host(text: str) -> str:
    """A host in normal form (an ASCII name, or an address in any of inet_aton's spellings); "" for an invalid one."""
    host = text.lower().removesuffix(".")
    with suppress(OSError, ValueError):
        if host.startswith("["):
            return str(ip_address(host[1:-1]))
        if _NAME.fullmatch(host):
            last = host.rpartition(".")[2]
            return str(IPv4Address(socket.inet_aton(host))) if _NUMBER.fullmatch(last) else host
    return ""


def joined(here: str, location: str) -> str:
    """The URL that a Location header gives (RFC 9110, 10.2.2): relative to `here`, with its fragment if it has none.

    Raises RequestError: it is malformed.

    >>> joined("https://a.test/b/c#d", "../é è")
    'https://a.test/é%20è#d'
    """
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    location = "".join(c if c.isprintable() and c != " " else quote(c, errors="replace") for c in location.strip())
    try:
        url = urljoin(here, location)
    except ValueError:
        raise RequestError("bad-url") from None
    if len(url) > _LONGEST_URL:
        raise RequestError("bad-url")
    _, mark, fragment = here.partition("#")
    return url if "#" in url else url + mark + fragment


def public(address: IpAddress) -> bool:
    """Whether an address is on the public Internet; an IPv6 address that embeds an IPv4 address is judged by that.

    >>> [public(ip_address(a)) for a in ("8.8.8.8", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::808:808")]
    [True, False, False, True]
    """
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return False
        within = address.ipv4_mapped or address.sixtofour
        if within is None and address in _NAT64:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return public(within)
        if address not in _UNICAST:
            return False
    return not any(address in block for block in _BLOCKS if block.version == address.version)
