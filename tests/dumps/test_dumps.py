"""Tables to dumps and back: nothing lost, nothing merged, whatever the text and the order of the rows."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Mapping

import polars as pl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from openproposals.dumps import blocks, counting, jsonld, turtle
from openproposals.model import schema, templates
from openproposals.model.hosts import plan
from openproposals.model.tables import as_tables
from support import rows
from support.frames import frames
from support.languages import FR_EN

BASE = "https://example.org/corpus/"
HOSTS = plan(templates.load(BASE, FR_EN))
NAUGHTY = [
    'a "quoted" word', "back\\slash", "line\nfeed", "carriage\rreturn", "tab\tbed", "trailing\\", "'''", '"""', "\x01\x02\x1f\x7f",
    "\x85\u2028\u2029", "é e\u0301 œ ﬁ", "العربية \u202e bidi", "🧅👩‍👩‍👧", "\ufeffbom", "\ufffe\uffff", "{hole} zq00000z", "<script>alert(1)</script>",
    "=1+1", "@prefix x: <y> .", "]} , \n", " leading and trailing ", "\u00a0", "nan", "null", "NA", "#N/A", "%s %d \\u0041", "a\r\nb", "\x0b\x0c",
]  # fmt: skip


class Memory(io.BytesIO):
    """A sink."""


def dumps(tables: Mapping[str, pl.DataFrame], only: str = "nt ttl jsonld") -> dict[str, tuple[bytes, int]]:
    """The three dumps, each with the number of triples its writer counted."""
    found = {}
    for name, syntax in (("nt", turtle.NTriples()), ("ttl", turtle.Turtle(BASE)), ("jsonld", jsonld.JsonLd(BASE))):
        if name not in only.split():
            continue
        sink = Memory()
        blocks.write(HOSTS, tables, syntax, sink)
        found[name] = (sink.getvalue(), counting.count(HOSTS, as_tables(tables)).triples)
    return found


FORMATS = {"nt": ox.RdfFormat.N_TRIPLES, "ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}


def parsed(data: bytes, name: str) -> list[str]:
    """The triples a foreign parser reads, as lines."""
    return [str(ox.Triple(q.subject, q.predicate, q.object)) for q in ox.parse(data, format=FORMATS[name])]


segment = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,4}", fullmatch=True)
text = st.one_of(
    st.sampled_from(NAUGHTY),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12),
)
decimal = st.from_regex(r"[+-]?[0-9]{1,6}(\.[0-9]{0,3})?", fullmatch=True)
web = st.sampled_from(["https://example.org/a", "http://é.example/ü?q=1#f", "https://w3id.org/x/"])


def cell(column: schema.Column) -> st.SearchStrategy[str]:
    """A valid cell of a column."""
    if column.enum:
        return st.sampled_from(column.enum)
    if column.is_iri:
        return web
    if column.partial_date:
        return st.sampled_from(["2023", "2023-07", "2023-07-05"])
    if column.type == "date":
        return st.just("2024-02-29")
    if column.type == "number":
        return decimal
    if column.type == "integer":
        return st.from_regex(r"[1-9][0-9]{0,5}", fullmatch=True)
    if "a-f" in column.pattern:
        return st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
    if "T[0-9]" in column.pattern:
        return st.just("2026-11-22T00:00:00Z")
    if column.pattern == "[A-Z]{3}":
        return st.just("FRA")
    return segment if column.pattern else text


@st.composite
def corpora(draw: st.DrawFn) -> dict[str, list[dict[str, str | None]]]:
    """Random tables with valid cells, unique keys and links that lead somewhere."""
    tables: dict[str, list[dict[str, str | None]]] = {}
    for name, table in schema.tables(FR_EN).items():
        if table.origin == "short":
            continue
        size = 1 if name == "dataset" else draw(st.integers(0, 3))
        made: dict[tuple[str | None, ...], dict[str, str | None]] = {}
        for _ in range(size):
            row = {c.name: draw(cell(c) if c.required else st.one_of(st.none(), cell(c))) for c in table.columns}
            made.setdefault(tuple(row[k] for k in table.key), row)
        tables[name] = list(made.values())
    for name, given_rows in tables.items():
        for link in schema.tables(FR_EN)[name].links:
            targets = [tuple(r[t] for t in link.targets) for r in tables[link.table]]
            for row in given_rows:
                chosen = draw(st.sampled_from(targets)) if targets else (None,) * len(link.columns)
                row.update(zip(link.columns, chosen, strict=True))
        required = [c.name for c in schema.tables(FR_EN)[name].columns if c.required]
        kept = {
            tuple(r[k] for k in schema.tables(FR_EN)[name].key): r for r in given_rows if all(r[c] for c in required)
        }
        tables[name] = list(kept.values())
    return tables


