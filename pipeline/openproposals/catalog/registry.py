"""Formats, licences, themes and places that portals know (`registry.toml`), and the titles of a release's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openproposals.messages import LANGUAGES, Language, load
from openproposals.model import schema
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
    found: dict[str, dict[str, str]] = load("catalog/registry")["themes"]
    return found


def concept(iri: str) -> dict[str, str]:
    """The label of another concept used in a catalogue, by language; {} for an unknown one."""
    found: dict[str, str] = load("catalog/registry")["concepts"].get(iri.rpartition("/")[2], {})
    return found


def place(iri: str) -> dict[str, Any]:
    """The names (`en`, `fr`) and the bounding box (`box`) of a place; {} for an unknown one."""
    found: dict[str, Any] = load("catalog/registry")["places"].get(iri, {})
    return found


def languages(descriptor: Mapping[str, Any]) -> list[Language]:
    """The languages in which a corpus's catalogue has the program's words: its own that the program speaks, or English.

    >>> languages({"languages": ["fr-CA", "nl"]}), languages({"languages": ["ar"]})
    (['fr'], ['en'])
    """
    begun = [tag.partition("-")[0] for tag in descriptor["languages"]]
    return [language for tag in begun for language in LANGUAGES if tag == language] or ["en"]


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
    return str(load("catalog/languages").get(begun, begun.upper()))


def distributions(names: Iterable[str]) -> list[str]:
    """The data files among the files of a release: its dumps and tables, without earlier releases; sorted."""
    return sorted(name for name in names if format_of(name) and not name.startswith(f"{KEPT}/"))


def titles(name: str) -> dict[str, str]:
    """The title of a file, by language.

    >>> titles("tables/proposals.csv")
    {'en': 'Table: Proposals (CSV)', 'fr': 'Table : Propositions (CSV)'}
    """
    stem, _, _ = name.removesuffix(GZIP).rpartition(".")
    kind = format_of(name)
    label = f" ({kind.label}{', gzip' if name.endswith(GZIP) else ''})" if kind else ""
    table = schema.tables().get(stem.removeprefix("tables/"))
    if stem.startswith("tables/") and table:
        return {
            "en": f"Table: {table.descriptor['title']}{label}",
            "fr": f"Table : {table.descriptor['title_fr']}{label}",
        }
    known = load("catalog/registry")["titles"].get(stem, {"en": "All the data", "fr": "Toutes les données"})
    return {language: f"{known[language]}{label}" for language in ("en", "fr")}
