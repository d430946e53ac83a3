"""`openproposals query`: the examples, the forms of an answer, what is asked, and what is refused."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from openproposals.errors import UsageError
from openproposals.progress import SILENT
from openproposals.query import ask, examples, sparql
from openproposals.release import read
from openproposals.release.read import Dump
from support.commands import run
from support.places import DIST, MINIMAL, ROOT

NAMES = [example.name for example in examples.load()]
SMALL = Dump(b'<http://e/a> <http://e/p> "x|y\\nz", <http://e/b>, "fr"@fr . <http://e/a> a <http://e/C> .', "turtle")


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return sparql.store(read.dump(DIST))


def answer(text: str, form: sparql.Form = "table", dump: Dump = SMALL) -> str:
    return sparql.render(sparql.ask(sparql.store(dump), text), form).decode()


@pytest.mark.parametrize("name", NAMES)
def test_each_example_gives_its_answer_as_csv(store: ox.Store, name: str) -> None:
    """What `query --example NAME --format csv` writes is the answer kept beside the question."""
    made = sparql.render(sparql.ask(store, examples.find(name).query), "csv").decode()
    kept = (ROOT / "docs" / "queries" / f"{name}.csv").read_text(encoding="utf-8")
    assert made.replace("\r\n", "\n") == kept


def test_examples_are_found_by_name_number_or_words() -> None:
    """02-figures-without-a-source, 02, 2 and figures-without-a-source are one question; another lists them all."""
    wanted = examples.find("02-figures-without-a-source")
    assert all(examples.find(n) is wanted for n in ("02", "2", "figures-without-a-source"))
    assert len(NAMES) >= 20
    assert all(set(e.question) == {"fr", "en"} for e in examples.load())
    with pytest.raises(UsageError) as refused:
        examples.find("figures-sans-source")
    assert all(name in refused.value.why for name in NAMES)


def test_an_example_gives_its_labels_in_the_language_asked_for(store: ox.Store) -> None:
    """--lang, or the page's language: the same rows, their labels in French or in English."""
    for name in NAMES:
        example = examples.find(name)
        lengths = {len(list(sparql.ask(store, text).found)) for text in (example.asked("fr"), example.asked("en"))}  # type: ignore[arg-type]
        assert lengths == {sparql.render(sparql.ask(store, example.query), "csv").count(b"\r\n") - 1}
    asked = ("query", DIST, "--example", "4", "--format", "csv", "--quiet", "--lang")
    assert (run(*asked, "fr").stdout == run(*asked, "en").stdout) is False
    assert (ROOT / "docs" / "queries" / "04-proposals-without-a-statistic.csv").read_text(encoding="utf-8") == run(
        *asked, "fr"
    ).stdout.replace("\r\n", "\n")


def test_an_answer_has_every_form() -> None:
    """A table for people, Markdown that keeps its columns, CSV and JSON as SPARQL 1.1 has them, Turtle for triples."""
    rows = "SELECT ?o { <http://e/a> <http://e/p> ?o } ORDER BY ?o"
    assert answer(rows).splitlines()[0].strip() == "o"
    assert "x|y\\nz" in answer(rows)
    assert "x\\|y" in answer(rows, "markdown")
    assert len(answer(rows, "markdown").splitlines()) == 2 + 3
    assert answer(rows, "csv").startswith("o\r\n")
    bindings = json.loads(answer(rows, "json"))["results"]["bindings"]
    assert {"type": "literal", "value": "fr", "xml:lang": "fr"} in [b["o"] for b in bindings]
    assert answer("ASK { ?s a <http://e/C> }") == "true\n"
    assert answer("ASK { ?s a <http://e/C> }", "csv") == "true\n"
    assert json.loads(answer("ASK { ?s a <http://e/D> }", "json"))["boolean"] is False
    turtle = answer("CONSTRUCT WHERE { ?s ?p ?o }", "turtle")
    assert set(ox.parse(turtle, format=ox.RdfFormat.TURTLE)) == set(ox.parse(SMALL.data, format=ox.RdfFormat.TURTLE))
    assert json.loads(answer("CONSTRUCT WHERE { ?s ?p ?o }", "json"))
    assert "http://e/C" in answer("CONSTRUCT WHERE { ?s ?p ?o }")
    for text, form in (("ASK {}", "turtle"), (rows, "turtle"), ("CONSTRUCT WHERE { ?s ?p ?o }", "csv")):
        with pytest.raises(UsageError, match="cannot be written"):
            answer(text, form)  # type: ignore[arg-type]


def test_a_terminal_is_never_told_what_to_do() -> None:
    """Escapes in a cell are shown, not sent."""
    assert "\x1b" not in answer(
        "SELECT ?o { ?s ?p ?o }", dump=Dump(b'<http://e/a> <http://e/p> "\\u001B[2J" .', "turtle")
    )


