"""The numbers of a text one by one: in digits, in words, ordinals, fractions, multiples; and what is no figure.

What is no figure (a date, a page's number, an article) is told with its reason: nothing is passed over in silence.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, getcontext
from typing import Literal

from openproposals.factcheck.normal import SUBSCRIPTS, SUPERSCRIPTS, Span
from openproposals.model import numbers
from openproposals.reading import row_cells
from openproposals.reading.no_figures import Dismissal, why_not
from openproposals.reading.rules import Rules, value_of

NumeralForm = Literal["digits", "words", "fraction", "ordinal", "multiple", "article"]
FRAMED = "①-⓿❶-➓Ⅰ-ↈ"  # numbers in circles and parentheses, Roman ones that are one sign
_VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_GROUPED = r"(?<![0-9.,])[0-9]{1,3}(?:[ \u00a0\u202f\u2009'’.,][0-9]{3}){1,7}(?![0-9])(?:[.,][0-9]+)?"
_STACKED = rf"[{SUPERSCRIPTS}]{{1,3}}[/⁄][0-9{SUBSCRIPTS}]{{1,3}}"  # ¹/₃
_DIGITS = re.compile(
    rf"(?:(?<![\w.,:/%€$£-])(?:[-−–+±]|[−±]\s|(?<=[(\[])[-–+]\s)(?=[0-9]))?(?:{_GROUPED}|[0-9]+(?:[.,:][0-9]+)*|\d+)[{_VULGAR}]?"
    rf"|{_STACKED}|[{_VULGAR}]|[{SUBSCRIPTS}]+|[{FRAMED}]"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\bdoi:?\s?10\.[^\s]+|\b10\.[0-9]{4,}/[^\s]+"
    r"|(?<![@\w])(?:[\w-]+\.)+(?:org|com|net|fr|de|eu|uk|ch|at|be|int|gov|info)(?:/[^\s<>\"»)]*)?"
)
_PHONE = re.compile(  # no groups of digits: 275 000 320 000
    r"(?<![\w.,])(?<![0-9][\s\u00a0\u202f])(?:\+[0-9]{2}[\s.(]*)?"
    r"(?:\(?0\)?[0-9](?:[\s.-][0-9]{2}){4}|0[0-9]{2,4}[\s/-][0-9 /-]{5,12}[0-9])(?![\w])"
)
_DATED = re.compile(
    r"(?<![\w.,/])(?:[0-9]{1,2}([./-])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w/])"
)


_SENTENCE = re.compile(r"(?:\A|[.!?:\n\ue000]\s*)\Z")  # where one begins
_FILE = re.compile(  # of a court or an office: 8 A 47/17, 4 CN 2.07, MU-52-29211/1/305
    r"(?<![\w.,/-])(?:[0-9]{1,3}\s(?!(?:[GMkT]W|[GMT]B|[GM]t|EU)\s)[A-Z][A-Za-z]{0,3}\s{1,3}[0-9]{1,4}(?:/[0-9]{2}|\.[0-9]{2})"
    r"|[A-Z]{2,}[0-9]*(?:[-/][0-9]+){2,})(?![\w/%])"
)
_ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}[0-9]{2}(?:\s?[0-9]{4}){3,7}(?:\s?[0-9]{1,3})?(?!\w)")  # of a bank


@dataclass(frozen=True)
class Numeral:
    """A number: where it stands, how it is written, and its value where that is known (of a fraction, `ratio` too)."""

    start: int
    end: int
    form: NumeralForm
    value: Decimal | None = None
    ratio: str = ""


def numerals(read: str, how: Rules) -> tuple[list[Numeral], list[Dismissal]]:
    """The numbers of a text in order, and those that are no figures.

    read: the text, at its length, with its note marks blank.
    """
    kept: list[Numeral] = []
    out: list[Dismissal] = []
    taken = [(*m.span(), "address") for m in _ADDRESS.finditer(read)]
    taken += [(*m.span(), "contact") for m in _PHONE.finditer(read)]
    taken += [(*m.span(), "date") for m in _DATED.finditer(read)]
    taken += [(*m.span(), "reference") for pattern in (_FILE, _ACCOUNT) for m in pattern.finditer(read)]
    taken.sort()
    at = 0
    for span in _in_cells(read):
        while at < len(taken) and taken[at][1] <= span[0]:
            at += 1
        inside = at < len(taken) and taken[at][0] < span[1] and span[0] < taken[at][1]
        found = taken[at][2] if inside else why_not(read, span, how)
        if kept and span[0] < kept[-1].end:
            continue  # the second number of a fraction
        if found:
            out.append(Dismissal(*span, found))
        else:
            kept.append(_in_digits(read, span, how))
    worded, articles = _worded(read, how)
    busy = [(n.start, n.end) for n in kept] + [(d.start, d.end) for d in out]
    busy.sort()
    kept += [n for n in worded if not _overlaps(busy, (n.start, n.end))]
    return sorted(kept, key=lambda n: (n.start, -n.end)), sorted([*out, *articles], key=lambda d: d.start)


def _overlaps(spans: list[Span], span: Span) -> bool:
    at = bisect(spans, (span[1], -1)) - 1
    return at >= 0 and spans[at][1] > span[0]


def _in_cells(read: str) -> Iterator[Span]:
    """The numbers in digits, those of a table's row cell by cell."""
    apart = row_cells.apart(read)
    for match in _DIGITS.finditer(read):
        start = match.start()
        for gap in re.finditer(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9])", match[0]):
            if match.start() + gap.end() in apart:
                yield start, match.start() + gap.start()
                start = match.start() + gap.end()
        yield start, match.end()


