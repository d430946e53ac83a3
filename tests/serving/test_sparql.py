"""The SPARQL 1.1 Protocol over HTTP: every way to ask, every form of an answer, and what is refused in words."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openproposals.model import rdf
from support.serving import HttpAnswer, Server

pytestmark = pytest.mark.slow

BASE = "https://example.org/minimal/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"


def get(server: Server, query: str, accept: str = "", **more: str) -> HttpAnswer:
    headers = {"accept": accept} if accept else {}
    return server.ask("/sparql?" + urlencode({"query": query, **more}), **headers)


def post(server: Server, **fields: str | list[str]) -> HttpAnswer:
    return server.ask("/sparql", "POST", urlencode(fields, doseq=True).encode(), content_type=FORM)


def count(answer: HttpAnswer) -> int:
    assert answer.status == 200, answer.body
    return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])


@pytest.fixture(scope="module")
def graph(release: Path) -> str:
    """The IRI of the release's graph: its base."""
    return str(json.loads((release / "datapackage.json").read_text(encoding="utf-8"))["id"])


@pytest.fixture(scope="module")
def triples(release: Path) -> int:
    """How many triples the release has, labels included."""
    dumps = [(release / name).read_bytes() for name in ("minimal.ttl", "labels.ttl") if (release / name).is_file()]
    return len({triple for dump in dumps for triple in rdf.parse(dump, "turtle")})


def test_a_query_in_three_ways(server: Server, triples: int) -> None:
    """GET, POST as a form, POST as it is: the same answer, which is about the whole release."""
    answers = [
        get(server, COUNT),
        post(server, query=COUNT),
        server.ask("/sparql", "POST", COUNT.encode(), content_type="application/sparql-query"),
        server.ask("/sparql", "POST", COUNT.encode(), content_type="application/sparql-query; charset=utf-8"),
    ]
    assert [count(answer) for answer in answers] == [triples] * 4


ROWS = {
    "": "application/sparql-results+json", "*/*": "application/sparql-results+json",
    "application/sparql-results+json": "application/sparql-results+json",
    "application/sparql-results+xml": "application/sparql-results+xml", "text/csv": "text/csv",
    "text/tab-separated-values": "text/tab-separated-values", "application/json": "application/json",
    "text/csv;q=0.1, application/sparql-results+xml;q=0.2": "application/sparql-results+xml",
    "text/html, application/xml;q=0.9, */*;q=0.1": "application/xml",
}  # fmt: skip


@pytest.mark.parametrize("accept", ROWS)
def test_rows_in_the_form_that_is_taken(server: Server, accept: str) -> None:
    """SELECT and ASK in JSON, XML, CSV and TSV."""
    for query, said in (("SELECT ?x { VALUES ?x { 1 2 } }", "2"), ("ASK {}", "true")):
        answer = get(server, query, accept)
        assert (answer.status, answer.media) == (200, ROWS[accept])
        assert said in answer.body.decode()
        if "json" in answer.media:
            json.loads(answer.body)
        elif "xml" in answer.media:
            ElementTree.fromstring(answer.body)
        else:
            assert list(csv.reader(io.StringIO(answer.body.decode())))


TRIPLES: dict[str, tuple[str, rdf.Syntax]] = {
    "": ("text/turtle", "turtle"), "text/turtle": ("text/turtle", "turtle"),
    "application/n-triples": ("application/n-triples", "ntriples"), "application/ld+json": ("application/ld+json", "jsonld"),
    "application/rdf+xml": ("application/rdf+xml", "rdfxml"),
    "application/rdf+xml;q=0.3, application/ld+json;q=0.4": ("application/ld+json", "jsonld"),
}  # fmt: skip


@pytest.mark.parametrize("accept", TRIPLES)
def test_triples_in_the_form_that_is_taken(server: Server, graph: str, accept: str) -> None:
    """CONSTRUCT and DESCRIBE in Turtle, N-Triples, JSON-LD and RDF/XML, the same triples in each."""
    media, syntax = TRIPLES[accept]
    wanted = rdf.parse(get(server, f"DESCRIBE <{graph}>", "application/n-triples").body, "ntriples")
    for query in (f"DESCRIBE <{graph}>", f"CONSTRUCT {{ <{graph}> ?p ?o }} {{ <{graph}> ?p ?o }}"):
        answer = get(server, query, accept)
        assert (answer.status, answer.media) == (200, media)
        assert sorted(map(str, rdf.parse(answer.body, syntax))) == sorted(map(str, wanted))


def test_a_relative_iri_is_relative_to_the_endpoint(server: Server) -> None:
    """The protocol says so (2.1.6), in every place where a query is read; BASE in a query goes before it."""
    asked = "CONSTRUCT { <s> <p> 1 } WHERE { OPTIONAL { ?from <service> ?o } }"
    for query, base in ((asked, f"{server.url}/"), (f"BASE <http://b/> {asked}", "http://b/")):
        triple = rdf.parse(get(server, query, "application/n-triples").body, "ntriples")[0]
        assert (triple[0].value, triple[1]) == (f"{base}s", f"{base}p")
    assert post(server, query="ASK { SERVICE <x> {} }").status == 400


