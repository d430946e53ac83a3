"""In: what was published, wherever it lies: a release's folder, a dump's file, or a dump's address.

A release is a folder that holds `datapackage.json` and the dump it names. Nothing here reads a corpus's tables.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from openproposals.errors import UsageError
from openproposals.findings import shown
from openproposals.guards import files
from openproposals.model.rdf import Syntax

PACKAGE = "datapackage.json"
SYNTAXES: dict[str, Syntax] = {".ttl": "turtle", ".jsonld": "jsonld", ".nt": "ntriples"}
_TYPES: dict[str, Syntax] = {
    "text/turtle": "turtle",
    "application/ld+json": "jsonld",
    "application/n-triples": "ntriples",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*")
_SECONDS = 120.0  # for a dump that is fetched, redirects and all
_LARGEST = 2**30  # bytes of it: a gibibyte, some eight million triples
_SHOWN = 200  # characters of an address in a message
_MEND_PRIVATE = "if the address is yours, add --allow-private; or give the file"


@dataclass(frozen=True)
class Dump:
    """A dump's bytes, and the syntax they are in."""

    data: bytes
    syntax: Syntax


def is_release(folder: Path) -> bool:
    """Whether a folder is a release."""
    return (folder / PACKAGE).is_file()


def find(name_or_path: str, published: Path = Path("dist")) -> Path | None:
    """The folder of a release, by path or by its corpus's name under `dist/`; None where there is none."""
    path = Path(name_or_path)
    folders = (path, published / (path.name))
    return next((folder for folder in folders if is_release(folder)), None)


def name(folder: Path) -> str:
    """The name of a release's corpus, which names its dumps. Refused: a package that gives none (UsageError)."""
    try:
        found = json.loads(files.data(folder / PACKAGE, follow=False))["name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{folder / PACKAGE} names no corpus", why=str(error), mend="publish the corpus again"
        ) from error
    if not isinstance(found, str) or not _NAME.fullmatch(found):
        raise UsageError(f"{folder / PACKAGE} names no corpus", why=f"{found!r} is no corpus's name")
    return found


def is_address(place: str) -> bool:
    """Whether what a user named is meant as a web address, well-formed or not."""
    return bool(re.match("(?i)https?:", place))


def dump(place: str | Path) -> Dump:
    """The record dump of a release's folder, or a file. Raises UsageError: no dump there."""
    path = Path(place)
    within = is_release(path)
    if within:
        path = path / f"{name(path)}.ttl"
    syntax = SYNTAXES.get(path.suffix.lower())
    if syntax is None:
        raise UsageError(
            f"nothing published at {path}",
            why=f"it is no release (a folder with {PACKAGE}) and no dump ({', '.join(SYNTAXES)})",
            mend="publish the corpus first, or give the path of a release or a dump, or a dump's web address",
        )
    try:
        return Dump(files.data(path, follow=not within), syntax)
    except OSError as error:
        raise UsageError(f"{path} cannot be read", why=error.strerror or str(error)) from error


def fetched(address: str, *, private: bool = False) -> Dump:
    """The dump at an address, redirects followed; its syntax is said by its media type, else by its name.

    private: whether it may be on this machine or a private network.
    Raises UsageError: no dump there, one cut short, or one larger than a gibibyte.
    """
    from openproposals.web import links, request, urls

    limits = request.Limits(total=_SECONDS, body=_LARGEST)
    try:
        final, answer = request.fetch(address, private=private, limits=limits, accept=", ".join(_TYPES))
    except urls.Refused as refused:
        inward = refused.reason == "refused-private-address"
        raise UsageError(
            f"{shown(address, _SHOWN)} could not be fetched",
            why=f"{links.words(refused.reason, 'en')}{refused.where and f': {shown(refused.where, _SHOWN)}'}",
            mend=_MEND_PRIVATE if inward else "fetch it in another way, then give the file",
        ) from None
    syntax = _TYPES.get(answer.media_type) or SYNTAXES.get(Path(urlsplit(final).path).suffix.lower())
    if syntax is None:
        raise UsageError(
            f"{shown(address, _SHOWN)} is no dump, it is {shown(answer.media_type, _SHOWN) or 'of no media type'}",
            mend="give the address of a .ttl, .jsonld or .nt file",
        )
    return Dump(answer.body, syntax)
