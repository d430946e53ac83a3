"""docs/benchmarks.md from benchmarks/results/: a file a size, so that a size not run again keeps its figures.

The page's prose is written by hand in benchmarks/page.md; `./run check-docs` holds the page to both.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import timeit
from importlib.metadata import version
from pathlib import Path
from typing import Any

import page_serving
import page_sites
import page_spark
from page_parts import STAGES, cost, plain, where

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PROSE = ROOT / "benchmarks" / "page.md"
PAGE = ROOT / "docs" / "benchmarks.md"
HERE = "<!-- tables -->"
NOTE = (
    "<!-- Written by benchmarks/page.py from benchmarks/results/ and benchmarks/page.md; then run: ./run docs -->\n\n"
)
OURS = ("polars", "pyarrow", "pyoxigraph", "frictionless", "pyshacl")
PEERS = {".venv-peers": ("frictionless", "maplib", "pyoxigraph", "pyrudof", "pyshacl"), ".venv-oracle": ("morph_kgc",)}


def versions(*, peers: bool) -> dict[str, str]:
    """Of what was measured."""
    found = {"openproposals": version("openproposals"), **{name: version(name) for name in OURS}}
    for folder, names in PEERS.items() if peers else ():
        ask = f"import importlib.metadata as m; print(*[m.version(n) for n in {names!r}])"
        python = ROOT / folder / "bin" / "python"
        told = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.split()
        found |= {name.replace("_", "-") + " (peer)": number for name, number in zip(names, told, strict=True)}
    return found


def machine() -> dict[str, object]:
    """Where it was measured, how busy it was in the quarter of an hour before, and how quick it is at its end.

    `loop_s` is what ten million additions in Python take: shared machines change their speed from hour to hour.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[2], 1),
        "loop_s": round(
            min(timeit.repeat("for n in range(10_000_000): total += n", "total = 0", number=1, repeat=3)), 2
        ),
    }