def test_the_dataset_of_a_query(server: Server, graph: str, triples: int) -> None:
    """Without one, the releases; the query's own FROM holds; the protocol's goes before it."""
    inside = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    given = {
        (COUNT, (), ()): triples,
        (inside, (), ()): triples,
        (COUNT, (graph,), ()): triples,
        (inside, (graph,), ()): 0,
        (COUNT, (), (graph,)): 0,
        (inside, (), (graph,)): triples,
        (COUNT.replace("{", f"FROM <{graph}> {{"), (), ()): triples,
        (COUNT.replace("{", "FROM <http://nowhere.example/> {"), (), ()): 0,
        (COUNT.replace("{", "FROM <http://nowhere.example/> {"), (graph,), ()): triples,
        (inside.replace("{", f"FROM NAMED <{graph}> {{", 1), (), ()): triples,
        (COUNT.replace("{", f"FROM NAMED <{graph}> {{"), (), ()): 0,
        ("SELECT (COUNT(*) AS ?n) { ?s ?from ?o } # from afar", (), ()): triples,
    }
    for (query, default, named), wanted in given.items():
        fields = {"query": query, "default-graph-uri": [*default], "named-graph-uri": [*named]}
        assert count(post(server, **fields)) == wanted, query
        assert count(server.ask("/sparql?" + urlencode(fields, doseq=True))) == wanted, query
        if default or named:
            del fields["query"]
            path = "/sparql?" + urlencode(fields, doseq=True)
            assert count(server.ask(path, "POST", query.encode(), content_type="application/sparql-query")) == wanted


def test_what_an_address_says_beside_a_form_counts(server: Server, graph: str, triples: int) -> None:
    """A dataset in the address of a POST is the query's, as one in its form; a second query is one too many."""

    def asked(where: str, **fields: str) -> HttpAnswer:
        return server.ask(f"/sparql?{where}", "POST", urlencode(fields).encode(), content_type=FORM)

    assert count(asked(urlencode({"default-graph-uri": graph}), query=COUNT)) == triples
    assert asked("default-graph-uri=http%3A%2F%2Fother%2F", query=COUNT).status == 400
    assert asked(urlencode({"query": COUNT}), query=COUNT).status == 400


REFUSED = {
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }": (400, "asks another server"),
    "SELECT * { SERVICE SILENT <file:///etc/passwd> { ?s ?p ?o } }": (400, "asks another server"),
    "SELECT * FROM NAMED <file:///etc/passwd> { ?s ?p ?o }": (400, "reads a file"),
    "LOAD <file:///etc/passwd>": (400, "an update is no query"),
    "PREFIX a: <http://a/> # no\n INSERT DATA { a:a a:a a:a }": (400, "an update is no query"),
    "CLEAR ALL": (400, "an update is no query"),
    "SELECT * { ?s ?p }": (400, "not SPARQL"),
    "": (400, "not SPARQL"),
    "SELECT (" + "(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) {}": (422, "its process ended"),
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l ?a": (422, "of memory"),
}


@pytest.mark.parametrize("query", REFUSED, ids=lambda query: query[:30])
def test_what_is_refused_is_refused_in_words(server: Server, query: str) -> None:
    """As RFC 9457 has it, with the reason and what to do; the next query is answered."""
    status, words = REFUSED[query]
    answer = post(server, query=query)
    said = json.loads(answer.body)
    assert (answer.status, answer.media, said["status"]) == (status, "application/problem+json", status)
    assert words in said["title"]
    assert said["detail"]
    assert post(server, query="ASK {}").status == 200


def test_what_is_no_request_of_the_protocol(server: Server) -> None:
    """Each in words: no query, two, an update, another type, another encoding, a graph that is not here."""
    ask = "ASK {}"
    answers = [
        (server.ask("/sparql", "POST", b"", content_type=FORM), 400),
        (post(server, query=[ask, ask]), 400),
        (server.ask(f"/sparql?query={quote(ask)}&query={quote(ask)}"), 400),
        (post(server, update="CLEAR ALL"), 403),
        (server.ask("/sparql", "POST", b"CLEAR ALL", content_type="application/sparql-update"), 403),
        (server.ask("/sparql?update=CLEAR%20ALL"), 403),
        (server.ask("/sparql", "POST", b"x", content_type="text/plain"), 415),
        (server.ask("/sparql", "POST", b"query=ASK{}"), 415),
        (server.ask("/sparql", "POST", b"ASK { '\xff' }", content_type="application/sparql-query"), 400),
        (server.ask("/sparql?query=%ff"), 400),
        (server.ask("/sparql?" + "a=b&" * 200), 400),
        (server.ask("/sparql", "POST", b"x" * (5 << 20), content_type="application/sparql-query"), 413),
        (server.ask("/sparql", "PUT", b"x"), 405),
        (server.ask("/sparql", "DELETE"), 405),
        (post(server, query=ask, **{"default-graph-uri": "file:///etc/passwd"}), 400),
        (get(server, ask, "application/pdf"), 406),
        (get(server, ask, "application/rdf+xml"), 406),
        (get(server, "DESCRIBE <http://a/>", "text/csv"), 406),
    ]
    assert [answer.status for answer, _ in answers] == [status for _, status in answers]
    for answer, status in answers:
        assert (answer.media, json.loads(answer.body)["status"]) == ("application/problem+json", status)


