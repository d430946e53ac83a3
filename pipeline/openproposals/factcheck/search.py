"""Search of a text for words of which only the digest of the bare form is known.

The letters of the text are put in one row. The fingerprint of every run of sixteen letters is computed at once and
compared with the openings of what is wanted; only where one agrees is the SHA-256 of the whole window computed. So
what is nowhere costs nothing, and words are found wherever the text breaks or joins them.
"""

from __future__ import annotations

import hashlib
from bisect import bisect, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openproposals.factcheck.letters import MISPLACED, SPELLING_AFTER, letters_of
from openproposals.factcheck.normal import OPENING, Digest, Span, named_marks

_BLOCK = 1_000_000  # characters, or letters, worked on at a time
_WINDOWS = 20_000  # windows with one opening that are hashed, at most, the nearest first
_PRIME, _BASIS = 0x01000193, 0x811C9DC5
_UNKNOWN = 255

Positions = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]
_counts = np.full(0x110000, _UNKNOWN, np.uint8)
_firsts = np.zeros(0x110000, np.uint32)
_longer: dict[int, str] = {}


@dataclass(frozen=True)
class Wanted:
    """A wanted bare form: its digest, and the position in the text (characters) where it is expected."""

    digest: Digest
    expected: int


@dataclass(frozen=True)
class Index:
    """A text as it is read, its bare form, and for each letter of it the position of its character in the text."""

    text: str
    letters: str
    positions: Positions

    def at(self, position: int) -> int:
        """The offset among the letters of a position in the text."""
        return int(np.searchsorted(self.positions, np.int32(position)))

    def span(self, offset: int, length: int) -> Span:
        """The span of the text from the first to the last of `length` letters."""
        return int(self.positions[offset]), int(self.positions[offset + length - 1]) + 1

    def sha256(self, offset: int, length: int) -> bytes:
        """The SHA-256 of a window."""
        return hashlib.sha256(self.letters[offset : offset + length].encode("utf-8", "surrogatepass")).digest()


def index(text: str) -> Index:
    """Index a text, in which what is no words is already blank (`documents.Text.read`)."""
    codes, positions = [], []
    for start in range(0, len(text), _BLOCK):
        block = np.frombuffer(text[start : start + _BLOCK].encode("utf-32-le", "surrogatepass"), np.uint32)
        found, places = _folded(block)
        codes.append(found)
        positions.append(places + np.int32(start))
    letters = np.concatenate(codes) if codes else np.zeros(0, np.uint32)
    places = np.concatenate(positions) if positions else np.zeros(0, np.int32)
    del codes, positions
    says = np.ones(len(places), bool)
    for start, end in named_marks(text):
        says[np.searchsorted(places, np.int32(start)) : np.searchsorted(places, np.int32(end))] = False
    for mark, after in SPELLING_AFTER.items():
        at = np.flatnonzero(letters == ord(mark))
        before = letters[np.maximum(at - 1, 0)]
        says[at[(at == 0) | ~np.isin(before, [ord(c) for c in after])]] = False
    if not says.all():
        letters, places = letters[says], places[says]
    for sign, tones in MISPLACED.items():
        at = np.flatnonzero(letters[:-1] == ord(sign))
        at = at[np.isin(letters[at + 1], [ord(tone) for tone in tones])]
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    _order(letters, places)
    return Index(text, letters.tobytes().decode("utf-32-le", "surrogatepass"), places)


def _folded(block: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.uint32], Positions]:
    """The letters of a block of characters, and the place of each one's character in the block."""
    counts = _counts[block]
    if (counts == _UNKNOWN).any():
        for code in np.unique(block[counts == _UNKNOWN]).tolist():
            letters = letters_of(chr(code))
            _counts[code] = len(letters)
            _firsts[code] = ord(letters[0]) if letters else 0
            if len(letters) > 1:
                _longer[code] = letters
        counts = _counts[block]
    places = np.repeat(np.arange(len(block), dtype=np.int32), counts)
    sources = block[places]
    found = _firsts[sources]
    several = np.flatnonzero(counts[places] > 1)
    if len(several):
        offsets = several - (np.cumsum(counts, dtype=np.int64) - counts)[places[several]]
        for code in np.unique(sources[several]).tolist():
            for number, letter in enumerate(_longer[code]):
                found[several[(sources[several] == code) & (offsets == number)]] = ord(letter)
    return found, places


def _order(letters: npt.NDArray[np.uint32], places: Positions) -> None:
    """Put runs of combining marks in canonical order, in place."""
    import unicodedata

    marks = [c for c in np.unique(letters[letters >= 0x0300]).tolist() if unicodedata.combining(chr(c))]
    if len(marks) < 2:
        return
    classes = np.zeros(len(letters), np.int16)
    for mark in marks:
        classes[letters == mark] = unicodedata.combining(chr(mark))
    wrong = np.flatnonzero((classes[1:] > 0) & (classes[:-1] > classes[1:]))
    done = -1
    for at in wrong.tolist():
        if at <= done:
            continue
        start, end = at, at + 1
        while start > 0 and classes[start - 1] > 0:
            start -= 1
        while end < len(classes) and classes[end] > 0:
            end += 1
        order = np.argsort(classes[start:end], kind="stable")
        letters[start:end] = letters[start:end][order]
        places[start:end] = np.sort(places[start:end])
        done = end