@pytest.mark.slow
@settings(max_examples=settings().max_examples // 2)
@given(corpora())
def test_dumps_say_what_the_rows_say(tables: dict[str, list[dict[str, str | None]]]) -> None:
    """Each dump, read by a foreign parser, is exactly what the templates say row by row: nothing lost, nothing merged."""
    expected = set().union(
        *(rows.quads(n, r, BASE) for n, r in tables.items() if (rows.SCHEMA / f"{n}.jsonld").exists())
    )
    for name, (data, counted) in dumps(frames(tables)).items():
        lines = parsed(data, name)
        assert expected == set(lines), name
        assert (counted, counted) == (len(lines), len(set(lines))), f"{name}: counted, and none said twice"


@settings(max_examples=settings().max_examples // 3)
@given(corpora(), st.randoms(use_true_random=False))
@pytest.mark.slow
def test_row_order_does_not_change_the_graph(
    tables: dict[str, list[dict[str, str | None]]], shuffle: random.Random
) -> None:
    """Rows in another order say the same."""
    before = set(parsed(dumps(frames(tables), "nt")["nt"][0], "nt"))
    for given_rows in tables.values():
        shuffle.shuffle(given_rows)
    assert before == set(parsed(dumps(frames(tables), "nt")["nt"][0], "nt"))


def _free_text() -> list[tuple[str, str]]:
    shown = [(n, t) for n, t in schema.tables(FR_EN).items() if (rows.SCHEMA / f"{n}.jsonld").exists()]
    said = {
        t.table.name: {c for p in t.patterns for c in p.columns} for t in templates.load("https://example.org/", FR_EN)
    }
    return [(n, c.name) for n, t in shown for c in t.columns if c.is_free_text and c.name in said[n]]


@pytest.mark.parametrize(("table", "column"), _free_text())
def test_naughty_strings_come_through(table: str, column: str) -> None:
    """Every naughty string in every text column comes through all three dumps unchanged."""
    host = schema.tables(FR_EN)[table]
    filled = {c.name: "https://example.org/x" for c in host.columns if c.is_iri}
    made: list[dict[str, str | None]] = []
    for number, naughty in enumerate(NAUGHTY):
        row: dict[str, str | None] = {c.name: filled.get(c.name) for c in host.columns}
        row |= {k: f"https://example.org/{number}" if host.column(k).is_iri else f"k{number}" for k in host.key}  # type: ignore[union-attr]
        row |= {link.columns[0]: f"k{number}" for link in host.links}
        made.append(row | {column: naughty})
    tables: dict[str, list[dict[str, str | None]]] = {table: made}
    for link in host.links:  # a guest's triples stand in the blocks of its host's rows
        tables.setdefault(link.table, [{link.targets[0]: f"k{n}"} for n in range(len(NAUGHTY))])
    for name, (data, _) in dumps(frames(tables)).items():
        found = [q.object.value for q in ox.parse(data, format=FORMATS[name]) if isinstance(q.object, ox.Literal)]
        assert set(NAUGHTY) <= set(found), name


@pytest.mark.slow
def test_three_dumps_are_isomorphic_under_rdflib(real_dumps: dict[str, bytes]) -> None:
    """Turtle, JSON-LD and N-Triples of the first corpus are the same graph to rdflib and to pyoxigraph."""
    formats = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt"}
    graphs = {name: rdflib.Graph().parse(data=data, format=formats[name]) for name, data in real_dumps.items()}
    assert isomorphic(graphs["ttl"], graphs["nt"])
    assert isomorphic(graphs["jsonld"], graphs["nt"])
    sets = {name: set(parsed(data, name)) for name, data in real_dumps.items()}
    assert sets["nt"] == sets["ttl"] == sets["jsonld"]
    assert len(graphs["nt"]) == len(sets["nt"])


def test_no_blank_nodes_and_one_place_for_a_subject(real_dumps: dict[str, bytes]) -> None:
    """No blank node in a dump, and no subject begins two blocks, in Turtle and in JSON-LD."""
    lines = real_dumps["nt"].decode().splitlines()
    assert not [line for line in lines if line.startswith("_:") or " _:" in line.split('"')[0]]
    heads = [line.split(" ")[0] for line in real_dumps["ttl"].decode().splitlines() if line.startswith("<")]
    assert len(heads) == len(set(heads))
    nodes = [node["@id"] for node in json.loads(real_dumps["jsonld"])["@graph"]]
    assert len(nodes) == len(set(nodes))


def test_each_dump_begins_with_the_dataset(real_dumps: dict[str, bytes]) -> None:
    """The first node says what this is: title, version, licence, rights."""
    first = json.loads(real_dumps["jsonld"])["@graph"][0]
    assert {"title", "version", "license", "rights"} <= first.keys()
    body = real_dumps["ttl"].decode().partition("\n\n")[2]
    assert body.startswith("<https://w3id.org/openproposals/vivre-ensemble/> a dcat:Dataset")


def test_members_are_sorted_and_unique_whatever_the_order_of_links() -> None:
    """Link rows in another order, or said by two tables, change no byte of the host's block."""
    hosts = {"proposals": [{"id": "p"}], "statistics": [{"id": s} for s in "abc"]}
    links = [{"proposal": "p", "statistic": s, "basis": "Stated"} for s in "cab"]
    made = [dumps(frames({**hosts, "evidence": order})) for order in (links, links[::-1], [*links, links[0]])]
    assert made[0]["ttl"][0] == made[1]["ttl"][0] == made[2]["ttl"][0]
    assert made[0]["jsonld"][0] == made[1]["jsonld"][0]
    assert b"op:restsOn <statistic/a>, <statistic/b>, <statistic/c> ;" in made[0]["ttl"][0]
    assert made[0]["nt"][0] == made[2]["nt"][0]
