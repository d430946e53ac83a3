"""What the doctor looks at: a corpus, a release's folder, a catalogue's file or its address.

pyoxigraph reads every syntax; it fetches no remote context and no external entity. It expands internal ones without
end, so XML that declares a document type is not read at all.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

import pyoxigraph as ox

from openproposals import places
from openproposals.doctor import fetch
from openproposals.errors import UsageError
from openproposals.guards import files
from openproposals.release import ours
from openproposals.release.ours import Entry, digest
from openproposals.release.read import Release

LARGEST = 50_000_000
SYNTAXES = {
    ".ttl": ox.RdfFormat.TURTLE, ".jsonld": ox.RdfFormat.JSON_LD, ".json": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML, ".xml": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES, ".n3": ox.RdfFormat.N3,
}  # fmt: skip
_CATALOGUES = ("catalog.ttl", "catalog.jsonld", "catalog.rdf")
_DECLARED = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_SITE = "SELECT ?x WHERE { ?x a <http://www.w3.org/ns/dcat#Catalog> }"


@dataclass(frozen=True)
class Patient:
    """A catalogue as a graph; the files and address of the release it describes, where they are known.

    `remote_contexts` are the JSON-LD contexts that a harvester would have to fetch.
    """

    name: str
    quads: tuple[ox.Quad, ...]
    store: ox.Store
    files: Mapping[str, Entry] | None = None
    site: str = ""
    address: str = ""
    remote_contexts: tuple[str, ...] = ()


def admit(place: places.Place, publish: Callable[[Path, Path], bool], *, private: bool = False) -> Patient:
    """Open what is named. `publish` makes a release of a corpus in a folder, and says whether it could.

    An address of this machine or of a private network is asked only when `private`, as `verify --links` does.

    Refused (UsageError): what is no corpus, release or catalogue, and a corpus that does not conform.
    """
    match place:
        case places.Address(url):
            answer = fetch.get(url, LARGEST, private=private)
            return _read(url, answer.body, _syntax(url, answer.media_type), address=url)
        case places.Corpus(folder):
            with tempfile.TemporaryDirectory() as scratch:
                out = Path(scratch) / folder.resolve().name
                if not publish(folder, out):
                    raise UsageError("corpus-not-conforming", name=folder.name, folder=folder)
                return _folder(out)
        case Release():
            return _folder(place.folder)
        case places.File(path):
            if path.stat().st_size > LARGEST:
                raise UsageError("catalogue-too-large", name=path.name, n=LARGEST)
            return _read(path.name, _bytes(path), _syntax(path.name, ""))
        case _:
            assert_never(place)


def _folder(folder: Path) -> Patient:
    """A release's folder: its catalogue, and the true size and sum of every file in it."""
    found = next((folder / c for c in _CATALOGUES if (folder / c).is_file()), None)
    if found is None:
        raise UsageError("no-catalogue", folder=folder, known=", ".join(_CATALOGUES))
    patient = _read(folder.resolve().name, _bytes(found, follow=False), _syntax(found.name, ""))
    beside = folder / "catalog.jsonld"
    contexts = _contexts(_bytes(beside, follow=False), beside.name) if beside.is_file() else ()
    entries = {name: digest(folder / name) for name in ours.plain(folder)}
    return replace(patient, files=entries, remote_contexts=contexts)


def _bytes(path: Path, *, follow: bool = True) -> bytes:
    """A catalogue's bytes. Refused (UsageError): what is no plain file, too large, or not to be read."""
    try:
        return files.data(path, follow=follow, most=LARGEST)
    except OSError as error:
        raise UsageError("unreadable", path=path.name, because=error.strerror or str(error)) from error


def _read(name: str, data: bytes, syntax: ox.RdfFormat, address: str = "") -> Patient:
    if syntax == ox.RdfFormat.RDF_XML and _DECLARED.search(data):
        raise UsageError("catalogue-entities", name=name)
    contexts = _contexts(data, name) if syntax == ox.RdfFormat.JSON_LD else ()
    try:
        quads = tuple(
            ox.parse(_without_contexts(data) if contexts else data, format=syntax, base_iri=address or "file:///")
        )
    except (SyntaxError, ValueError) as error:
        raise UsageError("catalogue-syntax", name=name, syntax=syntax.name, because=str(error)) from error
    store = ox.Store()
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    catalog = next((str(row["x"].value) for row in store.query(_SITE)), "")  # type: ignore[union-attr]
    return Patient(name, quads, store, None, re.sub(r"[^/]*(#.*)?$", "", catalog), address, contexts)


def _syntax(name: str, media_type: str) -> ox.RdfFormat:
    """By media type, else by extension. Refused: neither is known."""
    found = ox.RdfFormat.from_media_type(media_type) if media_type else None
    found = found or SYNTAXES.get("." + name.partition("?")[0].rpartition(".")[2].lower())
    if found is None:
        raise UsageError("catalogue-of-no-syntax", name=name, known=", ".join(SYNTAXES))
    return found


def _contexts(data: bytes, name: str) -> tuple[str, ...]:
    """The remote contexts of a JSON-LD document. Refused (UsageError): one nested too deeply to be read."""
    try:
        said = json.loads(data).get("@context", {})
    except (ValueError, AttributeError):
        return ()
    except RecursionError as error:
        raise UsageError("catalogue-nested", name=name) from error
    return tuple(c for c in (said if isinstance(said, list) else [said]) if isinstance(c, str))


def _without_contexts(data: bytes) -> bytes:
    """The document with its remote contexts left out: what it says without them can still be looked at."""
    document = json.loads(data)
    said = document["@context"]
    document["@context"] = [c for c in (said if isinstance(said, list) else [said]) if not isinstance(c, str)]
    return json.dumps(document).encode()
