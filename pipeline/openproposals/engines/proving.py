"""Search staged tables on the workers: cells that are not proved, keys that repeat, links that lead nowhere.

Cells are proved a chunk of rows in a task, by the screen's own expressions. Keys and links: see
`equal_cells`. Only row numbers come back. Small tables are searched by the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from openproposals.engines import equal_cells, staging
from openproposals.engines.equal_cells import ComparedCells
from openproposals.engines.session import Session
from openproposals.engines.staged import Staged, StagedRun, shared
from openproposals.model import schema
from openproposals.model.tables import Tables, fitted
from openproposals.validation.screens import table_rows
from openproposals.validation.screens.table_rows import Columns, Doubted, Judged, KeyAsked, LinkAsked, Rows

_NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class CellScreen:
    """Proves the cells of some columns of some tables."""

    tables: Mapping[str, schema.Table]
    columns: Columns

    def unproved(self, runs: Iterable[tuple[str, StagedRun]]) -> list[tuple[str, str, Rows]]:
        """For the rows of a task: table, column, and the numbers of the rows whose cell is not proved."""
        found: list[tuple[str, str, Rows]] = []
        for name, run in runs:
            names = list(self.columns[name])
            alone = Tables({name: run.load(names).drop("_n")}, {name: names})
            doubted = table_rows.unproved(alone, self.tables[name], names, lambda done: None)
            found += [(name, column, rows + run.first) for column, rows in doubted.items() if len(rows)]
        return found


@dataclass(frozen=True)
class SparkWorkers:
    """Searches tables on a cluster (see `table_rows.Search`). small: rows of tables that the driver searches itself."""

    session: Session
    tables: Tables
    small: int
    here: table_rows.Here = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "here", table_rows.Here(self.tables))

    def cells(self, judged: Judged, columns: Columns, progress: Callable[[int], object]) -> Doubted:
        """About as many rows in each task."""
        del progress
        large = {name: staged for name in judged if (staged := self._large(name))}
        found = self.here.cells({n: t for n, t in judged.items() if n not in large}, columns, lambda done: None)
        screen = CellScreen({name: judged[name] for name in large}, {name: columns[name] for name in large})
        tasks = shared([(name, run) for name, table in large.items() for run in table.runs()])
        parts: dict[tuple[str, str], list[Rows]] = {}
        for doubted in self.session.each(screen.unproved, tasks):
            for name, column, rows in doubted:
                parts.setdefault((name, column), []).append(rows)
        found |= {n: {c: np.concatenate([_NONE, *parts.get((n, c), ())]) for c in columns[n]} for n in large}
        return {name: found[name] for name in judged}

    def repeated(self, keys: Sequence[KeyAsked]) -> list[tuple[Rows, Rows]]:
        """All keys in one job."""
        large = {at: staged for at, key in enumerate(keys) if (staged := self._large(key.table.name))}
        found = [(_NONE, _NONE) if at in large else self.here.repeated([key])[0] for at, key in enumerate(keys)]
        if not large:
            return found
        asked = [ComparedCells(at, staged, keys[at].columns, _NONE) for at, staged in large.items()]
        for at, rows in equal_cells.repeated(self.session, asked).items():
            found[at] = rows
        return found

    def missing(self, links: Sequence[LinkAsked]) -> list[Rows]:
        """All links in one job.

        A table that is not staged is small: its links are searched here, and it is staged where links lead to it.
        """
        large = [
            at
            for at, link in enumerate(links)
            if self._staged(link.table.name) and (self._large(link.table.name) or self._large(link.other.name))
        ]
        found = [_NONE if at in large else self.here.missing([link])[0] for at, link in enumerate(links)]
        asking, there = [], []
        for at in large:
            link = links[at]
            child, parent = self._staged(link.table.name), self._staged(link.other.name)
            assert child is not None
            asking.append(ComparedCells(at, child, link.columns, _NONE))
            if parent is None and self.tables.height(link.other.name):
                cells = fitted(self.tables.columns(link.other.name, list(link.targets)), link.targets)
                parent = staging.stage_frame(link.other.name, cells, self.session.room)
            if parent is not None:
                there.append(equal_cells.lookups(at, parent, link.targets, link.bad))
        if asking:
            for at, rows in equal_cells.missing(self.session, asking, there).items():
                found[at] = rows
        return found

    def named_alike(self, tables: Sequence[str]) -> list[str]:
        """Those of these tables that may hold unfit identifiers, or two that differ by case alone."""
        large = {name: staged for name in tables if (staged := self._large(name))}
        doubted = equal_cells.named_alike(self.session, large)
        return [name for name in tables if name in doubted or name not in large]

    def _staged(self, name: str) -> Staged | None:
        kept = self.tables.kept(name)
        return kept if isinstance(kept, Staged) and kept.height else None

    def _large(self, name: str) -> Staged | None:
        staged = self._staged(name)
        return staged if staged is not None and staged.height > self.small else None
