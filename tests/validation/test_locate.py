"""From a node of the graph back to the cell an editor would mend."""

from __future__ import annotations

import pytest

from openproposals import stages
from openproposals.corpus.corpus_folder import Corpus
from openproposals.model import schema, templates
from openproposals.model.hosts import plan
from openproposals.stages import Run
from openproposals.validation import locate
from openproposals.validation.results import Result
from support.frames import frames
from support.languages import FR_EN
from support.places import REAL

BASE = "https://example.org/corpus/"
OP, RDFS, OA = "https://w3id.org/openproposals/ns#", "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/ns/oa#"
FOAF, RDF_TYPE = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
HOSTS = plan(templates.load(BASE, FR_EN))


@pytest.fixture(scope="module")
def work() -> stages.Work:
    return stages.validate(REAL, Run())


@pytest.mark.parametrize(
    ("focus", "path", "value", "expected"),
    [
        ("statistic/S02", "", None, "statistics.csv:3:1 (id)"),
        ("statistic/S02", OP + "citationStatus", "code/citation/cited", "statistics.csv:3:6 (citation_status)"),
        ("proposal/P02", OP + "restsOn", "statistic/S03", "evidence.csv:5:2 (statistic)"),
        ("figure/S05-2", "http://schema.org/value", "2300000", "figures.csv:7:3 (value)"),
        ("passage/B-S02#position", OA + "start", "2727", "passages.csv:"),
        ("passage/B-S02#S03-1-before", OP + "length", "47", "figure-passages.csv:4:6 (before_length)"),
        ("text/B#sha256", "http://spdx.org/rdf/terms#checksumValue", None, "corpus.toml (texts.B.sha256)"),
        ("agent/wimoov", RDFS + "label", "Wimoov", "agents.csv:7:3 (label_fr)"),
    ],
)
def test_a_node_and_a_property_lead_to_a_cell(
    work: stages.Work, focus: str, path: str, value: str | None, expected: str
) -> None:
    """Own rows, nested nodes, link tables and the descriptor: each leads to its file, row and column."""
    assert work.corpus is not None
    base = work.corpus.base
    full = None if value is None else base + value if value.startswith("statistic/") else value
    if value and value.startswith("code/"):
        full = "https://w3id.org/openproposals/" + value
    assert str(locate.place(work.corpus, work.hosts, base + focus, path, full)).startswith(expected)


def test_a_node_without_a_row_leads_to_the_row_that_names_it() -> None:
    """A dangling object: the row whose link it is."""
    tables = frames({"proposals": [{"id": "p", "theme": "nowhere"}]})
    corpus = Corpus({"name": "x", "base": BASE}, tables, {"proposals.csv": ["theme", "id"]})
    found = locate.place(corpus, HOSTS, BASE + "theme/nowhere", RDFS + "label")
    assert str(found) == "proposals.csv:2:1 (theme)"


def test_a_node_that_nobody_names_leads_to_the_descriptor() -> None:
    """Nothing in the tables publishes it."""
    corpus = Corpus({"name": "x", "base": BASE}, frames({}), {})
    assert str(locate.place(corpus, HOSTS, "https://example.org/other", "")) == "corpus.toml"


TABLES = {
    "proposals": [{"id": "a"}, {"id": "b"}],
    "evidence": [
        {"proposal": "a", "statistic": "s", "basis": "Stated"},
        {"proposal": "b", "statistic": "s", "basis": "Context"},
        {"proposal": "b", "statistic": "t", "basis": "Stated"},
    ],
    "agents": [
        {"id": "w", "kind": "Person", "label_fr": "Bien", "label_en": "Very well"},
        {"id": "v", "label_fr": "V"},
    ],
    "remarks": [{"id": "r", "marker": "1", "note": "N1"}],
}


@pytest.mark.parametrize(
    ("focus", "path", "value", "expected"),
    [
        ("proposal/b", OP + "restsOn", None, "evidence:1:statistic"),
        ("proposal/b", OP + "restsOn", BASE + "statistic/t", "evidence:2:statistic"),
        ("proposal/b", OP + "restsOnStated", None, "evidence:1:statistic"),
        ("proposal/b", OP + "restsOnStated", BASE + "statistic/t", "evidence:2:statistic"),
        ("proposal/b", OP + "restsOn", BASE + "statistic/gone", "proposals:1:id"),
        ("agent/w", RDFS + "label", "Bien", "agents:0:label_fr"),
        ("agent/w", RDFS + "label", "Very well", "agents:0:label_en"),
        ("agent/w", RDFS + "label", "well", "agents:0:label_fr"),
        ("agent/w", RDFS + "label", None, "agents:0:label_fr"),
        ("agent/v", RDFS + "label", None, "agents:1:label_en"),
        ("agent/w", RDF_TYPE, FOAF + "Person", "agents:0:kind"),
        ("agent/v", RDF_TYPE, None, "agents:1:kind"),
        ("remark/r", OA + "hasTarget", BASE + "marker/1", "remarks:0:marker"),
        ("remark/r", OA + "hasTarget", BASE + "note/N1", "remarks:0:note"),
        ("remark/r", OA + "hasTarget", None, "remarks:0:source"),
        ("proposal/a", OP + "none", None, "proposals:0:id"),
    ],
)
def test_a_value_leads_to_the_cell_that_says_it(focus: str, path: str, value: str | None, expected: str) -> None:
    """Of several cells with one property, the one that fills the value in; without a value, the first empty one."""
    headers = {f"{name}.csv": list(schema.tables(FR_EN)[name].column_names) for name in TABLES}
    found = locate.place(Corpus({"name": "x", "base": BASE}, frames(TABLES), headers), HOSTS, BASE + focus, path, value)
    assert f"{found.file.removesuffix('.csv')}:{found.row - 2}:{found.name}" == expected


def test_a_class_has_no_row() -> None:
    """An IRI that every row of a table names is not the place of any one of them."""
    found = locate.place(Corpus({"name": "x", "base": BASE}, frames(TABLES), {}), HOSTS, OP + "Remark", "")
    assert str(found) == "corpus.toml"


def test_a_result_becomes_a_finding() -> None:
    """Nodes of the corpus are named by their key, others and literals in whole."""
    corpus = Corpus({"name": "x", "base": BASE}, frames(TABLES), {})
    results = [
        Result("no-label", BASE + "proposal/b", RDFS + "label", None, ""),
        Result("bad-link", BASE + "proposal/b", OP + "restsOn", BASE + "statistic/t", ""),
        Result("bad-type", "https://example.org/else/b", RDF_TYPE, "https://example.org/else/c", ""),
    ]
    found = locate.located(corpus, HOSTS, results)
    assert [(f.location.file, f.code, f.cell, f.facts["focus"]) for f in found] == [
        ("proposals.csv", "no-label", "", "b"),
        ("evidence.csv", "bad-link", "t", "b"),
        ("corpus.toml", "bad-type", "https://example.org/else/c", "https://example.org/else/b"),
    ]
