"""Croissant 1.0 (https://docs.mlcommons.org/croissant/docs/croissant-spec.html): each table as a record set."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openproposals.catalog import datapackage, history, in_parts, registry
from openproposals.model import schema
from openproposals.release.ours import FileDigest

_CONTEXT: dict[str, Any] = json.loads(Path(__file__).with_name("croissant.context.json").read_text(encoding="utf-8"))
# All other columns are text, among them dates of mixed precision and numbers as printed.
_TYPES = {"number": "sc:Float", "integer": "sc:Integer", "boolean": "sc:Boolean"}


def croissant(
    descriptor: Mapping[str, Any], entries: Mapping[str, FileDigest], published: Sequence[schema.Table]
) -> bytes:
    """The release as a Croissant dataset: a file object and a record set for each published table.

    Its texts stand in one language, and the program's own words in English. The context names that language only where
    it is English, so that nothing is tagged with a language that it is not in.
    """
    site, one = str(descriptor["site"]), registry.leading(descriptor)
    issued, modified = history.dates(descriptor)
    publisher = {"@type": "sc:Organization", "name": descriptor["publisher"]["name"]}
    found = {
        "@context": {key: term for key, term in _CONTEXT.items() if key != "@language" or one == "en"},
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": descriptor["name"],
        "alternateName": descriptor["title"][one],
        "description": descriptor["description"][one],
        "url": site,
        "license": datapackage.licence(descriptor)["path"],
        "version": descriptor["version"],
        "datePublished": issued,
        "dateModified": modified,
        "citeAs": _citation(descriptor, one),
        "creator": publisher,
        "publisher": publisher,
        "keywords": descriptor.get("keywords", {}).get(one, []),
        "inLanguage": descriptor["languages"],
        "isLiveDataset": False,
        "distribution": [file for t in published for file in _files(site, t, entries[f"tables/{t.name}.csv"])],
        "recordSet": [_records(t, entries[f"tables/{t.name}.csv"]) for t in published],
    }
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def _citation(descriptor: Mapping[str, Any], language: str) -> str:
    """The citation of the release, on one line, with its title in that language."""
    year = history.dates(descriptor)[1][:4]
    who, title, version = descriptor["publisher"]["name"], descriptor["title"][language], descriptor["version"]
    return f"{who} ({year}). {title}, version {version}. {descriptor['base']}"


def _files(site: str, table: schema.Table, entry: FileDigest) -> Iterator[dict[str, Any]]:
    """The file object of a table; of one in parts, a file object for each part, and the set of them."""
    path = f"tables/{table.name}.csv"
    parted = isinstance(entry, in_parts.PartedFile)
    names = []
    for name, one in in_parts.parts_of(path, entry).items():
        names.append(name.removeprefix("tables/"))
        yield {
            "@type": "cr:FileObject",
            "@id": names[-1],
            "name": names[-1],
            "description": registry.titles(path)["en"],
            "contentUrl": site + name,
            "contentSize": f"{one.size} B",
            "encodingFormat": "text/csv",
            "sha256": one.sha256,
        }
    if parted:
        yield {
            "@type": "cr:FileSet",
            "@id": f"{table.name}.csv",
            "name": f"{table.name}.csv",
            "containedIn": [{"@id": name} for name in names],
            "encodingFormat": "text/csv",
            "includes": "*.csv",
        }


def _records(table: schema.Table, entry: FileDigest) -> dict[str, Any]:
    source = "fileSet" if isinstance(entry, in_parts.PartedFile) else "fileObject"
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.descriptor["description"],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{column.name}",
                "name": column.name,
                "description": column.description["en"],
                "dataType": _TYPES.get(column.type, "sc:Text"),
                "source": {source: {"@id": f"{table.name}.csv"}, "extract": {"column": column.name}},
            }
            for column in table.columns
        ],
    }
