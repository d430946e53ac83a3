"""The only doorway to pyshacl: it judges the graph, or of a large one the suspects with what their shape reads.

Its results come back as findings at a row and column.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyshacl
import rdflib
from rdflib.namespace import SH

from openproposals import locate, plain, schema
from openproposals.corpus import Corpus
from openproposals.dumps import blocks
from openproposals.dumps.hosts import Host
from openproposals.dumps.turtle import NTriples
from openproposals.errors import CannotGoOn
from openproposals.findings import Finding
from openproposals.screens import closure
from openproposals.screens.known import Known
from openproposals.screens.shapes import Screen, Suspects
from openproposals.screens.values import NotCompiledError
from openproposals.store import ORIGIN
from openproposals.told import Told, unheard

SCREENED_FROM = 20_000  # rows; below, the judge sees everything
WHOLE_TO = 500_000  # rows of a graph that the judge can hold whole: about 8 GB
CAP = 1_000  # suspects of one shape judged at once; once there are findings among them, the rest are counted


@dataclass(frozen=True)
class Judged:
    """How many rows the screen proved or tried to prove (0: the judge saw all), and how many nodes were judged.

    `unknown` names, by shape, the parts that did not compile.
    """

    screened: int
    judged: int
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def check(
    corpus: Corpus, hosts: Sequence[Host], *, everything: bool = False, told: Told = unheard
) -> tuple[Judged, list[Finding]]:
    """What `shapes/records.ttl` finds in the graph, by the local name of the shape that found it.

    Of a large corpus the judge sees only the nodes that the screen could not prove, each with what its shape reads;
    with `everything`, the whole graph. A systematic fault is judged for its first nodes and counted for the rest.
    """
    shapes = load(schema.house("shapes") / "records.ttl")
    return held(shapes, corpus, hosts, everything=everything, told=told)


def load(rules: Path) -> rdflib.Graph:
    """A shapes graph. Refused: what cannot be read (CannotGoOn)."""
    try:
        return plain.Plain().parse(rules, format="turtle")
    except (SyntaxError, ValueError, OSError) as error:
        raise CannotGoOn(
            f"shapes/{rules.name} cannot be read",
            why=str(error),
            mend="mend its Turtle, or install openproposals again",
        ) from error


def held(
    shapes: rdflib.Graph,
    corpus: Corpus,
    hosts: Sequence[Host],
    *,
    everything: bool,
    told: Told = unheard,
) -> tuple[Judged, list[Finding]]:
    """A corpus held to shapes; `told` hears the rows done, each shape counting for as much as the others."""
    total = sum(corpus.tables.height(name) for name in corpus.tables)
    known = None if everything or total < SCREENED_FROM else Known(hosts, corpus.tables)
    if known is None or known.doubt:
        return Judged(0, total), _judge(shapes, _graph(corpus, hosts, known.doubt if known else ""), corpus, hosts)
    screen = Screen(shapes, known)
    findings: list[Finding] = []
    judged = 0
    unknown: dict[str, tuple[str, ...]] = {}
    every = sorted(targeted(shapes), key=str)
    for number, shape in enumerate(every):
        told(total * number // len(every), total)
        try:
            suspects = screen.suspects(shape)
        except NotCompiledError as error:
            unknown[str(shape)] = (str(error),)
            findings += _judge(only(shapes, shape), _graph(corpus, hosts, str(error)), corpus, hosts)
            judged += total
            continue
        if suspects.unknown:
            unknown[str(shape)] = suspects.unknown
        if suspects.rows:
            count, found = _suspects(shapes, known, suspects, corpus, hosts)
            judged += count
            findings += found
    return Judged(total, judged, unknown), findings


def _graph(corpus: Corpus, hosts: Sequence[Host], why: str) -> bytes:
    """The whole graph, as N-Triples; `why` a screen cannot do without. Refused: more than fits (CannotGoOn)."""
    if why and sum(corpus.tables.height(name) for name in corpus.tables) > WHOLE_TO:
        raise CannotGoOn(
            "the graph cannot be checked in parts, and is too large to be checked whole",
            why=f"{why}; up to {WHOLE_TO:,} rows would do",
            mend="mend the rows that this is about (an address that is an IRI of this corpus), or divide the corpus",
        )
    sink = blocks.Memory()
    blocks.write(hosts, corpus.tables, NTriples(), sink)
    return sink.data()


def targeted(shapes: rdflib.Graph) -> set[rdflib.term.Node]:
    """The shapes that are about something."""
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode, SH.target)
    return {shape for target in targets for shape in shapes.subjects(target)}


def _suspects(
    shapes: rdflib.Graph, known: Known, suspects: Suspects, corpus: Corpus, hosts: Sequence[Host]
) -> tuple[int, list[Finding]]:
    """The suspects of one shape, judged in batches; from the cap on, once there are findings, only counted."""
    what = closure.reads(shapes, suspects.shape)
    alone = only(shapes, suspects.shape)
    findings: list[Finding] = []
    judged = 0
    for number, numbers in suspects.rows.items():
        kind = known.kinds[number]
        own = 0  # findings of this kind's nodes
        for first in range(0, len(numbers), CAP):
            if own:
                place = corpus.location(kind.table, int(numbers[first]))
                facts = {"count": str(len(numbers) - first), "judged": str(first), "about": _name(suspects.shape)}
                findings.append(Finding(place, "not-all-judged", facts=facts))
                break
            some = numbers[first : first + CAP]
            taken = closure.rows(known, what, {number: some})
            every = [*schema.columns()]
            frames = {
                t: corpus.tables.rows(t, taken[t], [*corpus.tables.names(t), *ORIGIN]) for t in every if t in taken
            }
            told = replace(corpus, tables=corpus.tables.only(frames))
            iris = closure.iris(kind, told.tables, np.searchsorted(taken[kind.table], some))
            found = _judge(alone, closure.triples(known, what, frames), told, hosts, iris)
            findings += found
            own += len(found)
            judged += len(some)
    return judged, findings


def only(shapes: rdflib.Graph, shape: rdflib.term.Node) -> rdflib.Graph:
    """One shape with all that it refers to, and no other targets than its own."""
    found, todo = plain.Plain(), [shape]
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode, SH.target)
    while todo:
        here = todo.pop()
        for triple in shapes.triples((here, None, None)):
            if triple not in found and (here == shape or triple[1] not in targets):
                found.add(triple)
                todo.append(triple[2])
    return found


def _judge(
    shapes: rdflib.Graph, ntriples: bytes, corpus: Corpus, hosts: Sequence[Host], wanted: Container[str] | None = None
) -> list[Finding]:
    """What pyshacl finds in a graph, or of what it finds that which is about the wanted nodes."""
    _, results, _ = pyshacl.validate(plain.of(ntriples), shacl_graph=shapes)
    assert isinstance(results, rdflib.Graph)
    findings = []
    for result in results.subjects(rdflib.RDF.type, SH.ValidationResult):
        if wanted is not None and str(results.value(_explained(results, result), SH.focusNode)) not in wanted:
            continue
        focus = str(results.value(result, SH.focusNode))
        path = str(results.value(result, SH.resultPath) or "")
        value = results.value(result, SH.value)
        shape = results.value(result, SH.sourceShape)
        place = locate.place(corpus, hosts, focus, path, None if value is None else str(value))
        cell = str(value) if value is not None else ""
        facts = {"focus": _short(focus, corpus.base)}
        findings.append(Finding(place, _name(shape), _short(cell, corpus.base), facts))
    return findings


def _explained(results: rdflib.Graph, result: rdflib.term.Node) -> rdflib.term.Node:
    """The result that this one is a detail of (SHACL, 3.6.2.4); itself, where it explains no other."""
    while (whole := results.value(None, SH.detail, result)) is not None:
        result = whole
    return result


def _name(shape: rdflib.term.Node | None) -> str:
    return str(shape).rpartition("#")[2]


def judge_version() -> str:
    """Which judge, as the report records it."""
    return f"pyshacl {pyshacl.__version__}"


def _short(iri: str, base: str) -> str:
    return iri.removeprefix(base).rpartition("/")[2] if iri.startswith(base) else iri


@dataclass(frozen=True, order=True)
class Result:
    """One result of somebody else's shapes: severity, focus node, path, value, and the shape's message."""

    severity: str
    focus: str
    path: str
    value: str
    message: str


def judge(ntriples: bytes, rules: Sequence[Path], background: Sequence[Path] = ()) -> list[Result]:
    """What given shapes find in a graph, sorted; `background` is knowledge that the graph need not repeat."""
    graphs = rdflib.Graph().parse(data=ntriples, format="nt"), rdflib.Graph()
    try:
        for graph, files in zip(graphs, (background, rules), strict=True):
            for path in files:
                graph.parse(path, format="turtle")
    except (SyntaxError, ValueError, OSError) as error:
        raise CannotGoOn(
            "a file of the shapes cannot be read", why=str(error), mend="fetch the shapes again"
        ) from error
    _, results, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1], inference="none", do_owl_imports=False)
    assert isinstance(results, rdflib.Graph)
    return sorted(
        Result(
            str(results.value(node, SH.resultSeverity)).rpartition("#")[2],
            *(str(results.value(node, p) or "") for p in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)),
        )
        for node in results.objects(None, SH.result)  # not those that only explain another
    )
