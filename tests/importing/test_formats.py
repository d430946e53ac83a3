"""One table in every format that is read gives the same tables; a large file gives what a small one does."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import odfdo
import polars as pl
import pytest

from openproposals.importing import inspecting, intake, large, reading
from openproposals.importing.reading import SheetSource
from openproposals.importing.sheets import LIST
from support.sheets import Cell, corpus, rows, workbook

ROWS: list[list[str]] = [
    ["id", "promise", "n", "made"],
    ["a", "Run the ferry, at night", "1.5", "2022-05-14"],
    ["b", 'Build "homes"', "330000", "2022-06-01"],
    ["c", "Жильё для всех", "", ""],
]
MAPPING = """
[sheets.s]
file = "{file}"
{more}
[proposals]
from = "s"
id = "id"
label = "promise"
issued = "made"
[claims]
from = "s"
id = "id"
proposal = "id"
label = "promise"
value = "n"
where = {{ id = ["a", "b"] }}
"""
OBJECTS = [{k: v for k, v in zip(ROWS[0], row, strict=True) if v} for row in ROWS[1:]]


def delimited(sign: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sign).writerows(ROWS)
    return out.getvalue().encode()


def ods(hidden: int = 0) -> bytes:
    """An ODS with numbers as numbers; `hidden` is the row that a filter hides, 0 for none."""
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    table = odfdo.Table("Sheet")
    for number, row in enumerate(ROWS, start=1):
        made = odfdo.Row()
        for column, cell in enumerate(row):
            value = float(cell) if column == 2 and number > 1 and cell else cell or None
            made.append_cell(odfdo.Cell(value))
        if number == hidden:
            made.set_attribute("table:visibility", "filter")
        table.append_row(made)
    document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    columns = dict(zip(ROWS[0], map(list, zip(*ROWS[1:], strict=True)), strict=True))
    frame = pl.DataFrame(columns).with_columns(pl.col("n").replace("", None).cast(pl.Float64), pl.all().exclude("n"))
    frame.write_parquet(out)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("data/s.csv", delimited(","))
        archive.writestr("data/readme.md", "x")
        archive.writestr("other.csv", "x,y\n1,2\n")
    return out.getvalue()


def xlsx() -> bytes:
    sheet: list[list[Cell]] = [[*ROWS[0]], *([a, b, float(n) if n else None, d or None] for a, b, n, d in ROWS[1:])]
    return workbook({"Sheet": sheet})


FORMATS: dict[str, tuple[str, bytes, str]] = {
    "csv": ("s.csv", delimited(","), ""),
    "semicolons": ("s.csv", delimited(";"), ""),
    "tsv": ("s.tsv", delimited("\t"), ""),
    "json": ("s.json", json.dumps({"data": {"promises": OBJECTS}}).encode(), 'records = "data/promises"'),
    "jsonl": ("s.jsonl", "\n".join(map(json.dumps, OBJECTS)).encode(), ""),
    "parquet": ("s.parquet", parquet(), ""),
    "xlsx": ("s.xlsx", xlsx(), 'sheet = "Sheet"'),
    "ods": ("s.ods", ods(), ""),
    "zip": ("s.zip", zipped(), 'sheet = "s.csv"'),
    "glob": ("s.csv", delimited(","), ""),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_gives_the_same_tables(kind: str, tmp_path: Path) -> None:
    """Numbers as a format types them, or as text; lists, sheets and members of archives named by the mapping."""
    name, data, more = FORMATS[kind]
    mapping = MAPPING.format(file="*.csv" if kind == "glob" else name, more=more)
    folder = corpus(tmp_path / "c", mapping, **{name.replace(".", "__"): data})
    done = intake.take(folder)
    assert done.conforms, [(str(f.location), f.code) for f in done.findings]
    assert [(row["id"], row["label_en"], row["issued"]) for row in rows(folder, "proposals")] == [
        (row[0], row[1], row[3]) for row in ROWS[1:]
    ]
    assert [row["value"] for row in rows(folder, "claims")] == ["1.5", "330000"]


def test_a_row_that_a_filter_hides_in_an_ods_is_read_and_said(tmp_path: Path) -> None:
    """It is in the file."""
    folder = corpus(tmp_path / "c", MAPPING.format(file="s.ods", more=""), s__ods=ods(hidden=3))
    done = intake.take(folder)
    assert [(f.code, str(f.location)) for f in done.findings] == [("rows-hidden", "s.ods!Sheet:3")]
    assert len(rows(folder, "proposals")) == 3


AWKWARD = {
    "as it should be": delimited(","),
    "with a mark": b"\xef\xbb\xbf" + delimited(";"),
    "a blank row": delimited(",").replace(b"b,", b"\r\nb,"),
    "blank cells": delimited(",").replace(b",2022-06-01", b", \xc2\xa0 "),
    "a total": delimited(",") + b"Total,,331501.5,\r\n",
    "a short row": delimited(",") + b"d,Delta\r\n",
    "a quote out of place": delimited(",") + b'd,De"lta,1,\r\n',
    "another encoding": delimited(",").replace("Жильё для всех".encode(), b"Caf\xe9s pour l'\xe9t\xe9"),
    "a line break in a cell": delimited(",").replace(b"at night", b"at\nnight"),
    "a name twice": delimited(",").replace(b"made", b"n"),
}


@pytest.mark.parametrize("kind", AWKWARD)
def test_a_large_file_gives_what_a_small_one_does(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read in columns in one way alone is read row by row: the same findings, and the same tables."""
    told = []
    for number, least in enumerate((large.LARGE, 0)):
        monkeypatch.setattr(large, "LARGE", least)
        mapping = MAPPING.format(file="s.csv", more="")
        folder = corpus(tmp_path / str(number), mapping, s__csv=AWKWARD[kind])
        done = intake.take(folder)
        tables = {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
        told.append(([(str(f.location), f.code, f.cell) for f in done.findings], tables))
    assert told[0] == told[1]


def test_a_parquet_of_every_type(tmp_path: Path) -> None:
    """Objects give columns, lists cells of several, bytes their text or hexadecimal numbers, NaN nothing."""
    typed = {
        "id": pl.Series([1, 2], dtype=pl.Int32), "promise": pl.Series([b"Run it", b"Build it"], dtype=pl.Binary),
        "raw": pl.Series([b"\xff", None], dtype=pl.Binary), "share": [float("nan"), 2.0], "tags": [["a", "b"], []],
        "at": [{"x": {"y": True}}, {"x": {"y": None}}], "pairs": [[{"k": 1}], None],
    }  # fmt: skip
    pl.DataFrame(typed).write_parquet(tmp_path / "s.parquet")
    read = reading.read(tmp_path, SheetSource("s.parquet"))
    assert read.findings == ()
    assert read.cells.select(pl.exclude("_file", "_row")).to_dicts() == [
        {"id": "1", "promise": "Run it", "raw": "ff", "share": None, "tags": f"a{LIST}b", "at/x/y": "true",
         "pairs": '[{"k":1}]'},
        {"id": "2", "promise": "Build it", "raw": None, "share": "2", "tags": None, "at/x/y": None, "pairs": None},
    ]  # fmt: skip


def test_a_parquet_without_rows_is_inspected(tmp_path: Path) -> None:
    """Its numbers have no cell, and are columns all the same."""
    pl.DataFrame({"id": []}, schema={"id": pl.Int64}).write_parquet(tmp_path / "s.parquet")
    (seen,) = inspecting.inspect(tmp_path / "s.parquet").sheets
    assert [(column.name, column.kind) for column in seen.columns] == [("id", "empty")]


def test_a_damaged_parquet_is_told_without_a_trace(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A name or a text that is not UTF-8 is found before Polars meets it, which would print where it stood."""
    out = io.BytesIO()
    pl.DataFrame({"name": ["a text"]}).write_parquet(out, compression="uncompressed", statistics=False)
    for damage in (b"name", b"a text"):
        (tmp_path / "s.parquet").write_bytes(out.getvalue().replace(damage, b"\xff" + damage[1:]))
        read = reading.read(tmp_path, SheetSource("s.parquet"))
        assert [finding.code for finding in read.findings] == ["raw-file-damaged"]
    assert capfd.readouterr().err == ""
