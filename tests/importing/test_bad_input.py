"""Files and mappings that are not as they should be: each is a finding with its place and its mend, and nothing is written."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from openproposals.findings import catalogue
from openproposals.importing import intake
from openproposals.messages import LANGUAGES
from support.sheets import PRINTED, PROMISES, Cell, corpus, workbook

ROWS: list[list[Cell]] = [["id", "promise", "n"], ["a", "Alpha", 1], ["b", "Beta", 2], ["c", "Gamma", 4]]
MAPPED = '[sheets.s]\nfile = "{file}"\n{more}\n[claims]\nfrom = "s"\nid = "id"\nlabel = "promise"\nvalue = "n"\n'
CSV = "id,promise,n\na,Alpha,1\nb,Beta,2\nc,Gamma,4\n"


def by(file: str, more: str = "") -> str:
    return MAPPED.format(file=file, more=more)


def book(**parts: bytes) -> bytes:
    """A workbook with further parts; `__` in a name stands for a slash."""
    out = io.BytesIO(workbook({"Sheet": ROWS}))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def archive(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return out.getvalue()


def outside() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("../../a.csv", CSV)
    return out.getvalue()


def formulas() -> bytes:
    """A workbook as a program writes it that computes nothing: a formula without a value."""
    out = io.BytesIO()
    plain = workbook({"Sheet": ROWS})
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"<v>1</v>", b"<f>1+0</f>")
            new.writestr(name, data)
    return out.getvalue()


def laid_out() -> bytes:
    """Merged cells, a hidden row and column, a title above the header."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Sheet")
        sheet.merge_range("A1:C1", "What we promised")
        for number, row in enumerate(ROWS, start=1):
            sheet.write_row(number, 0, row)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.merge_range("B6:C6", "Delta")
        sheet.write(5, 0, "d")
    return out.getvalue()


