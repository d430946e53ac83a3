"""The header of a CSV file: which columns of the table its names stand for, and what is wrong with it."""

from __future__ import annotations

import contextlib
import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from openproposals.findings import Finding, Location
from openproposals.guards import files
from openproposals.model import languages, schema
from openproposals.model.languages import Languages

_LIMIT = 65_536  # bytes of a header that are looked at for languages


def columns(header: Sequence[str], table: schema.Table, spoken: Languages) -> list[str]:
    """The columns that a header's names stand for: `label` in a corpus of one language is `label_en` there.

    A name that stands for no column is returned as it is.
    """
    declared = schema.tables()[table.name]
    return [declared.named(name, spoken) for name in header]


def fitting(file: str, table: schema.Table, spoken: Languages, header: Sequence[str]) -> list[str]:
    """The columns that a header's names stand for; none where the header does not fit the table."""
    return [] if any(check(file, header, table, spoken)) else columns(header, table, spoken)


def printed(paths: Iterable[Path], known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The languages that headers name for what is printed, as `title_ar`: these need not be the corpus's.

    known: the headers that are known already, by the name of the file.
    """
    for path in paths:
        declared = schema.tables().get(path.stem) if path.suffix == ".csv" else None
        if declared is None or not any(column.localised == "printed" for column in declared.columns):
            continue
        for name in known[path.name] if path.name in known else _first_line(path):
            column = declared.written(name)
            if column and column.localised == "printed":
                yield languages.canonical(languages.split(name)[1])


def _first_line(path: Path) -> list[str]:
    """The names in a file's first line; of a table in parts, which have the same header, in that of the first."""
    first = min(path.glob("*.csv"), default=path) if path.is_dir() else path
    with contextlib.suppress(OSError), files.opened(first, follow=False) as file:
        line = file.readline(_LIMIT).decode("utf-8-sig", errors="replace")
        return [name.strip().strip('"') for name in line.split(",")]
    return []


def check(file: str, header: Sequence[str], table: schema.Table, spoken: Languages) -> Iterator[Finding]:
    """Findings about a header. Columns may stand in any order; optional ones may be absent.

    table: with the columns of a corpus in the languages `spoken`.
    A translated column is there in every language of the corpus, or in none.
    """
    known, names, declared = table.column_names, columns(header, table, spoken), schema.tables()[table.name]
    unknown: list[Finding] = []
    strangers: dict[int, tuple[str, str]] = {}  # by the column's number: its name, and the column that is near
    unnamed = len(header) - len(_named(header))
    if unnamed:
        place = Location(file, 1, len(header) - unnamed + 1)
        yield Finding(place, "columns-unnamed", facts={"count": str(unnamed)})
    for number, (written, name) in enumerate(zip(_named(header), names, strict=False), start=1):
        place = Location(file, 1, number, written)
        if name in names[: number - 1]:
            yield Finding(place, "column-twice", written)
        elif name not in known and declared.written(name):
            tag = languages.split(name)[1]
            unknown.append(Finding(place, "column-in-undeclared-language", written, _tags(spoken, tag, name)))
        elif name not in known:
            offered = {near for _, near in strangers.values()} | {*names}
            near = difflib.get_close_matches(name.strip().lower(), [c for c in known if c not in offered], 1)
            near += [c.name for c in table.columns if c.required and c.name not in offered]
            strangers[number] = (written, near[0] if near else "")
    yield from unknown
    if strangers:
        first, (written, nearest) = next(iter(strangers.items()))
        listed = ", ".join(f"{name} ({near}?)" if near else name for name, near in strangers.values())
        facts = {"columns": listed, "near": nearest, "known": ", ".join(known)}
        yield Finding(Location(file, 1, first, written), "column-unknown", written, facts)
    wanted = {*(str(f.facts["near"]) for f in unknown), *(near for _, near in strangers.values())}
    begun = {c.declared for c in table.columns if c.localised not in ("", "printed") and c.name in names}
    for column in table.columns:
        if (column.required or column.declared in begun) and column.name not in names and column.name not in wanted:
            yield Finding(Location(file, 1, 0, column.name), "column-missing")


def _named(header: Sequence[str]) -> Sequence[str]:
    """The names of a header without the empty ones at its end, which stand for delimiters too many."""
    last = len(header)
    while last > 1 and not header[last - 1].strip():
        last -= 1
    return header[:last]


def _tags(spoken: Languages, tag: str, column: str) -> dict[str, str]:
    """The facts of a finding about a language that is not declared: `near` is the column that was perhaps meant."""
    return {
        "language": tag,
        "languages": ", ".join(spoken.own),
        "wanted": json.dumps([*spoken.own, tag]),
        "near": column,
    }
