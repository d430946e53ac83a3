"""Formats, licences, themes and places that portals know (`registry.toml`), and the titles of a release's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openproposals.messages import LANGUAGES, Language, farness, load, own_texts, say, spoken, texts
from openproposals.model import lists, schema
from openproposals.release.write import KEPT

EU = "http://publications.europa.eu/resource/authority/"
LICENCES = EU + "licence/"
GZIP = ".gz"


@dataclass(frozen=True)
class Format:
    """A file format: media type, code in the EU's file type table, and the short name that portals show."""

    media_type: str
    file_type: str
    label: str


@dataclass(frozen=True)
class Licence:
    """A licence: the label that data.gouv.fr recognises, its SPDX identifier, its text's address, its ADMS type."""

    label: str
    spdx: str
    url: str
    type: str


def format_of(name: str) -> Format | None:
    """The format of a file by its extension, without .gz; None for a file that is not a data file.

    >>> format_of("tables/proposals.csv").label
    'CSV'
    """
    found = load("catalog/registry")["formats"].get("." + name.removesuffix(GZIP).rpartition(".")[2])
    return Format(**found) if found else None


def licence(iri: str) -> Licence | None:
    """The licence with that IRI in the EU's licence table; None for one that is not in registry.toml."""
    found = load("catalog/registry")["licences"].get(iri.removeprefix(LICENCES)) if iri.startswith(LICENCES) else None
    return Licence(**found) if found else None


def licences() -> dict[str, Licence]:
    """Every licence of registry.toml, by IRI."""
    return {LICENCES + code: Licence(**entry) for code, entry in load("catalog/registry")["licences"].items()}


def themes() -> dict[str, dict[str, str]]:
    """The EU's data themes: by code, the label by language."""
    return {code: _named("themes", code) for code in texts("catalog/registry", "en")["themes"]}


def concept(iri: str) -> dict[str, str]:
    """The label of another concept used in a catalogue, by language; {} for an unknown one."""
    return _named("concepts", iri.rpartition("/")[2])


def _named(kind: str, key: str) -> dict[str, str]:
    """A name of `words/<language>/catalog/registry.toml` by language; {} for what has none."""
    named = {language: own_texts("catalog/registry", language).get(kind, {}) for language in LANGUAGES}
    return {language: names[key] for language, names in named.items() if key in names}


def place(iri: str) -> dict[str, Any]:
    """The names by language and the bounding box (`box`) of a place; {} for an unknown one."""
    return {**_named("places", iri), **load("catalog/registry")["places"].get(iri, {})}


def languages(descriptor: Mapping[str, Any]) -> list[Language]:
    """The languages in which a corpus's catalogue has the program's words: its own that the program speaks, or English.

    >>> languages({"languages": ["fr-CA", "nl"]}), languages({"languages": ["ar"]})
    (['fr'], ['en'])
    """
    found = [spoken(tag) for tag in descriptor["languages"] if not farness(spoken(tag), tag)[1]]
    return list(dict.fromkeys(found)) or ["en"]


def leading(descriptor: Mapping[str, Any]) -> str:
    """The language for a text that can stand in one only: English where the corpus has it, else its main language."""
    found: list[str] = descriptor["languages"]
    return next((tag for tag in found if tag.partition("-")[0] == "en"), found[0])


def authority_code(tag: str) -> str:
    """The code of a language in the EU's table of languages.

    >>> authority_code("fr-CA"), authority_code("gsw")
    ('FRA', 'GSW')
    """
    begun = tag.partition("-")[0]
    return lists.named("languages").meant(begun) or begun.upper()


def distributions(names: Iterable[str]) -> list[str]:
    """The data files among the files of a release: its dumps and tables, without earlier releases; sorted."""
    return sorted(name for name in names if format_of(name) and not name.startswith(f"{KEPT}/"))


def titles(name: str) -> dict[str, str]:
    """The title of a file, by language.

    >>> titles("tables/proposals.csv")["fr"]
    'Table : Propositions (CSV)'
    """
    stem, _, _ = name.removesuffix(GZIP).rpartition(".")
    kind = format_of(name)
    label = f" ({kind.label}{', gzip' if name.endswith(GZIP) else ''})" if kind else ""
    table = schema.tables().get(stem.removeprefix("tables/"))
    if stem.startswith("tables/") and table:
        titles = schema.said(table.descriptor, "title")
        said = {x: say("catalog/registry", "titles.table", x, title=titles[x]) for x in LANGUAGES if x in titles}
    else:
        key = stem if stem in texts("catalog/registry", "en")["titles"] else "other"
        said = _named("titles", key)
    return {language: f"{title}{label}" for language, title in said.items()}
