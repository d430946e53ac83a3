"""Whether the accents of words whose letters are a passage's are the passage's too, or left out as a whole.

An accent is left out by a text, not by a word: where the words near it have accents, a word without its own is another
word (a and à, ma and má). Only capitals may lack one alone, as printers of some languages leave it out (Etat, État).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from openproposals.factcheck.normal import Span, accented, digest, is_capital, lacks_accents

AROUND = 200  # characters before and after words in which accents are looked for
_LACKING = 12  # capitals without an accent to which one is added
_ON_CAPITALS = "\u0300\u0301\u0302\u0327"
_BARE_CAPITAL = re.compile(r"(?:\A[ACEIOUΑΕΗΙΟΥΩ](?![\u0300-\u036f])|[ACEIOUΑΕΗΙΟΥΩ](?=[^\W\d_]))")
_ACCENTED_CAPITAL = re.compile(f"(?<=[ACEIOUΑΕΗΙΟΥΩ])[{_ON_CAPITALS}](?![\u0300-\u036f])")
# Signs of languages in which an accented capital is another letter.
_LETTERS = re.compile("[\u0306\u0307\u0309-\u030c\u031b\u0323\u0328ıđĐłŁ]")


def around(text: str, span: Span) -> str:
    """The words of a span with what stands near them."""
    return text[max(0, span[0] - AROUND) : span[1] + AROUND]


def same(said: str, wanted: str) -> bool:
    """Whether words have the accents of a passage.

    wanted: the SHA-256 of the passage's accented form; "" where nothing is known of its accents.
    """
    return not wanted or digest(accented(said)).sha256 == wanted


def left_out(text: str, span: Span, said: str, wanted: str) -> bool:
    """Whether words at a span lack accents of a passage, or the passage theirs, in no other way than texts do.

    `normal.lacks_accents` says how; or capitals alone differ.
    """
    return lacks_accents(said, around(text, span)) or any(same(words, wanted) for words in _spellings(said))


def _spellings(said: str) -> Iterator[str]:
    """The words with and without accents on capitals; where all are capitals, with I as in Turkish and as elsewhere."""
    text = unicodedata.normalize("NFD", said)
    if "I" in text and is_capital(said):
        yield text.replace("I\u0307", "i").replace("I", "ı")
        yield text.replace("I\u0307", "\0").replace("I", "i").replace("\0", "I\u0307")
    if _LETTERS.search(text):
        return
    yield _ACCENTED_CAPITAL.sub("", text)
    for found in list(_ACCENTED_CAPITAL.finditer(text))[:_LACKING]:
        yield text[: found.start()] + text[found.end() :]
    for found in list(_BARE_CAPITAL.finditer(text))[:_LACKING]:
        yield from (text[: found.end()] + mark + text[found.end() :] for mark in _ON_CAPITALS)