def _in_digits(read: str, span: Span, how: Rules) -> Numeral:
    start, end = span
    said = read[start:end]
    if said[0] in SUPERSCRIPTS:
        return Numeral(start, end, "fraction", None, "".join(str(unicodedata.digit(sign, "/")) for sign in said))
    found = numbers.readings(said, how.language)
    is_exact = len(said) <= getcontext().prec
    value = next(iter(found)) if len(found) == 1 and is_exact and ":" not in said else None
    if suffix := how["suffix"].match(read, end):
        return Numeral(start, suffix.end(), "ordinal", value)
    if value is not None and (half := how["and_half"].match(read, end)):
        return Numeral(start, half.end(), "digits", value + Decimal("0.5"))
    fraction = re.compile(r"\s?/\s?([0-9]{1,3})(?![0-9/])").match(read, end)
    if fraction and len(said) <= 3 and value and Decimal(fraction[1]) > value:
        return Numeral(start, fraction.end(), "fraction", None, f"{said}/{fraction[1]}")
    return Numeral(start, end, "digits", value)


def _worded(read: str, how: Rules) -> tuple[list[Numeral], list[Dismissal]]:
    """Numbers in words, and the articles and idioms among them."""
    idle = sorted(m.span() for m in how["idiom"].finditer(read))
    found: list[Numeral] = []
    out: list[Dismissal] = []
    busy: list[Span] = []
    for match in how["fraction"].finditer(read):
        if not _overlaps(idle, match.span()):
            found.append(Numeral(*match.span(), "fraction", None, _ratio(match, how)))
            busy.append(match.span())
    for match in how["within"].finditer(read):
        if not _overlaps(busy, match.span()):
            form: NumeralForm = "multiple" if match.groupdict().get("multiple") else "words"
            found.append(Numeral(*match.span(), form, value_of(match["counted"], how)))
            busy.append(match.span())
    for match in how["superlative"].finditer(read):
        found.append(Numeral(*match.span(), "ordinal", Decimal(how.superlatives[match["stem"].lower()])))
        busy.append(match.span())
    for match in how["one_alone"].finditer(read):
        span = match.span("timed") if match["timed"] else match.span("alone")
        found.append(Numeral(*span, "words", Decimal(1)))
        busy.append(span)
    busy.sort()
    worded: tuple[tuple[NumeralForm, Mapping[str, float]], ...] = (
        ("multiple", how.multiples),
        ("ordinal", how.ordinals),
    )
    for form, values in worded:
        for match in how[form].finditer(read):
            if _overlaps(busy, match.span()):
                continue
            word = match[0].lower()
            ranked = _is_rank(read, match.span(), how)
            if form == "ordinal" and not ranked and (word in how.first or _opens(read, match.span())):
                out.append(Dismissal(*match.span(), "first"))
            elif (_overlaps(idle, match.span()) and not _is_every(read, match, how)) or (
                form == "ordinal" and how.compound and _is_noun(read, match, how)
            ):
                out.append(Dismissal(*match.span(), "idiom"))
            else:
                last = re.split("[-\u2011]", word)[-1] if word not in values else word
                before = value_of(word.removesuffix(last), how) or Decimal(0)
                found.append(Numeral(*match.span(), form, before + Decimal(str(values[last]))))
        busy = sorted([*busy, *((n.start, n.end) for n in found if n.form == form)])
    for start, end in _joined(read, how):
        if _overlaps(busy, (start, end)):
            continue
        said = read[start:end]
        value = value_of(said, how)
        if half := how["and_half"].match(read, end):
            end, value = half.end(), (value or Decimal(0)) + _half(said, how)
            found.append(Numeral(start, end, "words", value))
        elif said.lower() in how.articles:
            found.append(Numeral(start, end, "article", Decimal(1)))
        elif _overlaps(idle, (start, end)):
            out.append(Dismissal(start, end, "idiom"))
        else:
            found.append(Numeral(start, end, "words", value))
    return found, out


