"""Comparison of a quote with the text of a document: exact, normalised, elided, or not found.

A normalised match allows what a typist changes: quotation marks, kinds of space and dash, composed accents, final
punctuation, the case of the first letter, the grouping of digits. It allows no other word, accent, figure, sign or
unit. An elided match finds the pieces round an ellipsis one after another. For a quote that is not found, the most
similar run of words is given.
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
from typing import Literal

from openproposals.factcheck.boundaries import cuts_word
from openproposals.factcheck.documents import Text
from openproposals.factcheck.figures import UNITS
from openproposals.factcheck.normal import faithful, skeleton
from openproposals.factcheck.search import Index, Span, index

QuoteGrade = Literal["exact", "normalised", "elided", "not-found", "document-missing"]
FOUND = frozenset({"exact", "normalised", "elided"})
FAR = 3_000  # characters between two pieces of an elided quote, at most
_COMMON = 300  # a word with more occurrences does not help to locate a quote
_LONG = 500  # words of a quote that are compared with the nearest ones
_ALIKE = 0.4  # share of the quote's words that a candidate must have
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})\s*")
_WORD = re.compile(
    r"(?:(?<![\w.,])[+-])?[0-9]{1,3}(?: [0-9]{3})+(?![0-9])"  # 330 000
    r"|(?:(?<![\w.,])[+-])?[0-9]+(?:[.,/][0-9]+)*"  # -3,5 and 1/3
    rf"|[{UNITS}]|[^\W0-9_]+(?:[0-9]+)?"
)
_RUN = re.compile(rf"(?:(?<!\w)[-−+](?=[0-9]))?\w+(?:[.,](?=[0-9])\w+)*|[{UNITS}]")
_FLAT = re.compile(r"(?<=[a-zà-ÿ]{3})[0-9]{1,2}(?![0-9])")  # a note marker that is not raised, after a word
_BREAK = re.compile(r"(?<=\w)-\s*\n\s*(?=\w)")


@dataclass(frozen=True)
class WordRun:
    """A run of words: in both texts, in the quote alone, or in the text alone."""

    kind: Literal["both", "quote", "text"]
    words: str


@dataclass(frozen=True)
class Match:
    """The result of comparing a quote with a text.

    `spans` are the places of the quote, one for each piece of an elided quote; empty where it is not found. `nearest`
    is then the most similar run of words, and `differences` compares the quote with it, in reading order.
    """

    grade: QuoteGrade
    spans: tuple[Span, ...] = ()
    nearest: Span | None = None
    differences: tuple[WordRun, ...] = ()


class IndexedText:
    """A text with its indexes, each computed once, when it is first needed."""

    def __init__(self, text: Text) -> None:
        self.text = text

    @cached_property
    def index(self) -> Index:
        """The index of its skeleton."""
        return index(self.text.content, self.text.skipped)

    @cached_property
    def words(self) -> list[re.Match[str]]:
        """Its words and figures, in order."""
        return list(_RUN.finditer(self.text.content))

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """By case-folded word, its places in `words`."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            found[word[0].casefold()].append(place)
        return found


def match(quote: str, indexed: IndexedText) -> Match:
    """Compare a quote with a text."""
    exact = next(exact_spans(quote, indexed.text.content), None)
    if exact:
        return Match("exact", (exact,))
    whole = next(normalised_spans(quote, indexed), None)
    if whole:
        return Match("normalised", (whole,))
    pieces = [piece for piece in _ELLIPSIS.split(quote) if skeleton(piece)]
    if len(pieces) > 1 or (pieces and _ELLIPSIS.search(quote)):
        spans = _in_order(pieces, indexed)
        if spans:
            return Match("elided" if len(pieces) > 1 else "normalised", spans)
    return _nearest(quote, indexed)


def exact_spans(quote: str, content: str) -> Iterator[Span]:
    """The spans where a quote stands character for character, without cutting a word or number at its ends.

    >>> list(exact_spans("3 %", "de -3 % à 3 %")), list(exact_spans("3", "13 et 3,1"))
    ([(10, 13)], [])
    """
    at = content.find(quote) if quote.strip() else -1
    while at >= 0:
        if not cuts_word(content, at, at + len(quote)):
            yield at, at + len(quote)
        at = content.find(quote, at + 1)


def normalised_spans(quote: str, indexed: IndexedText) -> Iterator[Span]:
    """The spans where the words of a quote stand in normal form."""
    wanted = skeleton(quote).encode()
    where = indexed.index
    offset = where.skeleton.find(wanted) if wanted else -1
    while offset >= 0:
        span = where.span(offset, len(wanted))
        end = min(where.reach(span[1], before=False), span[1] + 3)  # a unit's sign may follow the last digit
        if cuts_word(where.text, *span) and not _signed(quote, where.text, span):
            pass
        elif any(plain(quote) == plain(w) for w in _readings(where.text, span, end)):
            yield span
        offset = where.skeleton.find(wanted, offset + 1)


