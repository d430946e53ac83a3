"""The screen of shapes lets nothing through: proved nodes have no result, and a suspect's closure gives its results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pyshacl
import pytest
import rdflib
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rdflib.namespace import SH

from openproposals.dumps import blocks, counting, turtle
from openproposals.errors import because
from openproposals.findings import ordered
from openproposals.model import schema
from openproposals.model.tables import ORIGIN
from openproposals.model.templates import Hole, Iri
from openproposals.validation import graph, shacl
from openproposals.validation.screens import closure, suspects
from openproposals.validation.screens.implied import SUB_CLASS, ImpliedGraph, _separated, overlap
from openproposals.validation.screens.paths import NotCompiledError
from openproposals.validation.screens.shapes import Screen
from support import worlds
from support.languages import FR_EN

pytestmark = pytest.mark.slow

PHASES = [Phase.explicit, Phase.generate]  # shrinking runs the judge again and again
RULES = shacl.in_languages(shacl.shapes(), FR_EN.own)


@settings(max_examples=max(4, settings().max_examples // 10), phases=PHASES)
@given(worlds.edits())
def test_screen_then_judge_is_judge_alone(done: list[tuple[Any, ...]]) -> None:
    """Our own shapes, on corpora whose graphs have faults: the findings are the same, whole."""
    clean, hosts = worlds.world(12)
    read = worlds.broken(clean, done)
    with pytest.MonkeyPatch().context() as patched:
        patched.setattr(graph, "SCREENED_FROM", 0)
        alone = worlds.found(read, hosts, judge_all=True)[1]
        judged, screened = worlds.found(read, hosts)
    assert [(f, dict(f.facts)) for f in ordered(alone)] == [(f, dict(f.facts)) for f in ordered(screened)]
    assert set(judged.unknown.values()) <= {("a path over addresses",)}  # an edit may make one lead to our own node


def test_a_clean_corpus_is_proved() -> None:
    """No shape of ours leaves a suspect in a clean corpus, so that the judge has nothing to do."""
    read, hosts = worlds.world(60)
    implied = ImpliedGraph(hosts, read.tables)
    assert implied.doubt is None
    screen = Screen(RULES, implied)
    for shape in suspects.targeted(RULES):
        found = screen.suspects(shape)
        assert (found.rows, found.unknown) == ({}, ())


PREFIXES = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {**schema.prefixes(), "sh": str(SH), "": "https://example.org/s#"}.items()
)
TARGETS = ["sh:targetClass op:Statistic", "sh:targetClass op:Figure", "sh:targetClass oa:TextPositionSelector",
           "sh:targetSubjectsOf op:restsOn", "sh:targetSubjectsOf rdfs:label", "sh:targetClass foaf:Organization",
           "sh:targetSubjectsOf oa:hasSource", "sh:targetClass op:Source , skos:Concept"]  # fmt: skip
PATHS = ["op:hasFigure", "op:citationStatus", "rdfs:label", "schema:value", "oa:start", "oa:end", "op:restsOn", "op:hasMarker",
         "cito:citesAsEvidence", "[ sh:inversePath op:restsOn ]", "( op:hasFigure schema:value )", "dcterms:identifier",
         "( op:restsOn op:hasFigure op:qualifier )", "[ sh:alternativePath ( op:hasFigure op:hasMarker ) ]", "rdf:type",
         "( [ sh:inversePath oa:hasSelector ] oa:hasSource )", "[ sh:oneOrMorePath skos:broader ]", "dcterms:issued",
         "schema:url", "dcterms:isPartOf", "skos:broader", "dcterms:subject", "oa:hasSource", "op:sha256", "sdmxd:refArea",
         "[ sh:zeroOrMorePath skos:broader ]", "( oa:hasSelector oa:end )", "schema:minValue", "rdfs:comment"]  # fmt: skip
TERMS = ["cit:cited", "cit:uncited", "q:as-stated", '"S1"', '"P2"', '"2.0"^^xsd:decimal', '"5"^^xsd:integer', "op:Statistic",
         "<https://w3id.org/openproposals/bench/statistic/S1>", '"x"@fr', '"0"^^xsd:nonNegativeInteger', "kind:count"]  # fmt: skip
CLASSES = [
    "op:Statistic",
    "op:Figure",
    "op:Source",
    "skos:Concept",
    "foaf:Organization",
    "prov:Agent",
    "oa:SpecificResource",
]
path, term, klass, few = st.sampled_from(PATHS), st.sampled_from(TERMS), st.sampled_from(CLASSES), st.integers(0, 3)
plain = st.sampled_from(["oa:start", "oa:end", "schema:value", "schema:minValue", "schema:maxValue", "op:restsOn", "op:hasMarker",
                         "op:restsOnStated", "op:citationStatus", "op:denominator", "dcterms:isPartOf"])  # fmt: skip
inner = st.one_of(
    st.builds("[ sh:path {} ; sh:minCount {} ]".format, path, few),
    st.builds("[ sh:path {} ; sh:maxCount {} ]".format, path, few),
    st.builds("[ sh:path {} ; sh:hasValue {} ]".format, path, term),
    st.builds("[ sh:class {} ]".format, klass),
    st.builds("[ sh:not [ sh:path {} ; sh:hasValue {} ] ]".format, path, term),
    st.builds("[ sh:property [ sh:path {} ; sh:maxCount 1 ] , [ sh:path {} ; sh:minCount 1 ] ]".format, path, path),
)
numbers = st.sampled_from(["0", "1", "44", "500", "2.5"])
# One entry a kind of constraint: what stands in the shape, of a property shape (with its path) or of a node shape.
PROPERTY = {
    "minCount": st.builds("sh:minCount {}".format, few),
    "maxCount": st.builds("sh:maxCount {}".format, few),
    "hasValue": st.builds("sh:hasValue {}".format, term),
    "in": st.builds("sh:in ( {} {} {} )".format, term, term, term),
    "class": st.builds("sh:class {}".format, klass),
    "datatype": st.builds(
        "sh:datatype xsd:{}".format, st.sampled_from(["string", "decimal", "integer", "date", "nonNegativeInteger"])
    ),
    "nodeKind": st.builds("sh:nodeKind sh:{}".format, st.sampled_from(["IRI", "Literal", "BlankNode", "IRIOrLiteral"])),
    "pattern": st.builds(
        'sh:pattern "{}"'.format, st.sampled_from(["^S[0-9]+$", "[0-9]", "^[A-Z]", "a|b", "x$", "^[0-9a-f]{64}$"])
    ),
    "minLength": st.builds("sh:minLength {}".format, few),
    "maxLength": st.builds("sh:maxLength {}".format, st.integers(0, 40)),
    "minInclusive": st.builds("sh:minInclusive {}".format, numbers),
    "minExclusive": st.builds("sh:minExclusive {}".format, numbers),
    "maxInclusive": st.builds("sh:maxInclusive {}".format, numbers),
    "maxExclusive": st.builds("sh:maxExclusive {}".format, numbers),
    "languageIn": st.builds('sh:languageIn ( "{}" )'.format, st.sampled_from(["fr", "en", "de"])),
    "uniqueLang": st.just("sh:uniqueLang true"),
    "equals": st.builds("sh:equals {}".format, plain),
    "disjoint": st.builds("sh:disjoint {}".format, plain),
    "lessThan": st.builds("sh:lessThan {}".format, plain),
    "lessThanOrEquals": st.builds("sh:lessThanOrEquals {}".format, plain),
    "node": st.builds("sh:node [ sh:property [ sh:path {} ; sh:minCount {} ] ]".format, path, few),
    "property": st.builds("sh:property [ sh:path {} ; sh:minCount {} ]".format, path, few),
    "not": st.builds("sh:not {}".format, inner),
    "or": st.builds("sh:or ( {} {} )".format, inner, inner),
    "and": st.builds("sh:and ( {} {} )".format, inner, inner),
    "xone": st.builds("sh:xone ( {} {} )".format, inner, inner),
    "qualifiedMinCount": st.builds("sh:qualifiedValueShape {} ; sh:qualifiedMinCount {}".format, inner, few),
    "qualifiedMaxCount": st.builds("sh:qualifiedValueShape {} ; sh:qualifiedMaxCount {}".format, inner, few),
}
NODE = {
    n: PROPERTY[n] for n in ("class", "nodeKind", "in", "node", "not", "or", "and", "xone", "property", "pattern")
} | {
    "closed": st.builds(
        "sh:closed true ; sh:ignoredProperties ( rdf:type {} ) ; sh:property [ sh:path {} ]".format, plain, plain
    )
}
KINDS = [(name, True) for name in PROPERTY if name != "property"] + [(name, False) for name in NODE]
Result = tuple[str, str, str, str, str, str]


def results(rules: rdflib.Graph, data: rdflib.Graph) -> set[Result]:
    """Every result by what it says; first the focus of the one that it explains, or its own."""
    _, found, _ = pyshacl.validate(data, shacl_graph=rules)
    assert isinstance(found, rdflib.Graph)
    said = set()
    for r in found.subjects(rdflib.RDF.type, SH.ValidationResult):
        path_ = found.value(r, SH.resultPath)
        said.add(
            (
                str(found.value(shacl._explained(found, r), SH.focusNode)),
                str(found.value(r, SH.focusNode)),
                str(path_) if isinstance(path_, rdflib.URIRef) else "",
                str(found.value(r, SH.value)),
                str(found.value(r, SH.sourceConstraintComponent)),
                str(found.value(r, SH.resultSeverity)),
            )
        )
    return said


def sound(
    target: str,
    way: str,
    constraint: str,
    done: list[tuple[Any, ...]],
    random: Any,
    *,
    property_: bool,
    faults: bool = False,
    puts: Sequence[worlds.Put] = (),
) -> None:
    """The two properties, of one shape on one corpus; with `faults`, it must have results."""
    clean, hosts = worlds.world(6)
    read = worlds.broken(worlds.planted(clean, puts), done)
    said = f":S {target} ; {f'sh:path {way} ; ' if property_ else ''}{constraint} ."
    rules = rdflib.Graph().parse(data=f"{PREFIXES}:S a sh:{'Property' if property_ else 'Node'}Shape .\n{said}")
    sink = blocks.MemorySink()
    blocks.write(hosts, read.tables, turtle.NTriples(), sink)
    whole = results(rules, rdflib.Graph().parse(data=sink.data(), format="nt"))
    assert whole or not faults
    implied = ImpliedGraph(hosts, read.tables)
    if implied.doubt:
        return  # nothing is proved: the judge sees the whole graph
    shape = rdflib.URIRef("https://example.org/s#S")
    try:
        found = Screen(rules, implied).suspects(shape)
    except NotCompiledError:
        assert not faults
        return  # likewise
    suspects: dict[str, tuple[int, int]] = {}
    for number, rows in found.rows.items():
        kind = implied.kinds[number]
        holes = list(kind.node.iri.holes)
        for row in rows:
            one = read.tables.rows(kind.table, np.array([row]), holes)
            suspects |= {
                iri: (number, int(row))
                for iri in closure.iris(kind, read.tables.only({kind.table: one}), np.array([0]))
            }
    assert {r[0] for r in whole} <= set(suspects), said
    what = closure.reads(rules, shape)
    for focus in random.sample(sorted(suspects), min(2, len(suspects))):
        number, row = suspects[focus]
        taken = closure.rows(implied, what, {number: np.array([row])})
        frames = {t: read.tables.rows(t, rows, [*read.tables.names(t), *ORIGIN]) for t, rows in taken.items()}
        part = rdflib.Graph().parse(data=closure.triples(implied, what, frames), format="nt")
        assert {r for r in results(rules, part) if r[0] == focus} == {r for r in whole if r[0] == focus}, said


@pytest.mark.parametrize(("name", "property_"), KINDS, ids=[f"{n}-{'path' if p else 'node'}" for n, p in KINDS])
def test_each_constraint_alone_is_sound(name: str, property_: bool) -> None:
    """What is proved has no result; what is suspect has, on its closure alone, exactly the results of the whole graph."""
    body = (PROPERTY if property_ else NODE)[name]

    @settings(max_examples=max(2, settings().max_examples // 30), phases=PHASES)
    @given(st.sampled_from(TARGETS), path, body, worlds.edits(), st.randoms(use_true_random=False))
    def holds(target: str, way: str, constraint: str, done: list[tuple[Any, ...]], random: Any) -> None:
        sound(target, way, constraint, done, random, property_=property_)

    holds()


def test_a_systematic_fault_is_judged_first_and_counted_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures all without a qualifier: the first are judged, the rest counted, and a finding says so."""
    clean, hosts = worlds.world(12)
    figures = clean.tables["figures"].with_columns(pl.lit(None, pl.String).alias("qualifier"))
    read = replace(clean, tables=clean.tables.with_({"figures": figures}))
    monkeypatch.setattr(graph, "SCREENED_FROM", 0)
    monkeypatch.setattr(suspects, "CAP", 2)
    judged, found = worlds.found(read, hosts)
    codes = [f.code for f in ordered(found)]
    assert codes.count("bad-qualifier") == 2
    assert [f.facts for f in found if f.code == "not-all-judged"] == [
        {"count": str(figures.height - 2), "judged": "2", "about": "bad-qualifier"}
    ]
    assert judged.judged == 2


