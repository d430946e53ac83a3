"""A graph as columns: what is read from them is what was put in, in its order, in memory and from a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from openproposals.model.rdf import Blank, LiteralTerm, Named, Triple
from openproposals.site.graph_columns import Columns
from openproposals.site.nodes import Graph

NODES = st.sampled_from([Named(f"http://a/{name}") for name in "abcé"]) | st.sampled_from(
    [Blank("_:b0"), Blank("_:b1")]
)
LITERALS = st.builds(
    LiteralTerm, st.text(max_size=4), st.sampled_from(["http://t/1", "http://t/2"]), st.sampled_from(["", "fr"])
)
TRIPLES = st.lists(st.tuples(NODES, st.sampled_from(["http://p/1", "http://p/2"]), NODES | LITERALS), max_size=20)


def check(graph: Graph, given: list[Triple]) -> None:
    subjects = list(dict.fromkeys(subject.value for subject, _, _ in given))
    assert len(graph) == len(given)
    assert list(graph.subjects()) == subjects
    for iri in {*subjects, *(value.value for _, _, value in given if not isinstance(value, LiteralTerm)), "http://not"}:
        own = [triple for triple in given if triple[0].value == iri]
        assert graph.triples(iri) == own
        assert (iri in graph) == bool(own)
        for predicate in ("http://p/1", "http://p/2", "http://p/none"):
            assert list(graph.said(iri).get(predicate, [])) == [v for _, p, v in own if p == predicate]
            named = [
                s.value for s, p, v in given if p == predicate and not isinstance(v, LiteralTerm) and v.value == iri
            ]
            assert graph.backs(iri, predicate) == named
        assert graph.uses(iri) == sum(not isinstance(v, LiteralTerm) and v.value == iri for _, _, v in given)


@settings(max_examples=40)
@given(TRIPLES, TRIPLES)
def test_a_graph_says_what_was_put_in(one: list[Triple], other: list[Triple]) -> None:
    """Also where it is of two graphs, and where its columns are mapped from a file."""
    check(Graph.made(one), one)
    with tempfile.TemporaryDirectory() as folder:
        Columns.made(one).write(Path(folder) / "one")
        mapped = Graph((Columns.mapped(Path(folder) / "one"),))
        check(mapped, one)
        both = mapped.with_(Graph.made(other))
    for iri in {subject.value for subject, _, _ in (*one, *other)}:
        assert both.triples(iri) == [triple for given in (one, other) for triple in given if triple[0].value == iri]
