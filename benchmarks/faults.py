"""Faults planted among many rows: whether each is reported at its row and column with its code, and the cost."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import plant
from measuring import FailedError, measured, say

SHOWN = 20  # missed faults that are told


def measure(folder: Path, planted: int, seed: int, clean: float) -> dict[str, object]:
    """Publish FOLDER/corpus with faults in its tables, then with faults in its graph, half of `planted` each.

    A graph is only made of tables that conform, hence two runs; `wall_s` is their sum and `ratio` its share of the
    seconds that the clean corpus took.
    """
    runs, missed, count = {}, [], 0
    for kind in plant.KINDS:
        say(f"publishing with faults in the {kind}")
        corpus, report = folder / "faulty", folder / "faulty.json"
        shutil.copytree(folder / "corpus", corpus)
        expected = plant.plant(corpus, kind, planted // len(plant.KINDS), seed)
        command = [sys.executable, "-m", "openproposals", "publish", corpus, "--out", folder / "refused"]
        try:
            figures = measured([*command, "--quiet", "--report", "json"], codes=(1,), out=report)
        except FailedError as error:
            raise SystemExit(f"publish of a faulty corpus {error}") from error
        if (folder / "refused").exists():
            raise SystemExit("a faulty corpus was published")
        told = json.loads(report.read_text(encoding="utf-8"))
        reported = {(f["file"], f["row"], f["name"], f["code"]) for f in told["findings"]}
        missing = [place for place in expected if place not in reported]
        findings = sum(told["counts"].values())
        here = {"planted": len(expected), "found": len(expected) - len(missing), "findings": findings}
        runs[kind] = {**figures, **here, "shown": told["shown"], "kinds": len(plant.KINDS[kind])}
        missed += missing
        count += len(expected)
        shutil.rmtree(corpus)
    for file, row, column, code in missed[:SHOWN]:
        say(f"not reported: {file}:{row} ({column}) {code}")
    wall = round(sum(run["wall_s"] for run in runs.values()), 2)
    return {
        "planted": count,
        "found": count - len(missed),
        "missed": [list(place) for place in missed[:SHOWN]],
        "wall_s": wall,
        "ratio": round(wall / clean, 2),
        "runs": runs,
    }
