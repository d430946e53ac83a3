"""The steps of a verification: look for passages and visit addresses, then report, then write what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openproposals.errors import UsageError
from openproposals.factcheck.documents import Text
from openproposals.factcheck.rebase import check_new, write_rebased
from openproposals.factcheck.record import check_date, write_results
from openproposals.factcheck.trace import Held
from openproposals.factcheck.verification import Verified, verified, visited


@dataclass(frozen=True)
class Steps:
    """Which steps are wanted besides looking for passages.

    links: visit the addresses; private: also those that are not on the public Internet. record: the date (YYYY-MM-DD)
    with which results are written into the corpus, or "". rebase: the new folder for a rebased copy, or None.
    """

    links: bool = False
    private: bool = False
    record: str = ""
    rebase: Path | None = None

    def check(self, documents: Sequence[str]) -> None:
        """Check what needs no corpus. Raises UsageError: no date, a folder that is not empty, no document to rebase."""
        if self.record:
            check_date(self.record)
        if self.rebase:
            check_new(self.rebase)
            if not documents:
                raise UsageError("nothing-to-pin")


def take(
    steps: Steps,
    held: Held,
    documents: Sequence[tuple[str, Text]],
    report: Callable[[Verified], object],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Verified, list[tuple[str, str]]]:
    """Verify, call `report` with what was found, and only then write.

    documents: each with an id or "". Without any, passages are not looked for where addresses are visited.
    progress: called with the number of addresses visited and the number of all addresses.
    Returns what was found, and the rows, as pairs of a table and a key, that could not be rebased.
    Raises UsageError as `verified`, `write_results` and `write_rebased` do, and for a place that is no corpus where
    something is to be written.
    """
    if held.folder is None and (steps.record or steps.rebase):
        raise UsageError("only-a-corpus-written")
    found = verified(held, documents) if documents or not steps.links else Verified()
    if steps.links:
        found = replace(found, links=visited(held, private=steps.private, progress=progress))
    report(found)
    if steps.record:
        write_results(held, found, steps.record)
    return found, write_rebased(held, found, steps.rebase) if steps.rebase else []
