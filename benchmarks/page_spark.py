"""The part of docs/benchmarks.md about `publish --engine spark`, from benchmarks/results/spark.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import scaling
from page_parts import STAGES, cost, plain, where

PROPOSALS, CORES = 100_000_000, 100


def lines(runs: dict[str, Any]) -> Iterator[str]:
    """The lines of the page; none where something else was measured."""
    if "spark" not in runs:
        return
    found = runs["spark"]["spark"]
    yield from (
        "## Spark",
        "",
        "| proposals | triples | on | wall | processor: driver, workers, Java | local engine: wall, processor "
        "| times that: wall without the session, processor | memory: driver, a worker, all | disk | bytes a triple |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *map(_run, found),
        "",
        "The dumps were those of the local engine where it ran too, byte for byte (N-Triples), and the counts the same."
        if all(run.get("same_ntriples", True) and run.get("same_counts", True) for run in found)
        else "**The dumps or the counts were not those of the local engine.**",
        "",
    )
    for run in found:
        yield from _beside(run)
    clusters = [run for run in found if run["workers"]]
    largest = max((run["proposals"] for run in clusters), default=0)
    yield from _stages([run for run in clusters if run["proposals"] == largest])
    if len({run["rows"] for run in found}) > 1:
        yield from _model(found)
    for said in dict.fromkeys((run["command"], *where(run)) for run in found):
        yield from (f"`{said[0]}`. {said[1]}", "")


def _run(run: dict[str, Any]) -> str:
    spark, used = run["spark"], run["spark"]["cpu_s"]
    on = f"{_workers(run)} of one core" if run["workers"] else f"{run['cores']} threads"
    here = run.get("local")
    local = "not measured | "
    if here:
        times = (spark["wall_s"] - spark["seconds"]["session"]) / here["wall_s"], used["all"] / here["cpu_s"]
        local = f"{here['wall_s']:,.0f} s, {here['cpu_s']:,.0f} s | {times[0]:.1f}, {times[1]:.1f}"
    return (
        f"| {run['proposals']:,} | {run['triples']:,} | {on} | {spark['wall_s']:,.0f} s "
        f"| {used['driver']:,.0f} s, {used['python']:,.0f} s, {used['java']:,.0f} s | {local} "
        f"| {spark['driver_mb']:,} MB, {spark['worker_mb']:,} MB, {spark['tree_mb']:,} MB "
        f"| {sum(spark['disk_mb'].values()):,} MB | {run['disk_bytes_a_triple']} |"
    )


def _beside(run: dict[str, Any]) -> Iterator[str]:
    """What other tools did of the same work, in the same run as Spark and the local engine."""
    if "beside" not in run:
        return
    spark = run["spark"]
    yield from (
        f"Side by side in one run at {run['proposals']:,} proposals, `{run['command']}`:",
        "",
        "| what | with | wall | processor | memory |",
        "|---|---|---|---|---|",
    )
    whole = "all: tables, graph, dumps, CSV and catalogue"
    yield (
        f"| {whole}; N-Triples, Parquet and gzip too | Spark, {run['cores']} threads | {spark['wall_s']:,.1f} s, "
        f"of it {spark['seconds']['session']:,.1f} s until its session stood | {spark['cpu_s']['all']:,.1f} s "
        f"| {spark['tree_mb']:,} MB |"
    )
    yield f"| {whole} | the local engine | {cost(run['local'])} |"
    for name, figures in run["beside"]["peers"].items():
        yield f"| {STAGES[figures['stage']]} | {name} | {cost(figures)} |"
    yield ""
    for name, why in run["beside"]["failed"].items():
        yield from (f"{name} is not counted: {plain(why)}.", "")


def _workers(run: dict[str, Any]) -> str:
    return f"{run['workers']} worker{'s' if run['workers'] > 1 else ''}"


def _stages(runs: list[dict[str, Any]]) -> Iterator[str]:
    """The stages of one size, with each number of workers."""
    if not runs:
        return
    columns = [_workers(run) for run in runs]
    yield f"Stages at {runs[0]['proposals']:,} proposals: wall time; time that tasks ran; tasks; megabytes shuffled."
    yield from ("", f"| stage | {' | '.join(columns)} |", "|---|" + "---|" * len(runs))
    for name in runs[0]["spark"]["seconds"]:
        cells = []
        for run in runs:
            told = run["spark"]["stages"].get(name)
            cell = f"{run['spark']['seconds'][name]:,.0f} s"
            if told:
                cell += f"; {told['task_s']:,.0f} s; {told['tasks']:,}; {told['shuffled_mb']:,.0f} MB"
            cells.append(cell)
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def _model(found: list[dict[str, Any]]) -> Iterator[str]:
    """What a model of these runs says of a larger one."""
    rows = PROPOSALS * found[-1]["rows"] / found[-1]["proposals"]
    yield (
        "A model fitted to the processor time of these runs (benchmarks/scaling.py): seconds paid once, and for a "
        f"million rows by the driver and by workers; what it says of {PROPOSALS:,} proposals ({rows:,.0f} rows) on "
        f"{CORES} cores that wait for nothing. No such cluster was tried."
    )
    yield from ("", f"| stage | once | driver | workers | {PROPOSALS:,} on {CORES} cores |", "|---|---|---|---|---|")
    for name, parts in scaling.model(found).items():
        unit = "MB" if name == "driver_mb" else "s"
        shown = "driver's memory" if name == "driver_mb" else name
        here = (parts["constant"], parts["serial"] * 1e6, parts["shared"] * 1e6)
        cells = " | ".join(f"{value:,.2f} {unit}" for value in here)
        yield f"| {shown} | {cells} | {scaling.foretold(parts, rows, CORES):,.0f} {unit} |"
    yield ""
