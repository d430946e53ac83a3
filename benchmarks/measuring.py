"""What a command costs: seconds, processor time, and the memory of its whole process tree."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

_LAST = 500  # characters of what a command says before it fails: its reason


class FailedError(Exception):
    """A command that did not end as it should; the text says why."""


def say(text: str) -> None:
    """On standard error."""
    print(text, file=sys.stderr, flush=True)


def resident(root: int) -> int:
    """Bytes resident of a process and all below it, by /proc; what they share is counted for each."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)], pages[int(entry.name)] = int(fields[1]), int(fields[21])
            except (OSError, IndexError):
                continue
    below: dict[int, list[int]] = {}
    for child, parent in parents.items():
        below.setdefault(parent, []).append(child)
    total, todo = 0, [root]
    while todo:
        here = todo.pop()
        total += pages.get(here, 0)
        todo += below.get(here, [])
    return total * os.sysconf("SC_PAGE_SIZE")


def measured(
    command: Sequence[str | Path], *, codes: Sequence[int] = (0,), limit: float | None = None, out: Path | None = None
) -> dict[str, float]:
    """Run a command: `wall_s`, `cpu_s` (with its children), `peak_mb` (the highest sum over the process tree).

    `codes` are the exit codes that are right, `limit` the seconds after which it is stopped, `out` where its standard
    output goes. Refused, with FailedError: another code, or more seconds. It never outlives us.
    """
    peak, over = [0], threading.Event()
    with Path(out or os.devnull).open("wb") as sink:
        before, begun = os.times(), time.perf_counter()
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.PIPE, start_new_session=True)

        def watch() -> None:
            while not over.wait(0.05):
                peak[0] = max(peak[0], resident(process.pid))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            said = process.communicate(timeout=limit)[1]
        except subprocess.TimeoutExpired as error:
            raise FailedError(f"stopped after {limit:.0f} s") from error
        finally:
            over.set()
            if process.poll() is None:  # stopped: by the limit, by Ctrl-C
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            watcher.join()
        wall, after = time.perf_counter() - begun, os.times()
    if process.returncode not in codes:
        reason = said.decode(errors="replace").strip()[-_LAST:]
        raise FailedError(f"ended with {process.returncode}: {reason}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall_s": round(wall, 2), "cpu_s": round(cpu, 2), "peak_mb": round(peak[0] / 1e6)}


def end_children() -> None:
    """End what we started and that still runs: an interrupt may come between its start and our knowing of it."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == os.getpid():
            child = int(entry.parent.name)
            (os.killpg if os.getpgid(child) == child else os.kill)(child, signal.SIGKILL)
            os.waitpid(child, 0)


def floor(release: Path, target: Path) -> float:
    """Seconds to write, hash and sync the release's bytes again, reading not counted."""
    seconds = 0.0
    target.mkdir()
    for number, path in enumerate(sorted(p for p in release.rglob("*") if p.is_file())):
        digest = hashlib.sha256()
        with path.open("rb") as source, (target / str(number)).open("wb") as copy:
            while data := source.read(8_000_000):
                begun = time.perf_counter()
                copy.write(data)
                digest.update(data)
                seconds += time.perf_counter() - begun
            begun = time.perf_counter()
            copy.flush()
            os.fsync(copy.fileno())
            seconds += time.perf_counter() - begun
        (target / str(number)).unlink()  # no more disk than one file takes
    shutil.rmtree(target)
    return round(seconds, 2)


def lines(path: Path) -> int:
    """How many lines: of N-Triples, how many triples."""
    with path.open("rb") as file:
        return sum(data.count(b"\n") for data in iter(lambda: file.read(8_000_000), b""))
