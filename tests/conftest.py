"""What tests share: Hypothesis profiles, and the dumps of the first corpus."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from openproposals.cli import SELDOM
from openproposals.stages import Run
from support.places import REAL

collect_ignore = [
    "oracle/engine.py",
    "harvest",
    "browser/drive.py",
    "browser/everywhere.py",
    "browser/review.py",
]  # run by the Pythons of other environments

gc.set_threshold(*SELDOM)  # as the command does: the judges make many objects that live
settings.register_profile(
    "quick", max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
settings.register_profile(
    "brief", max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
settings.register_profile(
    "deep", max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
settings.load_profile(os.environ.get("OPENPROPOSALS_PROFILE", "quick"))


@pytest.fixture(scope="module", autouse=True)
def _swept() -> Iterator[None]:
    """What a module leaves in cycles goes in the thread that made it: pyoxigraph's answers may go in no other."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def real_dumps() -> dict[str, bytes]:
    """The first corpus as Turtle, JSON-LD and N-Triples, made here and now."""
    from openproposals import stages
    from openproposals.dumps import blocks, jsonld, turtle

    work = stages.validate(REAL, Run())
    assert work.corpus is not None
    assert work.findings == []
    made = {}
    for name, syntax in (
        ("nt", turtle.NTriples()),
        ("ttl", turtle.Turtle(work.corpus.base)),
        ("jsonld", jsonld.JsonLd(work.corpus.base)),
    ):
        sink = blocks.MemorySink()
        blocks.write(work.hosts, work.corpus.tables, syntax, sink)
        made[name] = sink.data()
    return made
