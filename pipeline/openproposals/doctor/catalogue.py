"""What the doctor looks at: a corpus, a release, a catalogue's file or address. What it says: catalogue_graph.py."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

import pyoxigraph as ox

from openproposals import places
from openproposals.doctor import fetch
from openproposals.errors import UsageError
from openproposals.guards import files
from openproposals.release import ours
from openproposals.release.ours import FileDigest, digest
from openproposals.release.published import Release

LARGEST = 50_000_000
HASHED = 4 << 30  # bytes of a release's files that are hashed: some seconds
SYNTAXES = {
    ".ttl": ox.RdfFormat.TURTLE, ".jsonld": ox.RdfFormat.JSON_LD, ".json": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML, ".xml": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES, ".n3": ox.RdfFormat.N3,
}  # fmt: skip
_CATALOGUES = ("catalog.ttl", "catalog.jsonld", "catalog.rdf")


@dataclass(frozen=True)
class Document:
    """A catalogue's bytes and their media type, nothing read yet; the address it came from, where it has one.

    Of a release: its `files`, each hashed when it is asked for, its `page`, and `beside`, its catalog.jsonld, whose
    contexts harvesters may fetch.
    """

    name: str
    data: bytes
    syntax: str
    address: str = ""
    beside: bytes = b""
    files: Mapping[str, FileDigest] | None = None
    page: bytes | None = None


class FolderFiles(Mapping[str, FileDigest]):
    """The plain files of a release's folder. A file is hashed when it is first asked for: others may be of any size.

    Of all together, `most` bytes are hashed. A file beyond that has "" in place of its SHA-256.
    """

    def __init__(self, folder: Path, most: int = HASHED) -> None:
        self._folder, self._left = folder, most
        self._names = dict.fromkeys(ours.plain(folder))
        self._known: dict[str, FileDigest] = {}

    def __getitem__(self, name: str) -> FileDigest:
        """The size and SHA-256 of a file. Raises KeyError for a name that no file has, and OSError."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._known:
            path = self._folder / name
            size = path.lstat().st_size
            self._known[name] = digest(path) if size <= self._left else FileDigest(size, "")
            self._left -= size if size <= self._left else 0
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def opened(place: places.Place, publish: Callable[[Path, Path], bool], *, private: bool = False) -> Document:
    """Open what is named. `publish` makes a release of a corpus in a folder, and says whether it could.

    An address of this machine or of a private network is asked only when `private`, as `verify --links` does.

    Raises UsageError: what is no corpus, release or catalogue, and a corpus that does not conform.
    """
    match place:
        case places.Address(url):
            answer = fetch.get(url, LARGEST, private=private)
            return Document(url, answer.body, _syntax(url, answer.media_type), url)
        case places.CorpusFolder(folder):
            with tempfile.TemporaryDirectory() as scratch:
                out = Path(scratch) / folder.resolve().name
                if not publish(folder, out):
                    raise UsageError("corpus-not-conforming", name=folder.name, folder=folder)
                made = _folder(out)
                return replace(made, files=dict(made.files or {}))  # hashed now: the folder is about to go
        case Release():
            return _folder(place.folder)
        case places.File(path):
            if path.stat().st_size > LARGEST:
                raise UsageError("catalogue-too-large", name=path.name, n=LARGEST)
            return Document(path.name, _bytes(path), _syntax(path.name, ""))
        case _:
            assert_never(place)


def _folder(folder: Path) -> Document:
    """A release's folder: its catalogue, and the true size and sum of each file in it."""
    found = next((folder / c for c in _CATALOGUES if (folder / c).is_file()), None)
    if found is None:
        raise UsageError("no-catalogue", folder=folder, known=", ".join(_CATALOGUES))
    beside, page = folder / "catalog.jsonld", folder / "index.html"
    return Document(
        folder.resolve().name,
        _bytes(found, follow=False),
        _syntax(found.name, ""),
        beside=_bytes(beside, follow=False) if beside.is_file() and beside != found else b"",
        page=_bytes(page, follow=False) if page.is_file() else None,
        files=FolderFiles(folder),
    )


def _bytes(path: Path, *, follow: bool = True) -> bytes:
    """A catalogue's bytes. Raises UsageError: what is no plain file, too large, or not to be read."""
    try:
        return files.data(path, follow=follow, most=LARGEST)
    except OSError as error:
        raise UsageError("unreadable", path=path.name, because=error.strerror or str(error)) from error


def _syntax(name: str, media_type: str) -> str:
    """A media type: the one given, else by the extension. Raises UsageError where neither is known."""
    found = ox.RdfFormat.from_media_type(media_type) if media_type else None
    extension = "." + name.partition("?")[0].rpartition(".")[2].lower()
    if extension in (".html", ".htm") or media_type.partition(";")[0].strip() == "text/html":
        raise UsageError("catalogue-is-page", name=name)
    found = found or SYNTAXES.get(extension)
    if found is None:
        raise UsageError("catalogue-of-no-syntax", name=name, known=", ".join(SYNTAXES))
    return found.media_type
