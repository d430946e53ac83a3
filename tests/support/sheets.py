"""Workbooks and corpora to import, made in a test."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

Cell = str | float | bool | None
DESCRIPTOR = """
name = "ferry"
version = "1.0.0"
released = 2026-01-31
base = "https://data.example.org/ferry/"
site = "https://data.example.org/releases/ferry/"
licence = "http://publications.europa.eu/resource/authority/licence/CC0"
languages = ["en"]
title = "Promises of a ferry company"
description = "An invented corpus."
rights = "Invented."
publisher = { name = "Somebody", iri = "https://data.example.org/somebody" }
contact = { name = "Somebody", email = "somebody@example.org" }
"""
# The mapping of issue 18, as it is printed there.
PRINTED = """
languages = ["en"]
unused = ["era", "coSigned"]                       # said aloud, never silent
[sheets.promises]
file = "promises.xlsx"     # csv tsv xlsx ods json jsonl zip
[proposals]
from = "promises"
id = "id"                  # a column, "{year}-{place}-{id}", or absent: a slug of the label, kept in ids.csv
label = "promise"
theme = { id = "area", label = "areaLabel" }      # distinct values become themes.csv
proposer = { label = "party" }                    # distinct values become agents.csv
document = { label = "sourceDoc", url = "sourceUrl" }
[outcomes]
from = "promises"
proposal = "id"
status = { column = "status", values = { delivered = "kept", partly = "partly-kept" } }
comment = "whatHappened"
sources = { column = "evidenceUrls", split = " | " }
"""
PROMISES: list[list[Cell]] = [
    ["id", "area", "areaLabel", "era", "party", "promise", "status", "whatHappened", "sourceDoc", "sourceUrl",
     "evidenceUrls", "coSigned"],
    ["night-ferry", "transport", "Transport & roads", "shore", "Harbour list", "Run the ferry at night", "delivered",
     "It sails, every night.", "Pact, item 4", "https://ferry.example/pact",
     "https://ferry.example/1 | https://ferry.example/2", True],
    ["homes", "housing", "Housing", "shore", "Shore list", "Build 500 homes", "partly", "430 were built.",
     "Plan", "https://ferry.example/plan", "https://ferry.example/3", False],
    ["toll", "transport", "Transport & roads", "shore", "Harbour list", "End the toll", "partly", None,
     "Pact, item 5", "https://ferry.example/pact", None, False],
]  # fmt: skip


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """An XLSX with these sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return out.getvalue()


def promises() -> bytes:
    """The workbook of the mapping as printed."""
    return workbook({"Promises": PROMISES})


def corpus(folder: Path, mapping: str, **files: bytes | str) -> Path:
    """A corpus's folder with a mapping and these files; `__` in a name stands for a full stop."""
    folder.mkdir(exist_ok=True)
    (folder / "corpus.toml").write_text(DESCRIPTOR, encoding="utf-8")
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """The rows of a table."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
