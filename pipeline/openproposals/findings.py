"""Findings: problems of the data, each with a code, a place and a cell.

`findings.toml` holds the severity of each code; `words/<language>/findings.toml` what it means, why it matters and how
to mend it; docs/findings/ has a page for each code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from openproposals.guards.terminal import shown
from openproposals.messages import Language, Phrase, Translated, load, texts

DESCRIPTOR = "corpus.toml"
Severity = Literal["violation", "warning", "hint"]
_LONGEST = 600


@dataclass(frozen=True, order=True)
class Location:
    """A place: a file of the corpus, a row (the header is row 1), a column (from 1), and the column's name.

    `row` is 0 for the whole file, `column` is 0 for the whole row. In `corpus.toml`, `name` is the path of a key.

    `file` may also be a sheet of a workbook, `promises.xlsx!Promises`.

    >>> str(Location("statistics.csv", 14, 3, "value")), str(Location("promises.xlsx!Promises", 14, 3))
    ('statistics.csv:14:3 (value)', 'promises.xlsx!Promises:C14')
    """

    file: str
    row: int = 0
    column: int = 0
    name: str = ""

    def __str__(self) -> str:
        if "!" in self.file and self.row and self.column:  # a cell of a workbook, as workbooks write it
            place = f"{shown(self.file)}:{letters(self.column)}{self.row}"
        else:
            place = ":".join([shown(self.file), *(str(n) for n in (self.row, self.column) if n)])
        return f"{place} ({shown(self.name)})" if self.name else place


@dataclass(frozen=True, order=True)
class Finding:
    """One problem. `cell` is the cell as it was read; `facts` are filled into the sentences of its code.

    `origin` is the cell of the publisher's own file from which an imported cell came.
    """

    location: Location
    code: str
    cell: str = ""
    facts: Mapping[str, str | Phrase | Translated] = field(default_factory=dict, compare=False)
    origin: Location | None = field(default=None, compare=False)

    @property
    def severity(self) -> Severity:
        """`violation` stops the publishing, `warning` does not, `hint` is told only to who asks for hints."""
        found: Severity = catalogue()[self.code]["severity"]
        return found

    def words(self, language: Language) -> dict[str, str]:
        """The finding's sentences, by part: what is wrong, why it matters, how to mend it."""
        facts = {name: shown(_said(fact, language), _LONGEST) for name, fact in self.facts.items()}
        facts |= {"cell": excerpt(self.cell), "column": shown(self.location.name)}
        sentences: dict[str, str] = texts("findings", language)[self.code]
        return {part: text.format_map(facts) for part, text in sentences.items()}


def letters(column: int) -> str:
    """The letters of a spreadsheet's column, from its number (1 for the first).

    >>> letters(1), letters(26), letters(27), letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _said(fact: str | Phrase | Translated, language: Language) -> str:
    return fact if isinstance(fact, str) else fact.say(language)


def catalogue() -> dict[str, Any]:
    """By code, its severity: the content of `findings.toml`."""
    return load("findings")


def excerpt(cell: str) -> str:
    r"""A cell in quotes, fit for a terminal: shortened, with unprintable characters escaped.

    >>> excerpt("a\x1b[2Jb")
    '"a\\x1b[2Jb"'
    """
    return f'"{shown(cell)}"'


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings sorted by place, without repeats.

    >>> here = Location("a.csv", 2, 1, "id")
    >>> len(ordered([Finding(here, "broken-link", "x"), Finding(here, "broken-link", "x")]))
    1
    """
    return sorted({(f.location, f.code, f.cell): f for f in findings}.values())


def conforms(findings: Iterable[Finding]) -> bool:
    """Whether none of them is a violation."""
    return all(f.severity != "violation" for f in findings)
