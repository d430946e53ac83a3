"""All or nothing on disk: the old release or the new one, whole, and the next run works."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from openproposals import release
from openproposals.errors import ReleaseError


def publish(target: Path, text: str) -> None:
    with release.drafting(target) as draft:
        draft.write("a.txt", text.encode())
        draft.write("tables/b.csv", b"x\n")
        draft.seal()
        release.swap(draft, target)


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_release_replaces_the_old_one_whole(tmp_path: Path) -> None:
    """What the new release does not hold is gone; sums name every file; nothing is left beside it."""
    target = tmp_path / "dist"
    publish(target, "one")
    (target / "stray.txt").write_text("old")
    publish(target, "two")
    found = content(target)
    assert {"a.txt", "tables/b.csv", "SHA256SUMS"} == found.keys()
    sums = "".join(f"{hashlib.sha256(found[n]).hexdigest()}  {n}\n" for n in ("a.txt", "tables/b.csv"))
    assert sums.encode() == found["SHA256SUMS"]
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]


@pytest.mark.parametrize("exchange", [True, False], ids=["atomic", "two renames"])
def test_an_error_leaves_the_old_release(tmp_path: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that fails half-way leaves what was there, and no draft."""
    if not exchange:
        monkeypatch.setattr(release, "_exchange", lambda one, other: False)
    target = tmp_path / "dist"
    publish(target, "one")
    before = content(target)
    with pytest.raises(RuntimeError), release.drafting(target) as draft:
        draft.write("a.txt", b"half")
        raise RuntimeError
    assert before == content(target)
    publish(target, "two")
    assert content(target)["a.txt"] == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]


@pytest.mark.parametrize("state", ["draft only", "between the renames", "old not cleared"])
def test_the_next_run_clears_what_a_killed_one_left(tmp_path: Path, state: str) -> None:
    """Whatever moment a run was killed at, the next one finds the old or the new release and goes on."""
    target, draft, old = tmp_path / "dist", tmp_path / ".dist.draft", tmp_path / ".dist.old"
    publish(target, "one")
    if state == "draft only":
        draft.mkdir()
        (draft / "a.txt").write_text("half")
    elif state == "between the renames":
        target.rename(old)
        draft.mkdir()
    else:
        old.mkdir()
    with release.drafting(target):
        assert content(target)["a.txt"] == b"one"
    publish(target, "two")
    assert content(target)["a.txt"] == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]


def test_two_runs_at_once(tmp_path: Path) -> None:
    """The second run is refused while the first is writing, with a mend, and harms nothing."""
    target = tmp_path / "dist"
    with release.drafting(target) as draft:
        draft.write("a.txt", b"one")
        with pytest.raises(ReleaseError, match="another run"), release.drafting(target):
            pass
        draft.seal()
        release.swap(draft, target)
    assert content(target)["a.txt"] == b"one"


def test_a_target_that_cannot_be_written(tmp_path: Path) -> None:
    """A file where a folder should be: refused, in words, with exit code 3."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ReleaseError) as error, release.drafting(tmp_path / "file" / "dist"):
        pass
    assert error.value.exit_code == 3
    assert error.value.mend


def test_killed_while_writing(tmp_path: Path) -> None:
    """A process killed in the middle leaves the old release, and the lock goes with it."""
    target = tmp_path / "dist"
    publish(target, "one")
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom openproposals import release\n"
        "with release.drafting(Path(sys.argv[1])) as draft:\n"
        "    draft.write('a.txt', b'half')\n    os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(target)], check=False)
    assert content(target)["a.txt"] == b"one"
    assert (tmp_path / ".dist.draft").exists()
    publish(target, "two")
    assert content(target)["a.txt"] == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]
