"""Every IRI that the project borrows exists in its vocabulary, in a list that says where that was seen."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator

import pyoxigraph as ox

from support.places import DIST, ROOT

OWN = ("https://w3id.org/openproposals/", "https://openproposals.example.org/")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def listed() -> dict[str, dict[str, str]]:
    with (ROOT / "tests" / "borrowed.csv").open(encoding="utf-8", newline="") as file:
        return {row["iri"]: row for row in csv.DictReader(file)}


ADDRESSES = {"http://schema.org/url", "https://w3id.org/openproposals/ns#seenAt"}  # pages: no term of anybody's


def used() -> Iterator[str]:
    """Borrowed IRIs of the release, the vocabulary, the shapes and the context."""
    for path in [*DIST.glob("*.ttl"), *(ROOT / "shapes").glob("*.ttl")]:
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE):
            terms = [quad.subject, quad.predicate]
            terms += [] if quad.predicate.value in ADDRESSES else [quad.object]
            yield from (t.value for t in terms if isinstance(t, ox.NamedNode))
            yield from (t.datatype.value for t in terms if isinstance(t, ox.Literal))
    context = json.loads((ROOT / "schema" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    prefixes = {k: v for k, v in context.items() if isinstance(v, str) and v.startswith("http")}
    for term in context.values():
        name = term["@id"] if isinstance(term, dict) else term
        prefix, _, local = name.partition(":")
        if prefix in prefixes:
            yield prefixes[prefix] + local


def test_every_borrowed_iri_is_listed_with_its_origin() -> None:
    """An IRI typed from memory is not in the list; the list says where each was found."""
    known = listed()
    missing = {iri for iri in used() if _IRI.match(iri) and not iri.startswith(OWN)} - known.keys()
    assert set() == missing
    assert [row["iri"] for row in known.values() if not (row["origin"] and row["checked"] and row["kind"])] == []


def test_the_list_holds_nothing_unused() -> None:
    """A row that nothing uses is taken out."""
    assert set() == listed().keys() - set(used())
