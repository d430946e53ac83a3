"""The screen of tables lets nothing through: screen-then-judge finds what the judge alone finds, whole and no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frictionless
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from openproposals.corpus import corpus_folder
from openproposals.findings import Finding, conforms, ordered
from openproposals.model import schema
from openproposals.model.tables import BATCH, Tables
from openproposals.validation import table_schema
from openproposals.validation.screens.table_rows import screen
from support import worlds
from support.languages import FR_EN

pytestmark = pytest.mark.slow

KEY = "[A-Za-z0-9][A-Za-z0-9._~-]*"
# Cells that parsers disagree on, beside plain ones.
NASTY = [
    *("", "1", "01", "1.0", "-1", "+1", "2", "1_000", "1e3", "inf", "NaN", "１", "-0", "0", ".5", "5.", "1,5"),
    *("2023", "2023-02", "2023-02-30", "2023-2-1", "2023-02-01", "0000-01-01", "2024-02-29", "2023-13-01"),
    *("a", "A", "a\n", "é", "a:b", "..", "a b", "k1", "k2", "K1", "k1 ", " k1", "=1+1", "@x", "\x07", "‮", "￾"),
    *("https://example.org/", "http://a b", "javascript:x", "http://é.fr/?q=1", "http://", "https://[::1]/x"),
    *("#REF!", " #n/a", "#1", "####", "EUR", "NUM", "euro", "https://a.fr/\u200b", "https://a.fr/\u2764\ufe0f"),
    *(f"http://publications.europa.eu/resource/authority/country/{code}" for code in ("FRA", "FR")),
    *("9" * 20, "0" * 30 + "1", "9007199254740993", "9007199254740992", "nan", "None", "null", "\u2028", "\x85"),
]
WORDS = {"title": "t", "title_fr": "t", "description": "d", "description_fr": "d"}
PATTERNS = ["", KEY, "[0-9a-f]{2,4}", "(?:a|b)+", "[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?", r"\d+", "a|b", "[^a]"]


@st.composite
def fields(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """A column with constraints of every kind that our schemas have, and some that they have not."""
    kind = draw(st.sampled_from(["string"] * 4 + ["integer", "integer", "number", "date"]))
    constraints: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        constraints["required"] = True
    if kind == "string":
        if pattern := draw(st.sampled_from(["", "", "", "", "", KEY, *PATTERNS])):
            constraints["pattern"] = pattern
        elif draw(st.integers(0, 3)) == 0:
            constraints["enum"] = draw(st.lists(st.sampled_from(["a", "A", "k1", "1", "01"]), min_size=1, unique=True))
        if draw(st.integers(0, 4)) == 0:
            constraints[draw(st.sampled_from(["minLength", "maxLength"]))] = 2
    if kind in ("integer", "number") and draw(st.integers(0, 2)) == 0:
        constraints[draw(st.sampled_from(["minimum", "maximum"]))] = draw(st.integers(-1, 3))
    if draw(st.integers(0, 7)) == 0:
        constraints["unique"] = True
    field: dict[str, Any] = {"name": name, "type": kind, "constraints": constraints}
    if kind == "string" and "pattern" not in constraints and "enum" not in constraints and draw(st.integers(0, 4)) == 0:
        field["format"] = "uri"
    elif kind == "string" and draw(st.integers(0, 4)) == 0:
        field["codes"] = "units"
    if constraints.get("pattern", "").startswith("[0-9]{4}"):
        field["partialDate"] = True
    return {**field, **WORDS}


@st.composite
def schemas(draw: st.DrawFn) -> tuple[dict[str, schema.Table], dict[str, pl.DataFrame]]:
    """Up to three tables with keys, unique columns and links to each other, and rows for them."""
    names = ["proposals", "statistics", "evidence"]
    described: dict[str, dict[str, Any]] = {}
    for name in names:
        columns = [f"{name[0]}{n}" for n in range(draw(st.integers(1, 3)))]
        key = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=2, unique=True))
        described[name] = {
            "name": name,
            "origin": "given",
            "fields": [draw(fields(c)) for c in columns],
            "primaryKey": key,
            "foreignKeys": [],
        }
    for name in names:
        columns = [f["name"] for f in described[name]["fields"]]
        for _ in range(draw(st.integers(0, 2))):
            other = draw(st.sampled_from(names))
            targets = [f["name"] for f in described[other]["fields"]]
            size = draw(st.integers(1, min(2, len(columns), len(targets))))
            described[name]["foreignKeys"].append(
                {
                    "fields": draw(st.permutations(columns))[:size],
                    "reference": {
                        "resource": "" if other == name else other,
                        "fields": draw(st.permutations(targets))[:size],
                    },
                }
            )
    plain = st.sampled_from(["", "1", "2", "3", "10", "11", "12", "13"])
    cells = st.one_of(plain, plain, plain, plain, plain, plain, plain, st.sampled_from(NASTY))
    frames = {}
    for name in names:
        columns = [f["name"] for f in described[name]["fields"]]
        rows = draw(st.lists(st.lists(cells, min_size=len(columns), max_size=len(columns)), max_size=10))
        rows = [row for row in rows if any(row)]
        frames[name] = frame(name, columns, rows)
    return {name: schema._table(d) for name, d in described.items()}, frames


def frame(name: str, columns: list[str], rows: list[list[str]]) -> pl.DataFrame:
    """A table as `corpus` reads it."""
    text = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row").with_columns(
        pl.all().replace("", None)
    )
    return text.with_columns(
        pl.lit(f"{name}.csv").alias("_file"), pl.Series("_row", range(2, len(rows) + 2), dtype=pl.Int64)
    )


def both(read: corpus_folder.Corpus) -> tuple[list[Any], list[Any]]:
    """Findings, whole, of the judge alone and of the judge on what the screen hands over."""
    patch = pytest.MonkeyPatch()
    with patch.context() as patched:
        patched.setattr(table_schema, "SCREENED_FROM", 0)
        _, alone = table_schema.check(read, judge_all=True)
        _, screened = table_schema.check(read)
    return whole(alone), whole(screened)


def whole(findings: list[Finding]) -> list[Any]:
    return [(f, dict(f.facts)) for f in ordered(findings)]


def apart(described: dict[str, schema.Table], frames: dict[str, pl.DataFrame]) -> tuple[list[Any], list[Any]]:
    """The same, of tables under these schemas, in the judge's own words."""
    columns = {name: table.column_names for name, table in described.items()}
    headers = {f"{name}.csv": names for name, names in columns.items()}
    read = corpus_folder.Corpus({"name": "x", "base": "https://example.org/"}, Tables(frames, columns), headers)
    with pytest.MonkeyPatch().context() as patched:
        patched.setattr(schema, "tables", lambda *_: described)
        patched.setattr(table_schema, "_short_files", set)
        patched.setattr(table_schema, "_finding", _raw)
        return both(read)


