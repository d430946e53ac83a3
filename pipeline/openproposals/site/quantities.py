"""A figure's value as a person says it: "22.8% of children", "330 000 personnes", "1 von 3 Gemeinden"."""

from __future__ import annotations

import re

from openproposals.messages import Language, number, percent, short, spaced, spoken, texts
from openproposals.model.rdf import LiteralTerm
from openproposals.site.nodes import GraphNode

_NO_BREAK = "\u00a0"


def value(figure: GraphNode, kind: str, language: Language) -> str:
    """The value of a figure with what is counted, and how the document qualifies it; "" where it has no value.

    kind: the code of its statistic's kind (`count`, `rank`, `multiple`). language: that of the page, any tag.
    """
    words = _QuantityWords(language, figure)
    low, high = figure.text("schema:minValue"), figure.text("schema:maxValue")
    if figure.text("op:numerator"):
        said = words.ratio(figure.text("op:numerator"), figure.text("op:denominator"))
    elif figure.text("schema:value"):
        said = words.amount(figure.text("schema:value"), kind)
    elif low and high:
        said = words.between(low, high, kind)
    elif low or high:
        said = words.say("from" if low else "up_to", n=words.amount(low or high, kind))
    else:
        return ""
    return said if kind == "rank" else words.qualified(figure.code("op:qualifier"), said)


class _QuantityWords:
    """How a page says the values of one figure."""

    def __init__(self, language: Language, figure: GraphNode) -> None:
        self.chrome = spoken(language)
        found = texts("site/quantities", self.chrome)
        self.said, self.signs, self.qualifiers = found["said"], found["signs"], found["qualified"]
        self.unit = figure.said("schema:unitText", language) or LiteralTerm("", "", "")
        tongue = self.unit.language.lower().partition("-")[0]
        self.names = found["names"] if tongue in ("", self.chrome) else {}
        self.is_percent = figure.code("qudt:hasUnit") == "PERCENT"
        self.counts = figure.code("qudt:hasUnit") == "NUM"

    def say(self, key: str, **facts: str) -> str:
        return spaced(str(self.said[key]), self.chrome).format(**facts)

    def qualified(self, code: str, said: str) -> str:
        """A value as the document qualifies it."""
        return spaced(str(self.qualifiers.get(code, "{n}")), self.chrome).format(n=said)

    def _after(self, name: str) -> str:
        """What the unit's text says after the name of a share or a rank; "" where it does not begin with it."""
        first, _, rest = self.unit.value.partition(" ")
        return rest if name in self.names and first == self.names[name] else ""

    def amount(self, lexical: str, kind: str) -> str:
        """A number with what is counted."""
        if kind == "rank":
            return self._rank(lexical)
        if self.is_percent:
            return self._with_unit(percent(lexical, self.chrome), self._after("share"))
        if kind == "multiple":
            return self.say("multiple", n=number(lexical, self.chrome)).replace(" ", _NO_BREAK)
        in_words = self._short(lexical)
        if in_words:
            initial = self.unit.value[:1].lower()
            return self.say(
                "before_vowel" if initial in self.signs["vowels"] else "short", n=in_words, unit=self.unit.value
            )
        return self._with_unit(number(lexical, self.chrome), self.unit.value if self.counts else "")

    def _with_unit(self, written: str, unit: str) -> str:
        if unit:
            return written + _NO_BREAK + unit
        return self.say("named", n=written, unit=self.unit.value) if self.unit.value else written

    def _short(self, lexical: str) -> str:
        if not self.counts or not self.unit.value or self.unit.value[0].lower() in self.signs["unsure"]:
            return ""
        return (short(lexical, self.chrome) or "").replace(" ", _NO_BREAK)

    def _rank(self, lexical: str) -> str:
        ranks = self.signs["ranks"].split("|")
        place = int(lexical) if re.fullmatch("[0-9]{1,3}", lexical) else 0
        said = ranks[place - 1] if 0 < place <= len(ranks) else self.say("rank", n=number(lexical, self.chrome))
        rest = self._after("rank")
        return (
            f"{said} {rest}" if rest else self.say("named", n=said, unit=self.unit.value) if self.unit.value else said
        )

    def between(self, low: str, high: str, kind: str) -> str:
        """A range; of two numbers of millions the first is said without the word."""
        least, most = self._short(low), self._short(high)
        if least and least.split(_NO_BREAK)[1:] == most.split(_NO_BREAK)[1:]:
            first = least.split(_NO_BREAK)[0]
        else:
            first = percent(low, self.chrome) if self.is_percent else number(low, self.chrome)
        return self.say("between", low=first, high=self.amount(high, kind))

    def ratio(self, numerator: str, denominator: str) -> str:
        """So many in so many."""
        n, d, unit = number(numerator, self.chrome), number(denominator, self.chrome), self.unit.value
        if not unit:
            return self.say("ratio", n=n, d=d)
        if self.names.get("ratio") in unit.split():
            return self.say("to", n=n, d=d, unit=unit)
        if self._after("share") or not self.names:
            return self.say("named", n=self.say("ratio", n=n, d=d), unit=unit)
        return self.say("of", n=n, d=d, unit=unit)
