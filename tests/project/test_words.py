"""Their sentences are not ours: no run of words of the documents stands anywhere in the project."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Iterator

import pytest

from support.places import ROOT, SHARED, needs_documents

RUN = 7  # words; a run this long is a phrase of theirs, not a coincidence of ours
# Titles of works, which are bibliographic facts, and the names of laws, bodies and programmes.
NAMES = (
    "28e rapport sur l'état du mal-logement en France 2023",
    "La débrouille des personnes qui ne mangent pas toujours à leur faim",
    "Accueillir et scolariser les enfants en situation de handicap de la naissance à 6 ans et accompagner leur famille",
    "Rapport du Laboratoire sur les inégalités mondiales",
    "Ministère de la Transition écologique et de la Cohésion des territoires",
    "Mobilisé·e·s pour le vivre-ensemble",
    "l'Aide sociale à l'enfance (ASE)",
    "les ateliers et chantiers d'insertion (ACI)",
    "Groupe SOS pour le vivre-ensemble",
)
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def runs(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1))


def table(name: str) -> list[dict[str, str]]:
    with (ROOT / "sources" / "vivre-ensemble" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_documents
def test_no_sentence_of_the_documents_in_the_project() -> None:
    """No tracked file holds seven words in a row of either document, titles of works apart."""
    theirs = {
        run
        for name in ("booklet.txt", "press-release.txt")
        for run in runs((SHARED / "documents" / name).read_text(encoding="utf-8"))
    }
    names = {r["id"]: r["label_fr"] for r in table("agents")}
    cited = [
        f"{r['title_fr']} {p} {r['issued']}" for r in table("sources") for p in (r["publisher"], names[r["publisher"]])
    ]
    allowed = {run for name in (*NAMES, *cited) for run in runs(name)}
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found = {}
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.name != "test_words.py":
            shared = set(runs(path.read_text(encoding="utf-8", errors="replace"))) & theirs - allowed
            if shared:
                found[name] = sorted(shared)[:3]
    assert found == {}


@pytest.mark.parametrize("name", NAMES)
def test_allowed_names_are_used(name: str) -> None:
    """An allowance that nothing needs is taken out."""
    tables = [p.read_text(encoding="utf-8") for p in (ROOT / "sources").rglob("*") if p.is_file()]
    assert any(name in text for text in tables)
