"""Which addresses udata takes: the web's and FTP's, on a public host."""

from __future__ import annotations

import ipaddress
import os
import re
from functools import cache

import validators

os.environ.setdefault("PYVLD_CACHE_TLD", "True")  # IANA's list is read once, here: a sealed child opens no file
validators.domain("data.museum", consider_tld=True)
_LABEL = r"(?:[a-z0-9_\u00a1-\uffff]+-)*[a-z0-9_\u00a1-\uffff]*[a-z0-9\u00a1-\uffff]"
_ADDRESS = re.compile(
    rf"(?:(?P<scheme>[a-z0-9.-]*):)?//(?:\S+@)?(?:(?P<local>localhost(?:\.localdomain)?)|(?P<four>[0-9.]{{3,15}})"
    rf"|\[(?P<six>[0-9a-f:]+)\]|{_LABEL}(?:\.{_LABEL})*\.(?P<top>[a-z0-9\u00a1-\uffff]{{2,}}))(?::[0-9]{{2,5}})?"
    r"(?:/\S*)?(?:\?\S*)?",
    re.IGNORECASE,
)
_SCHEMES = ("", "http", "https", "ftp", "ftps")
_PLACEHOLDERS = ("example", "test")  # no name is under these; what hangs on them is not checked


def is_web(address: str) -> bool:
    """Whether udata takes an address: of a scheme that it knows, on a public host, its name's last part in IANA's list.

    The last part is read as it is written: in capitals it is not in the list.

    >>> is_web("https://data.ville.fr/a.csv"), is_web("https://data.ville.fr/a b.csv"), is_web("file:///a.csv")
    (True, False, False)
    >>> is_web("HTTPS://DATA.VILLE.fr/"), is_web("https://data.ville.FR/"), is_web("https://224.0.0.1/")
    (True, False, False)
    """
    found = _ADDRESS.fullmatch(address.strip())
    if found is None or (found["scheme"] or "").lower() not in _SCHEMES:
        return False
    number = found["four"] or found["six"]
    if number:
        return _is_public(number)
    top = found["top"] or ""
    return bool(found["local"]) or top.lower() in _PLACEHOLDERS or _is_top_level(top)


@cache
def _is_top_level(name: str) -> bool:
    if name.isascii() and name != name.lower():
        return False
    try:
        return validators.domain(f"a.{name.encode('idna').decode()}", consider_tld=True) is True
    except UnicodeError:
        return False


def _is_public(number: str) -> bool:
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return False
    return address.is_loopback or (address.is_global and not address.is_multicast)
