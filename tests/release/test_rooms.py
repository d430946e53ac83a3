"""The folder for what a run makes and does not publish: cleared at its end, and by the next run where it was killed."""

from __future__ import annotations

import json
from pathlib import Path

from openproposals.release import workspace


def test_a_room_is_cleared_and_so_is_that_of_a_killed_run(tmp_path: Path) -> None:
    """A room whose marker nobody locks was left; one without a marker is somebody else's."""
    target = tmp_path / "out"
    left, foreign = (tmp_path / f".out.{digit * 16}.room" for digit in "ab")
    for folder in (left, foreign):
        (folder / "corpus").mkdir(parents=True)
        (folder / "corpus" / "part").touch()
    (left / workspace.MARKER).write_text(json.dumps(["openproposals", "out"]), encoding="utf-8")
    with workspace.room(target) as room:
        assert not left.exists()
        (room / "part").touch()
        with workspace.room(target) as other:
            assert room.exists()
        assert not other.exists()
    assert list(tmp_path.iterdir()) == [foreign]
