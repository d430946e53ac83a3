"""A query from a stranger sends nothing, opens nothing, and takes no more of the machine than it may."""

from __future__ import annotations

import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openproposals.errors import UsageError
from openproposals.guards import child
from openproposals.query import ask, sparql
from openproposals.release.published import Dump
from support.commands import run
from support.places import DIST

pytestmark = pytest.mark.slow

SMALL = Dump(b'<http://e/a> <http://e/p> "x" . <http://e/a> a <http://e/C> .', "turtle")
MANY = Dump(b"".join(b"<http://e/s%d> <http://e/p> <http://e/o%d> .\n" % (n, n % 97) for n in range(3000)), "ntriples")
BOUNDS = child.Bounds(memory=512 << 20, seconds=60)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nConnection: close\r\n\r\n"
    b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'
)


class Listener:
    """A port of this machine that counts who comes, and answers as a SPARQL server would."""

    def __init__(self) -> None:
        self.came = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                other, _ = self.socket.accept()
                self.came += 1
                with other, suppress(OSError):
                    other.settimeout(2)
                    other.recv(65536)
                    other.sendall(ANSWER)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.socket.close()


def refusal(text: str, dump: Dump = SMALL) -> str:
    """Why a query is refused, in one look; an answer is a failure."""
    with pytest.raises(UsageError) as refused:
        ask.answer(dump, text, "csv")
    return str(refused.value)


# -- nothing is sent ---------------------------------------------------------------------------------------------------

SPELLINGS = [
    "SELECT * { SERVICE <IRI> { ?s ?p ?o } }",
    "SELECT * { service silent <IRI> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o .SERVICE <IRI> {} }",
    "SELECT * { ?s ?p ?o.SERVICE SILENT <IRI> {} }",
    "PREFIX : <IRI> SELECT * { SERVICE : { ?s ?p ?o } }",
    "PREFIX : <IRI> SELECT * { SERVICE:{ ?s ?p ?o } }",
    "PREFIX e: <IRI> SELECT * { SERVICEe: { ?s ?p ?o } }",
    "PREFIX e: <IRI> SELECT * { SERVICE SILENTe: { ?s ?p ?o } }",
    r"PREFIX e: <http://e/> SELECT * { ?s e:a\#b ?o . SERVICE <IRI> {} }",
    "SELECT * { ?s ?p trueSERVICE <IRI> {} }",
    "SELECT * { ?s ?p 1SERVICE <IRI> {} }",
    "SELECT * { VALUES ?x { <IRI> } SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { VALUES ?x { <IRI> } SERVICE SILENT ?x { ?s ?p ?o } }",
    'SELECT * { BIND(IRI("IRI") AS ?x) SERVICE ?x {} }',
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <IRI> {} } }",
    "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE SILENT <IRI> {} } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE <IRI> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o OPTIONAL { SERVICE <IRI> { ?s ?p ?o } } }",
    "SELECT * { { ?s ?p ?o } UNION { SERVICE <IRI> {} } }",
    "SELECT * { GRAPH ?g { SERVICE <IRI> {} } }",
    "SELECT * { { SELECT * { SERVICE <IRI> { ?s ?p ?o } } LIMIT 1 } }",
    "ASK { SERVICE <IRI> {} }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <IRI> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <IRI> { ?s ?p ?o } }",
    "SELECT * { # '\n SERVICE # }\n <IRI> {} }",
    """SELECT * { ?s ?p '''it's " ''' SERVICE <IRI> {} }""",
    "SELECT ?SERVICE { SERVICE <IRI> { ?SERVICE ?p ?o } }",
    "PREFIX service: <http://e/> SELECT * { ?s service:service ?o . SERVICE <IRI> {} }",
    "BASE <IRI> SELECT * { SERVICE <> {} }",
    "BASE <http://e/> ASK { SERVICE <file:///etc/passwd> {} }",
    "ASK { SERVICE SILENT <file:///etc/passwd> {} }",
    "ASK { SERVICE SILENT <urn:x> {} }",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_another_server_is_never_asked(listener: Listener, text: str) -> None:
    """However SERVICE is spelt, wherever it stands, silent or not: told in words, and nobody comes."""
    before = listener.came
    assert "asks another server" in refusal(
        text.replace("IRI>", f"{listener.url}>").replace('"IRI"', f'"{listener.url}"')
    )
    assert listener.came == before


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?service <http://e/service> "a SERVICE <http://e/> here" } # SERVICE <http://e/>',
        "PREFIX service: <http://e/> SELECT * { ?s service:service ?o ; service:p 'SERVICE <x>' }",
        "PREFIX : <http://e/> SELECT * { ?s :service ?o . ?s :x.service ?t . _:service ?SERVICE 'x'@service }",
        r'SELECT * { ?s ?p "\"SERVICE <http://e/> {}" }',
        "SELECT (COUNT(*) AS ?Service) (1 AS ?service) { ?s ?p ?o }",
    ],
)
def test_the_word_service_elsewhere_is_no_keyword(text: str) -> None:
    """In a string, an IRI, a comment, a variable or a name, it is a word like any other, and the query is answered."""
    assert ask.answer(SMALL, text, "csv").splitlines()


