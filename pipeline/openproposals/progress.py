"""How far a run is: the stage it has reached, and how many rows or tasks of that stage are done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

RowProgress = Callable[[int, int], object]  # rows done, rows in all (0: not known yet)


class Progress(Protocol):
    """Receives the progress of a run."""

    def stage(self, name: str) -> object:
        """Called when a stage begins. `name` is a key of `stages` in commands/words.toml."""

    def rows(self, done: int, total: int) -> object:
        """Called when `done` rows of the stage are done, of `total` (0 where that is not known)."""

    def tasks(self, done: int, total: int) -> object:
        """Called when `done` tasks of a job on a cluster are done, of `total`. A stage may have several jobs."""


class Silent:
    """A progress that shows nothing."""

    def stage(self, name: str) -> None:
        """Do nothing."""

    def rows(self, done: int, total: int) -> None:
        """Do nothing."""

    def tasks(self, done: int, total: int) -> None:
        """Do nothing."""


SILENT = Silent()


def ignore(*rows: int) -> None:
    """Do nothing with the count of rows."""


def after(before: int, progress: Callable[[int], object]) -> Callable[[int], object]:
    """A progress function for the rows that follow the first `before`.

    >>> after(10, print)(3)
    13
    """
    return lambda rows: progress(before + rows)