def test_triples_are_counted_as_they_are_written() -> None:
    """The count made without writing is the number of lines written."""
    read, hosts = worlds.world(60)
    sink = blocks.MemorySink()
    blocks.write(hosts, read.tables, turtle.NTriples(), sink)
    assert counting.count(hosts, read.tables).triples == len(set(sink.data().splitlines()))


def test_results_that_lead_back_to_no_suspect_are_left_to_the_judge() -> None:
    """A property shape within another reports the values, not what led to them: the whole graph is judged, and named."""
    clean, hosts = worlds.world(6)
    body = "sh:path op:hasMarker ; sh:property [ sh:path schema:url ; sh:minCount 3 ]"
    rules = rdflib.Graph().parse(data=f"{PREFIXES}:S a sh:PropertyShape ; sh:targetClass op:Statistic ; {body} .")
    with pytest.MonkeyPatch().context() as patched:
        patched.setattr(graph, "SCREENED_FROM", 0)
        alone = worlds.alone(rules, clean, hosts)
        judged, found = suspects.check(rules, clean, hosts)
    assert alone
    assert ordered(found) == ordered(alone)
    assert judged.unknown == {"https://example.org/s#S": ("a property shape within another",)}


DOUBTFUL = [  # what the screen cannot tell of a value on the bound, and what must not become a proof of it
    ("rdfs:label", "sh:maxCount 1"),
    ("rdfs:label", "sh:qualifiedValueShape [ sh:nodeKind sh:Literal ] ; sh:qualifiedMaxCount 1"),
    ("oa:start", "sh:minExclusive {bound}"),
    ("oa:start", "sh:maxExclusive {bound}"),
    ("oa:start", "sh:not [ sh:minInclusive {bound} ]"),
    ("oa:start", "sh:xone ( [ sh:minInclusive {bound} ] [ sh:nodeKind sh:Literal ] )"),
    ("oa:start", "sh:or ( [ sh:minExclusive {bound} ] [ sh:nodeKind sh:IRI ] )"),
    ("oa:start", "sh:and ( [ sh:minExclusive {bound} ] [ sh:nodeKind sh:Literal ] )"),
    ("oa:start", "sh:qualifiedValueShape [ sh:minInclusive {bound} ] ; sh:qualifiedMaxCount 0"),
    ("oa:start", "sh:lessThan oa:start"),
]


