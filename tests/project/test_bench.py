"""The benchmark measures: its figures are there, none is zero, and its corpora follow from their seed."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.places import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
import faults
import generate
import plant

pytestmark = [pytest.mark.slow, pytest.mark.long]

BENCH = ROOT / "benchmarks"


def test_two_hundred_proposals_are_measured_and_checked(tmp_path: Path) -> None:
    """Without peers: the keys that others read, every figure above zero, nothing left behind."""
    found, said = _bench(tmp_path, "--proposals", "200", "--check")
    assert "GB of disk needed" in said
    assert not {"peers", "best_chain_wall_s", "ratio"} & set(found)
    for key in ("wall_s", "cpu_s", "peak_mb", "triples", "write_floor_s"):
        assert found["ours"][key] > 0, key
    for key in ("wall_s", "cpu_s", "peak_mb", "runs"):
        assert found["real"]["vivre-ensemble"][key] > 0, key
    assert found["check"]["triples"] == found["ours"]["triples"]
    assert found["check"]["subjects"] >= 200


def test_every_planted_fault_is_found(tmp_path: Path) -> None:
    """Of few rows, as many faults as there are places for; one that is not reported is told."""
    generate.generate(tmp_path / "corpus", 50, 1)
    told = faults.measure(tmp_path, 400, 1, clean=1.0)
    assert told["found"] == told["planted"] > 150
    assert told["missed"] == []
    assert told["wall_s"] == told["ratio"] > 0


def test_a_fault_that_is_not_reported_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that no rule forbids: planted, not found, named."""
    harmless = plant.Fault("proposals", "label_fr", "Autre chose", "cell-empty", lambda f: f["id"] == "P7")
    monkeypatch.setattr(plant, "KINDS", {"tables": [*plant.KINDS["tables"][:1], harmless]})
    generate.generate(tmp_path / "corpus", 20, 1)
    told = faults.measure(tmp_path, 4, 1, clean=1.0)
    assert told["planted"] - told["found"] == 1
    assert told["missed"] == [["proposals.csv", 8, "label_fr", "cell-empty"]]


def test_a_run_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while a corpus is published: exit code 130, and neither folders nor processes stay."""
    command = [sys.executable, BENCH / "bench.py", "--proposals", "2000", "--unrecorded"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=_room(tmp_path)) as run:
        assert run.stderr is not None
        for line in run.stderr:
            if line.startswith("publishing"):
                break
        corpus = next(tmp_path.iterdir()) / "corpus"
        run.send_signal(signal.SIGINT)
        assert "taken away" in run.stderr.read()
        assert run.wait() == 130
    assert list(tmp_path.iterdir()) == []
    running = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.is_file()]
    assert not any(str(corpus).encode() in words for words in running)


def test_too_little_disk_is_told_before_anything_is_made(tmp_path: Path) -> None:
    """A thousand million million proposals fit on no disk."""
    command = [sys.executable, BENCH / "bench.py", "--proposals", str(10**15), "--unrecorded"]
    run = subprocess.run(command, capture_output=True, text=True, env=_room(tmp_path), check=False)
    assert run.returncode == 1
    assert "too little disk" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_corpus_follows_from_its_seed(tmp_path: Path) -> None:
    """The same seed gives the same bytes, another seed others."""
    sums = [_generated(tmp_path / str(number), seed) for number, seed in enumerate((1, 1, 2))]
    assert sums[0] == sums[1]
    assert sums[0] != sums[2]


def _bench(folder: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    """What one run told as data, the same on standard output and in the file, and what it said."""
    told, room = folder / "told.json", folder / "room"
    room.mkdir()
    command = [sys.executable, BENCH / "bench.py", "--repeat", "1", "--unrecorded", "--json", told, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, env=_room(room), check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(told.read_text(encoding="utf-8"))
    assert json.loads(run.stdout) == found
    assert list(room.iterdir()) == []
    return found, run.stderr


def _generated(folder: Path, seed: int) -> dict[str, str]:
    command = [sys.executable, BENCH / "generate.py", folder, "--proposals", "50", "--seed", str(seed)]
    subprocess.run(command, check=True, capture_output=True)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def _room(folder: Path) -> dict[str, str]:
    return {"TMPDIR": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
