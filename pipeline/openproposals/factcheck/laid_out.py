"""What the doorways of document formats write for what plain text has not: headings, raised and lowered digits."""

from __future__ import annotations

import codecs
import re

codecs.lookup("cp437")  # names in zip archives: once a child is sealed, no module can be loaded any more
HEADING = "\ue0f1"  # stands before a heading, as often as its level says
LARGER = "\ue0f2"  # stands before a line in larger or bolder type, which may be one
MORE = "\ue0f3"  # stands before each further line of either
_DIGITS = "0123456789"
_SIGN = re.compile(r"\A\s*[-+−–](?=[0-9])")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
SUPERSCRIPT_OF = str.maketrans(_DIGITS, _SUPERSCRIPTS)
DIGIT_OF = str.maketrans(_SUPERSCRIPTS, _DIGITS)  # the other way round
SUBSCRIPT_OF = str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉")


def raised(said: str) -> str:
    """The words with their digits raised, and the sign of the first.

    >>> raised("12,13"), raised("−6"), raised("er")
    ('¹²,¹³', '⁻⁶', 'er')
    """
    return _SIGN.sub(lambda m: "⁺" if m[0] == "+" else "⁻", said).translate(SUPERSCRIPT_OF)


def lowered(said: str) -> str:
    """The words with their digits lowered, and the sign of the first.

    >>> lowered("2")
    '₂'
    """
    return _SIGN.sub(lambda m: "₊" if m[0] == "+" else "₋", said).translate(SUBSCRIPT_OF)
