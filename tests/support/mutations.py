"""Sentences of a text as passages; texts with one letter, digit or word of each changed; texts as extractions give them."""

from __future__ import annotations

import random
import re
import textwrap
import unicodedata
from collections.abc import Callable

from openproposals.factcheck import verify
from openproposals.factcheck.judging import Sought
from openproposals.factcheck.normal import bare, forms, kept

_SENTENCE = re.compile(r"(?:(?<=\s)|\A)[^\n]{12,900}?(?:[.!?।。؟](?=\s|\Z)|(?=\n|\Z))")
FEWEST = 12  # letters of a passage


def passages(text: str, decimal: str) -> list[verify.Passage]:
    """Every sentence of a text that has letters enough, as a passage without a pinned text."""
    found = []
    for match in _SENTENCE.finditer(text):
        words = match[0].strip()
        start = match.start() + match[0].index(words)
        if len(bare(words)) >= FEWEST:
            sought = Sought(forms(words, decimal), (), len(words), decimal)
            found.append(verify.Passage(f"p{start}", "T", start, start + len(words), sought))
    return found


def mutated(
    rng: random.Random, text: str, some: list[verify.Passage], decimal: str
) -> tuple[str, list[verify.Passage]]:
    """The text with one letter, digit or word of each passage changed, and the passages that were."""
    letters = sorted({c for c in text if c.isalpha()})
    parts, at, changed = [], 0, []
    for passage in some:
        words = text[passage.start : passage.end]
        new = _mutation(rng, words, letters)
        parts += [text[at : passage.start], new]
        at = passage.end
        if kept(words, decimal) not in kept(new, decimal):
            changed.append(passage)
    return "".join([*parts, text[at:]]), changed


def _mutation(rng: random.Random, words: str, letters: list[str]) -> str:
    places = [at for at, c in enumerate(words) if c.isalpha() or c.isdecimal()]
    at = rng.choice(places)
    how = rng.choice(["replace", "delete", "insert", "double", "swap"])
    new = rng.choice("0123456789") if words[at].isdecimal() else rng.choice(letters)
    if how == "replace":
        return words[:at] + new + words[at + 1 :]
    if how == "delete":
        return words[:at] + words[at + 1 :]
    if how == "insert":
        return words[:at] + new + words[at:]
    split = words.split(" ")
    if how == "double" or len(split) < 3:
        return words[:at] + words[at] * 2 + words[at + 1 :]
    first = rng.randrange(len(split) - 1)
    split[first], split[first + 1] = split[first + 1], split[first]
    return " ".join(split)


def _hyphenated(text: str) -> str:
    return re.sub(r"([^\W\d_]{4})([^\W\d_]{4})", "\\1-\n\\2", text)


def _interrupted(text: str) -> str:
    lines = _wrapped(text).split("\n")
    out = []
    for number, line in enumerate(lines, 1):
        out.append(line)
        if number % 20 == 0:
            out += [str(number // 20), "\fLe titre courant du livre"]
    return "\n".join(out)


def _wrapped(text: str) -> str:
    return "\n".join("\n".join(textwrap.wrap(line, 60, break_on_hyphens=False)) for line in text.split("\n"))


EXTRACTIONS: dict[str, Callable[[str], str]] = {
    "composed": lambda t: unicodedata.normalize("NFC", t),
    "decomposed": lambda t: unicodedata.normalize("NFD", t),
    # Letters only: raised digits and fractions made plain are other numbers, and must not be found.
    "compatibility": lambda t: "".join(c if unicodedata.category(c) == "No" else unicodedata.normalize("NFKC", c) for c in t),
    "wrapped": _wrapped,
    "hyphenated": _hyphenated,
    "capitals": lambda t: t.replace("ı", "I").upper(),
    "no-break spaces": lambda t: t.replace(" ", "\u00a0"),
    "soft hyphens": lambda t: re.sub(r"([^\W\d_]{3})([^\W\d_]{3})", "\\1\u00ad\\2", t),
    "typewriter": lambda t: re.sub("[’‘]", "'", re.sub("[“”«»]", '"', t)),
    "interrupted": _interrupted,
}  # fmt: skip
