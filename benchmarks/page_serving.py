"""The part of docs/benchmarks.md about `serve`, from benchmarks/results/serving.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from page_parts import cost, where

SERVERS = {
    "items": "ours, items (16 connections)",
    "queries": "ours, 26 simple queries in turn (4 connections)",
    "fresh": "ours, simple queries that were never asked (4 connections)",
    "oxigraph": "Oxigraph's server, those (4 connections)",
    "peer": "the other peer, the same queries (4 connections)",
}
SHARES = {
    "whole": "all it can",
    "half": "half of that",
    "idle": "half, idle connections beside",
    "death": "a quarter, ten queries of death beside",
}


def lines(runs: dict[str, Any]) -> Iterator[str]:
    """The lines of the page for what was measured; none where a size of corpus was."""
    if runs.keys() & {"serving", "building", "questions"}:
        yield from ("## Serving", "")
    if "serving" in runs:
        yield from _serving(runs["serving"])
    if "building" in runs:
        yield from _building(runs["building"])
    if "questions" in runs:
        yield from _questions(runs["questions"])


def _serving(run: dict[str, Any]) -> Iterator[str]:
    yield from (
        f"`{run['command']}`, with wrk on the same machine; half and quarter are about that.",
        "",
    )
    yield from (
        "| server | asked | a second | half are within | 99 % are within | failed |",
        "|---|---|---|---|---|---|",
    )
    parts = run["serving"]
    for server, name in SERVERS.items():
        for share, asked in SHARES.items():
            figures = parts.get(server, {}).get(share)
            if figures:
                yield (
                    f"| {name} | {asked} | {figures['rate']:,.0f} | {figures['p50_ms']:,.1f} ms "
                    f"| {figures['p99_ms']:,.1f} ms | {figures['failed']:,} |"
                )
    yield ""
    theirs = parts["oxigraph"]["whole"]["rate"]
    kept, fresh = (parts[name]["whole"]["rate"] / theirs for name in ("queries", "fresh"))
    yield (
        f"Of simple queries, ours answers **{fresh:.2f} times** as many a second as Oxigraph's server, "
        f"and **{kept:.2f} times** as many of those whose answers it has kept."
    )
    for server in ("items", "oxigraph"):
        idle = parts[server].get("idle")
        if idle:
            name = SERVERS[server].partition(",")[0]
            memory = f"{idle['peak_mb']:,} MB, in which what its processes share is counted for each"
            yield f"Idle connections held, {name}: {idle['held']:,}; memory then {memory}."
    for server in ("items", "queries", "fresh", "oxigraph"):
        ended = parts[server]["death"]["ended"]
        said = ", ".join(f"{number} with {status}" for status, number in sorted(ended.items())) or "none"
        yield f"Queries of death answered in that time, {SERVERS[server].partition(' (')[0]}: {said}."
    yield from ("", *where(run))


def _building(run: dict[str, Any]) -> Iterator[str]:
    built = run["building"]
    yield (
        f"A store, `{run['command']}`: {built['triples']:,} triples in a named graph, {built['dump_mb']:,} MB of dump, "
        f"{built['store_mb']:,} MB of store."
    )
    yield from ("", "| built by | wall | processor | memory |", "|---|---|---|---|")
    for key, name in (("ours", "`serve`"), ("oxigraph", "Oxigraph's `load` and `optimize`")):
        yield f"| {name} | {cost(built[key])} |"
    yield ""
    yield (
        f"Ours takes {built['ours']['cpu_s'] / built['oxigraph']['cpu_s']:.2f} times the processor time; "
        f"{built['triples'] / built['ours']['wall_s']:,.0f} triples a second."
    )
    yield from ("", *where(run))


def _questions(run: dict[str, Any]) -> Iterator[str]:
    asked = run["questions"]["asked"]
    times = [each["cpu_s"] for each in asked.values() if each]
    soon = sum(each <= 2 for each in times)
    triples = run["questions"]["triples"]
    yield from ("", f"The example questions of {triples:,} triples, each in a process of its own, `{run['command']}`:")
    yield (
        f"{soon} of {len(asked)} take up to 2 seconds of processor time, {len(times) - soon} more up to the 20 that "
        f"a query has, {len(asked) - len(times)} are refused."
    )
    yield from ("", "| question | processor | answer |", "|---|---|---|")
    for name, each in asked.items():
        yield (
            f"| {name} | {each['cpu_s']:.2f} s | {each['bytes'] / 1e6:,.1f} MB |" if each else f"| {name} | refused | |"
        )
    yield from ("", *where(run))