def decorated() -> bytes:
    """A comment on a cell and on a header, a word that leads to an address and an address that says itself, a percentage."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Sheet")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.write(1, 2, 0.125, made.add_format({"num_format": "0.0%"}))
        sheet.write_comment("A1", "what an id is")
        sheet.write_comment("B3", "as Ann told me")
        sheet.write_url("B4", "https://ferry.example/gamma", string="Gamma")
        sheet.write_formula("C3", "=1/0", None, "#DIV/0!")
    return out.getvalue()


def opendocument() -> bytes:
    """The same of an ODS, with a row and a cell that are repeated."""
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    head = "".join(cell.format("", name) for name in ("id", "promise", "n"))
    rows = [
        cell.format("", "a") + '<table:table-cell table:number-columns-repeated="1" office:value-type="string">'
        "<office:annotation><text:p>as Ann told me</text:p></office:annotation><text:p>Alpha</text:p></table:table-cell>"
        '<table:table-cell office:value-type="percentage" office:value="0.125"><text:p>12.5 %</text:p></table:table-cell>',
        cell.format("", "b")
        + '<table:table-cell office:value-type="string"><text:p><text:a xlink:href="https://ferry.example/b">Beta</text:a>'
        '</text:p></table:table-cell><table:table-cell office:value-type="string" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>",
    ]
    names = ("office", "table", "text")
    spaces = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    spaces += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in (head, *rows))
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Sheet"><table:table-row table:number-rows-repeated="2"/>{inside}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr("content.xml", content)
    return out.getvalue()


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 400
TWO_SHEETS = workbook({"Promises": ROWS, "Notes": [["by"], ["Ann"]]})
BOMB = archive(a__csv="a" * (70 << 20))
WITH_TOTAL = [*ROWS, ["Total", None, 7]]
TWO_IDS = [*ROWS, ["b", "Delta", 5]]
TWO_NAMES = [["id", "promise", "promise", "n"], ["a", "Alpha", "x", 1]]
DESCRIBED = by("s.csv").replace("[claims]", "[proposals]").replace('value = "n"', 'issued = "n"')
GROUPED = by("s.csv").replace("[claims]", "[proposals]").replace('value = "n"', 'theme = { id = "n", label = "t" }')
TEXT_FILE = (
    by("s.csv").replace("[claims]", "[documents]").replace("label =", "title =").replace("value =", "text_file =")
)
TOPICS = '[sheets.s]\nfile = "s.csv"\n[proposals]\nfrom = "s"\nlabel = "id"\ntheme = { label = "t", split = 1 }\n'
LISTED = '[{"id": "a", "t": ["Sea", "Land"]}, {"id": "b", "t": ["Land"]}]'
SECTION = '[sheets.{0}]\nfile = "{0}.csv"\n[[claims]]\nfrom = "{0}"\nid = "id"\nlabel = "promise"\nvalue = "n"\n'
SECTIONS = SECTION.format("s") + SECTION.format("t")
COUNTED = 'unused = ["n"]\n' + by("s.csv").replace('value = "n"\n', "")
TWO_HEADERS = "id,promise,n\nNumber,Text,Votes\n1,Alpha,1\n2,Beta,2\n"
STATUSES = PRINTED.replace('partly = "partly-kept"', 'part = "partly-kept"')
VIOLATIONS: list[tuple[str, str, dict[str, bytes | str], str]] = [
    ("mapping-unreadable", "sheets = [", {}, "mapping.toml"),
    ("mapping-key-unknown", f"unusedd = []\n{by('s.csv')}", {"s__csv": CSV}, "mapping.toml (unusedd)"),
    ("mapping-key-missing", "[sheets.s]\n", {}, "mapping.toml (sheets.s.file)"),
    ("mapping-value", by("s.csv", "header = 0"), {"s__csv": CSV}, "mapping.toml (sheets.s.header)"),
    ("mapping-column-unknown", by("s.csv") + 'labell = "promise"\n', {"s__csv": CSV}, "mapping.toml (claims.labell)"),
    ("sheet-unknown", by("s.csv").replace('"s"', '"t"'), {"s__csv": CSV}, "mapping.toml (claims.from)"),
    ("mapped-column-missing", by("s.csv"), {"s__csv": CSV.replace("promise", "pledge")}, "mapping.toml (claims.label)"),
    ("columns-without-a-place", by("s.csv"), {"s__csv": "id,promise,n,era\na,A,1,x\n"}, "s.csv:1"),
    ("raw-file-missing", by("t.csv"), {"s__csv": CSV}, "t.csv"),
    ("raw-file-outside", by("../s.csv"), {}, "../s.csv"),
    ("raw-file-unknown", by("s.docx"), {"s__docx": "x"}, "s.docx"),
    ("raw-file-damaged", by("s.xlsx"), {"s__xlsx": workbook({"S": ROWS})[:900]}, "s.xlsx"),
    ("raw-file-damaged", by("s.json"), {"s__json": '[{"id": 1, "id": 2}]'}, "s.json"),
    ("raw-file-is-table", by("claims.csv"), {"claims__csv": CSV}, "claims.csv"),
    ("workbook-encrypted", by("s.xlsx"), {"s__xlsx": ENCRYPTED}, "s.xlsx"),
    ("workbook-sheet-missing", by("s.xlsx", 'sheet = "Promise"'), {"s__xlsx": TWO_SHEETS}, "s.xlsx"),
    ("archive-unsafe", by("s.zip"), {"s__zip": outside()}, "s.zip"),
    ("archive-unsafe", by("s.zip"), {"s__zip": BOMB}, "s.zip"),
    ("archive-member-missing", by("s.zip", 'sheet = "b.csv"'), {"s__zip": archive(a__csv=CSV)}, "s.zip"),
    ("archive-members-several", by("s.zip"), {"s__zip": archive(a__csv=CSV, b__csv=CSV)}, "s.zip"),
    ("path-too-short", by("s.csv", 'path_as = ["year", "place"]'), {"s__csv": CSV}, "s.csv"),
    ("records-missing", by("s.json", 'records = "data/theses"'), {"s__json": '{"data": {"items": [{}]}}'}, "s.json"),
    ("formula-uncomputed", by("s.xlsx"), {"s__xlsx": formulas()}, "s.xlsx!Sheet:2"),
    ("header-empty", by("s.csv"), {"s__csv": "id,promise,n,\na,A,1,x\n"}, "s.csv:2:4"),
    ("encoding-unfit", by("s.csv", 'encoding = "utf-8"'), {"s__csv": b"id,promise,n\na,Caf\xe9,1\n"}, "s.csv"),
    ("row-total", by("s.xlsx"), {"s__xlsx": workbook({"S": WITH_TOTAL})}, "s.xlsx!S:5"),
    ("row-without-key", by("s.csv"), {"s__csv": CSV + ",Delta,8\n"}, "s.csv:5:1 (id)"),
    ("key-twice", by("s.xlsx"), {"s__xlsx": workbook({"S": TWO_IDS})}, "s.xlsx!S:A5 (id)"),
    ("column-twice", by("s.xlsx"), {"s__xlsx": workbook({"S": TWO_NAMES})}, "s.xlsx!S:C1 (promise)"),
    ("cells-extra", by("s.csv"), {"s__csv": CSV + "d,Delta,1,2\n"}, "s.csv:5:4"),
    ("quote-unclosed", by("s.csv"), {"s__csv": CSV + 'd,"Delta,1\n'}, "s.csv:5"),
    ("key-twice", SECTIONS, {"s__csv": CSV, "t__csv": CSV.replace("a,", "d,").replace("b,", "e,")}, "t.csv:4"),
    ("header-missing", by("s.csv", "header = 9"), {"s__csv": CSV}, "s.csv:9"),
    ("header-missing", by("s.xlsx", "header = 9"), {"s__xlsx": workbook({"S": ROWS})}, "s.xlsx!S:9"),
    ("encoding-unfit", by("s.csv", 'encoding = "undefined"'), {"s__csv": CSV}, "s.csv"),
    ("date-not-read", DESCRIBED, {"s__csv": "id,promise,n\na,Alpha,31/12/2022\n"}, "s.csv:2:3 (n)"),
    ("number-not-read", by("s.csv"), {"s__csv": CSV.replace("2", "many")}, "s.csv:3:3 (n)"),
    ("number-ambiguous", by("s.csv"), {"s__csv": CSV.replace(",2", ",1.234")}, "s.csv:3:3 (n)"),
    ("numbers-in-two-forms", by("s.csv"), {"s__csv": 'id,promise,n\na,A,"1.234,5"\nb,B,"1,234.5"\n'}, "s.csv:2:3 (n)"),
    ("text-not-read", TEXT_FILE, {"s__csv": "id,promise,n\na,Alpha,a.txt\n"}, "s.csv:2"),
    ("language-undeclared", f'languages = ["fr"]\n{by("s.csv")}', {"s__csv": CSV}, "mapping.toml (languages)"),
]
WARNINGS: list[tuple[str, str, dict[str, bytes | str], str]] = [
    ("unused-column-missing", f'unused = ["era"]\n{by("s.csv")}', {"s__csv": CSV}, "mapping.toml (unused)"),
    ("workbook-sheets-several", by("s.xlsx"), {"s__xlsx": TWO_SHEETS}, "s.xlsx"),
    ("lock-file-skipped", by("s*.csv"), {"s__csv": CSV, "~$s__csv": "x"}, "~$s.csv"),
    ("macros-not-run", by("s.xlsm"), {"s__xlsm": book(xl__vbaProject_bin=b"x")}, "s.xlsm"),
    ("links-not-followed", by("s.xlsx"), {"s__xlsx": book(xl__externalLinks__externalLink1_xml=b"<x/>")}, "s.xlsx"),
    ("cells-merged", by("s.xlsx"), {"s__xlsx": laid_out()}, "s.xlsx!Sheet:6"),
    ("rows-hidden", by("s.xlsx"), {"s__xlsx": laid_out()}, "s.xlsx!Sheet:4"),
    ("columns-hidden", by("s.xlsx"), {"s__xlsx": laid_out()}, "s.xlsx!Sheet:2"),
    ("rows-above-header", by("s.xlsx"), {"s__xlsx": laid_out()}, "s.xlsx!Sheet:1"),
    ("rows-above-header", by("s.csv"), {"s__csv": f"What we promised\n\n{CSV}"}, "s.csv:1"),
    ("header-twice", COUNTED, {"s__csv": TWO_HEADERS}, "s.csv:2"),
    ("sheet-without-rows", by("s.csv"), {"s__csv": "id,promise,n\n"}, "s.csv:1"),
    ("sheet-without-rows", by("s.json"), {"s__json": "[]"}, "s.json"),
    ("cells-with-errors", by("s.xlsx"), {"s__xlsx": decorated()}, "s.xlsx!Sheet:3"),
    ("cells-with-errors", by("s.ods"), {"s__ods": opendocument()}, "s.ods!Sheet:C5 (n)"),
    (
        "cells-with-errors",
        by("s.csv"),
        {"s__csv": CSV.replace(",2", ",#N/A").replace(",4", ",Err:502")},
        "s.csv:3:3 (n)",
    ),
    ("cells-commented", by("s.xlsx"), {"s__xlsx": decorated()}, "s.xlsx!Sheet:3"),
    ("cells-commented", by("s.ods"), {"s__ods": opendocument()}, "s.ods!Sheet:4"),
    ("cells-linked", by("s.xlsx"), {"s__xlsx": decorated()}, "s.xlsx!Sheet:4"),
    ("cells-linked", by("s.ods"), {"s__ods": opendocument()}, "s.ods!Sheet:5"),
    ("cells-percent", by("s.xlsx"), {"s__xlsx": decorated()}, "s.xlsx!Sheet:2"),
    ("cells-percent", by("s.ods"), {"s__ods": opendocument()}, "s.ods!Sheet:4"),
    ("ids-with-decimals", by("s.csv"), {"s__csv": "id,promise,n\n1.0,Alpha,1\n2.0,Beta,2\n"}, "s.csv:2:1 (id)"),
    (
        "cells-of-several",
        TOPICS.replace("split = 1", 'split = "; "'),
        {"s__csv": "id,t\na,Sea; Land\nb,Sea\n"},
        "s.csv:2:2 (t)",
    ),
    (
        "cells-of-several",
        TOPICS.replace(", split = 1", "").replace("csv", "json"),
        {"s__json": LISTED},
        "s.json:1:2 (t)",
    ),
    ("rows-blank-between", by("s.csv"), {"s__csv": CSV.replace("b,", "\nb,")}, "s.csv:3"),
    ("delimiter-trailing", by("s.csv"), {"s__csv": CSV.replace("\n", ",,\n")}, "s.csv:1"),
    ("encoding-guessed", by("s.csv"), {"s__csv": CSV.replace("Beta", "Bêta").encode("cp1252")}, "s.csv"),
    ("value-not-mapped", STATUSES, {"promises__xlsx": workbook({"P": PROMISES})}, "promises.xlsx!P:G3 (status)"),
    ("values-differ", GROUPED, {"s__csv": "id,promise,n,t\na,A,x,One\nb,B,x,Two\n"}, "s.csv:3:4 (t)"),
    ("labels-alike", TOPICS.replace(", split = 1", ""), {"s__csv": "id,t\na,Café\nb,cafe \n"}, "s.csv:3:2 (t)"),
    ("file-unmapped", by("s.csv"), {"s__csv": CSV, "other__xlsx": b"x"}, "other.xlsx"),
    ("file-unmapped", by("s.csv"), {"s__csv": CSV, "other__json": "[]", "s.csv-metadata__json": "{}"}, "other.json"),
]
TOLD_ELSEWHERE = (
    "table-by-hand",
    "rows-removed",
    "label-changed",
    "quote-not-anchored",
)  # in test_import.py, since they take two runs


def found(tmp_path: Path, mapping: str, files: dict[str, bytes | str]) -> tuple[Path, intake.Intake]:
    folder = corpus(tmp_path / "c", mapping, **files)
    return folder, intake.take(folder)


def codes(rows: Sequence[tuple[str, str, dict[str, bytes | str], str]]) -> list[str]:
    return [f"{n}-{row[0]}" for n, row in enumerate(rows)]


@pytest.mark.parametrize(("code", "mapping", "files", "place"), VIOLATIONS, ids=codes(VIOLATIONS))
def test_a_violation_stops_the_import(
    code: str, mapping: str, files: dict[str, bytes | str], place: str, tmp_path: Path
) -> None:
    """It is told once, at its place, and no table is written."""
    folder, done = found(tmp_path, mapping, files)
    assert [str(f.location) for f in done.findings if f.code == code] == [place]
    assert catalogue()[code]["severity"] == "violation"
    assert all(finding.words(language) for finding in done.findings for language in LANGUAGES)
    assert not done.changed
    assert not (folder / "ids.csv").exists()


@pytest.mark.parametrize(("code", "mapping", "files", "place"), WARNINGS, ids=codes(WARNINGS))
def test_a_warning_is_told_and_the_tables_are_written(
    code: str, mapping: str, files: dict[str, bytes | str], place: str, tmp_path: Path
) -> None:
    """What was left out or inferred is said; nothing stands in the way."""
    _, done = found(tmp_path, mapping, files)
    assert [str(f.location) for f in done.findings if f.code == code][:1] == [place]
    assert done.conforms
    assert done.changed
    for finding in done.findings:
        for language in LANGUAGES:
            assert "{" not in "".join(finding.words(language).values()).replace("{ ", "")


def test_everything_is_told_in_one_round(tmp_path: Path) -> None:
    """A French Excel file: encoding, delimiter, decimals, header and descriptor are judged together."""
    french = 'id;intitulé;valeur\na;Été;"3,5"\nb;Hiver;12 000,25\nc;Automne;n. c.\n'
    folder = corpus(tmp_path / "c", by("s.csv"), s__csv=french.encode("cp1252"))
    described = (folder / "corpus.toml").read_text().replace('rights = "Invented."', 'right = "x"')
    (folder / "corpus.toml").write_text(described)
    assert sorted({f.code for f in intake.take(folder).findings}) == [
        "columns-without-a-place", "descriptor-key-missing", "descriptor-key-unknown", "encoding-guessed",
        "mapped-column-missing",
    ]  # fmt: skip
    mapped = by("s.csv").replace('"promise"', '"intitulé"').replace('"n"', '"valeur"')
    (folder / "mapping.toml").write_text(f"unused = []\n{mapped}".replace('label = "intitulé"', ""))
    done = intake.take(folder)
    assert {f.code for f in done.findings} >= {"columns-without-a-place", "number-not-read", "descriptor-key-unknown"}
    assert [str(f.location) for f in done.findings if f.code == "number-not-read"] == ["s.csv:4:3 (valeur)"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1252", "utf-8"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_told(encoding: str, delimiter: str, tmp_path: Path) -> None:
    """UTF-16 and Windows files, each with every delimiter, and `sep=`: the same tables."""
    said = "sep=;\n" if delimiter == ";" else ""
    text = said + CSV.replace("Beta", "Bêta").replace(",", delimiter)
    _, done = found(tmp_path, by("s.csv"), {"s__csv": text.encode(encoding)})
    assert done.conforms
    assert (tmp_path / "c" / "claims.csv").read_text(encoding="utf-8").splitlines()[2] == "b,Bêta,2"
    assert done.understood[0].delimiter == delimiter


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("s.csv", CSV.replace("\n", "\r").encode()),
        ("s.csv", CSV.encode("utf-32")),
        ("s.tsv", CSV.encode()),
        ("s.json", b'[["id", "promise", "n"], ["a", "Alpha", 1], ["b", "Beta", 2], ["c", "Gamma", 4]]'),
        ("s.json", b'{"id": "a", "promise": "Alpha", "n": 1}\n{"id": "b", "promise": "Beta", "n": 2}\n'),
        ("s.zip", archive(**{"s__csv": CSV, "__MACOSX/__s__csv": "\0", "README__md": "x"})),
    ],
    ids=["old-mac", "utf-32", "commas-in-tsv", "json-grid", "json-lines", "archive-of-macos"],
)
def test_other_forms_of_the_same_table(name: str, data: bytes, tmp_path: Path) -> None:
    """What programs also write is read, without a word."""
    folder, done = found(tmp_path, by(name), {name.replace(".", "__"): data})
    assert done.findings == []
    assert (folder / "claims.csv").read_text().splitlines()[1:3] == ["a,Alpha,1", "b,Beta,2"]


def test_a_file_of_one_column_keeps_its_commas(tmp_path: Path) -> None:
    """A comma that a space follows is punctuation where the header is one cell."""
    mapping = '[sheets.s]\nfile = "s.csv"\n[proposals]\nfrom = "s"\nlabel = "promise"\n'
    folder, done = found(tmp_path, mapping, {"s__csv": "promise\nTrees, and buses\nA ferry, too\nA park\n"})
    assert done.findings == []
    assert "Trees, and buses" in (folder / "proposals.csv").read_text()
    assert done.understood[0].delimiter == ""


def test_plain_values_of_json_are_not_lost(tmp_path: Path) -> None:
    """What is no object is a record of one column; a line separator within a line of JSON Lines ends none."""
    mapping = '[sheets.s]\nfile = "{}"\n[proposals]\nfrom = "s"\nlabel = "value"\n'
    folder, done = found(tmp_path, mapping.format("s.json"), {"s__json": '["Alpha", null, "Beta"]'})
    assert done.findings == []
    assert (folder / "proposals.csv").read_text().splitlines()[1:] == ["alpha,Alpha", "beta,Beta"]
    (folder / "s.jsonl").write_text('"Alpha\u2028two"\n"Beta"\n', encoding="utf-8")
    (folder / "mapping.toml").write_text(mapping.format("s.jsonl"))
    assert intake.take(folder).rows == {"proposals": 2}


def test_what_is_no_number_in_either_form_is_told_with_the_forms(tmp_path: Path) -> None:
    """One round, though the column's decimal mark is not clear."""
    text = "id;promise;n\na;A;1.234,5\nb;B;1,234.5\nc;C;about 5\n"
    _, done = found(tmp_path, by("s.csv"), {"s__csv": text})
    assert [(f.code, str(f.location)) for f in done.findings] == [
        ("numbers-in-two-forms", "s.csv:2:3 (n)"), ("number-not-read", "s.csv:4:3 (n)"),
    ]  # fmt: skip


