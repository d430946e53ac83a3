"""A pinned text, a passage of it with its marks and figures, and what is found of it in a reader's text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from openproposals.factcheck import altered, documents, quotes, verify
from openproposals.factcheck.indexed import IndexedText
from openproposals.factcheck.judging import Sought
from openproposals.factcheck.marks import Mark
from openproposals.factcheck.normal import forms, frame, without
from openproposals.model.numbers import decimal_mark

BEFORE, AFTER = "Avant cela, un paragraphe.\n\n", "\n\nPuis un autre.\n"


@dataclass(frozen=True)
class Pinned:
    """Words of a text in a language; `marks` are its recorded note marks as they are printed, `figure` as printed."""

    words: str
    marks: Sequence[str] = ()
    figure: str = ""
    language: str = "FRA"
    before: str = BEFORE
    after: str = AFTER

    @property
    def text(self) -> str:
        return self.before + self.words + self.after

    def passage(self) -> verify.Passage:
        decimal, start = decimal_mark(self.language), len(self.before)
        spans, at = [], 0
        for sign in self.marks:
            at = self.words.index(sign, at)
            spans.append((at, at + len(sign)))
            at += len(sign)
        flat = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
        marks = tuple(Mark(self.words[a:b].translate(flat).strip("[]"), a, b - a) for a, b in spans)
        found = forms(without(self.words, (0, len(self.words)), spans), decimal)
        figures: tuple[altered.Figure, ...] = ()
        if self.figure:
            place = self.words.index(self.figure)
            framed = frame(self.words, place, place + len(self.figure), spans)
            framed_by = altered.framed(found.bare, framed.before, framed.after)
            figures = (altered.Figure("f", self.figure, *framed_by),)
        sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        sought = Sought(found, marks, len(self.words), decimal)
        return verify.Passage("p", "T", start, start + len(self.words), sought, figures, sha256)

    def graded(self, words: str, name: str = "reader.txt") -> verify.Graded:
        """The grade in a reader's text that has these words instead."""
        return self.graded_in((self.before + words + self.after).encode(), name)

    def graded_in(self, data: bytes, name: str = "reader.txt") -> verify.Graded:
        return verify.grade([self.passage()], {"T": documents.read(name, data)})[0]


def quoted(quote: str, text: str, name: str = "source.txt") -> quotes.Match:
    return quotes.match(quote, IndexedText(documents.read(name, text.encode())))
