"""`openproposals query`: the examples, the forms of an answer, what is asked, and what is refused."""

from __future__ import annotations

import io
import json
import resource
from pathlib import Path

import pyoxigraph as ox
import pytest

from openproposals import loading, places
from openproposals.errors import UsageError
from openproposals.messages import LANGUAGES
from openproposals.query import ask, examples, sparql
from openproposals.release import published
from openproposals.release.published import Dump
from openproposals.stages import Run
from support.commands import run
from support.places import DIST, MINIMAL, ROOT

pytestmark = pytest.mark.slow

NAMES = [example.name for example in examples.load()]
SMALL = Dump(b'<http://e/a> <http://e/p> "x|y\\nz", <http://e/b>, "fr"@fr . <http://e/a> a <http://e/C> .', "turtle")


@pytest.fixture(scope="module")
def store() -> ox.Store:
    dump = published.read_with_labels(published.open_release(DIST))
    return sparql.store(io.BytesIO(dump.data), dump.syntax)


def answer(text: str, form: sparql.Form = "table", dump: Dump = SMALL) -> str:
    """What a query of ours is answered, in this process."""
    return sparql.child_answer(text.encode() + dump.data, (str(len(text.encode())), dump.syntax, form)).decode()


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
    assert all(set(e.question) == {*LANGUAGES} for e in examples.load())
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


def test_a_release_a_dump_a_corpus_and_its_name_are_asked_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same question, the same answer, wherever the data lie."""
    text = "SELECT ?s { ?s a <https://w3id.org/openproposals/ns#Proposal> } ORDER BY ?s"
    release = tmp_path / "dist" / "minimal"
    assert run("publish", MINIMAL, "--out", release, "--quiet").returncode == 0
    monkeypatch.chdir(tmp_path)
    named = ["minimal", str(release), str(release / "minimal.ttl"), str(release / "minimal.jsonld"), str(MINIMAL)]
    answers = {ask.answer(loading.dump(places.find(each, "release"), Run()), text, "csv") for each in named}
    assert len(answers) == 1
    assert answers.pop().count(b"\r\n") == 4
    text = "SELECT ?label { ?unit <http://www.w3.org/2000/01/rdf-schema#label> ?label FILTER(?unit = <http://qudt.org/vocab/unit/PERCENT>) }"
    asked = [
        ask.answer(loading.dump(places.find(each, "release"), Run()), text, "csv") for each in ("minimal", str(MINIMAL))
    ]
    assert [b"per cent" in answer for answer in asked] == [True, True], (
        "a release and a corpus have the labels of units"
    )


def test_a_corpus_that_does_not_conform_is_not_asked(tmp_path: Path) -> None:
    """There is no graph of it: exit code 2, and how to see what is wrong."""
    (tmp_path / "corpus.toml").write_text((MINIMAL / "corpus.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "proposals.csv").write_text("id\n1\n", encoding="utf-8")
    result = run("query", tmp_path, "ASK {}")
    assert result.returncode == 2
    assert "openproposals validate" in result.stderr


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
    assert "no corpus, release or file" in nothing.stderr


def test_the_first_corpus_answers_within_a_second() -> None:
    """The whole command, the best of three, in processor time: imports, loading, asking, writing."""
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert run("query", DIST, "--example", "2", "--quiet").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 1


def test_an_example_asks_for_labels_in_a_language_that_the_dump_has() -> None:
    """A reader of German gets the rows of a corpus that has no German."""
    asked = ("query", DIST, "--example", "4", "--format", "csv", "--quiet", "--lang")
    german = run(*asked, "de").stdout
    assert german in (run(*asked, "fr").stdout, run(*asked, "en").stdout)


def test_labels_are_asked_in_a_language_that_the_dump_has() -> None:
    """The wanted one or a variant of it, else always the same, whatever the order in the dump."""
    title = (
        '<http://e/d> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "提案"@{}, "提案"@{} .'
    )
    for pair in (("ja", "zh-Hant"), ("zh-Hant", "ja")):
        dump = Dump(title.format(*pair).encode(), "turtle")
        assert [ask.labelled(dump, wanted).lower() for wanted in ("fr", "ja", "zh")] == ["ja", "ja", "zh-hant"]
