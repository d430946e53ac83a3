"""figures-excel.csv: text stays text, numbers stay numbers, and nothing is run."""

from __future__ import annotations

import csv
import io
import re
import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.dumps import csv_files
from openproposals.guards import spreadsheet
from openproposals.model import schema
from support.languages import FR_EN

FLAT = schema.tables(FR_EN)["figures-flat"]
NUMBERS = {c.name for c in FLAT.columns if c.type in ("number", "integer")}
SIGNS = ("=", "+", "-", "@")
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}

RUN = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)", "﹦1", "﹢1", "﹣1", "﹫a", "⁺1", "₌1", "⩵"),
    *(" =1", "\t=1", "\n=1", "\r\n=1", "\u00a0=1", "\u202f+1", "\u3000-1", "\u2028=1", "\x0b=1", "\x85=1"),
    *("\u200b=1", "\ufeff=1", "\u00ad=1", "\u200e=1", "\u202e=1", "\u2066=1", "\u2060=1", "\u034f=1", "\ufe0f=1"),
    *("\u115f=1", "\u3164@a", "\U000e0020=1", "\u200b \u00ad\t＝1", "=\u0338"),
]
NO_TEXT = [
    *(
        "1/3",
        "1 / 3",
        "1/3\u00a0",
        "\u202f1/3",
        "1-2",
        "2024-05",
        "2024-05-01",
        "05/2024",
        "1.5.2024",
        "12:30",
        "10 am",
        "10 p",
    ),
    *(
        "2024-05-01T12:30:00Z",
        "3 mai",
        "3 Mai 2021",
        "lundi 3 mai 2021",
        "3 sept.",
        "avr. 24",
        "MAR-1",
        "SEPT2",
        "Mar 3",
    ),
    *(
        "1E5",
        "1e-5",
        "2E3",
        "007",
        "0123",
        "00",
        "123456789012",
        "12345678901234567890",
        "1 234",
        "1\u202f234",
        "1,234,567",
    ),
    *(
        "1.5",
        "1,5",
        ".5",
        "5,",
        "5-",
        "(5)",
        "1 1/2",
        "½",
        "12 %",
        "50%",
        "5 €",
        "€5",
        "$5",
        "5 EUR",
        "１／３",
        "1'234",
    ),
    *(
        "TRUE",
        "true",
        "FALSE",
        "VRAI",
        "faux ",
        "#N/A",
        "#REF!",
        "#DIV/0!",
        "#NOM?",
        "\tx",
        "\nx",
        "\rx",
        "'",
        "'1/3",
        "''=1",
    ),
]
TEXT = [
    *(
        "",
        "plain",
        "1/3 des foyers",
        "une personne sur 3",
        "S3-1",
        "P09",
        "P01 P02",
        "x=1",
        "5 personnes",
        "may",
        "mars",
        "e",
    ),
    *(
        "2025",
        "0",
        "1240",
        "12345678901",
        "1er rapport",
        "https://a.example/1-2",
        " text",
        "\u200btext",
        "# 1 thing",
        "nan",
    ),
    *("3 maj", "28e rapport", "‘=x", "—", "…", "(a)", "l'été 2024"),
]


def opened(texts: list[str], numbers: list[str] | None = None) -> list[dict[str, str]]:
    """figures-excel.csv with these texts in every column of text, and these numbers in every other."""
    cells = {c.name: numbers if c.name in NUMBERS else texts for c in FLAT.columns}
    rows = {name: [c or None for c in column or [""] * len(texts)] for name, column in cells.items()}
    sink = io.BytesIO()
    batch = pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String))
    csv_files.write_batch_for_spreadsheets(batch, FLAT, sink, header=True)
    written = io.StringIO(sink.getvalue().decode("utf-8-sig"), newline="")
    return list(csv.DictReader(written, delimiter=";", strict=True))


def guarded(text: str) -> str:
    """The cell of a text."""
    return opened([text])[0]["as_printed"]


@pytest.mark.parametrize("text", [*RUN, *NO_TEXT], ids=ascii)
def test_what_would_be_read_as_something_else_is_kept_as_text(text: str) -> None:
    """An apostrophe stands before it."""
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", TEXT, ids=ascii)
def test_what_is_read_as_text_is_left(text: str) -> None:
    """Words, identifiers, and whole numbers that are shown as they are written."""
    assert guarded(text) == text


@pytest.mark.parametrize("text", [*RUN, *NO_TEXT, *TEXT], ids=ascii)
def test_the_finding_and_the_guard_agree_on_formulas(text: str) -> None:
    """What the finding calls a formula, the pattern does."""
    assert spreadsheet.begins_formula(text) == (text in RUN)
    assert pl.Series([text]).str.contains(spreadsheet.FORMULA).to_list() == [text in RUN]


def test_numbers_are_left_numbers() -> None:
    """In the columns of numbers, with a decimal comma; none is put behind an apostrophe."""
    cells = ["-1.5", "0.333333", "330000", "+2", "007", ""]
    found = opened(["x"] * len(cells), cells)
    whole = ["-1.5", "0.333333", "330000", "+2", "007", ""]
    for column in FLAT.columns:
        if column.name in NUMBERS:
            expected = [c.replace(".", ",") for c in whole] if column.type == "number" else whole
            assert [row[column.name] for row in found] == expected


def test_every_form_of_a_sign_is_known() -> None:
    """Each character that NFKC makes one of them, or begins with one, alone and after what is not seen."""
    every = (chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000)
    forms = [c for c in every if unicodedata.normalize("NFKC", c).startswith(SIGNS)]
    assert len(forms) > 15
    assert all(spreadsheet.begins_formula(f"\u200b{c}1") for c in forms)
    assert pl.Series(forms).str.contains(spreadsheet.FORMULA).all()


def test_every_unseen_sign_is_known() -> None:
    """Each white space, control and format sign before a formula."""
    every = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000]
    unseen = [c for c in every if unicodedata.category(c) in UNSEEN or c.isspace()]
    assert len(unseen) > 200
    assert all(spreadsheet.begins_formula(f"{c}=1") for c in unseen)
    assert pl.Series([f"{c}=1" for c in unseen]).str.contains(spreadsheet.FORMULA).all()


pieces = st.one_of(
    st.sampled_from([*RUN, *NO_TEXT, *TEXT, *SIGNS, "'", " ", "\u200b", "\ufeff", "\u0338"]), st.text(max_size=6)
)
texts = st.lists(pieces, max_size=4).map("".join).map(lambda text: text.replace("\0", ""))


@given(st.lists(texts, min_size=1, max_size=8), st.sampled_from(["-1", "-1.5", "+3", "0", ""]))
def test_no_cell_is_run_and_every_text_comes_back(given_: list[str], number: str) -> None:
    """Any text: as it is written and after NFKC, no cell of text begins a formula; one apostrophe less gives it back."""
    for text, row in zip(given_, opened(given_, [number] * len(given_)), strict=True):
        for name, cell in row.items():
            if name in NUMBERS:
                assert re.fullmatch(r"[+-]?[0-9]*[.,]?[0-9]*", cell)
                continue
            for form in (cell, unicodedata.normalize("NFKC", cell)):
                seen = "".join(c for c in form if unicodedata.category(c) not in UNSEEN and not c.isspace())
                assert not seen.startswith(SIGNS)
            assert cell.removeprefix("'") == text


@given(texts)
def test_a_text_is_judged_alike_by_the_judge_and_the_screen(text: str) -> None:
    """The pattern in columns and the function on one cell say the same of any text."""
    assert pl.Series([text]).str.contains(spreadsheet.FORMULA).to_list() == [spreadsheet.begins_formula(text)]
