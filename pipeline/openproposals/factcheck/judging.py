"""The judge: whether words whose letters were found in a text are the passage, by its kept form.

The letters that were found are the least that can be there. Digits, signs and units before, among and after them must
be the passage's own; note marks may be missing, raised, flat or in brackets where `marks` allows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, product

from openproposals.factcheck import accents, marks
from openproposals.factcheck.boundaries import after_mark, cuts_word, loses_sign, without_line_ends
from openproposals.factcheck.letters import BEFORE_NUMBERS, COMPARED, CURRENCIES, UNITS
from openproposals.factcheck.marks import Mark
from openproposals.factcheck.normal import (
    SUBSCRIPTS,
    SUPERSCRIPTS,
    UNIT,
    Forms,
    Span,
    digest,
    faithful,
    is_capital,
    kept,
    without,
)

FORMS = ("interrupted", "mark", "hyphenation", "raised", "grouping", "numero", "capitals", "accents", "typography")
_EDGE = 12  # at most this many characters of punctuation and spaces beside a passage may belong to it
_LOOSE = 3  # the length of punctuation in the faithful form is estimated to within this many characters
_MARGIN = 240  # characters round two halves that are looked at
_UNITS = 3  # units of words in capitals that are tried in other spellings
_TOKENS = 8  # numbers and units beside the letters that may belong to the passage
_TOKEN = re.compile(
    rf"[-+−–]?\d+(?:[.,/:'’٫٬–-]\d+)*[{SUPERSCRIPTS}{SUBSCRIPTS}⁻]*|[{SUPERSCRIPTS}{SUBSCRIPTS}]+|[¼-¾⅐-⅞]|[{UNITS}٪؉{CURRENCIES}{COMPARED}{BEFORE_NUMBERS}]|[-+−](?=[{CURRENCIES}])|(?<=[^\W_])\++|(?<=[A-Za-z])#"
)
_GLUED = re.compile(r"(?<=[^\W\d_])[0-9]{1,2}(?![^\W_])|(?<=[A-Z]) [0-9](?![^\W_])")
_RAISED = re.compile(rf"[^\w\s]{{0,3}}([{SUPERSCRIPTS}]+)")  # a mark, after what is printed between it and the words
_BROKEN = re.compile(r"(?<=\d)[-‐]\s*\n\s*(?=\d)")
_NEXT_SENTENCE = re.compile(r"[.,;:!?…։।؟]\s+[^\W\d_][\u0300-\u036f]*\Z|\A[^\W\d_][\u0300-\u036f]*[.,;:!?…։।؟]\s")
_BREAK = re.compile(r"(?<=\w)[-‐\u00ad][^\S\n]*\n\s*(?=\w)")


@dataclass(frozen=True)
class Sought:
    """What is known of a passage.

    Its forms, its note marks, its length (characters), the decimal mark it is read with.
    """

    forms: Forms
    marks: tuple[Mark, ...] = ()
    size: int = 0
    decimal: str = ""

    @property
    def signs(self) -> frozenset[str]:
        """The signs of its note marks."""
        return frozenset(mark.sign for mark in self.marks)


@dataclass(frozen=True)
class Standing:
    """Where a passage stands, in one span or in several with something else between them.

    `forms` names in what it differs from the pinned words; in nothing, its faithful form is the same.
    """

    spans: tuple[Span, ...]
    forms: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """From its first character to its last."""
        return self.spans[0][0], self.spans[-1][1]


def stands(read: str, core: Span, sought: Sought) -> Standing | None:
    """Whether the passage stands round the letters at `core`; None where digits, signs, units or accents are others."""
    for left, right in _extents(read, core):
        words = read[left:right]
        form = kept(words, sought.decimal)
        if len(form) < sought.forms.kept.length or cuts_word(read, left, right, sought.signs):
            continue
        if loses_sign(read, left, right):
            continue
        for spans in marks.readings(words, sought.marks, sought.size):
            said = without(words, (0, len(words)), spans)
            if _borrows(said, sought):
                continue
            if _is_kept(said, form if not spans else kept(said, sought.decimal), sought):
                is_same = accents.same(said, sought.forms.accented)
                if is_same or accents.left_out(read, (left, right), said, sought.forms.accented):
                    return _described(read, (left, right), said, spans, sought, is_same=is_same)
    return None


def _borrows(said: str, sought: Sought) -> bool:
    """Whether the first or last letter is a word of another sentence, as the words are longer than the passage.

    Hyphens at line ends are not counted: they lengthen any words.
    """
    return bool(_NEXT_SENTENCE.search(said)) and len(faithful(_BREAK.sub("", said))) > sought.forms.faithful.length


def _is_kept(said: str, form: str, sought: Sought) -> bool:
    """Whether the words' kept form is the passage's.

    Numbers may be joined at a line's end; in words that are all capitals, units may be in small letters.
    """
    wanted = sought.forms.kept
    if len(form) == wanted.length and digest(form) == wanted:
        return True
    others = [_BROKEN.sub("", said)] if _BROKEN.search(said) else []
    forms = (kept(each, sought.decimal) for each in chain(others, _units(said) if is_capital(said) else ()))
    return any(len(form) == wanted.length and digest(form) == wanted for form in forms)


def _units(said: str) -> Iterator[str]:
    """Words in capitals with their units as they may have been spelt: KM is km, KWH kWh, MO Mo."""
    units = list(UNIT.finditer(said))[:_UNITS]
    for chosen in product(*(_cases(unit[0]) for unit in units)) if units else ():
        words, at = "", 0
        for unit, case in zip(units, chosen, strict=True):
            words, at = words + said[at : unit.start()] + case, unit.end()
        yield words + said[at:]


def _cases(unit: str) -> list[str]:
    """A unit in capitals as it may be spelt."""
    letters = unit.lstrip()
    rest = letters[1:].capitalize()
    cases = dict.fromkeys(
        (letters, letters.lower(), letters.capitalize(), letters[0].lower() + rest, letters[0] + rest)
    )
    return [unit[: len(unit) - len(letters)] + case for case in cases]


def _extents(read: str, core: Span) -> list[Span]:
    """The spans round the letters at `core` that begin and end with them or with numbers and units beside them."""
    start, end = core
    while end < len(read) and unicodedata.category(read[end]) == "Mn":
        end += 1  # the accents of its last letter
    lefts = [start, *reversed([m.start() for m in _TOKEN.finditer(read, _reach(read, start, -1), start)])]
    rights = [end, *(m.end() for m in _TOKEN.finditer(read, end, _reach(read, end, 1)))]
    some = product(lefts[: _TOKENS + 1], rights[: _TOKENS + 1])
    return sorted(some, key=lambda span: (span[1] - span[0], span))


def _reach(read: str, at: int, step: int, most: int = 200) -> int:
    """Where the signs, digits and spaces beside a position end: at a letter, or at the end of the text."""
    here = at if step > 0 else at - 1
    while 0 <= here < len(read) and abs(here - at) < most and unicodedata.category(read[here])[0] != "L":
        here += step
    return here if step > 0 else here + 1


def _described(read: str, span: Span, said: str, spans: tuple[Span, ...], sought: Sought, *, is_same: bool) -> Standing:
    """The standing of words that have the passage's kept form: the forms in which they differ from the pinned ones."""
    words = read[slice(*span)]
    recorded = sum(mark.at < sought.size and any(c.isalnum() for c in mark.sign) for mark in sought.marks)
    here = len(spans) + (len(spans) < recorded and _is_marked(read, span[1], sought))
    flat = ("mark",) if marks.is_flat(words, spans) or here != recorded else ()
    whole = _whole(read, span, said, sought)
    whole = whole or next(filter(None, (_whole(read, span, each, sought) for each in without_line_ends(said))), None)
    if whole:
        return Standing((whole,), flat)
    for joint in ("", "-") if _BREAK.search(said) else ():
        whole = _whole(read, span, _BREAK.sub(joint, said), sought)
        if whole:
            return Standing((whole,), (*flat, "hyphenation"))
    for form, undone in _UNDONE:
        other = undone(said)
        whole = _whole(read, span, other, sought) if other != said else None
        if whole:
            return Standing((whole,), (*flat, form))
    return Standing((span,), (*flat, *_seen(said, is_same=is_same)))