@pytest.mark.parametrize(("way", "constraint"), DOUBTFUL)
def test_a_doubt_is_no_proof(way: str, constraint: str) -> None:
    """Each of these has results in a clean corpus, on values that lie on the bound; the screen hands them over."""
    bound = worlds.world(6)[0].tables["passages"]["start"][0]
    constraint = constraint.format(bound=bound)
    sound(f"sh:targetSubjectsOf {way}", way, constraint, [], Random(1), property_=True, faults=True)


def test_every_path_is_sound() -> None:
    """The same two properties, over every path, on a clean corpus."""
    for way in PATHS:
        sound("sh:targetSubjectsOf dcterms:identifier", way, "sh:maxCount 1 ; sh:class op:Figure", [], Random(1), property_=True)  # fmt: skip


BASE = worlds.world(6)[0].base
AT_S1: list[worlds.Put] = [("sources", 0, {"url": f"{BASE}statistic/S1"})]
THIRD: list[worlds.Put] = [
    ("themes", None, {"id": "T3", "number": "3", "position": "3", "parent": "T2", "label_fr": "x", "label_en": "x"})
]
UNORDERED: list[worlds.Put] = [("figures", 0, {"statistic": "S3", "value": "99999999"})]
PERSON: list[worlds.Put] = [("agents", 0, {"kind": "Person"})]
MORE: list[worlds.Put] = [("figures", None, {"id": "S1-9", "statistic": "S1", "value": "5"})]
REACHED: list[tuple[str, str, str, list[worlds.Put]]] = [  # what a path leads to, and what must not be left out of it
    ("op:Statistic", "[ sh:alternativePath ( op:hasFigure op:hasMarker ) ]", "sh:maxCount 1", MORE),
    ("op:Statistic", "[ sh:alternativePath ( op:hasMarker op:hasFigure ) ]", "sh:maxCount 1", MORE),
    ("op:Statistic", "[ sh:alternativePath ( rdfs:label rdfs:comment ) ]", "sh:uniqueLang true", []),
    ("op:Statistic", "[ sh:alternativePath ( op:hasFigure op:hasFigure ) ]", "sh:minCount 2", []),
    ("skos:Concept", "[ sh:alternativePath ( skos:broader skos:broader ) ]", "sh:minCount 2", []),
    ("op:Statistic", "( op:hasFigure schema:value )", "sh:nodeKind sh:IRI", []),
    ("oa:SpecificResource", "( oa:hasSource [ sh:inversePath oa:hasSource ] )", "sh:maxCount 1", []),
    ("skos:Concept", "[ sh:inversePath skos:broader ]", "sh:minCount 1", []),
    ("skos:Concept", "[ sh:inversePath dcterms:isPartOf ]", "sh:class op:Proposal", []),
    ("skos:Concept", "[ sh:inversePath dcterms:isPartOf ]", "sh:class oa:SpecificResource", []),
    ("skos:Concept", "[ sh:oneOrMorePath skos:broader ]", "sh:maxCount 1", THIRD),
    ("skos:Concept", "[ sh:oneOrMorePath skos:broader ]", "sh:disjoint skos:broader", THIRD),
    ("skos:Concept", "[ sh:oneOrMorePath [ sh:alternativePath ( skos:broader rdfs:label ) ] ]", "sh:maxCount 3", THIRD),
    ("skos:Concept", "[ sh:oneOrMorePath [ sh:alternativePath ( skos:broader rdfs:label ) ] ]", "sh:maxCount 7", THIRD),
    ("op:Proposal", "( op:restsOn op:hasFigure schema:value )", "sh:maxInclusive 99999998", UNORDERED),
    ("op:Statistic", "op:citationStatus", "sh:not [ sh:hasValue cit:cited ]", []),
    ("op:Figure", "schema:minValue", "sh:minCount 1", []),
    ("op:Statistic", "op:hasFigure", "sh:class op:Statistic", []),
    ("op:Source", "dcterms:publisher", "sh:class foaf:Organization", PERSON),
    ("op:Source", "dcterms:publisher", "sh:not [ sh:class foaf:Person ]", PERSON),
    ("op:Source", "dcterms:publisher", "sh:class foaf:Organization", [("agents", 0, {"kind": None})]),
]  # fmt: skip


