"""Small corpora with faults that only a graph shows, for the tests of the screen of shapes."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import rdflib
from hypothesis import strategies as st

from openproposals.corpus import corpus_folder, derive
from openproposals.dumps.whole_graph import whole_graph
from openproposals.findings import Finding
from openproposals.model import schema, templates
from openproposals.model.hosts import Host, plan
from openproposals.validation import graph, locate, shacl
from openproposals.validation.results import Coverage
from support.languages import FR_EN
from support.places import ROOT

SCRATCH = tempfile.TemporaryDirectory()  # of the tests that write a file for each example
Put = tuple[str, int | None, Mapping[str, str | None]]  # a table, a row (None: a new one), what its cells become
NUMBERS = ["0", "1", "5", "44", "60", "500", "1400", "9007199254740993", "9007199254740992", "100000000"]
WORDS = ["a", "é « b »", 'say "x"', "two\nlines", "x" * 40]
LINKS = ["evidence", "statistic-passages", "statistic-markers", "statistic-sources", "note-sources", "figure-passages"]


def generator() -> ModuleType:
    """benchmarks/generate.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "benchmarks" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def world(proposals: int, seed: int = 3) -> tuple[corpus_folder.Corpus, tuple[Host, ...]]:
    """A clean corpus, complete, with the hosts of its templates."""
    with tempfile.TemporaryDirectory() as folder:
        generator().generate(Path(folder) / "c", proposals, seed)
        read, found = corpus_folder.read(Path(folder) / "c")
    assert read is not None
    assert found == []
    complete = derive.links(derive.expand(read))
    return complete, tuple(plan(templates.load(complete.base, FR_EN)))


@st.composite
def edits(draw: st.DrawFn, most: int = 6) -> list[tuple[Any, ...]]:
    """What is done to a corpus, as numbers that `broken` reads."""
    number = st.integers(0, 10**6)
    return draw(st.lists(st.tuples(number, number, number, number), min_size=1, max_size=most))


def broken(read: corpus_folder.Corpus, done: Sequence[tuple[Any, ...]]) -> corpus_folder.Corpus:
    """The corpus with cells changed or emptied, and rows of link tables taken out or doubled; its keys stay keys."""
    frames = {name: read.tables[name] for name in read.tables}
    named = [n for n in frames if frames[n].height and n not in ("dataset", "claims")]
    for a, b, c, d in done:
        name = named[a % len(named)]
        table, frame = schema.tables(FR_EN)[name], frames[name]
        if not frame.height:
            continue
        row = b % frame.height
        if name in LINKS and d % 5 == 0:
            frames[name] = frame.filter(pl.int_range(pl.len()) != row)
            continue
        free = [x for x in table.columns if name in LINKS or x.name not in table.key] or [*table.columns]
        column = free[c % len(free)]
        link = next((k for k in table.links if column.name in k.columns), None)
        cells: list[str | None]
        if link is not None:
            cells = frames[link.table][link.targets[link.columns.index(column.name)]].to_list()
        elif column.enum:
            cells = list(column.enum)
        elif column.type in ("integer", "number"):
            cells = list(NUMBERS)
        elif column.type == "date":
            cells = ["2024-02-29", "1999-12-31"]
        elif column.is_iri:
            cells = ["https://example.org/", read.base, f"{read.base}statistic/S1", f"{read.base}theme/T1"]
        elif column.pattern:
            cells = frame[column.name].to_list()
        else:
            cells = list(WORDS)
        if column.name not in table.key:
            cells = [None, *cells]
        if not cells:
            continue
        cell = cells[d % len(cells)]
        changed = frame.with_columns(
            pl.when(pl.int_range(pl.len()) == row).then(pl.lit(cell)).otherwise(column.name).alias(column.name)
        )
        frames[name] = changed.unique(list(table.key), keep="first", maintain_order=True)
    return replace(read, tables=read.tables.with_(frames))


def planted(read: corpus_folder.Corpus, puts: list[Put]) -> corpus_folder.Corpus:
    """The corpus with these cells put into it, keys or links as they may be."""
    frames = {name: read.tables[name] for name in {put[0] for put in puts}}
    for name, row, cells in puts:
        frame = frames[name]
        assert set(cells) <= set(frame.columns), name
        if row is None:
            added = {**dict.fromkeys(frame.columns), **cells, "_file": f"{name}.csv", "_row": frame.height + 2}
            frames[name] = pl.concat([frame, pl.DataFrame([added], schema=frame.schema)])
        else:
            assert row < frame.height, name
            chosen = pl.int_range(pl.len()) == row
            frames[name] = frame.with_columns(
                pl.when(chosen).then(pl.lit(v, pl.String)).otherwise(c).alias(c) for c, v in cells.items()
            )
    return replace(read, tables=read.tables.with_(frames))


def found(
    read: corpus_folder.Corpus, hosts: Sequence[Host], *, judge_all: bool = False
) -> tuple[Coverage, list[Finding]]:
    """What our own shapes find."""
    judged, found, waiting = graph.begin(read, hosts, judge_all=judge_all)
    return judged, [*found, *(waiting.findings() if waiting else [])]


def alone(rules: rdflib.Graph, read: corpus_folder.Corpus, hosts: Sequence[Host]) -> list[Finding]:
    """What the judge alone finds with other shapes."""
    return locate.located(read, hosts, shacl.results(rules, whole_graph(hosts, read.tables)))