def _is_marked(read: str, end: int, sought: Sought) -> bool:
    """Whether the mark with which the passage ends stands, raised, where its letters end."""
    last = max(sought.marks, key=lambda mark: mark.at)
    there = _RAISED.match(read, end)
    return there is not None and last.at + last.length >= sought.size - _LOOSE and marks.flat(there[1]) == last.sign


def _regrouped(sign: str) -> Callable[[str], str]:
    """Numbers of four digits and more grouped by a sign, or by nothing."""

    def regroup(said: str) -> str:
        joined = re.sub(r"(?<=\d)[\s.,'’](?=\d{3}(?!\d))", "", said)
        return re.sub(r"\d{4,}", lambda m: f"{int(m[0]):,}".replace(",", sign) if m[0].isascii() else m[0], joined)

    return regroup


def _set_as(signs: str) -> Callable[[str], str]:
    """Digits after a letter raised or lowered, also where an extraction moved them from a capital: CO 2."""
    table = str.maketrans("0123456789", signs)
    return lambda said: _GLUED.sub(lambda m: m[0].strip().translate(table), said)


def _numbered(sign: str) -> Callable[[str], str]:
    """N° before a number, written with this sign."""
    return lambda said: re.sub(r"\b([nN])[oº°ᵒ](?=\s?\d)", rf"\1{sign}", said)