def test_what_is_not_sparql_is_told_as_such() -> None:
    """Also where it speaks of SERVICE: the place of the fault is told."""
    for text in ("SELECT * { SERVICE }", r"SELECT * { S\u0045RVICE <http://e/> {} }",
                 "SELECT * { ?s ?p ?o } VALUES ?s { <http://e/> } SELECT * { SERVICE <http://e/> {} }"):  # fmt: skip
        assert "not SPARQL" in refusal(text)
    for text in ("LOAD <http://127.0.0.1:1/>", "PREFIX a: <http://a/> # ASK\n INSERT DATA { a:a a:a a:a }"):
        assert "an update is no query" in refusal(text)


def test_a_graph_named_by_an_address_is_not_fetched(listener: Listener) -> None:
    """FROM, FROM NAMED and GRAPH name graphs of the dump; there is none of that name."""
    before, iri = listener.came, listener.url
    for text in (
        f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{iri}> {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}",
    ):
        assert len(ask.answer(SMALL, text, "csv").splitlines()) == 1
    assert listener.came == before


_KEYWORD = st.sampled_from(["SERVICE", "service", "SeRvIcE", r"S\u0045RVICE", "SERVICE SILENT", "SERVICEsilent"])
_SPACE = st.sampled_from(["", " ", "\n", "\t", "#x\n", " # SERVICE <IRI>\n "])
_NAME = st.sampled_from(["<IRI>", ":", "e:", "?x", "<IRI#x>", "<>", "e:service", r":\#x"])
_BEFORE = st.sampled_from(
    ["", "?s ?p ?o .", "?s ?p ?o.", "?s ?p true", "?s ?p 1.", r"?s e:x\#y ?o .", """?s ?p '''"''' .""", "?s ?p e:x.",
     "VALUES ?x { <IRI> }", 'BIND(IRI("IRI") AS ?x)', 'BIND("#" AS ?b)', "?s ?p <http://e/#>.", "{} UNION", "OPTIONAL"]
)  # fmt: skip
_AROUND = st.sampled_from(
    ["SELECT * { BODY }", "ASK { BODY }", "SELECT * { { SELECT * { BODY } } }", "SELECT * { GRAPH ?g { BODY } }",
     "SELECT * { ?a ?b ?c FILTER EXISTS { BODY } }", "SELECT * { ?a ?b ?c FILTER NOT EXISTS { BODY } }",
     "CONSTRUCT { ?s ?p ?o } { BODY }", "DESCRIBE ?s { BODY }", "SELECT * FROM <IRI> { BODY }", "LOAD <IRI>",
     "SELECT * { OPTIONAL { BODY } }", "SELECT * { ?a ?b ?c MINUS { BODY } }", "SELECT (EXISTS { BODY } AS ?y) {}",
     "SELECT * { ?a ?b ?c } ORDER BY (EXISTS { BODY })", "SELECT * { LATERAL { BODY } }"]
)  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Queries, and what is nearly one, that would ask the server at IRI."""
    body = f"{draw(_BEFORE)}{draw(_SPACE)}{draw(_KEYWORD)}{draw(_SPACE)}{draw(_NAME)}{draw(_SPACE)}{{ ?s ?p ?o }}"
    body = f"{{ {body} }}" if draw(st.booleans()) else body
    return "BASE <IRI> PREFIX : <IRI> PREFIX e: <IRI> " + draw(_AROUND).replace("BODY", body)


def unjudged(payload: bytes, arguments: Sequence[str]) -> bytes:
    """In a child: queries are asked of the engine itself, as if no word of them had been looked at."""
    del arguments
    store = sparql.ox.Store()
    store.load(SMALL.data, format=sparql.ox.RdfFormat.TURTLE)
    ran = 0
    for text in payload.decode().split("\0"):
        with suppress(SyntaxError):
            ran += 1
            with suppress(OSError, ValueError, RuntimeError):
                found = store.query(text)
                found if isinstance(found, sparql.ox.QueryBoolean) else list(found)
    return str(ran).encode()


@given(texts=st.lists(queries(), min_size=20, max_size=80))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_query_opens_no_socket(listener: Listener, texts: list[str]) -> None:
    """The seal alone is enough: the engine is asked, whatever the words, and cannot reach a server of this machine."""
    before = listener.came
    child.run(unjudged, "\0".join(texts).replace("IRI", listener.url).encode(), BOUNDS)
    assert listener.came == before


def test_the_listener_listens(listener: Listener) -> None:
    """The proof's own proof: without the seal the engine does come."""
    before = listener.came
    text = f"ASK {{ SERVICE <{listener.url}> {{}} }}"
    child.run(unjudged, text.encode(), child.Bounds(BOUNDS.memory, BOUNDS.seconds, sealed=False))
    assert listener.came == before + 1


