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
_STOPPED = {
    "memory": (
        "the query needs more than {megabytes} MB of memory",
        "what it joins, sorts or writes together is too large for this dump",
        "ask for less: join fewer patterns that share no variable, or end the query with LIMIT",
    ),
    "time": (
        "the query takes longer than {seconds} seconds",
        "what it joins or computes is too large for this dump",
        "ask for less: join fewer patterns that share no variable, or end the query with LIMIT",
    ),
    "crash": (
        "the query could not be run: its process ended",
        "the query or the dump is nested too deeply for the engine",
        "write the query with fewer parentheses and operators; VALUES and IN take long lists",
    ),
}


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
        raise UsageError(
            f"no query in {sparql!r}", why="it is neither SPARQL text nor a file of it that can be read"
        ) from error


def answer(dump: Dump, text: str, form: Form) -> bytes:
    """A query's answer in a form, found in a child that opens no file and no socket.

    Raises UsageError: a query that is wrong, or one that needs more memory or time than it may have.
    """
    query = text.encode(errors="replace")
    bounds = child.Bounds(_MEMORY + _MEMORY_A_BYTE * len(dump.data), _SECONDS + len(dump.data) / _BYTES_A_SECOND)
    try:
        return child.run(_WORK, query + dump.data, bounds, (str(len(query)), dump.syntax, form))
    except child.OutOfBounds as stopped:
        what, why, mend = _STOPPED[stopped.reason]
        seconds, megabytes = round(bounds.seconds), bounds.memory >> 20
        raise UsageError(what.format(seconds=seconds, megabytes=megabytes), why=why, mend=mend) from None