_UNDONE: tuple[tuple[str, Callable[[str], str]], ...] = (
    *(("raised", _set_as(signs)) for signs in ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "0123456789")),
    *(("grouping", _regrouped(sign)) for sign in (" ", "", ",", ".", "'")),
    *(("numero", _numbered(sign)) for sign in "°oº"),
    ("capitals", lambda said: said[:1].swapcase() + said[1:]),
)


def _seen(said: str, *, is_same: bool) -> Iterator[str]:
    """What can be seen of words that are not typed as the passage: hyphens at line ends, capitals, other accents."""
    if _BREAK.search(said):
        yield "hyphenation"
    cased = [c for c in said if c.isupper() or c.islower()]
    is_capital = len(cased) > 1 and all(c.isupper() for c in cased)
    yield "capitals" if is_capital else "typography" if is_same else "accents"


def _whole(read: str, span: Span, said: str, sought: Sought) -> Span | None:
    """The span, with the punctuation beside it, whose faithful digest is the passage's; of its length if possible."""
    start, end = span
    wanted = sought.forms.faithful
    lacking = wanted.length - len(faithful(said))
    if not 0 <= lacking <= 2 * _EDGE:
        return None
    end = after_mark(read, end)
    lefts = [start, *range(start - 1, max(_edge(read, start, -1), start - _EDGE) - 1, -1)]
    rights = [end, *range(end + 1, min(_edge(read, end, 1), end + _EDGE) + 1)]
    lefts = [at for at in lefts if at == start or not read[at].isspace()]
    rights = [at for at in rights if at == end or not read[at - 1].isspace()]
    before = {left: len(faithful(read[left:start])) for left in lefts}
    after = {right: len(faithful(read[end:right])) for right in rights}
    some = [(a, b) for a, b in product(lefts, rights) if abs(before[a] + after[b] - lacking) <= _LOOSE]
    for left, right in sorted(some, key=lambda s: (s[1] - s[0] != sought.size, s[1] - s[0], s)):
        if digest(faithful(read[left:start] + said + read[end:right])) == wanted:
            return left, right if right > end else span[1]
    return None


def _edge(read: str, at: int, step: int) -> int:
    here = at if step > 0 else at - 1
    while 0 <= here < len(read) and not read[here].isalnum():
        here += step
    return here if step > 0 else here + 1


def joined(read: str, first: Span, second: Span, sought: Sought) -> Standing | None:
    """Whether a passage stands in two halves, with something else between them."""
    left, right = max(0, first[0] - _MARGIN), min(len(read), second[1] + _MARGIN)
    text = read[left : first[1]] + "\n" + read[second[0] : right]
    shift = second[0] - (first[1] - left + 1)
    found = stands(text, (first[0] - left, second[1] - shift), sought)
    if not found:
        return None
    spans = (found.span[0] + left, first[1]), (second[0], found.span[1] + shift)
    return Standing(spans, ("interrupted", *found.forms))


def past(found: Standing, read: str, heads: Iterable[Span]) -> Standing:
    """The same without the running heads and page numbers inside it, of which `read` has the characters."""
    start, end = found.span
    inside = [head for head in heads if start < head[0] and head[1] < end]
    if not inside:
        return found
    edges = [start, *(edge for head in inside for edge in head), end]
    spans = tuple(span for span in zip(edges[::2], edges[1::2], strict=True) if not read[slice(*span)].isspace())
    return Standing(spans, ("interrupted", *found.forms))
