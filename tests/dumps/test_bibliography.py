"""The sources as Zotero and its like take them, read back by two foreign programs."""

from __future__ import annotations

import io
import json
import warnings

import bibtexparser
import polars as pl
import pytest

from openproposals.dumps import bibliography, references
from openproposals.model import schema
from openproposals.model.languages import Languages
from openproposals.model.tables import fitted
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
    library = bibtexparser.parse_string(references.bibtex([item, {**item, "id": "y"}]))
    assert (["x", "y"], []) == ([entry.key for entry in library.entries], library.failed_blocks)


def test_a_person_is_a_person_and_keys_that_differ_by_case_are_two() -> None:
    """As the table of agents says; an organisation stays whole, with its "and"."""
    agents = {"id": ["p", "m"], "kind": ["Person", "Organization"], "label_fr": ["Élise d'Ormesson", "Économie and Co"]}
    names = schema.columns(Languages(("fr",)))
    rows = {"id": ["insee", "INSEE"], "publisher": ["p", "m"], "label_fr": ["a", "b"], "trace_status": ["located"] * 2}
    tables = {
        name: fitted(pl.DataFrame(cells), names[name])
        for name, cells in {"agents": agents, "sources": rows, "dataset": {"title_fr": ["t"]}}.items()
    }
    csl, bib = io.BytesIO(), io.BytesIO()
    bibliography.write(tables, "https://a.example/", csl, bib)
    first, second = json.loads(csl.getvalue())
    assert first["author"] == [{"family": "d'Ormesson", "given": "Élise"}]
    assert second["author"] == [{"literal": "Économie and Co"}]
    library = bibtexparser.parse_string(bib.getvalue().decode())
    assert [entry.key for entry in library.entries] == ["insee", "INSEE-2"]
    assert [entry.fields_dict["author"].value for entry in library.entries] == [
        "{d'Ormesson}, {Élise}",
        "{Économie and Co}",
    ]


def test_an_address_that_is_not_certain_is_told_in_the_note() -> None:
    """It is not given as the work's own; an archived copy is."""
    names = schema.columns(Languages(("fr",)))
    rows = {
        "id": ["presumed", "kept"],
        "label_fr": ["a", "b"],
        "url": ["https://a.example/1", "https://a.example/2"],
        "archived_url": [None, "https://archive.example/2"],
        "trace_status": ["located-uncertain"] * 2,
    }
    tables = {
        name: fitted(pl.DataFrame(cells), names[name])
        for name, cells in {"agents": {"id": []}, "sources": rows, "dataset": {"title_fr": ["t"]}}.items()
    }
    ((first, second),) = bibliography.works(tables, "https://a.example/")
    assert "URL" not in first
    assert first["note"].endswith("address, not certain: https://a.example/1")
    assert second["URL"] == "https://archive.example/2"
