"""The only doorway to pyshacl: it judges the whole graph, and its results come back as findings at a row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyshacl
import rdflib
from rdflib.namespace import SH

from openproposals import schema
from openproposals.corpus import Corpus
from openproposals.dumps.blocks import Host
from openproposals.errors import CannotGoOn
from openproposals.findings import Finding, Location
from openproposals.templates import Hole, Iri, Literal_, Pattern


def check(ntriples: bytes, corpus: Corpus, hosts: Sequence[Host]) -> list[Finding]:
    """What `shapes/records.ttl` finds in the graph, by the local name of the shape that found it."""
    rules = schema.house("shapes") / "records.ttl"
    try:
        shapes = rdflib.Graph().parse(rules, format="turtle")
    except (SyntaxError, ValueError, OSError) as error:
        raise CannotGoOn(
            f"shapes/{rules.name} cannot be read",
            why=str(error),
            mend="mend its Turtle, or install openproposals again",
        ) from error
    data = rdflib.Graph().parse(data=ntriples, format="nt")
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(results, rdflib.Graph)
    findings = []
    for result in results.subjects(rdflib.RDF.type, SH.ValidationResult):
        focus = str(results.value(result, SH.focusNode))
        path = str(results.value(result, SH.resultPath) or "")
        value = results.value(result, SH.value)
        shape = str(results.value(result, SH.sourceShape))
        place = locate(corpus, hosts, focus, path, None if value is None else str(value))
        cell = str(value) if value is not None else ""
        facts = {"focus": _short(focus, corpus.base)}
        findings.append(Finding(place, shape.rpartition("#")[2], _short(cell, corpus.base), facts))
    return findings


def judge_version() -> str:
    """Which judge, as the report records it."""
    return f"pyshacl {pyshacl.__version__}"


def locate(corpus: Corpus, hosts: Sequence[Host], focus: str, path: str, value: str | None = None) -> Location:
    """The row that publishes a node, and the column that says the property; else the rows that name the node."""
    for host in hosts:
        for node in host.node.walk():
            found = _rows(corpus, host.table.name, node.iri, focus)
            if not found:
                continue
            for guest in host.guests:
                if guest.pattern.predicate == path and guest.table.origin == "given":
                    row = _guest_row(
                        corpus, guest.table.name, guest.pattern, guest.column, host.key, found[0], host, value
                    )
                    if row is not None:
                        return corpus.location(guest.table.name, row, _column(guest.pattern))
            pattern = _said(corpus, host.table.name, found[0], [p for p in node.patterns if p.predicate == path], value)
            return corpus.location(host.table.name, found[0], _column(pattern) if pattern else host.key)
    for host in hosts:
        for pattern in (p for n in host.node.walk() for p in n.patterns):
            if isinstance(pattern.object, Iri) and (found := _rows(corpus, host.table.name, pattern.object, focus)):
                return corpus.location(host.table.name, found[0], _column(pattern))
    return Location("corpus.toml")


def _said(corpus: Corpus, table: str, row: int, patterns: Sequence[Pattern], value: str | None) -> Pattern | None:
    """Of the patterns with one property, the one whose cell is the value; where none is given, the one left empty."""
    for pattern in patterns:
        column = _column(pattern)
        cell = corpus.tables[table][column][row] if column else None
        if cell == value or (value is not None and cell is not None and value.endswith(cell)):
            return pattern
    return patterns[0] if patterns else None


def _short(iri: str, base: str) -> str:
    return iri.removeprefix(base).rpartition("/")[2] if iri.startswith(base) else iri


def _column(pattern: Pattern) -> str:
    """The column that fills the object, else the one that guards the pattern."""
    holes = pattern.object.holes
    return holes[-1] if holes else pattern.guard.column if pattern.guard else ""


def _rows(corpus: Corpus, table: str, iri: Iri, wanted: str) -> list[int]:
    """Which rows of a table fill that IRI with the wanted text."""
    first = iri.parts[0]
    frame = corpus.tables[table]
    if (isinstance(first, str) and not wanted.startswith(first)) or frame.is_empty() or not iri.holes:
        return []
    text = pl.concat_str([pl.col(p.name) if isinstance(p, Hole) else pl.lit(p) for p in iri.parts])
    found: list[int] = frame.select((text == wanted).arg_true()).to_series().to_list()
    return found


def _guest_row(
    corpus: Corpus, table: str, pattern: Pattern, column: str, key: str, row: int, host: Host, value: str | None
) -> int | None:
    """The guest's row that says the property of the host's row, with that value if one is given."""
    name = corpus.tables[host.table.name][key][row]
    frame = corpus.tables[table]
    said = frame.select((pl.col(column) == name).arg_true()).to_series().to_list()
    if value is not None and isinstance(pattern.object, Iri):
        exact = set(_rows(corpus, table, pattern.object, value))
        said = [r for r in said if r in exact]
    elif value is not None and isinstance(pattern.object, Literal_):
        said = [r for r in said if frame[pattern.object.holes[0]][r] == value]
    return said[0] if said else None


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