@settings(max_examples=settings().max_examples, phases=[Phase.explicit, Phase.generate])
@given(schemas())
def test_screen_then_judge_is_judge_alone(world: tuple[dict[str, schema.Table], dict[str, pl.DataFrame]]) -> None:
    """Random schemas and random, nasty cells."""
    alone, screened = apart(*world)
    assert alone == screened


@settings(phases=[Phase.explicit, Phase.generate])
@given(schemas())
def test_links_are_judged_by_keys_as_by_whole_tables(
    world: tuple[dict[str, schema.Table], dict[str, pl.DataFrame]],
) -> None:
    """The judge, given whole tables in its own way (a self-link has no name), says the same of every row."""
    described, frames = world
    rows = {
        name: [["" if c is None else c for c in row] for row in frames[name].drop("_file", "_row").rows()]
        for name in described
    }
    keep = ("name", "type", "constraints")  # format uri is ours to judge
    plain = {name: [{k: f[k] for k in keep if k in f} for f in t.descriptor["fields"]] for name, t in described.items()}
    resources = [
        frictionless.Resource(
            name=name,
            data=[table.column_names, *rows[name]],
            schema=frictionless.Schema.from_descriptor(
                {**table.descriptor, "fields": plain[name], "missingValues": [""]}
            ),
        )
        for name, table in described.items()
    ]
    expected = set()
    for resource in frictionless.Package(name="corpus", resources=resources).resources:
        check = table_schema.Publishable(described[resource.name])
        report = resource.validate(frictionless.Checklist(checks=[check]))
        expected |= {_said(resource.name, error) for task in report.tasks for error in task.errors}
    columns = {name: table.column_names for name, table in described.items()}
    read = corpus_folder.Corpus({"name": "x", "base": "https://example.org/"}, Tables(frames, columns), {})
    found = set()
    with pytest.MonkeyPatch().context() as patched:
        patched.setattr(table_schema, "_finding", lambda given, error: found.add(_said(given.table.name, error)) or [])
        table_schema._judge(
            table_schema.JudgedTables(read, described, columns), dict.fromkeys(name for name in described if rows[name])
        )
    assert found == {each for each in expected if rows[each[0]]}


