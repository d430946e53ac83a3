"""Reading a folder: what Python's csv reads, or a finding; and the descriptor's tables."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.corpus import corpus_folder, spill
from openproposals.guards import characters
from openproposals.model import schema
from openproposals.model.tables import Spilled
from support.languages import FR_EN
from support.places import MINIMAL

ACTIVITIES = schema.tables(FR_EN)["agents"]
HEADER = "id,kind,label_fr,label_en\n"
PIECES = [
    *"a1é,\"\n\r\t ;'\\",
    '""',
    "\r\n",
    "\u2028",
    "\u200b",
    "\u00a0",
    "x,y",
    '"q"',
    "a,Person,x,y\n",
    'b,Person,"x\ny",z\r\n',
]
chaos = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def seen(cell: str) -> str:
    """The cell, "" where nobody sees a sign in it."""
    return "" if characters.is_blank(cell) else cell


@given(chaos)
def test_rows_are_those_of_python_s_csv_or_a_finding(tmp_path_factory: pytest.TempPathFactory, body: str) -> None:
    """Whatever stands in a file, its cells are those Python's strict csv reads, blank ones empty, or it is reported and not read."""
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
    numbered = [(n, row) for n, row in enumerate(every, start=1) if n > 1 and any(map(seen, row))]
    fitting, others = records.parted()
    found = corpus_folder._numbered(path.name, fitting)
    cells = [["" if c is None else c for c in r[:4]] for r in found.iter_rows()]
    assert list(zip(found["_row"], cells, strict=True)) == [(n, list(map(seen, r))) for n, r in numbered if len(r) == 4]
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


def test_a_cell_in_which_nobody_sees_a_sign_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the file is read: spaces, no-break spaces, zero-width signs, quoted or not."""
    shutil.copytree(MINIMAL, tmp_path / "c")
    rows = [
        "a,1,x,y,",
        'b,2,"x ","\u200by"," "',
        "c,3,x,y,\u200b",
        'd,4,\u3000z,y,"\t\u00a0"',
        "e,5,x,\u2800y,https://a.fr/",
    ]
    (tmp_path / "c" / "proposals.csv").write_text(
        "id,position,label_fr,label_en,url\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    for size in (spill.SPILLED_FROM, 0):
        monkeypatch.setattr(spill, "SPILLED_FROM", size)
        read, _ = corpus_folder.read(tmp_path / "c")
        assert read is not None
        assert isinstance(read.tables._kept["proposals"], Spilled) == (size == 0)
        assert read.tables["proposals"]["url"].to_list() == [None, None, None, None, "https://a.fr/"]
        assert read.tables["proposals"]["label_fr"].to_list() == ["x", "x ", "x", "\u3000z", "x"]
