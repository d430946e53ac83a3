"""Reading a folder: what Python's csv reads, or a finding; and the descriptor's tables."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.corpus import corpus_folder
from openproposals.model import schema
from support.languages import FR_EN
from support.places import MINIMAL

ACTIVITIES = schema.tables(FR_EN)["agents"]
HEADER = "id,kind,label_fr,label_en\n"
PIECES = [*"a1é,\"\n\r\t ;'\\", '""', "\r\n", "\u2028", "x,y", '"q"', "a,Person,x,y\n", 'b,Person,"x\ny",z\r\n']
chaos = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(chaos)
def test_rows_are_those_of_python_s_csv_or_a_finding(tmp_path_factory: pytest.TempPathFactory, body: str) -> None:
    """Whatever stands in a file, its cells are those Python's strict csv reads, or it is reported and not read."""
    path = tmp_path_factory.getbasetemp() / "agents.csv"
    path.write_bytes((HEADER + body).encode())
    records, findings = corpus_folder._given(path, ACTIVITIES, FR_EN)
    if re.search(r"\r(?!\n)", body):
        assert records is None
        assert [f.code for f in findings] == ["lone-cr"]
        return
    try:
        every = list(csv.reader(io.StringIO(HEADER + body, newline=""), strict=True))
    except csv.Error:
        assert records is None
        assert [f.code for f in findings] == ["quote-unclosed"]
        return
    assert {f.code for f in findings} <= {"row-blank"}
    assert records is not None
    numbered = [(n, row) for n, row in enumerate(every, start=1) if n > 1 and any(row)]
    fitting, others = records.parted()
    found = corpus_folder._numbered(path.name, fitting)
    cells = [["" if c is None else c for c in r[:4]] for r in found.iter_rows()]
    assert list(zip(found["_row"], cells, strict=True)) == [(n, r) for n, r in numbered if len(r) == 4]
    assert list(zip(others.numbers, others.rows, strict=True)) == [(n, r) for n, r in numbered if len(r) != 4]


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    """A BOM, as Excel writes it, is no part of the first column's name."""
    path = tmp_path / "agents.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + "a,Person,x,y\n").encode())
    rows, findings = corpus_folder._given(path, ACTIVITIES, FR_EN)
    assert findings == []
    assert rows is not None


def test_absent_tables_are_empty_and_columns_may_come_in_any_order(tmp_path: Path) -> None:
    """A corpus of one table in another column order has every table, with the schema's columns."""
    (tmp_path / "corpus.toml").write_bytes((MINIMAL / "corpus.toml").read_bytes())
    (tmp_path / "proposals.csv").write_text("label_en,id,label_fr,position\nA,a,B,1\n", encoding="utf-8")
    read, findings = corpus_folder.read(tmp_path)
    assert findings == []
    assert read is not None
    assert list(schema.tables(FR_EN)) == list(read.tables)
    assert [*schema.tables(FR_EN)["proposals"].column_names, "_file", "_row"] == read.tables["proposals"].columns
    assert read.tables["figures"].height == 0
    assert str(read.location("proposals", 0, "label_en")) == "proposals.csv:2:1 (label_en)"
