"""`labels.ttl`: what the codes, units, areas and subjects of a dump are called."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from openproposals.dumps import labels
from openproposals.messages import LANGUAGES
from openproposals.model import templates
from openproposals.model.hosts import plan
from openproposals.model.tables import as_tables
from support.frames import frames
from support.languages import FR_EN
from support.places import DIST

BASE = "https://example.org/corpus/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
OTHERS = re.compile(
    "https://w3id.org/openproposals/code/[a-z]+/|http://qudt.org/vocab/unit/|http://metadata.un.org/sdg/"
    "|http://publications.europa.eu/resource/authority/|https://sws.geonames.org/|http://purl.org/linked-data/sdmx/2009/code#"
)


def labelled(figures: list[dict[str, str | None]]) -> set[str]:
    tables = as_tables(frames({"figures": figures, "statistics": [{"id": "s"}]}))
    found = labels.turtle(plan(templates.load(BASE, FR_EN)), tables, BASE)
    return {str(quad.triple) for quad in ox.parse(found, format=ox.RdfFormat.TURTLE)}


def test_every_value_of_the_dump_that_is_a_thing_of_others_has_a_label_in_each_language_of_the_program() -> None:
    """Each code, unit, area, subject and language of the first corpus."""
    dump = ox.parse((DIST / "vivre-ensemble.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    used = {q.object.value for q in dump if isinstance(q.object, ox.NamedNode) and OTHERS.match(q.object.value)}
    found: dict[str, set[str | None]] = {}
    for quad in ox.parse((DIST / "labels.ttl").read_bytes(), format=ox.RdfFormat.TURTLE):
        assert isinstance(quad.object, ox.Literal)
        assert isinstance(quad.subject, ox.NamedNode)
        assert quad.predicate.value == LABEL
        found.setdefault(quad.subject.value, set()).add(quad.object.language)
    assert found == {iri: {*LANGUAGES} for iri in used}


@pytest.mark.parametrize(
    ("unit", "area", "said"),
    [
        ("PERCENT", "", '<http://qudt.org/vocab/unit/PERCENT> <LABEL> "per cent"@en'),
        ("KiloGM", "", '<http://qudt.org/vocab/unit/KiloGM> <LABEL> "Kilogram"'),
        (
            "NUM",
            "http://publications.europa.eu/resource/authority/country/NZL",
            '<http://publications.europa.eu/resource/authority/country/NZL> <LABEL> "New Zealand"@en',
        ),
    ],
)
def test_a_label_says_its_language_where_it_is_known(unit: str, area: str, said: str) -> None:
    """QUDT's list does not say in which language its names are."""
    assert said.replace("LABEL", LABEL) in labelled([{"id": "f", "statistic": "s", "unit": unit, "area": area or None}])


def test_what_nobody_named_and_what_is_not_used_has_no_label() -> None:
    """An unknown area is left out; without figures there is no unit."""
    unknown = "https://example.org/place"
    assert not [
        line for line in labelled([{"id": "f", "statistic": "s", "unit": "NUM", "area": unknown}]) if unknown in line
    ]
    assert not [line for line in labelled([]) if "qudt.org" in line]
