"""The command `query`: find what is asked and what it is asked, answer."""

from __future__ import annotations

import sys
from pathlib import Path

from openproposals.errors import UsageError
from openproposals.guards import files
from openproposals.progress import Progress
from openproposals.query import examples
from openproposals.query import sparql as query
from openproposals.release import read
from openproposals.release.read import Dump


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
        return sys.stdin.read()
    if any(sign in sparql for sign in "{\n<"):
        return sparql
    try:
        return files.text(Path(sparql), encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no query in {sparql!r}", why="it is neither SPARQL text nor a file of it that can be read"
        ) from error


def answer(place: str, text: str, form: query.Form, progress: Progress) -> bytes:
    """Ask the dump that a place names, and write the answer. Refused (UsageError): no dump there."""
    progress.stage("load")
    return query.render(query.ask(query.store(_dump(place, progress)), text), form)


def _dump(place: str, progress: Progress) -> Dump:
    """A corpus's folder is converted here and now, if it conforms; anything else was published."""
    release = read.find(place)
    if release is not None:
        return read.dump(release)
    if not (Path(place) / "corpus.toml").is_file():
        return read.dump(place)
    from openproposals import stages
    from openproposals.dumps import blocks, turtle

    work = stages.validate(Path(place), stages.Run(progress))
    if work.corpus is None or not work.conforms:
        raise UsageError(
            f"{place} does not conform, so there is no graph of it to ask",
            mend=f"see what is wrong: openproposals validate {place}",
        )
    graph = blocks.Memory()
    blocks.write(work.hosts, work.corpus.tables, turtle.NTriples(), graph)
    return Dump(graph.data(), "ntriples")
