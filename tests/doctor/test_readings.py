"""The readings of a catalogue: whatever stands where, they come to an end and say something of each dataset."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.doctor import catalogue, catalogue_graph, checks, ckan, score, udata
from openproposals.doctor.node_values import Nodes
from support import catalogues

TODAY = "2026-11-28"
TYPES = ["xsd:string", "xsd:date", "xsd:dateTime", "xsd:gYear", "xsd:integer", "xsd:decimal", "xsd:double", "xsd:boolean",
         "xsd:hexBinary", "xsd:anyURI", "xsd:duration", "xsd:time", "geo:wktLiteral", "geo:geoJSONLiteral", "rdf:XMLLiteral",
         "rdf:HTML", "e:type"]  # fmt: skip
TEXTS = ["", " ", "x", "0", "-1", "12", "1.5", "1e999", "NaN", "2024", "2024-02-30", "2024-02-29", "99999999999999999999", "true",
         "hier", "a/b", "2020/2021", "/", "--", "1,2,3,4", "nan,1,2,3", "POLYGON((1 2))", "POLYGON(())", "POLYGON((1 2, x))",
         "((((", "{}", "[]", "null", "https://data.ville.fr/a", "http://[", "//x", "mailto:", "x@y.fr", "<a>", "\u0001", "é" * 300]  # fmt: skip
VALUES = [*(f'"{text}"^^{kind}' for text in TEXTS for kind in TYPES), '"a"@fr', '"a"@x-y', "e:x", "<urn:x>", "[]", "<>", "e:d", "e:f",
          "[ a e:Thing ; rdfs:label 12 ]", "( 1 2 )", "_:loop"]  # fmt: skip
PLACES = [(name, found[1]) for name, text in catalogues.GOOD.items() if (found := re.match(r"(e:[df] \S+) ", text))]


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(VALUES)), min_size=1, max_size=4))
def test_whatever_stands_where(put: list[tuple[tuple[str, str], str]]) -> None:
    """Each harvester's reading ends, and names every dataset once; a remark has words in both languages, whole."""
    text = catalogues.turtle({name: f"{start} {value}" for (name, start), value in put})
    quads = tuple(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri="file:///", lenient=True))
    nodes = Nodes(quads)
    for reading in (list(ckan.read(nodes)), list(udata.read(nodes, TODAY))):
        assert len(reading) == len({taken.node for taken in reading})
    document = catalogue.Document("theirs.ttl", text.encode(), ox.RdfFormat.TURTLE.media_type)
    found = catalogue_graph.read(document)
    for remark in checks.examine(found, TODAY):
        for lang in ("en", "fr"):
            for ours in (False, True):
                words = remark.words(lang, ours=ours)  # type: ignore[arg-type]
                assert words["what"]
                assert words["mend"]
    assert sum(point.earned for point in score.score(score.held(found), [], None)) <= 405


BROKEN = {
    "rdf/xml that only rdflib reads": (
        ".rdf",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" '
        'xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset rdf:about="https://x.fr/d"><dct:title>Arbres</dct:title>'
        "<dct:identifier>d</dct:identifier><dct:subject><dct:x>a</dct:x>stray words</dct:subject></dcat:Dataset></rdf:RDF>",
    ),
    "a space in an address": (
        ".ttl",
        catalogues.turtle({"f.url": "e:f dcat:downloadURL <https://data.ville.fr/a b.csv>"}),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_the_harvesters_read_is_read(name: str) -> None:
    """Both harvesters read with rdflib, which is content with more than the standards are."""
    ending, text = BROKEN[name]
    document = catalogue.Document(f"theirs{ending}", text.encode(), catalogue.SYNTAXES[ending].media_type)
    assert len(catalogue_graph.read(document).nodes.typed("dcat:Dataset")) == 1
