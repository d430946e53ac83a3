"""What Spark's own event log says of a run: by stage of the pipeline, seconds of tasks, tasks, and bytes shuffled."""

from __future__ import annotations

import bisect
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

CONFIGURED = (
    "--conf spark.eventLog.enabled=true --conf spark.eventLog.compress=false --conf spark.eventLog.dir={folder}"
)


def _events(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("events_*")) or sorted(folder.glob("*")):
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def by_stage(folder: Path, begun: Sequence[tuple[str, float]]) -> dict[str, dict[str, float]]:
    """By stage of the pipeline: jobs, tasks, seconds that tasks ran, and megabytes shuffled.

    begun: the name of each stage, and the time in seconds since 1970 at which it began.
    """
    found: dict[str, dict[str, float]] = {
        name: {"jobs": 0, "tasks": 0, "task_s": 0.0, "shuffled_mb": 0.0} for name, _ in begun
    }
    names, times = [name for name, _ in begun], [time for _, time in begun]
    stage_of: dict[int, str] = {}
    for event in _events(folder):
        if event["Event"] == "SparkListenerJobStart":
            name = names[max(0, bisect.bisect_right(times, event["Submission Time"] / 1000) - 1)]
            found[name]["jobs"] += 1
            stage_of |= {number: stage_of.get(number, name) for number in event["Stage IDs"]}
        elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            metrics: Mapping[str, Any] = event["Task Metrics"]
            told = found[stage_of[event["Stage ID"]]]
            told["tasks"] += 1
            told["task_s"] += metrics["Executor Run Time"] / 1000
            told["shuffled_mb"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"] / 1e6
    return {name: {key: round(value, 1) for key, value in told.items()} for name, told in found.items()}
