"""What other tables say of a host's subjects, found once for all dumps, and its members put together row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pyarrow as pa

from openproposals.dumps.cells import escaped
from openproposals.dumps.pieces import buffer
from openproposals.model.expressions import says
from openproposals.model.hosts import Guest, Host
from openproposals.model.tables import Numbers, Tables
from openproposals.model.templates import Pattern


@dataclass(frozen=True)
class GuestRows:
    """What one guest says of a host's subjects, each once: `_host` numbers the host's rows, and orders these.

    Only rows that say it are here, so that `pattern` needs no guard.
    """

    guest: Guest
    pattern: Pattern
    rows: pl.DataFrame
    hosts: Numbers

    def of(self, keys: pl.Series, first: int) -> pl.DataFrame:
        """What it says of the rows of the host that have these keys, the first of them numbered so."""
        begin, end = np.searchsorted(self.hosts, (first, first + len(keys)))
        rows = self.rows.slice(int(begin), int(end - begin))
        return rows.with_columns(keys.gather(rows["_host"] - first).alias(self.guest.column))


def gather(host: Host, tables: Tables) -> list[GuestRows]:
    """Every guest of a host that has rows."""
    found = []
    for guest in (guest for guest in host.guests if tables.height(guest.table.name)):
        hosts = tables.link(guest.table.name, guest.column, host.table.name, host.key)
        rows = tables.columns(guest.table.name, guest.pattern.columns).with_columns(_host=pl.Series(hosts))
        rows = rows.filter(says(guest.pattern) & (pl.col("_host") >= 0))
        cells = [c for c in guest.pattern.object.holes if c != guest.column]
        rows = rows.select("_host", *cells).sort("_host", *([] if guest.alone else cells), maintain_order=True)
        if not guest.alone:
            rows = rows.filter(pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift()) for c in ("_host", *cells)))
        pattern = replace(guest.pattern, guard=None)
        found.append(GuestRows(guest, pattern, escaped(rows, [pattern]), rows["_host"].to_numpy()))
    return found


def aligned(members: pl.DataFrame, separator: str, first: int, height: int) -> pl.Series:
    """For each of so many rows of a host, its members joined, null where there are none.

    `members` has `_host` and `_member`, and stands in the order of `_host`, of which the first row's is `first`.
    """
    hosts = members["_host"].to_numpy().astype(np.int64) - first
    begins = np.diff(hosts, prepend=-1) != 0
    between = pl.when(pl.Series(begins)).then(pl.lit("")).otherwise(pl.lit(separator))
    offsets, data = buffer(members.select(pl.concat_str(between, "_member")).to_series())
    places = np.searchsorted(hosts, np.arange(height + 1))
    there = np.packbits(np.diff(places) > 0, bitorder="little")
    bounds, bits = pa.py_buffer(offsets[places]), pa.py_buffer(there)
    return pl.Series(pa.LargeStringArray.from_buffers(height, bounds, pa.py_buffer(data), bits))
