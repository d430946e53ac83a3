"""What CLDR knows of languages, by Babel: numbers, dates, plurals, names of languages, the direction of writing.

A tag is a BCP 47 tag (`fr`, `pt-BR`); one that CLDR does not have is written as English is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError, numbers
from babel.core import get_global

_CATEGORIES = ("zero", "one", "two", "few", "many", "other")  # of plurals, in CLDR's order
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_MILLION = 10**6
_GROUPED = 28  # characters of a number whose digits are grouped: what a decimal holds
_LONGEST = 20  # characters of a number that is said in words
_LEFTWARD = frozenset(("Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"))


@cache
def _locale(tag: str) -> Locale | None:
    """The locale of a tag, without its last parts where need be; None where CLDR has none."""
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("_".join(parts[:length]))
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _known(tag: str) -> Locale:
    return _locale(tag) or Locale("en")


def number(lexical: str, tag: str) -> str:
    """A decimal's lexical form, its digits grouped; what is no decimal is left as it is.

    >>> number("330000", "en"), number("22.80", "fr"), number("-0.5", "de"), number("x", "fr")
    ('330,000', '22,80', '-0,5', 'x')
    """
    if len(lexical) > _GROUPED or not _DECIMAL.fullmatch(lexical):
        return lexical
    locale = _known(tag)
    whole, point, rest = lexical.lstrip("+-").partition(".")
    sign = numbers.get_minus_sign_symbol(locale) if lexical.startswith("-") and Decimal(lexical) else ""
    grouped = numbers.format_decimal(Decimal(whole), locale=locale, decimal_quantization=False)
    return sign + grouped + (numbers.get_decimal_symbol(locale) + rest if point else "")


def percent(lexical: str, tag: str) -> str:
    r"""A decimal's lexical form with the language's sign of per cent; what is no decimal is left as it is.

    >>> percent("22.8", "en"), percent("22.8", "fr"), percent("x", "fr")
    ('22.8%', '22,8\xa0%', 'x')
    """
    before, after = _known(tag).percent_formats[None].prefix[0], _known(tag).percent_formats[None].suffix[0]
    return f"{before}{number(lexical, tag)}{after}" if _DECIMAL.fullmatch(lexical) else lexical


def short(lexical: str, tag: str) -> str | None:
    """A decimal's lexical form in words from a million on, where two decimals say it whole; else None.

    >>> short("6000000", "en"), short("3100000", "de"), short("330000", "en"), short("9" * 99, "en")
    ('6 million', '3,1 Millionen', None, None)
    """
    if len(lexical) > _LONGEST or not _DECIMAL.fullmatch(lexical) or abs(value := Decimal(lexical)) < _MILLION:
        return None
    scale = next(scale for scale in (10**12, 10**9, _MILLION) if abs(value) >= scale)
    if value / scale != round(value / scale, 2):
        return None
    return numbers.format_compact_decimal(value, locale=_known(tag), format_type="long", fraction_digits=2)


def day(lexical: str, tag: str, first: str = "") -> str:
    """A year, month or day (ISO 8601) as a person writes it; anything else is left as it is.

    first: what the first day of a month is called, where it is no plain number.

    >>> day("2025-01-17", "de"), day("2025-01", "en"), day("2025", "en"), day("2026-11-01", "fr", "1er")
    ('17. Januar 2025', 'January 2025', '2025', '1er novembre 2026')
    """
    from babel import dates  # here, because it asks the system for its time zones

    parts = re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?", lexical[:10])
    if parts is None or parts[2] is None:
        return lexical
    locale = _known(tag)
    try:
        meant = date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
    except ValueError:
        return lexical
    if not parts[3]:
        return dates.format_skeleton("yMMMM", meant, locale=locale)
    pattern = locale.date_formats["long"].pattern
    pattern = re.sub(r"\bd+\b", f"'{first}'", pattern) if first and meant.day == 1 else pattern
    return dates.format_date(meant, pattern, locale=locale)


def form(forms: Sequence[str], n: int, tag: str) -> str:
    """Of the forms of a text, that of a whole number; they stand in CLDR's order, and the last serves the rest.

    >>> form(("source", "sources"), 0, "fr"), form(("source", "sources"), 0, "en")
    ('source', 'sources')
    >>> form(("plik", "pliki", "plików"), 22, "pl")
    'pliki'
    """
    rules = _known(tag).plural_form
    places = [category for category in _CATEGORIES if category in {*rules.rules, "other"}]
    return forms[min(places.index(rules(n)), len(forms) - 1)]


def language_name(tag: str, into: str = "") -> str:
    """What a language is called in another, or in itself; the tag where CLDR has no name for it.

    >>> language_name("de", "fr"), language_name("fr"), language_name("pt-BR", "en"), language_name("x-own", "en")
    ('allemand', 'français', 'Portuguese (Brazil)', 'x-own')
    """
    locale = _locale(tag)
    named = locale.get_display_name(_known(into)) if into and locale else locale.display_name if locale else None
    return named or tag


@cache
def direction(tag: str) -> Literal["ltr", "rtl"]:
    """The direction in which a language is written, by its script.

    >>> direction("ar"), direction("az-Arab"), direction("he-IL"), direction("fr")
    ('rtl', 'rtl', 'rtl', 'ltr')
    """
    parts = tag.split("-")
    script = next((part.title() for part in parts[1:] if len(part) == 4 and part.isalpha()), "")
    if not script:
        likely = get_global("likely_subtags").get(parts[0].lower(), "")
        script = next((part for part in likely.split("_")[1:] if len(part) == 4), "")
    return "rtl" if script in _LEFTWARD else "ltr"