def test_a_column_in_other_capitals_is_near(tmp_path: Path) -> None:
    """The name that is meant is shown; none is where none is near."""
    _, done = found(tmp_path, by("s.csv"), {"s__csv": "ID,Promise,counted\na,A,1\n"})
    mends = {f.cell: f.words("en")["mend"] for f in done.findings if f.code == "mapped-column-missing"}
    assert "in the header: Promise," in mends["promise"]
    assert "in the header, or" in mends["n"]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    """Of JSON Lines, the line that cannot be read."""
    _, done = found(tmp_path, by("s.jsonl"), {"s__jsonl": '{"id": "a"}\n\n{"id": \n'})
    assert [str(f.location) for f in done.findings if f.code == "raw-file-damaged"] == ["s.jsonl:3"]


def test_a_control_character_is_no_list(tmp_path: Path) -> None:
    """A cell's text stays what it is, for validation to find; only a list of the format itself becomes several."""
    folder, done = found(tmp_path, by("s.csv"), {"s__csv": CSV.replace("Beta", "Be\x1fta")})
    assert done.conforms
    assert "Be\x1fta" in (folder / "claims.csv").read_text()


def test_a_part_that_lies_about_its_size_costs_no_more_than_the_bounds(tmp_path: Path) -> None:
    """An archive whose directory says a kilobyte for what unpacks to much more is refused, and nothing is written."""
    data = bytearray(archive(a__csv="id,promise,n\n" + "a,b,1\n" * 200_000))
    directory = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 1024)
    folder, done = found(tmp_path, by("s.zip"), {"s__zip": bytes(data)})
    assert not done.changed
    assert not (folder / "claims.csv").exists()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A raw file that is a link leads where its maker wants: it is not read."""
    (tmp_path / "secret.csv").write_text(CSV)
    folder = corpus(tmp_path / "c", by("s.csv"))
    (folder / "s.csv").symlink_to(tmp_path / "secret.csv")
    assert [f.code for f in intake.take(folder).findings] == ["not-a-file"]


def test_inspect_says_as_data_what_it_understood(tmp_path: Path) -> None:
    """Encoding, delimiter, header, and for each column its kind and the role that it would have."""
    from openproposals.importing import inspecting

    (tmp_path / "p.xlsx").write_bytes(workbook({"P": PROMISES}))
    said = json.loads(json.dumps(inspecting.data(inspecting.inspect(tmp_path / "p.xlsx"))))
    columns = {column["name"]: column for column in said["sheets"][0]["columns"]}
    assert columns["evidenceUrls"]["lists"] == " | "
    assert columns["sourceUrl"]["type"] == "address"
    assert columns["promise"]["digits"] == 1
    assert columns["era"]["role"] is None
    assert columns["areaLabel"]["role"] == "proposals.theme.label"
