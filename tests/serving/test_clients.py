"""Foreign clients of the endpoint, and a federated query from one of them to us."""

from __future__ import annotations

import contextlib

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

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


FORMS = [JSON, XML, CSV, TSV]


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper(server: Server, method: str) -> None:
    """The client that most tutorials use, by both methods: rows in each form, ASK, graphs, a refusal with its reason."""
    client = SPARQLWrapper(f"{server.url}/sparql")
    client.setMethod(method)
    client.setQuery("SELECT ?s { ?s a <https://w3id.org/openproposals/ns#Statistic> }")
    client.setReturnFormat(JSON)
    assert len(client.queryAndConvert()["results"]["bindings"]) == 3
    for form in FORMS:
        client.setReturnFormat(form)
        with contextlib.closing(client.query().response) as answer:
            assert answer.read().count(b"no-car") == 1
    client.setQuery("ASK { ?s a <https://w3id.org/openproposals/ns#Statistic> }")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["boolean"] is True
    client.setQuery("CONSTRUCT { ?s a ?c } { ?s a ?c FILTER(CONTAINS(STR(?s), 'no-car')) }")
    for form in (TURTLE, RDFXML):
        client.setReturnFormat(form)
        made = client.queryAndConvert()
        assert len(made if isinstance(made, Graph) else Graph().parse(data=made, format="turtle")) >= 1
    client.setReturnFormat(JSON)
    client.setQuery("SELECT nonsense")
    with pytest.raises(QueryBadFormed, match="not SPARQL"):
        client.query()


def test_a_federated_query_from_rdflib(server: Server) -> None:
    """Another engine asks us in the middle of its own query, and joins what we give with what it has."""
    own = Graph().parse(data='<http://e/a> <http://e/wants> "no-car" .', format="turtle")
    text = f"""SELECT ?statistic {{ <http://e/a> <http://e/wants> ?id .
      SERVICE <{server.url}/sparql> {{ ?statistic a <https://w3id.org/openproposals/ns#Statistic> ;
        <http://purl.org/dc/terms/identifier> ?id }} }}"""
    found = [str(row[0]) for row in own.query(text)]
    assert len(found) == 1
    assert found[0].endswith("/statistic/no-car")