def test_any_origin_may_ask(server: Server) -> None:
    """CORS: a page of any site may send a query, preflight included."""
    before = server.ask("/sparql", "OPTIONS", origin="https://elsewhere.example", access_control_request_method="POST")
    assert before.status == 204
    assert before.headers["access-control-allow-origin"] == "*"
    assert "POST" in before.headers["access-control-allow-methods"]
    assert "content-type" in before.headers["access-control-allow-headers"]
    for query in ("ASK {}", "nonsense"):
        assert get(server, query).headers["access-control-allow-origin"] == "*"


def test_the_service_describes_itself(server: Server, graph: str, triples: int) -> None:
    """Without a query: what can be asked and which graphs there are, as triples; for a browser, the query page."""
    answer = server.ask("/sparql", accept="application/n-triples")
    said = {(s.value, p.rpartition("#")[2], o.value) for s, p, o in rdf.parse(answer.body, "ntriples")}
    endpoint = f"{server.url}/sparql"
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert (endpoint, "endpoint", endpoint) in said
    assert (endpoint, "supportedLanguage", sd + "SPARQL11Query") in said
    assert any(p == "name" and o == graph for _, p, o in said)
    assert {o for _, p, o in said if p == "triples"} == {str(triples)}
    dump = next(o for _, p, o in said if p == "dataDump" and o.endswith("minimal.ttl"))
    assert server.ask(dump.removeprefix(server.url)).status == 200
    assert server.ask("/.well-known/void").headers["location"] == "/sparql"
    assert server.ask("/sparql", accept="text/html").headers["location"] == "/minimal/query.html"


def test_a_large_answer_is_sent_while_it_comes(server: Server) -> None:
    """Row by row, without a length; beyond its bound the body has no end, so that no part is taken for the whole."""
    many = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 100000"
    answer = get(server, many, "text/csv")
    assert (answer.status, "content-length" in answer.headers) == (200, False)
    assert len(answer.body.splitlines()) == 100_001
    triples = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    said = server.raw(f"GET /sparql?query={quote(triples)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert said.startswith(b"HTTP/1.1 200")
    assert not said.endswith(b"0\r\n\r\n")


def test_large_answers_at_once_are_all_whole(server: Server) -> None:
    """One address has one long place: the others begin again, and nothing of what they gave before was sent."""
    many = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 60000"
    with ThreadPoolExecutor(4) as threads:
        answers = [*threads.map(lambda n: get(server, f"{many} # {n}", "text/csv"), range(4))]
    assert [(each.status, len(each.body.splitlines())) for each in answers] == [(200, 60_001)] * 4


def test_a_client_of_http_1_0_gets_the_whole_or_a_reason(server: Server) -> None:
    """It could not tell a part from the whole: the answer has a length, and one that does not come whole is refused."""
    pairs = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
    head, _, body = server.raw(
        f"GET /sparql?query={quote(pairs)} HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode()
    ).partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}\r\n".encode() in head + b"\r\n"
    assert len(body.splitlines()) == 20_001
    triples = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert server.raw(f"GET /sparql?query={quote(triples)} HTTP/1.0\r\n\r\n".encode(), 60).split()[1] == b"422"


def test_many_at_once(server: Server, triples: int) -> None:
    """More than the workers, no more than one address may have: each is answered, and each truly."""
    with ThreadPoolExecutor(8) as threads:
        assert [count(answer) for answer in threads.map(lambda _: get(server, COUNT), range(40))] == [triples] * 40


@given(
    words=st.lists(
        st.sampled_from(["SELECT", "ASK", "{", "}", "?s ?p ?o", "FROM", "<http://a/>", "FILTER", "(", ")", "'", '"', "#", "\n",
                         "SERVICE", "*", "PREFIX", ":", ".", "\\u0041", "é", "LIMIT 1", "CONSTRUCT", "WHERE", "GRAPH ?g"]),
        max_size=12,
    )
)  # fmt: skip
@settings(max_examples=60)
def test_any_words_are_answered(server: Server, words: list[str]) -> None:
    """A query or what is none: an answer or a refusal in words, never a fault of ours."""
    answer = post(server, query=" ".join(words))
    assert answer.status in (200, 400, 422)
    if answer.status != 200:
        assert json.loads(answer.body)["title"]
