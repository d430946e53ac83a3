"""How long an import takes, and what memory: a made file of a format, imported twice, each in a process of its own.

    .venv/bin/python benchmarks/importing.py csv 1000000
    .venv/bin/python benchmarks/importing.py parquet 1000000
    .venv/bin/python benchmarks/importing.py xlsx 100000
    .venv/bin/python benchmarks/importing.py xlsx 347

Printed for each import: seconds on the clock, of the processor and of child processes; MiB at the peak of both; rows.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

DESCRIPTOR = """
name = "ferry"
version = "1.0.0"
released = 2026-01-31
base = "https://data.example.org/ferry/"
site = "https://data.example.org/releases/ferry/"
licence = "http://publications.europa.eu/resource/authority/licence/CC0"
languages = ["en"]
title = "Promises of a ferry company"
description = "An invented corpus."
rights = "Invented."
publisher = { name = "Somebody", iri = "https://data.example.org/somebody" }
contact = { name = "Somebody", email = "somebody@example.org" }
"""
MAPPING = """
[sheets.s]
file = "{file}"
[proposals]
from = "s"
id = "id"
label = "promise"
issued = "made"
theme = {{ label = "area" }}
proposer = {{ label = "party" }}
[outcomes]
from = "s"
proposal = "id"
status = {{ column = "status", values = {{ done = "kept", half = "partly-kept", dropped = "abandoned" }} }}
comment = "what"
"""


def frame(rows: int) -> pl.DataFrame:
    """A sheet of seven columns."""
    n = pl.col("n")
    status = pl.when(n % 3 == 0).then(pl.lit("done")).when(n % 3 == 1).then(pl.lit("half")).otherwise(pl.lit("dropped"))
    return pl.DataFrame({"n": pl.int_range(rows, eager=True)}).select(
        id=pl.format("p-{}", n),
        area=pl.format("Area {}", n % 40),
        party=pl.format("Party {}", n % 17),
        promise=pl.format("Promise {} to run a ferry at night and on Sundays", n),
        made=pl.format("2022-05-{}", n % 20 + 10),
        status=status,
        what=pl.format("It sailed {} times.", n),
    )


def measure(folder: Path) -> None:
    """Import a corpus's folder, and print what it took."""
    begun = time.monotonic()
    from openproposals.importing import intake

    done = intake.take(folder)
    own, child = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        f"clock {time.monotonic() - begun:.2f} s, processor {time.process_time():.2f} s"
        f" and {child.ru_utime + child.ru_stime:.2f} s, peak {own.ru_maxrss >> 10} and {child.ru_maxrss >> 10} MiB,"
        f" rows {sum(done.rows.values()):,}"
    )


def main(kind: str, rows: int) -> None:
    """Make a corpus with a file of a format, and import it twice."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write = {"csv": pl.DataFrame.write_csv, "parquet": pl.DataFrame.write_parquet, "xlsx": pl.DataFrame.write_excel}
        write[kind](frame(rows), folder / f"raw.{kind}")
        (folder / "corpus.toml").write_text(DESCRIPTOR, encoding="utf-8")
        (folder / "mapping.toml").write_text(MAPPING.format(file=f"raw.{kind}"), encoding="utf-8")
        for _ in range(2):
            subprocess.run([sys.executable, __file__, "--measure", folder], check=True)


if __name__ == "__main__":
    measure(Path(sys.argv[2])) if sys.argv[1] == "--measure" else main(sys.argv[1], int(sys.argv[2]))
