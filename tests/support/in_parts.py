"""Copies of a corpus whose tables are folders of parts, as Spark writes them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import polars as pl


def in_parts(corpus: Path, folder: Path, rows: int) -> Path:
    """A copy of a corpus with each table in a folder of parts of so many rows, as Spark writes them."""
    shutil.copytree(corpus, folder)
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header, *cells = list(csv.reader(file))
        if len(cells) == 0 or path.stem in ("claims", "claim-sources"):
            continue
        path.unlink()
        path.mkdir()
        for number, first in enumerate(range(0, len(cells), rows)):
            with (path / f"part-{number:05}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *cells[first : first + rows]])
    return folder


def in_parquet(corpus: Path, folder: Path, rows: int) -> Path:
    """A copy of a corpus with its tables in Parquet: of one part as a file, of several as a folder."""
    in_parts(corpus, folder, rows)
    for table in [path for path in folder.glob("*.csv") if path.is_dir()]:
        parts, target = sorted(table.iterdir()), folder / f"{table.stem}.parquet"
        if len(parts) > 1:
            target.mkdir()
            (target / "_SUCCESS").touch()
        for part in parts:
            with part.open(encoding="utf-8", newline="") as file:
                header, *cells = list(csv.reader(file))
            frame = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")
            frame.write_parquet(target / f"{part.stem}.parquet" if len(parts) > 1 else target)
        shutil.rmtree(table)
    return folder
