"""Do the catalogue's addresses answer, when asked live; are the files in the release, and sizes and sums true.

A file in the release's folder is in the release: whether its address answers, nobody has looked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

import pyoxigraph as ox

from openproposals.doctor import checks, fetch
from openproposals.doctor.catalogue_graph import Catalogue
from openproposals.release.ours import FileDigest

MOST = 500  # addresses asked live; more than a catalogue of one corpus has
Kind = Literal["access", "download", "page"]
_TERMS: dict[Kind, str] = {
    "access": "dcat:accessURL",
    "download": "dcat:downloadURL",
    "page": "dcat:landingPage|foaf:homepage",
}
_TEXT = ("text/turtle", "text/csv", "application/n-triples")


@dataclass(frozen=True, order=True)
class Link:
    """An address, what it is for, and what became of it. `found`: answers, in-release, missing, untrue, unchecked."""

    node: str
    kind: Kind
    address: str
    found: Literal["answers", "in-release", "missing", "untrue", "unchecked"]
    how: str = ""


@dataclass(frozen=True)
class Claim:
    """What a node says of the files it offers: their addresses, sizes and sums; of the last two no more than two each.

    Of two that differ one is wrong, whatever the file is.
    """

    node: str
    addresses: Sequence[str]
    sizes: Sequence[str]
    sums: Sequence[str]


@dataclass(frozen=True)
class NamedAddresses:
    """The addresses in a catalogue, with kind and node, what it claims of the files, and the site it describes."""

    addresses: Sequence[tuple[Kind, str, str]]
    claims: Sequence[Claim]
    site: str


_PLACEHOLDER = re.compile(
    r"[a-z]+://(?:[^/@]*@)?(?:[^/:]*[.])?(?:example[.](?:org|com|net)|localhost|example|test|invalid)(?:[:/?#]|$)", re.I
)


def is_placeholder(address: str) -> bool:
    """Whether an address is under a name that is kept for examples: nothing is there to be asked.

    >>> is_placeholder("https://data.example.org/a.csv"), is_placeholder("https://data.ville.fr/example.org")
    (True, False)
    """
    return _PLACEHOLDER.match(address) is not None


def named(catalogue: Catalogue) -> NamedAddresses:
    """Every address of a catalogue, and what it claims of each file. In time and size linear in the catalogue's."""
    addresses = [(kind, checks.placed(catalogue.nodes, row["this"]), row["value"].value)
                 for kind, term in _TERMS.items()
                 for row in checks.ask(catalogue.store, f"?this {term} ?value . FILTER(isIRI(?value))")]  # fmt: skip
    return NamedAddresses(addresses, list(_claims(catalogue)), catalogue.site)


def _claims(catalogue: Catalogue) -> Iterator[Claim]:
    downloads, sizes, checksums, sums = (
        _by_node(catalogue, term)
        for term in ("dcat:downloadURL", "dcat:byteSize", "spdx:checksum", "spdx:checksumValue")
    )
    of_checksum = {node: _two(values) for node, values in sums.items()}
    for node, files in downloads.items():
        said = (each for checksum in checksums.get(node, ()) for each in of_checksum.get(checksum, ()))
        addresses = [file.value for file in files if isinstance(file, ox.NamedNode)]
        yield Claim(checks.placed(catalogue.nodes, node), addresses, _two(sizes.get(node, ())), sorted(set(said))[:2])


def _by_node(catalogue: Catalogue, term: str) -> dict[object, list[object]]:
    found: dict[object, list[object]] = {}
    for row in checks.ask(catalogue.store, f"?this {term} ?value"):
        found.setdefault(row["this"], []).append(row["value"])
    return found


def _two(terms: Iterable[object]) -> list[str]:
    return sorted({str(getattr(term, "value", "")) for term in terms})[:2]


def follow(
    named: NamedAddresses, files: Mapping[str, FileDigest] | None = None, *, live: bool = False, private: bool = False
) -> list[Link]:
    """What became of every address. `files` are the release's; nothing is asked over the network unless `live`."""
    found: list[Link] = []
    remote: list[tuple[Kind, str, str]] = []
    for kind, node, address in named.addresses:
        name = _name(named.site, files, address)
        if name is None and is_placeholder(address):
            found.append(Link(node, kind, address, "unchecked", "placeholder"))
        elif live and not is_placeholder(address):
            remote.append((kind, node, address))
        elif name is None:
            found.append(Link(node, kind, address, "unchecked"))
        elif files is not None and name in files:
            found.append(
                Link(node, kind, address, "in-release", "placeholder" if is_placeholder(address) else "folder")
            )
        else:
            found.append(Link(node, kind, address, "missing", "folder"))
    with ThreadPoolExecutor(8) as pool:
        asked = list(dict.fromkeys(address for _, _, address in remote))
        answers = dict(zip(asked[:MOST], pool.map(lambda a: fetch.look(a, private=private), asked[:MOST]), strict=True))
    for kind, node, address in remote:
        answer = answers.get(address)
        if answer is None:
            found.append(Link(node, kind, address, "unchecked"))
        elif not fetch.answers(answer):
            found.append(
                Link(
                    node, kind, address, "missing", answer.reason if answer.status is None else f"HTTP {answer.status}"
                )
            )
        elif answer.media_type in _TEXT and answer.charset not in ("utf-8", "utf8"):
            found.append(Link(node, kind, address, "answers", f"{answer.media_type} without charset=utf-8"))
        else:
            found.append(Link(node, kind, address, "answers", f"HTTP {answer.status}"))
    return sorted({*found, *_untrue(named, files or {})})


def _name(site: str, files: Mapping[str, FileDigest] | None, address: str) -> str | None:
    """The release's file at an address; None for an address elsewhere."""
    if files is None or not site or not address.startswith(site):
        return None
    return unquote(address.removeprefix(site)) or "index.html"


def _untrue(named: NamedAddresses, files: Mapping[str, FileDigest]) -> Iterator[Link]:
    """Sizes and sums that are not those of the file in the folder."""
    for claim in named.claims:
        for address in claim.addresses:
            entry = files.get(_name(named.site, files, address) or "")
            if entry is None:
                continue
            for size in claim.sizes:
                if size != str(entry.size):
                    yield Link(claim.node, "download", address, "untrue", f"dcat:byteSize {size}, {entry.size}")
            if any(said.lower() != entry.sha256 for said in claim.sums):
                yield Link(claim.node, "download", address, "untrue", "spdx:checksumValue")
