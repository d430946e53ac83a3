"""The letters of a text, folded: what is left of each character in a normal form. `normal` puts the forms together.

A character is decomposed (NFKD) and case-folded. Letters of every script stay, and the marks that spell; accents, vowel
points and stress marks, which writers leave out, go. docs/normal-forms.md says it for other programs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

UNITS = "%‰‱"  # with the currency signs (Sc), kept beside numbers
CURRENCIES = "$¢-¥֏؋߾߿৲৳৻૱௹฿៛₠-⃀꠸"  # as the inside of a character class
COMPARED = "<≤≥≮≯≰≱≪≫≲≳≈≅≃≠≢≡±∓∝∞√∑∈∉⊂⊄¬↑↓↗↘✗☐"  # signs that say something wherever they stand
BEFORE_NUMBERS = "=＝>＞~∼～〜▲▼△▽"  # and signs that do so before a number: elsewhere they are ornaments
JUNK = "\x00"  # what a character that says nothing becomes, so that what stood round it does not join
_SIGNS = "-/.,:'^+×"
_SPECIAL = {
    "ı": "i", "œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ǽ": "ae", "Ǽ": "ae", "ǣ": "ae", "Ǣ": "ae", "°": "o",
    "٪": "%", "؉": "‰", "⁄": "/", "∕": "/", "÷": "/", "٬": "'",
    **dict.fromkeys("‘’‚ʼ′`´＇", "'"), **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("йЙ", "и\u0306"), **{sign: sign for sign in COMPARED},
    "≦": "≤", "⩽": "≤", "≧": "≥", "⩾": "≥", **dict.fromkeys("⇑⬆⇧", "↑"), **dict.fromkeys("⇓⬇⇩", "↓"),
    **dict.fromkeys("✘❌☒✕✖", "✗"), **dict.fromkeys("∼～〜", "~"),
}  # fmt: skip
_SAID = frozenset(UNITS + _SIGNS + COMPARED + BEFORE_NUMBERS)
_NO_LETTERS = {0x0640, 0x07FA, *range(0x02B9, 0x02E0), *range(0x02E5, 0x0300)}  # tatweel, and modifier signs
_OPTIONAL = (
    (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5),
    (0x05C7, 0x05C7), (0x0610, 0x061A), (0x064B, 0x0652), (0x0656, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC),
    (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)  # fmt: skip
# Marks of the range U+0300 to U+036F that make another letter: й and ў, ї, ѓ and ќ. They count after these letters
# only.
SPELLING_AFTER = {"\u0306": "иу", "\u0308": "і", "\u0301": "гк"}
# The signs of ำ and ຳ taken apart, which an extraction may put before the tone mark that stands before them.
MISPLACED = {"\u0e4d": "\u0e48\u0e49\u0e4a\u0e4b", "\u0ecd": "\u0ec8\u0ec9\u0eca\u0ecb"}
# Default ignorable characters, as the inside of a character class.
IGNORED_RANGES = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
IGNORED = frozenset(re.findall(f"[{IGNORED_RANGES}]", "".join(map(chr, (*range(0xD800), *range(0xE000, 0xE1000))))))


@cache
def fold(character: str) -> str:
    """What a character is in the kept form, marks that may or may not spell (`SPELLING_AFTER`) included.

    A letter gives its folded letters, a digit of any script 0 to 9, a raised digit its digit; a unit and a sign that
    may stand in a number give themselves; white space a space; anything else U+0000, and what is ignorable nothing.

    >>> [fold(c) for c in "Éß٣²№€"]
    ['e', 'ss', '3', '2', 'no', '€']
    """
    if character in IGNORED:
        return ""
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    if plain != character and any(c in _SPECIAL for c in plain):
        return "".join(map(fold, plain))
    found = "".join(map(_one, plain))
    if len(found) > 1:
        found = found[0] + "".join(c for b, c in pairwise(found) if b in SPELLING_AFTER.get(c, b))
    return found if found.strip(JUNK) else JUNK if JUNK in found or (not found and not _is_mark(plain)) else ""


def _one(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] == "L":
        return "" if ord(character) in _NO_LETTERS else _SPECIAL.get(character, character)
    if category == "Mn" and is_optional(character):
        return character if character in SPELLING_AFTER else ""
    if category in ("Mn", "Mc"):
        return character
    if category[0] == "N" or category == "Sc" or character in _SAID:
        return character
    return "" if category == "Me" else " " if character.isspace() else JUNK


def _is_mark(plain: str) -> bool:
    return all(unicodedata.category(c)[0] == "M" or ord(c) in _NO_LETTERS for c in plain)


@cache
def is_optional(mark: str) -> bool:
    """Whether writers leave a nonspacing mark out: accents, vowel points, stress."""
    return any(low <= ord(mark) <= high for low, high in _OPTIONAL)


@cache
def letters_of(character: str) -> str:
    """What a character is in the bare form: its folded letters and spelling marks, nothing else.

    >>> [letters_of(c) for c in "É3²°%"]
    ['e', '', '', 'o', '']
    """
    return "".join(c for c in fold(character) if unicodedata.category(c)[0] in "LM")


@cache
def accented_letters_of(character: str) -> str:
    """What a character is in the accented form: its letters in the bare form, with the marks that are optional there.

    >>> [accented_letters_of(c) for c in "É3ı¨"] == ["e\u0301", "", "ı", ""]
    True
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    if plain.startswith(" ") or (character in _SPECIAL and character not in "ıйЙ"):
        return letters_of(character)
    return "".join(c if c == "ı" or _is_accent(c) else letters_of(c) for c in plain)


def _is_accent(character: str) -> bool:
    return unicodedata.category(character) == "Mn" and is_optional(character)
