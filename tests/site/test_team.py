"""Pages made by several processes: the same files, and nothing half-written whatever becomes of a process."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from openproposals.errors import CannotGoOn, ReleaseError
from openproposals.progress import SILENT, Silent
from openproposals.release.published import open_release
from openproposals.site import build, engine, working
from support.places import DIST

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.shutil, "which", lambda name: None)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def make(out: Path, processes: int, progress: Silent = SILENT) -> None:
    build.site(open_release(DIST), out, progress, kept=out.parent / "kept", processes=processes)


def test_the_files_are_the_same_whatever_the_number_of_processes(tmp_path: Path) -> None:
    """One makes them here, two side by side; every page is counted, and nothing stays beside."""
    counted: list[tuple[int, int]] = []

    class Counting(Silent):
        def rows(self, done: int, total: int) -> None:
            counted.append((done, total))

    make(tmp_path / "one", 1)
    make(tmp_path / "two", 2, Counting())
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert counted[-1][0] == counted[-1][1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


@pytest.mark.parametrize(
    ("ends", "error", "key"), [("killed", CannotGoOn, "site-process"), ("full", ReleaseError, "disk-full")]
)
def test_a_process_that_ends_early_stops_the_run_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str, error: type[CannotGoOn], key: str
) -> None:
    """The error says so; the site that stood there stands, and nothing is left beside it."""
    make(tmp_path / "out", 1)
    before = files(tmp_path / "out")
    monkeypatch.setattr(working, "WORK", f"support.site_makers:{ends}")
    with pytest.raises(error) as raised:
        make(tmp_path / "out", 2)
    assert raised.value.key == key
    assert files(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_ctrl_c_ends_all_processes_and_leaves_nothing(tmp_path: Path) -> None:
    """The signal comes while pages are being made."""
    seen: list[int] = []

    class Interrupted(Silent):
        def rows(self, done: int, total: int) -> None:
            seen.append(done)
            if len(seen) == 1:
                signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "out", 2, Interrupted())
    assert list(tmp_path.iterdir()) == []
