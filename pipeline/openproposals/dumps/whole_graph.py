"""The whole graph of some tables as N-Triples in memory, to validate or query a corpus that is not large."""

from __future__ import annotations

from collections.abc import Sequence

from openproposals.dumps import blocks
from openproposals.dumps.turtle import NTriples
from openproposals.model.hosts import Host
from openproposals.model.tables import Frames


def whole_graph(hosts: Sequence[Host], tables: Frames) -> bytes:
    """Every triple that the tables publish, as N-Triples in UTF-8."""
    sink = blocks.MemorySink()
    blocks.write(hosts, tables, NTriples(), sink)
    return sink.data()