def record(found: dict[str, Any], arguments: list[str]) -> None:
    """Keep a run's figures; what this run did not measure is kept from the one before of that size, and says its run.

    The page is then written again.
    """
    path = RESULTS / f"{found['proposals']}.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"runs": {}}
    said = _arguments(arguments)
    parts: dict[str, Any] = {"ours": ["ours"], "real": ["real"], "check": ["check"], "faults": ["faults"]}
    parts["peers"] = ["peers", "failed", "best_chain", "best_chain_wall_s", "ratio"]
    about = {"command": f"./run bench {said}".rstrip(), "versions": found["versions"], "machine": found["machine"]}
    for part, keys in parts.items():
        if keys[0] in found:
            beside = {"ours": found["ours"]} if part in ("peers", "faults") else {}
            before["runs"][part] = {**about, **beside, **{key: found[key] for key in keys}}
    before["proposals"] = found["proposals"]
    RESULTS.mkdir(exist_ok=True)
    path.write_text(json.dumps(before, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(text(), encoding="utf-8")


def record_serving(found: dict[str, Any]) -> None:
    """Keep what a run of `./run bench-serve` measured beside what others did, and write the page again."""
    path = RESULTS / "serving.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"runs": {}}
    for part in ("serving", "building", "questions"):
        if part in found:
            before["runs"][part] = {key: found[key] for key in ("command", "machine", "versions", part)}
    path.write_text(json.dumps(before, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(text(), encoding="utf-8")


def record_spark(runs: list[dict[str, Any]], arguments: list[str]) -> None:
    """Keep runs of `./run bench-spark` in place of earlier ones of that size and number of workers; write the page."""
    path = RESULTS / "spark.json"
    before = json.loads(path.read_text(encoding="utf-8"))["runs"]["spark"]["spark"] if path.is_file() else []
    peers = any("beside" in run for run in runs)
    about = {"machine": machine(), "versions": versions(peers=peers) | {"pyspark": version("pyspark")}}
    made = [{"command": f"./run bench-spark {_arguments(arguments)}", **about, **run} for run in runs]
    new = {(run["proposals"], run["workers"]) for run in runs}
    kept = [run for run in before if (run["proposals"], run["workers"]) not in new]
    every = sorted([*kept, *made], key=lambda run: (run["proposals"], run["workers"]))
    path.write_text(json.dumps({"runs": {"spark": {"spark": every}}}, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(text(), encoding="utf-8")


def record_site(run: dict[str, Any], arguments: list[str]) -> None:
    """Keep a run of `./run bench-site` in place of an earlier one of that size, and write the page again."""
    path = RESULTS / "sites.json"
    before = json.loads(path.read_text(encoding="utf-8"))["runs"]["sites"] if path.is_file() else []
    about = {"machine": machine(), "versions": {"openproposals": version("openproposals")}}
    new = {"command": f"./run bench-site {_arguments(arguments)}".rstrip(), **about, **run}
    kept = [each for each in before if each["proposals"] != run["proposals"]]
    every = sorted([*kept, new], key=lambda each: each["proposals"])
    path.write_text(json.dumps({"runs": {"sites": every}}, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(text(), encoding="utf-8")


def _arguments(given: list[str]) -> str:
    """Without the file that the figures were also written into."""
    kept = [a for i, a in enumerate(given) if not a.startswith("--json") and (i == 0 or given[i - 1] != "--json")]
    return " ".join(kept)


def text() -> str:
    """The page."""
    read = [json.loads(path.read_text(encoding="utf-8")) for path in RESULTS.glob("*.json")]
    found = sorted((each for each in read if "ours" in each["runs"]), key=lambda each: int(each["proposals"]))
    tables = (
        _short(found)
        + [line for each in found for line in _size(each)]
        + [line for each in read for line in page_spark.lines(each["runs"])]
        + [line for each in read for line in page_sites.lines(each["runs"])]
        + [line for each in read for line in page_serving.lines(each["runs"])]
    )
    return NOTE + PROSE.read_text(encoding="utf-8").replace(HERE, "\n".join(tables).strip())


def _short(found: list[dict[str, Any]]) -> list[str]:
    """A line a size."""
    lines = [
        "## In short",
        "",
        "| proposals | triples | wall | processor | memory | write floor | best chain, same run | faults found |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in found:
        runs = each["runs"]
        ours = runs["ours"]["ours"]
        ratio = runs.get("peers", {}).get("ratio")
        chain = f"{ratio:.1f} times ours" if ratio else "not measured"
        planted = runs["faults"]["faults"] if "faults" in runs else None
        faults = f"{planted['found']:,} of {planted['planted']:,}" if planted else "not measured"
        lines.append(
            f"| {each['proposals']:,} | {ours['triples']:,} | {cost(ours)} | {ours['write_floor_s']:,.1f} s "
            f"| {chain} | {faults} |"
        )
    return [*lines, ""]


def _size(found: dict[str, Any]) -> list[str]:
    """One size: ours, the peers of its run, the faults, what was checked."""
    runs = found["runs"]
    run, ours = runs["ours"], runs["ours"]["ours"]
    times = f"medians of {ours['runs']} runs" if ours["runs"] > 1 else "one run"
    lines = [
        f"## {found['proposals']:,} proposals",
        "",
        f"Ours, `{run['command']}`: {ours['written_mb']:,} MB written; {times}.",
        "",
        *where(run),
    ]
    for name, real in runs["real"]["real"].items() if "real" in runs else ():
        lines += [
            f"In the same run, the corpus `{name}`, imports included: {real['wall_s']:.2f} s of wall and "
            f"{real['cpu_s']:.2f} s of processor time, {real['peak_mb']:,} MB; medians of {real['runs']} runs.",
            "",
        ]
    for part, shown in (("peers", _peers), ("faults", _faults)):
        if part in runs:
            lines += shown(runs[part])
            elsewhere = any(runs[part][key] != run[key] for key in ("machine", "versions"))
            lines += where(runs[part]) if elsewhere else []
    if "check" in runs:
        seen = runs["check"]["check"]
        lines += [
            f"Checked (`{runs['check']['command']}`): Turtle and JSON-LD parsed to their ends "
            f"by pyoxigraph (JSON-LD some lines at a time), "
            f"{seen['triples']:,} triples each; {seen['rows']:,} rows counted; {seen['subjects']:,} subjects with "
            f"{seen['subject_triples']:,} triples made again a row at a time, and the same.",
            "",
        ]
    return lines


def _peers(run: dict[str, Any]) -> list[str]:
    best = set(run["best_chain"].values())
    ours = run["ours"]
    lines = [
        f"Side by side in one run, `{run['command']}`; in bold the quickest of each stage that did its work:",
        "",
        "| stage | tool | wall | processor | memory |",
        "|---|---|---|---|---|",
    ]
    for stage, words in STAGES.items():
        for name, figures in run["peers"].items():
            if figures["stage"] == stage:
                shown = f"**{name}**" if name in best else name
                lines.append(f"| {words} | {shown} | {cost(figures)} |")
    if run["ratio"] is None:
        lines += ["", "No chain: a stage has no peer that did its work.", ""]
    else:
        lines += [
            f"| all | best chain | {run['best_chain_wall_s']:,.1f} s | | |",
            f"| all, CSV and catalogue too | ours | {cost(ours)} |",
            "",
            f"The best chain took **{run['ratio']:.1f} times** our wall time.",
            "",
        ]
    lines += [line for name, why in run["failed"].items() for line in (f"{name} is not counted: {plain(why)}.", "")]
    return lines


def _faults(run: dict[str, Any]) -> list[str]:
    faults = run["faults"]
    lines = [
        f"Faults, `{run['command']}`: {faults['found']:,} of {faults['planted']:,} planted were reported at their row "
        f"and column with their code; both runs together took {faults['ratio']:.2f} times the clean run's "
        f"{run['ours']['wall_s']:,.1f} s.",
        "",
        "| faults in | kinds | planted | found | findings in all | shown | wall | processor | memory |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for kind, part in faults["runs"].items():
        counts = " | ".join(f"{part[key]:,}" for key in ("kinds", "planted", "found", "findings", "shown"))
        lines.append(f"| {kind} | {counts} | {cost(part)} |")
    return [*lines, ""]


if __name__ == "__main__":
    sys.stdout.write(text())
