"""Faults planted in a generated corpus, each with the place and the code where it must be found.

    python benchmarks/plant.py FOLDER --faults 1000 [--seed 1] --kind tables|graph

A graph is only made of tables that conform, so faults of tables and faults of the graph are planted in runs apart.
Prints what must be found, one `file:row column code` a line. A fault between columns is told at the row's key.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl


class Fault(NamedTuple):
    """One kind: table, column, what the cell becomes (None: empty), the code, the rows that may have it.

    `told` is the column that the finding names, where it is not the planted one.
    """

    table: str
    column: str
    cell: str | None
    code: str
    may: Callable[[pl.DataFrame], pl.Series]
    told: str = ""


def _any(frame: pl.DataFrame) -> pl.Series:
    return pl.Series(np.ones(frame.height, bool))


def _plain(frame: pl.DataFrame) -> pl.Series:
    """Figures with a value and nothing else."""
    empty = pl.col("minimum").is_null() & pl.col("numerator").is_null() & pl.col("status").is_null()
    return frame.select(empty & pl.col("value").is_not_null()).to_series()


def _ratio(frame: pl.DataFrame) -> pl.Series:
    """Figures with a numerator and a denominator."""
    return frame.select(pl.col("denominator").is_not_null()).to_series()


_TABLES = [
    ("proposals", "position", "0", "too-small", _any),
    ("proposals", "position", "1,5", "not-an-integer", _any),
    ("proposals", "label_fr", None, "cell-empty", _any),
    ("proposals", "label_en", "=1+1", "formula-cell", _any),
    ("proposals", "url", "javascript:x", "not-a-web-address", _any),
    ("proposals", "theme", "T0", "broken-link", _any),
    ("statistics", "scope", "societal", "not-in-list", _any),
    ("statistics", "comment_fr", "a\x07b", "control-character", _any),
    ("figures", "value", "1_000", "not-a-number", _any),
    ("figures", "period", "2023-02-30", "not-a-date", _any),
    ("figures", "unit", "a b", "not-an-identifier", _any),
    ("passages", "faithful_sha256", "0f", "pattern-mismatch", _any),
    ("evidence", "statistic", "S0", "broken-link", _any),
    ("sources", "id", "src-1", "key-twice", _any),
]
_GRAPH = [
    ("figures", "value", "-1", "ratio-value-off", _ratio),
    ("figures", "value", None, "figure-without-value", _plain, "id"),
    ("figures", "minimum", "1", "range-incomplete", _plain, "id"),
    ("figures", "area_basis", None, "area-without-basis", _any, "id"),
    ("figures", "period_basis", None, "period-without-basis", _any, "id"),
    (
        "passages",
        "end",
        "0",
        "span-not-forward",
        lambda f: f.select(pl.col("start").cast(pl.Int64) > 0).to_series(),
        "start",
    ),
    ("sources", "trace_status", "located-archived", "archived-without-copy", _any, "id"),
    ("sources", "label_en", None, "not-one-english-label", _any),
    ("sources", "label_fr", None, "not-one-french-label", _any),
]
KINDS = {"tables": [Fault(*f) for f in _TABLES], "graph": [Fault(*f) for f in _GRAPH]}  # type: ignore[arg-type]
Place = tuple[str, int, str, str]  # file, row, column, code


def plant(folder: Path, kind: str, faults: int, seed: int) -> list[Place]:
    """Change cells in place, each row of a table once at most. Returns what must be found, sorted.

    As many of each kind as can be; fewer than asked for, where too few rows may have a kind.
    """
    rng = np.random.default_rng([seed, 9])
    kinds = KINDS[kind]
    shares = {f.code + f.table: faults // len(kinds) + (i < faults % len(kinds)) for i, f in enumerate(kinds)}
    expected: list[Place] = []
    for table in dict.fromkeys(fault.table for fault in kinds):
        path = folder / f"{table}.csv"
        frame = pl.read_csv(path, infer_schema=False)
        free = np.ones(frame.height, bool)
        free[0] = False  # other rows are made to repeat the first one's key
        for fault in (fault for fault in kinds if fault.table == table):
            able = np.flatnonzero(free & fault.may(frame).to_numpy())
            rows = rng.choice(able, min(shares[fault.code + table], len(able)), replace=False)
            free[rows] = False
            mask = np.zeros(frame.height, bool)
            mask[rows] = True
            cell = pl.when(pl.Series(mask)).then(pl.lit(fault.cell, pl.String)).otherwise(fault.column)
            frame = frame.with_columns(cell.alias(fault.column))
            expected += [(path.name, int(row) + 2, fault.told or fault.column, fault.code) for row in rows]
        frame.write_csv(path)
    return sorted(expected)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--faults", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=["tables", "graph"], required=True)
    given = parser.parse_args()
    for file, row, column, code in plant(given.folder, given.kind, given.faults, given.seed):
        print(f"{file}:{row} {column} {code}")