@pytest.mark.parametrize(("target", "way", "constraint", "puts"), REACHED)
def test_all_that_a_path_leads_to_is_known(target: str, way: str, constraint: str, puts: list[worlds.Put]) -> None:
    """Each has results, that a step, a value, a pair or a sign left out would hide."""
    sound(f"sh:targetClass {target}", way, constraint, [], Random(1), property_=True, faults=True, puts=puts)


ADDRESSES = [
    ("op:Source", "sh:path ( schema:url op:hasFigure ) ; sh:maxCount 0"),
    ("op:Source", "sh:path schema:url ; sh:node [ sh:property [ sh:path op:hasFigure ; sh:maxCount 0 ] ]"),
    ("op:Source", "sh:path schema:url ; sh:not [ sh:class op:Statistic ]"),
    ("op:Source", "sh:path schema:url ; sh:class op:Figure"),
    ("op:Statistic", "sh:path [ sh:inversePath schema:url ] ; sh:maxCount 0"),
]


@pytest.mark.parametrize(("target", "constraint"), ADDRESSES)
def test_a_path_over_an_address_of_ours_is_left_to_the_judge(target: str, constraint: str) -> None:
    """A source whose web address is a statistic's own IRI is linked to it: the whole graph is judged, and it is named."""
    clean, hosts = worlds.world(6)
    read = worlds.planted(clean, AT_S1)
    rules = rdflib.Graph().parse(data=f"{PREFIXES}:S a sh:PropertyShape ; sh:targetClass {target} ; {constraint} .")
    with pytest.MonkeyPatch().context() as patched:
        patched.setattr(graph, "SCREENED_FROM", 0)
        alone = worlds.alone(rules, read, hosts)
        judged, found = suspects.check(rules, read, hosts)
        assert suspects.check(rules, clean, hosts)[0].unknown == {}
    assert alone
    assert ordered(found) == ordered(alone)
    assert judged.unknown == {"https://example.org/s#S": ("a path over addresses",)}