@dataclass(frozen=True)
class Found:
    """By key, the offsets at which a wanted form stands, the likeliest first; and those at which its opening does."""

    hits: Mapping[str, list[int]]
    openings: Mapping[str, list[int]]


def find(where: Index, wanted: Mapping[str, Wanted]) -> Found:
    """Find bare forms in a text. A key that is not found is left out; a form without letters is never found.

    Of several places the likeliest comes first: shifted as far as the nearest form that stands in one place only.
    """
    groups: dict[tuple[int, int], list[str]] = defaultdict(list)
    for key, each in wanted.items():
        if 0 < each.digest.length <= len(where.letters):
            groups[min(OPENING, each.digest.length), int(each.digest.opening, 16)].append(key)
    opened = _opened(where, groups.keys())
    hits: dict[str, list[int]] = {}
    openings: dict[str, list[int]] = {}
    for group, keys in groups.items():
        offsets = opened.get(group)
        if offsets is None:
            continue
        by_length: dict[int, list[str]] = defaultdict(list)
        for key in keys:
            by_length[wanted[key].digest.length].append(key)
            openings[key] = _nearest(offsets, where.at(wanted[key].expected), 50)
        for length, some in by_length.items():
            digests = defaultdict(list)
            for key in some:
                digests[bytes.fromhex(wanted[key].digest.sha256)].append(key)
            letters, sha256 = where.letters, hashlib.sha256
            for offset in _nearest(offsets, where.at(wanted[some[0]].expected), _WINDOWS):
                found = sha256(letters[offset : offset + length].encode("utf-8", "surrogatepass")).digest()
                if found in digests and offset + length <= len(letters):
                    for key in digests[found]:
                        hits.setdefault(key, []).append(offset)
    return Found(dict(_likeliest(where, wanted, hits)), openings)


def _opened(where: Index, groups: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Offsets]:
    """By length and fingerprint of an opening, the offsets at which it stands."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for length, fingerprint in groups:
        by_length[length].append(fingerprint)
    tables = {length: _filter(fingerprints) for length, fingerprints in by_length.items()}
    found: dict[tuple[int, int], list[Offsets]] = defaultdict(list)
    longest = max(by_length, default=0)
    for start in range(0, len(where.letters), _BLOCK):
        some = where.letters[start : start + _BLOCK + longest]
        codes = np.frombuffer(some.encode("utf-32-le", "surrogatepass"), np.uint32)
        hashes = np.full(len(codes), _BASIS, np.uint32)
        for length in range(1, min(longest, len(codes)) + 1):
            hashes = hashes[: len(codes) - length + 1] * np.uint32(_PRIME) + codes[length - 1 :]
            if length in tables:
                here = hashes[:_BLOCK]
                table, exact = tables[length]
                likely = np.flatnonzero(table[here & (len(table) - 1)])
                likely = likely[np.isin(here[likely], exact)]
                order = np.argsort(here[likely], kind="stable")
                values, firsts = np.unique(here[likely][order], return_index=True)
                for value, places in zip(values.tolist(), np.split(likely[order], firsts[1:]), strict=False):
                    found[length, value].append(places + start)
    return {group: np.concatenate(places) for group, places in found.items()}


def _filter(fingerprints: Sequence[int]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.uint32]]:
    exact = np.unique(np.array(fingerprints, np.uint32))
    table = np.zeros(1 << 20, bool)
    table[exact & (len(table) - 1)] = True
    return table, exact


def _nearest(offsets: Offsets, expected: int, most: int) -> list[int]:
    """At most so many of the offsets, in order: those nearest to the expected one."""
    if len(offsets) > most:
        offsets = np.sort(offsets[np.argpartition(np.abs(offsets - expected), most)[:most]])
    found: list[int] = offsets.tolist()
    return found


def _likeliest(
    where: Index, wanted: Mapping[str, Wanted], hits: Mapping[str, list[int]]
) -> Iterator[tuple[str, list[int]]]:
    drifts: list[tuple[int, int]] = []  # by expected position
    for key, offsets in hits.items():
        if len(offsets) == 1:
            insort(drifts, (wanted[key].expected, offsets[0] - where.at(wanted[key].expected)))
    for key, offsets in hits.items():
        expected = wanted[key].expected
        at = bisect(drifts, (expected, 0))
        near = drifts[max(at - 1, 0) : at + 1]
        drift = min(near, key=lambda place: abs(place[0] - expected))[1] if near else 0
        guess = where.at(expected) + drift
        yield key, sorted(offsets, key=lambda offset: (abs(offset - guess), offset))
