"""Whether a span of a text begins or ends in the middle of a word or a number.

The characters just outside the span's first and last letter or digit decide. The digits of a note marker that a text
extraction attached to a word are not part of that word.
"""

from __future__ import annotations

import re

from openproposals.factcheck.normal import SUPERSCRIPTS

_BEFORE_LETTER = re.compile(r"(?:[^\W\d_]|[^\W\d_][0-9]{1,2}|[.,][0-9]{1,2}|[0-9]{3})\Z")
_BEFORE_DIGIT = re.compile(r"(?:[^\W_]|[0-9][.,]|(?<![0-9])[0-9]{1,3}\s|(?:\A|[\s(«\"])[-−+])\Z")
_AFTER_LETTER = re.compile(r"[^\W\d_]|[0-9]{3}|[0-9]{1,2}[^\W\d_]")
_AFTER_DIGIT = re.compile(r"[^\W_]|[.,][0-9]|\s[0-9]{3}(?![0-9])")
_GROUP = re.compile(r"[0-9]{3}(?![0-9])")
_FEW = re.compile(r"(?<![0-9])[0-9]{1,3}\Z")


def cuts_word(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` begins or ends within a word or a number, or leaves out a number's sign.

    >>> [cuts_word(t, t.index("420"), len(t)) for t in ("1 420", "2420", "-420", "en 2019 420", "les 420")]
    [True, True, True, False, False]
    >>> [cuts_word(t, 0, 4) for t in ("vide", "vides", "vide2", "de 3", "de 3,5", "de 3 000")]
    [False, True, False, False, True, True]
    """
    inside = [at for at in range(start, end) if text[at].isalnum() and text[at] not in SUPERSCRIPTS]
    if not inside:
        return False
    first, last = inside[0], inside[-1]
    before = _solid(text[max(0, first - 6) : first]) if first == start else ""
    after = text[end : end + 6] if last + 1 == end else ""
    if after[:1] in SUPERSCRIPTS and after:
        after = ""
    if text[first].isdigit():
        found = _BEFORE_DIGIT.search(before)
        if found and (not found[0][-1].isspace() or _GROUP.match(text, first)):
            return True
    elif _BEFORE_LETTER.search(before):
        return True
    if text[last].isdigit():
        found = _AFTER_DIGIT.match(after)
        return bool(found and (not found[0][0].isspace() or _FEW.search(text[max(0, last - 4) : last + 1])))
    return bool(_AFTER_LETTER.match(after))


def _solid(before: str) -> str:
    """The characters after the last superscript marker, which does not belong to the word that follows it."""
    kept = re.split(f"[{SUPERSCRIPTS}]", before)
    return kept[-1] if len(kept) == 1 or kept[-1] else ""
