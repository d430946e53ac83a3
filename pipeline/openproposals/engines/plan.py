"""What a cluster would do with a corpus: the tasks, groups and joins of each stage, before any is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openproposals.corpus.corpus_folder import Corpus
from openproposals.engines import deriving, parts, reach
from openproposals.engines.colocation import Colocation
from openproposals.engines.neighbourhoods import Neighbourhood
from openproposals.engines.session import Session
from openproposals.engines.staged import Staged
from openproposals.model.hosts import Host
from openproposals.validation import shacl
from openproposals.validation.screens import closure, suspects
from openproposals.validation.screens.implied import ImpliedGraph
from openproposals.validation.screens.paths import NotCompiledError
from openproposals.validation.screens.shapes import Screen


@dataclass(frozen=True)
class PlannedStep:
    """Work on the rows of one table, in so many tasks or groups.

    `stage` is a key of `stages` in commands/words.toml. Rows of `others` tables come to the groups in `rounds` of
    joins.
    """

    stage: str
    table: str
    rows: int
    tasks: int
    rounds: int = 0
    others: int = 0


def steps(session: Session, corpus: Corpus, hosts: Sequence[Host], group: int, small: int) -> Iterator[PlannedStep]:
    """The steps in order. Of tables that are still to be derived, the rows are not known: they are not counted."""
    staged = {n: kept for n in corpus.tables if isinstance(kept := corpus.tables.kept(n), Staged) and kept.height}
    for name, table in staged.items():
        yield PlannedStep("read", name, table.height, len(table.parts))
    for name, table in staged.items():
        yield PlannedStep("validate", name, table.height, len([*table.runs()]))

    def grouped(stage: str, of: Sequence[Neighbourhood]) -> Iterator[PlannedStep]:
        for each in (each for each in of if each.root in staged):
            tasks = len(Colocation(session, staged, [each], group, small).groups())
            rounds = sum(1 for step in each.steps if step)
            yield PlannedStep(stage, each.root, staged[each.root].height, tasks, rounds, len(each.columns) - 1)

    yield from grouped("derive", [recipe.around(corpus.languages) for recipe in deriving.RECIPES])
    implied = ImpliedGraph(hosts, corpus.tables)
    yield from grouped("check", list(_proved(corpus, implied)))
    yield from grouped("convert", [parts.around(host) for host in hosts])


def _proved(corpus: Corpus, implied: ImpliedGraph) -> Iterator[Neighbourhood]:
    """For each table, the neighbourhood in which shapes are proved of its rows."""
    shapes = shacl.in_languages(shacl.shapes(), corpus.languages.own)
    screen = Screen(shapes, implied)
    read: dict[str, list[closure.Reads]] = {}
    for shape in sorted(suspects.targeted(shapes), key=str):
        what = closure.reads(shapes, shape)
        try:
            tables = screen.tables_of(shape) if what.steps and not what.everything else set()
        except NotCompiledError:
            continue
        for table in tables:
            read.setdefault(table, []).append(what)
    for table in sorted(read):
        yield reach.neighbourhood(implied, table, read[table])
