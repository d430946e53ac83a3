"""The part of docs/benchmarks.md about `site`, from benchmarks/results/sites.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from page_parts import cost, where


def lines(runs: dict[str, Any]) -> Iterator[str]:
    """The lines of the page for what was measured; none where a size of corpus was."""
    if "sites" not in runs:
        return
    yield from (
        "## Sites",
        "",
        "`./run bench-site --proposals N`: pages in two languages, each with its data in four syntaxes; one run each.",
        "Memory is the sum over the processes, and counts for each of them what they share. `loop`: ten million",
        "additions in Python, in the same run.",
        "",
        "| proposals | pages | files | written | wall | processor | memory | processor a page | load | loop |",
        "|---|---|---|---|---|---|---|---|---|---|",
    )
    for run in runs["sites"]:
        each, place = 1000 * run["cpu_s"] / run["pages"], run["machine"]
        yield (
            f"| {run['proposals']:,} | {run['pages']:,} | {run['files']:,} | {run['written_mb']:,} MB | {cost(run)} "
            f"| {each:.1f} ms | {place['load']} | {place['loop_s']:.2f} s |"
        )
    yield ""
    yield from where(runs["sites"][-1])
