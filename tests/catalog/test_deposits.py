"""What a repository is told of a release: an RO-Crate, a DataCite record, a Zenodo deposit; no more than the descriptor says."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from openproposals.catalog import datacite, rocrate, zenodo
from openproposals.corpus import corpus_folder
from openproposals.release.ours import FileDigest
from openproposals.site import passive
from support.places import DIST, MINIMAL

ENTRIES = {
    "minimal.ttl": FileDigest(10, "0" * 64),
    "minimal.nt.gz": FileDigest(5, "1" * 64),
    "sources.bib": FileDigest(1, "2" * 64),
}
# The fields of a deposit that Zenodo's documentation requires of a dataset under open access, and the others that we use.
REQUIRED = {"upload_type", "publication_date", "title", "creators", "description", "access_right", "license"}
DOCUMENTED = REQUIRED | {"keywords", "notes", "contributors", "related_identifiers", "version", "language"}
SIDES = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")


def about(**more: Any) -> dict[str, Any]:
    read, found = corpus_folder.read(MINIMAL)
    assert read is not None, found
    return {**read.descriptor, **more}


def crate(descriptor: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The entities of the crate, by @id."""
    graph = json.loads(rocrate.rocrate(descriptor, ENTRIES))["@graph"]
    found = {entity["@id"]: entity for entity in graph}
    assert len(graph) == len(found)
    return found


def record(descriptor: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(datacite.datacite(descriptor, ENTRIES))
    return found


def deposit(descriptor: dict[str, Any]) -> dict[str, Any]:
    data = zenodo.zenodo(descriptor)
    assert data is not None
    found: dict[str, Any] = json.loads(data)
    return found


def test_the_crate_lists_every_data_file_truly() -> None:
    """Each file of the crate is in the release, with its size and sum; each data file of the catalogue is in the crate."""
    graph = json.loads((DIST / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    files = {e["@id"]: (e["contentSize"], e["sha256"]) for e in graph if e["@type"] == "File"}
    read = {name: (DIST / name).read_bytes() for name in files}
    assert files == {name: (str(len(data)), hashlib.sha256(data).hexdigest()) for name, data in read.items()}
    tables = {f"tables/{path.name}" for path in (DIST / "tables").glob("*.csv")}
    assert tables | {"figures.csv", "vivre-ensemble.ttl", "vivre-ensemble.jsonld"} <= files.keys()
    assert set(files) == {part["@id"] for part in graph[1]["hasPart"]}


def test_whatever_the_crate_names_it_describes() -> None:
    coverage = {
        "spatial": ["https://val-commun.example/place", "https://val-commun.example/place"],
        "end": "2030-01-01",
    }
    found = crate(about(coverage=coverage))
    for entity in found.values():
        for key, value in entity.items():
            if key == "conformsTo":  # the standard itself
                continue
            named = [v["@id"] for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]
            assert set(named) <= found.keys()
    assert "https://val-commun.example/place" == found["https://val-commun.example/place"]["name"]
    assert "../2030-01-01" == found["./"]["temporalCoverage"]
    assert ["application/n-triples", "application/gzip"] == found["minimal.nt.gz"]["encodingFormat"]


def test_no_doi_is_invented() -> None:
    """Neither a DOI nor any other identifier than the descriptor's addresses."""
    for data in (record(about()), deposit(about()), crate(about())):
        assert "doi" not in json.dumps(data).lower()
    for name in ("datacite.json", ".zenodo.json", "ro-crate-metadata.json"):
        assert "doi.org" not in (DIST / name).read_text(encoding="utf-8")


def test_a_record_has_each_language_and_calls_none_another() -> None:
    """Titles, descriptions and rights in each language of the corpus; the main one is no translation."""
    arabic = {key: {"ar": f"ar {key}", "pt-BR": f"pt {key}"} for key in ("title", "description", "rights")}
    told = about(languages=["ar", "pt-BR"], keywords={"ar": ["a", "a"]}, themes=["SOCI"], **arabic)
    found = record(told)
    assert [
        {"title": "ar title", "lang": "ar"},
        {"title": "pt title", "lang": "pt-BR", "titleType": "TranslatedTitle"},
    ] == found["titles"]
    assert ["ar", "pt-BR"] == [said["lang"] for said in found["descriptions"]]
    assert [("a", "ar"), ("Population and society", "en")] == [(s["subject"], s["lang"]) for s in found["subjects"]]
    assert "ar" == found["language"]
    assert "ara" == deposit(told)["language"]
    assert "ar title" == crate(told)["./"]["name"]
    assert "ar title" == deposit(told)["title"]


def test_the_release_before() -> None:
    history = {"0.0.1": {"released": "2025-01-31", "url": "https://val-commun.example/before/"}}
    told = about(history=history)
    related = [(r["relatedIdentifier"], r["relationType"]) for r in record(told)["relatedIdentifiers"]]
    assert ("https://val-commun.example/before/", "IsNewVersionOf") in related
    assert "isNewVersionOf" == deposit(told)["related_identifiers"][-1]["relation"]
    assert "2025-01-31" == crate(told)["./"]["datePublished"]
    assert told["released"] == deposit(told)["publication_date"] == record(told)["dates"][0]["date"]


def test_a_deposit_has_what_zenodo_asks_and_nothing_it_does_not_know() -> None:
    found = deposit(about(keywords={"en": ["bus"]}))
    assert REQUIRED <= found.keys() <= DOCUMENTED
    assert "cc-by-4.0" == found["license"]
    assert all({"name"} == creator.keys() for creator in found["creators"])


def test_markup_in_a_text_stays_text() -> None:
    """Zenodo reads HTML in a description and in notes, and plain text in a title."""
    words = {"fr": "a < b & c", "en": "a < b & c"}
    found = deposit(about(title=words, description=words, rights=words))
    assert ("a < b & c", "a &lt; b &amp; c", "a &lt; b &amp; c") == (
        found["title"],
        found["description"],
        found["notes"],
    )


def test_a_licence_that_zenodo_would_replace() -> None:
    """Without a known licence there is no deposit file, for Zenodo would take the data for CC0; the others give its address."""
    told = about(licence="https://val-commun.example/licence")
    assert zenodo.zenodo(told) is None
    assert {"rightsUri": "https://val-commun.example/licence"} == record(told)["rightsList"][0]
    assert "https://val-commun.example/licence" == crate(told)["https://val-commun.example/licence"]["name"]


@pytest.mark.parametrize("box", [None, [1, 2, 3, 4]])
def test_places_have_what_is_known_of_them(box: list[int] | None) -> None:
    """A place of which nothing is known is left out of the record; two of one box are one."""
    places = ["https://val-commun.example/a", "https://val-commun.example/b"]
    found = record(about(coverage={"spatial": places, **({"box": box} if box else {})}))
    edges = [[place["geoLocationBox"][side] for side in SIDES] for place in found.get("geoLocations", [])]
    assert edges == ([box] if box else [])


def test_a_site_takes_the_deposit_over() -> None:
    assert all(passive.is_name(name) for name in (zenodo.DEPOSIT, rocrate.CRATE, "datacite.json"))
