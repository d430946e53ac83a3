"""Rows longer or shorter than their header: each is reported at its row, and none decides how another is read."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals import stages
from openproposals.corpus import corpus_folder
from openproposals.findings import Finding
from openproposals.guards import characters
from openproposals.model import schema
from openproposals.stages import Run
from openproposals.validation import table_schema
from support.languages import FR_EN
from support.places import MINIMAL

pytestmark = pytest.mark.slow

HEADER = ["id", "position", "label_fr", "label_en", "url"]
LENGTHS = {"cells-extra", "cells-missing"}


def text(rows: list[list[str]]) -> str:
    """Rows as CSV."""
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator="\n").writerows(rows)
    return made.getvalue()


def judged(content: str, table: str = "proposals") -> list[Finding]:
    """What is found in the minimal corpus with this table in it."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(MINIMAL, Path(temporary) / "corpus"))
        (folder / f"{table}.csv").write_bytes(content.encode())
        return stages.check(folder, Run()).findings


def reported(findings: list[Finding], table: str = "proposals") -> dict[int, str]:
    """By row, what is said of its length."""
    places = [(f.location.file, f.location.row, f.code) for f in findings if f.code in LENGTHS]
    assert len({(file, row) for file, row, _ in places}) == len(places), "each row once"
    return {row: code for file, row, code in places if file == f"{table}.csv"}


SHAPES = {
    "most rows are longer": [[f"p{n}", "1", "a", "b", "", "c", "d"] for n in range(9)],
    "most rows are shorter": [[f"p{n}", "1", "a"] for n in range(9)],
    "all rows are long": [[f"p{n}", *"abcdefghijklmnopqrstuvwxyz"] for n in range(3)],
    "one row of one cell": [["p"]],
    "as long as the header by chance": [["a"] * 5, ["b"] * 9, ["c"] * 9, ["d"] * 9],
    "nothing in the header's columns": [["", "", "", "", "", "x"]],
    "a sign of comment": [["#", "1"], ["# p", "1", "a", "b", ""], ["#"]],
    "the header again": [HEADER, HEADER[:2], [*HEADER, "x"]],
    "growing": [["p"] * n for n in range(1, 12)],
    "more than a sample": [[f"p{n}", "1", "a", "b", "", *"xy"[n % 3 :]] for n in range(250)],
}


@pytest.mark.parametrize("rows", SHAPES.values(), ids=SHAPES)
def test_each_row_of_another_length_is_reported(rows: list[list[str]]) -> None:
    """At its row, once, as too long or too short; the header is the first row whatever follows it."""
    expected = {
        number: "cells-extra" if len(row) > len(HEADER) else "cells-missing"
        for number, row in enumerate(rows, start=2)
        if len(row) != len(HEADER)
    }
    assert reported(judged(text([HEADER, *rows]))) == expected


@pytest.mark.parametrize("name", [n for n, t in schema.tables(FR_EN).items() if t.origin in ("given", "short")])
def test_every_table_may_be_ragged(name: str) -> None:
    """Shorter than any header, longer than any, in every table that a corpus may hold."""
    header = schema.tables(FR_EN)[name].column_names
    found = reported(judged(text([header, ["x"], ["x"] * 60, ["x"]]), name), name)
    short = {} if len(header) == 1 else {2: "cells-missing", 4: "cells-missing"}
    assert found == {**short, 3: "cells-extra"}


cells = st.one_of(
    st.sampled_from(["", "p", "1", "#", "id", "é", "a,b", '"', "a\nb", "\u2028", " "]), st.text(max_size=5)
)
rows_of = st.lists(st.lists(cells, min_size=1, max_size=8), max_size=8)


@given(rows_of, st.permutations(HEADER), st.integers(0, 1))
def test_any_table_is_judged(rows: list[list[str]], header: list[str], fewer: int) -> None:
    """Any strings in rows of any length: findings or none, and the rows of another length than the header's are those told."""
    columns = [c for c in header if not (fewer and c == "url")]
    content = text([columns, *rows]).replace("\0", "")
    findings = judged(content)
    try:
        records = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error:
        assert "quote-unclosed" in {f.code for f in findings}
        return
    unread = {"lone-cr", "table-empty", "not-utf8"}
    if unread & {f.code for f in findings}:
        return
    given_ = {
        n: len(row) - len(columns)
        for n, row in enumerate(records, start=1)
        if n > 1 and any(c and not characters.is_blank(c) for c in row)
    }
    expected = {n: "cells-extra" if more > 0 else "cells-missing" for n, more in given_.items() if more}
    assert reported(findings) == expected


def test_a_row_that_a_lookup_empties_is_blank(tmp_path: Path) -> None:
    """What is written may stand for nothing: a row of nothing else is a blank one."""
    folder = Path(shutil.copytree(MINIMAL, tmp_path / "corpus"))
    with (folder / "corpus.toml").open("a", encoding="utf-8") as descriptor:
        descriptor.write(
            '\n[lookups.proposals]\nid.none = ""\nposition.none = ""\nlabel_fr.none = ""\nlabel_en.none = ""\n'
        )
    (folder / "proposals.csv").write_text(text([HEADER, ["none"] * 4 + [""]]), encoding="utf-8")
    found, _ = corpus_folder.read(folder)
    assert found is not None
    findings = table_schema.check(found)[1]
    assert [(f.code, f.location.row) for f in findings if f.location.file == "proposals.csv"] == [("row-blank", 2)]


def test_a_long_row_costs_no_more_than_its_length() -> None:
    """A row of a million commas is one finding."""
    findings = judged(text([HEADER, ["p", "1", "a", "b", ""]]) + "," * 1_000_000 + "x\n")
    assert reported(findings) == {3: "cells-extra"}


def test_a_row_of_another_length_may_be_named() -> None:
    """Its key stands where it should: what names it is not told as broken besides."""
    rows = [["night-bus", "1", "a", "b"], ["shade", "2", "a", "b", "", "c"], ["archive", "3", "a", "b", ""]]
    assert {f.code for f in judged(text([HEADER, *rows]))} == LENGTHS
