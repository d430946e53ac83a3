"""What was published: a release's folder, a dump in a file, a dump at an address.

A release is a folder that holds `SHA256SUMS` and `datapackage.json`; a site is a release with pages made of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from openproposals.errors import UsageError
from openproposals.guards import files, parsing
from openproposals.guards.terminal import shown
from openproposals.model.rdf import Syntax
from openproposals.release import ours

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


@dataclass(frozen=True)
class Release:
    """The folder of a release or a site, and the name of its corpus, which names its dumps."""

    folder: Path
    name: str

    @property
    def version(self) -> str:
        """The version that its report names; "" where it has none that can be read."""
        return ours.report(self.folder).get("version", "")

    @property
    def is_site(self) -> bool:
        """Whether pages were made of it."""
        return (self.folder / ours.SITES).is_file()

    @property
    def package(self) -> dict[str, Any]:
        """Its data package. Raises UsageError where that cannot be read."""
        return _package(self.folder)

    @property
    def dump(self) -> Path:
        """Its record dump: Turtle, else JSON-LD or N-Triples. Raises UsageError where it has none."""
        for suffix in SYNTAXES:
            path = self.folder / f"{self.name}{suffix}"
            if path.is_file() and not path.is_symlink():  # a link in a release is none of its files
                return path
        raise UsageError(f"{self.folder} has no dump of {self.name}", mend="publish the corpus again")


def is_release(folder: Path) -> bool:
    """Whether a folder is a release."""
    return (folder / ours.SUMS).is_file() and (folder / PACKAGE).is_file()


def open_release(folder: Path) -> Release:
    """A release's folder. Raises UsageError where its data package names no corpus."""
    found = _package(folder).get("name")
    if not isinstance(found, str) or not _NAME.fullmatch(found):
        raise UsageError(f"{folder / PACKAGE} names no corpus", why=f"{found!r} is no corpus's name")
    return Release(folder, found)


def _package(folder: Path) -> dict[str, Any]:
    try:
        found = parsing.from_json(files.data(folder / PACKAGE, follow=False))
    except (OSError, parsing.Unparsable) as error:
        raise UsageError(
            f"{folder / PACKAGE} cannot be read", why=str(error), mend="publish the corpus again"
        ) from error
    return found if isinstance(found, dict) else {}


def read_dump(path: Path, *, follow: bool = True) -> Dump:
    """A dump in a file; its ending, in capitals or not, says its syntax. Raises UsageError where there is none."""
    syntax = SYNTAXES.get(path.suffix.lower())
    if syntax is None:
        raise UsageError(
            f"{path} is no dump",
            why=f"a dump's name ends in {', '.join(SYNTAXES)}",
            mend="give the path of a release or a dump, or a dump's web address",
        )
    try:
        return Dump(files.data(path, follow=follow), syntax)
    except OSError as error:
        raise UsageError(f"{path} cannot be read", why=error.strerror or str(error)) from error


def fetch_dump(address: str, *, private: bool = False) -> Dump:
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
