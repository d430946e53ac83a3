"""What the peers are given, made outside the time that is measured, so that each only does its own part.

In FOLDER, which holds `corpus/` and our `release/`:

    package/   the tables that the corpus gives and those they point to, with a data package: for frictionless
    rml/       the mapping derived from our templates and the CSVs it reads, guards already applied: for morph-kgc
    maps.json  the same patterns as data: for maplib
    batches/   the graph in batches of 2,000 subjects, each with what the shapes read from them and without the
               properties that no shape reads: for the SHACL engines
    control/   the same of a small corpus with planted faults, and how many results of which shape must be found

A batch's subjects are neighbours in the tables, so that what they need is mostly each other: kinder to the peers than
subjects in any order.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import generate
import numpy as np
import plant
import polars as pl
import rdflib

from openproposals import stages
from openproposals.corpus import corpus_folder
from openproposals.dumps import blocks, rml
from openproposals.model import schema, templates
from openproposals.model.expressions import meets
from openproposals.model.languages import Languages
from openproposals.model.tables import ORIGIN, Tables
from openproposals.model.templates import Hole, Iri
from openproposals.stages import Run
from openproposals.validation import shacl
from openproposals.validation.screens import closure, suspects
from openproposals.validation.screens.implied import ImpliedGraph
from openproposals.validation.screens.shapes import Screen

SUBJECTS = 2_000  # of a batch
TOGETHER = 50  # batches whose needs are looked for at once in the whole corpus, then in what was found
CONTROL = 500  # proposals of the corpus with planted faults
FAULTS = 36


def prepare(folder: Path, seed: int) -> None:
    """All of it."""
    corpus, hosts = _read(folder / "corpus")
    _package(folder)
    _rml(folder, corpus.base)
    batches(folder / "batches", corpus, hosts)
    control = folder / "control"
    generate.generate(control / "corpus", CONTROL, seed)
    wanted = Counter(code for *_, code in plant.plant(control / "corpus", "graph", FAULTS, seed))
    batches(control / "batches", *_read(control / "corpus"))
    (control / "wanted.json").write_text(json.dumps(wanted), encoding="utf-8")


def _read(folder: Path) -> tuple[corpus_folder.Corpus, Sequence[blocks.Host]]:
    work = stages.validate(folder, Run())
    assert work.corpus is not None
    assert work.conforms
    return work.corpus, work.hosts


def _package(folder: Path) -> None:
    """A data package of what frictionless is to judge: no table of which every row is derived by us."""
    target = folder / "package"
    target.mkdir()
    described = json.loads((folder / "release" / "datapackage.json").read_text(encoding="utf-8"))
    tables = {r["name"]: r for r in described["resources"] if r["path"].startswith("tables/")}
    todo = [path.stem for path in sorted((folder / "corpus").glob("*.csv"))]
    wanted: dict[str, dict[str, object]] = {}
    while todo:
        name = todo.pop()
        if name in tables and name not in wanted:
            resource = tables[name]
            file = Path(resource["path"]).name
            os.link(folder / "release" / resource["path"], target / file)
            wanted[name] = {k: resource[k] for k in ("name", "type", "format", "encoding", "schema")} | {"path": file}
            keys = resource["schema"].get("foreignKeys", [])
            todo += [link["reference"]["resource"] for link in keys if link["reference"]["resource"]]
    package = {"name": "bench", "resources": list(wanted.values())}
    (target / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")


def _rml(folder: Path, base: str) -> None:
    """The mapping, its CSVs, and the patterns as data."""
    target = folder / "rml"
    target.mkdir()
    spoken = Languages(("fr", "en"))
    compiled = templates.load(base, spoken)
    for name, (table, guard) in rml.sources(compiled).items():
        source = folder / "release" / "tables" / f"{table}.csv"
        if not source.is_file():  # no rows: an engine needs the header all the same
            columns = [column.name for column in schema.tables(spoken)[table].columns]
            pl.DataFrame(schema=dict.fromkeys(columns, pl.String)).write_csv(target / name)
        elif guard is None:
            os.link(source, target / name)
        else:
            pl.scan_csv(source, infer_schema=False).filter(meets(guard)).sink_csv(target / name)
    (target / "mapping.ttl").write_text(rml.mapping(compiled), encoding="utf-8")
    maps = [
        {
            "source": rml.source_name(template.table.name, pattern.guard),
            "predicate": pattern.predicate,
            "subject": _parts(pattern.subject),
            "object": _parts(pattern.object) if isinstance(pattern.object, Iri) else None,
            "value": None if isinstance(pattern.object, Iri) else _part(pattern.object.value),
            "datatype": "" if isinstance(pattern.object, Iri) else pattern.object.datatype,
            "language": "" if isinstance(pattern.object, Iri) else pattern.object.language,
        }
        for template in compiled
        for pattern in template.patterns
    ]
    (folder / "maps.json").write_text(json.dumps(maps), encoding="utf-8")


def _part(part: str | Hole) -> list[str]:
    return ["column", part.name] if isinstance(part, Hole) else ["text", part]


def _parts(iri: Iri) -> list[list[str]]:
    return [_part(part) for part in iri.parts]


def batches(target: Path, corpus: corpus_folder.Corpus, hosts: Sequence[blocks.Host]) -> None:
    """Each batch in N-Triples, `<number>.nt`, and the IRIs it is about, `<number>.focus`."""
    target.mkdir(parents=True)
    rules = shacl.shapes()
    implied = ImpliedGraph(hosts, corpus.tables)
    assert not implied.doubt, implied.doubt
    about = _about(rules, implied)
    made = _made(implied)
    count = max(1, -(-sum(map(len, made.values())) // SUBJECTS))
    for first in range(0, count, TOGETHER):
        last = min(first + TOGETHER, count)
        some = _slices(made, first, last, count)
        near = _rows(implied, about, some)
        tables = _only(corpus.tables, near)
        inside = ImpliedGraph(hosts, tables)
        for number in range(first, last):
            own = {
                kind: np.searchsorted(near[implied.kinds[kind].table], rows)
                for kind, rows in _slices(made, number, number + 1, count).items()
            }
            (target / f"{number}.nt").write_bytes(b"".join(_triples(inside, about, own)))
            iris = (iri for kind, rows in own.items() for iri in closure.iris(inside.kinds[kind], tables, rows))
            (target / f"{number}.focus").write_text("\n".join(iris), encoding="utf-8")


Reads = list[tuple[closure.Reads, set[int]]]


def _about(rules: rdflib.Graph, implied: ImpliedGraph) -> Reads:
    """What each shape reads, and which kinds of nodes it is about; those that only look forwards taken together."""
    screen = Screen(rules, implied)
    found: Reads = []
    forwards: dict[frozenset[int], closure.Reads] = {}
    for shape in sorted(suspects.targeted(rules), key=str):
        what = closure.reads(rules, shape)
        kinds = frozenset(kind.number for kind, _ in screen.targets(shape))
        if what.backwards or what.everything or not what.steps:
            found.append((what, set(kinds)))
        elif kinds in forwards:
            other = forwards[kinds]
            both = what.forwards | other.forwards
            forwards[kinds] = closure.Reads(both, frozenset(), max(what.steps, other.steps), everything=False)
        else:
            forwards[kinds] = what
    return found + [(what, set(kinds)) for kinds, what in forwards.items()]


def _made(implied: ImpliedGraph) -> dict[int, np.ndarray]:
    """By kind, the rows whose node there is: those that say anything."""
    made = {kind.number: np.zeros(implied.height(kind), bool) for kind in implied.kinds}
    for edges in implied.edges.values():
        for edge in edges:
            made[edge.kind.number][implied.subjects(edge)[implied.said(edge)]] = True
    return {number: np.flatnonzero(mask) for number, mask in made.items() if mask.any()}


def _slices(made: dict[int, np.ndarray], first: int, last: int, count: int) -> dict[int, np.ndarray]:
    """Of every kind, its share of some of the batches."""
    cut = {n: rows[len(rows) * first // count : len(rows) * last // count] for n, rows in made.items()}
    return {n: rows for n, rows in cut.items() if len(rows)}


def _rows(implied: ImpliedGraph, about: Reads, some: dict[int, np.ndarray]) -> dict[str, np.ndarray]:
    """By table, the rows that say what the shapes read of some nodes."""
    taken: dict[str, np.ndarray] = {}
    for what, rows in _asked(about, some):
        for table, numbers in closure.rows(implied, what, rows).items():
            taken[table] = np.union1d(taken[table], numbers) if table in taken else numbers
    for kind, rows in some.items():
        table = implied.kinds[kind].table
        taken[table] = np.union1d(taken[table], rows) if table in taken else rows
    return taken


def _triples(implied: ImpliedGraph, about: Reads, some: dict[int, np.ndarray]) -> dict[bytes, None]:
    """What the shapes read of some nodes, each triple once: a line of N-Triples."""
    found: dict[bytes, None] = {}
    for what, rows in _asked(about, some):
        near = closure.rows(implied, what, rows)
        frames = {
            t: implied.tables.rows(t, numbers, [*implied.tables.names(t), *ORIGIN]) for t, numbers in near.items()
        }
        found |= dict.fromkeys(line + b"\n" for line in closure.triples(implied, what, frames).split(b"\n") if line)
    return found


def _asked(about: Reads, some: dict[int, np.ndarray]) -> Iterator[tuple[closure.Reads, dict[int, np.ndarray]]]:
    for what, kinds in about:
        rows = {n: rows for n, rows in some.items() if n in kinds}
        if rows:
            yield what, rows


def _only(tables: Tables, near: dict[str, np.ndarray]) -> Tables:
    return tables.only({t: tables.rows(t, rows, [*tables.names(t), *ORIGIN]) for t, rows in near.items()})
