"""What portals know by name (`registry.toml`), and what the release's files are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openproposals.messages import load
from openproposals.model import schema
from openproposals.release.write import KEPT

EU = "http://publications.europa.eu/resource/authority/"
LICENCES = EU + "licence/"
GZIP = ".gz"


@dataclass(frozen=True)
class Format:
    """How a kind of file is named: media type, EU file type, and the short name that portals show."""

    media_type: str
    file_type: str
    label: str


@dataclass(frozen=True)
class Licence:
    """A licence of the EU's table, the label data.gouv.fr recognises, its SPDX identifier, its text, its kind."""

    label: str
    spdx: str
    url: str
    type: str


def format_of(name: str) -> Format | None:
    """The format of a file, which may be gzipped, by its extension; None for what is no data file.

    >>> format_of("tables/proposals.csv").label
    'CSV'
    """
    found = load("catalog/registry")["formats"].get("." + name.removesuffix(GZIP).rpartition(".")[2])
    return Format(**found) if found else None


def licence(iri: str) -> Licence | None:
    """The licence that the EU's table has under that IRI, if it is one of those known here."""
    found = load("catalog/registry")["licences"].get(iri.removeprefix(LICENCES)) if iri.startswith(LICENCES) else None
    return Licence(**found) if found else None


def licences() -> dict[str, Licence]:
    """Every licence known here, by its IRI."""
    return {LICENCES + code: Licence(**entry) for code, entry in load("catalog/registry")["licences"].items()}


def themes() -> dict[str, dict[str, str]]:
    """The EU's data themes: code to label, by language."""
    found: dict[str, dict[str, str]] = load("catalog/registry")["themes"]
    return found


def concept(iri: str) -> dict[str, str]:
    """The label of another concept that a catalogue uses, by language."""
    found: dict[str, str] = load("catalog/registry")["concepts"].get(iri.rpartition("/")[2], {})
    return found


def place(iri: str) -> dict[str, Any]:
    """The names and the box of a place; nothing where it is not known here."""
    found: dict[str, Any] = load("catalog/registry")["places"].get(iri, {})
    return found


def distributions(names: Iterable[str]) -> list[str]:
    """Which files of a release are its data: every dump and every table of this release, in order of name."""
    return sorted(name for name in names if format_of(name) and not name.startswith(f"{KEPT}/"))


def titles(name: str) -> dict[str, str]:
    """A file's title in both languages.

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
