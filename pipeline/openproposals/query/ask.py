"""The query command's two steps: find the text of the query, and run it over a dump in a child process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from openproposals.errors import UsageError
from openproposals.guards import child, files, terminal
from openproposals.messages import Translated, fitting
from openproposals.query import examples
from openproposals.release.published import Dump

if TYPE_CHECKING:
    from openproposals.query.sparql import Form

_WORK = "openproposals.query.sparql:child_answer"  # given by name, so that the engine is imported in the child only
# A dump in memory takes 8 to 16 times its bytes, JSON-LD 25 times while it is read; a query takes what is left.
_MEMORY, _MEMORY_A_BYTE = 640 << 20, 40
_QUERY_LIMIT = 4 << 20  # bytes of a query's file
_SECONDS, _BYTES_A_SECOND = 20, 1_000_000
_TITLES = """SELECT DISTINCT ?language {
  ?dataset a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> ?title
  BIND(LANG(?title) AS ?language) } ORDER BY ?language"""


def listed(language: str) -> str:
    """A list of all examples for the terminal: name and question of each."""
    return "\n".join(f"{e.name}\n    {Translated(e.question).say(language)}" for e in examples.load())


def question(sparql: str, example: str, language: str) -> str:
    """The text of a query.

    example: the name of an example, whose query then asks for labels in `language`; else "".
    sparql: the query itself, the path of a file, or - for standard input.
    Raises UsageError: an example that does not exist, or a file that cannot be read as UTF-8.
    """
    if example:
        return examples.find(example).asked(language)
    if sparql == "-":
        return terminal.asked()
    if any(sign in sparql for sign in "{\n<"):
        return sparql
    try:
        return files.text(Path(sparql), most=_QUERY_LIMIT, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError("no-query", named=sparql) from error


def labelled(dump: Dump, language: str) -> str:
    """The language of a dump's labels to ask for: the one that is wanted, else another that it has."""
    tags = answer(dump, _TITLES, "csv").decode().split()[1:]
    return fitting(tags, language) or language


def answer(dump: Dump, text: str, form: Form) -> bytes:
    """The result of a query over a dump, written in a form.

    The query runs in a child process that can open no file and no socket.
    Raises UsageError: a query that is not valid, or that needs more memory or time than allowed.
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
