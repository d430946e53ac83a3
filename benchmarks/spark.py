"""Measure `publish --engine spark` beside the local engine, on one generated corpus, and compare what they publish.

    ./run bench-spark [--proposals 100000] [--rows 50000] [--master 'local[2]' | --workers 2] [--driver-memory 1g]
                      [--executor-memory 1g] [--spark-only] [--json FILE]

Tables of more than --rows rows are given in parts. With --workers, a master and so many workers of one core are begun.
Wall seconds, processor seconds, and the highest resident memory of the driver's Python alone and of the whole process
tree. The parts of N-Triples, one after another, must have the sum of the local dump; so must the counts be the same.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import generate
import standalone
from measuring import measured, resident, say

_ENDING = ".nt"


def split(corpus: Path, rows: int) -> None:
    """Give each table of more than so many rows in parts."""
    csv.field_size_limit(1 << 24)
    for path in sorted(corpus.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader)
            folder, number, waiting = path.with_suffix(".parts"), 0, list[list[str]]()
            for cells in reader:
                waiting.append(cells)
                if len(waiting) == rows:
                    _part(folder, number, header, waiting)
                    number, waiting = number + 1, []
            if not number:
                continue
            if waiting:
                _part(folder, number, header, waiting)
        path.unlink()
        folder.rename(path)


def _part(folder: Path, number: int, header: list[str], rows: list[list[str]]) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / f"part-{number:05}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def spark(corpus: Path, out: Path, master: str, submitted: str) -> dict[str, object]:
    """Publish on Spark: seconds in all and by stage, and the memory of the driver's Python and of the process tree."""
    env = {**os.environ, **standalone.HERE, "PYSPARK_SUBMIT_ARGS": submitted}
    command = [
        sys.executable,
        "-m",
        "openproposals",
        "publish",
        corpus,
        "--out",
        out,
        "--engine",
        "spark",
        "--lang",
        "en",
    ]
    begun = time.perf_counter()
    process = subprocess.Popen([*command, "--master", master], env=env, stderr=subprocess.PIPE, text=True)
    peaks, over = {"driver_mb": 0, "tree_mb": 0}, threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            with contextlib.suppress(OSError):
                alone = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                peaks["driver_mb"] = max(peaks["driver_mb"], round(alone / 1e6))
            peaks["tree_mb"] = max(peaks["tree_mb"], round(resident(process.pid) / 1e6))

    threading.Thread(target=watch, daemon=True).start()
    stages: dict[str, float] = {}
    assert process.stderr is not None
    for line in process.stderr:
        if line.endswith("…\n"):
            stages[line.strip()] = round(time.perf_counter() - begun, 1)
        elif "WARN" not in line:
            say(line.rstrip())
    code = process.wait()
    over.set()
    if code:
        raise SystemExit(f"publish --engine spark ended with {code}")
    return {"wall_s": round(time.perf_counter() - begun, 1), "begun_s": stages, **peaks}


def digest(paths: Iterator[Path]) -> str:
    """The sum of some files, one after another."""
    whole = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while data := file.read(1 << 24):
                whole.update(data)
    return whole.hexdigest()


def main() -> int:
    """Generate, measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proposals", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--driver-memory", default="1g")
    parser.add_argument("--executor-memory", default="1g")
    parser.add_argument("--spark-only", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    submitted = (
        f"--driver-memory {given.driver_memory} --executor-memory {given.executor_memory} "
        "--conf spark.sql.shuffle.partitions=16 --conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1 "
        "pyspark-shell"
    )
    found: dict[str, object] = {"proposals": given.proposals, "workers": given.workers, "master": given.master}
    with tempfile.TemporaryDirectory(prefix="openproposals-spark-") as name, contextlib.ExitStack() as ends:
        folder = Path(name)
        generate.generate(folder / "corpus", given.proposals)
        if not given.spark_only:
            program = [sys.executable, "-m", "openproposals"]
            found["local"] = measured([*program, "publish", folder / "corpus", "--out", folder / "local", "--quiet"])
            dump = [*program, "convert", folder / "corpus", "--format", "ntriples", "--out", folder / "nt", "--quiet"]
            measured(dump)
        split(folder / "corpus", given.rows)
        master = given.master
        if given.workers:
            (folder / "cluster").mkdir()
            memory = given.executor_memory
            master = ends.enter_context(standalone.standalone(folder / "cluster", given.workers, 1, memory))
        found["spark"] = spark(folder / "corpus", folder / "spark", master, submitted)
        if not given.spark_only:
            parts = sorted((folder / "spark").glob(f"*{_ENDING}/part-*"))
            found["same_ntriples"] = digest(iter(parts)) == digest((folder / "nt").glob(f"*{_ENDING}"))
            reports = [json.loads((folder / each / "report.json").read_text()) for each in ("local", "spark")]
            compared = ("rows", "triples", "screened", "judged", "findings")
            found["same_counts"] = all(reports[0].get(key) == reports[1].get(key) for key in compared)
            shutil.rmtree(folder / "local")
    text = json.dumps(found, indent=1)
    print(text)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")
    return 0 if found.get("same_ntriples", True) and found.get("same_counts", True) else 1


if __name__ == "__main__":
    raise SystemExit(main())