def _said(table: str, error: Any) -> tuple[str, ...]:
    """What an error says, but for the name of what a link was looked up in."""
    note = "" if error.type == "foreign-key" else error.note
    about = [getattr(error, name, "") for name in ("row_number", "field_name", "field_names", "cells")]
    return table, error.type, note, *map(str, about)


def _raw(given: table_schema.JudgedTable, error: Any) -> list[Finding]:
    """The judge's own words at the true row: what our codes would fold together stays apart."""
    number = getattr(error, "row_number", None)
    place = given.place(number, getattr(error, "field_name", "") or "", getattr(error, "field_number", 0))
    note = error.note
    if "at position" in note:
        head, _, at = note.rpartition(" ")
        note = f"{head} {given.place(int(at), '', 0)}"
    return [Finding(place, f"{error.type}: {note}", str(getattr(error, "cell", "")))]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> corpus_folder.Corpus:
    """A corpus that is screened, with a cap of three."""
    monkeypatch.setattr(table_schema, "SCREENED_FROM", 0)
    monkeypatch.setattr(table_schema, "CAP", 3)
    return worlds.world(12)[0]


def changed(read: corpus_folder.Corpus, table: str, column: str, cell: str) -> corpus_folder.Corpus:
    """The corpus with one cell in every row of a column."""
    frame_ = read.tables[table].with_columns(pl.lit(cell).alias(column))
    return replace(read, tables=read.tables.with_({table: frame_}))


def test_a_systematic_fault_is_judged_first_and_counted_after(small: corpus_folder.Corpus) -> None:
    """Twelve positions of 0: three findings by the judge, and one that says that nine more were counted."""
    judged, found = table_schema.check(changed(small, "proposals", "position", "0"))
    assert [(f.location.row, f.code) for f in found] == [(2, "too-small"), (3, "too-small"), (4, "too-small"), (5, "not-all-judged")]  # fmt: skip
    assert found[-1].facts == {"count": "9", "judged": "3", "about": "position"}
    assert judged.judged == 3
    assert len(table_schema.check(changed(small, "proposals", "position", "0"), judge_all=True)[1]) == 12


def test_warnings_are_never_only_counted(small: corpus_folder.Corpus) -> None:
    """Texts that all begin with a dash do not stop a large corpus, as they do not stop a small one; all are told."""
    read = changed(small, "proposals", "summary_fr", "- x")
    judged, found = table_schema.check(read)
    assert conforms(found)
    assert found == table_schema.check(read, judge_all=True)[1]
    assert judged.judged == len(found) == 12


def test_what_only_the_screen_doubts_is_judged_whole(small: corpus_folder.Corpus) -> None:
    """`+5` is a whole number to the judge, and nothing that the screen proves: all twelve are judged, none counted."""
    judged, found = table_schema.check(changed(small, "proposals", "position", "+5"))
    assert found == []
    assert judged.judged == 12


def test_a_clean_corpus_hands_nothing_over(small: corpus_folder.Corpus) -> None:
    """Every row of a clean corpus is proved."""
    judged, found = table_schema.check(small)
    assert (found, judged.judged) == ([], 0)
    assert judged.screened == sum(
        small.tables.height(n) for n, t in schema.tables(FR_EN).items() if t.origin not in ("derived", "flat")
    )


def table(name: str, columns: list[dict[str, Any]], key: list[str], *links: tuple[list[str], str, list[str]]) -> Any:
    """A table's schema; a column is a name with whatever is not a plain string's."""
    made = [{"type": "string", "constraints": {}, **c, **WORDS} for c in columns]
    named = [{"fields": a, "reference": {"resource": "" if t == name else t, "fields": b}} for a, t, b in links]
    return schema._table({"name": name, "origin": "given", "fields": made, "primaryKey": key, "foreignKeys": named})


