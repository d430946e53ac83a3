"""The doorway to pyshacl: shapes and a graph come in, results go out. No other module imports pyshacl."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

from openproposals.errors import CannotGoOn, reason
from openproposals.model import schema
from openproposals.validation import fastgraph
from openproposals.validation.results import ForeignResult, Result

_ANY = "und"  # in the shapes: each language of the corpus


def shapes() -> rdflib.Graph:
    """The graph of `shapes/records.ttl`. Raises CannotGoOn where it cannot be read."""
    path = schema.shipped("shapes") / "records.ttl"
    try:
        return fastgraph.FastGraph("SimpleMemory").parse(path, format="turtle")
    except (SyntaxError, ValueError, OSError) as error:
        raise CannotGoOn("our-shapes-unreadable", name=path.name, because=reason(error)) from error


def in_languages(rules: rdflib.Graph, languages: Sequence[str]) -> rdflib.Graph:
    """The shapes for a corpus in these languages; the graph `rules` is changed.

    In `records.ttl` the language `und` stands for those of the corpus. A shape that demands one language is repeated
    for each, as `not-one-label.fr`; a list of languages that are allowed holds all of them.
    """
    for shape in [*rules.subjects(SH.qualifiedValueShape)]:
        inner = rules.value(shape, SH.qualifiedValueShape)
        allowed = rules.value(inner, SH.languageIn)
        if allowed is None or str(rules.value(allowed, RDF.first)) != _ANY:
            continue
        said = [(p, o) for p, o in rules.predicate_objects(shape) if p != SH.qualifiedValueShape]
        rules.remove((shape, None, None))
        for language in languages:
            one, value = rdflib.URIRef(f"{shape}.{language}"), rdflib.BNode()
            for p, o in said:
                rules.add((one, p, o))
            rules.add((one, SH.qualifiedValueShape, value))
            rules.add((value, SH.languageIn, _list(rules, [language])))
    for node, allowed in [*rules.subject_objects(SH.languageIn)]:
        if str(rules.value(allowed, RDF.first)) == _ANY:
            rules.set((node, SH.languageIn, _list(rules, languages)))
    return rules


def _list(rules: rdflib.Graph, languages: Sequence[str]) -> rdflib.BNode:
    node = rdflib.BNode()
    Collection(rules, node, [rdflib.Literal(language) for language in languages])
    return node


def ready() -> None:
    """Import pyshacl ahead of the first graph. That is slow, and not needed where the screen proves every node."""
    import_module("pyshacl")


def results(rules: rdflib.Graph, ntriples: bytes) -> list[Result]:
    """Validate a graph (N-Triples without blank nodes) against shapes: all results, details included."""
    import pyshacl  # see `ready`

    _, report, _ = pyshacl.validate(fastgraph.from_ntriples(ntriples), shacl_graph=rules)
    assert isinstance(report, rdflib.Graph)
    found = []
    for node in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        value = report.value(node, SH.value)
        found.append(
            Result(
                name(report.value(node, SH.sourceShape)),
                str(report.value(node, SH.focusNode)),
                str(report.value(node, SH.resultPath) or ""),
                None if value is None else str(value),
                str(report.value(_explained(report, node), SH.focusNode)),
            )
        )
    return found


def _explained(report: rdflib.Graph, result: rdflib.term.Node) -> rdflib.term.Node:
    """The result of which this one is a detail (SHACL, 3.6.2.4), else the result itself."""
    while (whole := report.value(None, SH.detail, result)) is not None:
        result = whole
    return result


def name(shape: rdflib.term.Node | None) -> str:
    """The local name of a shape: the fragment of its IRI."""
    return str(shape).rpartition("#")[2]


def foreign_results(ntriples: bytes, rules: Sequence[bytes], background: Sequence[bytes] = ()) -> list[ForeignResult]:
    """What somebody else's shapes find in a graph, sorted; `background` is knowledge that it need not repeat.

    Shapes and background are in Turtle. Raises CannotGoOn where they are not.
    """
    import pyshacl  # see `ready`

    graphs = rdflib.Graph().parse(data=ntriples, format="nt"), rdflib.Graph()
    try:
        for graph, texts in zip(graphs, (background, rules), strict=True):
            for text in texts:
                graph.parse(data=text, format="turtle", publicID="file:///")
    except (SyntaxError, ValueError) as error:
        raise CannotGoOn("their-shapes-unreadable", because=reason(error)) from error
    _, report, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1], inference="none", do_owl_imports=False)
    assert isinstance(report, rdflib.Graph)
    return sorted(
        ForeignResult(
            str(report.value(node, SH.resultSeverity)).rpartition("#")[2],
            *(str(report.value(node, p) or "") for p in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)),
        )
        for node in report.objects(None, SH.result)  # not those that only explain another
    )
