"""Ten ways in which a text comes back from another extraction; each is deterministic."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable
from itertools import zip_longest

FLAT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def curly(text: str) -> str:
    text = text.replace("'", "’").replace("...", "…")
    return re.sub(r'"([^"\n]*)"', "“\\1”", text)


def spaced(text: str) -> str:
    """No-break spaces where a typesetter puts them."""
    return re.sub(r" (?=[:;!?%»€])", "\u00a0", re.sub(r"(?<=[0-9])[ \u202f](?=[0-9]{3})", "\u202f", text))


def wrapped(text: str) -> str:
    return "\n".join("\n".join(textwrap.wrap(line, 60, break_on_hyphens=False)) for line in text.split("\n"))


def hyphenated(text: str) -> str:
    """Long words broken at every seventieth column or so."""
    lines, line = [], ""
    for word in re.split(r"([ \n])", text):
        if len(line) + len(word) > 70 and word.isalpha() and len(word) > 6:
            lines += [line + word[:4] + "-\n"]
            line = word[4:]
        else:
            line += word
            if "\n" in word:
                lines, line = [*lines, line], ""
    return "".join([*lines, line])


def paged(text: str) -> str:
    """A running head and a page number between paragraphs, every few lines."""
    out = []
    for number, paragraph in enumerate(text.split("\n\n")):
        out.append(paragraph)
        if number % 4 == 3:
            out.append(f"{number // 4 + 1}\n\f\nLivret · édition de mars")
    return "\n\n".join(out)


def interrupted(text: str) -> str:
    """The same, but in the midst of paragraphs, as a page break falls."""
    lines = wrapped(text).split("\n")
    out = []
    for number, line in enumerate(lines, 1):
        out.append(line)
        if number % 9 == 0:
            out += [str(number // 9), "\f", "Livret · édition de mars"]
    return "\n".join(out)


def flattened(text: str) -> str:
    return re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: m[0].translate(FLAT), text)


def columns(text: str) -> str:
    """Two columns read line by line: paragraphs of one are cut by lines of the other."""
    paragraphs = [p for p in text.split("\n\n") if p.strip()]
    half = len(paragraphs) // 2
    left, right = (
        wrapped("\n\n".join(paragraphs[:half])).split("\n"),
        wrapped("\n\n".join(paragraphs[half:])).split("\n"),
    )
    return "\n".join(f"{a}   {b}" for a, b in zip_longest(left, right, fillvalue=""))


def capitals(text: str) -> str:
    return flattened(text).upper()


ALL: dict[str, Callable[[str], str]] = {
    function.__name__: function
    for function in (
        decomposed, curly, spaced, wrapped, hyphenated, paged, interrupted, flattened, columns, capitals,
    )
}  # fmt: skip
