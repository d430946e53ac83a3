"""Numbers in words: runs of number words, fractions, ordinals, multiples; and the articles and idioms among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from openproposals.factcheck.normal import Span
from openproposals.reading.no_figures import Dismissal
from openproposals.reading.number_forms import Numeral, NumeralForm, overlaps
from openproposals.reading.rules import Rules, value_of

_HUNDRED = 100  # and what is more: a smaller number before it multiplies it
_SENTENCE = re.compile(r"(?:\A|[.!?:\n\ue000]\s*)\Z")  # where one begins


def worded(read: str, how: Rules) -> tuple[list[Numeral], list[Dismissal]]:
    """The numbers of a text in words, and the idioms and orders of things among them.

    read: the text, at its length.
    """
    idle = sorted(m.span() for m in how["idiom"].finditer(read))
    found: list[Numeral] = []
    out: list[Dismissal] = []
    busy: list[Span] = []
    for match in how["fraction"].finditer(read):
        if not overlaps(idle, (match.end() - 1, match.end())):
            found.append(Numeral(*match.span(), "fraction", None, _ratio(match, how)))
            busy.append(match.span())
    for match in how["within"].finditer(read):
        if not overlaps(busy, match.span()):
            form: NumeralForm = "multiple" if match.groupdict().get("multiple") else "words"
            found.append(Numeral(*match.span(), form, value_of(match["counted"], how)))
            busy.append(match.span())
    for match in how["superlative"].finditer(read):
        found.append(Numeral(*match.span(), "ordinal", Decimal(how.superlatives[match["stem"].lower()])))
        busy.append(match.span())
    for match in how["lived"].finditer(read):
        found.append(Numeral(*match.span(), "words"))
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
            if overlaps(busy, match.span()):
                continue
            word = match[0].lower()
            ranked = _is_rank(read, match.span(), how)
            if form == "ordinal" and not ranked and (word in how.first or _opens(read, match.span())):
                out.append(Dismissal(*match.span(), "first"))
            elif (overlaps(idle, match.span()) and not _is_every(read, match, how)) or (
                form == "ordinal" and how.compound and _is_noun(read, match, how)
            ):
                out.append(Dismissal(*match.span(), "idiom"))
            else:
                last = max((known for known in values if word.endswith(known)), key=len)
                before, own = value_of(word.removesuffix(last), how) or Decimal(0), Decimal(str(values[last]))
                multiplies = 0 < before < own and own >= _HUNDRED
                found.append(Numeral(*match.span(), form, own * before if multiplies else own + before))
        busy = sorted([*busy, *((n.start, n.end) for n in found if n.form == form)])
    for start, end in _joined(read, how):
        if overlaps(busy, (start, end)):
            continue
        said = read[start:end]
        value = value_of(said, how)
        if half := how["and_half"].match(read, end):
            end, value = half.end(), (value or Decimal(0)) + _half(said, how)
            found.append(Numeral(start, end, "words", value))
        elif said.lower() in how.articles:
            found.append(Numeral(start, end, "article", Decimal(1)))
        elif overlaps(idle, (start, end)):
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
