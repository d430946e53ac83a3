"""Whether a span of a text begins or ends in the middle of a word or a number.

The characters just outside the span's first and last letter or digit decide. Digits after a word are not part of it
where they are a note's mark: a recorded one, or a raised one after three letters, which hardly a unit or a formula has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import chain, islice, pairwise, product

from openproposals.factcheck.laid_out import DIGIT_OF
from openproposals.factcheck.letters import COMPARED, CURRENCIES, is_optional
from openproposals.factcheck.normal import SUBSCRIPTS, SUPERSCRIPTS

_RAISED = SUPERSCRIPTS + SUBSCRIPTS
_BEFORE_LETTER = re.compile(r"[^\W_]\Z")
_BEFORE_DIGIT = re.compile(r"(?:[^\W_]|\d[.,'’]|(?<!\d)\d{1,3}\s|(?:\A|[\s(«\"])[-−+])\Z")
_COMPARED = re.compile(rf"(?:[{COMPARED}]\s?|[>~▲▼△▽])\Z")
_PRICE = re.compile(rf"[{CURRENCIES}]\s?\d")
_PRICE_SIGN = re.compile(r"(?:\A|[\s(«\"])[-−+]\Z")
_PLUS = re.compile(r"(?<=[^\W_])\++(?![^\W_])|(?<=[A-Za-z])#")
_AFTER_DIGIT = re.compile(rf"[^\W_{SUPERSCRIPTS}]|[.,'’]\d|\s\d{{3}}(?!\d)")
_GROUP = re.compile(r"\d{3}(?!\d)")
_FEW = re.compile(r"(?<!\d)\d{1,3}\Z")
_GLUED = re.compile(rf"[{_RAISED}]+|\d{{1,3}}(?![^\W_])")
# Scripts that set no space between words: Thai to Tibetan, Burmese, Khmer, kana, Chinese characters.
_UNSPACED = (
    (0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x19E0, 0x19FF), (0x3005, 0x3007), (0x3040, 0x30FF),
    (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x20000, 0x3FFFF),
)  # fmt: skip
_FEW_ENDS = 5  # of lines, of which each may be a space
_UNSPACED_SIGN = f"[{''.join(f'{chr(a)}-{chr(b)}' for a, b in _UNSPACED)}\u3001-\u303f\uff01-\uff0f\uff1a-\uff20]"
_UNSPACED_END = re.compile(rf"(?<={_UNSPACED_SIGN})[^\S\n\f]*[\n\f]\s*(?={_UNSPACED_SIGN})")


def without_line_ends(words: str) -> Iterator[str]:
    """The words without the ends of lines in scripts that set no space between words: there, they say nothing.

    Where they are few, also without some of them: a line may end at a space.

    >>> [len(each) for each in without_line_ends(chr(10).join("人類、"))]
    [3, 4, 4]
    """
    ends = list(_UNSPACED_END.finditer(words))
    if ends:
        yield _UNSPACED_END.sub("", words)
    for kept in islice(product(("", "\n"), repeat=len(ends)), 1, 2 ** len(ends) - 1) if len(ends) <= _FEW_ENDS else ():
        parts = [words[one.end() : other.start()] for one, other in pairwise(ends)]
        sides = [words[: ends[0].start()], *parts, words[ends[-1].end() :]]
        yield "".join(chain.from_iterable(zip(sides, [*kept, ""], strict=True)))


def cuts_word(text: str, start: int, end: int, signs: Collection[str] = ()) -> bool:
    """Whether `text[start:end]` begins or ends within a word or a number, or leaves out a number's sign or power.

    signs: the note marks that may follow it, as they are recorded.

    >>> [cuts_word(t, t.index("420"), len(t)) for t in ("1 420", "2420", "-420", "en 2019 420", "les 420")]
    [True, True, True, False, False]
    >>> [cuts_word(t, 0, 4) for t in ("vide", "vides", "vide2", "de 3", "de 3,5", "de 3 000", "5 m²")]
    [False, True, True, False, True, True, False]
    >>> cuts_word("5 m²", 0, 3), cuts_word("5 m²", 0, 3, ["2"])
    (True, False)
    """
    end = min(end, len(text))
    first = next((at for at in range(start, end) if _says(text[at])), None)
    last = next((at for at in range(end - 1, start - 1, -1) if _says(text[at])), None)
    if first is None or last is None:
        return False
    if first == start and (_begins_within(text, first) or unicodedata.category(text[first])[0] == "M"):
        return True
    return last + 1 == end and _ends_within(text, last, end, signs)


def loses_sign(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` leaves out a sign beside it that changes what it says.

    Before a number or a price: at most, at least, about, up, down. Before a price: minus, plus. After it: plus.

    >>> [loses_sign(t, t.index("5"), len(t)) for t in ("≤ 5 %", ">5 %", "a = 5 %", "> 5 %")]
    [True, True, False, False]
    >>> loses_sign("-$5", 1, 3), loses_sign("a - $5", 4, 6), loses_sign("5+", 0, 1), loses_sign("1+1", 0, 1)
    (True, False, True, False)
    """
    before, price = text[max(0, start - 3) : start], _PRICE.match(text, start)
    is_compared = (price or text[start : start + 1].isdecimal()) and _COMPARED.search(before)
    return bool(is_compared or (price and _PRICE_SIGN.search(before)) or _PLUS.match(text, end))