def iri(text: str) -> Iri:
    """A template's IRI: `{statistics.id}` is a hole of that column."""
    parts = [p for p in re.split(r"(\{[a-z.-]+\})", text) if p]
    columns = schema.tables(FR_EN)
    return Iri(tuple(Hole(columns[p[1:-1].split(".")[0]].column(p[:-1].split(".")[1])) if p[0] == "{" else p for p in parts))  # type: ignore[arg-type]  # fmt: skip


ALIKE = [
    ("x:a/{statistics.id}", "x:a/{figures.id}"),
    ("x:a/{statistics.id}", "x:a/b"),
    ("x:a/{statistics.id}", "x:a/b{figures.id}"),
    ("x:a/{statistics.id}", "x:a/{figures.id}-b"),
    ("x:a/{statistics.id}#b", "x:a/{figures.id}#b"),
    ("x:a/b{statistics.id}c", "x:a/{figures.id}"),
    ("x:a/bc", "x:a/b{statistics.id}"),
    ("{sources.url}", "x:a/{statistics.id}"),
    ("x:a/{sources.url}", "x:a/{statistics.id}/b"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_two_templates_that_may_give_one_iri_overlap(one: str, other: str) -> None:
    """Either way round."""
    assert overlap(iri(one), iri(other))
    assert overlap(iri(other), iri(one))


def test_templates_that_cannot_give_one_iri_do_not_overlap() -> None:
    """Else every row would be in doubt."""
    for one, other in (("x:a/{statistics.id}", "x:b/{figures.id}"), ("x:a/{statistics.id}", "x:a/{figures.id}/b")):
        assert not overlap(iri(one), iri(other))


def test_cells_are_told_apart_in_an_iri_only_by_a_separator() -> None:
    """Nothing between two holes, a sign that cells may hold, or cells that may hold a separator: no row is sure."""
    assert _separated(iri("x:{evidence.proposal}/{evidence.statistic}"))
    assert _separated(iri("x:{sources.url}"))
    for unsure in ("x:{statistics.id}-{figures.id}", "x:{statistics.id}{figures.id}", "x:{sources.url}/{figures.id}"):
        assert not _separated(iri(unsure))


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("statistics", "x:{statistics.scope}"),
        ("figure-passages", "x:{figure-passages.passage}"),
        ("figure-passages", "x:{figure-passages.figure}-{figure-passages.passage}"),
        ("sources", f"{BASE}statistic/{{sources.id}}"),
        ("sources", f"{BASE}{{sources.url}}"),
    ],
)
def test_nothing_is_proved_where_a_row_may_not_stand_for_a_node(table: str, changed: str) -> None:
    """A key not or only half in the IRI, keys run together, two tables that name one node: each is a doubt."""
    clean, hosts = worlds.world(6)
    read = worlds.planted(clean, [("sources", 0, {"id": "S1", "url": "statistic/S1"})])
    read = worlds.planted(read, [("statistic-sources", n, {"source": "S1"}) for n in range(2)])
    made = [
        replace(h, node=replace(h.node, iri=iri(changed), nested=())) if h.table.name == table else h for h in hosts
    ]
    links = {"note-sources", "proposal-sources", "source-years", "statistic-sources"}
    none = {n: read.tables[n].clear() for n in links}
    read = replace(read, tables=read.tables.with_(none))
    assert ImpliedGraph(hosts, read.tables).doubt is None
    assert ImpliedGraph(made, read.tables).doubt is not None


def test_nothing_is_proved_where_subclasses_are_stated() -> None:
    """They would give nodes classes that no column holds."""
    clean, hosts = worlds.world(6)
    themes = next(h for h in hosts if h.table.name == "themes")
    said = replace(themes.node.patterns[0], predicate=SUB_CLASS)
    node = replace(themes.node, patterns=(*themes.node.patterns, said))
    assert ImpliedGraph([replace(themes, node=node)], clean.tables).doubt == because("subclasses")
