"""The W3C's own tests over HTTP, run by hand against `serve --writable`.

    git clone https://github.com/w3c/rdf-tests
    openproposals serve --writable --quiet &
    python tests/serving/w3c.py rdf-tests http://127.0.0.1:8000

The protocol's tests (sparql11/protocol), and the query evaluation tests of SPARQL 1.0 and 1.1. Answers are compared as
sets of rows, blank nodes as one; of ordered rows the order is not.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.query import Result
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")


class Endpoint:
    """The server under test."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str, bytes]:
        connection = HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.headers.get_content_type(), answer.read()
        connection.close()
        return found

    def change(self, text: str) -> None:
        status, _, said = self.ask("POST", "/update", text.encode(), {"Content-Type": "application/sparql-update"})
        if status >= 300:
            raise ValueError(said.decode())

    def load(self, path: Path, graph: str) -> None:
        endings = {".ttl": "turtle", ".rdf": "xml", ".nt": "nt", ".n3": "n3"}
        lines = Graph().parse(path, format=endings[path.suffix], publicID=path.as_uri()).serialize(format="nt")
        self.change(f"INSERT DATA {{ {f'GRAPH <{graph}> {{' if graph else ''} {lines} {'}' if graph else ''} }}")


def manifest(path: Path) -> Graph:
    return Graph().parse(path, format="turtle", publicID=path.as_uri())


def local(iri: Node | None) -> Path:
    return Path(urlsplit(str(iri)).path)


# -- the protocol ------------------------------------------------------------------------------------------------------


