"""Foreign clients of the endpoint, and a federated query from one of them to us."""

from __future__ import annotations

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from support.serving import Server

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_the_endpoint_as_its_own_graph(server: Server, method: str) -> None:
    """Its SPARQLStore, by each of its three methods: patterns, SELECT, ASK, CONSTRUCT."""
    graph = Graph(SPARQLStore(f"{server.url}/sparql", method=method))
    statistics = list(
        graph.subjects(
            URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            URIRef("https://w3id.org/openproposals/ns#Statistic"),
        )
    )
    assert len(statistics) == 3
    assert next(iter(graph.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")))[0].toPython() > 100
    assert bool(graph.query("ASK { ?s a <https://w3id.org/openproposals/ns#Statistic> }"))
    made = graph.query("CONSTRUCT { ?s a <http://e/S> } { ?s a <https://w3id.org/openproposals/ns#Statistic> }").graph
    assert made is not None
    assert len(made) == 3


def test_a_federated_query_from_rdflib(server: Server) -> None:
    """Another engine asks us in the middle of its own query, and joins what we give with what it has."""
    own = Graph().parse(data='<http://e/a> <http://e/wants> "no-car" .', format="turtle")
    text = f"""SELECT ?statistic {{ <http://e/a> <http://e/wants> ?id .
      SERVICE <{server.url}/sparql> {{ ?statistic a <https://w3id.org/openproposals/ns#Statistic> ;
        <http://purl.org/dc/terms/identifier> ?id }} }}"""
    found = [str(row[0]) for row in own.query(text)]
    assert len(found) == 1
    assert found[0].endswith("/statistic/no-car")
