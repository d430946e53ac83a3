"""The query page's questions, asked of a server: it is told what its own worker would tell it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.asked import in_javascript
from support.serving import Server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("node"), reason="node is not installed"),
]


def test_what_the_page_is_told(server: Server, release: Path) -> None:
    """Rows with their CSV, triples counted, labels, absent terms, and an error with its place, each under its number."""
    base = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))["id"]
    asked = [
        {"id": 1, "kind": "SELECT", "named": [], "query": 'SELECT ?a ?b { VALUES (?a ?b) { (1 "x\\"y,\\nz") (UNDEF <http://e/>) } }'},
        {"id": 2, "kind": "CONSTRUCT", "named": [], "query": "CONSTRUCT { <http://e/> ?p 1, 2 } { VALUES ?p { <http://p/> } }"},
        {"id": 3, "kind": "ASK", "named": ["http://no/", base], "query": f"ASK {{ <{base}> ?p ?o }}"},
        {"id": 4, "kind": "SELECT", "named": [], "query": "SELECT ?s WHERE {\n ?s ?p \n}"},
        {"id": 5, "kind": "ASK", "named": [], "query": "ASK { SERVICE <http://e/> {} }"},
    ]  # fmt: skip
    facts = {"graph": base, "language": "en", "triples": "10", "limit": "100"}
    ready, rows, triples, yes, wrong, service, terms = in_javascript(
        {"endpoint": f"{server.url}/sparql", "facts": facts, "messages": asked}
    )
    assert (ready["stage"], ready["triples"]) == ("ready", 10)
    assert "https://w3id.org/openproposals/ns#Statistic" in terms["terms"]
    assert rows["csv"] == 'a,b\r\n1,"x""y,\nz"\r\n,http://e/\r\n'
    assert (triples["triples"], triples["kind"]) == (2, "CONSTRUCT")
    assert yes["absent"] == ["http://no/"]
    assert [each["id"] for each in (rows, triples, yes, wrong, service)] == [1, 2, 3, 4, 5]
    assert wrong["stage"] == service["stage"] == "fault"
    assert "3:2" in wrong["message"]


def test_a_page_asks_the_graph_that_its_address_names(server: Server, release: Path) -> None:
    """Of a release beside another; without one, the graph of the release."""
    base = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))["id"]
    facts = {"graph": base, "language": "en", "triples": "10", "limit": "1"}
    asked = [{"id": 1, "kind": "ASK", "named": [], "query": "ASK { ?s ?p ?o }"}]
    _, yes = in_javascript({"endpoint": f"{server.url}/sparql", "facts": facts, "messages": asked})
    assert json.loads(yes["text"])["boolean"]
    other = f"{server.url}/sparql?default-graph-uri=http%3A%2F%2Fother%2F"
    _, fault = in_javascript({"endpoint": other, "facts": facts, "messages": asked})
    assert (fault["stage"], "http://other/" in fault["message"]) == ("fault", True)
