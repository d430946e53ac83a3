"""Check each figure's numbers against the print that is recorded beside them: `33000` is not what `330 000` says.

What most figures are is proved a column at a time; `contradicts` reads the others. It warns only of what no reading of
the print allows: a print in words, a ratio and a rounding are no contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise, permutations

import polars as pl

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding
from openproposals.model import numbers

STATED = ("value", "minimum", "maximum")
_PRINTED = "as_printed"
_ONES = ("NUM", "PERCENT", "UNITLESS")
_CURRENCY = "CCY_"
_ROUNDED = Decimal("0.05")  # a rounding moves a value by no more than this part of it
# "9 M€" and its like: the letters of a magnitude before the sign of a currency, and the power of ten.
_SHORT = re.compile(r"[0-9]\s?(?:(k)|(M|Mio|mn)|(Md|Mds|Mrd|G|bn))\s?[€$£¥]", re.IGNORECASE)
_FEW = 6  # numbers in a print; of more, no ratio is looked for
_SPACES = "[ \u00a0\u2009\u202f]"
# Numbers that have one reading in the language, as they are printed; whatever follows a number but a sign of percent is
# left to `contradicts`.
_PLAIN = {
    ",": rf"\A([0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})*|[0-9]+)((?:,[0-9]+)?){_SPACES}?%?\z",
    ".": r"\A([0-9]{1,3}(?:,[0-9]{3})*|[0-9]+)((?:\.[0-9]+)?) ?%?\z",
}


def check(corpus: Corpus) -> Iterator[Finding]:
    """Findings: numbers of figures that no reading of their own print allows."""
    printed = {c.name: c.language for c in corpus.schema["figures"].columns if c.stem == _PRINTED}
    first = 0
    for batch in corpus.tables.batches("figures", [*STATED, "unit", *printed]):
        for name, language in printed.items():
            for column in STATED:
                open_ = pl.col(column).is_not_null() & pl.col(name).is_not_null() & ~proof(column, name, language)
                for row in batch.select(open_).to_series().fill_null(value=False).arg_true():
                    value, print_, unit = (batch[each][row] for each in (column, name, "unit"))
                    if contradicts(value, print_, unit or "", language):
                        place = corpus.location("figures", first + row, column)
                        yield Finding(place, "value-unlike-print", value, {"print": print_, "unit": unit or ""})
        first += batch.height


def proof(column: str, name: str, language: str) -> pl.Expr:
    """An expression: whether the print in the column `name` is plainly the number in `column`."""
    same = (pl.col(name) == pl.col(column)).fill_null(value=False)
    pattern = _PLAIN.get(numbers.decimal_mark(language))
    if pattern is None:
        return same
    whole = pl.col(name).str.extract(pattern, 1).str.replace_all(f"{_SPACES}|,", "")
    decimals = pl.col(name).str.extract(pattern, 2).str.replace(",", ".", literal=True)
    return same | (pl.concat_str(whole, decimals) == pl.col(column)).fill_null(value=False)


def contradicts(value: str, printed: str, unit: str, language: str) -> bool:
    """Whether no reading of a print allows a value. A print that is written as the value contradicts nothing.

    >>> [contradicts(*each, "fr") for each in (("33000", "330 000", "NUM"), ("0.36", "36 %", "PERCENT"))]
    [True, True]
    >>> [contradicts(*each, "fr") for each in (("3.1", "3,1 millions", "NUM"), ("3100000", "3,1 millions", "NUM"))]
    [True, False]
    """
    if value == printed:
        return False
    try:
        stated = abs(Decimal(value))
    except InvalidOperation:
        return False  # no number: another finding
    read = {abs(each) for each in numbers.readings(printed, language)}
    return bool(read) and not any(_same(stated, each) for each in (*read, *_derived(read, printed, unit)))


def _derived(read: set[Decimal], printed: str, unit: str) -> Iterator[Decimal]:
    """What else a print may say: a share of one or of a hundred, and a number of a larger or smaller unit."""
    if unit != "PERCENT":
        yield from (each / 100 for each in read if "%" in printed)
        yield from (each / 1000 for each in read if "‰" in printed)
    if len(read) <= _FEW:
        yield from _sums(sorted(read, reverse=True))
        ratios = [one / other for one, other in permutations(read, 2) if other]
        yield from (scale * each for each in ratios for scale in (1, 100))
    for short in _SHORT.finditer(printed):
        yield from (each.scaleb(3 * (short.lastindex or 0)) for each in read)
    if unit not in _ONES and not unit.startswith(_CURRENCY):
        yield from (each.scaleb(power) for each in read for power in range(-12, 13, 3))


def _sums(read: Sequence[Decimal]) -> Iterator[Decimal]:
    """The sum of numbers of which each fits into the zeros of the one before: 2 millions 500 mille, 1億2000万."""
    fit = all(small < Decimal(10) ** (len(str(large)) - len(str(large).rstrip("0"))) for large, small in pairwise(read))
    if len(read) > 1 and fit and all(each == each.to_integral_value() for each in read):
        yield sum(read, Decimal(0))


def _same(stated: Decimal, read: Decimal) -> bool:
    """Whether two numbers are equal, or one is the other with fewer digits."""
    if stated == read:
        return True
    digits = sorted((len(number.normalize().as_tuple().digits), number) for number in (stated, read))
    (few, rounded), (many, exact) = digits
    if few == many or not rounded or abs(exact - rounded) > _ROUNDED * exact:
        return False
    return abs(exact - rounded) * 2 <= Decimal(1).scaleb(int(rounded.normalize().as_tuple().exponent))
