"""A real sheet of somebody else's, 347 promises and 154 indicators, put into the tables: every column has its place.

The sheet (CC0) is not copied into the project; where it is not beside the project, these tests are skipped, and
tests/corpora/tidewater, which has its shape, is the proof.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from openproposals import stages
from openproposals.release import reading_back
from openproposals.stages import Run
from support.places import SHARED

NZ = SHARED / "data" / "nz"
pytestmark = [
    pytest.mark.skipif(not NZ.is_dir(), reason="somebody else's data is beside the project in CI"),
    pytest.mark.slow,
]
Cells = Mapping[str, str]

DESCRIPTOR = """
name = "promises"
version = "1.0.0"
released = 2026-01-31
base = "https://data.example.org/promises/"
site = "https://data.example.org/releases/promises/"
licence = "http://publications.europa.eu/resource/authority/licence/CC0"
languages = ["en"]
title = "Promises of governments"
description = "What was promised, and what became of it."
rights = "CC0."
publisher = { name = "Somebody", iri = "https://data.example.org/somebody" }
contact = { name = "Somebody", email = "somebody@example.org" }
"""
# Which shared code each status of the sheet comes under is for its publisher to say; this is one reading of its labels.
STATUSES = {
    "delivered": "kept", "largely": "partly-kept", "partly": "partly-kept", "not-delivered": "broken",
    "in-progress": "in-progress", "abandoned": "abandoned", "superseded": "",
}  # fmt: skip
UNITS = {"%": "PERCENT", "% of GDP": "PERCENT", "kt CO2-e": "KiloTONNE", "NZD": "CCY_NZD", "NZD per week": "CCY_NZD"}
BETTER = {"True": "Higher is better.", "False": "Lower is better.", "": ""}


def sheet(name: str) -> list[Cells]:
    with (NZ / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def key(words: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-")


def evidence(row: Cells) -> list[str]:
    return list(dict.fromkeys(filter(None, row["evidenceUrls"].split(" | "))))


def filed(row: Cells) -> list[str]:
    """The themes of a promise beside its area: whose term it was, its kind, and whether several parties signed it."""
    return [f"era-{row['era']}", f"kind-{row['ptype']}", *(["co-signed"] if row["coSigned"] == "True" else [])]


def written(folder: Path, table: str, rows: Iterable[Cells]) -> None:
    unique = list({tuple(row.items()): row for row in rows}.values())
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(unique[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(unique)


@pytest.fixture(scope="module")
def documents() -> dict[tuple[str, str, str], str]:
    """The id of each document of the sheet, by title, address and kind."""
    found = dict.fromkeys((r["sourceDoc"], r["sourceUrl"], r["sourceType"]) for r in sheet("promises.csv"))
    return {document: f"D{number:03}" for number, document in enumerate(found, start=1)}


@pytest.fixture(scope="module")
def tables(
    documents: Mapping[tuple[str, str, str], str], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, pl.DataFrame]:
    """The sheet written as a corpus, published, and its tables read back from the Turtle dump alone."""
    folder, out = tmp_path_factory.mktemp("sheet") / "corpus", tmp_path_factory.mktemp("release") / "promises"
    folder.mkdir()
    (folder / "corpus.toml").write_text(DESCRIPTOR, encoding="utf-8")
    promises, indicators = sheet("promises.csv"), sheet("indicators.csv")
    _promises(folder, promises, documents)
    _indicators(folder, promises, indicators)
    work, _ = stages.publish(folder, out, Run(today="2026-11-22"))
    assert work.findings == []
    return reading_back.read(out / "promises.ttl")[1]


def _promises(folder: Path, promises: Sequence[Cells], documents: Mapping[tuple[str, str, str], str]) -> None:
    themes = {r["area"]: r["areaLabel"] for r in promises} | {theme: theme for r in promises for theme in filed(r)}
    written(folder, "themes", ({"id": theme, "label": label} for theme, label in themes.items()))
    written(
        folder, "documents",
        ({"id": d, "title_en": title, "genre": kind, "url": url} for (title, url, kind), d in documents.items()),
    )  # fmt: skip
    written(
        folder, "proposals",
        (
            {
                "id": r["id"], "theme": r["area"], "proposer": key(r["party"]), "label": r["promise"],
                "document": documents[r["sourceDoc"], r["sourceUrl"], r["sourceType"]],
            }
            for r in promises
        ),
    )  # fmt: skip
    written(folder, "proposal-themes", ({"proposal": r["id"], "theme": theme} for r in promises for theme in filed(r)))
    written(folder, "outcome-statuses", ({"id": s, "label": s, "maps_to": code} for s, code in STATUSES.items()))
    written(
        folder, "outcomes",
        (
            {
                "id": r["id"], "proposal": r["id"], "status": r["status"], "label": r["keyNumber"],
                "account": r["whatHappened"], "comment": r["statusReason"], "dispute": r["contestedNote"],
            }
            for r in promises
        ),
    )  # fmt: skip
    written(folder, "outcome-sources", ({"outcome": r["id"], "source_url": u} for r in promises for u in evidence(r)))


def _indicators(folder: Path, promises: Sequence[Cells], indicators: Sequence[Cells]) -> None:
    names = [*(r["party"] for r in promises), *(r["source"] for r in indicators)]
    written(folder, "agents", ({"id": key(name), "kind": "Organization", "label": name} for name in names))
    works = {r["sourceUrl"]: r["source"] for r in indicators}
    written(
        folder, "sources",
        (
            {"id": f"I{n}", "publisher": key(name), "url": url, "trace_status": "not-attempted"}
            for n, (url, name) in enumerate(works.items(), start=1)
        ),
    )  # fmt: skip
    written(
        folder, "claims",
        (
            {
                "id": f"{r['key']}-{r['year']}", "label": r["label"], "value": r["value"],
                "kind": "percentage" if r["format"] == "percent" else "count",
                "unit": UNITS.get(r["unit"], "NUM"), "unit_en": r["unit"], "period": r["year"], "period_basis": "stated",
                "source_url": r["sourceUrl"], "comment": BETTER[r["higherIsBetter"]],
            }
            for r in indicators
        ),
    )  # fmt: skip


def by(frame: pl.DataFrame, *names: str) -> dict[str, list[dict[str, str | None]]]:
    """The rows of a table by the cell of its first named column."""
    found: dict[str, list[dict[str, str | None]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[names[0]], []).append(row)
    return found


def test_every_column_of_the_promises_has_its_place(tables: Mapping[str, pl.DataFrame]) -> None:
    """Each of the 18 cells of each of the 347 rows is found again in the dump, in the property that means it."""
    promises = sheet("promises.csv")
    proposals, outcomes = by(tables["proposals"], "id"), by(tables["outcomes"], "proposal")
    proposers, filings = by(tables["proposal-proposers"], "proposal"), by(tables["proposal-themes"], "proposal")
    addresses, works = by(tables["outcome-sources"], "outcome"), by(tables["documents"], "id")
    themes, agents = by(tables["themes"], "id"), by(tables["agents"], "id")
    assert len(promises) == len(proposals) == tables["outcomes"].height == 347
    for row in promises:
        (proposal,), (outcome,), (proposer,) = (found[row["id"]] for found in (proposals, outcomes, proposers))
        work, under = works[proposal["document"] or ""][0], {f["theme"] for f in filings[row["id"]]}
        assert dict(row) == {
            "id": proposal["id"],
            "area": proposal["theme"],
            "areaLabel": themes[proposal["theme"] or ""][0]["label_en"],
            "era": next(t for t in under if t and t.startswith("era-")).removeprefix("era-"),  # type: ignore[union-attr]
            "party": agents[proposer["proposer"] or ""][0]["label_en"],
            "sourceType": work["genre_en"],
            "ptype": next(t for t in under if t and t.startswith("kind-")).removeprefix("kind-"),  # type: ignore[union-attr]
            "status": outcome["status"],
            "promise": proposal["label_en"],
            "keyNumber": outcome["label_en"] or "",
            "statusReason": outcome["comment_en"],
            "whatHappened": outcome["account_en"],
            "contested": str(outcome["dispute_en"] is not None),
            "contestedNote": outcome["dispute_en"] or "",
            "sourceDoc": work["title_en"],
            "sourceUrl": work["url"],
            "evidenceUrls": row["evidenceUrls"],
            "coSigned": str("co-signed" in under),
        }
        assert {a["source_url"] for a in addresses.get(row["id"], ())} == set(evidence(row))


def test_every_column_of_the_indicators_has_its_place(tables: Mapping[str, pl.DataFrame]) -> None:
    """Each row is a claim without a proposal; what its column `format` says is in the kind and the unit."""
    indicators = sheet("indicators.csv")
    statistics, figures = by(tables["statistics"], "id"), by(tables["figures"], "statistic")
    cited, works = by(tables["statistic-sources"], "statistic"), by(tables["sources"], "id")
    agents = by(tables["agents"], "id")
    assert len(indicators) == tables["statistics"].height == 154
    for row in indicators:
        name = f"{row['key']}-{row['year']}"
        (statistic,), (figure,) = statistics[name], figures[name]
        work = works[cited[name][0]["source"] or ""][0]
        better = {said: value for value, said in BETTER.items()}[statistic["comment_en"] or ""]
        kind = "percent" if statistic["kind"] == "percentage" else "currency" if "NZD" in row["unit"] else "number"
        assert dict(row) == {
            "key": name.removesuffix(f"-{figure['period']}"),
            "label": statistic["label_en"],
            "unit": figure["unit_en"],
            "format": kind,
            "higherIsBetter": better,
            "source": agents[work["publisher"] or ""][0]["label_en"],
            "sourceUrl": work["url"],
            "year": figure["period"],
            "value": figure["value"],
        }


def test_what_an_outcome_is_taken_from_is_no_evidence_of_the_proposal(tables: Mapping[str, pl.DataFrame]) -> None:
    """No promise rests on a statistic or cites a source, and none of the outcomes' addresses became a source."""
    assert tables["evidence"].height == tables["proposal-sources"].height == 0
    made = set(tables["sources"]["url"])
    assert made == {row["sourceUrl"] for row in sheet("indicators.csv")}
