"""Which numbers of a note are figures: those that it states, not the volumes and cases that it cites."""

from __future__ import annotations

import re

from openproposals.reading.figures import FigureFound
from openproposals.reading.rules import Rules

_SURE = frozenset({"percentage", "amount", "magnitude", "ratio", "multiple", "every"})
_SAID_BEFORE = re.compile(r"(?<!\w)[a-zß-ÿ]{2,}\s{1,3}\Z|(?<!\w)[(–—-]\s?\Z|,\s{1,3}\Z")
_RESULT = re.compile(r"(?:\s|(?<!\w)[nN])[=≈]\s{0,3}\Z")  # of a sum
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f'’.,][0-9]{3})+\Z|[0-9]+\+\Z")  # so many, and no number of a thing
_COUNTED = re.compile(r"\s{1,3}([^\W\d_][^\W\d_*-]{3,}|[A-ZÀ-Þ]{2,}(?!\w))")
_SMALL = re.compile(r"[\s,;.)]{1,3}(?![A-ZÀ-Þ])")
_DECIMAL = re.compile(r"[0-9]+,[0-9]{1,2}\Z|0\.[0-9]+\Z")
_POINTED = re.compile(r"[0-9]{1,3}\.[0-9]{1,2}\Z")  # a decimal, where no name of a version or a law stands before it
_DATED = re.compile(r"\.\s?[0-9]")  # after a day and its month
_UNITS = frozenset("%°€$£thml")  # of one sign; p, of pages, is none
_AROUND, _FEW = 48, 4  # characters on each side, and small words in them, by which a sentence is known
_PROSE_BEFORE = re.compile(r"(?<!\w)[a-zß-ÿ]{2,}(?<!\Wat)\s{1,3}\Z")
_PROSE_AFTER = re.compile(r"\s{1,3}[a-zß-ÿ]")
_WORDS = re.compile(r"[^\W\d_]+")
_BEFORE = 24  # characters before a number in which the word before it is looked for


def is_stated(read: str, figure: FigureFound, how: Rules) -> bool:
    """Whether a number in a note is a figure: with a sign, a magnitude or a unit, or between the words of a sentence.

    read: the text, at its length.
    """
    words = read[figure.start].isalpha()
    if figure.rule in _SURE or (figure.rule == "fraction" and words):
        return True
    if figure.rule not in ("number", "word", "range", "fraction"):
        return False
    if _GROUPED.search(read[figure.start : figure.end]):
        return True
    if len(figure.unit) > 1 or figure.unit in _UNITS or how["symbol"].match(read, figure.end):
        return True
    near = max(0, figure.start - _BEFORE)
    if read[figure.start] in "+±−" or (figure.rule == "range" and how["opens"].search(read, near, figure.start)):
        return True
    if figure.qualifier not in ("as-stated", "between") or how["says"].search(read, near, figure.start):
        return True
    if _is_said(read, figure, how):
        return True
    if words and _SMALL.match(read, figure.end):
        return True  # titles have capitals
    if (words and figure.value == "0") or _RESULT.search(read, near, figure.start):
        return True
    before = _SAID_BEFORE.search(read, near, figure.start)
    said = read[figure.start : figure.end]
    if _DECIMAL.match(said) or (
        _POINTED.match(said) and _PROSE_BEFORE.search(read, near, figure.start) and not _DATED.match(read, figure.end)
    ):
        return True
    counted = _COUNTED.match(read, figure.end)
    if counted is None or counted[1].lower() in how.common:
        return False
    return before is not None or (counted[1].islower() and not how.compound) or (words and how.compound)


def _is_said(read: str, figure: FigureFound, how: Rules) -> bool:
    """Whether a number stands in a sentence: small words of the language round it, no signs of a citation."""
    before, after = read[max(0, figure.start - _AROUND) : figure.start], read[figure.end : figure.end + _AROUND]
    if not _PROSE_BEFORE.search(before) or not _PROSE_AFTER.match(after):
        return False
    small = [sum(word in how.common for word in _WORDS.findall(part.lower())) for part in (before, after)]
    return min(small) >= 1 and sum(small) >= _FEW
