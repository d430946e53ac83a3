"""Words after a number that multiply it: thousand, Millionen, млн, 万."""

from __future__ import annotations

import re

_E = {  # words after a number that multiply it, as regular expressions, by the power of ten
    2: r"hundert|hundred|सौ",
    3: r"mille|milliers?|thousands?|tausend|tsd|mil|mila|duizend|tusen|tuhat\w*|tys|tysi[ąę]c\w*|тыс|тысяч\w*|тисяч\w*|"
    r"хиляди|χιλ|χιλιάδες|χιλιάδων|ألف|آلاف|אלף|אלפי\w*|हज़ार|हजार|千|천|พัน|bin|nghìn|ngàn",
    4: "万|萬|만|หมื่น",
    5: r"lakhs?|लाख|แสน",
    6: r"millions?|mio|mill?|mln|millionen|millioner|miljoner|"
    r"miljoen|miljoon\w*|milion\w*|milioni|milione|millón|millones|"
    r"milhão|milhões|milj|milijon\w*|milliót?|млн|миллион\w*|мільйон\w*|милион\w*|εκατ|εκατομμύρι\w*|مليون|ملايين|"
    r"מיליון\w*|百万|百萬|백만|ล้าน|milyon|triệu",
    7: r"crores?|करोड़",
    8: "億|亿|억",
    9: r"milliards?|milliarden?|mrds?|mds?|bn|mld|mldr|"
    r"miliard\w*|miliardi|miliardo|miljard\w*|milijard\w*|milliárd|mia|bilhão|bilhões|млрд|"
    r"миллиард\w*|мільярд\w*|милиард\w*|δισ|δισεκατομμύρι\w*|مليار|مليارات|מיליארד\w*|milyar|tỷ|tỉ",
    12: r"兆|조|tn|bill|billón|billones|biljoen|biljoner|trilhão|trilhões",
}
_MULTIPLIERS = [(re.compile(rf"(?:{words})(?!\w)", re.IGNORECASE), power) for power, words in _E.items()]
_CJK = re.compile("([千万萬만億亿억兆조천])|百[万萬]|백만")
_BILLION, _TRILLION = (
    re.compile(r"billione?n?s?(?!\w)", re.IGNORECASE),
    re.compile(r"trillione?n?s?(?!\w)", re.IGNORECASE),
)
_LETTER = re.compile(r"([km])(?!\w)", re.IGNORECASE)  # 5k and 3m: thousands and millions, or other units


def factors(after: str, english: bool, known: bool) -> list[int]:
    """The powers of ten that the words after a number may multiply it by; [0] where they are none.

    english: whether a billion is 10⁹; `known`: whether the language is known at all.
    """
    if letter := _LETTER.match(after):
        return [0, 3 if letter[1] in "kK" else 6]
    words = re.sub(r"^[\s\u00a0]{0,3}", "", after)
    total = 0
    while True:
        if _BILLION.match(words):
            return [9] if english else [12] if known else [9, 12]
        if _TRILLION.match(words):
            return [12] if english else [18] if known else [12, 18]
        found = next(((m, power) for each, power in _MULTIPLIERS if (m := each.match(words) or None)), None)
        cjk = _CJK.match(words) if not found else None
        if cjk:
            total += (
                6 if cjk[0] in ("百万", "百萬", "백만") else next(p for e, p in _MULTIPLIERS if e.fullmatch(cjk[0]))
            )
            return [total]
        if not found:
            return [total]
        total += found[1]
        words = words[found[0].end() :].lstrip(" .\u00a0")