def judged(payload: bytes, arguments: Sequence[str]) -> bytes:
    """In a child: which queries are answered although they name a server, one a line."""
    del arguments
    answered = []
    for text in payload.decode().split("\0"):
        with suppress(UsageError):
            sparql.ask(sparql.ox.Store(), text)
            answered.append(text)
    return "\0".join(answered).encode()


@given(texts=st.lists(queries(), min_size=20, max_size=80))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_query_that_names_a_server_is_answered(listener: Listener, texts: list[str]) -> None:
    """Not with nothing for SILENT, nor with something wrong for EXISTS: it is refused, as SERVICE or as no SPARQL."""
    assert child.run(judged, "\0".join(texts).replace("IRI", listener.url).encode(), BOUNDS) == b""


def watched(payload: bytes, arguments: Sequence[str]) -> bytes:
    """In a child: the same work, and what Python's audit hooks saw of files and sockets meanwhile."""
    seen: list[str] = []
    sys.addaudithook(lambda event, _: seen.append(event) if event == "open" or event.startswith("socket.") else None)
    with suppress(UsageError):
        sparql.child_answer(payload, arguments)
    return "\n".join(seen).encode()


@pytest.mark.parametrize("form", ["table", "csv", "json", "markdown", "turtle"])
def test_python_opens_nothing_either(form: str) -> None:
    """Under an audit hook: asking and writing, in any form, opens no file and no socket."""
    for text in (
        "SELECT * { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
        "ASK {}",
        "{",
        "ASK { SERVICE <x:> {} }",
    ):
        seen = child.run(watched, text.encode() + SMALL.data, BOUNDS, (str(len(text)), SMALL.syntax, form))
        assert seen == b""


# -- memory, time, crashes ---------------------------------------------------------------------------------------------

_CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
_DOUBLED = [f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40)]
BOMBS = {
    "parentheses": ("SELECT (" + "(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) {}", "nested too deeply"),
    "braces": ("SELECT * " + "{" * 10_000 + "}" * 10_000, "nested too deeply"),
    "sum": ("SELECT (" + "1+" * 200_000 + "1 AS ?x) {}", "nested too deeply"),
    "negations": ("SELECT (" + "!" * 400_000 + "true AS ?x) {}", "nested too deeply"),
    "path": ("SELECT * { ?s " + "(" * 20_000 + "<http://e/p>" + ")*" * 20_000 + " ?o }", "nested too deeply"),
    "concat": ('SELECT ?x40 { BIND("0123456789" AS ?x0) ' + " ".join(_DOUBLED) + " }", "of memory"),
    "sorted": (f"SELECT * {{ {_CROSS} }} ORDER BY ?l ?a", "of memory"),
    "distinct": (f"SELECT DISTINCT * {{ {_CROSS} }}", "of memory"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_query_takes_no_more_than_it_may(name: str) -> None:
    """It ends in one sentence with a mend, within 30 seconds of processor time and a gigabyte; a child that crashes takes nobody with it."""
    text, word = BOMBS[name]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    message = refusal(text, MANY)
    assert word in message or "takes longer than" in message, message
    assert "mend:" in message
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 30
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1 << 20  # KiB


def test_a_query_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its seconds, in one sentence."""
    monkeypatch.setattr(ask, "_SECONDS", 1)
    assert "takes longer than 1 seconds" in refusal(f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER(?a != ?l) }}", MANY)


def test_an_answer_is_no_larger_than_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is bounded too: it comes back whole into the process that asked."""
    monkeypatch.setattr(sparql, "_LARGEST", 10)
    with pytest.raises(UsageError, match="the answer is larger"):
        sparql.child_answer(b"SELECT * {?s ?p ?o}" + SMALL.data, ("19", "turtle", "csv"))


def test_a_large_dump_is_granted_what_it_takes() -> None:
    """Memory and time grow with the dump: 400,000 triples are loaded and counted."""
    data = b"".join(b"<http://e/s%d> <http://e/p> <http://e/o%d> .\n" % (n, n) for n in range(400_000))
    assert ask.answer(Dump(data, "ntriples"), "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "csv") == b"n\r\n400000\r\n"


def test_the_command_tells_it(tmp_path: Path) -> None:
    """Exit code 2, one look, no traceback; the same for a dump that is nested too deeply."""
    query, deep = tmp_path / "bomb.rq", tmp_path / "deep.ttl"
    query.write_text(BOMBS["parentheses"][0], encoding="utf-8")
    deep.write_text("<http://e/a> <http://e/p> " + "<<" * 10_000, encoding="utf-8")
    for done in (run("query", DIST, query, "--quiet"), run("query", deep, "ASK {}", "--quiet")):
        assert done.returncode == 2
        assert "mend:" in done.stderr or "the dump is not" in done.stderr
        assert "Traceback" not in done.stderr


def test_ctrl_c_ends_the_child(tmp_path: Path) -> None:
    """The engine hears no signal, so its process is ended; none is left behind."""
    dump = tmp_path / "many.nt"
    dump.write_bytes(MANY.data)
    asked = f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER(?a != ?l) }}"
    command = [sys.executable, "-m", "openproposals", "query", str(dump), asked, "--quiet"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        listed = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        if not listed.exists():
            running.kill()
            pytest.skip("this system does not list a process's children")
        children: list[str] = []
        while running.poll() is None and not children:
            children = listed.read_text(encoding="utf-8").split()
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in said
    until = time.monotonic() + 60  # one whose parent was stopped while it started looks for it every second
    while any(_runs(pid) for pid in children) and time.monotonic() < until:
        time.sleep(0.1)
    assert not [pid for pid in children if _runs(pid)]


def _runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
