"""From a node of the graph back to the cell an editor would mend."""

from __future__ import annotations

import pytest

from openproposals import stages
from openproposals.corpus.corpus_folder import Corpus
from openproposals.model import templates
from openproposals.model.hosts import plan
from openproposals.stages import Run
from openproposals.validation import locate
from support.frames import frames
from support.places import REAL

BASE = "https://example.org/corpus/"
OP, RDFS, OA = "https://w3id.org/openproposals/ns#", "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/ns/oa#"


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
    hosts = plan(templates.load(BASE))
    found = locate.place(corpus, hosts, BASE + "theme/nowhere", RDFS + "label")
    assert str(found) == "proposals.csv:2:1 (theme)"


def test_a_node_that_nobody_names_leads_to_the_descriptor() -> None:
    """Nothing in the tables publishes it."""
    corpus = Corpus({"name": "x", "base": BASE}, frames({}), {})
    hosts = plan(templates.load(BASE))
    assert str(locate.place(corpus, hosts, "https://example.org/other", "")) == "corpus.toml"
