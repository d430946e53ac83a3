"""Cells of a table that only a space keeps apart, and numbers of thousands that a space groups."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.factcheck import documents
from openproposals.reading import candidates

TABLES = [
    ("fr", "Recettes 275 000 320 000 410 500\nDépenses 5 000 12 695 000 300 250\nSolde 270 000 1 200 9 750\n",
     ["275 000", "320 000", "410 500", "5 000", "12 695 000", "300 250", "270 000", "1 200", "9 750"]),
    ("de", "Gas 200 200 200 252 252\nÖl 270 266 266 321 321\nWärme 350 104 -415 266 144\n",
     ["200", "200", "200", "252", "252", "270", "266", "266", "321", "321", "350", "104", "-415", "266", "144"]),
    ("en", "North 8 610 592\nSouth 0 684 556\nEast 425 166 107\n", ["8", "610", "592", "0", "684", "556", "425", "166", "107"]),
    ("fr", "La ville compte 275 000 habitants\net 12 500 logements, 3 200 vides\nsoit 1 200 000 000\n",
     ["275 000", "12 500", "3 200", "1 200 000 000"]),
    ("de", "Stellplätze 14,9 46 38 14 %\nGaragen 16,8 789 578 34 %\nHäuser 28,2 9 5 8 %\nSumme - 2074 1231 47 %\n",
     ["14,9", "46", "38", "14 %", "16,8", "789", "578", "34 %", "28,2", "9", "5", "8 %", "2074", "1231", "47 %"]),
    ("en", "Town 2019 2020 2021\nNorth 812 594 1231\nSouth 9 55 77\n", ["812", "594", "1231", "9", "55", "77"]),
    ("en", "North 1974 594 1231\nSouth 1981 55 203\nEast 2004 66 101\n", ["594", "1231", "55", "203", "66", "101"]),
    ("fr", "Total 12 345 678\nDont 5 432 100\n", ["12 345 678", "5 432 100"]),
]  # fmt: skip


def figures(said: str, language: str) -> list[str]:
    found = candidates.read(documents.read("a.txt", said.encode()), "A", language).candidates
    return [c.words for c in found if c.kind == "figure"]


@pytest.mark.parametrize(("language", "said", "wanted"), TABLES)
def test_each_cell_of_a_row_is_a_figure(language: str, said: str, wanted: list[str]) -> None:
    """The rows near it tell how many cells a row has; zeros after a space are thousands; a column, which are years."""
    assert figures(said, language) == wanted


@given(st.lists(st.lists(st.integers(10, 999), min_size=4, max_size=4), min_size=3, max_size=5))
def test_no_digit_of_a_table_is_left_out(rows: list[list[int]]) -> None:
    """However the cells are joined, the figures hold them all, in order."""
    said = "".join(f"Row {'abcde'[at]} {' '.join(map(str, row))}\n" for at, row in enumerate(rows))
    digits = "".join(str(cell) for row in rows for cell in row)
    assert "".join("".join(filter(str.isdigit, words)) for words in figures(said, "en")) == digits
