"""The flat view of figures in parts: each group of figures, with the rows that the view takes in from other tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openproposals.dumps import csv_files, flat
from openproposals.engines import parts
from openproposals.engines.neighbourhoods import Group, Hop, Made, Neighbourhood
from openproposals.model import schema
from openproposals.model.languages import Languages
from openproposals.model.tables import fitted

_STEPS = (
    (Hop("figures", "statistic", "statistics", "id"), Hop("figures", "id", "figure-passages", "figure")),
    (
        Hop("statistics", "id", "statistic-sources", "statistic"),
        Hop("statistics", "id", "statistic-possible-sources", "statistic"),
        Hop("statistics", "id", "statistic-documents", "statistic"),
        Hop("statistics", "id", "evidence", "statistic"),
        Hop("figure-passages", "passage", "passages", "id"),
    ),
    (
        Hop("statistic-sources", "source", "sources", "id"),
        Hop("statistic-documents", "document", "documents", "id"),
        Hop("evidence", "proposal", "proposals", "id"),
        Hop("passages", "text", "texts", "id"),
    ),
    (
        Hop("sources", "publisher", "agents", "id"),
        Hop("proposals", "document", "documents", "id"),
        Hop("texts", "document", "documents", "id"),
    ),
)


def around_figures(spoken: Languages) -> Neighbourhood:
    """What the view takes in for each figure."""
    needed = {**flat.needed(spoken), "figures": tuple(schema.tables(spoken)["figures"].column_names)}
    return Neighbourhood("figures", _STEPS, needed)


@dataclass(frozen=True)
class FlatParts:
    """Writes the view of a group's figures, for programs and for spreadsheets. `view` is its schema."""

    columns: Mapping[str, Sequence[str]]
    base: str
    view: schema.Table
    folder: Path

    def __call__(self, group: Group) -> list[Made]:
        """Write the parts: their names, paths, sizes and sums."""
        found: list[dict[str, object]] = []
        frames = {name: fitted(frame, self.columns[name]) for name, frame in group.frames.items()}
        tables = replace(group, frames=frames).tables(self.columns)
        number = group.number
        with (
            parts.written(self.folder, parts.part("figures.csv", number), found) as plain,
            parts.written(self.folder, parts.part("figures-excel.csv", number), found) as spreadsheet,
        ):
            for place, batch in enumerate(flat.figures(tables, self.base)):
                csv_files.write_batch(batch, plain, header=place == 0)
                csv_files.write_batch_for_spreadsheets(batch, self.view, spreadsheet, header=place == 0)
        return list(found)
