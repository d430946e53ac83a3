"""A published release, and a server of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openproposals import stages
from openproposals.stages import Run
from support.places import MINIMAL
from support.serving import Server, serving


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published") / "release"
    assert stages.publish(MINIMAL, out, Run(today="2026-11-22"))[0].conforms
    return out


@pytest.fixture(scope="session")
def server(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(release, cache=tmp_path_factory.mktemp("served") / "cache") as running:
        yield running
