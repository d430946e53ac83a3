"""The Table Schemas of `schema/` as dataclasses, and the folders that the program ships.

A localised column is declared once, as `label_*`. A corpus has one column of it for each of its languages: `label_fr`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from openproposals.messages import fitting
from openproposals.model import languages
from openproposals.model.languages import NONE, Languages

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
    `localised`: whether there is one column for each language: `translated` for words of the corpus, `named` for names,
    which may be the same in all, `printed` for words of a document, which may be in other languages than the corpus; ""
    where the cell is in no language.
    `language` is the tag of a localised column of a corpus, and "" in the declaration.
    `codes`: the list in `schema/lists/` whose codes the cells are, or "".
    """

    name: str
    type: str
    format: str
    required: bool
    enum: tuple[str, ...]
    pattern: str
    partial_date: bool
    meaning: bool
    codes: str
    bounds: tuple[int | None, int | None]
    title: dict[str, str]
    description: dict[str, str]
    localised: Literal["", "translated", "named", "printed"] = ""
    language: str = ""

    @property
    def stem(self) -> str:
        """The name without its language: `label` of `label_fr` and of `label_*`; else the name."""
        return self.name.removesuffix(f"_{self.language or '*'}") if self.localised else self.name

    @property
    def declared(self) -> str:
        """The name under which the column is declared: `label_*` of `label_fr`; else the name."""
        return f"{self.stem}_*" if self.localised else self.name

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

    def family(self, declared: str) -> list[Column]:
        """The columns that are declared under a name: all languages of `label_*`, in order; else the one column."""
        return [c for c in self.columns if c.declared == declared]

    def named(self, written: str, spoken: Languages) -> str:
        """A column's name for one that a publisher wrote: `label` in a corpus of one language is `label_en` there.

        self: the declared table. A name that stands for no column is returned as it is.
        """
        plain = self.column(f"{written}_*")
        if plain and len(spoken.own) == 1 and self.column(written) is None:
            return f"{written}_{spoken.main}"
        stem, tag = languages.split(written)
        return f"{stem}_{languages.canonical(tag)}" if self.written(written) else written

    def written(self, name: str) -> Column | None:
        """The declared localised column that a column's name stands for: `label_*` for `label_fr`; else None."""
        stem, tag = languages.split(name)
        found = self.column(f"{stem}_*") if tag else None
        return found if found and found.localised else None

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


def _column(field: dict[str, Any], language: str = "") -> Column:
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
        codes=field.get("codes", ""),
        bounds=(constraints.get("minimum"), constraints.get("maximum")),
        title=said(field, "title"),
        description=said(field, "description"),
        localised=field.get("localised", ""),
        language=language,
    )


def _expanded(field: dict[str, Any], spoken: Languages) -> Iterator[tuple[dict[str, Any], str]]:
    """The fields that a declared field stands for, each with its language: those of `label_*`, or the field itself."""
    tags = spoken.of(field.get("localised", ""))
    if not tags:
        yield field, ""
    for tag in tags:
        titles = {key: f"{text} ({tag})" for key, text in field.items() if key == "title" or key.startswith("title_")}
        yield {**field, "name": field["name"].replace("*", tag), **titles}, tag


def _table(declared: dict[str, Any], spoken: Languages = NONE) -> Table:
    fields = [pair for field in declared["fields"] for pair in _expanded(field, spoken)]
    descriptor = {**declared, "fields": [{k: v for k, v in field.items() if k != "localised"} for field, _ in fields]}
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
        columns=tuple(_column(*pair) for pair in fields),
        key=_names(descriptor["primaryKey"]),
        links=tuple(links),
        origin=descriptor["origin"],
        descriptor=descriptor,
    )


@cache
def tables(spoken: Languages = NONE) -> dict[str, Table]:
    """Every table by name, in the order in which they are published (`schema/tables.json`).

    spoken: the languages of a corpus, which has a column of each localised one in them; by default each column stands
    as it is declared, as `label_*`.
    """
    folder = shipped("schema")
    order = json.loads((folder / "tables.json").read_text(encoding="utf-8"))["tables"]
    read = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in order}
    return {name: _table(declared, spoken) for name, declared in read.items()}


@cache
def columns(spoken: Languages) -> dict[str, list[str]]:
    """Every table's column names, in order, in a corpus of these languages."""
    return {name: table.column_names for name, table in tables(spoken).items()}


def spoken(names: Mapping[str, Iterable[str]]) -> Languages:
    """The languages of a corpus, by the column names of its tables; those of the title come first."""
    own = [languages.split(name)[1] for name in names.get("dataset", ()) if name.startswith("title_")]
    printed: list[str] = []
    for table, columns in names.items():
        declared = tables().get(table)
        for name in columns if declared else ():
            column = declared.written(name) if declared else None
            if column:
                (printed if column.localised == "printed" else own).append(languages.split(name)[1])
    return languages.among(own, printed)


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
