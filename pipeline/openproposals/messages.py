"""The program's own words: the reader's language, the files that hold the texts, and dates, numbers and plurals.

A text is `{ en = "...", fr = "..." }` in a TOML file beside the code that says it; `{name}` is a fact to fill in, and a
bar divides a singular from a plural, chosen by the fact `n`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_GROUPED = {"en": ",", "fr": "\u202f"}  # between thousands
_POINT = {"en": ".", "fr": ","}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


def wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The reader's language: `--lang`, else the locale's, else English.

    >>> wanted(["publish", "--lang", "fr"], {}), wanted([], {"LANG": "fr_FR.UTF-8"}), wanted([], {"LANG": "de_DE"})
    ('fr', 'fr', 'en')
    """
    given = next((v for a, v in pairwise(arguments) if a == "--lang"), "")
    given = given or next((a.removeprefix("--lang=") for a in arguments if a.startswith("--lang=")), "")
    locale = next((environment[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(v)), "")
    return "fr" if (given or locale).lower().startswith("fr") else "en"


@cache
def load(name: str) -> dict[str, Any]:
    """A TOML file of the package, by its path without the ending: `load("web/links")`. Do not change what it gives."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def say(name: str, key: str, language: Language, /, **facts: object) -> str:
    """A text of a file in a language, its facts filled in; dots in `key` lead into the file's tables.

    Raises KeyError where the file has no such text.

    >>> say("factcheck/verify", "said.page", "fr", page=3)
    ', page 3'
    """
    found = load(name)
    for part in key.split("."):
        found = found[part]
    return filled(str(found[language]), language, **facts)


@dataclass(frozen=True)
class Phrase:
    """A text of a file with its facts, said once the reader's language is known; its string is English.

    >>> Phrase("web/links", "timeout").say("fr")
    'pas de réponse dans le temps imparti'
    """

    name: str
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        """The text in a language. Raises KeyError where the file has no such text."""
        facts = {name: fact.say(language) if isinstance(fact, Phrase) else fact for name, fact in self.facts.items()}
        return say(self.name, self.key, language, **facts)

    def __str__(self) -> str:
        return self.say("en")


def filled(text: str, language: Language, /, **facts: object) -> str:
    """A text with its facts filled in; by a whole number `n`, in its number, which is written as the language has it.

    >>> filled("{n} source|{n} sources", "fr", n=1), filled("{n} source|{n} sources", "en", n=1200)
    ('1 source', '1,200 sources')
    """
    n = facts.get("n")
    if isinstance(n, int):
        one, bar, many = text.partition("|")
        single = n < 2 if language == "fr" else n == 1
        text = one if single or not bar else many
        facts["n"] = number(n, language)
    return text.format(**facts)


def number(value: int | str, language: Language) -> str:
    """A whole number, or a decimal's lexical form, as the language writes it; what is no decimal is left as it is.

    >>> number(1200, "en"), number("330000", "en"), number("22.8", "fr"), number("x", "fr")
    ('1,200', '330,000', '22,8', 'x')
    """
    text = str(value)
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
        return text
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}".replace(",", _GROUPED[language]) + (_POINT[language] + rest if point else "")


def day(lexical: str, language: Language) -> str:
    """A year, month or day (ISO 8601) as a person writes it; anything else is left as it is.

    >>> day("2025-01-17", "fr"), day("2025-01", "en"), day("2025", "en"), day("2026-11-01", "fr")
    ('17 janvier 2025', 'January 2025', '2025', '1er novembre 2026')
    """
    parts = re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?", lexical[:10])
    if parts is None or parts[2] is None:
        return lexical
    month = f"{_MONTHS[language].split()[int(parts[2]) - 1]} {parts[1]}"
    first = "1er" if language == "fr" and parts[3] == "01" else (parts[3] or "").lstrip("0")
    return f"{first} {month}".strip()
