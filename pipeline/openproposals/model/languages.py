"""The languages of a corpus, as tags of BCP 47 (RFC 5646): which localised columns its tables have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

# RFC 5646, 2.1: language, extended language, script, region, variants.
_SHAPE = (
    "[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?"
    "(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
)
_TAG = re.compile(_SHAPE)
_TAGGED = re.compile(f"(.+)_({_SHAPE})")


@dataclass(frozen=True)
class Languages:
    """The languages of a corpus, the main one first, and the further ones in which its documents are printed.

    `own`: the languages in which the corpus speaks; every translated column exists in each.
    `printed`: further ones, in which only titles and figures as printed may be given.
    """

    own: tuple[str, ...]
    printed: tuple[str, ...] = ()

    @property
    def main(self) -> str:
        """The corpus's main language."""
        return self.own[0]

    def with_(self, others: Languages) -> Languages:
        """These languages, and those of another corpus after them."""
        return among((*self.own, *others.own), (*self.printed, *others.printed))

    def of(self, localised: str) -> tuple[str, ...]:
        """The languages of a column, by what it is (`schema.Column.localised`)."""
        return {"": (), "printed": (*self.own, *self.printed)}.get(localised, self.own)


NONE = Languages(())


def canonical(tag: str) -> str:
    """A tag as RFC 5646 (2.1.1) writes it: scripts with a capital, regions in capitals, the rest in small letters.

    >>> canonical("PT-br"), canonical("zh-hant-TW"), canonical("FR")
    ('pt-BR', 'zh-Hant-TW', 'fr')
    """
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(_part(part) for part in rest)])


def _part(part: str) -> str:
    return part.upper() if len(part) == 2 else part.title() if len(part) == 4 and part.isalpha() else part.lower()


def is_tag(text: str) -> bool:
    """Whether a text is formed as a language tag: a language, perhaps a script, a region and variants.

    >>> is_tag("fr"), is_tag("sr-Latn-RS"), is_tag("french"), is_tag("")
    (True, True, False, False)
    """
    return bool(_TAG.fullmatch(text))


@cache
def split(column: str) -> tuple[str, str]:
    """The stem and the language of a column's name; ("", "") where it has none.

    >>> split("label_pt-BR"), split("label"), split("as_printed_fr")
    (('label', 'pt-BR'), ('', ''), ('as_printed', 'fr'))
    """
    found = _TAGGED.fullmatch(column)
    return (found[1], found[2]) if found else ("", "")


def first(row: Mapping[str, str | None], stem: str) -> str:
    """The first text that a row has in a localised column, in the order of its languages; "" where it has none.

    >>> first({"id": "F", "as_printed_fr": None, "as_printed_ar": "١٢"}, "as_printed")
    '١٢'
    """
    return next((text for name, text in row.items() if text and split(name)[0] == stem), "")


def among(own: Iterable[str], others: Iterable[str] = ()) -> Languages:
    """The languages of a corpus, each once: its own in order, and those of the others that are not its own, sorted."""
    mine = tuple(dict.fromkeys(own))
    return Languages(mine, tuple(sorted({*others} - {*mine})))
