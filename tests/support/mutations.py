"""Sentences of a text as passages; texts with one letter, digit or word of each changed; texts as extractions give them."""

from __future__ import annotations

import random
import re
import textwrap
import unicodedata
from collections.abc import Callable

from openproposals.factcheck import accents, verify
from openproposals.factcheck.judging import Sought
from openproposals.factcheck.letters import is_optional
from openproposals.factcheck.normal import accented, bare, forms, kept

_SENTENCE = re.compile(r"(?:(?<=\s)|\A)[^\n]{12,900}?(?:[.!?।。؟](?=\s|\Z)|(?=\n|\Z))")
FEWEST = 12  # letters of a passage


def passages(text: str, decimal: str) -> list[verify.Passage]:
    """Every sentence of a text that has letters enough, as a passage without a pinned text."""
    found = []
    for match in _SENTENCE.finditer(text):
        words = match[0].strip()
        start = match.start() + match[0].index(words)
        if len(bare(words)) >= FEWEST:
            near = accents.around(text, (start, start + len(words)))
            sought = Sought(forms(words, decimal, near), (), len(words), decimal)
            found.append(verify.Passage(f"p{start}", "T", start, start + len(words), sought))
    return found


def mutated(
    rng: random.Random, text: str, some: list[verify.Passage], decimal: str
) -> tuple[str, list[verify.Passage]]:
    """The text with one letter, accent, digit or word of each passage changed, and the passages that were."""
    letters = sorted({c for c in text if c.isalpha()})
    parts, at, changed = [], 0, []
    for passage in some:
        words = text[passage.start : passage.end]
        remarked = _remarked(rng, words, text) if rng.random() < 0.25 else ""
        new = remarked or _mutation(rng, words, letters)
        parts += [text[at : passage.start], new]
        at = passage.end
        if kept(words, decimal) not in kept(new, decimal) or (remarked and passage.sought.forms.accented):
            changed.append(passage)
    return "".join([*parts, text[at:]]), changed


def _remarked(rng: random.Random, words: str, text: str) -> str:
    """The words with one accent changed for another of the text, or dropped, or added; "" where they have no letter."""
    whole = unicodedata.normalize("NFD", words)
    accents = sorted({c for c in unicodedata.normalize("NFD", text) if _is_accent(c)})
    places = [at for at, c in enumerate(whole) if _is_accent(c) and not whole[at - 1].isupper()]
    if places and rng.random() < 0.8:
        at = rng.choice(places)
        new = rng.choice([*(c for c in accents if c != whole[at]), ""])
        other = whole[:at] + new + whole[at + 1 :]
    else:
        places = [at for at, c in enumerate(whole) if c.isalpha() and not c.isupper()]
        at = rng.choice(places) if places and accents else -1
        other = whole[: at + 1] + (rng.choice(accents) if at >= 0 else "") + whole[at + 1 :]
    return unicodedata.normalize("NFC", other) if accented(other) != accented(words) else ""


def _is_accent(character: str) -> bool:
    return unicodedata.category(character) == "Mn" and is_optional(character)


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


def _without_accents(text: str) -> str:
    """Without the marks that are left out as a whole; those that make another letter (й, ї) or sign (≠) stay."""
    letters = {c: unicodedata.normalize("NFD", c) for c in set(unicodedata.normalize("NFC", text).replace("ı", "i"))}
    plain = {
        c: c
        if c.lower() in "йїўѓќ" or unicodedata.category(c)[0] == "S"
        else "".join(d for d in parts if not _is_accent(d))
        for c, parts in letters.items()
    }
    return "".join(plain[c] for c in unicodedata.normalize("NFC", text).replace("ı", "i"))


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
    "capitals": lambda t: (t.replace("i", "İ") if "ı" in t else t).upper(),
    "without accents": lambda t: _without_accents(t),
    "no-break spaces": lambda t: t.replace(" ", "\u00a0"),
    "soft hyphens": lambda t: re.sub(r"([^\W\d_]{3})([^\W\d_]{3})", "\\1\u00ad\\2", t),
    "typewriter": lambda t: re.sub("[’‘]", "'", re.sub("[“”«»]", '"', t)),
    "interrupted": _interrupted,
}  # fmt: skip