def _signed(quote: str, text: str, span: Span) -> bool:
    """Whether the span is complete but for the sign before it, with which the quote begins too."""
    return (
        text[span[0] - 1 : span[0]] in {"+", "-", "−"}
        and not cuts_word(text, span[0] - 1, span[1])
        and bool(re.match(r"\W{0,3}[-−+][0-9]", quote))
    )


def _readings(text: str, span: Span, end: int) -> Iterator[str]:
    """Every way to read the words of a span, with the sign before it and the unit after it.

    A hyphen at a line's end may be a hyphen, a joint to remove, or followed by a space; digits after a word may be a
    note marker to remove.
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
    """The words and figures of a text as they are compared: first letter in lower case, numbers without grouping.

    >>> plain("« Près de 330 000 » personnes.")
    ('près', 'de', '330000', 'personnes')
    """
    found = [re.sub(r"(?<=[0-9])[ ](?=[0-9])", "", word) for word in _WORD.findall(faithful(words))]
    first = [found[0][:1].casefold() + found[0][1:]] if found else []
    return tuple(re.sub(r"(?<=[0-9]),(?=[0-9])", ".", word) for word in [*first, *found[1:]])


def _in_order(pieces: Sequence[str], indexed: IndexedText) -> tuple[Span, ...]:
    """The spans of an elided quote's pieces, in order, at most `FAR` characters apart; empty if they are not there."""
    if not all(skeleton(piece).encode() in indexed.index.skeleton for piece in pieces):
        return ()
    places = [list(normalised_spans(piece, indexed)) for piece in dict.fromkeys(pieces[1:])]
    later = dict(zip(dict.fromkeys(pieces[1:]), places, strict=True))
    for first in normalised_spans(pieces[0], indexed):
        spans = [first]
        for piece in pieces[1:]:
            at = bisect_left(later[piece], spans[-1][1], key=itemgetter(0))
            if at == len(later[piece]) or later[piece][at][0] - spans[-1][1] > FAR:
                break
            spans.append(later[piece][at])
        if len(spans) == len(pieces):
            return tuple(spans)
    return ()


def _nearest(quote: str, indexed: IndexedText) -> Match:
    """A match that is not found, with the most similar run of words if one is similar enough."""
    wanted = _RUN.findall(quote)[:_LONG]
    plain_wanted = [word.casefold() for word in wanted]
    votes: Counter[int] = Counter()
    for place, word in enumerate(plain_wanted):
        places = indexed.places.get(word, ())
        if len(places) <= _COMMON:
            votes.update({at - place: 1 + 100 // (len(places) + 1) for at in places})
    best = max(votes, key=lambda shift: (sum(votes[shift + near] for near in range(-6, 7)), -shift), default=None)
    if best is None:
        return Match("not-found")
    low, high = max(0, best - 8), min(len(indexed.words), best + len(wanted) + 8)
    there = indexed.words[low:high]
    matcher = difflib.SequenceMatcher(None, plain_wanted, [w[0].casefold() for w in there], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if sum(block.size for block in blocks) < _ALIKE * len(wanted):
        return Match("not-found")
    first, last = blocks[0].b, blocks[-1].b + blocks[-1].size
    first -= min(first, blocks[0].a)  # also show the words that differ at the ends of the quote
    last += min(len(there) - last, len(wanted) - blocks[-1].a - blocks[-1].size)
    shown = there[first:last]
    differences = tuple(_compared(wanted, [word[0] for word in shown]))
    return Match("not-found", nearest=(shown[0].start(), shown[-1].end()), differences=differences)


def _compared(quote: Sequence[str], text: Sequence[str]) -> Iterator[WordRun]:
    matcher = difflib.SequenceMatcher(None, [faithful(w) for w in quote], [faithful(w) for w in text], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield WordRun("both", " ".join(quote[a:b]))
            continue
        if b > a:
            yield WordRun("quote", " ".join(quote[a:b]))
        if d > c:
            yield WordRun("text", " ".join(text[c:d]))


def marked(differences: Sequence[WordRun]) -> str:
    """Differences on one line, in the notation of word diffs: [-only in the quote-] {+only in the text+}.

    >>> marked([WordRun("both", "36 %"), WordRun("quote", "des"), WordRun("text", "de nos")])
    '36 % [-des-] {+de nos+}'
    """
    forms = {"both": "{}", "quote": "[-{}-]", "text": "{{+{}+}}"}
    return " ".join(forms[each.kind].format(each.words) for each in differences)
