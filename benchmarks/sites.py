"""Measure a whole `openproposals site` of a generated corpus, in two languages.

    ./run bench-site [--proposals 10000] [--seed 1]

Wall and processor seconds, and the highest sum of resident memory over the process tree (what processes share, the
columns of the graph among it, is counted for each). Every page in each language, with its data in four syntaxes and the
files that lead to it, is counted as one page. What was measured is kept in benchmarks/results/sites.json and shown in
docs/benchmarks.md. Everything is made in a temporary folder (TMPDIR says where), which is taken away at the end.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import generate
import page
from measuring import FailedError, end_children, measured, say


def bench(proposals: int, seed: int) -> dict[str, object]:
    """Generate, publish, make the site, count, take away."""
    with tempfile.TemporaryDirectory(prefix="openproposals-bench-") as name:
        folder = Path(name)
        os.environ["TMPDIR"] = name
        program = [sys.executable, "-m", "openproposals"]
        try:
            say(f"generating {proposals} proposals and publishing them")
            generate.generate(folder / "corpus", proposals, seed)
            measured([*program, "publish", folder / "corpus", "--out", folder / "release", "--quiet"])
            say("making the site")
            made = measured([*program, "site", folder / "release", "--out", folder / "site", "--quiet"])
        except FailedError as error:
            raise SystemExit(f"the run {error}") from error
        finally:
            end_children()
        found = [path for path in (folder / "site").rglob("*") if path.is_file()]
        pages = sum(path.suffix == ".html" and b'http-equiv="refresh"' not in _head(path) for path in found)
        written = round(sum(path.stat().st_size for path in found) / 1e6)
    return {"proposals": proposals, "pages": pages, "files": len(found), "written_mb": written, **made}


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(600)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proposals", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unrecorded", action="store_true", help="leave benchmarks/results/ and docs/ as they are")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    try:
        found = bench(given.proposals, given.seed)
    except KeyboardInterrupt:
        say("stopped; what was made is taken away")
        return 130
    say(str(found))
    if not given.unrecorded:
        page.record_site(found, sys.argv[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
