"""The sources as Zotero and its like take them, read back by two foreign programs."""

from __future__ import annotations

import json
import warnings

import bibtexparser
import pytest

from openproposals.dumps import bibliography
from support.places import DIST

ITEMS = json.loads((DIST / "sources.csl.json").read_text(encoding="utf-8"))


def test_a_foreign_reader_takes_the_bibtex() -> None:
    """Every source, with title, publisher and year as printed; an untitled one with our label in brackets."""
    library = bibtexparser.parse_string((DIST / "sources.bib").read_text(encoding="utf-8"))
    assert library.failed_blocks == []
    entries = {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}
    assert list(entries) == [item["id"] for item in ITEMS]
    assert entries["hcfea-2018"]["year"] == "2018"
    assert entries["hcfea-2018"]["month"] == "7"
    assert entries["sante-publique-france-2022"]["title"].strip("{}").startswith("[")


def test_a_foreign_processor_takes_the_csl_json() -> None:
    """citeproc-py reads every item and sets it in a style."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # citeproc-py is not warning-free itself
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
        from citeproc.source.json import CiteProcJSON

        source = CiteProcJSON(ITEMS)
        style = CitationStylesBibliography(
            CitationStylesStyle("harvard-cite-them-right", validate=False), source, formatter.plain
        )
        for item in ITEMS:
            style.register(Citation([CitationItem(item["id"])]))
        lines = [str(line) for line in style.bibliography()]
    assert len(lines) == len(ITEMS)
    assert any("Fondation Abbé Pierre" in line and "2023" in line for line in lines)


@pytest.mark.parametrize("text", ["50 % & {a} $x_y^z ~ # \\", "l'œuvre « d'État »", "}{"])
def test_no_text_breaks_a_bibtex_entry(text: str) -> None:
    """Whatever a title holds, the entry stays whole."""
    item = {"id": "x", "title": text, "note": text, "URL": "https://example.org/{a}\\"}
    library = bibtexparser.parse_string(bibliography.bibtex([item, {**item, "id": "y"}]))
    assert (["x", "y"], []) == ([entry.key for entry in library.entries], library.failed_blocks)
