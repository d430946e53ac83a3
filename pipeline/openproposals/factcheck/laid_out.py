"""What the doorways of document formats write for what plain text has not: headings, raised and lowered digits."""

from __future__ import annotations

import codecs

codecs.lookup("cp437")  # names in zip archives: once a child is sealed, no module can be loaded any more
HEADING = "\ue0f1"  # stands before a heading
_DIGITS = "0123456789"
SUPERSCRIPT_OF = str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPT_OF = str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉")


def raised(said: str) -> str:
    """The words with their digits raised.

    >>> raised("12,13"), raised("er")
    ('¹²,¹³', 'er')
    """
    return said.translate(SUPERSCRIPT_OF)


def lowered(said: str) -> str:
    """The words with their digits lowered.

    >>> lowered("2")
    '₂'
    """
    return said.translate(SUBSCRIPT_OF)
