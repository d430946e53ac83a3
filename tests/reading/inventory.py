"""List what a text holds that a reading must account for: headings, digits, number words, superscripts, lone signs.

Run it on a text to read along: python tests/reading/inventory.py booklet.txt
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LONGEST_HEADING = 130  # characters; a longer line is a paragraph
_NUMBER_WORD = (
    r"un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent|cents|mille|millions?|"
    r"milliards?|moitié|tiers|quart|double|triple|fois|premi(?:er|ère)s?|deuxième|second[es]*|troisième|dizaines?|centaines?|milliers"
)
_SIGNS = re.compile(
    rf"(?P<digits>[0-9]+)|(?P<superscript>[¹²³\u2070-\u2079]+)|(?P<word>\b(?:{_NUMBER_WORD})\b)|(?P<asterisk>\*+)|(?P<quote>\")",
    re.IGNORECASE,
)


class Item(NamedTuple):
    """Something found, by kind and position."""

    kind: str
    start: int
    end: int
    text: str


def signs(text: str) -> Iterator[Item]:
    """Digits, superscripts, number words, asterisks and straight quotes, in order."""
    for match in _SIGNS.finditer(text):
        yield Item(str(match.lastgroup), match.start(), match.end(), match[0])


def headings(text: str) -> Iterator[Item]:
    """Lines in capitals, titles of numbered sections, and lines that stand alone between blank ones."""
    start = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        end = start + len(line)
        letters = [c for c in line if c.isalpha()]
        alone = line and not any(lines[n] for n in (number - 1, number + 1) if 0 <= n < len(lines))
        if len(letters) > 3 and all(c.isupper() for c in letters):
            yield Item("capitals", start, end, line)
        elif number > 1 and lines[number - 2].startswith("#") and not lines[number - 1]:
            yield Item("section", start, end, line)
        elif alone and len(line) <= LONGEST_HEADING:
            yield Item("alone", start, end, line)
        start = end + 1


if __name__ == "__main__":
    document = Path(sys.argv[1]).read_text(encoding="utf-8")
    for item in sorted([*signs(document), *headings(document)], key=lambda i: i.start):
        print(f"{item.start:6} {item.end:6} {item.kind:12} {item.text}")
