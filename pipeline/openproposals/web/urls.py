"""Where may one go? A URL read once into what is asked of whom, and which addresses are public.

What is checked here is what `web` connects to: nothing reads the URL a second time in another way.
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

Address = IPv4Address | IPv6Address

_LONGEST_URL = 8192
_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")

# IANA's special-purpose registries (RFC 6890) with multicast: what is not a place on the public Internet. Of IPv6, only
# 2000::/3 is given out. Written out because what Python's `is_global` says depends on its patch release.
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
    """A URL that may be asked: `host` without brackets or last dot, `path` with its query, as sent."""

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
        """The URL without its fragment, in one spelling."""
        return f"{self.scheme}://{self.authority}{self.path}"


class Refused(Exception):  # noqa: N818 - a verdict, carried to the answer
    """Not to be asked, or not answered; the reason is a code of links.toml.

    where: the URL that a redirect led to, where it is not the one that was given.
    """

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason)
        self.reason, self.where = reason, where


def read(url: str) -> Target:
    """Read a URL; refuse what is not http(s), what carries credentials, what has no clean host.

    >>> read("http://0x7f.1/a b?q#f").url, read("HTTPS://Exämple.test.:443").url
    ('http://127.0.0.1/a%20b?q', 'https://xn--exmple-cua.test/')
    """
    if not re.match(r"https?:", url, re.IGNORECASE):
        raise Refused("not-http")
    if len(url) > _LONGEST_URL or any(ord(c) < 0x20 or ord(c) == 0x7F for c in url):
        raise Refused("bad-url")
    try:
        parts = parse_url(url)
    except (HTTPError, ValueError):
        raise Refused("bad-url") from None
    if parts.auth is not None:
        raise Refused("credentials")
    scheme, host, port = parts.scheme or "", _host(parts.host or ""), parts.port
    if not host or port == 0:
        raise Refused("bad-url")
    return Target(scheme, host, port or _PORTS[scheme], parts.request_uri)


def _host(text: str) -> str:
    """A host in one spelling: a name in ASCII, or an address, whichever of inet_aton's forms it was written in."""
    host = text.lower().removesuffix(".")
    with suppress(OSError, ValueError):
        if host.startswith("["):
            return str(ip_address(host[1:-1]))
        if _NAME.fullmatch(host):
            last = host.rpartition(".")[2]
            return str(IPv4Address(socket.inet_aton(host))) if _NUMBER.fullmatch(last) else host
    return ""


def joined(here: str, location: str) -> str:
    """Where a Location header leads (RFC 9110, 10.2.2): relative forms resolved, the fragment inherited.

    >>> joined("https://a.test/b/c#d", "../é è")
    'https://a.test/é%20è#d'
    """
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    location = "".join(c if c.isprintable() and c != " " else quote(c, errors="replace") for c in location.strip())
    try:
        url = urljoin(here, location)
    except ValueError:
        raise Refused("bad-url") from None
    if len(url) > _LONGEST_URL:
        raise Refused("bad-url")
    _, mark, fragment = here.partition("#")
    return url if "#" in url else url + mark + fragment


def public(address: Address) -> bool:
    """Whether an address is a place on the public Internet; one that embeds an IPv4 address is judged by that.

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
