"""The example questions: each runs as it stands, on the published graph, and has the answer kept beside it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import SH, SKOS
from rdflib.query import ResultRow

from openproposals.messages import LANGUAGES
from support.commands import run
from support.places import MINIMAL, TIDEWATER

ROOT = Path(__file__).resolve().parents[2]
GRAPH = ROOT / "dist/vivre-ensemble/vivre-ensemble.ttl"
LABELS = GRAPH.with_name("labels.ttl")
QUERIES = ROOT / "docs/queries"
CODES = ROOT / "schema/codes"
IRI = "https://w3id.org/openproposals/queries/"
KEYWORDS = URIRef("https://schema.org/keywords")
NAMES = sorted(path.stem for path in QUERIES.glob("[0-9][0-9]-*.ttl"))

Rows = list[list[str]]


def example(name: str) -> Graph:
    """Parse one question's file."""
    return Graph().parse(QUERIES / f"{name}.ttl")


def select(name: str) -> str:
    """Give the text of one question's query."""
    return str(example(name).value(URIRef(IRI + name), SH.select))


def answer(name: str) -> Rows:
    """Read the expected answer, header first."""
    with (QUERIES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def prefixes(query: str) -> dict[str, str]:
    """Collect the prefixes that a query declares."""
    return dict(re.findall(r"^PREFIX (\w+): <(.+)>$", query, re.MULTILINE))


def codes() -> Iterator[str]:
    """Give the IRI of every code of every code list."""
    for path in sorted(CODES.glob("*.ttl")):
        yield from map(str, Graph().parse(path).subjects(RDF.type, SKOS.Concept))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    for path in (GRAPH, LABELS):
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(GRAPH).parse(LABELS)


@pytest.mark.parametrize("name", NAMES)
def test_oxigraph_gives_the_expected_answer(store: ox.Store, name: str) -> None:
    """The answer of pyoxigraph is the rows of the CSV, in the same order."""
    found = store.query(select(name))
    assert isinstance(found, ox.QuerySolutions)
    header = [variable.value for variable in found.variables]
    rows = [["" if term is None else term.value for term in row] for row in found]
    assert answer(name) == [header, *rows]


@pytest.mark.parametrize("name", NAMES)
def test_rdflib_gives_the_expected_answer(graph: Graph, name: str) -> None:
    """The answer of rdflib is the rows of the CSV, in the same order."""
    found = graph.query(select(name))
    header = [str(variable) for variable in found.vars or ()]
    rows = [["" if term is None else str(term) for term in row] for row in found if isinstance(row, ResultRow)]
    assert answer(name) == [header, *rows]


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_not_empty_and_no_row_stands_twice(name: str) -> None:
    """An example has something to show, once."""
    _, *rows = answer(name)
    assert rows
    assert len(rows) == len(set(map(tuple, rows)))


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_asked_in_each_language_and_has_keywords(name: str) -> None:
    """A file describes one SELECT, named like the file, in each language of the program."""
    graph, subject = example(name), URIRef(IRI + name)
    comments = [text for text in graph.objects(subject, RDFS.comment) if isinstance(text, Literal)]
    languages = sorted(LANGUAGES)
    assert {SH.SPARQLExecutable, SH.SPARQLSelectExecutable} == set(graph.objects(subject, RDF.type))
    assert {subject} == set(graph.subjects())
    assert languages == sorted(str(text.language) for text in comments)
    assert all(len(text) > 20 for text in comments)
    assert list(graph.objects(subject, KEYWORDS))


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_ordered_and_declares_its_prefixes_as_published(name: str) -> None:
    """A query's own PREFIX lines agree with prefixes.ttl, to which its file points, and its rows come in an order."""
    declared = Graph().parse(QUERIES / "prefixes.ttl")
    subject = URIRef(IRI + "prefixes")
    published = {
        str(declared.value(node, SH.prefix)): str(declared.value(node, SH.namespace))
        for node in declared.objects(subject, SH.declare)
    }
    query = select(name)
    assert prefixes(query)
    assert prefixes(query).items() <= published.items()
    assert subject == example(name).value(URIRef(IRI + name), SH.prefixes)
    assert "ORDER BY" in query


def test_there_are_twenty_questions_each_with_its_answer() -> None:
    """There are at least twenty, numbered without a gap, and no answer lacks its question."""
    numbers = [f"{number:02}" for number in range(1, len(NAMES) + 1)]
    answers = sorted(path.stem for path in QUERIES.glob("*.csv"))
    assert len(NAMES) >= 20
    assert numbers == [name[:2] for name in NAMES]
    assert answers == NAMES


def test_every_code_is_met_in_a_query_or_an_answer() -> None:
    """A reader of the questions meets every distinction that the code lists make."""
    met = {cell for name in NAMES for row in answer(name) for cell in row}
    for query in map(select, NAMES):
        declared = prefixes(query)
        terms = re.findall(r"\b(\w+):([\w-]+)", query)
        met |= {declared[prefix] + local for prefix, local in terms if prefix in declared}
    unmet = set(codes()) - met
    assert not unmet


def test_the_families_of_remarks_are_those_of_the_code_list() -> None:
    """Query 19 spells out which kinds are faults and which leads: as the published code list has it."""
    codes = Graph().parse(ROOT / "schema" / "codes" / "remark.ttl")
    broader = {(str(family), str(kind)) for kind, family in codes.subject_objects(SKOS.broader)}
    prefix = "https://w3id.org/openproposals/code/remark/"
    pairs = re.findall(r"\(remark:(\S+) remark:(\S+)\)", select("19-faults-and-leads"))
    assert {(prefix + family, prefix + kind) for family, kind in pairs} == broader


ELSEWHERE = {
    "01-figures-by-source": 2, "02-figures-without-a-source": 1, "23-not-recorded": 2,
    "06-stated-or-context": 3, "09-qualified-figures": 2, "10-area-and-period": 3, "12-untitled-or-commissioned": 2,
    "16-from-proposal-to-source": 2, "17-direct-link-and-chain": 1, "20-sources-to-trace": 1, "21-how-well-sourced": 4,
}  # fmt: skip


@pytest.mark.slow
def test_questions_are_answered_on_another_corpus_too(tmp_path: Path) -> None:
    """Two tables, nothing as printed, sources by their address alone: a row is missing only where there is none."""
    assert run("publish", MINIMAL, "--out", tmp_path / "minimal", "--quiet").returncode == 0
    dump = tmp_path / "minimal" / "minimal.ttl"
    store, graph = ox.Store(), Graph().parse(dump)
    store.load(path=str(dump), format=ox.RdfFormat.TURTLE)
    for name, count in ELSEWHERE.items():
        found = store.query(select(name))
        assert isinstance(found, ox.QuerySolutions)
        rows = [["" if term is None else term.value for term in row] for row in found]
        same = [
            ["" if t is None else str(t) for t in row]
            for row in graph.query(select(name))
            if isinstance(row, ResultRow)
        ]
        assert rows == same, name
        assert len(rows) == count, (name, rows)
        if name.startswith("02"):
            assert rows[0][1:4] == [
                "Days of great heat",
                "22",
                "https://w3id.org/openproposals/code/citation/not-recorded",
            ]


@pytest.mark.slow
def test_responses_and_outcomes_are_counted_on_the_shared_lists(tmp_path: Path) -> None:
    """A publisher's own statuses and answers are found by the shared code that each comes under, and by no other."""
    assert run("publish", TIDEWATER, "--out", tmp_path / "tidewater", "--quiet").returncode == 0
    store = ox.Store()
    store.load(path=str(tmp_path / "tidewater" / "tidewater.ttl"), format=ox.RdfFormat.TURTLE)
    found = {}
    for name in ("24-what-became-of-proposals", "25-what-was-answered"):
        solutions = store.query(select(name))
        assert isinstance(solutions, ox.QuerySolutions)
        rows = [[term.value for term in row if term is not None] for row in solutions]
        found |= {row[0].rpartition("/code/")[2]: tuple(map(int, row[1:])) for row in rows}
    assert {code: counts for code, counts in found.items() if any(counts)} == {
        "outcome/kept": (1,), "outcome/partly-kept": (1,), "response/supports": (1, 1), "response/conditional": (1, 1),
        "response/opposes": (1, 1), "response/no-answer": (1, 1),
    }  # fmt: skip
