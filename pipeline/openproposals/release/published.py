"""Open what was published: a release's folder, a dump in a file, or a dump at a web address.

A release is a folder that holds `SHA256SUMS` and `datapackage.json`; a site is a release with pages made of it.
"""

from __future__ import annotations

import errno
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from openproposals.errors import UsageError, because, reason
from openproposals.guards import files, parsing
from openproposals.guards.terminal import shown
from openproposals.model.rdf import Syntax
from openproposals.release import ours

SYNTAXES: dict[str, Syntax] = {".ttl": "turtle", ".jsonld": "jsonld", ".nt": "ntriples"}
_TYPES: dict[str, Syntax] = {
    "text/turtle": "turtle",
    "application/ld+json": "jsonld",
    "application/n-triples": "ntriples",
}
_GZIP = ".gz"
LABELS = "labels.ttl"  # what others' IRIs and the codes in a dump are called
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*")
_PACKAGE_LIMIT = 64 << 20  # bytes of datapackage.json
DUMP_LIMIT = 2 << 30  # bytes of a dump in a file, which is read into memory: some fifteen million triples
_SECONDS = 120.0  # for fetching a dump, redirects included
_LARGEST = 2**28  # bytes of a fetched dump: some two million triples; a larger one is fetched by other means
_SHOWN = 200  # characters of an address in a message


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
        """The version in its report; "" where it has no report that can be read."""
        return ours.version(self.folder)

    @property
    def is_site(self) -> bool:
        """Whether the folder holds pages made of the release."""
        return (self.folder / ours.SITES).is_file()

    @property
    def in_parts(self) -> bool:
        """Whether its dumps are folders of parts."""
        return any((self.folder / f"{self.name}{suffix}{_GZIP}").is_dir() for suffix in SYNTAXES)

    @property
    def package(self) -> dict[str, Any]:
        """Its data package, as JSON. Raises UsageError where it cannot be read."""
        return _package(self.folder)

    @property
    def dump(self) -> Path:
        """The path of its record dump: Turtle, else JSON-LD, else N-Triples; a folder where the release is in parts.

        Raises UsageError where it has none.
        """
        for suffix in SYNTAXES:
            path = self.folder / f"{self.name}{suffix}"
            parted = path.with_name(path.name + _GZIP)
            if path.is_file() and not path.is_symlink():  # a link in a release is none of its files
                return path
            if _parts(parted):
                return parted
        raise UsageError("release-without-dump", folder=self.folder, corpus=self.name)


def is_release(folder: Path) -> bool:
    """Whether a folder is a release."""
    return (folder / ours.SUMS).is_file() and (folder / ours.PACKAGE).is_file()


def open_release(folder: Path) -> Release:
    """Open a release's folder. Raises UsageError where its data package names no corpus."""
    found = _package(folder).get("name")
    if not isinstance(found, str) or not _NAME.fullmatch(found):
        why = because("name-unfit", name=shown(str(found))) if found else because("name-missing")
        raise UsageError("names-no-corpus", path=folder / ours.PACKAGE, because=why)
    return Release(folder, found)


def _package(folder: Path) -> dict[str, Any]:
    try:
        found = parsing.from_json(files.data(folder / ours.PACKAGE, follow=False, most=_PACKAGE_LIMIT))
    except (OSError, parsing.Unparsable) as error:
        raise UsageError("release-file-unreadable", path=folder / ours.PACKAGE, because=reason(error)) from error
    return found if isinstance(found, dict) else {}


def read_dump(path: Path, *, follow: bool = True) -> Dump:
    """Read a dump from a file, or from a folder of its gzipped parts. The syntax follows from its name, in any case.

    Raises UsageError where the name has another ending, or the file cannot be read, or is larger than `DUMP_LIMIT`.
    """
    parts = _parts(path)
    syntax = SYNTAXES.get(_suffix(path) if parts else path.suffix.lower())
    if syntax is None:
        raise UsageError("not-a-dump", path=path, endings=", ".join(SYNTAXES))
    try:
        left, read = DUMP_LIMIT, list[bytes]()
        for part in parts or [path]:
            data = files.data(part, follow=follow, most=left)
            read.append(_unzipped(data, left) if parts else data)
            left -= len(read[-1])
        return Dump(b"".join(read), syntax)
    except zlib.error as error:
        raise UsageError("unreadable", path=path, because=reason(error)) from error
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise UsageError("dump-too-large", path=path, megabytes=DUMP_LIMIT >> 20) from error
        raise UsageError("unreadable", path=path, because=reason(error)) from error


def _parts(path: Path) -> list[Path]:
    """The parts of a dump that is a folder, in order; none of any other. Those in JSON-LD are no dump together."""
    if _suffix(path) not in (".ttl", ".nt") or not path.is_dir() or path.is_symlink():
        return []
    return sorted(part for part in path.glob(f"part-*{_GZIP}") if part.is_file() and not part.is_symlink())


def _suffix(path: Path) -> str:
    """The ending of a gzipped dump's name, without .gz; "" for any other."""
    return Path(path.stem).suffix.lower() if path.suffix.lower() == _GZIP else ""


def _unzipped(data: bytes, most: int) -> bytes:
    """What a gzip file holds. Raises OSError (EFBIG) for more bytes than `most`, and zlib.error for no gzip file."""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    found = unpacking.decompress(data, most + 1)
    if len(found) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    if not unpacking.eof:
        raise zlib.error
    return found


def read_with_labels(release: Release) -> Dump:
    """The dump of a release with the labels beside it, where it has them and they are in the dump's syntax.

    Two Turtle files one after the other are one. Raises UsageError as `read_dump` does.
    """
    dump, labels = read_dump(release.dump, follow=False), release.folder / LABELS
    if dump.syntax != "turtle" or not labels.is_file() or labels.is_symlink():
        return dump
    return Dump(dump.data + b"\n" + read_dump(labels, follow=False).data, dump.syntax)


def fetch_dump(address: str, *, private: bool = False) -> Dump:
    """Fetch a dump from a web address, following redirects. The syntax follows from its media type, else its name.

    private: whether the address may be on this machine or a private network.
    Raises UsageError where there is no dump, it is incomplete, or it is larger than 256 MiB.
    """
    from openproposals.web import links, request, urls  # urllib3 is slow to import, and most dumps are files

    limits = request.Limits(total=_SECONDS, body=_LARGEST)
    try:
        final, answer = request.fetch(address, private=private, limits=limits, accept=", ".join(_TYPES))
    except urls.RequestError as refused:
        inward = refused.reason == "refused-private-address"
        key = "dump-address-private" if inward else "dump-not-fetched"
        why = links.reason(refused.reason, shown(refused.where, _SHOWN))
        raise UsageError(key, address=shown(address, _SHOWN), because=why) from None
    syntax = _TYPES.get(answer.media_type) or SYNTAXES.get(Path(urlsplit(final).path).suffix.lower())
    if syntax is None:
        raise _not_a_dump(address, answer.media_type)
    return Dump(answer.body, syntax)


def _not_a_dump(address: str, media_type: str) -> UsageError:
    address = shown(address, _SHOWN)
    if not media_type:
        return UsageError("address-of-no-type", address=address)
    return UsageError("address-not-a-dump", address=address, media_type=shown(media_type, _SHOWN))
