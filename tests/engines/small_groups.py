"""Publish a small corpus as a large one is: every table staged and screened, every group joined, fifty rows in each.

python small_groups.py CORPUS MASTER OUT
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from openproposals import stages
from openproposals.engines import cluster
from openproposals.validation import graph, table_schema


def main(corpus: str, master: str, out: str) -> None:
    """Publish, and exit with 1 where the corpus does not conform."""
    graph.SCREENED_FROM = table_schema.SCREENED_FROM = 0
    with cluster.cluster(master, Path(out)) as engine:
        small = replace(engine, staged_from=0, group=50, small=0, few=0)
        work, _ = stages.publish(Path(corpus), Path(out), stages.Run(today="2026-11-28", engine=small))
    sys.exit(0 if work.conforms else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
