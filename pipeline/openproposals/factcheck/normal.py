"""Normal forms of a passage, their lengths and digests, and the frame of a figure.

They identify a passage without publishing its words. Positions are 0-based, end-exclusive, counted in Unicode code
points of one pinned text. `schema/codes/normalisation.ttl` defines the two forms step by step; the numbers in the
comments below are its step numbers.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

_DELETED = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
SUPERSCRIPTS = "¹²³" + "".join(map(chr, range(0x2070, 0x207A)))
_MARKER = re.compile(f"(?<![0-9{SUPERSCRIPTS}])[{SUPERSCRIPTS}]+")
_LIGATURES = dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_LOOKALIKES = (
    dict.fromkeys(map(ord, "‘’‚ʼ′`´"), "'")
    | dict.fromkeys(map(ord, "“”„″"), '"')
    | dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-")
    | dict.fromkeys(map(ord, "•‧∙⋅・·"), "·")
    | {ord("…"): "..."}
    | _LIGATURES
)
_FLAT_MARKER = re.compile(r"(?<=[^\s0-9])[0-9]{1,2}(?=[\s.,;:)]|$)")
_DECIMAL_SIGN = re.compile(r"(?<=[0-9])[.,](?=[0-9])")
_FEW = 500  # characters in which the order of combining marks costs nothing
_NOT_SKELETON = re.compile(r"[^0-9a-z.]|(?<![0-9])\.|\.(?![0-9])")


def faithful(text: str) -> str:
    """The faithful form: words without differences of typing (quotation marks, dashes, spaces, note markers, ...).

    >>> faithful("sont  sans domicile¹ …")
    'sont sans domicile ...'
    """
    text = _normalized("NFC", text)  # 1
    text = text.translate(_DELETED)  # 2
    text = _MARKER.sub("", text)  # 3
    text = text.translate(_LOOKALIKES)  # 4
    text = text.replace("*", "")  # 5
    text = re.sub(r"\s+", " ", text)  # 7, which may as well come before 6
    text = text.replace("« ", '"').replace("«", '"').replace(" »", '"').replace("»", '"')  # 6
    text = re.sub(r" (?=[:;!?%])", "", text)  # 8
    return text.strip()  # 9


def skeleton(text: str) -> str:
    """The skeleton form: lower-case letters and digits alone, without accents. It survives a poor text extraction.

    >>> skeleton("Près de 3,1 millions²")
    'presde3.1millions'
    """
    text = faithful(text)  # 1
    text = _FLAT_MARKER.sub(lambda m: "" if text[m.start() - 1].isalpha() else m[0], text)  # 2
    text = text.replace("œ", "oe").replace("æ", "ae").replace("Œ", "OE").replace("Æ", "AE")  # 3
    text = "".join(c for c in _normalized("NFKD", text) if unicodedata.category(c)[0] != "M").casefold()
    text = _DECIMAL_SIGN.sub(".", text)  # 4
    return _NOT_SKELETON.sub("", text)


def _normalized(form: Literal["NFC", "NFKD"], text: str) -> str:
    """The normal form of Unicode. Combining marks are put in order first: `unicodedata` takes the square of a run."""
    if len(text) <= _FEW:
        return unicodedata.normalize(form, text)
    decomposed = {c: unicodedata.normalize("NFKD" if form == "NFKD" else "NFD", c) for c in set(text)}
    marks = "".join(c for c, parts in decomposed.items() if all(map(unicodedata.combining, parts)))
    if not marks:
        return unicodedata.normalize(form, text)

    def ordered(run: re.Match[str]) -> str:
        return "".join(sorted("".join(map(decomposed.__getitem__, run[0])), key=unicodedata.combining))

    return unicodedata.normalize(form, re.sub(f"[{re.escape(marks)}]{{2,}}", ordered, text))


def flattened(text: str) -> list[str]:
    """The digits that step 2 of the skeleton removes as note markers printed on the line, in order.

    >>> flattened("sans domicile2, au G20")
    ['2', '20']
    """
    text = faithful(text)
    return [m[0] for m in _FLAT_MARKER.finditer(text) if text[m.start() - 1].isalpha()]


@dataclass(frozen=True)
class Digest:
    """A normal form's length in code points and the SHA-256 of its UTF-8 bytes, in lower-case hexadecimal."""

    length: int
    sha256: str


def digest(form: str) -> Digest:
    """The length and SHA-256 of a text that is already in normal form.

    >>> digest("").length
    0
    """
    return Digest(len(form), hashlib.sha256(form.encode()).hexdigest())


@dataclass(frozen=True)
class Frame:
    """The digests of the skeletons of a passage's words before and after a figure."""

    before: Digest
    after: Digest


def frame(passage: str, start: int, end: int) -> Frame:
    """The frame of the figure at `passage[start:end]` (positions inside the passage)."""
    return Frame(digest(skeleton(passage[:start])), digest(skeleton(passage[end:])))
