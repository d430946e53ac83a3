"""The files of a release or a site that are served: those that its report lists, and that have the sums listed.

A path of a request is looked up among their names; it is never made into a path of the disk. A file that was changed
since it was looked at is not served.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath

from openproposals.catalog.hosting import TYPES
from openproposals.errors import UsageError
from openproposals.guards import files
from openproposals.model.rdf import is_web_iri
from openproposals.release import ours
from openproposals.release.published import LABELS, Release

_OTHERS = {".gz": "application/gzip", ".wasm": "application/wasm", ".bib": "application/x-bibtex"}
_BINARY = frozenset(_OTHERS.values())


class ChangedError(Exception):
    """A file is not as it was when its release was looked at: another release is taking its place."""


@dataclass(frozen=True)
class OfferedFile:
    """A file: where it is, its SHA-256, its media type with its charset, and the mark by which a change is seen."""

    path: Path
    sha256: str
    media_type: str
    mark: ours.FileStamp

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.mark.size

    @property
    def compressible(self) -> bool:
        """Whether it is text, which gzip makes smaller."""
        return self.media_type not in _BINARY

    def opened(self) -> BufferedReader:
        """The file, open to be read. Raises ChangedError where another one has its name."""
        try:
            file = files.opened(self.path, follow=False)
        except OSError as error:
            raise ChangedError from error
        if _mark(file) != self.mark:
            file.close()
            raise ChangedError
        return file


@dataclass(frozen=True)
class Offer:
    """A release or site as it is served: its files by their names.

    name: that of its corpus. base: the IRI with which its IRIs begin. beside: whether another release of its corpus is
    the one at `/<name>/`.
    """

    name: str
    version: str
    base: str
    files: Mapping[str, OfferedFile]
    left_out: tuple[str, ...] = ()
    beside: bool = False

    @property
    def place(self) -> str:
        """Where it is served, without the slashes around it: the corpus's name, or under that by its version."""
        return f"{self.name}/releases/{self.version}" if self.beside else self.name

    @property
    def graph(self) -> str:
        """The IRI that names its graph: with which its IRIs begin, or under that by its version."""
        return f"{self.base}releases/{self.version}" if self.beside else self.base

    @property
    def dump(self) -> str:
        """The name of its record dump. Raises UsageError where it has none."""
        for ending in ("ttl", "nt", "jsonld"):
            if f"{self.name}.{ending}" in self.files:
                return f"{self.name}.{ending}"
        raise UsageError("release-without-dump", folder=self.name, corpus=self.name)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts of its N-Triples, in order, where it is a release in parts (docs/spark.md)."""
        return tuple(sorted(name for name in self.files if name.startswith(f"{self.name}.nt.gz/part-")))

    @property
    def dumps(self) -> tuple[str, ...]:
        """The names of the files whose triples are its graph."""
        return (*(self.parts or (self.dump,)), *([LABELS] if LABELS in self.files else []))

    @property
    def has_pages(self) -> bool:
        """Whether its items have pages."""
        return ours.SITES in self.files


def of(release: Release) -> Offer:
    """The offer of a release's or a site's folder. Its files are read once, to see that they are those listed.

    Raises UsageError: a release that lists no files, or that does not say with which IRI its IRIs begin.
    """
    folder, listed = release.folder, ours.listed(release.folder)
    if not listed:
        raise UsageError("release-lists-nothing", folder=folder)
    base = release.package.get("id")
    if not isinstance(base, str) or not is_web_iri(base) or not base.endswith("/"):
        raise UsageError("release-without-base", folder=folder)
    names = [*listed, ours.REPORT, ours.SUMS]
    with ThreadPoolExecutor(2) as threads:
        looked = dict(
            zip(names, threads.map(lambda name: _looked_at(folder, name, listed.get(name)), names), strict=True)
        )
    found = {name: file for name, file in looked.items() if file}
    left_out = tuple(name for name, file in looked.items() if not file)
    return Offer(release.name, release.version, base, found, left_out)


def media_type(name: str) -> str:
    """The media type of a file by its name's ending, as the hosting files say it.

    >>> media_type("a/b.ttl"), media_type("SHA256SUMS"), media_type("x.nt.gz")
    ('text/turtle; charset=utf-8', 'text/plain; charset=utf-8', 'application/gzip')
    """
    if PurePosixPath(name).name == "feed.xml":
        return "application/atom+xml; charset=utf-8"
    ending = PurePosixPath(name).suffix
    if ending in _OTHERS:
        return _OTHERS[ending]
    return f"{TYPES.get(ending.removeprefix('.'), 'text/plain')}; charset=utf-8"


def _looked_at(folder: Path, name: str, sha256: str | None) -> OfferedFile | None:
    """A file, if it is plain and has the sum that is listed for it; the report and the sums have none."""
    path = folder / name
    try:
        with files.opened(path, follow=False) as file:
            mark = _mark(file)
        found = ours.digest(path).sha256
    except OSError:
        return None
    return OfferedFile(path, found, media_type(name), mark) if sha256 in (None, found) else None


def _mark(file: BufferedReader) -> ours.FileStamp:
    return ours.FileStamp.of(os.fstat(file.fileno()))
