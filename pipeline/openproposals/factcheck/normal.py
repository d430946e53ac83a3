"""Normal forms of a passage, second edition, their lengths and digests, and the frame of a figure.

They identify a passage without publishing its words. `faithful` is the strictest: the words as typed. `kept` holds
letters, digits, signs and units: what a passage is judged by. `bare` holds letters alone: what it is searched by.
`accented` holds the letters with their accents: by it a changed accent is told from accents that are left out.
docs/normal-forms.md defines them for other programs, step by step; the numbers in the comments are its step numbers.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from openproposals.factcheck.letters import (
    BEFORE_NUMBERS,
    COMPARED,
    CURRENCIES,
    IGNORED,
    IGNORED_RANGES,
    JUNK,
    MISPLACED,
    SPELLING_AFTER,
    accented_letters_of,
    fold,
    letters_of,
)
from openproposals.model import numbers

OPENING = 16  # letters of a bare form by which it is found
SUPERSCRIPTS = "¹²³" + "".join(map(chr, range(0x2070, 0x207A)))
SUBSCRIPTS = "".join(map(chr, range(0x2080, 0x208A)))
Span = tuple[int, int]

_LASTING = {ord("Ϊ"): "Ι", ord("Ϋ"): "Υ", ord("Ñ"): "N"}  # what stays where capitals lose their accents
_POINTED = re.compile("[\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3]")  # letters of scripts with vowel points
_CAPITAL_LETTERS = 8
_FEW = 500  # characters in which the order of combining marks costs nothing
_LIGATURES = dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_LOOKALIKES = (
    dict.fromkeys(map(ord, "‘’‚ʼ′`´"), "'")
    | dict.fromkeys(map(ord, "“”„″"), '"')
    | dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-")
    | dict.fromkeys(map(ord, "•‧∙⋅・·"), "·")
    | {ord("…"): "..."}
    | _LIGATURES
    | dict.fromkeys(map(ord, IGNORED))
)
_IGNORED = re.compile(f"[{IGNORED_RANGES}]")
_FRACTIONS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅟↉"
_POWER = re.compile(f"(?<=[0-9])[{SUPERSCRIPTS}{SUBSCRIPTS}⁺⁻]*[{SUPERSCRIPTS}{SUBSCRIPTS}]")
_MIXED = re.compile(f"(?<=[0-9])(?=[{_FRACTIONS}])")
_MINUS = re.compile(rf"(?<![0-9])\u2212\s*(?=(?:[{CURRENCIES}]\s?)?[0-9])")
_ORNAMENT = re.compile(rf"[{BEFORE_NUMBERS}](?!\s*[-+\u2212]?(?:[{CURRENCIES}]\s?)?[0-9])")
_NEGATED = re.compile(r"[^\w\s]\u0338")
_STAR = re.compile(r"((?<=[0-9])\s?\*(?=\s?[0-9]))|\*")
_NAMED_MARK = re.compile(r"\[\^[^\]\s]{1,40}\]|\[[a-z]\](?![^\W\d_])|\([a-z]\)(?![^\W\d_])")
_BETWEEN = re.compile(r"(?<=[0-9])[ \x00\-/.,:'^+×]+(?=[0-9])")
# Units of which the capitals say something, in any case: MW is not mW, nor M m.
UNIT = re.compile(
    rf"(?<=[0-9{SUPERSCRIPTS}{SUBSCRIPTS}])\s*(?=[A-Za-z]+(?![^\W_]|[\u0300-\u036f]))"
    r"(?i:[pnmkgt]?(?:wh?|v|j|hz|b|bit|o|g|t|l|m|s|pa|ev|cal)|[mkn]a)(?![A-Za-z])"
)
_CAPITALS = {65 + at: chr(0xFDD0 + at) for at in range(26)}  # A to Z in a unit, while the other letters are folded
_SHARP = re.compile("(?<=[A-Za-z])#")
_HELD_SHARP = "\ufdea"
_NOT_CAPITALS = re.compile("[\ufdd0-\ufdea]")
_SIGN = re.compile(
    rf"(?:(?<=[ \x00{COMPARED}{BEFORE_NUMBERS}{CURRENCIES}])|\A)[-+](?=(?:[{CURRENCIES}] ?)?[0-9])"
    r"|(?<=[0-9][e\ufdd4])[-+](?=[0-9]{1,3}(?![^\W_]|[\ufdd0-\ufde9]))|(?:(?<=[^\W_])|(?<=[\ufdd0-\ufde9]))\++"
)
_SEPARATORS = " -/.,:'^+×"
_HELD = {sign: chr(1 + at) for at, sign in enumerate(_SEPARATORS)}  # a separator that stays, until the junk is gone
_LAST = (
    {ord(sign): None for sign in _SEPARATORS}
    | {0: None}
    | {ord(held): s for s, held in _HELD.items()}
    | {ord(held): chr(letter) for letter, held in _CAPITALS.items()}
    | {ord(_HELD_SHARP): "#"}
)
_MISPLACED = re.compile("|".join(f"{sign}[{tones}]" for sign, tones in MISPLACED.items()))
_SPELLING = re.compile("|".join(f"(?<![{after}]){mark}" for mark, after in SPELLING_AFTER.items()))


_DOTLESS = re.compile("ı(?=[\u0300-\u036f])")  # the i of an accented letter, as some files have it
_TURKISH = re.compile("[ıİ]")


class _Folded(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = fold(chr(code))
        return self[code]


_FOLDED = _Folded((ord(held), held) for held in (*_CAPITALS.values(), _HELD_SHARP))


def faithful(text: str) -> str:
    """The faithful form: words without differences of typing (quotation marks, dashes, spaces, composed accents, ...).

    >>> faithful("sont  sans domicile² …")
    'sont sans domicile² ...'
    """
    text = _normalized("NFC", text)  # 1
    text = text.translate(_LOOKALIKES)  # 2, 3
    text = _STAR.sub(lambda m: m[1] or "", text)  # 4
    text = re.sub(r"\s+", " ", text)  # 6, which may as well come before 5
    text = text.replace("« ", '"').replace("«", '"').replace(" »", '"').replace("»", '"')  # 5
    text = re.sub(r" (?=[:;!?%])", "", text)  # 7
    return text.strip()  # 8


def kept(text: str, mark: str = "") -> str:
    """The kept form: letters, digits, signs and units, numbers read with this decimal mark ("." or ","; "" not known).

    >>> kept("Près de 3,1 millions, −3 % et 25 m²", ","), kept("1,200,000 ou 10⁶", ".")
    ('presde3.1millions-3%et25m2', '1200000ou10^6')
    """
    text = _NOT_CAPITALS.sub(JUNK, _IGNORED.sub("", text))  # 1
    text = numbers.ascii_digits(text)
    text = _MINUS.sub(" -", _MIXED.sub(" ", _POWER.sub(r"^\g<0>", text)))  # 2
    text = _ORNAMENT.sub(" ", _NEGATED.sub(lambda m: unicodedata.normalize("NFC", m[0]), text))
    text = numbers.plain(text, mark)  # 3
    text = UNIT.sub(lambda m: m[0].translate(_CAPITALS), _SHARP.sub(_HELD_SHARP, text))  # 4
    text = _SPELLING.sub("", text.translate(_FOLDED))  # 5
    text = _BETWEEN.sub(_separator, text)  # 6
    text = _SIGN.sub(lambda m: _HELD[m[0][0]] * len(m[0]), text)  # 7
    return _in_order(text.translate(_LAST))  # 8, 9


def _separator(found: re.Match[str]) -> str:
    said = found[0].replace(" ", "").replace(JUNK, "")
    return _HELD[said if len(said) == 1 else "^" if said.startswith("^") else " "] + (
        _HELD["-"] if said.startswith("^-") else ""
    )


def bare(text: str) -> str:
    """The bare form: letters alone, without what looks like a note's mark.

    >>> bare("Le CO₂, 1,2 million d’élèves[^a] (a)")
    'lecomilliondeleves'
    """
    letters = "".join(map(letters_of, _NAMED_MARK.sub(" ", text)))
    return _in_order(_SPELLING.sub("", letters))


def accented(text: str) -> str:
    """The accented form: the letters of the bare form with their accents.

    >>> accented("Où ? L’ÉTAT"), accented("IŞIK, ışık")
    ('ou\u0300le\u0301tat', 'ıs\u0327ıkıs\u0327ık')
    """
    text = _DOTLESS.sub("i", _normalized("NFC", _IGNORED.sub("", text)))  # 1
    if _TURKISH.search(text):
        text = text.replace("I", "ı")  # 2
    letters = "".join(map(accented_letters_of, _NAMED_MARK.sub(" ", text)))  # 3
    letters = letters.replace("\u0326", "\u0327").replace("ا\u064b", "\u064bا")  # 4
    return _in_order(letters).replace("i\u0307", "i")


def _in_order(form: str) -> str:
    return _normalized("NFD", _MISPLACED.sub(lambda m: m[0][::-1], form))


def named_marks(text: str) -> Iterable[Span]:
    """The spans of note marks with letters in them, which the bare form leaves out."""
    return (m.span() for m in _NAMED_MARK.finditer(text))


def _normalized(form: Literal["NFC", "NFD"], text: str) -> str:
    """The normal form of Unicode. Combining marks are put in order first: `unicodedata` takes the square of a run."""
    if text.isascii():
        return text
    if len(text) <= _FEW:
        return unicodedata.normalize(form, text)
    decomposed = {c: unicodedata.normalize("NFD", c) for c in set(text)}
    marks = "".join(c for c, parts in decomposed.items() if all(map(unicodedata.combining, parts)))
    if not marks:
        return unicodedata.normalize(form, text)

    def ordered(run: re.Match[str]) -> str:
        return "".join(sorted("".join(map(decomposed.__getitem__, run[0])), key=unicodedata.combining))

    return unicodedata.normalize(form, re.sub(f"[{re.escape(marks)}]{{2,}}", ordered, text))


def without(text: str, span: Span, marks: Iterable[Span]) -> str:
    """The words of a span of a text, without the recorded note marks in it."""
    start, end = span
    parts, at = [], start
    for first, last in sorted(marks):
        if start <= first < end and first >= at:
            parts.append(text[at:first])
            at = min(last, end)
    return "".join([*parts, text[at:end]])


@dataclass(frozen=True)
class Digest:
    """A normal form's length in code points and the SHA-256 of its UTF-8 bytes, in lower-case hexadecimal.

    `opening` is, for a bare form that is searched for, the fingerprint of its first letters; "" for the others.
    """

    length: int
    sha256: str
    opening: str = ""


def digest(form: str) -> Digest:
    """The length and SHA-256 of a text that is already in normal form.

    >>> digest("").length
    0
    """
    return Digest(len(form), hashlib.sha256(form.encode()).hexdigest())


def bare_digest(form: str) -> Digest:
    """The digest of a bare form, with its opening."""
    return Digest(len(form), hashlib.sha256(form.encode()).hexdigest(), opening(form))


def opening(form: str) -> str:
    """The fingerprint of the first letters of a bare form: eight hexadecimal digits.

    >>> opening("")
    '811c9dc5'
    """
    found = 0x811C9DC5
    for character in form[:OPENING]:
        found = (found * 0x01000193 + ord(character)) % (1 << 32)
    return f"{found:08x}"


@dataclass(frozen=True)
class Forms:
    """The digests of the forms of a passage's words.

    `accented` is the SHA-256 of the accented form; "" where nothing is known of the accents of the words.
    """

    faithful: Digest
    kept: Digest
    bare: Digest
    accented: str = ""


def forms(words: str, mark: str = "", around: str = "") -> Forms:
    """The digests of words, recorded marks already taken out.

    mark: the decimal mark of the document's language. around: the words with what stands near them in their text: where
    neither has accents, nothing is known of those of the words; nor where these are all capitals and have none.
    """
    known = not lacks_accents(words, around)
    return Forms(
        digest(faithful(words)),
        digest(kept(words, mark)),
        bare_digest(bare(words)),
        digest(accented(words)).sha256 if known else "",
    )


def is_capital(words: str) -> bool:
    """Whether words are all capitals, of eight letters or more.

    >>> is_capital("L'ÉTAT EN CRISE"), is_capital("5 MW")
    (True, False)
    """
    cased = [c for c in words if c.isupper() or c.islower()]
    return len(cased) >= _CAPITAL_LETTERS and all(c.isupper() for c in cased)


def lacks_accents(words: str, around: str) -> bool:
    """Whether words lack accents as a text leaves them out: they have none, nor has what stands round them.

    Words that are all capitals may leave them out alone, as may words of a script with vowel points.
    """
    if is_capital(words):
        return not has_accents(unicodedata.normalize("NFC", words).translate(_LASTING))
    return not has_accents(words) and (bool(_POINTED.search(words)) or not has_accents(around))


def has_accents(text: str) -> bool:
    """Whether a text has an accent that writers may leave out, or a dotless i.

    >>> [has_accents(words) for words in ("l'État", "l'Etat", "мой", "ёлка", "ısı")]
    [True, False, False, True, True]
    """
    return not text.isascii() and accented(text) != bare(text)


@dataclass(frozen=True)
class Frame:
    """The digests of the bare forms of a passage's words before and after a figure."""

    before: Digest
    after: Digest


def frame(words: str, start: int, end: int, marks: Iterable[Span] = ()) -> Frame:
    """The frame of the figure at `words[start:end]`; `marks` are the spans of recorded note marks in `words`."""
    marks = list(marks)
    before, after = without(words, (0, start), marks), without(words, (end, len(words)), marks)
    return Frame(bare_digest(bare(before)), bare_digest(bare(after)))
