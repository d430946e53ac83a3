"""Words that a publisher may show, held to a text: exact, normalised, elided, or not found, with what comes nearest.

Normalised sets aside what a typist changes: quotation marks, kinds of space and dash, composed accents, signs at the
end, the case of the first letter, how numbers are grouped. A word, an accent, a figure, its sign or its unit is not.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Literal, get_args

from openproposals.factcheck.boundaries import cut
from openproposals.factcheck.documents import Text
from openproposals.factcheck.figures import UNITS
from openproposals.factcheck.normal import faithful, skeleton
from openproposals.factcheck.search import Index, Span, index

Grade = Literal["exact", "normalised", "elided", "not-found", "document-missing"]
GRADES: tuple[Grade, ...] = get_args(Grade)
STANDS = frozenset({"exact", "normalised", "elided"})
FAR = 3_000  # characters between two pieces of an elided quote, at most
_COMMON = 300  # occurrences beyond which a word says nothing of where a quote might be
_LONG = 500  # words of a quote that are compared with the nearest ones
_ALIKE = 0.4  # of the quote's words must stand in a candidate
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})\s*")
_WORD = re.compile(
    r"(?:(?<![\w.,])[+-])?[0-9]{1,3}(?: [0-9]{3})+(?![0-9])"  # 330 000
    r"|(?:(?<![\w.,])[+-])?[0-9]+(?:[.,/][0-9]+)*"  # -3,5 and 1/3
    rf"|[{UNITS}]|[^\W0-9_]+(?:[0-9]+)?"
)
_RUN = re.compile(rf"(?:(?<!\w)[-−+](?=[0-9]))?\w+(?:[.,](?=[0-9])\w+)*|[{UNITS}]")
_FLAT = re.compile(r"(?<=[a-zà-ÿ]{3})[0-9]{1,2}(?![0-9])")  # a note's marker printed flat after a word
_BREAK = re.compile(r"(?<=\w)-\s*\n\s*(?=\w)")


@dataclass(frozen=True)
class Difference:
    """A run of words: in both texts, in the quote alone, or in the text alone."""

    kind: Literal["both", "quote", "text"]
    words: str


@dataclass(frozen=True)
class Held:
    """A quote held to a text: its grade, where it stands, or else the nearest candidate and how it differs."""

    grade: Grade
    spans: tuple[Span, ...] = ()
    nearest: Span | None = None
    differences: tuple[Difference, ...] = ()


class Shelf:
    """A text, with what is made of it once for all the quotes that are held to it."""

    def __init__(self, text: Text) -> None:
        self.text = text

    @cached_property
    def index(self) -> Index:
        """Its skeleton."""
        return index(self.text.content, self.text.skipped)

    @cached_property
    def words(self) -> list[re.Match[str]]:
        """Its words and figures, one after another."""
        return list(_RUN.finditer(self.text.content))

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """By word, without case, its places among the words."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            found[word[0].casefold()].append(place)
        return found


def hold(quote: str, shelf: Shelf) -> Held:
    """Grade a quote against a text."""
    exact = next(exactly(quote, shelf.text.content), None)
    if exact:
        return Held("exact", (exact,))
    whole = next(found(quote, shelf), None)
    if whole:
        return Held("normalised", (whole,))
    pieces = [piece for piece in _ELLIPSIS.split(quote) if skeleton(piece)]
    if len(pieces) > 1 or (pieces and _ELLIPSIS.search(quote)):
        spans = _in_order(pieces, shelf)
        if spans:
            return Held("elided" if len(pieces) > 1 else "normalised", spans)
    return _nearest(quote, shelf)


def exactly(quote: str, content: str) -> Iterator[Span]:
    """Where a quote stands character for character, no word or number of the text cut at its ends.

    >>> list(exactly("3 %", "de -3 % à 3 %")), list(exactly("3", "13 et 3,1"))
    ([(10, 13)], [])
    """
    at = content.find(quote) if quote.strip() else -1
    while at >= 0:
        if not cut(content, at, at + len(quote)):
            yield at, at + len(quote)
        at = content.find(quote, at + 1)


def found(quote: str, shelf: Shelf) -> Iterator[Span]:
    """Where a quote's words stand, one after another."""
    wanted = skeleton(quote).encode()
    where = shelf.index
    offset = where.skeleton.find(wanted) if wanted else -1
    while offset >= 0:
        span = where.span(offset, len(wanted))
        end = min(where.reach(span[1], before=False), span[1] + 3)  # a unit's sign may follow the last digit
        if cut(where.text, *span) and not _signed(quote, where.text, span):
            pass
        elif any(plain(quote) == plain(w) for w in _readings(where.text, span, end)):
            yield span
        offset = where.skeleton.find(wanted, offset + 1)


