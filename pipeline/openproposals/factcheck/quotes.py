"""Comparison of a quote with the text of a document: exact, normalised, elided, or not found.

A quote is searched for and judged as a passage is (search.py, judging.py), with digests made of its words on the spot.
An elided match finds the pieces round an ellipsis one after another. For a quote that is not found, the most similar
run of words is given.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from openproposals.factcheck.boundaries import cuts_word, loses_sign
from openproposals.factcheck.indexed import WORD, IndexedText, plain_word
from openproposals.factcheck.judging import Sought, Standing, joined, past, stands
from openproposals.factcheck.normal import SUPERSCRIPTS, Span, bare, faithful, forms, kept
from openproposals.factcheck.search import Wanted

QuoteGrade = Literal["exact", "normalised", "elided", "not-found", "document-missing"]
FOUND = frozenset({"exact", "normalised", "elided"})
FAR = 3_000  # characters between two pieces of an elided quote, at most
_COMMON = 300  # a word with more occurrences does not help to locate a quote
_LONG = 500  # words of a quote that are compared with the nearest ones
_ALIKE = 0.4  # share of the quote's words that a candidate must have
_JUDGED, _OPENINGS = 1_000, 20  # places of the same letters that are judged, and of the same first letters, at most
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})\s*")
_EDITED = re.compile(r"\[([^\W\d_])\](?=[^\W\d_])")  # [L]es: a letter that the quoter changed the case of
_MARK = re.compile(r"\[[0-9]{1,4}(?:\s?[,;–-]\s?[0-9]{1,4}){0,9}\]|\[\^[^\]\s]{1,40}\]")


@dataclass(frozen=True)
class WordRun:
    """A run of words: in both texts, in the quote alone, or in the text alone."""

    kind: Literal["both", "quote", "text"]
    words: str


@dataclass(frozen=True)
class Match:
    """The result of comparing a quote with a text.

    `spans` are the places of the quote, one for each piece of an elided quote; empty where it is not found. `forms`
    names in what they differ from the quote (`judging.FORMS`). `nearest` is, for a quote that is not found, the most
    similar run of words, and `differences` compares the quote with it, in reading order.
    """

    grade: QuoteGrade
    spans: tuple[Span, ...] = ()
    forms: tuple[str, ...] = ()
    nearest: Span | None = None
    differences: tuple[WordRun, ...] = ()


def match(quote: str, indexed: IndexedText, decimal: str = "") -> Match:
    """Compare a quote with a text. `decimal` is the decimal mark of the document's language; "" where not known."""
    exact = next(exact_spans(quote, indexed.text.content), None)
    if exact:
        return Match("exact", (exact,))
    whole = next(found_places(quote, indexed, decimal), None)
    if whole:
        return Match("normalised", whole.spans, whole.forms)
    pieces = [piece for piece in _ELLIPSIS.split(quote) if kept(piece)]
    if len(pieces) > 1 or (pieces and _ELLIPSIS.search(quote)):
        spans = _in_order(pieces, indexed, decimal)
        if spans:
            return Match("elided" if len(pieces) > 1 else "normalised", spans)
    return nearest(quote, indexed)


def exact_spans(quote: str, content: str) -> Iterator[Span]:
    """The spans where a quote stands character for character, without cutting a word or number at its ends.

    >>> list(exact_spans("3 %", "de -3 % à 3 %")), list(exact_spans("3", "13 et 3,1"))
    ([(10, 13)], [])
    """
    at = content.find(quote) if quote.strip() else -1
    while at >= 0:
        end = at + len(quote)
        if not cuts_word(content, at, end) and not loses_sign(content, at, end):
            yield at, at + len(quote)
        at = content.find(quote, at + 1)


def found_places(quote: str, indexed: IndexedText, decimal: str = "") -> Iterator[Standing]:
    """The places where the words of a quote stand as a passage's would."""
    words = _MARK.sub("", _EDITED.sub(r"\1", quote.strip()))
    sought = Sought(forms(words, decimal), (), len(words), decimal)
    wanted = {"quote": Wanted(sought.forms.bare, 0)}
    if not sought.forms.bare.length:
        return
    passes = (False, True) if indexed.text.heads else (False,)
    none = True
    for past_heads in passes:
        where = indexed.headless if past_heads else indexed.index
        for offset in indexed.find(wanted, past_heads=past_heads).hits.get("quote", ())[:_JUDGED]:
            found = stands(where.text, where.span(offset, sought.forms.bare.length), sought)
            if found:
                none = False
                yield past(found, where.text, indexed.text.heads) if past_heads else found
        if not none:
            return
    for past_heads in passes:
        lines = indexed.lines(past_heads=past_heads)
        for offset in indexed.find(wanted, past_heads=past_heads).openings.get("quote", ())[:_OPENINGS]:
            halves = lines.halves(offset, sought.forms.bare)
            yield from filter(None, (joined(lines.where.text, *both, sought) for both in halves))


def _in_order(pieces: Sequence[str], indexed: IndexedText, decimal: str) -> tuple[Span, ...]:
    """The spans of an elided quote's pieces, in order, at most `FAR` characters apart; empty if they are not there."""
    places = [_places(piece, indexed, decimal) for piece in dict.fromkeys(pieces[1:])]
    if not all(places):
        return ()
    later = dict(zip(dict.fromkeys(pieces[1:]), places, strict=True))
    for first in _places(pieces[0], indexed, decimal):
        spans = [first]
        for piece in pieces[1:]:
            at = bisect_left(later[piece], spans[-1][1], key=itemgetter(0))
            if at == len(later[piece]) or later[piece][at][0] - spans[-1][1] > FAR:
                break
            spans.append(later[piece][at])
        if len(spans) == len(pieces):
            return tuple(spans)
    return ()


def _places(piece: str, indexed: IndexedText, decimal: str) -> list[Span]:
    """The spans of a piece of a quote, in order; a number alone is looked for as it is printed."""
    if not bare(piece):
        return list(exact_spans(piece.strip(), indexed.text.content))
    return sorted(found.span for found in found_places(piece, indexed, decimal))


def nearest(quote: str, indexed: IndexedText) -> Match:
    """A match that is not found, with the most similar run of words of the text if one is similar enough."""
    wanted = WORD.findall(quote)[:_LONG]
    plain_wanted = [plain_word(word) for word in wanted]
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
    matcher = difflib.SequenceMatcher(None, plain_wanted, [plain_word(w[0]) for w in there], autojunk=False)
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
    without = [
        [re.sub(f"(?<=[^\\W\\d_]{{3}})[{SUPERSCRIPTS}]+$", "", faithful(w)) for w in each] for each in (quote, text)
    ]
    matcher = difflib.SequenceMatcher(None, without[0], without[1], autojunk=False)
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
