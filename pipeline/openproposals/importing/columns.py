"""What a column holds: its kind, how much of it is empty, its languages, addresses, dates, lists and digits."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import polars as pl

from openproposals.importing.sheets import LIST, Sheet
from openproposals.importing.values import number_of
from openproposals.messages import load

_ADDRESS = r"^\s*https?://\S"
_DATE = r"^\s*(?:[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[T ].*)?)?|[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{4}|[0-9]{2}))\s*$"
_TRUTH = r"(?i)^(?:true|false|yes|no|oui|non|ja|nein|vrai|faux|wahr|falsch)$"
_SIGNS = (" | ", "|", ";", "\n", ", ")
_SAMPLES, _SHORT = 3, 40
_READ = 2_000  # cells by which a language is told
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class SeenColumn:
    """One column as it was found. `kind` is text, number, date, address, truth or empty.

    `empty`, `filled`, `addresses`, `dates` and `digits` count cells; `distinct` counts different ones. `lists` is the
    sign between several values in its cells, "" where there is none. `length`: of the mean cell, in characters.
    `languages` are told by frequent words. `day_form` is the form of its days, "" where they need none.
    """

    name: str
    number: int
    kind: str
    empty: int
    filled: int
    distinct: int
    addresses: int
    dates: int
    digits: int
    lists: str
    length: float
    languages: tuple[str, ...]
    samples: tuple[str, ...]
    day_form: str = ""


def seen(sheet: Sheet) -> list[SeenColumn]:
    """What each column of a sheet holds."""
    place = next(iter(sheet.headers), "")
    return [_column(sheet, name, sheet.number(place, name)) for name in sheet.columns]


def _column(sheet: Sheet, name: str, number: int) -> SeenColumn:
    cells = sheet.cells[name]
    filled = cells.drop_nulls()
    addresses = filled.str.contains(_ADDRESS)
    dates = filled.str.contains(_DATE)
    truth = filled.str.contains(_TRUTH)
    lists = _sign(filled, addresses)
    numeric = sum(number_of(cell) is not None for cell in filled.head(_READ))
    kind = "text"
    if filled.is_empty():
        kind = "empty"
    elif addresses.all():
        kind = "address"
    elif truth.all():
        kind = "truth"
    elif dates.all():
        kind = "date"
    elif numeric == min(filled.len(), _READ):
        kind = "number"
    text = filled.filter(~addresses & ~dates) if kind == "text" else filled.clear()
    digits = int(text.str.contains("[0-9]").sum())
    shown = tuple(cell.replace(LIST, " | ")[:_SHORT] for cell in filled.unique(maintain_order=True).head(_SAMPLES))
    length = float(filled.str.len_chars().mean() or 0)  # type: ignore[arg-type]
    form = _form(filled) if kind in ("date", "text") and int(dates.sum()) * 2 > filled.len() else ""
    return SeenColumn(
        name, number, kind, cells.null_count(), filled.len(), filled.n_unique(), int(addresses.sum()), int(dates.sum()),
        digits, lists, length, languages_of(text), shown, form,
    )  # fmt: skip


def _sign(filled: pl.Series, addresses: pl.Series) -> str:
    """The sign between several values in one cell; "" where cells hold one."""
    if filled.str.contains(LIST, literal=True).any():
        return "list"
    urls = filled.filter(addresses)
    if len(urls) * 2 > len(filled):
        several = urls.filter(urls.str.count_matches("https?://") > 1)
        signs = Counter(s for cell in several.head(200) for s in re.findall(r"(?<=\S)([\s|;,]+)(?=https?://)", cell))
        return signs.most_common(1)[0][0] if signs else ""
    for sign in _SIGNS[:-1]:
        with_sign = filled.filter(filled.str.contains(sign, literal=True))
        if len(with_sign) and float(with_sign.str.len_chars().mean() or 0) < 120 and len(with_sign) * 20 > len(filled):  # type: ignore[arg-type]
            return sign
    return ""


def _form(filled: pl.Series) -> str:
    """The form in which days are written, as DD/MM/YYYY; "" for that of ISO 8601, and where it cannot be told."""
    found = [re.fullmatch(r"\s*([0-9]{1,2})([./-])([0-9]{1,2})[./-]([0-9]{2,4})\s*", cell) for cell in filled]
    parts = [each for each in found if each]
    if not parts:
        return ""
    sign, year = parts[0][2], "YYYY" if len(parts[0][4]) == 4 else "YY"
    if any(int(each[1]) > 12 for each in parts):
        return f"DD{sign}MM{sign}{year}"
    if any(int(each[3]) > 12 for each in parts):
        return f"MM{sign}DD{sign}{year}"
    return f"DD{sign}MM{sign}{year}" if sign == "." else ""


def languages_of(text: pl.Series) -> tuple[str, ...]:
    """The languages in which a column's texts are, told by the frequent words of each; none where that is not clear.

    >>> languages_of(pl.Series(["Run the ferry at night, and with a captain", "Build homes for the young in the town"]))
    ('en',)
    """
    counts: Counter[str] = Counter()
    total = 0
    for cell in text.unique(maintain_order=True).head(_READ):
        words = [word.casefold() for word in _WORD.findall(cell)]
        total += len(words)
        counts.update(tag for word in words for tag in _frequent().get(word, ()))
    if not counts:
        return ()
    best, most = counts.most_common(1)[0]
    rivals = [tag for tag, count in counts.items() if tag != best and count > most * 0.85]
    return (best,) if most >= 3 and most * 12 > total and not rivals else ()


@cache
def _frequent() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for tag, words in load("importing/languages").items():
        for word in words.split():
            found.setdefault(word, []).append(tag)
    return {word: tuple(tags) for word, tags in found.items()}
