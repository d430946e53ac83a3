"""Tables made of dicts, as the corpus reader gives them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from openproposals.model import schema
from openproposals.model.tables import ORIGIN, empty
from support.languages import FR_EN


def frames(tables: Mapping[str, list[dict[str, str | None]]]) -> dict[str, pl.DataFrame]:
    """Tables as the corpus reader gives them."""
    found = {name: empty(columns) for name, columns in schema.columns(FR_EN).items()}
    for name, given_rows in tables.items():
        columns = schema.tables(FR_EN)[name].column_names
        data = {c: [r.get(c) or None for r in given_rows] for c in columns}
        whole = {**data, "_file": [f"{name}.csv"] * len(given_rows), "_row": list(range(2, len(given_rows) + 2))}
        found[name] = pl.DataFrame(whole, schema={**dict.fromkeys(columns, pl.String), **ORIGIN})
    return found
