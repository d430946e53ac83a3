"""How a language writes numbers, notes and proposals: a file in `languages/` a language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from openproposals.messages import load
from openproposals.reading.rule_patterns import patterns

KNOWN: tuple[str, ...] = tuple(sorted(path.stem for path in (Path(__file__).parent / "languages").glob("*.toml")))
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 40_000  # characters by which the language of a text is known


@dataclass(frozen=True)
class Rules:
    """A language's rules. The patterns ignore case, and take any white space for a space."""

    language: str
    values: Mapping[str, float]  # number words
    fractions: Mapping[str, str]
    parts: Mapping[str, int]  # thirds, quarters
    superlatives: Mapping[str, int]  # what stands before one as a rank, in one word
    ordinals: Mapping[str, float]
    multiples: Mapping[str, float]
    articles: frozenset[str]
    collective: frozenset[str]
    letters: Mapping[str, int]  # a magnitude of one letter, with its power of ten
    first: frozenset[str]
    not_first: frozenset[str]
    abbreviations: frozenset[str]
    common: frozenset[str]
    joined: str
    compound: bool
    patterns: Mapping[str, re.Pattern[str]]

    def __getitem__(self, name: str) -> re.Pattern[str]:
        return self.patterns[name]


@cache
def rules(language: str) -> Rules:
    """The rules of one of the `KNOWN` languages."""
    data = load(f"reading/languages/{language}")
    numbers, proposals = data["numbers"], data["proposals"]
    multiplied = _ended(data["multiplied"]["stems"], data["multiplied"]["endings"])
    words = {
        "words": _plain(data["words"]),
        "fractions": _plain(data["fractions"]),
        "parts": _plain(data["parts"]),
        "ordinals": _plain(_ended(data["ordinals"], data["order"]["endings"])),
        "multiples": _plain(data["multiples"] | multiplied),
    }
    return Rules(
        language,
        words["words"],
        words["fractions"],
        words["parts"],
        data.get("superlatives", {}),
        words["ordinals"],
        words["multiples"],
        frozenset(numbers["articles"].split()),
        frozenset(numbers["collective"].split()),
        data["letters"],
        frozenset(data["order"]["first"].split()),
        frozenset(proposals["not_first"].split()),
        frozenset(data["sentences"]["abbreviations"].split()),
        frozenset(data["common"].split()),
        numbers["joined"],
        numbers["compound"],
        patterns(data | words),
    )


def _ended(stems: Mapping[str, float], endings: str) -> dict[str, float]:
    """Stems with each of the endings, and what they stand for: doubles, doubled, doubling."""
    return {stem + end: value for stem, value in stems.items() for end in endings.split() or ("",)}


def _plain(words: Mapping[str, Any]) -> dict[str, Any]:
    """Words in small letters, and without their accents, as capitals are printed: DEUXIEME."""
    plain = {"".join(c for c in normalize("NFD", word) if not combining(c)): value for word, value in words.items()}
    return {word.lower(): value for word, value in (plain | dict(words)).items()}


def language_of(text: str) -> str:
    """The language, of those known, whose common words a text has most of; the first where it has none.

    >>> language_of("Les prix de la ville et des communes sont dans le rapport"), language_of("The rent is due in May")
    ('fr', 'en')
    """
    counts = Counter(_WORD.findall(text[:_SAMPLE].lower()))
    scores = {name: sum(counts[word] for word in load(f"reading/languages/{name}")["common"].split()) for name in KNOWN}
    return max(KNOWN, key=lambda name: (scores[name], name == "en"))


def value_of(words: str, how: Rules) -> Decimal | None:
    """What number words stand for; None for words of which one is not known.

    >>> value_of("trois cent mille", rules("fr")), value_of("quatre-vingt-dix", rules("fr"))
    (Decimal('300000'), Decimal('90'))
    >>> value_of("une dizaine", rules("fr")), value_of("zwei Dutzend", rules("de"))
    (Decimal('10'), Decimal('24'))
    >>> value_of("twenty-two thousand", rules("en")), value_of("neuneinhalb", rules("de"))
    (Decimal('22000'), Decimal('9.5'))
    """
    total, group = 0.0, 0.0
    said, halves = how["half"].subn("", words.lower())
    half = Decimal("0.5") if halves else Decimal(0)
    found = how["number"].findall(said)
    if not found:
        return None
    for word, value in ((word, how.values[word]) for word in found):
        if value > total > 0 and value >= 1000:
            total, group = (total + group) * value, 0  # mille milliards
        elif value >= 1000:
            total, group = total + max(group, 1) * value, 0
        elif value == 100 or word in how.collective:
            group = max(group, 1) * value
        else:
            group += value
    return Decimal(str(total + group)).quantize(Decimal("0.1")).normalize() + half