def _signed(quote: str, text: str, span: Span) -> bool:
    """Whether all that the span leaves outside is the sign that the quote begins with."""
    return (
        text[span[0] - 1 : span[0]] in {"+", "-", "−"}
        and not cut(text, span[0] - 1, span[1])
        and bool(re.match(r"\W{0,3}[-−+][0-9]", quote))
    )


def _readings(text: str, span: Span, end: int) -> Iterator[str]:
    """The words of a span, with its sign before and unit after; line-end hyphens as they stand, joined, and kept.

    With and without the digits of note markers that an extraction flattened.
    """
    start = span[0] - (text[span[0] - 1 : span[0]] in {"+", "-", "−"})
    unit = end if re.match(rf"\s?[{UNITS}]", text[span[1] : end]) else span[1]
    words = text[start:unit]
    for joint in ("- ", "", "-"):
        joined = _BREAK.sub(joint, words)
        yield joined
        yield _FLAT.sub("", joined)


@lru_cache(maxsize=256)  # a text that repeats itself is compared once
def plain(words: str) -> tuple[str, ...]:
    """Words and figures as they are compared: the first without case, numbers without grouping.

    >>> plain("« Près de 330 000 » personnes.")
    ('près', 'de', '330000', 'personnes')
    """
    found = [re.sub(r"(?<=[0-9])[ ](?=[0-9])", "", word) for word in _WORD.findall(faithful(words))]
    first = [found[0][:1].casefold() + found[0][1:]] if found else []
    return tuple(re.sub(r"(?<=[0-9]),(?=[0-9])", ".", word) for word in [*first, *found[1:]])


def _in_order(pieces: Sequence[str], shelf: Shelf) -> tuple[Span, ...]:
    """The pieces of an elided quote, each after the one before and not far from it; empty where they are not there."""
    if not all(skeleton(piece).encode() in shelf.index.skeleton for piece in pieces):
        return ()
    places = [list(found(piece, shelf)) for piece in dict.fromkeys(pieces[1:])]
    later = dict(zip(dict.fromkeys(pieces[1:]), places, strict=True))
    for first in found(pieces[0], shelf):
        spans = [first]
        for piece in pieces[1:]:
            at = bisect_left(later[piece], spans[-1][1], key=itemgetter(0))
            if at == len(later[piece]) or later[piece][at][0] - spans[-1][1] > FAR:
                break
            spans.append(later[piece][at])
        if len(spans) == len(pieces):
            return tuple(spans)
    return ()


def _nearest(quote: str, shelf: Shelf) -> Held:
    """The run of words that shares most with the quote, and how the two differ."""
    wanted = _RUN.findall(quote)[:_LONG]
    plain_wanted = [word.casefold() for word in wanted]
    votes: Counter[int] = Counter()
    for place, word in enumerate(plain_wanted):
        places = shelf.places.get(word, ())
        if len(places) <= _COMMON:
            votes.update({at - place: 1 + 100 // (len(places) + 1) for at in places})
    best = max(votes, key=lambda shift: (sum(votes[shift + near] for near in range(-6, 7)), -shift), default=None)
    if best is None:
        return Held("not-found")
    low, high = max(0, best - 8), min(len(shelf.words), best + len(wanted) + 8)
    there = shelf.words[low:high]
    matcher = difflib.SequenceMatcher(None, plain_wanted, [w[0].casefold() for w in there], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if sum(block.size for block in blocks) < _ALIKE * len(wanted):
        return Held("not-found")
    first, last = blocks[0].b, blocks[-1].b + blocks[-1].size
    first -= min(first, blocks[0].a)  # words that the quote has otherwise at its ends are shown too
    last += min(len(there) - last, len(wanted) - blocks[-1].a - blocks[-1].size)
    shown = there[first:last]
    differences = tuple(_compared(wanted, [word[0] for word in shown]))
    return Held("not-found", nearest=(shown[0].start(), shown[-1].end()), differences=differences)


def _compared(quote: Sequence[str], text: Sequence[str]) -> Iterator[Difference]:
    matcher = difflib.SequenceMatcher(None, [faithful(w) for w in quote], [faithful(w) for w in text], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield Difference("both", " ".join(quote[a:b]))
            continue
        if b > a:
            yield Difference("quote", " ".join(quote[a:b]))
        if d > c:
            yield Difference("text", " ".join(text[c:d]))


def marked(differences: Sequence[Difference]) -> str:
    """Differences on one line, as word diffs are shown: [-in the quote-] {+in the text+}.

    >>> marked([Difference("both", "36 %"), Difference("quote", "des"), Difference("text", "de nos")])
    '36 % [-des-] {+de nos+}'
    """
    forms = {"both": "{}", "quote": "[-{}-]", "text": "{{+{}+}}"}
    return " ".join(forms[each.kind].format(each.words) for each in differences)
