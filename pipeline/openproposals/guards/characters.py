r"""Signs that no published text may hold, that a reader should know of, or that nobody sees.

The same rules for cells and descriptor. Tab, line feed and carriage return are text. XML 1.0 (2.2) has no other C0
control, no surrogate, no U+FFFE or U+FFFF; C1 controls and DEL it discourages, and YAML has none of them.
"""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# White space, controls, format signs and fillers: a class of signs that Python and Polars read alike.
_HIDDEN = (
    "\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800"
    "\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSEEN = rf"[\x00-\x20\x7f-\x9f{_HIDDEN}]"
BLANK = rf"\A{UNSEEN}+\z"  # in the syntax of Polars
_BLANK = re.compile(f"{UNSEEN}+")
# The first byte, in UTF-8, of every sign of UNSEEN.
UNSEEN_FIRST = frozenset((*range(0x21), 0x7F, 0xC2, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0, 0xF3))
# A joiner or a variation selector between two signs beyond ASCII is spelling, as in Persian words and in emoji.
_SPELT = r"(?<=[^\x00-\x7f])[\u200c\u200d\ufe0e\ufe0f](?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[\ufe0e\ufe0f]"
_UNSPELT = re.compile(f"(?:{_SPELT})|([{_HIDDEN}])")


def fault(text: str) -> str:
    r"""The code of the finding about a text's characters; "" where there is none.

    >>> fault("a\tb\n"), fault("a\x07b"), fault("a\u202eb")
    ('', 'control-character', 'bidi-override')
    """
    for code, sign in (("control-character", _CONTROL), ("bidi-override", _BIDI)):
        if sign.search(text):
            return code
    return ""


def is_blank(text: str) -> bool:
    r"""Whether a text holds signs, and none that anybody sees.

    >>> is_blank(" \u200b\u00a0"), is_blank(""), is_blank(" a")
    (True, False, False)
    """
    return _BLANK.fullmatch(text) is not None


def hidden(address: str) -> tuple[str, int] | None:
    r"""The first sign of an address that nobody sees, by its number and name, and its place from 1; None for none.

    >>> hidden("https://a.fr/x\u200b"), hidden("https://a.fr/\u0645\u06cc\u200c\u062e")
    (('U+200B ZERO WIDTH SPACE', 15), None)
    """
    for found in _UNSPELT.finditer(address):
        if sign := found[1]:
            return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip(), found.start() + 1
    return None