# Where a proof could be wider than the judge: ends left open, bounds met by rounding, signs that engines know apart.
EDGES = [
    *(
        "1\n",
        "1.5\n",
        "2023-02-01\n",
        "2023\n",
        "x2023",
        "2023x",
        "ka",
        "bk1",
        "aa\x1cb",
        "x\u2066",
        "x\u2069",
        "x\u202a",
    ),
    *(
        "x\uffff",
        "x\ufffe",
        "x\x80",
        "x\x0b",
        "x\x1f",
        "\n=1",
        "+x",
        "-x",
        "3",
        "4",
        "20",
        "19.999999999999999",
        "1.5x",
    ),
    *("20.000000000000001", "-1.000000000000001", "éé", "ééé", "2023-02-29", "2023-12-32", "2023-00", "2023-1", "1x"),
    *("https://example.org/ x", "https://example.org/x\n", "ftp://x", "https://example.org/long/enough", "HTTP://x"),
]
COLUMNS: list[dict[str, Any]] = [
    {},
    *({"constraints": c} for c in ({"required": True}, {"unique": True}, {"enum": ["a", "k1", "1"]})),
    *({"constraints": c} for c in ({"minLength": 2}, {"maxLength": 2}, {"minLength": 3, "pattern": "[0-9a-k]*"})),
    *({"constraints": {"pattern": p}} for p in (*PATTERNS, r"\S+", r"\w+", "a.b", "k1|k")),
    *({"format": "uri", "constraints": c} for c in ({}, {"required": True}, {"maxLength": 20}, {"unique": True})),
    {"partialDate": True, "constraints": {"pattern": "[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"}},
    *({"type": "integer", "constraints": c} for c in ({}, {"minimum": 2}, {"maximum": 2}, {"unique": True})),
    {"type": "integer", "constraints": {"enum": [1]}},
    *({"type": "number", "constraints": c} for c in ({}, {"minimum": 20}, {"maximum": 20}, {"unique": True})),
    *({"type": "date", "constraints": c} for c in ({}, {"minimum": "2023-02-02"}, {"unique": True})),
    {"type": "year"},
    {"type": "boolean"},
]
CELLS = [cell for cell in dict.fromkeys([*NASTY, *EDGES]) if cell]


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_cell_in_every_column(column: dict[str, Any]) -> None:
    """No kind of column proves a cell that the judge finds, of all those that parsers disagree on; nor an empty one."""
    rows = [[str(n), cell] for n, cell in enumerate([*CELLS, "", ""])]
    alone, screened = apart(
        {"proposals": table("proposals", [{"name": "p0"}, {**column, "name": "p1"}], ["p0"])},
        {"proposals": frame("proposals", ["p0", "p1"], rows)},
    )
    assert alone == screened


@pytest.mark.parametrize("kind", ["string", "integer", "number", "date"])
@pytest.mark.parametrize("other", ["string", "integer", "number"])
def test_every_cell_in_every_key_and_link(kind: str, other: str) -> None:
    """Keys that are equal by value, and links to keys that are not proved, of types alike or not."""
    keys = [[cell, "x"] for cell in ["", *CELLS]]
    links = [[str(n), cell] for n, cell in enumerate(["", *CELLS])]
    alone, screened = apart(
        {
            "proposals": table("proposals", [{"name": "p0", "type": kind}, {"name": "p1"}], ["p0"]),
            "statistics": table(
                "statistics", [{"name": "s0"}, {"name": "s1", "type": other}], ["s0"], (["s1"], "proposals", ["p0"])
            ),
        },
        {"proposals": frame("proposals", ["p0", "p1"], keys), "statistics": frame("statistics", ["s0", "s1"], links)},
    )
    assert alone == screened


@pytest.mark.parametrize(
    ("kind", "cells"), [("number", ["1", "1.0"]), ("integer", ["1", "01"]), ("string", ["1", "01"])]
)
def test_proved_keys_are_compared_by_value(kind: str, cells: list[str]) -> None:
    """`1` and `1.0` are one number, and `01` names the row of `1`, though each cell is fine; texts are what they are."""
    keys = table("proposals", [{"name": "p0", "type": kind}], ["p0"])
    column = {"name": "s1", "type": kind}
    named = table("statistics", [{"name": "s0"}, column], ["s0"], (["s1"], "proposals", ["p0"]))
    for some in (cells, cells[:1]):
        alone, screened = apart(
            {"proposals": keys, "statistics": named},
            {
                "proposals": frame("proposals", ["p0"], [[cell] for cell in some]),
                "statistics": frame("statistics", ["s0", "s1"], [[cell, cell] for cell in cells]),
            },
        )
        assert alone == screened


