"""The lists of codes that others publish, in `schema/lists/`: QUDT's units, languages and countries of ISO.

A column whose Table Schema has `codes` holds codes of the list of that name. A whole IRI in the namespace of a list
names one of its codes. `docs/lists.py` writes the files.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from openproposals.model import schema

_NEAR = 0.6  # difflib's own least likeness


@dataclass(frozen=True, eq=False)
class CodeList:
    """One list: what it is called with its version, the namespace of its IRIs, and its codes.

    `names` has other names by code: symbols, labels, codes in other standards. `former` codes are no longer to be
    written, yet they exist.
    """

    title: str
    namespace: str
    names: Mapping[str, tuple[str, ...]]
    former: frozenset[str]

    def __contains__(self, code: str) -> bool:
        return code in self.names or code in self.former

    @cached_property
    def codes(self) -> list[str]:
        """Every code that exists, former ones too."""
        return [*self.names, *self.former]

    def nearest(self, text: str) -> str:
        """The code that a text most likely stands for: its own, that of its name, or the most alike; "" for none.

        >>> [units().nearest(text) for text in ("euro", "EUR", "%", "m", "kilogramme", "procent", "unit:euro")]
        ['CCY_EUR', 'CCY_EUR', 'PERCENT', 'M', 'KiloGM', 'PERCENT', 'CCY_EUR']
        """
        text = text.rpartition(":")[2] or text
        folded = self._meanings[1]
        alike = [] if self.meant(text) else difflib.get_close_matches(text.casefold(), folded, 1, _NEAR)
        return folded[alike[0]] if alike else self.meant(text)

    def meant(self, text: str) -> str:
        """The code that a text is, or is a name of, whatever its capitals; "" for none.

        >>> [named("languages").meant(text) for text in ("fr", "GSW", "gsw", "fran")]
        ['FRA', 'GSW', 'GSW', '']
        """
        called, folded = self._meanings
        return called.get(text) or folded.get(text.casefold(), "")

    @cached_property
    def _meanings(self) -> tuple[dict[str, str], dict[str, str]]:
        """The code that each name stands for: names as they are written, and codes and names in small letters."""
        named = {name: code for code, names in reversed(list(self.names.items())) for name in names}
        folded = {name.casefold(): code for name, code in named.items()}
        return named, folded | {code.casefold(): code for code in self.names}


@cache
def named(name: str) -> CodeList:
    """The list of that name, a file of `schema/lists/`."""
    text = (schema.shipped("schema") / "lists" / f"{name}.tsv").read_text(encoding="utf-8")
    said, _, rest = text.partition("\n# former\n")
    rows = [line.split("\t") for line in said.splitlines()]
    title, namespace = (row[0].removeprefix("# ") for row in rows[:2])
    names = {code: tuple(others) for code, *others in rows[3:]}
    return CodeList(title, namespace, names, frozenset(rest.splitlines()))


def units() -> CodeList:
    """QUDT's list of units."""
    return named("units")


@cache
def all_lists() -> tuple[CodeList, ...]:
    """The lists of all files in `schema/lists/`."""
    return tuple(named(path.stem) for path in sorted((schema.shipped("schema") / "lists").glob("*.tsv")))


def around(iri: str) -> CodeList | None:
    """The list in whose namespace an IRI stands, or None."""
    return next((found for found in all_lists() if iri.startswith(found.namespace)), None)


def near(title: str, cell: str) -> str:
    """The code or the IRI that a cell most likely stands for, in the list of that title; "" for none."""
    found = next(each for each in all_lists() if each.title == title)
    code = found.nearest(cell.removeprefix(found.namespace))
    return (found.namespace if cell.startswith(found.namespace) else "") * bool(code) + code


def is_made_up(iri: str) -> bool:
    """Whether an IRI stands in the namespace of a list and names no code of it.

    >>> country = "http://publications.europa.eu/resource/authority/country/"
    >>> is_made_up(country + "FRA"), is_made_up(country + "FR"), is_made_up("https://example.org/")
    (False, True, False)
    """
    found = around(iri)
    return found is not None and iri.removeprefix(found.namespace) not in found
