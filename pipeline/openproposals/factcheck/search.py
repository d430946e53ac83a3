"""Search of a text for words of which only the digest of the skeleton is known.

A text is split into pieces, each a word with the punctuation round it. The skeletons of the pieces, joined, are the
text's skeleton. Windows of the wanted length are hashed; only those that begin and end with a piece, which are about a
twentieth of all. Digits before a letter are a piece of their own, since the number of a note may be printed without a
space before its first word.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect, insort
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from openproposals.factcheck.normal import SUPERSCRIPTS, Digest, skeleton

NEAR = 1_500  # skeleton characters on either side of the expected place that are searched first
_AT_ONCE = 10_000  # windows hashed before they are compared
_BLOCK = 1_000_000  # characters split into pieces at a time
_FIGURE = 60  # skeleton characters that a figure may have, at most
# A word with its decimals and adjoining punctuation, which in French may come after a space; longer words are cut.
_PIECE = re.compile(
    r"([^\w\s]{0,40}(?:(?<![\w.,])[0-9]{1,2}(?=[^\W\d_])|\w{1,400}(?:[.,](?=[0-9])\w{1,40}){0,40}[^\w\s]{0,400}(?:\s{1,9}[:;!?%])?))"
)
_CUT = re.compile(r"\s(?=\w)")

Span = tuple[int, int]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Wanted:
    """A wanted skeleton: its digest, and the position in the text (characters) where it is expected."""

    digest: Digest
    expected: int


@dataclass(frozen=True)
class Index:
    """A text (skipped spans replaced by spaces), its skeleton, and the places of its pieces in both.

    Piece i is `text[starts[i]:ends[i]]`, its skeleton is `skeleton[offsets[i]:offsets[i + 1]]`; so `offsets` has one
    entry more than there are pieces.
    """

    text: str
    skeleton: bytes
    starts: Positions
    ends: Positions
    offsets: Positions

    def at(self, position: int) -> int:
        """The offset in the skeleton of a position in the text."""
        return int(self.offsets[np.searchsorted(self.starts, position)])

    def span(self, offset: int, length: int) -> Span:
        """The span of the text for `skeleton[offset:offset + length]`, from its first letter or digit to its last."""
        first = int(np.searchsorted(self.offsets, offset, side="right")) - 1
        last = int(np.searchsorted(self.offsets, offset + length)) - 1
        start = self._position(first, offset - int(self.offsets[first]) + 1) - 1
        return start, self._position(last, offset + length - int(self.offsets[last]))

    def reach(self, position: int, *, before: bool) -> int:
        """Where the punctuation and spaces beside `position` end: at a letter, a digit or the end of the text."""
        step = -1 if before else 1
        at = position - 1 if before else position
        while 0 <= at < len(self.text) and (not self.text[at].isalnum() or self.text[at] in SUPERSCRIPTS):
            at += step
        return at + 1 if before else at

    def digits(self, offset: int, *, after: bool) -> int:
        """The offset, if near, where the run of pieces with digits at `offset` ends (after) or begins (before)."""
        step = 1 if after else -1
        piece = int(np.searchsorted(self.offsets, offset, side="right")) - 1 + min(step, 0)
        while 0 <= piece < len(self.starts) and abs(int(self.offsets[piece]) - offset) <= _FIGURE:
            if not any(map(str.isdigit, self.text[self.starts[piece] : self.ends[piece]])):
                break
            piece += step
        return int(self.offsets[piece if after else piece + 1])

    def _position(self, piece: int, count: int) -> int:
        """The position just after the `count`th skeleton character of a piece."""
        start, end = int(self.starts[piece]), int(self.ends[piece])
        for position in range(start + 1, end):
            if len(skeleton(self.text[start:position] + "x")) > count:  # "x": else final digits may count as a marker
                return position
        return end


def index(text: str, skipped: Sequence[Span] = ()) -> Index:
    """Index a text; the `skipped` spans (addresses, running heads) are read as spaces."""
    read = _blanked(text, skipped)
    skeletons: list[bytes] = []
    tables: list[tuple[Positions, ...]] = []
    forms: dict[str, bytes] = {}
    for start, end in _blocks(read):
        split = _PIECE.split(read[start:end])
        pieces = split[1::2]
        forms |= {piece: skeleton(piece).encode() for piece in set(pieces) - forms.keys()}
        positions = start + np.cumsum(np.fromiter(map(len, split), np.int64, len(split)))
        found = list(map(forms.__getitem__, pieces))
        lengths = np.fromiter(map(len, found), np.int64, len(found))
        said = lengths > 0  # a piece with an empty skeleton begins no window
        skeletons.append(b"".join(found))
        tables.append((positions[0:-1:2][said], positions[1::2][said], lengths[said]))
    starts, ends, lengths = (np.concatenate(columns) for columns in zip(*tables, strict=True))
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return Index(read, b"".join(skeletons), starts, ends, offsets)


def _blanked(text: str, skipped: Sequence[Span]) -> str:
    parts, at = [], 0
    for start, end in skipped:  # in order; one may begin within another
        parts += [text[at:start], " " * (end - max(at, start))]
        at = max(at, end)
    return "".join([*parts, text[at:]]) if parts else text


def _blocks(text: str) -> Iterator[Span]:
    """The spans of blocks of about `_BLOCK` characters, each ending before a word."""
    start = 0
    while cut := _CUT.search(text, start + _BLOCK):
        yield start, cut.end()
        start = cut.end()
    yield start, len(text)


def find(where: Index, wanted: Mapping[str, Wanted]) -> dict[str, list[int]]:
    """Find skeletons in a text: by key, the offsets of each in the text's skeleton, the nearest to its place first.

    A skeleton is first looked for near its expected place, shifted as far as its neighbours were. Those not found there
    are looked for in the whole text, all those of one length in one pass. A key that is not found is left out.
    """
    search = _Search(where, wanted)
    search.follow()
    while search.missing:
        if search.sweep():
            search.follow()
    return search.found


class _Search:
    """The state of a search: wanted skeletons still missing, offsets found, and the shift of each found one."""

    def __init__(self, where: Index, wanted: Mapping[str, Wanted]) -> None:
        self.where = where
        self.missing = dict(sorted(wanted.items(), key=lambda item: (item[1].expected, item[0])))
        self.found: dict[str, list[int]] = {}
        self.drifts: list[tuple[int, int]] = []  # by expected position, in its order
        self.tried: dict[str, int] = {}
        self.is_end = np.zeros(len(where.skeleton) + 1, bool)
        self.is_end[where.offsets] = True
        self.starts = where.offsets[:-1]

    def windows(self, length: int, low: int, high: int) -> list[int]:
        """The offsets in [low, high) at which a window of that length begins and ends with a piece."""
        first, last = np.searchsorted(self.starts, (low, min(high, len(self.where.skeleton) - length + 1)))
        starts = self.starts[first : max(first, last)]
        found: list[int] = starts[self.is_end[starts + length]].tolist()
        return found

    def hits(self, length: int, digests: Collection[bytes], low: int, high: int) -> Iterator[tuple[bytes, int]]:
        """The windows in [low, high) that have one of these digests, as pairs of a digest and an offset."""
        wanted = frozenset(digests)
        text, sha256 = self.where.skeleton, hashlib.sha256
        offsets = self.windows(length, low, high)
        for at in range(0, len(offsets), _AT_ONCE):
            some = offsets[at : at + _AT_ONCE]
            hashed = [sha256(text[offset : offset + length]).digest() for offset in some]
            if not wanted.isdisjoint(hashed):
                yield from (pair for pair in zip(hashed, some, strict=True) if pair[0] in wanted)

    def follow(self) -> None:
        """Look for each missing skeleton near its expected place, shifted like the nearest one that was found."""
        for key, form in list(self.missing.items()):
            expected = self.where.at(form.expected)
            guess = expected + self.drift(form.expected)
            if abs(self.tried.get(key, -2 * NEAR) - guess) < NEAR // 2:
                continue
            self.tried[key] = guess
            digest = bytes.fromhex(form.digest.sha256)
            near = [o for _, o in self.hits(form.digest.length, {digest}, guess - NEAR, guess + NEAR)]
            if near:
                self.take(key, sorted(near, key=lambda offset: (abs(offset - guess), offset)))

    def sweep(self) -> bool:
        """Look in the whole text for all missing skeletons of the commonest length; returns whether any was found."""
        by_length: dict[int, dict[bytes, list[str]]] = defaultdict(lambda: defaultdict(list))
        for key, form in self.missing.items():
            by_length[form.digest.length][bytes.fromhex(form.digest.sha256)].append(key)
        length, digests = max(by_length.items(), key=lambda item: (sum(map(len, item[1].values())), item[0]))
        places: dict[str, list[int]] = {key: [] for key in chain.from_iterable(digests.values())}
        for digest, offset in self.hits(length, digests.keys(), 0, len(self.where.skeleton)):
            for key in digests[digest]:
                places[key].append(offset)
        for key, offsets in places.items():
            expected = self.where.at(self.missing[key].expected)
            if offsets:
                self.take(key, sorted(offsets, key=lambda offset: (abs(offset - expected), offset)))
            else:
                del self.missing[key]
        return any(places.values())

    def take(self, key: str, offsets: list[int]) -> None:
        """Record the offsets of a skeleton, and its shift for the search of its neighbours."""
        form = self.missing.pop(key)
        self.found[key] = offsets
        insort(self.drifts, (form.expected, offsets[0] - self.where.at(form.expected)))

    def drift(self, expected: int) -> int:
        """The shift, in skeleton characters, of the found skeleton that is nearest to an expected position."""
        at = bisect(self.drifts, (expected, 0))
        near = self.drifts[max(at - 1, 0) : at + 1]
        return min(near, key=lambda place: abs(place[0] - expected))[1] if near else 0