def test_a_wrong_query_is_told_with_its_place() -> None:
    """The line and a sign under the place, without the engine's list of all it expected."""
    with pytest.raises(UsageError) as wrong:
        answer("SELECT ?s WHERE {\n  ?s ?p\n}")
    assert "at 3:" in wrong.value.why
    assert "\n    }\n" in wrong.value.mend
    assert wrong.value.mend.endswith("^")
    assert len(str(wrong.value)) < 300


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "PREFIX e: <http://e/> SELECT * { ?s ?p ?o . SERVICE e:x {} }",
        'SELECT * { ?s ?p "a # b" . SERVICE <http://e/> {} }',
        "SELECT * { ?s ?p '''it's \" ''' SERVICE <http://e/> {} }",
        "SELECT * { ?s ?p ?o } # x\nVALUES ?s { <http://e/#> } #'\n SELECT * { SERVICE<http://e/> {} }",
    ],
)
def test_no_other_server_is_asked(text: str) -> None:
    """SERVICE is refused wherever it stands as a keyword: a query file from a stranger sends nothing anywhere."""
    with pytest.raises(UsageError, match="another server"):
        answer(text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?service <http://e/service> "a SERVICE <http://e/> here" } # SERVICE <http://e/>',
        "PREFIX service: <http://e/> SELECT * { ?s service:service ?o ; service:p 'SERVICE <x>' }",
    ],
)
def test_the_word_service_elsewhere_is_no_keyword(text: str) -> None:
    """In a string, an IRI, a comment, a variable or a prefixed name, it is a word like any other."""
    assert answer(text).splitlines()


def test_a_release_a_dump_a_corpus_and_its_name_are_asked_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same question, the same answer, wherever the data lie."""
    text = "SELECT ?s { ?s a <https://w3id.org/openproposals/ns#Proposal> } ORDER BY ?s"
    release = tmp_path / "dist" / "minimal"
    assert run("publish", MINIMAL, "--out", release, "--quiet").returncode == 0
    monkeypatch.chdir(tmp_path)
    places = ["minimal", str(release), str(release / "minimal.ttl"), str(release / "minimal.jsonld"), str(MINIMAL)]
    answers = {ask.answer(place, text, "csv", SILENT) for place in places}
    assert len(answers) == 1
    assert answers.pop().count(b"\r\n") == 4


def test_a_corpus_that_does_not_conform_is_not_asked(tmp_path: Path) -> None:
    """There is no graph of it: exit code 2, and how to see what is wrong."""
    (tmp_path / "corpus.toml").write_text((MINIMAL / "corpus.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "proposals.csv").write_text("id\n1\n", encoding="utf-8")
    result = run("query", tmp_path, "ASK {}")
    assert result.returncode == 2
    assert "openproposals validate" in result.stderr


class _Server(http.server.BaseHTTPRequestHandler):
    """Dumps by address, and a server that misbehaves."""

    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/missing.ttl" else 200)
        kinds = {"/dump": "text/turtle", "/page": "text/html"}
        self.send_header("Content-Type", kinds.get(self.path, "application/octet-stream"))
        self.end_headers()
        self.wfile.write(SMALL.data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_dump_is_asked_by_its_address(web: str) -> None:
    """By media type, else by name; what is no dump, not there, or elsewhere than on the web, is refused plainly."""
    for name in ("/dump", "/x.ttl"):
        assert ask.answer(web + name, "ASK { ?s a <http://e/C> }", "table", SILENT) == b"true\n"
    for name, word in (("/page", "text/html"), ("/missing.ttl", "404"), ("/away", "file:"), ("/x.jsonld", "jsonld")):
        with pytest.raises(UsageError) as refused:
            ask.answer(web + name, "ASK {}", "table", SILENT)
        assert word in str(refused.value)


def test_a_dump_too_large_to_fetch_is_refused(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is read than the limit, and the reader is told to fetch it."""
    monkeypatch.setattr(read, "_LARGEST", 10)
    with pytest.raises(UsageError, match="larger"):
        read.dump(f"{web}/dump")


def test_the_command_line(tmp_path: Path) -> None:
    """Data on standard output alone; a query as text, file or standard input; usage told in both languages."""
    asked = tmp_path / "q.rq"
    asked.write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    for text in ("ASK { ?s ?p ?o }", asked):
        result = run("query", DIST, text)
        assert (result.stdout, result.stderr.strip()) == ("true\n", "reading the dump…")
    assert run("query", DIST, tmp_path / "none.rq", "--quiet").returncode == 2
    assert run("query", DIST).returncode == 2
    assert "--examples" in run("query", DIST).stderr
    assert "donner une publication" in run("query", LANG="fr_FR.UTF-8").stderr
    assert "Quels chiffres" in run("query", "--examples", "--lang", "fr").stdout
    nothing = run("query", "nowhere", "ASK {}")
    assert nothing.returncode == 2
    assert "nothing published" in nothing.stderr


def test_the_first_corpus_answers_within_a_second() -> None:
    """The whole command, the best of three: imports, loading, asking, writing."""
    seconds = []
    for _ in range(3):
        begun = time.monotonic()
        assert run("query", DIST, "--example", "2", "--quiet").returncode == 0
        seconds.append(time.monotonic() - begun)
    assert min(seconds) < 1
