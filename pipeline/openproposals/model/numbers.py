"""Printed numbers, read by the document's language: `readings` for values, `plain` for the normal forms of passages.

A number is grouped by spaces of any kind, by apostrophes, or by the sign that is not the language's decimal mark. Where
the language is not known, 1,234 has two readings; 1,234,567 and 3,1 have one in every language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from openproposals.model.magnitudes import factors

# ISO 639-1 with the three-letter codes of ISO 639-2/T, which the EU language table has in capitals.
_COMMA = frozenset(
    "af afr|az aze|be bel|bg bul|bs bos|ca cat|cs ces|da dan|de deu|el ell|es spa|et est|eu eus|fi fin|fo fao|fr fra|"
    "gl glg|hr hrv|hu hun|hy hye|id ind|is isl|it ita|ka kat|kk kaz|lb ltz|lt lit|lv lav|mk mkd|nb nob|nl nld|nn nno|"
    "no nor|oc oci|pl pol|pt por|rm roh|ro ron|ru rus|sk slk|sl slv|sq sqi|sr srp|sv swe|tr tur|uk ukr|vi vie".replace(
        "|", " "
    ).split()
)
_POINT = frozenset(
    "am amh|bn ben|cy cym|en eng|fil|ga gle|gu guj|he heb|hi hin|ja jpn|km khm|kn kan|ko kor|lo lao|ml mal|mr mar|"
    "ms msa|mt mlt|my mya|ne nep|pa pan|si sin|sw swa|ta tam|te tel|th tha|zh zho".replace("|", " ").split()
)
_POINT_REGIONS = frozenset({"de-ch", "de-li", "it-ch", "es-mx", "es-us", "es-gt", "es-hn", "es-pr"})

_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_WIDE = re.compile("(?<=[0-9])[，．](?=[0-9])")
_APOSTROPHES = str.maketrans("’‘ʼ＇٬", "'''''")
_SPACED = re.compile(r"(?<![0-9])(?<![0-9][.,'])([0-9]{1,3})((?:\s+[0-9]{3})+)(?![0-9])")
_QUOTED = re.compile(r"(?<![0-9])(?<![0-9][.,'])([0-9]{1,3})((?:'[0-9]{3})+)(?![0-9])")
_MARKED = re.compile(r"(?<![0-9])[0-9]+(?:[.,][0-9]+)+")
_BY_MARK = r"[0-9]{1,3}(?:[.][0-9]{3})+|[0-9]{1,2}(?:[.][0-9]{2})+[.][0-9]{3}"  # 1.200.000, and 12.34.567 as in India
_GROUPS = {mark: re.compile(_BY_MARK.replace("[.]", f"[{mark}]")) for mark in ".,"}


def decimal_mark(language: str) -> str:
    """The decimal mark of a language: "." or ","; "" where it is not known or where both are in use.

    language: a code of ISO 639, as "fr", "de-CH" or "FRA", or an IRI that ends with one.

    >>> [decimal_mark(code) for code in ("FRA", "en", "de-CH", "ar", "")]
    [',', '.', '.', '', '']
    """
    code = language.rpartition("/")[2].replace("_", "-").lower()
    base = code.partition("-")[0]
    if code in _POINT_REGIONS or base in _POINT:
        return "."
    return "," if base in _COMMA else ""


def ascii_digits(text: str) -> str:
    """The text with the decimal digits of every script as 0 to 9.

    >>> ascii_digits("٣٣٠ و ३")
    '330 و 3'
    """
    return _OTHER_DIGIT.sub(lambda m: str(unicodedata.decimal(m[0])), text)


def plain(text: str, mark: str) -> str:
    """The text with each of its numbers in one spelling: no grouping, and "." before decimals.

    mark: the decimal mark, as `decimal_mark` tells it. What has two readings for want of a mark stays as it stands.

    >>> plain("1 200 000, 1.200.000 ou 1'200'000", ","), plain("33 0000", ","), plain("le 12.05.2024", ",")
    ('1200000, 1200000 ou 1200000', '33 0000', 'le 12.05.2024')
    >>> plain("1,234", "."), plain("1,234", ","), plain("1,234", ""), plain("3,1", "")
    ('1234', '1.234', '1,234', '3.1')
    """
    text = _WIDE.sub(lambda m: "," if m[0] == "，" else ".", ascii_digits(text).translate(_APOSTROPHES))
    text = _SPACED.sub(lambda m: m[1] + re.sub(r"\s", "", m[2]), text)
    text = _QUOTED.sub(lambda m: m[0].replace("'", ""), text)
    text = _MARKED.sub(lambda m: _marked(m[0], mark), text)
    return re.sub("(?<=[0-9])٫(?=[0-9])", ".", text)


def _marked(number: str, mark: str) -> str:
    """Digits with full stops or commas between them, in one spelling if they have one reading."""
    last = max(number.rpartition("."), number.rpartition(","), key=lambda parts: len(parts[0]))
    whole, sign, rest = last
    other = "," if sign == "." else "."
    if other in number:
        one = number.count(sign) == 1 and _GROUPS[other].fullmatch(whole)
        return f"{whole.replace(other, '')}.{rest}" if one else number
    if number.count(sign) > 1:
        return number.replace(sign, "") if _GROUPS[sign].fullmatch(number) else number
    if len(rest) != 3 or len(whole) > 3 or whole[0] == "0":
        return f"{whole}.{rest}"
    return number if not mark else f"{whole}.{rest}" if sign == mark else whole + rest


_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_NUMBER = re.compile(r"(?:(?<![\w.,])[-+]\s?|(?<![^\W千万萬만億亿억兆조])(?<![.,]))[0-9]+(?:[.,][0-9]+)*")
_POWER = re.compile(rf"(?:\s?[×x·*]\s?10|(?<=10))(⁻?[{_RAISED}]+)")  # 2,5 × 10⁶, or 10⁶ alone
_FRACTION = re.compile(r"\s?([¼½¾⅐-⅞])|\s([1-9]/[2-9])(?![0-9/])")  # of a number of wholes: 2½, 2 1/2
_LONG = 40  # digits: a longer run is no number that anybody states


def readings(printed: str, language: str = "") -> frozenset[Decimal]:
    """Every value that the numbers in a print may have, read by the document's language.

    Magnitudes count ("3,1 millions" is 3100000), signs too; a percentage is the number before its sign (36 % is 36). Of
    a print with several numbers ("10 à 15 %") each is given. A print with words alone has no reading: an empty set says
    nothing against a value. Raised digits after a number are a note's mark, except after 10, where they are its power.

    >>> [sorted(map(str, readings(p, "FRA"))) for p in ("330 000", "3,1 millions", "36 %", "−3,5 %", "un tiers")]
    [['330000'], ['3100000'], ['36'], ['-3.5'], []]
    >>> sorted(map(str, readings("1,234"))), sorted(map(str, readings("1,234", "en")))
    (['1.234', '1234'], ['1234'])
    >>> [sorted(map(str, readings(p, "de"))) for p in ("10–15 %", "2,5 Mrd. €", "1,5 × 10⁶", "1'200'000")]
    [['10', '15'], ['2500000000'], ['1500000'], ['1200000']]
    """
    marks = {decimal_mark(language)} if decimal_mark(language) else {".", ","}
    english = language.rpartition("/")[2].lower()[:2] == "en"
    return frozenset(v for mark in marks for v in _values(_prepared(printed, mark), english, bool(language)))


def _prepared(printed: str, mark: str) -> str:
    text = unicodedata.normalize("NFC", printed).translate(
        dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
    )
    text = re.sub("[\u2010-\u2015\u2212﹣－]", "-", text)
    text = re.sub(r"(?<=[0-9])\s?-\s?(?=[0-9])", " to ", ascii_digits(text))  # a range, not a sign
    return re.sub(r"(?<=[0-9])\.-(?![0-9])", "", plain(text, mark))  # Swiss prices: 1200.-


def _values(text: str, english: bool, known: bool) -> Iterator[Decimal]:
    pending: list[Decimal] = []
    at = 0
    while found := _NUMBER.search(text, at):
        at = found.end()
        digits = re.sub(r"\s", "", found[0])
        if len(digits) > _LONG or not re.fullmatch(r"[-+]?[0-9]+(?:\.[0-9]+)?", digits):
            continue  # a date, a section's number
        value = Decimal(digits)
        power = _POWER.match(text, at)
        if power:
            at = power.end()
            exponent = int(power[1].translate(str.maketrans(_RAISED + "⁻", "0123456789-")))
            if abs(exponent) < _LONG:
                yield _whole((Decimal(1) if power.end(1) - power.start(1) == len(power[0]) else value).scaleb(exponent))
            continue
        after = re.sub(rf"^[{_RAISED}]+", "", text[at:])
        if fraction := _FRACTION.match(after):
            value, after = value + _parts(fraction[1] or fraction[2]), after[fraction.end() :]
            at += fraction.end()
        powers = factors(after, english, known)
        if powers != [0]:
            yield from (_whole(each.scaleb(power_of_ten)) for each in pending for power_of_ten in powers)
            pending = []
        elif re.match(r"\s?%?\s?(?:to|à|a|bis|et|and|und|y|e|или|до|en)\s[-+]?[0-9]", after):
            pending.append(value)  # "3 to 4 million": the magnitude may be said once
        yield from (_whole(value.scaleb(power_of_ten)) for power_of_ten in powers)


def _parts(fraction: str) -> Decimal:
    """The value of ½ or 1/2, to six decimals."""
    one, _, other = fraction.partition("/")
    value = Decimal(one) / Decimal(other) if other else Decimal(str(unicodedata.numeric(one)))
    return value.quantize(Decimal("0.000001"))


def _whole(value: Decimal) -> Decimal:
    """The value without an exponent and without zeros at the end of its decimals."""
    normal = value.normalize()
    return (
        normal.quantize(Decimal(1)) if normal == normal.to_integral_value() and abs(normal.adjusted()) < 28 else normal
    )
