"""RO-Crate 1.2 (https://w3id.org/ro/crate/1.2): the release's folder as an attached crate, with its data files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from openproposals.catalog import datapackage, describe, history, in_parts, registry
from openproposals.messages import Translated
from openproposals.release.ours import FileDigest

CRATE = "ro-crate-metadata.json"
_SPECIFICATION = "https://w3id.org/ro/crate/1.2"


def rocrate(descriptor: Mapping[str, Any], entries: Mapping[str, FileDigest]) -> bytes:
    """The crate: the dataset, each data file of the release, and what they name (licence, publisher, contact, places).

    Its texts are plain, in one language: the one that CITATION.cff and croissant.json have.
    """
    one = registry.leading(descriptor)
    files = [f"{n}/" if isinstance(entries[n], in_parts.PartedFile) else n for n in registry.distributions(entries)]
    described = {"@id": CRATE, "@type": "CreativeWork", "conformsTo": _id(_SPECIFICATION), "about": _id("./")}
    graph = [
        described,
        _root(descriptor, one, files),
        *(_file(name, entries[name], one) for name in registry.distributions(entries)),
        _licence(descriptor),
        *_people(descriptor),
        *_places(descriptor, one),
    ]
    found = {"@context": f"{_SPECIFICATION}/context", "@graph": graph}
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def _id(iri: str) -> dict[str, str]:
    return {"@id": iri}


def _root(descriptor: Mapping[str, Any], one: str, files: list[str]) -> dict[str, Any]:
    issued, modified = history.dates(descriptor)
    coverage = descriptor.get("coverage", {})
    publisher = _id(descriptor["publisher"]["iri"])
    said: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": descriptor["title"][one],
        "description": descriptor["description"][one],
        "identifier": descriptor["base"],
        "url": descriptor["site"],
        "version": descriptor["version"],
        "datePublished": issued,
        "dateModified": modified,
        "inLanguage": descriptor["languages"],
        "license": _id(datapackage.licence(descriptor)["path"]),
        "creator": publisher,
        "publisher": publisher,
    }
    if descriptor.get("keywords", {}).get(one):
        said["keywords"] = descriptor["keywords"][one]
    if "start" in coverage or "end" in coverage:
        said["temporalCoverage"] = f"{coverage.get('start', '..')}/{coverage.get('end', '..')}"
    if coverage.get("spatial"):
        said["spatialCoverage"] = [_id(iri) for iri in coverage["spatial"]]
    return {**said, "hasPart": [_id(name) for name in files]}


def _file(name: str, entry: FileDigest, one: str) -> dict[str, Any]:
    kind = registry.format_of(name)
    assert kind is not None, "only data files are listed"
    parted = isinstance(entry, in_parts.PartedFile)
    packed, said = name.endswith(registry.GZIP), registry.languages({"languages": [one]})[0]
    return {
        "@id": f"{name}/" if parted else name,
        "@type": "Dataset" if parted else "File",
        "name": Translated(registry.titles(name)).say(said),
        "description": Translated(describe.content(name)).say(said),
        "contentSize": str(entry.size),
        "encodingFormat": [kind.media_type, "application/gzip"] if packed else kind.media_type,
        **({} if parted else {"sha256": entry.sha256}),
    }


def _licence(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """The licence; one that is not in registry.toml has its address for a name."""
    found = datapackage.licence(descriptor)
    said = {"@id": found["path"], "@type": "CreativeWork", "name": found.get("title", found["path"])}
    return {**said, **({"identifier": found["name"]} if "name" in found else {})}


def _people(descriptor: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    publisher, contact = descriptor["publisher"], descriptor["contact"]
    address = f"mailto:{contact['email']}"
    homepage = {"url": publisher["homepage"]} if "homepage" in publisher else {}
    yield {
        "@id": publisher["iri"],
        "@type": "Organization",
        "name": publisher["name"],
        **homepage,
        "contactPoint": _id(address),
    }
    yield {"@id": address, "@type": "ContactPoint", "name": contact["name"], "email": contact["email"]}


def _places(descriptor: Mapping[str, Any], one: str) -> Iterator[dict[str, Any]]:
    """The places covered; one that registry.toml does not know has its address for a name."""
    for iri in dict.fromkeys(descriptor.get("coverage", {}).get("spatial", ())):
        names = {tag: name for tag, name in registry.place(iri).items() if tag != "box"}
        yield {"@id": iri, "@type": "Place", "name": Translated(names).say(one) or iri}
