"""What the tables of docs/benchmarks.md have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
STAGES = {
    "validate": "tables validated",
    "convert": "tables to N-Triples",
    "serialize": "N-Triples to Turtle and JSON-LD",
    "check": "graph held to the shapes",
}


def cost(figures: dict[str, Any]) -> str:
    """Wall and processor time, and memory, as cells of a table."""
    return f"{figures['wall_s']:,.1f} s | {figures['cpu_s']:,.1f} s | {figures['peak_mb']:,} MB"


def where(run: dict[str, Any]) -> list[str]:
    """The machine of a run, and the versions of what was measured."""
    place = run["machine"]
    tools = ", ".join(f"{name} {number}" for name, number in run["versions"].items())
    return [
        f"On {place['cores']} cores, {place['memory_gb']} GB, {place['system']}, Python {place['python']}, "
        f"load {place['load']} over a quarter of an hour"
        + (f", ten million additions in {place['loop_s']:.2f} s" if "loop_s" in place else "")
        + f". {tools}.",
        "",
    ]


def plain(why: str) -> str:
    """Why a tool failed, on one line, without paths of this machine."""
    return " ".join(why.replace("|", "/").replace(str(ROOT), "").split())[:300].rstrip(".")
