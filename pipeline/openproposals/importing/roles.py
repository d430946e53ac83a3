"""Which role a column would be given, by what it is called and what it holds. A guess, to be offered and never taken.

A role is the place that `mapping.toml` would name: `proposals.label`, `proposals.theme.id`, `outcomes.status`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from openproposals.importing.columns import SeenColumn
from openproposals.messages import load
from openproposals.model import languages

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_LANGUAGE = re.compile(r"(.+?)[\s_./:(\[-]+([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)[)\]]?")
_SMALL = 10  # rows, below which nothing is told by how many values differ
_FEW, _KINDS = 0.7, 40  # the part of rows that a grouping column's values may be, and how many statuses there may be
_KEYS, _DAYS = 0.95, 0.9  # the part of its cells that differ in a column of ids, and that are days in one of dates
_LINKS = frozenset({"de", "du", "des", "d", "of", "del", "della", "di", "do", "da", "der", "von", "vom"})
_GROUPS = {"theme": "proposals", "proposer": "proposals", "document": "proposals"}
MAIN = "proposals.label"


def roles(columns: Sequence[SeenColumn], known: Sequence[str] = ()) -> dict[str, str]:
    """The role of each column that would be given one; of two that claim one, the first with the better claim.

    known: the languages that a column's name may end with; by default any language tag.
    """
    found: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for exact in (True, False):
        for column in columns:
            name, tag = tongue(column.name, known)
            for role in _claimed(name, exact=exact):
                if column.name not in found and (role, tag) not in taken and _fits(role, column):
                    found[column.name] = role + (f".{tag}" if tag and not role.endswith((".id", "url")) else "")
                    taken.add((role, tag))
    if not any(role.startswith(MAIN) for role in found.values()):
        texts = [c for c in columns if c.name not in found and c.kind == "text" and c.filled and c.distinct > 1]
        if texts:
            found[max(texts, key=lambda c: (c.distinct, c.length)).name] = MAIN
    _long_text(columns, found)
    for section in ("proposals.theme", "proposals.proposer"):
        if not any(role.startswith(f"{section}.label") for role in found.values()):  # the only name that it has
            found = {n: f"{section}.label" if role == f"{section}.id" else role for n, role in found.items()}
    if "outcomes.status" not in found.values():
        found = {name: role for name, role in found.items() if not role.startswith("outcomes.")}
    return found


def _long_text(columns: Sequence[SeenColumn], found: dict[str, str]) -> None:
    """Where two columns are called as a label is, the longer one is the text of the proposal: its summary."""
    label = next((column for column in columns if found.get(column.name) == MAIN), None)
    if label is None or "proposals.summary" in found.values():
        return
    for column in columns:
        claims = {*_claimed(column.name, exact=True), *_claimed(column.name, exact=False)}
        if column.name not in found and MAIN in claims and _fits(MAIN, column):
            short, long = sorted((label, column), key=lambda each: each.length)
            found[short.name], found[long.name] = MAIN, "proposals.summary"
            return


def tongue(name: str, known: Sequence[str] = ()) -> tuple[str, str]:
    """A column's name without the language that it ends with, and that language.

    >>> tongue("title/en"), tongue("label_pt-BR"), tongue("Titre (fr)"), tongue("source_url"), tongue("label")
    (('title', 'en'), ('label', 'pt-BR'), ('Titre', 'fr'), ('source_url', ''), ('label', ''))
    """
    found = _LANGUAGE.fullmatch(name)
    if found and languages.is_tag(found[2]) and found[2].lower().partition("-")[0] in (*known, *_tongues()):
        return found[1], languages.canonical(found[2])
    return name, ""


@cache
def _tongues() -> frozenset[str]:
    return frozenset(load("importing/languages"))


def _claimed(name: str, *, exact: bool) -> Iterator[str]:
    words = [_folded(word) for word in _WORDS.findall(name)]
    whole, head = "".join(words), _head(words)
    counted = head != (words or [""])[-1]  # as in "number of votes", which is no id
    for section, names in load("importing/roles").items():
        before = f"{_GROUPS[section]}.{section}" if section in _GROUPS else section
        for key, said in names.items():
            if key == "id" and counted and words[-1] not in names.get("label", "").split():
                continue
            if (whole if exact else head) in said.split():
                yield f"{before}.{key}"


def _head(words: Sequence[str]) -> str:
    """The word that tells what a column is: the last, or that before "of": `date de dépôt`, `name of the party`."""
    link = next((place for place, word in enumerate(words) if place and word in _LINKS), len(words))
    return words[link - 1] if words else ""


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _fits(role: str, column: SeenColumn) -> bool:
    """Whether what a column holds allows the role."""
    key = role.rpartition(".")[2]
    if not column.filled:
        return False
    if key == "sources":
        return column.addresses > 0
    if key == "url":
        return column.addresses * 2 > column.filled and not column.lists
    if role == "proposals.id":
        return column.empty == 0 and column.distinct >= column.filled * _KEYS
    if key == "issued":
        return column.dates >= column.filled * _DAYS
    if key == "position":
        return column.kind == "number"
    if column.addresses * 2 > column.filled:
        return False
    if role == "outcomes.status":
        return column.filled < _SMALL or column.distinct <= min(_KINDS, column.filled * _FEW)
    if role.startswith(("proposals.theme", "proposals.proposer")):
        return column.filled < _SMALL or column.distinct <= column.filled * _FEW
    return column.kind == "text" or key == "id"


def grouped(found: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Roles by section: for each, the column of each key."""
    sections: dict[str, dict[str, str]] = {}
    for column, role in found.items():
        section, _, key = role.partition(".")
        sections.setdefault(section, {})[key] = column
    return sections
