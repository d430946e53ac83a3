"""Derive tables on the workers: the rules of `derive` run on groups of rows that were joined for them.

A derived row follows from one subject (a statistic, a proposal, a figure) and what is around it. So each rule runs once
for each group of subjects, and what it makes of the group's own subjects is kept. The rows of a derived table stand in
the order of their subjects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from openproposals.corpus import comparing, derive
from openproposals.corpus.corpus_folder import Corpus
from openproposals.engines import staged, staging
from openproposals.engines.colocation import Colocation
from openproposals.engines.neighbourhoods import Group, Hop, Neighbourhood
from openproposals.engines.session import Session
from openproposals.engines.staged import Staged, StagedPart
from openproposals.model import schema
from openproposals.model.languages import Languages
from openproposals.model.tables import ORIGIN, fitted

_EVERYWHERE = ("activities", "themes", "theme-subjects", "dataset")  # every group gets them whole: they are few


@dataclass(frozen=True)
class Recipe:
    """How tables are derived from one root table: the joins, the columns, the tables made, and their subject's column.

    `columns`: of localised ones, every language. A table that is the root's own is kept with what the rules changed.
    """

    root: str
    steps: tuple[tuple[Hop, ...], ...]
    columns: Mapping[str, tuple[str, ...]]
    makes: Mapping[str, str]

    def around(self, spoken: Languages) -> Neighbourhood:
        """The neighbourhood, with the columns of a corpus in these languages."""
        known = schema.tables(spoken)
        return Neighbourhood(
            self.root,
            self.steps,
            {t: tuple(c for stem in stems for c in _named(known[t], stem)) for t, stems in self.columns.items()},
        )


def _named(table: schema.Table, stem: str) -> list[str]:
    if stem == "*":
        return [*table.column_names, *ORIGIN]
    return [stem] if stem in ORIGIN else [column.name for column in table.family(stem)]


_O = tuple(ORIGIN)
_COMPARED = (*comparing.VALUES, "unit", "qualifier", "area", "period", "area_basis", "period_basis")
_FIRST = (
    Recipe(
        "statistics",
        (
            (
                Hop("statistics", "id", "statistic-markers", "statistic"),
                Hop("statistics", "id", "statistic-sources", "statistic"),
                Hop("statistics", "id", "statistic-passages", "statistic"),
                Hop("statistics", "id", "evidence", "statistic"),
            ),
            (
                Hop("statistic-markers", "marker", "markers", "id"),
                Hop("statistic-passages", "passage", "passages", "id"),
                Hop("evidence", "proposal", "proposals", "id"),
            ),
            (
                Hop("markers", "note", "note-sources", "note"),
                Hop("markers", "possible_note", "note-sources", "note"),
                Hop("proposals", "passage", "passages", "id"),
                Hop("proposals", "document", "texts", "document"),
                Hop("proposals", "document", "documents", "id"),
            ),
            (Hop("passages", "text", "texts", "id"),),
            (Hop("texts", "document", "documents", "id"),),
            (Hop("documents", "publisher", "agents", "id"),),
        ),
        {
            "statistics": ("*",),
            "statistic-sources": ("*",),
            "statistic-markers": ("statistic", "marker", *_O),
            "statistic-passages": ("statistic", "passage", *_O),
            "evidence": ("statistic", "proposal", *_O),
            "markers": ("id", "note", "possible_note"),
            "note-sources": ("note", "source"),
            "passages": ("id", "text"),
            "proposals": ("id", "document", "passage"),
            "texts": ("id", "document"),
            "documents": ("id", "publisher"),
            "agents": ("id",),
        },
        {
            "statistics": "id",
            "statistic-sources": "statistic",
            "statistic-possible-sources": "statistic",
            "statistic-documents": "statistic",
            "statistic-claimants": "statistic",
            "source-quotes": "statistic",
        },
    ),
    Recipe(
        "figures",
        ((Hop("figures", "statistic", "statistics", "id"),),),
        {"figures": ("*",), "statistics": ("id", "kind", "label_*")},
        {"figure-facts": "figure"},
    ),
    Recipe(
        "source-statements",
        ((Hop("source-statements", "figure", "figures", "id"),),),
        {"source-statements": ("*",), "figures": ("id", *_COMPARED)},
        {"comparisons": "statement"},
    ),
    Recipe("sources", (), {"sources": ("id", "issued", *_O)}, {"source-years": "source"}),
    Recipe("passages", (), {"passages": ("id", "quote", *_O)}, {"passage-quotes": "passage"}),
    Recipe("themes", (), {"themes": ("id", "parent", *_O)}, {"theme-schemes": "theme"}),
    Recipe(
        "markers",
        (
            (Hop("markers", "id", "statistic-markers", "marker"),),
            (Hop("statistic-markers", "statistic", "statistics", "id"),),
        ),
        {
            "markers": ("id", "as_printed", *_O),
            "statistic-markers": ("marker", "statistic"),
            "statistics": ("id", "label_*"),
        },
        {"marker-labels": "marker"},
    ),
    Recipe(
        "notes",
        ((Hop("notes", "id", "note-sources", "note"),), (Hop("note-sources", "source", "sources", "id"),)),
        {
            "notes": ("id", "as_printed", *_O),
            "note-sources": ("note", "source"),
            "sources": ("id", "label_*", "title_*"),
        },
        {"note-labels": "note"},
    ),
)
_SECOND = (
    Recipe(
        "figures",
        (
            (
                Hop("figures", "id", "source-statements", "figure"),
                Hop("figures", "statistic", "statistic-sources", "statistic"),
            ),
            (
                Hop("source-statements", "id", "comparisons", "statement"),
                Hop("statistic-sources", "source", "sources", "id"),
            ),
        ),
        {
            "figures": ("id", "statistic", *_O),
            "source-statements": ("id", "figure", "source"),
            "statistic-sources": ("statistic", "source"),
            "comparisons": ("statement", "result"),
            "sources": ("id", "trace_status"),
        },
        {"figure-comparisons": "figure"},
    ),
    Recipe(
        "proposals",
        (
            (
                Hop("proposals", "id", "evidence", "proposal"),
                Hop("proposals", "id", "proposal-themes", "proposal"),
                Hop("proposals", "id", "proposal-proposers", "proposal"),
                Hop("proposals", "passage", "passages", "id"),
                Hop("proposals", "document", "texts", "document"),
            ),
            (
                Hop("evidence", "statistic", "statistics", "id"),
                Hop("evidence", "statistic", "statistic-sources", "statistic"),
                Hop("passages", "text", "texts", "id"),
            ),
        ),
        {
            "proposals": ("id", "theme", "proposer", "document", "passage", *_O),
            "evidence": ("proposal", "statistic", "basis", *_O),
            "proposal-themes": ("proposal", "theme", *_O),
            "proposal-proposers": ("*",),
            "statistics": ("id", "citation_status"),
            "statistic-sources": ("statistic", "source"),
            "passages": ("id", "text"),
            "texts": ("id", "document"),
        },
        {
            "proposal-sources": "proposal",
            "proposal-subjects": "proposal",
            "proposal-proposers": "proposal",
            "proposal-status": "proposal",
        },
    ),
)
RECIPES = (*_FIRST, *_SECOND)
# By the driver, from whole columns: what is of the whole corpus (`schemes`, `measurements`), and rules with no recipe.
_AT_LAST = tuple(n for n in derive.RULES if not any(n in recipe.makes for recipe in RECIPES))


@dataclass(frozen=True)
class Deriving:
    """Runs the rules on a group, and stages what they make of its own subjects."""

    recipes: Sequence[Recipe]
    columns: Mapping[str, Sequence[str]]
    known: Mapping[str, schema.Table]
    everywhere: Mapping[str, pl.DataFrame]
    numbers: Mapping[tuple[int, int], int]  # of a group among all
    room: Path

    def __call__(self, group: Group) -> list[dict[str, Any]]:
        """The staged parts: of which table, group and part."""
        recipe = self.recipes[group.neighbourhood]
        frames = {name: fitted(frame, self.columns[name]) for name, frame in group.frames.items()}
        tables = replace(group, frames=frames).tables(self.columns)
        tables = tables.with_({name: frame for name, frame in self.everywhere.items() if name != recipe.root})
        if recipe.root == "statistics":
            tables = derive.with_known_statuses(tables)
        made = derive.derived(tables, self.known, [name for name in recipe.makes if name in derive.RULES])
        root = group.frames[recipe.root]
        own = root.filter(pl.Series(group.own(root["_n"].to_numpy())))["id"]
        found: list[dict[str, Any]] = []
        for name, subject in recipe.makes.items():
            rows = made[name].filter(pl.col(subject).is_in(own.implode()))
            if rows.is_empty():
                continue
            number = self.numbers[group.neighbourhood, group.number]
            (part,) = staging.stage_frame(name, rows, self.room, number).parts
            found.append({"derived": name, "part": part.packed()})
        return found


def links(session: Session, corpus: Corpus, group: int, small: int) -> Corpus:
    """As `derive.links`, of a corpus whose tables are staged, conform, and hold no broken link."""
    tables = corpus.tables
    for recipes in (_FIRST, _SECOND):
        made = _made(session, replace(corpus, tables=tables), recipes, group, small)
        wanted = {name for recipe in recipes for name in recipe.makes}
        tables = tables.with_({name: made[name] for name in wanted if name in made})
    known = corpus.schema
    last = derive.derived(tables, known, _AT_LAST)
    return replace(corpus, tables=tables.with_({name: last[name] for name in _AT_LAST}))


def _made(session: Session, corpus: Corpus, recipes: Sequence[Recipe], group: int, small: int) -> dict[str, Staged]:
    """The tables that these recipes make, staged."""
    stored = {n: kept for n in corpus.tables if isinstance(kept := corpus.tables.kept(n), Staged) and kept.height}
    spoken = corpus.languages
    everywhere = {name: corpus.tables[name] for name in _EVERYWHERE}
    columns = dict(corpus.tables.all_names)
    around = Colocation(session, stored, [recipe.around(spoken) for recipe in recipes], group, small)
    numbers = {each: number for number, each in enumerate(around.groups())}
    parts: dict[str, list[StagedPart]] = {}
    for each in around.apply(Deriving(recipes, columns, corpus.schema, everywhere, numbers, session.room)):
        parts.setdefault(each["derived"], []).append(StagedPart.unpacked(each["part"]))
    return {
        name: staged.of(sorted(some, key=lambda part: part.number), columns[name], f"{name}.csv")
        for name, some in parts.items()
    }
