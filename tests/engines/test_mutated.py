"""Random faults in a corpus: the engine of a cluster finds what the local one finds, in the same file, row and column."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from openproposals import stages
from openproposals.engines.cluster import Cluster
from openproposals.stages import Run
from openproposals.validation import graph, table_schema
from support import engines
from support.cases import laid_over
from support.places import REAL, TIDEWATER, VAL_CLAIR

TODAY = "2026-11-28"
MANY = int(os.environ.get("OPENPROPOSALS_MUTATED", "200"))


def same(corpus: Path, seed: int, tmp_path: Path) -> bool:
    """Whether a mutated corpus conforms; asserts that both engines say the same of it."""
    return alike(engines.mutated(corpus, tmp_path / "corpus", seed), tmp_path)


def alike(folder: Path, tmp_path: Path) -> bool:
    """Whether a corpus conforms; asserts that both engines say the same of it."""
    near = Cluster(engines.Near(tmp_path / "room"), staged_from=0, group=7, small=0)
    local, other = (stages.check(folder, Run(today=TODAY, engine=engine)) for engine in (Run().engine, near))
    assert engines.said(other) == engines.said(local)
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


@pytest.mark.long
@pytest.mark.parametrize("case", engines.CASES, ids=lambda path: path.name)
def test_every_case(case: Path, tmp_path: Path) -> None:
    """Each fault of tests/cases, laid over the minimal corpus."""
    alike(laid_over(case, tmp_path / "corpus"), tmp_path)
