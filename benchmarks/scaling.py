"""Fit a model to measured runs on Spark, and say what it foretells for other sizes and numbers of cores.

    python benchmarks/scaling.py FILE.json... [--rows 1500000000] [--cores 100]

FILE.json is what `./run bench-spark --json` wrote. Each stage takes

    seconds = constant + serial * rows + shared * rows / cores

where `constant` is what is paid once by the driver and by each core, `serial` what the driver does for each row, and
`shared` what workers do. No part is less than nothing. The parts are fitted to processor time, which is nearly the same
on free processors and on shared ones; what cores wait for each other, for disks and for a network is not in the model.
The driver's memory is a constant and a part for each row. At least two runs are needed, of two sizes.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PARTS = ("constant", "serial", "shared")


def fitted(columns: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """The factors, none below 0, by which the columns come nearest to what is wanted.

    >>> fitted(np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]]), np.array([3.0, 5.0, 7.0])).round(6).tolist()
    [1.0, 2.0]
    """
    best, least = np.zeros(columns.shape[1]), float((wanted**2).sum())
    for size in range(1, columns.shape[1] + 1):
        for some in itertools.combinations(range(columns.shape[1]), size):
            found = np.linalg.lstsq(columns[:, some], wanted, rcond=None)[0]
            error = float(((columns[:, some] @ found - wanted) ** 2).sum())
            if (found >= 0).all() and error < least - 1e-9:
                best, least = np.zeros(columns.shape[1]), error
                best[list(some)] = found
    return best


def model(runs: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """By stage, and for `all`, the parts of its seconds; for `driver_mb`, those of the driver's memory."""
    rows = np.array([run["rows"] for run in runs], float)
    once = np.column_stack([np.ones(len(runs)), rows])
    each = np.column_stack([np.array([run["cores"] for run in runs], float), rows])
    stages = list(dict.fromkeys(name for run in runs for name in run["spark"]["seconds"]))
    found = {}
    for name in stages:
        used = [run["spark"]["processor"].get(name, {"driver": 0, "workers": 0}) for run in runs]
        begun, serial = fitted(once, np.array([some["driver"] for some in used], float))
        core, shared = fitted(each, np.array([some["workers"] for some in used], float))
        found[name] = dict(zip(PARTS, [float(begun + core), float(serial), float(shared)], strict=True))
    found["all"] = {part: sum(found[name][part] for name in stages) for part in PARTS}
    memory = fitted(once, np.array([run["spark"]["driver_mb"] for run in runs], float))
    found["driver_mb"] = dict(zip(PARTS, [*map(float, memory), 0.0], strict=True))
    return found


def foretold(parts: dict[str, float], rows: float, cores: float) -> float:
    """What a model says of so many rows on so many cores."""
    return parts["constant"] + parts["serial"] * rows + parts["shared"] * rows / cores


def told(found: dict[str, dict[str, float]], rows: float, cores: float) -> str:
    """The model as a table: constant, seconds for a million rows, and what is foretold."""
    lines = [f"{'stage':32}{'constant':>10}{'driver/M':>10}{'workers/M':>11}{f'{rows:.3g} rows, {cores:g} cores':>30}"]
    for name, parts in found.items():
        here = [parts["constant"], parts["serial"] * 1e6, parts["shared"] * 1e6, foretold(parts, rows, cores)]
        lines.append(f"{name:32}{here[0]:10.1f}{here[1]:10.2f}{here[2]:11.2f}{here[3]:30.0f}")
    return "\n".join(lines)


def main() -> None:
    """Read, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--rows", type=float, default=1.5e9)
    parser.add_argument("--cores", type=float, default=100)
    given = parser.parse_args()
    runs = [run for path in given.files for run in json.loads(path.read_text(encoding="utf-8"))["runs"]]
    print(told(model(runs), given.rows, given.cores))


if __name__ == "__main__":
    main()
