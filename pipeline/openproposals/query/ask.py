"""A question asked of a dump: its text, from where the reader gave it, and its answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from openproposals.errors import UsageError
from openproposals.guards import child, files, terminal
from openproposals.query import examples
from openproposals.release.published import Dump

if TYPE_CHECKING:
    from openproposals.query.sparql import Form

_WORK = "openproposals.query.sparql:answer"  # named: the engine and the tables are imported in the child alone
# A dump in memory takes 8 to 16 times its bytes, JSON-LD 25 times while it is read; a query takes what is left.
_MEMORY, _MEMORY_A_BYTE = 640 << 20, 40
_SECONDS, _BYTES_A_SECOND = 20, 1_000_000


def listed(language: str) -> str:
    """Every example: its name, and what it asks."""
    return "\n".join(f"{e.name}\n    {e.question[language]}" for e in examples.load())


def question(sparql: str, example: str, language: str) -> str:
    """The text of a query: an example's (its labels in that language), standard input's (-), a file's, or the text.

    Refused (UsageError): a file that is not there or not UTF-8.
    """
    if example:
        return examples.find(example).asked(language)
    if sparql == "-":
        return terminal.asked()
    if any(sign in sparql for sign in "{\n<"):
        return sparql
    try:
        return files.text(Path(sparql), encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError("no-query", named=sparql) from error


def answer(dump: Dump, text: str, form: Form) -> bytes:
    """A query's answer in a form, found in a child that opens no file and no socket.

    Raises UsageError: a query that is wrong, or one that needs more memory or time than it may have.
    """
    query = text.encode(errors="replace")
    bounds = child.Bounds(_MEMORY + _MEMORY_A_BYTE * len(dump.data), _SECONDS + len(dump.data) / _BYTES_A_SECOND)
    try:
        return child.run(_WORK, query + dump.data, bounds, (str(len(query)), dump.syntax, form))
    except child.OutOfBounds as stopped:
        raise _stopped(stopped.reason, bounds) from None


def _stopped(reason: child.Reason, bounds: child.Bounds) -> UsageError:
    if reason == "memory":
        return UsageError("query-memory", megabytes=bounds.memory >> 20)
    if reason == "time":
        return UsageError("query-time", seconds=round(bounds.seconds))
    return UsageError("query-crash")
