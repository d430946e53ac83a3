"""A cluster of a master and two workers on this machine: the same release, also when executors are killed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openproposals import stages
from openproposals.dumps.whole_graph import whole_graph
from openproposals.release import ours
from openproposals.stages import Run
from support import engines, spark_here
from support.places import MINIMAL, ROOT, VAL_CLAIR

sys.path.insert(0, str(ROOT / "benchmarks"))
import standalone

spark_here.required()
pytestmark = pytest.mark.long
SUBMITTED = (
    "--driver-memory 600m --executor-memory 500m --conf spark.ui.enabled=false "
    "--conf spark.driver.host=127.0.0.1 --conf spark.task.maxFailures=20 pyspark-shell"
)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a master with two workers, each of one core."""
    with standalone.standalone(tmp_path_factory.mktemp("cluster"), workers=2) as address:
        yield address


def published(master: str, out: Path, corpus: Path = VAL_CLAIR) -> subprocess.CompletedProcess[str]:
    """Publish a corpus on the cluster, in small groups."""
    return subprocess.run(command(master, out, corpus), env=environment(), capture_output=True, text=True, check=False)


def command(master: str, out: Path, corpus: Path) -> list[str | Path]:
    """What publishes a corpus in small groups."""
    return [sys.executable, ROOT / "tests" / "engines" / "small_groups.py", corpus, master, out]


def environment() -> dict[str, str]:
    """Where it runs: on this machine, with little memory."""
    return {**os.environ, **standalone.HERE, "PYSPARK_SUBMIT_ARGS": SUBMITTED}


def executors(folder: Path) -> list[int]:
    """The processes of executors whose working folder is under a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            here = (process / "cwd").readlink()
            if folder in here.parents and b"CoarseGrainedExecutorBackend" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


def test_two_workers_give_the_release(master: str, tmp_path: Path) -> None:
    """Its N-Triples are the local ones, byte for byte."""
    done = published(master, tmp_path / "out", MINIMAL)
    assert done.returncode == 0, done.stderr
    parts = engines.parts(tmp_path / "out", "minimal.nt.gz")
    work = stages.validate(MINIMAL, Run(today="2026-11-28"))
    assert work.corpus is not None
    assert b"".join(parts) == whole_graph(work.hosts, work.corpus.tables)


def test_killed_executors_cost_time_alone(
    master: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Executors killed at ten random moments cost time alone: every file of the release is the same."""
    calm = published(master, tmp_path / "calm")
    assert calm.returncode == 0, calm.stderr
    rng, ended, killed = random.Random(4), threading.Event(), []

    def kill() -> None:
        while not ended.wait(rng.uniform(1, 5)) and len(killed) < 10:
            for pid in executors(tmp_path_factory.getbasetemp())[:1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        troubled = published(master, tmp_path / "troubled")
    finally:
        ended.set()
        killer.join()
    assert troubled.returncode == 0, troubled.stderr
    assert killed
    assert ours.sums(tmp_path / "troubled") == ours.sums(tmp_path / "calm")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calm", "troubled"]


def test_killed_runs_leave_nothing(tmp_path: Path) -> None:
    """A run killed at ten random moments leaves the release as it was; the next run clears what each left."""
    calm = tmp_path / "calm"
    begun = time.monotonic()
    assert published("local[2]", calm, MINIMAL).returncode == 0
    took, rng, out = time.monotonic() - begun, random.Random(7), tmp_path / "troubled"
    for kill in range(10):
        process = subprocess.Popen(
            command("local[2]", out, MINIMAL), env=environment(), stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(rng.uniform(0.1, 1) * took)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if out.exists():
            assert ours.sums(out) == ours.sums(calm), f"after kill {kill}"
    done = published("local[2]", out, MINIMAL)
    assert done.returncode == 0, done.stderr
    assert ours.sums(out) == ours.sums(calm)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calm", "troubled"]


def test_of_two_runs_at_once_one_wins_whole(tmp_path: Path) -> None:
    """Both may end well, one after the other; one that meets the other is refused, and nothing of it is there."""
    assert published("local[1]", tmp_path / "calm", MINIMAL).returncode == 0
    both = [
        subprocess.Popen(
            command("local[1]", tmp_path / "out", MINIMAL), env=environment(), stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert 0 in {code for _, code in ends}, ends
    assert all(code == 0 or "another run" in said for said, code in ends), ends
    assert ours.sums(tmp_path / "out") == ours.sums(tmp_path / "calm")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calm", "out"]