def _says(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _begins_within(text: str, first: int) -> bool:
    before = _solid(text[max(0, first - 6) : first])
    if text[first].isdecimal():
        found = _BEFORE_DIGIT.search(before)
        return bool(found and (not found[0][-1].isspace() or _GROUP.match(text, first)))
    if not text[first].isalnum() or text[first] in _RAISED:
        return False
    return bool(_BEFORE_LETTER.search(before)) and not (_is_unspaced(before[-1:]) or _is_unspaced(text[first]))


def _ends_within(text: str, last: int, end: int, signs: Collection[str]) -> bool:
    while end < len(text) and unicodedata.category(text[end]) == "Mn" and is_optional(text[end]):
        end += 1
    after = text[end : end + 6]
    if not after:
        return False
    glued = _GLUED.match(after)
    if glued and text[last] not in _RAISED:
        is_mark = glued[0].translate(DIGIT_OF) in signs
        if not text[last].isdecimal():
            is_raised = glued[0][0] in SUPERSCRIPTS and text[max(0, last - 2) : last + 1].isalpha() and last >= 2
            return not is_mark and not is_raised
        if is_mark or glued[0][0] in _RAISED:
            return not is_mark
    if text[last].isdecimal():
        found = _AFTER_DIGIT.match(after)
        return bool(found and (not found[0][0].isspace() or _FEW.search(text[max(0, last - 4) : last + 1])))
    if unicodedata.category(after[0])[0] == "M":
        return True
    return after[0].isalnum() and after[0] not in _RAISED and not (_is_unspaced(after[0]) or _is_unspaced(text[last]))


def within_word(text: str, start: int, end: int) -> bool:
    """Whether a letter stands right before or after `text[start:end]`, in a script that sets spaces between words."""
    beside = ((text[start - 1 : start], text[start : start + 1]), (text[end - 1 : end], text[end : end + 1]))
    return any(a.isalpha() and b.isalpha() and not (_is_unspaced(a) or _is_unspaced(b)) for a, b in beside)


def after_mark(text: str, end: int) -> int:
    """The position after a note's mark that is glued to the word or number that ends at `end`; `end` where none is."""
    glued = _GLUED.match(text, end)
    return glued.end() if glued and end and text[end - 1].isalnum() else end


def _is_unspaced(character: str) -> bool:
    return bool(character) and any(low <= ord(character) <= high for low, high in _UNSPACED)


def _solid(before: str) -> str:
    """The characters after the last raised digit, which does not belong to the word that follows it."""
    kept = re.split(f"[{SUPERSCRIPTS}]", before)
    return kept[-1] if len(kept) == 1 or kept[-1] else ""
