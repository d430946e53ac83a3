"""Measure a whole publish of a generated corpus, and with --peers what other tools need for the same work.

    ./run bench [--proposals 100000] [--peers] [--json FILE]

Wall seconds, the highest sum of resident memory over the process tree, the triples written, and the write floor: the
release's bytes merely written, hashed and synced on the same disk in the same run. Everything is made in a temporary
folder (TMPDIR says where), which is taken away at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import generate

BYTES_A_PROPOSAL = 15_000  # corpus, its Arrow copy, the release, and the release once more for the floor
PEERS = ("frictionless", "morph-kgc", "pyoxigraph", "pyshacl")


def resident(root: int) -> int:
    """Bytes resident of a process and all below it, by /proc."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)], pages[int(entry.name)] = int(fields[1]), int(fields[21])
            except (OSError, IndexError):
                continue
    total, todo = 0, [root]
    while todo:
        here = todo.pop()
        total += pages.get(here, 0)
        todo += [child for child, parent in parents.items() if parent == here]
    return total * os.sysconf("SC_PAGE_SIZE")


def measured(command: list[str]) -> dict[str, float]:
    """Run a command: wall and CPU seconds, and the highest sum of resident memory of its process tree."""
    before, begun = os.times(), time.perf_counter()
    process = subprocess.Popen(command)
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], resident(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    over.set()
    watcher.join()
    after = os.times()
    if code:
        raise SystemExit(f"{' '.join(command[:4])} … ended with {code}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall_s": round(time.perf_counter() - begun, 2), "cpu_s": round(cpu, 2), "peak_mb": round(peak[0] / 1e6)}


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
    shutil.rmtree(target)
    return round(seconds, 2)


def bench(proposals: int, seed: int, *, peers: bool) -> dict[str, object]:
    """Generate, measure, take away."""
    room = Path(tempfile.gettempdir())
    needed, free = proposals * BYTES_A_PROPOSAL, shutil.disk_usage(room).free
    say(f"{needed / 1e9:.1f} GB of disk needed in {room}, {free / 1e9:.1f} GB free")
    if free < needed:
        raise SystemExit("too little disk; set TMPDIR to a folder with more, or ask for fewer --proposals")
    with tempfile.TemporaryDirectory(prefix="openproposals-bench-") as name:
        folder = Path(name)
        say(f"generating {proposals} proposals")
        generate.generate(folder / "corpus", proposals, seed)
        say("publishing")
        release = folder / "release"
        ours: dict[str, float] = measured(
            [sys.executable, "-m", "openproposals", "publish", str(folder / "corpus"), "--out", str(release), "--quiet"]
        )
        triples = sum(json.loads((release / "report.json").read_text())["triples"].values())
        found: dict[str, object] = {
            "proposals": proposals,
            "ours": {**ours, "triples": triples, "write_floor_s": floor(release, folder / "floor")},
            "peers": {},
        }
        if peers:
            theirs = {}
            for peer in PEERS:
                say(f"peer: {peer}")
                script = Path(__file__).with_name("peers.py")
                theirs[peer] = measured([sys.executable, str(script), peer, str(folder)])
            best = round(sum(peer["wall_s"] for peer in theirs.values()), 2)
            found |= {"peers": theirs, "best_chain_wall_s": best, "ratio": round(best / ours["wall_s"], 2)}
    return found


def say(text: str) -> None:
    """On standard error."""
    print(text, file=sys.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proposals", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    text = json.dumps(bench(given.proposals, given.seed, peers=given.peers), indent=2) + "\n"
    if given.json:
        given.json.write_text(text)
    print(text, end="")
