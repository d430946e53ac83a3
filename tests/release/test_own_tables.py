"""A release of the tables that other publishers need: what it says of an outcome, and what a deleted row changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox

from openproposals import stages
from openproposals.release import comparison, published
from openproposals.stages import Run
from support.places import TIDEWATER

SCHEMA, OP = "http://schema.org/", "https://w3id.org/openproposals/ns#"
BASE = "https://data.tidewater.example/promises/"


def released(corpus: Path, out: Path) -> Path:
    work, _ = stages.publish(corpus, out, Run())
    assert work.findings == []
    return out


def objects(store: ox.Store, subject: str, predicate: str) -> set[str]:
    pattern = (ox.NamedNode(BASE + subject), ox.NamedNode(predicate), None)
    found = {quad.object for quad in store.quads_for_pattern(*pattern)}
    return {term.value for term in found if isinstance(term, ox.NamedNode | ox.Literal)}


def test_what_is_published_of_a_promise(tmp_path: Path) -> None:
    """Proposers, themes, an outcome with its addresses, a response and a rating, in the terms of decision 0020."""
    store = ox.Store()
    store.load(path=str(released(TIDEWATER, tmp_path / "out") / "tidewater.ttl"), format=ox.RdfFormat.TURTLE)
    dcterms = "http://purl.org/dc/terms/"
    assert objects(store, "proposal/night-ferry", SCHEMA + "creator") == {BASE + "agent/harbour", BASE + "agent/shore"}
    assert BASE + "theme/co-signed" in objects(store, "proposal/night-ferry", SCHEMA + "keywords")
    assert objects(store, "outcome/night-ferry", SCHEMA + "itemReviewed") == {BASE + "proposal/night-ferry"}
    addresses = objects(store, "outcome/night-ferry", dcterms + "source")
    assert addresses == {"https://tidewater.example/timetable", "https://tidewater.example/minutes/31"}
    cited = store.quads_for_pattern(None, ox.NamedNode("http://purl.org/spar/cito/citesAsEvidence"), None)
    works = {str(quad.object) for quad in cited}
    known = store.quads_for_pattern(None, ox.NamedNode(SCHEMA + "url"), None)
    assert not {q.object for q in known if str(q.subject) in works} & set(map(ox.NamedNode, addresses))
    assert objects(store, "proposal/night-ferry", OP + "citesSource") == set()
    assert objects(store, "response/r1", SCHEMA + "author") == {BASE + "agent/shore"}
    assert objects(store, "rating/queue#rating", SCHEMA + "alternateName") == {"Mostly true"}
    assert objects(store, "proposal/night-ferry", SCHEMA + "position") == set()


def test_one_deleted_row_is_one_change(tmp_path: Path) -> None:
    """Positions that are not given are not published, so that the rows after a deleted one stay as they were."""
    corpus = tmp_path / "corpus"
    shutil.copytree(TIDEWATER, corpus)
    (corpus / "themes.csv").write_text("id,label\na,A\nb,B\nc,C\n", encoding="utf-8")
    for name in ("proposal-themes", "responses", "outcomes", "outcome-sources", "claims", "claim-sources"):
        (corpus / f"{name}.csv").unlink()
    (corpus / "proposal-proposers.csv").unlink()
    rows = ["id,theme,label", *(f"p{n},{'abc'[n % 3]},Promise {n}" for n in range(30))]
    (corpus / "proposals.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    before = released(corpus, tmp_path / "before")
    (corpus / "proposals.csv").write_text("\n".join(rows[:4] + rows[5:]) + "\n", encoding="utf-8")
    after = released(corpus, tmp_path / "after")
    changes = comparison.between(published.open_release(before), published.open_release(after)).changes
    (found,) = [t for t in changes.tables if t.table.name == "proposals"]
    assert (found.added.height, found.removed["id"].to_list(), found.changed.height) == (0, ["p3"], 0)
