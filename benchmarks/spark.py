"""Measure `publish --engine spark` beside the local engine, on one generated corpus, and compare what they publish.

    ./run bench-spark [--proposals 100000 ...] [--rows 50000] [--master 'local[2]' | --workers 2 ...]
                      [--driver-memory 1g] [--executor-memory 1g] [--spark-only] [--json FILE]

Tables of more than --rows rows are given in parts. With --workers, a master and so many workers of one core are begun.
Told are the seconds of the local engine, and those of Spark: until its session stands, and of each stage; tasks, their
seconds and the megabytes shuffled by stage; the highest resident memory of the driver's Python, and of all below it.
Of several sizes and numbers of workers a model is fitted (scaling.py). The parts of N-Triples, one after another, must
have the sum of the local dump, and the counts must be the same.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import eventlog
import generate
import scaling
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


def spark(corpus: Path, out: Path, master: str, submitted: str, log: Path) -> dict[str, object]:
    """Publish on Spark: seconds in all, until the session stood, and by stage; memory; and what Spark's log says.

    `driver_mb` is the highest resident memory of the driver's Python; `tree_mb` that of it and all below it: on a
    standalone master without the executors.
    """
    log.mkdir()
    env = {**os.environ, **standalone.HERE}
    env["PYSPARK_SUBMIT_ARGS"] = f"{submitted} {eventlog.CONFIGURED.format(folder=log)} pyspark-shell"
    command = [sys.executable, "-m", "openproposals", "publish", corpus, "--out", out]
    command += ["--engine", "spark", "--lang", "en", "--master", master]
    begun, since = time.perf_counter(), time.time()
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
    peaks, over = {"driver_mb": 0, "tree_mb": 0}, threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            with contextlib.suppress(OSError):
                alone = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                peaks["driver_mb"] = max(peaks["driver_mb"], round(alone / 1e6))
            peaks["tree_mb"] = max(peaks["tree_mb"], round(resident(process.pid) / 1e6))

    threading.Thread(target=watch, daemon=True).start()
    stages: list[tuple[str, float]] = []
    assert process.stderr is not None
    for line in process.stderr:
        if line.endswith("…\n"):
            stages.append((line.strip().rstrip("…"), time.perf_counter() - begun))
        elif "WARN" not in line:
            say(line.rstrip())
    code = process.wait()
    over.set()
    if code:
        raise SystemExit(f"publish --engine spark ended with {code}")
    wall = time.perf_counter() - begun
    ends = [at for _, at in stages[1:]] + [wall]
    seconds = {"session": stages[0][1], **{n: end - at for (n, at), end in zip(stages, ends, strict=True)}}
    return {
        "wall_s": round(wall, 1),
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        "stages": eventlog.by_stage(log, [(name, since + at) for name, at in stages]),
        **peaks,
    }


def digest(paths: Iterator[Path]) -> str:
    """The sum of some files, one after another."""
    whole = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while data := file.read(1 << 24):
                whole.update(data)
    return whole.hexdigest()


def compared(folder: Path) -> dict[str, bool]:
    """Whether Spark's release in a folder has the N-Triples and the counts of the local one."""
    parts = sorted((folder / "spark").glob(f"*{_ENDING}/part-*"))
    same = digest(iter(parts)) == digest((folder / "nt").glob(f"*{_ENDING}"))
    reports = [json.loads((folder / each / "report.json").read_text()) for each in ("local", "spark")]
    keys = ("rows", "triples", "screened", "judged", "findings")
    return {"same_ntriples": same, "same_counts": all(reports[0].get(key) == reports[1].get(key) for key in keys)}


def run(proposals: int, workers: int, given: argparse.Namespace) -> dict[str, object]:
    """Generate, publish here and on Spark, compare."""
    submitted = (
        f"--driver-memory {given.driver_memory} --executor-memory {given.executor_memory} "
        "--conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1"
    )
    cores = workers or int("".join(filter(str.isdigit, given.master)) or os.cpu_count() or 1)
    found: dict[str, object] = {"proposals": proposals, "cores": cores, "load": round(os.getloadavg()[0], 1)}
    with tempfile.TemporaryDirectory(prefix="openproposals-spark-") as name, contextlib.ExitStack() as ends:
        folder = Path(name)
        generate.generate(folder / "corpus", proposals)
        if not given.spark_only:
            program = [sys.executable, "-m", "openproposals"]
            found["local"] = measured([*program, "publish", folder / "corpus", "--out", folder / "local", "--quiet"])
            dump = [*program, "convert", folder / "corpus", "--format", "ntriples", "--out", folder / "nt", "--quiet"]
            measured(dump)
        split(folder / "corpus", given.rows)
        master = given.master
        if workers:
            (folder / "cluster").mkdir()
            master = ends.enter_context(standalone.standalone(folder / "cluster", workers, 1, given.executor_memory))
        found["spark"] = spark(folder / "corpus", folder / "spark", master, submitted, folder / "log")
        report = json.loads((folder / "spark" / "report.json").read_text())
        found["rows"] = sum(report["rows"].values()) if isinstance(report["rows"], dict) else report["rows"]
        if not given.spark_only:
            found |= compared(folder)
    return found


def main() -> int:
    """Measure each size with each number of workers; print all, and the model of what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proposals", type=int, nargs="+", default=[100_000])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--workers", type=int, nargs="+", default=[0])
    parser.add_argument("--driver-memory", default="1g")
    parser.add_argument("--executor-memory", default="1g")
    parser.add_argument("--spark-only", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    runs: list[dict[str, object]] = []
    for proposals in given.proposals:
        for workers in given.workers:
            runs.append(run(proposals, workers, given))
            print(json.dumps(runs[-1], indent=1), flush=True)
            if given.json:
                given.json.write_text(json.dumps({"runs": runs}, indent=1) + "\n", encoding="utf-8")
    if len({(each["rows"], each["cores"]) for each in runs}) > 2:
        print(scaling.told(scaling.model(runs), 1.5e9, 100))
    same = all(each.get("same_ntriples", True) and each.get("same_counts", True) for each in runs)
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
