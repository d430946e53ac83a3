"""A document with its indexes, each computed once, when it is first needed; passages, quotes and anchors share it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from openproposals.factcheck.documents import Text
from openproposals.factcheck.interruptions import Lines
from openproposals.factcheck.normal import SUPERSCRIPTS
from openproposals.factcheck.search import Found, Index, Wanted, find, index

WORD = re.compile(r"(?:(?<!\w)[-−+](?=\d))?\w+(?:[.,](?=\d)\w+)*|[%‰$€£°]")


class IndexedText:
    """A text and its indexes."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self._found: dict[tuple[tuple[tuple[str, Wanted], ...], bool], Found] = {}
        self._lines: dict[bool, Lines] = {}

    @cached_property
    def index(self) -> Index:
        """The index of its letters."""
        return index(self.text.read)

    @cached_property
    def headless(self) -> Index:
        """The index of its letters without running heads and page numbers."""
        return index(self.text.without_heads)

    def find(self, wanted: Mapping[str, Wanted], *, past_heads: bool = False) -> Found:
        """Find bare forms; what was asked last is not searched for again."""
        key = (tuple(wanted.items()), past_heads)
        if key not in self._found:
            self._found = {key: find(self.headless if past_heads else self.index, wanted)}
        return self._found[key]

    def lines(self, *, past_heads: bool) -> Lines:
        """The lines of its letters, on request without running heads and page numbers."""
        if past_heads not in self._lines:
            self._lines[past_heads] = Lines(self.headless if past_heads else self.index)
        return self._lines[past_heads]

    @cached_property
    def words(self) -> list[re.Match[str]]:
        """Its words and figures, in order."""
        return list(WORD.finditer(self.text.read))

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """By case-folded word, its places in `words`."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            found[plain_word(word[0])].append(place)
        return found


def plain_word(word: str) -> str:
    """A word as it is compared: case-folded, without a raised note mark.

    >>> plain_word("Ans²"), plain_word("m²")
    ('ans', 'm²')
    """
    return re.sub(f"(?<=[^\\W\\d_]{{3}})[{SUPERSCRIPTS}]+$", "", word).casefold()
