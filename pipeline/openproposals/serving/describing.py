"""What can be asked here: the service description (SPARQL 1.1), with what VoID says of each graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openproposals.model import rdf, schema
from openproposals.model.rdf import Blank, LiteralTerm, Named, Triple
from openproposals.serving.host_names import Hosts
from openproposals.serving.negotiation import best
from openproposals.serving.offers import Offer
from openproposals.serving.protocol import TRIPLES
from openproposals.serving.replies import Reply, elsewhere
from openproposals.serving.requests import HttpRequest, Refused

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_WRITTEN = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle")
_MORE = ("N-Triples", "JSON-LD", "RDF_XML")


def reply(request: HttpRequest, offers: Mapping[str, Offer], graphs: Mapping[str, int], hosts: Hosts) -> Reply:
    """The query page for a browser, the description for programs. Raises Refused: no form that the client takes."""
    pages = [offer for offer in offers.values() if "query.html" in offer.files]
    offered = [*TRIPLES, *(["text/html"] if pages else [])]
    media = best(request.headers.get("accept", ""), offered)
    if media is None:
        raise Refused(406, "no_form", headers={"vary": "accept"}, forms=", ".join(offered))
    if media == "text/html":
        return elsewhere(f"{hosts.prefix}/{pages[0].place}/query.html", vary="accept")
    prefixes = {**schema.prefixes(), "sd": _SD, "void": _VOID}
    said = rdf.serialise(_said(offers, graphs, hosts), TRIPLES[media], prefixes)  # type: ignore[arg-type]
    return Reply(200, {"content-type": f"{media}; charset=utf-8", "vary": "accept"}, said)


def _said(offers: Mapping[str, Offer], graphs: Mapping[str, int], hosts: Hosts) -> Iterator[Triple]:
    address = f"{hosts.public}/sparql"
    service, dataset, default = Named(address), Named(f"{address}#dataset"), Named(f"{address}#default")
    yield service, _TYPE, Named(_SD + "Service")
    yield service, _SD + "endpoint", Named(address)
    yield service, _SD + "supportedLanguage", Named(_SD + "SPARQL11Query")
    for name in (*_WRITTEN, *_MORE):
        yield service, _SD + "resultFormat", Named(_FORMATS + name)
    yield service, _SD + "defaultDataset", dataset
    yield dataset, _TYPE, Named(_SD + "Dataset")
    yield dataset, _SD + "defaultGraph", default
    yield default, _TYPE, Named(_SD + "Graph")
    yield from _counted(default, sum(graphs.get(offer.graph, 0) for offer in offers.values() if not offer.beside))
    for number, offer in enumerate(offers.values()):
        named, graph = Blank(f"_:graph{number}"), Named(f"{address}#{offer.place}")
        yield dataset, _SD + "namedGraph", named
        yield named, _TYPE, Named(_SD + "NamedGraph")
        yield named, _SD + "name", Named(offer.graph)
        yield named, _SD + "graph", graph
        yield graph, _TYPE, Named(_SD + "Graph")
        yield from _counted(graph, graphs.get(offer.graph, 0))
        yield graph, _VOID + "uriSpace", LiteralTerm(offer.base, "http://www.w3.org/2001/XMLSchema#string", "")
        yield graph, _VOID + "sparqlEndpoint", service
        for name in offer.dumps:
            yield graph, _VOID + "dataDump", Named(f"{hosts.public}/{offer.place}/{name}")


def _counted(graph: Named, triples: int) -> Iterator[Triple]:
    yield graph, _TYPE, Named(_VOID + "Dataset")
    yield graph, _VOID + "triples", LiteralTerm(str(triples), _INTEGER, "")