def protocol(folder: Path, endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """Each test's name, and what is wrong; "" for nothing."""
    graph = manifest(folder / "manifest.ttl")
    for test in Collection(graph, next(graph.objects(None, MF.entries))):
        endpoint.change("CLEAR ALL")
        for data in graph.objects(test, UT.graphData):
            endpoint.load(local(graph.value(data, UT.graph)), str(graph.value(data, RDFS.label)))
        wrong = ""
        for request in Collection(graph, graph.value(graph.value(test, MF.action), HT.requests)):
            wrong = wrong or requested(graph, request, endpoint)
        yield str(test).rpartition("#")[2], wrong


def requested(graph: Graph, request: Node, endpoint: Endpoint) -> str:
    headers = {}
    for each in Collection(graph, graph.value(request, HT.headers)) if graph.value(request, HT.headers) else []:
        headers[str(graph.value(each, HT.fieldName))] = str(graph.value(each, HT.fieldValue))
    body = graph.value(request, HT.body)
    chars = str(graph.value(body, CNT.chars)) if body else ""
    coding = str(graph.value(body, CNT.characterEncoding)) if body else "utf-8"
    query = urlsplit(str(graph.value(request, HT.absolutePath))).query
    changes = "update" in f"{headers.get('content-type', '')}{chars[:7]}{query[:7]}"
    path = f"/{'update' if changes else 'query'}{'?' if query else ''}{query}"
    method = str(graph.value(request, HT.methodName))
    status, _, said = endpoint.ask(method, path, chars.encode(coding) if body else None, headers)
    response = graph.value(request, HT.resp)
    wanted = {str(each)[-3] for each in graph.objects(response, MF.expectedStatus)}
    if str(status)[0] not in wanted:
        return f"status {status}: {said.decode(errors='replace')[:200]}"
    boolean = graph.value(response, MF.expectedBoolean)
    if boolean is not None and f'"boolean":{str(boolean.toPython()).lower()}' not in said.decode():
        return said.decode()[:200]
    return ""


# -- queries -----------------------------------------------------------------------------------------------------------


def evaluations(folder: Path, endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """Each query evaluation test below a folder, and what is wrong."""
    for path in sorted(folder.rglob("manifest.ttl")):
        graph = manifest(path)
        for test in sorted(graph.subjects(RDF.type, MF.QueryEvaluationTest)):
            action, wanted = graph.value(test, MF.action), local(graph.value(test, MF.result))
            if graph.value(action, QT.query) is None or "entailment" in str(path) or "service" in str(path):
                continue
            name = f"{path.parent.name}/{str(test).rpartition('#')[2]}"
            try:
                endpoint.change("CLEAR ALL")
                for data in graph.objects(action, QT.data):
                    endpoint.load(local(data), "")
                for data in graph.objects(action, QT.graphData):
                    endpoint.load(local(data), str(data))
                query = local(graph.value(action, QT.query))
                text = f"BASE <{query.as_uri()}>\n{query.read_text(encoding='utf-8')}"
                yield name, compared(text, wanted, endpoint)
            except Exception as error:
                yield name, f"{type(error).__name__}: {error}"[:300]


def compared(text: str, wanted: Path, endpoint: Endpoint) -> str:
    headers = {"Content-Type": "application/sparql-query"}
    headers["Accept"] = "application/sparql-results+json, application/n-triples;q=0.9"
    status, media, said = endpoint.ask("POST", "/query", text.encode(), headers)
    if status != 200:
        return f"status {status}: {said.decode()[:200]}"
    if media == "application/n-triples":
        theirs = Graph().parse(wanted, publicID=wanted.as_uri())
        return "" if isomorphic(Graph().parse(said, format="nt"), theirs) else "other triples"
    found = Result.parse(source=_stream(said), format="json")
    theirs = expected(wanted)
    if found.type == "ASK":
        return "" if found.askAnswer == theirs.askAnswer else f"{found.askAnswer}"
    ours, right = rows(found), rows(theirs)
    return "" if ours == right else f"{len(ours - right)} rows too many, {len(right - ours)} too few"


def expected(path: Path) -> Result:
    if path.suffix in (".srx", ".srj", ".csv", ".tsv"):
        formats = {".srx": "xml", ".srj": "json", ".csv": "csv", ".tsv": "tsv"}
        return Result.parse(source=_stream(path.read_bytes()), format=formats[path.suffix])
    graph = Graph().parse(path, publicID=path.as_uri())
    made = Result("ASK" if (None, RS.boolean, None) in graph else "SELECT")
    if made.type == "ASK":
        made.askAnswer = next(graph.objects(None, RS.boolean)).toPython()
        return made
    made.vars = []
    made.bindings = [
        {str(graph.value(b, RS.variable)): graph.value(b, RS.value) for b in graph.objects(row, RS.binding)}
        for row in graph.objects(None, RS.solution)
    ]
    return made


def rows(result: Result) -> Counter[frozenset[tuple[str, str]]]:
    return Counter(
        frozenset((str(name), plain(value)) for name, value in row.items() if value is not None)
        for row in result.bindings
    )


def plain(value: Node) -> str:
    if isinstance(value, BNode):
        return "_:"
    if isinstance(value, Literal) and value.datatype and value.value is not None and not isinstance(value.value, str):
        return f"{value.datatype} {value.value}"
    if isinstance(value, URIRef):
        return str(value).rpartition("/")[2] if str(value).startswith("file:") else str(value)
    return f'"{value}"@{(value.language or "").lower()}' if isinstance(value, Literal) else str(value)


def _stream(data: bytes):
    import io

    return io.BytesIO(data)


if __name__ == "__main__":
    tests, server = Path(sys.argv[1]).resolve(), Endpoint(sys.argv[2])
    for title, found in (
        ("protocol", protocol(tests / "sparql/sparql11/protocol", server)),
        ("queries 1.1", evaluations(tests / "sparql/sparql11", server)),
        ("queries 1.0", evaluations(tests / "sparql/sparql10", server)),
    ):
        results = list(found)
        failed = [(name, wrong) for name, wrong in results if wrong]
        print(f"{title}: {len(results) - len(failed)} of {len(results)}")
        for name, wrong in failed:
            print(f"  {name}: {wrong}")
