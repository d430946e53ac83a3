"""Measure a whole publish of a generated corpus, and what other tools need for the same work.

    ./run bench [--proposals 100000] [--peers] [--faults] [--check] [--repeat K] [--json FILE]

Wall and processor seconds, the highest sum of resident memory over the process tree, the triples written, and the
write floor: the release's bytes merely written, hashed and synced on the same disk in the same run. Everything is made
in a temporary folder (TMPDIR says where), which is taken away at the end, whatever the end. What was measured is kept
in benchmarks/results/ and shown in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import faults
import generate
import page
import peering
import proof
from measuring import FailedError, end_children, floor, measured, say

# Bytes of disk a proposal needs at the worst moment: corpus, its Arrow copy, release, the largest dump again for the
# floor; with peers, what material.py makes, two graphs in N-Triples, and pyoxigraph's Turtle and JSON-LD.
DISK = {"ours": 11_500, "peers": 40_000}
ONCE_FROM = 1_000_000  # proposals; below, ours is measured three times
SAMPLE = 200
REAL = "vivre-ensemble"  # the corpus that people read, measured in the same run
PLANTED = 1_000


def bench(
    proposals: int,
    seed: int,
    *,
    peers: bool = False,
    plant: bool = False,
    check: bool = False,
    repeat: int = 0,
    limit: float = 7_200,
) -> dict[str, object]:
    """Generate, measure, take away. `repeat` 0: once from a million proposals on, else three times."""
    room = Path(tempfile.gettempdir())
    needed, free = proposals * DISK["peers" if peers else "ours"], shutil.disk_usage(room).free
    say(f"{needed / 1e9:.1f} GB of disk needed in {room}, {free / 1e9:.1f} GB free")
    if free < needed:
        raise SystemExit("too little disk\n  mend: set TMPDIR to a folder with more, or ask for fewer --proposals")
    with tempfile.TemporaryDirectory(prefix="openproposals-bench-") as name:
        folder = Path(name)
        os.environ["TMPDIR"] = name  # of what is run here: a run that is stopped leaves nothing beside
        try:
            say(f"generating {proposals} proposals")
            generate.generate(folder / "corpus", proposals, seed)
            ours = _ours(folder, repeat or (1 if proposals >= ONCE_FROM else 3))
            real = _published(page.ROOT / "sources" / REAL, folder / REAL, repeat or 5)
            found: dict[str, object] = {"proposals": proposals, "seed": seed, "ours": ours, "real": {REAL: real}}
            if check:
                say("parsing the dumps, counting the rows, making a sample again")
                found["check"] = proof.check(folder / "corpus", folder / "release", SAMPLE, seed)
            if plant:
                found["faults"] = faults.measure(folder, PLANTED, seed, ours["wall_s"])
            if peers:
                found |= peering.chain(folder, seed, ours, limit)
            return found | {"versions": page.versions(peers=peers), "machine": page.machine()}
        finally:
            end_children()


def _ours(folder: Path, times: int) -> dict[str, float]:
    """The corpus published so many times, and the write floor."""
    release = folder / "release"
    ours = _published(folder / "corpus", release, times)
    triples = sum(json.loads((release / "report.json").read_text(encoding="utf-8"))["triples"].values())
    written = sum(path.stat().st_size for path in release.rglob("*") if path.is_file())
    seconds = floor(release, folder / "floor")
    return {**ours, "triples": triples, "write_floor_s": seconds, "written_mb": round(written / 1e6)}


def _published(corpus: Path, release: Path, times: int) -> dict[str, float]:
    """Publish a corpus so many times, each into an empty place: the medians, imports included."""
    runs = []
    for number in range(times):
        say(f"publishing {corpus.name}, {number + 1} of {times}")
        shutil.rmtree(release, ignore_errors=True)
        command = [sys.executable, "-m", "openproposals", "publish", corpus, "--out", release, "--quiet"]
        try:
            runs.append(measured(command))
        except FailedError as error:
            raise SystemExit(f"publish {error}") from error
    return {**{key: round(statistics.median(run[key] for run in runs), 2) for key in runs[0]}, "runs": times}


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proposals", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peers", action="store_true", help="measure other tools for the same work")
    parser.add_argument("--faults", action="store_true", help="plant a thousand faults and look for each in the report")
    parser.add_argument("--check", action="store_true", help="parse the dumps, count the rows, make a sample again")
    parser.add_argument("--repeat", type=int, default=0, help="runs of ours; by default 3, and 1 from a million on")
    parser.add_argument("--limit", type=float, default=7_200, help="seconds after which a peer is stopped")
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    parser.add_argument("--unrecorded", action="store_true", help="leave benchmarks/results/ and docs/ as they are")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    try:
        found = bench(
            given.proposals,
            given.seed,
            peers=given.peers,
            plant=given.faults,
            check=given.check,
            repeat=given.repeat,
            limit=given.limit,
        )
    except proof.WrongError as error:
        say(f"the release is wrong: {error}")
        return 1
    except KeyboardInterrupt:
        say("stopped; what was made is taken away")
        return 130
    text = json.dumps(found, indent=2) + "\n"
    if given.json:
        given.json.write_text(text, encoding="utf-8")
    print(text, end="")
    if not given.unrecorded:
        page.record(found, sys.argv[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
