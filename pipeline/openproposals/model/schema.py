"""The Table Schemas of `schema/` as dataclasses, and the folders that the program ships."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from openproposals.messages import fitting

Origin = Literal["given", "descriptor", "short", "derived", "flat"]


def shipped(name: Literal["schema", "shapes", "docs/queries"]) -> Path:
    """A folder that the program ships: inside the package in a wheel, at the root in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / name
    return inside if inside.is_dir() else package.parents[1] / name


@dataclass(frozen=True)
class Column:
    """One column of a table, as its Table Schema describes it.

    `meaning`: another value here changes what the row's IRI names, so that a new release needs a new major version.
    """

    name: str
    type: str
    format: str
    required: bool
    enum: tuple[str, ...]
    pattern: str
    partial_date: bool
    meaning: bool
    bounds: tuple[int | None, int | None]
    title: dict[str, str]
    description: dict[str, str]

    @property
    def is_iri(self) -> bool:
        """Whether a cell is a whole web IRI."""
        return self.format == "uri"

    @property
    def is_free_text(self) -> bool:
        """Whether a valid cell may hold any character at all, so that writers must escape it."""
        return self.type == "string" and not (self.enum or self.pattern or self.is_iri)


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose cells are the key of a row of another table (`targets` are the columns of that key)."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, its key, its links, and its Table Schema as a descriptor.

    `origin` says where rows come from: `given` in a CSV of the corpus, from the `descriptor`, the `short` form that
    stands for rows of other tables, `derived` by the pipeline, or a `flat` view that repeats others.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    links: tuple[ForeignKey, ...]
    origin: Origin
    descriptor: dict[str, Any]

    @property
    def has_rows(self) -> bool:
        """Whether its rows are published as such; the short form and the flat views stand for rows of other tables."""
        return self.origin not in ("short", "flat")

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)

    @property
    def column_names(self) -> list[str]:
        """The columns' names, in order."""
        return [c.name for c in self.columns]


def said(thing: Mapping[str, Any], key: str) -> dict[str, str]:
    """A text of a schema by language: English under `key`, others under `key_<tag>`; {} where it has none.

    >>> said({"title": "Label", "title_fr": "Libellé"}, "title")
    {'en': 'Label', 'fr': 'Libellé'}
    """
    tagged = {name.removeprefix(f"{key}_"): text for name, text in thing.items() if name.startswith(f"{key}_")}
    return {"en": thing[key], **tagged} if key in thing else {}


def tagged(names: Iterable[str], stem: str, language: str) -> str:
    """Of the columns `stem_<tag>`, the one in a language, or the one to show in its place; "" where there is none.

    >>> tagged(["id", "label_fr", "label_en"], "label", "en"), tagged(["label_ar"], "label", "en")
    ('label_en', 'label_ar')
    """
    tags = [name.removeprefix(f"{stem}_") for name in names if name.startswith(f"{stem}_")]
    return f"{stem}_{fitting(tags, language)}" if tags else ""


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _column(field: dict[str, Any]) -> Column:
    constraints = field.get("constraints", {})
    return Column(
        name=field["name"],
        type=field["type"],
        format=field.get("format", "default"),
        required=constraints.get("required", False),
        enum=tuple(constraints.get("enum", ())),
        pattern=constraints.get("pattern", ""),
        partial_date=field.get("partialDate", False),
        meaning=field.get("meaning", False),
        bounds=(constraints.get("minimum"), constraints.get("maximum")),
        title=said(field, "title"),
        description=said(field, "description"),
    )


def _table(descriptor: dict[str, Any]) -> Table:
    links = (
        ForeignKey(
            _names(key["fields"]),
            key["reference"]["resource"] or descriptor["name"],
            _names(key["reference"]["fields"]),
        )
        for key in descriptor.get("foreignKeys", ())
    )
    return Table(
        name=descriptor["name"],
        columns=tuple(map(_column, descriptor["fields"])),
        key=_names(descriptor["primaryKey"]),
        links=tuple(links),
        origin=descriptor["origin"],
        descriptor=descriptor,
    )


@cache
def tables() -> dict[str, Table]:
    """Every table by name, in the order in which they are published (`schema/tables.json`)."""
    folder = shipped("schema")
    order = json.loads((folder / "tables.json").read_text(encoding="utf-8"))["tables"]
    return {name: _table(json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))) for name in order}


@cache
def columns() -> dict[str, list[str]]:
    """Every table's column names, in order."""
    return {name: table.column_names for name, table in tables().items()}


@cache
def context() -> dict[str, Any]:
    """The JSON-LD context of all dumps: `schema/context.jsonld` without its outer `@context`."""
    text = (shipped("schema") / "context.jsonld").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["@context"]
    return found


@cache
def prefixes() -> dict[str, str]:
    """Prefixes and their namespaces: the terms of the context that are strings and end in / or #.

    >>> prefixes()["skos"]
    'http://www.w3.org/2004/02/skos/core#'
    """
    return {term: iri for term, iri in context().items() if isinstance(iri, str) and iri.endswith(("/", "#"))}
