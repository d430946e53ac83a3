"""Measure `publish --engine spark` beside the local engine, on one generated corpus, and compare what they publish.

    ./run bench-spark [--proposals 100000 ...] [--rows 50000 | --parquet] [--master 'local[2]' | --workers 2 ...]
                      [--driver-memory 1g] [--executor-memory 1g] [--spark-only] [--peers] [--json FILE] [--unrecorded]

Tables of more than --rows rows are given to Spark in parts, as CSV; with --parquet, all as Parquet, which takes a third
of the disk: the same corpus is then generated anew, with --spark-only no CSV file of it is ever there, and its Parquet
files are deleted once Spark has read them all, so that more of the disk is left for a large release. With --workers,
a master and so many workers of one core are begun. With --peers, what other tools can do of a publish is measured in
the same run (peering.py), each for --limit seconds at most.
Told are the seconds of the local engine, and those of Spark: until its session stands, and of each stage; tasks, their
seconds and the megabytes shuffled by stage; the processor seconds of all processes; the highest resident memory of the
driver's Python, of a worker's, and of all; and the most disk used at once, with the bytes of it for each triple.
Of several sizes and numbers of workers a model is fitted (scaling.py). The parts of N-Triples, one after another, must
have the sum of the local dump, and the counts must be the same.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import gzip
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import eventlog
import generate
import page
import peering
import sampling
import scaling
import standalone
from measuring import measured, say

_SEED = 1
_ENDING = ".nt"
_PIECE = 1 << 24  # bytes that are read at once
_COUNTS = ("rows", "triples", "screened", "judged", "findings")


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


def spark(corpus: Path, out: Path, master: str, submitted: str) -> dict[str, Any]:
    """Publish on Spark: seconds in all, until the session stood, and by stage; what was sampled; what Spark's log says.

    `driver_mb` is the highest resident memory of the driver's Python, `worker_mb` that of a worker's, `tree_mb` that of
    all processes together. The disk is that of the folder that `out` is in.
    """
    log = out.with_name("log")
    log.mkdir()
    env = {**os.environ, **standalone.HERE}
    env["PYSPARK_SUBMIT_ARGS"] = f"{submitted} {eventlog.CONFIGURED.format(folder=log)} pyspark-shell"
    command = [sys.executable, "-m", "openproposals", "publish", corpus, "--out", out]
    command += ["--engine", "spark", "--lang", "en", "--master", master]
    begun, since = time.perf_counter(), time.time()
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
    stages: list[tuple[str, float]] = []
    processor: list[tuple[float, float]] = []
    assert process.stderr is not None
    with sampling.sampled(process.pid, out.parent) as seen:
        for line in process.stderr:
            if line.endswith("…\n"):
                if stages:  # it has read the corpus
                    for parts in corpus.glob("*.parquet"):
                        shutil.rmtree(parts)
                stages.append((line.strip().rstrip("…"), time.perf_counter() - begun))
                processor.append((seen.seconds("driver"), seen.seconds()))
            elif "WARN" not in line:
                say(line.rstrip())
        code = process.wait()
    if code:
        raise SystemExit(f"publish --engine spark ended with {code}")
    wall = time.perf_counter() - begun
    ends = [at for _, at in stages[1:]] + [wall]
    seconds = {"session": stages[0][1], **{n: end - at for (n, at), end in zip(stages, ends, strict=True)}}
    until = [(0.0, 0.0), *processor, (seen.seconds("driver"), seen.seconds())]
    parts = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(until)]
    return {
        "wall_s": round(wall, 1),
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        "processor": {
            name: {"driver": round(driver, 1), "workers": round(whole - driver, 1)}
            for name, (driver, whole) in zip(seconds, parts, strict=True)
        },
        "stages": eventlog.by_stage(log, [(name, since + at) for name, at in stages]),
        "cpu_s": {"all": seen.seconds(), **{kind: seen.seconds(kind) for kind in ("driver", "python", "java")}},
        "driver_mb": seen.megabytes("driver"),
        "worker_mb": seen.megabytes("python"),
        "tree_mb": round(seen.together / 1e6),
        "disk_mb": {kind: round(taken / 1e6) for kind, taken in seen.disk.items()},
    }


def digest(paths: Iterable[Path]) -> str:
    """The sum of some dumps, one after another, unzipped."""
    whole = hashlib.sha256()
    for path in paths:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            while data := file.read(_PIECE):
                whole.update(data)
    return whole.hexdigest()


def local(folder: Path) -> tuple[dict[str, float], str, dict[str, object]]:
    """Publish here: what was measured, the sum of the N-Triples, and the report. The release is kept in `release`."""
    program, out = [sys.executable, "-m", "openproposals"], folder / "local"
    found = measured([*program, "publish", folder / "corpus", "--out", folder / "release", "--quiet"])
    report = _report(folder / "release")
    measured([*program, "convert", folder / "corpus", "--format", "ntriples", "--out", out, "--quiet"])
    sum_ = digest(out.glob(f"*{_ENDING}"))
    shutil.rmtree(out)
    return found, sum_, report


def _report(release: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((release / "report.json").read_text(encoding="utf-8"))
    return found


def run(proposals: int, workers: int, given: argparse.Namespace) -> dict[str, object]:
    """Generate, publish here and on Spark, compare."""
    submitted = (
        f"--driver-memory {given.driver_memory} --executor-memory {given.executor_memory} "
        "--conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1"
    )
    cores = workers or int("".join(filter(str.isdigit, given.master)) or os.cpu_count() or 1)
    found: dict[str, Any] = {"proposals": proposals, "cores": cores, "workers": workers}
    with tempfile.TemporaryDirectory(prefix="openproposals-spark-") as name, contextlib.ExitStack() as ends:
        folder = Path(name)
        corpus = folder / "corpus"
        if not (given.spark_only and given.parquet):
            generate.generate(corpus, proposals)
        if not given.spark_only:
            found["local"], sum_, here = local(folder)
        if given.peers:
            ours = {**found["local"], "triples": _sum(here["triples"])}
            found["beside"] = peering.chain(folder, _SEED, ours, given.limit)
        _cleared(folder, corpus)
        if given.parquet:
            shutil.rmtree(corpus, ignore_errors=True)
            generate.generate(corpus, proposals, parquet=True)
        else:
            split(corpus, given.rows)
        found["input_mb"] = round(sum(path.stat().st_size for path in corpus.rglob("*") if path.is_file()) / 1e6)
        master = given.master
        (folder / "spark" / "moved").mkdir(parents=True)
        os.environ["SPARK_LOCAL_DIRS"] = str(folder / "spark" / "moved")
        if workers:
            (folder / "cluster").mkdir()
            master = ends.enter_context(standalone.standalone(folder / "cluster", workers, 1, given.executor_memory))
        release = folder / "spark" / "release"
        told = spark(corpus, release, master, submitted)
        report = _report(release)
        found |= {"rows": _sum(report["rows"]), "triples": _sum(report["triples"]), "spark": told}
        found["disk_bytes_a_triple"] = round(sum(told["disk_mb"].values()) * 1e6 / found["triples"])
        if not given.spark_only:
            found["same_ntriples"] = digest(sorted(release.glob(f"*{_ENDING}.gz/part-*"))) == sum_
            found["same_counts"] = all(here.get(key) == report.get(key) for key in _COUNTS)
    return found


def _cleared(folder: Path, corpus: Path) -> None:
    """Delete all but the corpus: what follows is to have the disk for itself."""
    for path in folder.iterdir():
        if path.is_dir() and path != corpus:
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def _sum(counts: object) -> int:
    """Of counts by table, or of one count."""
    return sum(counts.values()) if isinstance(counts, dict) else int(str(counts))


def main() -> int:
    """Measure each size with each number of workers; print all, and the model of what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proposals", type=int, nargs="+", default=[100_000])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--workers", type=int, nargs="+", default=[0])
    parser.add_argument("--driver-memory", default="1g")
    parser.add_argument("--executor-memory", default="1g")
    parser.add_argument("--parquet", action="store_true")
    parser.add_argument("--spark-only", action="store_true")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--limit", type=float, default=400)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--unrecorded", action="store_true", help="leave benchmarks/results/ and docs/ as they are")
    given = parser.parse_args()
    if given.peers and given.spark_only:
        parser.error("--peers needs the local engine's run")
    runs: list[dict[str, object]] = []
    for proposals in given.proposals:
        for workers in given.workers:
            runs.append(run(proposals, workers, given))
            print(json.dumps(runs[-1], indent=1), flush=True)
            if given.json:
                given.json.write_text(json.dumps({"runs": runs}, indent=1) + "\n", encoding="utf-8")
    if not given.unrecorded:
        page.record_spark(runs, sys.argv[1:])
    if len({each["rows"] for each in runs}) > 1:
        print(scaling.told(scaling.model(runs), 1.5e9, 100))
    same = all(each.get("same_ntriples", True) and each.get("same_counts", True) for each in runs)
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
