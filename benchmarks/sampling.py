"""Follow processes and a folder while a command runs: processor time by kind, memory, and the disk that is used.

Processor time is that of each process, as it was last seen: what one used in its last tenth of a second is not counted.
On a machine that others use too, it is the time that the processes had, without what they waited.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_EVERY, _DISK_EVERY = 0.1, 2.0  # seconds
_TICK, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


@dataclass
class Sampled:
    """What was seen: by process, its kind, seconds and highest memory; by kind of file, the bytes at the peak."""

    processes: dict[int, tuple[str, float, int]] = field(default_factory=dict)
    together: int = 0  # the highest sum of the processes' memory
    disk: dict[str, int] = field(default_factory=dict)

    def seconds(self, kind: str = "") -> float:
        """Processor seconds of the processes of a kind, or of all."""
        return round(sum(used for name, used, _ in self.processes.values() if kind in ("", name)), 1)

    def megabytes(self, kind: str) -> int:
        """The highest memory of a process of a kind."""
        return round(max((most for name, _, most in self.processes.values() if name == kind), default=0) / 1e6)


@contextlib.contextmanager
def sampled(driver: int, folder: Path) -> Iterator[Sampled]:
    """Sample the processes below this one, and what is in a folder, until the block ends. One of them is `driver`."""
    found, over = Sampled(), threading.Event()

    def watch() -> None:
        mine, last = {os.getpid()}, 0.0
        while not over.wait(_EVERY):
            _processes(found, mine, driver)
            if time.monotonic() - last > _DISK_EVERY:
                last = time.monotonic()
                here = used(folder)
                if sum(here.values()) > sum(found.disk.values()):
                    found.disk = here

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()


def _processes(found: Sampled, mine: set[int], driver: int) -> None:
    seen: dict[int, tuple[int, str, float, int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                name, _, rest = (entry / "stat").read_text().partition("(")[2].rpartition(")")
                fields = rest.split()
                seconds = (int(fields[11]) + int(fields[12])) / _TICK
                seen[int(entry.name)] = int(fields[1]), name, seconds, int(fields[21]) * _PAGE
    while below := {child for child, (parent, *_) in seen.items() if parent in mine} - mine:
        mine |= below
    here = (mine & seen.keys()) - {os.getpid()}
    for process in here:
        _, name, seconds, memory = seen[process]
        before = found.processes.get(process, ("", 0.0, 0))
        kind = "driver" if process == driver else name
        found.processes[process] = kind, seconds, max(memory, before[2])
    found.together = max(found.together, sum(seen[process][3] for process in here))


def used(folder: Path) -> dict[str, int]:
    """The bytes of the disk that a folder takes, by kind: staged, shuffled, and what is or will be published."""
    kinds: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("shuffled", lambda path: "/blockmgr-" in path),
        ("staged", lambda path: path.endswith(".arrow")),
    )
    found = {"published": 0, "shuffled": 0, "staged": 0}
    for root, _, names in os.walk(folder):
        for name in names:
            path = f"{root}/{name}"
            with contextlib.suppress(OSError):
                kind = next((kind for kind, is_one in kinds if is_one(path)), "published")
                found[kind] += Path(path).lstat().st_blocks * 512
    return found
