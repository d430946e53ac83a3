"""The program's own words: the reader's language, the files that hold the texts, and dates, numbers and plurals.

`words/` has a folder for each language, all with the same files and keys; a text that a language lacks is said in
English. In a text, `{name}` is a fact to fill in; bars divide the forms of a text that depend on the fact `n`, in the
order of CLDR (zero, one, two, few, many, other) as far as the language has them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from openproposals.words import cldr

Language = str  # a BCP 47 tag
_HERE = Path(__file__).parent
LANGUAGES: tuple[Language, ...] = tuple(
    sorted((texts.parent.name for texts in (_HERE / "words").glob("*/signs.toml")), key=lambda tag: (tag != "en", tag))
)  # English first


def wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The reader's language: `--lang`, else the locale's, else English.

    >>> wanted(["publish", "--lang", "fr"], {}), wanted([], {"LANG": "fr_FR.UTF-8"}), wanted([], {"LANG": "it_IT"})
    ('fr', 'fr', 'en')
    """
    given = next((v for a, v in pairwise(arguments) if a == "--lang"), "")
    given = given or next((a.removeprefix("--lang=") for a in arguments if a.startswith("--lang=")), "")
    locale = next((environment[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(v)), "")
    return spoken((given or locale).partition(".")[0].replace("_", "-"))


@cache
def spoken(tag: str) -> Language:
    """The language of the program that a tag asks for, without its last parts where need be; else English.

    >>> spoken("fr-CA"), spoken("FR"), spoken("ar")
    ('fr', 'fr', 'en')
    """
    parts = tag.lower().split("-")
    tags = {language.lower(): language for language in LANGUAGES}
    return next((tags[t] for n in range(len(parts), 0, -1) if (t := "-".join(parts[:n])) in tags), "en")


def fitting(tags: Iterable[str], wanted: str) -> str:
    """Of the languages that there are, the one that is wanted, else a variant of it, else the first; "" of none.

    >>> fitting(("fr", "pt-BR"), "pt"), fitting(("fr", "en"), "de"), fitting((), "de")
    ('pt-BR', 'fr', '')
    """
    return min(tags, key=lambda tag: farness(tag, wanted), default="")


@lru_cache(1_000)
def farness(tag: str, wanted: str) -> tuple[bool, bool]:
    """How far a language is from the wanted one: another variant, another language. Case does not count in tags.

    >>> farness("pt-br", "pt-BR"), farness("pt", "pt-BR"), farness("fr", "pt-BR")
    ((False, False), (True, False), (True, True))
    """
    tag, wanted = tag.lower(), wanted.lower()
    return tag != wanted, tag.partition("-")[0] != wanted.partition("-")[0]


@cache
def load(name: str) -> dict[str, Any]:
    """A TOML file beside the code, by its path without the ending: `load("findings")`. Do not change what it gives."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def texts(name: str, language: Language) -> dict[str, Any]:
    """The texts of a file of `words/` in a language, English where it has none. Do not change what it gives.

    >>> texts("web/links", "fr")["gone"]
    'disparu'
    """
    found = own_texts(name, language)
    return found if language == "en" else _completed(found, texts(name, "en"))


@cache
def own_texts(name: str, language: Language) -> dict[str, Any]:
    """The texts of a file of `words/` in a language and no other. Do not change what it gives."""
    own = _HERE / "words" / language / f"{name}.toml"
    return tomllib.loads(own.read_text(encoding="utf-8")) if own.is_file() else {}


def _completed(found: Mapping[str, Any], english: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _completed(found.get(key, {}), text) if isinstance(text, dict) else found.get(key, text)
        for key, text in english.items()
    }


def say(name: str, key: str, language: Language, /, **facts: object) -> str:
    """A text of a file in a language, its facts filled in; dots in `key` lead into the file's tables.

    Raises KeyError where the file has no such text.

    >>> say("factcheck/verify", "said.page", "fr", page=3)
    ', page 3'
    """
    found: Any = texts(name, language)
    for part in key.split("."):
        found = found[part]
    return filled(str(found), language, **facts)


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


@dataclass(frozen=True)
class Translated:
    """A text that data give in several languages, the main one first; its string is English if it has it.

    >>> Translated({"en": "Label", "fr": "Libellé"}).say("fr-CA"), Translated({"ar": "وسم"}).say("fr")
    ('Libellé', 'وسم')
    """

    texts: Mapping[Language, str | None]

    def say(self, language: Language) -> str:
        """The text in a language, else in a variant of it, else in the first that has it; "" where none has."""
        found = {tag: text for tag, text in self.texts.items() if text}
        return found.get(fitting(found, language), "") or ""

    def __str__(self) -> str:
        return self.say("en")


def filled(text: str, language: Language, /, **facts: object) -> str:
    """A text with its facts filled in; by a whole number `n`, in its number, which is written as the language has it.

    >>> filled("{n} source|{n} sources", "fr", n=1), filled("{n} source|{n} sources", "en", n=1200)
    ('1 source', '1,200 sources')
    """
    n = facts.get("n")
    if isinstance(n, int):
        text = cldr.form(text.split("|"), n, _locale(language))
        facts["n"] = number(n, language)
    return text.format(**facts)


def spaced(text: str, language: Language) -> str:
    r"""A text for a page: with its language's apostrophe, and no-break spaces, so that no line begins with its colon.

    >>> spaced("Attention : « l'an »", "fr"), spaced("Note: yes", "en")
    ('Attention\xa0: «\xa0l’an\xa0»', 'Note: yes')
    """
    signs = texts("signs", language)
    text = re.sub(r"(?<=\w)'(?=\w|\s)", signs["apostrophe"], text)
    before, after = re.escape(signs["no_break_before"]), re.escape(signs["no_break_after"])
    text = re.sub(f" (?=[{before}])", "\u00a0", text) if before else text
    return re.sub(f"(?<=[{after}]) ", "\u00a0", text) if after else text


def number(value: int | str, language: Language) -> str:
    """A whole number, or a decimal's lexical form, as the language writes it; what is no decimal is left as it is.

    >>> number(1200, "en"), number("330000", "en"), number("22.8", "fr"), number("x", "fr")
    ('1,200', '330,000', '22,8', 'x')
    """
    return cldr.number(str(value), _locale(language))


def percent(lexical: str, language: Language) -> str:
    """A decimal's lexical form with the sign of per cent, as the language writes it.

    >>> percent("22.8", "en")
    '22.8%'
    """
    return cldr.percent(lexical, _locale(language))


def short(lexical: str, language: Language) -> str | None:
    """A number from a million on in words, where they say it whole; else None.

    >>> short("6000000", "en"), short("330000", "en")
    ('6 million', None)
    """
    return cldr.short(lexical, _locale(language))


def size(octets: int, language: Language) -> str:
    r"""A size in bytes as the language writes it, in steps of a thousand.

    >>> size(999, "en"), size(330_000, "fr"), size(1_250_000, "en")
    ('999\xa0bytes', '330\xa0Ko', '1.2\xa0MB')
    """
    names = texts("signs", language)["sizes"].split("|")
    step = next(step for step in (3, 2, 1, 0) if octets >= 1000**step or not step)
    decimals = 1 if step > 1 and octets < 10 * 1000**step else 0
    return f"{number(f'{octets / 1000**step:.{decimals}f}', language)}\u00a0{names[step]}"


def day(lexical: str, language: Language) -> str:
    """A year, month or day (ISO 8601) as a person writes it; anything else is left as it is.

    >>> day("2025-01-17", "fr"), day("2025-01", "en"), day("2025", "en"), day("2026-11-01", "fr")
    ('17 janvier 2025', 'January 2025', '2025', '1er novembre 2026')
    """
    return cldr.day(lexical, _locale(language), texts("signs", language)["first_of_month"])


def language_in_itself(tag: str) -> str:
    """What a language calls itself, as a menu writes it.

    >>> language_in_itself("fr"), language_in_itself("ar")
    ('Français', 'العربية')
    """
    name = cldr.language_name(tag)
    return name[:1].upper() + name[1:]


def _locale(language: Language) -> str:
    """The tag under which CLDR has the program's language."""
    return str(texts("signs", language)["locale"])
