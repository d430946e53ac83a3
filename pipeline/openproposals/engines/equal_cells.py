"""Compare the cells of whole tables on the workers: keys that repeat, links that lead nowhere, names that are alike.

Cells are sent to places where equal ones meet. Only row numbers come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from openproposals.engines import moving
from openproposals.engines.moving import Piece, Sent
from openproposals.engines.staged import Staged, StagedRun, shared
from openproposals.validation import names
from openproposals.validation.screens.table_rows import Rows

if TYPE_CHECKING:
    from openproposals.engines.session import Session

_ASKING, _THERE, _PRINT, _UNFIT = "asking", "there", "print", "unfit"
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class ComparedCells:
    """Some columns of a table that are compared, without the rows of these numbers. `at` numbers what is asked."""

    at: int
    table: Staged
    columns: tuple[str, ...]
    without: Rows
    kind: str = _ASKING


@dataclass(frozen=True)
class _Part:
    """A part of the rows of such a table."""

    at: int
    columns: tuple[str, ...]
    without: Rows
    kind: str

    def frame(self, run: StagedRun) -> pl.DataFrame:
        """The numbers of the rows, `_n`, and their cells: `0`, `1` and so on."""
        rows = run.load(self.columns)
        own = self.without[
            np.searchsorted(self.without, run.first) : np.searchsorted(self.without, run.first + run.height)
        ]
        kept = rows.filter(~pl.col("_n").is_in(own)) if len(own) else rows
        return kept.rename({name: str(n) for n, name in enumerate(self.columns)})


def repeated(session: Session, keys: Sequence[ComparedCells]) -> dict[int, tuple[Rows, Rows]]:
    """By what is asked, the rows whose cells are those of another row, and the rows that have none."""
    made = session.made(_met(session, keys), _repeated)
    return {each.at: (_sorted(made, each.at, 0), _sorted(made, each.at, 1)) for each in keys}


def missing(session: Session, asking: Sequence[ComparedCells], there: Sequence[ComparedCells]) -> dict[int, Rows]:
    """By what is asked, the rows with cells that, together, are not there."""
    made = session.made(_met(session, [*asking, *there]), _missing)
    return {each.at: _sorted(made, each.at, 0) for each in asking}


def lookups(at: int, table: Staged, columns: tuple[str, ...], without: Rows = _NONE) -> ComparedCells:
    """Cells that others ask for."""
    return ComparedCells(at, table, columns, without, _THERE)


def named_alike(session: Session, tables: Mapping[str, Staged]) -> set[str]:
    """Those of these tables that may hold unfit identifiers, or two that differ by case alone."""
    if not tables:
        return set()
    places = moving.places_for(sum(table.height for table in tables.values()))
    tasks = shared([(at, run) for at, table in enumerate(tables.values()) for run in table.runs()])
    met = session.brought([session.sent(tasks, partial(_prints, places))], places)
    return {[*tables][at] for at in session.made(met, _twice)}


def _prints(places: int, runs: Iterable[tuple[int, StagedRun]]) -> Iterator[Piece]:
    """A number for each identifier, equal for two that differ by case; and which tables have one that may be unfit."""
    for at, run in runs:
        unfit, prints = names.numbered(run.load(["id"])["id"])
        if unfit:
            yield 0, ((_UNFIT, at), moving.packed(pl.DataFrame()))
        yield from moving.cut(
            (_PRINT, at), pl.DataFrame({"print": prints}), (prints % np.uint64(places)).astype(np.int64)
        )


def _twice(place: int, sent: Iterable[Sent]) -> Iterator[int]:
    del place
    for (kind, at), rows in moving.together(sent).items():
        if kind == _UNFIT or rows["print"].n_unique() != rows.height:
            yield at


def _met(session: Session, cells: Sequence[ComparedCells]) -> Any:
    places = moving.places_for(sum(each.table.height for each in cells))
    runs = [(_Part(each.at, each.columns, each.without, each.kind), run) for each in cells for run in each.table.runs()]
    tasks = shared(runs, moving.rows_of_a_task(sum(each.table.height for each in cells)))
    return session.brought([session.sent(tasks, partial(_sent, places))], places)


def _sent(places: int, runs: Iterable[tuple[_Part, StagedRun]]) -> Iterator[Piece]:
    for part, run in runs:
        rows = part.frame(run)
        names = [str(n) for n in range(len(part.columns))]
        if part.kind == _THERE:
            rows = rows.select(names).unique()
        yield from moving.cut((part.kind, part.at), rows, moving.place(rows, names, places))


def _repeated(place: int, sent: Iterable[Sent]) -> Iterator[tuple[int, Rows, Rows]]:
    del place
    for (_, at), rows in moving.together(sent).items():
        names = [name for name in rows.columns if name != "_n"]
        many = rows.filter(pl.len().over(names) > 1)["_n"]
        none = rows.filter(pl.all_horizontal(pl.col(names).is_null()))["_n"]
        if len(many) or len(none):
            yield at, many.to_numpy(), none.to_numpy()


def _missing(place: int, sent: Iterable[Sent]) -> Iterator[tuple[int, Rows]]:
    del place
    found = moving.together(sent)
    for (kind, at), rows in found.items():
        if kind == _ASKING:
            names = [name for name in rows.columns if name != "_n"]
            asked = rows.filter(pl.any_horizontal(pl.col(names).is_not_null()))
            there = found.get((_THERE, at))
            lost = asked if there is None else asked.join(there, on=names, how="anti")  # null is never there
            if lost.height:
                yield at, lost["_n"].to_numpy()


def _sorted(made: Sequence[Sequence[Any]], at: int, which: int) -> Rows:
    return np.sort(np.concatenate([_NONE, *(each[which + 1] for each in made if each[0] == at)]))
