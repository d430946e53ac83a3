"""The patterns of a language: the words of its file in `languages/`, made into regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_LISTED = r"(?:[0-9.]+\s?(?:[-–,;]|et|and|und|to|à|bis)\s?)*"  # pages 3, 5 and …
_SYMBOL = (  # a unit close to its number: 570GB, 12kWh, £60pw
    r"[kKMGTPEmnµµ]?(?:B|b|Bytes?|bytes?|bits?|bps|o|Wh?|Wp|VA?|Hz|Pa|Bq|Sv|cal|mol|t|g|m|l|L)[²³23]?"
    r"|(?<=[0-9][.,][0-9])C|[kMGT]bit|km/?h|mph|dpi|ppm|ppt|ppts|pp|pw|pa|pcm|pm|kCHF|[kMGTPE]J|[cd][lmg]|dB|m?Ah|lbs?|oz|rpm|fps|min|mn|[TMkK]?(?:€|\$|£)|M[di]s?€"
)
_NAMED = r"(?:\s(?:d|l|de|du|des|la|le|les|of|the)\b['’]?)*\s?[A-ZÀ-Þ0-9]"  # after a street
_MONEY = r"(?:\s?[€$£]|E(?:UR)?(?!\w))"  # after the letter of a magnitude: 5 M€, 500 kE
_RUN = 11  # further words of a number


def patterns(data: Mapping[str, Any]) -> dict[str, re.Pattern[str]]:
    """The patterns by their names, from a language's file as it is read; they take any white space for a space."""
    numbers, places, dates, notes = data["numbers"], data["places"], data["dates"], data["notes"]
    proposals = data["proposals"]
    short = "|".join(map(re.escape, numbers["short"].split()))
    long = "|".join(
        map(re.escape, sorted({*numbers["magnitudes"].split()} - {*numbers["short"].split()}, key=len)[::-1])
    )
    words = _either(data["words"])
    linked = rf"(?:{_either(numbers['collective'].split())}\s(?:{_spaced(numbers['linked'])})\s?)?"
    word = rf"\b{linked}{words}(?:[-\u2011\s]+{words}){{0,{_RUN}}}\b"
    counted = _either(set(data["words"]) - set(numbers["articles"].split()))
    if numbers["compound"]:
        half = _either(numbers["half"].split())
        word = rf"\b{linked}(?:{words}(?:und)?)*{words}{half}?(?:\s+{words}){{0,{_RUN}}}\b"
        counted = rf"(?:(?:{words}und)?{counted})+"
        before_rank = f"(?:{words}(?:und)?)*"
    else:
        before_rank = rf"(?:{words}[-\u2011]){{0,2}}"
    parts = _either(data["parts"])
    gap = r"(?:[-\u2011]\s{0,3}|\s{1,3})" + ("?" if numbers["compound"] else "")
    within, lasting = numbers.get("within", "(?!)"), numbers.get("lasting", "(?!)")
    before_within = f"(?:{numbers.get('before_within', '(?!)')})"
    halved = f"{_either(numbers['half'].split())}?" if "half" in numbers else ""
    one_within = rf"|ein(?=(?:{numbers['one_within']})\w{{0,3}}\b)" if "one_within" in numbers else ""
    and_half = _linked(numbers.get("and_half", "(?!)"))
    one = data["one"]
    letters, coins = "".join(data["letters"]), data["units"]["coins"]
    placed = (
        rf"(?:\s(?:et|ou|and|or|und|oder)\s(?:\w{{1,4}}\s)?[^\W\d_]+)?\s(?:{_spaced(data['order']['places'])})(?!\w)"
    )
    timed = rf"(?:{_spaced(one['before'])})\s?(?P<timed>{one['articles']}\s(?:{one['time']}))(?!\w)"
    after_part = numbers.get("after_part", "n|s")
    between = rf"(?:one-|(?:{_spaced(numbers['before_part'])})\s)"
    over = rf"(?P<number>{words}|{one['articles']}|(?<![\w.,])[0-9]{{1,2}})"
    fraction = rf"{over}{gap}{between}?(?P<part>{parts})(?:{after_part})?"
    rank = rf"(?P<rank>{_spaced(numbers['ranks'])})[-\s](?P<ranked>{parts})"
    texts = {
        "word": word,
        "number": words if numbers["compound"] else rf"\b{words}\b",
        "half": rf"{_either(numbers.get('half', '(?!)').split())}\Z",
        "fraction": rf"\b(?:{fraction}|{rank}|{_either(data['fractions'])})\b",
        "and_half": rf"(?:\s(?!{words})[^\W\d_]+)?[\s-](?:{and_half})(?!\w)",
        "within": rf"\b{before_within}?(?P<counted>{counted}{halved}{one_within})(?:(?:{within})\w{{0,4}}|{lasting})\b",
        "lived": rf"(?<!\w)(?:{numbers.get('lived', '(?!)')})(?!\w)",
        "superlative": rf"\b(?P<stem>{_either(data.get('superlatives', ()))})(?:[^\W\d_]{{2,}}[sß]t|letzt)e[nmrs]?\b",
        "one_after": rf"\s(?:{_spaced(one['after'])})(?!\w)",
        "one_hyphened": rf"-\s?(?:{one.get('hyphened', '(?!)')})(?!\w)",
        "value_before": rf"(?<!\w)(?:{_spaced(one['value'])})\s?\Z",
        "value_after": r"\s?(?:[).,;:!?\ue000]|\Z)",
        "not_one": rf"(?<!\w)(?:{_spaced(one.get('not_before', '(?!)'))})\s\Z",
        "one_alone": rf"(?<!\w)(?:{timed}|(?P<alone>{_spaced(one['alone'])}))",
        "ordinal": rf"\b{before_rank}{_either(data['ordinals'])}\b",
        "multiple": rf"\b{_either(data['multiples'])}\b",
        "magnitude": rf"[\s\u00a0\u202f]{{0,3}}(?:(?i:{long})\b|(?:{short})\.?(?![\w²³])|[{letters}](?={_MONEY}))",
        "percent": rf"\s?(?:%|(?:{_spaced(numbers['percent'])})(?!\w))",
        "money_after": rf"\s?[€$£]|(?<=[{letters}]){_MONEY}|(?:{coins})(?!\w)",
        "money_before": rf"(?<![A-Za-zÀ-ÿ0-9])(?<![0-9]\s)(?:{_spaced(data['units']['before'])})\s?\Z",
        "unit": rf"[\s\u00a0\u202f-]?(?:{_spaced(data['units']['after'])})(?!\w)",
        "counts": rf"[\s\u00a0](?:{data['units'].get('counted', '(?!)')})(?!\w)",
        "symbol": rf"(?-i:{_SYMBOL})(?!\w)",
        "range": rf"-?\s{{0,3}}(?:{_spaced(numbers['range'])})\s{{0,3}}",
        "opens": rf"\b(?:{_spaced(numbers['opens_range'])})\s\Z",
        "idiom": rf"\b(?:{_spaced(numbers['idioms'])})\b",
        "single": rf"\s(?:{_spaced(numbers['single'])})(?!\w)",
        "single_before": rf"(?<!\w)(?:{_spaced(numbers['single'])})\s\Z",
        "ranked": rf"(?<!\w)(?:{_spaced(numbers.get('ranked', '(?!)'))})\s\Z",
        "money_named": rf"\s(?:{_spaced(data['units']['money'])})(?!\w)",
        "compared": rf"(?<!\w)(?:{numbers['compared']})[-\u2011\s]\Z",
        "aged": rf"s(?:{_spaced(numbers.get('aged', '(?!)'))})(?!\w)",
        "loose": rf"(?<!\w)(?:{_spaced(numbers.get('loose', '(?!)'))})\s\Z",
        "times": rf"(?:(?:-\s{{0,3}}|\s)?(?:{_spaced(data['multiple']['after'])})\b|[x×](?!\w))",
        "ratio": rf"(?:[\s-]+[^\W\d_][\w'’·-]*){{0,4}}?[\s-](?:{_spaced(data['ratio']['between'])})[\s-]",
        "every": rf"\b(?:{_spaced(data['ratio'].get('every', '(?!)'))})\s\Z",
        "placed": placed,
        "places": rf"(?<!\w)(?:{_spaced(data['order'].get('placed', '(?!)'))})\s\Z",
        "suffix": rf"(?:{data['order']['suffixes']})(?!\w)" if data["order"]["suffixes"] else r"(?!)",
        "day": rf"(?:{dates['day'] or '(?!)'})\Z",
        "month_after": rf"(?:ᵉʳ|er|\.|st|nd|rd|th|e)?\s{{0,3}}(?:of\s)?(?:{dates['months']})(?!\w)",
        "month_before": rf"(?<!\w)(?:{dates['months']})[^\S\f]?(?:the\s)?\Z",
        "before_year": rf"(?<!\w)(?:{_spaced(dates['before_year'])}|{dates['months']})[\s'’(/-]\s?\Z",
        "weak_before_year": rf"(?<!\w)(?:{_spaced(dates['weak_before_year'])})\s\Z",
        "in_year": rf"\s(?:{_spaced(dates['in_year'])})\s(?:1[5-9]|20|21)[0-9]{{2}}(?![0-9])",
        "time": rf"\s?(?:{_spaced(dates['time'])})(?!\w)",
        "lasts_before": rf"(?<!\w)(?:{_spaced(dates.get('lasts_before', '(?!)'))})\s?\Z",
        "lasts_after": rf"\s?(?:{_spaced(dates.get('lasts_after', '(?!)'))})",
        "clock": rf"(?:[.:][0-5][0-9])?\s?(?:{_spaced(dates['clock'])})(?!\w)",
        "century": rf"\S{{1,3}}\s(?:{dates['century']})(?!\w)",
        "page": rf"(?<!\w)(?:{_spaced(places['page'])})[\s\u00a0]?{_LISTED}\Z",
        "page_of": rf"(?<!\w)(?:{_spaced(places['page'])})[\s\u00a0]?[0-9]{{1,4}}\s?(?:{_spaced(places['of'])}|/)\s?\Z",
        "house": rf"(?:{_spaced(places.get('house', '(?!)'))})\s(?:[0-9]+[a-z]?\s?[/-]\s?)?\Z",
        "section": rf"(?<!\w)(?:{_spaced(places['section'])})[\s\u00a0]?(?:n°\s?)?{_LISTED}\Z",
        "law": rf"(?<!\w)(?:{_spaced(places['law'])})[\s\u00a0:.-]{{0,2}}\Z",
        "street": rf"(?<!\w)(?:{_spaced(places['street'])})(?!\w)",
        "street_after": rf"[A-Z]?,?[ \u00a0](?:bis |ter )?(?i:{_spaced(places['street'])}){_NAMED}",
        "contact": rf"(?<!\w)(?:{_spaced(places['contact'])})[\s:.]*\Z",
        "notes": rf"(?:{_spaced(notes['headings'])})\s?:?",
        "note_named": rf"(?:{_spaced(notes['named'])})\s(?=[0-9])",
        "says": rf"(?<!\w)(?:{_spaced(notes['says'])})\s\Z",
        "work": rf"(?<!\w)(?:{_spaced(notes['work'])})(?!\w)",
        "leads": rf"(?<!\w)(?:{_spaced(proposals['leads'])})(?!\w)",
        "verb": rf"(?:{proposals['first'] or '(?!)'})\Z",
        "verb_last": rf"(?:{proposals.get('last', '(?!)')})\Z",
        **{f"is {name}": rf"(?<!\w)(?:{_spaced(said)})\s?\Z" for name, said in data["qualifiers"].items()},
    }  # fmt: skip
    case = {
        "street_after",
        "magnitude",
        "money_before",
        "money_after",
        "house",
        "verb_last",
    }  # where capitals tell: M, k; German nouns
    return {name: re.compile(said, 0 if name in case else re.IGNORECASE) for name, said in texts.items()}


def _either(words: Iterable[str]) -> str:
    """A group of words as they stand, the longest first; a space in one is any white space."""
    if not words:
        return "(?!)"
    return (
        "(?:" + "|".join(_spaced(re.escape(w).replace(r"\ ", " ")) for w in sorted(words, key=len, reverse=True)) + ")"
    )


def _linked(said: str) -> str:
    return said.replace(" ", r"[\s\u00a0\u202f-]+")


def _spaced(said: str) -> str:
    return said.replace(" ", r"[\s\u00a0\u202f]+")
