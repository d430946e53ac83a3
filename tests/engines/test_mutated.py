"""Random faults in a corpus: the engine of a cluster finds what the local one finds, in the same file, row and column."""

from __future__ import annotations

import csv
import os
import random
import shutil
from pathlib import Path

import pytest

from openproposals import report, stages
from openproposals.engines.cluster import Cluster
from openproposals.stages import Run, Work
from openproposals.validation import graph, table_schema
from support import engines
from support.places import REAL, ROOT, TIDEWATER

TODAY = "2026-11-28"
VAL_CLAIR = ROOT / "tests" / "corpora" / "val-clair"
SIGNS = ["", "x", "nowhere", "=1", "1,5", "2023-13", "cited", "uncited", "dangling", "é\u202e", "https://a b", "0"]
MANY = int(os.environ.get("OPENPROPOSALS_MUTATED", "200"))


def mutated(corpus: Path, folder: Path, seed: int) -> Path:
    """A copy of a corpus with one to three random changes of its tables."""
    rng = random.Random(seed)
    shutil.copytree(corpus, folder)
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(sorted(folder.glob("*.csv")))
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        if not rows:
            continue
        row, column = rng.randrange(len(rows)), rng.randrange(len(header))
        how = rng.choice(["sign", "other", "other", "twice", "gone", "swap", "empty"])
        if how == "sign":
            rows[row][column] = rng.choice(SIGNS)
        elif how == "other":
            rows[row][column] = rng.choice(rows)[column]
        elif how == "twice":
            rows.append(list(rows[row]))
        elif how == "gone":
            del rows[row]
        elif how == "swap":
            rows[row], rows[-1] = rows[-1], rows[row]
        else:
            rows = [[*cells[:column], "", *cells[column + 1 :]] for cells in rows]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return folder


def found(work: Work) -> tuple[list[object], object]:
    """What a run found, and its counts, but for what is known of a screen's parts."""
    return list(work.findings), report.facts(work.findings, work.counts, {})


def same(corpus: Path, seed: int, tmp_path: Path) -> bool:
    """Whether the corpus conforms; asserts that both engines say the same of it."""
    folder = mutated(corpus, tmp_path / "corpus", seed)
    near = Cluster(engines.Near(tmp_path / "room"), staged_from=0, group=7, small=0)
    local, other = (stages.check(folder, Run(today=TODAY, engine=engine)) for engine in (Run().engine, near))
    assert found(other) == found(local)
    return local.conforms


@pytest.fixture(autouse=True)
def screened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small corpora are screened too."""
    for module in (graph, table_schema):
        monkeypatch.setattr(module, "SCREENED_FROM", 0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_few_mutated_corpora(seed: int, tmp_path: Path) -> None:
    """Beside the many of `./run test-long`."""
    same(VAL_CLAIR, seed, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, MANY))
def test_many_mutated_corpora(seed: int, tmp_path: Path) -> None:
    """200 in all, of three corpora; OPENPROPOSALS_MUTATED sets another number."""
    same((VAL_CLAIR, TIDEWATER, REAL)[seed % 3], seed, tmp_path)
