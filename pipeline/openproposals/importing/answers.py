"""What is known of a corpus before it is written: what a person says of it, and what the publisher's files show.

In: the files as they were inspected. Out: what may be offered to a person: languages, places, years and themes. None of
it is taken until the person has seen it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from openproposals.catalog import registry
from openproposals.importing.inspecting import Inspection
from openproposals.importing.roles import tongue
from openproposals.model import lists

_CODES = {"cc-by": "CC_BY_4_0", "cc-by-sa": "CC_BYSA_4_0", "cc0": "CC0", "lo": "ETALAB_2_0", "odbl": "ODC_BL"}
LICENCES = {short: f"{registry.LICENCES}{code}" for short, code in _CODES.items()}
CONTACT = r"[^@\s<>\"{}|\\^`]+@[^@\s<>\"{}|\\^`]+"
ADDRESS = r"https?://[^\s<>\"{}|\\^`#?]+"
_YEAR = re.compile(r"\b(19[5-9][0-9]|20[0-4][0-9])\b")
_WORD = re.compile(r"[^\W\d_]{5,}")  # the words of a theme's name that tell it: and, et, und are shorter
_READ = 2_000  # cells of a column that are looked at
_RARE = 20  # a theme is offered if more than one in so many topics is its own


@dataclass(frozen=True)
class Answers:
    """What a person says of a corpus. `title`: by language. `licence`: its IRI. `address`: where it is put on line."""

    title: Mapping[str, str]
    publisher: str
    contact: str
    licence: str
    address: str

    @property
    def languages(self) -> list[str]:
        """The languages of the corpus, the main one first."""
        return list(self.title)


@dataclass(frozen=True)
class Guessed:
    """What files show of a corpus, to be confirmed: languages, places (IRIs), the first and last year named, themes.

    `themes` are codes of the EU's data themes; () where no topic of the files is called as one of them.
    """

    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    years: tuple[str, str] | None = None
    themes: tuple[str, ...] = ()


def offer(found: Sequence[Inspection]) -> Guessed:
    """What files show: the languages of texts, the country of addresses, the years of dates, the themes of topics."""
    tags: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    years: list[str] = []
    topics: Counter[str] = Counter()
    for seen in (sheet for each in found for sheet in each.sheets):
        for column in seen.columns:
            tag = tongue(column.name)[1]
            tags.update([tag] if tag else column.languages)
            cells = seen.sheet.cells[column.name].drop_nulls().head(_READ)
            if seen.roles.get(column.name, "").startswith("proposals.theme"):
                topics.update(code for cell in cells for code in _themes(cell))
            if column.addresses:
                countries.update(_country(cell) for cell in cells)
            if column.kind == "date":
                years += [year for cell in cells for year in _YEAR.findall(cell)]
    del countries[""]
    places = [code for code, count in countries.most_common(1) if count * 2 > countries.total()]
    main = [tag for tag, count in tags.most_common() if count * 4 >= max(tags.values())]
    themes = sorted(code for code, count in topics.items() if count * _RARE > topics.total())
    return Guessed(tuple(main), tuple(places), (min(years), max(years)) if years else None, tuple(themes))


def _themes(topic: str) -> set[str]:
    """The EU's data themes in whose name a word of a topic stands.

    >>> sorted(_themes("Transport & roads")), _themes("the sea")
    (['TRAN'], set())
    """
    words = {word.casefold() for word in _WORD.findall(topic)}
    return {code for code, names in _theme_words().items() if words & names}


@cache
def _theme_words() -> dict[str, set[str]]:
    """The words of the themes' names in the languages of the program; those of several themes tell none apart."""
    named = {
        code: {w.casefold() for n in names.values() for w in _WORD.findall(n)}
        for code, names in registry.themes().items()
    }
    counted = Counter(word for words in named.values() for word in words)
    return {code: {word for word in words if counted[word] == 1} for code, words in named.items()}


def _country(address: str) -> str:
    """The IRI of the country whose ending an address's host has; "" for none."""
    try:
        ending = (urlsplit(address.split()[0]).hostname or "").rpartition(".")[2] if address.split() else ""
    except ValueError:
        return ""
    countries = lists.named("countries")
    code = countries.meant({"uk": "GB"}.get(ending, ending.upper())) if len(ending) == 2 else ""
    return f"{countries.namespace}{code}" if code else ""
