"""Gather what guests (other tables) say of a host's subjects: once for all dumps, joined row by row."""

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
    """The rows of one guest that say something of a host's subjects, without repeats.

    `hosts`, and the column `_host` of `rows`, give the number of the host's row (from 0) for each; the rows are sorted
    by it. Rows that do not meet the guard are left out, so that `pattern` has no guard.
    """

    guest: Guest
    pattern: Pattern
    rows: pl.DataFrame
    hosts: Numbers

    def of(self, keys: pl.Series, first: int, *, keyed: bool) -> pl.DataFrame:
        """The guest's rows about a batch of the host, which has these keys and begins with the row number `first`.

        keyed: whether the host's key is needed even where no object is made of it.
        """
        begin, end = np.searchsorted(self.hosts, (first, first + len(keys)))
        rows = self.rows.slice(int(begin), int(end - begin))
        if not keyed and self.guest.column not in self.pattern.object.holes:
            return rows
        return rows.with_columns(keys.gather(rows["_host"] - first).alias(self.guest.column))


def gather(host: Host, tables: Tables) -> list[GuestRows]:
    """The rows of every guest of a host; guests whose table is empty are left out."""
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
    """For each of `height` rows of a host, its members joined by the separator; null where it has none.

    `members` has the columns `_host` and `_member` and is sorted by `_host`; `first` is the number of the first row.
    """
    hosts = members["_host"].to_numpy().astype(np.int64) - first
    begins = np.diff(hosts, prepend=-1) != 0
    texts = members["_member"]
    if not begins.all():
        between = pl.when(pl.Series(begins)).then(pl.lit("")).otherwise(pl.lit(separator))
        texts = members.select(pl.concat_str(between, "_member")).to_series()
    offsets, data = buffer(texts)
    places = np.searchsorted(hosts, np.arange(height + 1))
    there = np.packbits(np.diff(places) > 0, bitorder="little")
    bounds, bits = pa.py_buffer(offsets[places]), pa.py_buffer(there)
    return pl.Series(pa.LargeStringArray.from_buffers(height, bounds, pa.py_buffer(data), bits))