def test_keys_and_links_of_two_columns() -> None:
    """A key twice, half a key, no key; a link whose halves are keys of two rows, half a link, a link to half a key."""
    rows = [["a", "b"], ["a", "c"], ["d", "b"], ["a", "b"], ["", "b"], ["", "b"], ["d", ""], ["e", "f"]]
    links = [["a", "b"], ["d", "c"], ["", "b"], ["a", ""], ["d", ""], ["e", "f"], ["f", "e"], ["x", "b"], ["a", "x"]]
    for key, named in ((["p0", "p1"], ["s0", "s1"]), (["p1", "p0"], ["s1", "s0"])):
        alone, screened = apart(
            {
                "proposals": table("proposals", [{"name": "p0"}, {"name": "p1"}], key),
                "statistics": table(
                    "statistics", [{"name": "s"}, {"name": "s0"}, {"name": "s1"}], ["s"], (named, "proposals", key)
                ),
            },
            {
                "proposals": frame("proposals", ["p0", "p1"], rows),
                "statistics": frame("statistics", ["s", "s0", "s1"], [[str(n), *link] for n, link in enumerate(links)]),
            },
        )
        assert alone == screened


def test_two_links_over_one_column_are_two_reasons() -> None:
    """Each is asked, though they share the column and the table that they lead to."""
    both_ = ((["s0"], "proposals", ["p0"]), (["s0"], "proposals", ["p1"]))
    for links in (both_, both_[::-1]):
        alone, screened = apart(
            {
                "proposals": table("proposals", [{"name": "p0"}, {"name": "p1"}], ["p0"]),
                "statistics": table("statistics", [{"name": "s0"}], ["s0"], *links),
            },
            {
                "proposals": frame("proposals", ["p0", "p1"], [["a", "b"]]),
                "statistics": frame("statistics", ["s0"], [["a"]]),
            },
        )
        assert alone == screened != []


def test_a_constraint_that_is_not_known_proves_nothing() -> None:
    """One that the judge may come to know is no reason to believe a cell."""
    column = {"name": "p0", "type": "integer", "constraints": {"exclusiveMinimum": 1}}
    described = {"proposals": table("proposals", [column], ["p0"])}
    read = Tables({"proposals": frame("proposals", ["p0"], [["1"], ["2"]])}, {"proposals": ["p0"]})
    assert screen(read, described, {"proposals": ["p0"]}, frozenset())["proposals"].suspects.tolist() == [0, 1]


def test_rows_are_numbered_past_the_first_batch() -> None:
    """In a table of three batches the suspects are those with the fault, and no others."""
    height = 2 * BATCH + 5
    wrong = [3, BATCH - 1, BATCH, 2 * BATCH + 4]
    cells = ["=1" if n in wrong else "x" for n in range(height)]
    read = Tables(
        {"proposals": pl.DataFrame({"p0": [str(n) for n in range(height)], "p1": cells})}, {"proposals": ["p0", "p1"]}
    )
    described = {"proposals": table("proposals", [{"name": "p0"}, {"name": "p1"}], ["p0"])}
    screened = screen(read, described, {"proposals": ["p0", "p1"]}, frozenset())
    assert {reason: numbers.tolist() for reason, numbers in screened["proposals"].reasons.items()} == {"p1": wrong}


def test_a_suspect_is_handed_over_with_the_parent_it_names_half() -> None:
    """A link of two columns, one of them empty on both sides, is no broken link because its parent stayed behind."""
    link = (["s0", "s1"], "proposals", ["p0", "p1"])
    alone, screened = apart(
        {
            "proposals": table("proposals", [{"name": "p0"}, {"name": "p1"}], ["p0", "p1"]),
            "statistics": table("statistics", [{"name": "s0"}, {"name": "s1"}], ["s0", "s1"], link),
        },
        {
            "proposals": frame("proposals", ["p0", "p1"], [["a", ""]]),
            "statistics": frame("statistics", ["s0", "s1"], [["a", ""]]),
        },
    )
    assert alone == screened == []
