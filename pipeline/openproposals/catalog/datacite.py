"""DataCite 4.5 (https://datacite-metadata-schema.readthedocs.io/en/4.5/): the metadata with which a DOI is registered.

The file has no DOI: whoever registers one adds it. The record is of this release, not of all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from openproposals.catalog import datapackage, history, registry
from openproposals.messages import Translated
from openproposals.release.ours import FileDigest

_THEMES = registry.EU + "data-theme"


def datacite(descriptor: Mapping[str, Any], entries: Mapping[str, FileDigest]) -> bytes:
    """The attributes of a DataCite DOI, as its REST API takes them; each text in every language of the corpus."""
    main, day = descriptor["languages"][0], history.dates(descriptor)[1]
    name = descriptor["publisher"]["name"]
    kinds = [registry.format_of(file) for file in registry.distributions(entries)]
    found: dict[str, Any] = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "url": descriptor["site"],
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": [{"name": name, "nameType": "Organizational"}],
        "publisher": {"name": name},
        "contributors": [{"name": descriptor["contact"]["name"], "contributorType": "ContactPerson"}],
        "publicationYear": day[:4],
        "dates": [{"date": day, "dateType": "Issued"}],
        "language": main,
        "version": descriptor["version"],
        "titles": list(_titles(descriptor["title"], main)),
        "descriptions": [
            {"description": text, "descriptionType": "Abstract", "lang": tag}
            for tag, text in descriptor["description"].items()
        ],
        "subjects": _once(_subjects(descriptor)),
        "rightsList": list(_rights(descriptor)),
        "alternateIdentifiers": [{"alternateIdentifier": descriptor["base"], "alternateIdentifierType": "URL"}],
        "relatedIdentifiers": list(_related(descriptor)),
        "formats": sorted({kind.media_type for kind in kinds if kind}),
        "geoLocations": _once(_places(descriptor, main)),
    }
    return (json.dumps({k: v for k, v in found.items() if v}, ensure_ascii=False, indent=2) + "\n").encode()


def _once(values: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each value once, as the standard wants it."""
    found: list[dict[str, Any]] = []
    found.extend(value for value in values if value not in found)
    return found


def _titles(texts: Mapping[str, str], main: str) -> Iterator[dict[str, str]]:
    """The title in the main language first; the others as its translations."""
    yield {"title": texts[main], "lang": main}
    for tag, text in texts.items():
        if tag != main:
            yield {"title": text, "lang": tag, "titleType": "TranslatedTitle"}


def _subjects(descriptor: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for tag, words in descriptor.get("keywords", {}).items():
        yield from ({"subject": word, "lang": tag} for word in words)
    for code in descriptor.get("themes", ()):
        about = {"subjectScheme": "EU data themes", "schemeUri": _THEMES, "valueUri": f"{_THEMES}/{code}"}
        labels = registry.themes()[code]
        yield from (
            {"subject": labels[tag], "lang": tag, **about} for tag in registry.languages(descriptor) if tag in labels
        )


def _rights(descriptor: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The licence, then what it covers, in the descriptor's words."""
    found = datapackage.licence(descriptor)
    spdx = {"rightsIdentifierScheme": "SPDX", "schemeUri": "https://spdx.org/licenses/"}
    known = {"rights": found["title"], "rightsIdentifier": found["name"], **spdx} if "name" in found else {}
    yield {**known, "rightsUri": found["path"]}
    for tag, text in descriptor["rights"].items():
        yield {"rights": text, "lang": tag}


def _related(descriptor: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    catalogue = {"relatedIdentifier": descriptor["site"] + "catalog.ttl", "relatedMetadataScheme": "DCAT-AP"}
    yield {**catalogue, "relatedIdentifierType": "URL", "relationType": "HasMetadata"}
    previous = history.previous(descriptor)
    if previous:
        yield {"relatedIdentifier": previous, "relatedIdentifierType": "URL", "relationType": "IsNewVersionOf"}


def _places(descriptor: Mapping[str, Any], main: str) -> Iterator[dict[str, Any]]:
    """The places covered, with their names and boxes as far as they are known."""
    coverage = descriptor.get("coverage", {})
    for iri in coverage.get("spatial", ()):
        about = registry.place(iri)
        name = Translated({tag: text for tag, text in about.items() if tag != "box"}).say(main)
        box = about.get("box") or coverage.get("box")
        place = {**({"geoLocationPlace": name} if name else {}), **({"geoLocationBox": _box(*box)} if box else {})}
        if place:
            yield place


def _box(west: float, south: float, east: float, north: float) -> dict[str, float]:
    return {
        "westBoundLongitude": west,
        "southBoundLatitude": south,
        "eastBoundLongitude": east,
        "northBoundLatitude": north,
    }