def _half(said: str, how: Rules) -> Decimal:
    """What a half after a number adds: half a million after one in millions."""
    last = value_of(re.split(r"[\s-]", said)[-1], how) or Decimal(1)
    return Decimal("0.5") * (last if last >= 1000 else 1)


def _ratio(fraction: re.Match[str], how: Rules) -> str:
    """A fraction in words as numerator/denominator; of a rank, the top quarter, as one."""
    if part := fraction["part"]:
        number = fraction["number"]
        over = number if number.isdigit() else str(value_of(number, how) or 1)
        return f"{over}/{how.parts[part.lower()]}"
    if part := fraction["ranked"]:
        return f"1/{how.parts[part.lower()]}"
    return how.fractions[re.sub(r"\s+", " ", fraction[0].lower())]


def _is_rank(read: str, span: Span, how: Rules) -> bool:
    """Whether an ordinal states a rank: in first place, ranked first."""
    before = how["places"].search(read, max(0, span[0] - 16), span[0])
    return before is not None or how["placed"].match(read, span[1]) is not None


def _opens(read: str, span: Span) -> bool:
    """Whether an ordinal opens a sentence, with a comma after it: Second, rents rise."""
    if not read[span[0]].isupper() or read[span[1] : span[1] + 1] != ",":
        return False
    return _SENTENCE.search(read, max(0, span[0] - 3), span[0]) is not None


def _is_noun(read: str, word: re.Match[str], how: Rules) -> bool:
    """Whether a word has a capital that no sentence's beginning gives it: der Dritte, of which nothing is counted."""
    at = word.start()
    if _is_every(read, word, how):
        return False
    return word[0][0].isupper() and not _SENTENCE.search(read[max(0, at - 3) : at])


def _is_every(read: str, word: re.Match[str], how: Rules) -> bool:
    return how["every"].search(read, max(0, word.start() - 12), word.start()) is not None


def _joined(read: str, how: Rules) -> Iterator[Span]:
    """The runs of number words; "and" joins two where the first ends with a hundred, a thousand or a ten."""
    pending: Span | None = None
    for match in how["word"].finditer(read):
        start, end = match.span()
        if pending:
            between = read[pending[1] : start]
            last = value_of(re.split(r"[\s-]", read[slice(*pending)])[-1], how) or 0
            following = value_of(match[0], how) or 0
            if between.strip().lower() == how.joined and len(between) <= 6 and last >= 20 and following < last:
                pending = (pending[0], end)
                continue
            yield pending
        pending = (start, end)
    if pending:
        yield pending
