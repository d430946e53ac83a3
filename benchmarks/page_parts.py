"""What the tables of docs/benchmarks.md have in common."""

from __future__ import annotations

from typing import Any


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
