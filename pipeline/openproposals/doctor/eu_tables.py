"""The codes of tables that others publish: the EU's of licences, frequencies and others (`eu_tables.toml`), and ISO's.

A table may have grown since it was copied: what stands in its namespace and is none of its codes is not known here.
"""

from __future__ import annotations

import re

from openproposals.messages import load
from openproposals.model import lists

_TABLES = load("doctor/eu_tables")  # read on import, as the lists are: a sealed child opens no file
_CODES = {name: [table["namespace"] + code for code in table["codes"]] for name, table in _TABLES.items()}
_KNOWN = frozenset(address for addresses in _CODES.values() for address in addresses)
_NAMESPACES = tuple(table["namespace"] for table in _TABLES.values())
lists.all_lists()


def is_unknown(address: str) -> bool:
    """Whether an address stands in the namespace of a table and names no code of it that we know.

    >>> frequency = "http://publications.europa.eu/resource/authority/frequency/"
    >>> [is_unknown(frequency + code) for code in ("ANNUAL", "OP_DATPRO", "OFTEN")], is_unknown("https://x.org/OFTEN")
    ([False, False, True], False)
    """
    return (address.startswith(_NAMESPACES) and address not in _KNOWN) or lists.is_made_up(address)


def filled(query: str) -> str:
    """A query with the addresses of a table's codes in place of its name, as in `?v IN (@licence)`.

    >>> filled("?v IN (@access-right)")[:75]
    '?v IN (<http://publications.europa.eu/resource/authority/access-right/CONFI'
    """
    return re.sub("@([a-z]+(?:-[a-z]+)*)", lambda named: ", ".join(f"<{iri}>" for iri in _CODES[named[1]]), query)
