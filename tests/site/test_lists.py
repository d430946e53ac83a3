"""Lists that a reader filters, sorts and downloads, and who is cited most."""

from __future__ import annotations

import csv
import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from openproposals.model.rdf import parse
from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.site import build, engine, listing
from openproposals.site.nodes import Graph
from support.places import DIST

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first corpus's site, without its engine."""
    out = tmp_path_factory.mktemp("site") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.shutil, "which", lambda name: None)
        build.site(open_release(DIST), out, SILENT, kept=out.parent / "kept")
    return out


def items(page: Path) -> dict[str, tuple[dict[str, list[str]], dict[str, str]]]:
    """By identifier, what an item is filed under, and its row."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r'data-under="([^"]*)" data-row="([^"]*)"', text)
    pairs = [(json.loads(unescape(under)), json.loads(unescape(row))) for under, row in found]
    return {row["id"]: (under, row) for under, row in pairs}


def test_every_item_is_filed_under_what_the_tables_say(pages: Path) -> None:
    """Status, source, publisher, document, kind and theme of each statistic, with the themes above it."""
    tables = {
        name: list(csv.DictReader((DIST / "tables" / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        for name in ("statistics", "statistic-sources", "sources", "themes")
    }
    themes = {row["id"] for row in tables["themes"]}
    found = items(pages / "en" / "figures.html")
    assert len(found) == 26
    publishers = {row["id"]: row["publisher"] for row in tables["sources"]}
    for row in tables["statistics"]:
        under, _ = found[row["id"]]
        sources = [each["source"] for each in tables["statistic-sources"] if each["statistic"] == row["id"]]
        assert under["status"] == [row["citation_status"]]
        assert under["kind"] == [row["kind"]]
        assert sorted(under["source"]) == sorted(sources)
        assert {publishers[each] for each in sources} == set(under["publisher"])
        assert set(under["theme"]) <= themes
    assert {"B-1", "B-1.1"} <= set(found["S02"][0]["theme"])
    assert found["S02"][1]["figures"] == "330,000\u00a0people"
    assert found["S02"][1]["iri"] == "https://w3id.org/openproposals/vivre-ensemble/statistic/S02"


def test_each_list_has_its_filters_with_counts(pages: Path) -> None:
    """An option for each thing that items are filed under, with how many are."""
    for name in ("figures", "untraceable", "proposals", "sources"):
        page, found = pages / f"{name}.html", items(pages / f"{name}.html")
        options = re.findall(r'<select name="(\w+)">(.*?)</select>', page.read_text(encoding="utf-8"))
        assert found
        assert [facet for facet, _ in options][-1] == "sort"
        for facet, said in options[:-1]:
            for value, count in re.findall(r'<option value="([^"]+)">[^<]*\((\d+)\)</option>', said):
                assert int(count) == sum(value in under[facet] for under, _ in found.values()), (name, facet, value)


def test_who_is_cited_most_stands_first(pages: Path) -> None:
    """By the number of statistics that cite a source of theirs; each leads to the publisher's page."""
    text = (pages / "en" / "publishers.html").read_text(encoding="utf-8")
    rows = re.findall(r'<a href="agent/([^"]+)\.html">.*?</th><td>(\d+)</td><td>(\d+)</td>', text)
    counts = [int(citing) for _, citing, _ in rows]
    assert counts == sorted(counts, reverse=True)
    assert ("sante-publique-france", "2", "2") in rows
    assert len(rows) == 10


def test_a_list_that_is_too_long_says_how_many_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page holds the first, and counts the rest."""
    monkeypatch.setattr(listing, "MOST", 5)
    graph = Graph.made(parse((DIST / "vivre-ensemble.ttl").read_bytes(), "turtle"))
    found = listing.statistics(graph.kind("op:Statistic"), "fr")
    assert (len(found.items), found.total, found.left_out) == (5, 26, 21)


def test_the_feed_is_atom_and_says_what_this_release_changed(pages: Path) -> None:
    """In each language, with the notes of the version."""
    for language, folder in (("fr", pages), ("en", pages / "en")):
        root = ElementTree.parse(folder / "feed.xml").getroot()
        atom = {"a": "http://www.w3.org/2005/Atom"}
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language
        for name in ("id", "title", "updated"):
            assert root.find(f"a:{name}", atom) is not None
        (entry,) = root.findall("a:entry", atom)
        assert entry.findtext("a:title", "", atom).startswith("Version ")
        assert entry.findtext("a:summary", "", atom)


def test_the_page_for_what_is_missing_works_anywhere(pages: Path) -> None:
    """Its links are absolute: a host shows it at whatever address was asked for."""
    text = (pages / "en" / "404.html").read_text(encoding="utf-8")
    links = [link for link in re.findall(r'(?:href|src)="([^"#]+)"', text) if "europa.eu" not in link]
    assert links
    assert [link for link in links if not link.startswith("https://openproposals.example.org/vivre-ensemble/")] == []
    assert "https://openproposals.example.org/vivre-ensemble/en/figures.html" in links
