"""Exceptions: for work that cannot go on. A fault in the data is a finding, never an exception.

OpenproposalsError
├── UsageError        the command was given something it cannot work on      exit 2
└── CannotGoOn        the program, its schemas or the disk stand in the way  exit 3
    ├── TemplateError a row template breaks the grammar
    └── ReleaseError  the release could not be written or swapped in
"""

from __future__ import annotations


class OpenproposalsError(Exception):
    """What went wrong, why, and how to mend it, in one look."""

    exit_code = 3

    def __init__(self, what: str, *, why: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what, self.why, self.mend = what, why, mend

    def __str__(self) -> str:
        lines = [self.what]
        lines += [f"  why:  {self.why}"] if self.why else []
        lines += [f"  mend: {self.mend}"] if self.mend else []
        return "\n".join(
            line.replace("\n", "\n    ") for line in lines
        )  # no name with a line end writes a line of ours


class UsageError(OpenproposalsError):
    """The command was given something it cannot work on."""

    exit_code = 2


class CannotGoOn(OpenproposalsError):  # noqa: N818 - a state of affairs, not a fault
    """The program, its schemas or the disk stand in the way."""


class TemplateError(CannotGoOn):
    """A row template breaks the grammar of docs/templates.md."""


class ReleaseError(CannotGoOn):
    """The release could not be written or swapped in."""
