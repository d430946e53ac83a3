"""Starting a corpus: `corpus.toml` and `mapping.toml` made of five answers and of what the publisher's files show.

In: answers, the files as they were inspected, and a day. Out: the contents of new files. What is guessed is offered:
languages are taken once a person has seen them, places and periods stand in the descriptor as comments until then.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from slugify import slugify

from openproposals.catalog import registry
from openproposals.corpus import imported
from openproposals.errors import UsageError
from openproposals.findings import DESCRIPTOR, Finding
from openproposals.guards import files, parsing
from openproposals.importing import blank_books, descriptions, presets, reading, writing
from openproposals.importing.inspecting import Inspection, SeenSheet
from openproposals.importing.mapping import MAPPING
from openproposals.importing.roles import grouped, tongue
from openproposals.importing.toml_text import key, text, value
from openproposals.messages import LANGUAGES, Language, say
from openproposals.model import lists, schema
from openproposals.model.languages import Languages

_WORDS = "importing/words"
_CODES = {"cc-by": "CC_BY_4_0", "cc-by-sa": "CC_BYSA_4_0", "cc0": "CC0", "lo": "ETALAB_2_0", "odbl": "ODC_BL"}
LICENCES = {short: f"{registry.LICENCES}{code}" for short, code in _CODES.items()}
TEMPLATE = "tables"  # the workbooks to fill in, where there is no file
FILLED = (
    "proposals", "themes", "agents", "documents", "proposal-themes", "proposal-proposers", "outcomes",
    "outcome-statuses", "outcome-sources", "responses", "answers", "claims", "claim-sources", "sources",
)  # fmt: skip
_YEAR = re.compile(r"\b(19[5-9][0-9]|20[0-4][0-9])\b")


@dataclass(frozen=True)
class Answers:
    """What a person says of a corpus. `title`: by language. `licence`: its IRI. `address`: where it is put on line."""

    title: Mapping[str, str]
    publisher: str
    contact: str
    licence: str
    address: str

    @property
    def languages(self) -> list[str]:
        """The languages of the corpus, the main one first."""
        return list(self.title)


@dataclass(frozen=True)
class Guessed:
    """What files show of a corpus, to be confirmed: languages, places (IRIs), and the first and last year named."""

    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    years: tuple[str, str] | None = None
    themes: tuple[str, ...] = ("GOVE",)  # of the EU's data themes: government and public sector


def offer(found: Sequence[Inspection]) -> Guessed:
    """What files show: the languages of texts and headers, the country of addresses, the years that dates name."""
    tags: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    years: list[str] = []
    for seen in (sheet for each in found for sheet in each.sheets):
        for column in seen.columns:
            tag = tongue(column.name)[1]
            tags.update([tag] if tag else column.languages)
            cells = seen.sheet.cells[column.name].drop_nulls().head(2_000)
            if column.addresses:
                countries.update(_country(cell) for cell in cells)
            if column.kind == "date":
                years += [year for cell in cells for year in _YEAR.findall(cell)]
    del countries[""]
    places = [code for code, count in countries.most_common(1) if count * 2 > countries.total()]
    main = [tag for tag, count in tags.most_common() if count * 4 >= max(tags.values())]
    return Guessed(tuple(main), tuple(places), (min(years), max(years)) if years else None)


def _country(address: str) -> str:
    """The IRI of the country whose ending an address's host has; "" for none."""
    try:
        ending = (urlsplit(address.split()[0]).hostname or "").rpartition(".")[2] if address.split() else ""
    except ValueError:
        return ""
    countries = lists.named("countries")
    code = countries.meant({"uk": "GB"}.get(ending, ending.upper())) if len(ending) == 2 else ""
    return f"{countries.namespace}{code}" if code else ""


def descriptor(name: str, said: Answers, offered: Guessed, today: str) -> str:
    """The text of `corpus.toml`. What is merely offered stands as comments."""
    base = said.address.rstrip("/") + "/"
    lines = [
        f"# {_line('new.descriptor', said)}",
        f"name = {value(name)}",
        'version = "1.0.0"',
        f"released = {today}",
        f"base = {value(base)}",
        f"site = {value(base)}",
        f"licence = {value(said.licence)}",
        f"languages = {value(said.languages)}",
        f"title = {_localised(said.title)}",
        f"description = {_localised(said.title)}",
        f"rights = {_localised({tag: _rights(tag, said.licence) for tag in said.languages})}",
        f"themes = {value(list(offered.themes))}",
        "",
        "[publisher]",
        f"name = {value(said.publisher)}",
        f"iri = {value(base + 'publisher')}",
        "",
        "[contact]",
        f"name = {value(said.publisher)}",
        f"email = {value(said.contact)}",
        "",
    ]
    if offered.places or offered.years:
        lines += [f"# {_line('new.coverage', said)}", "# [coverage]"]
        lines += [f"# spatial = {value(list(offered.places))}"] if offered.places else []
        if offered.years:
            lines += [f"# start = {offered.years[0]}-01-01", f"# end = {offered.years[1]}-12-31"]
        lines.append("")
    return "\n".join(lines)


def _rights(tag: str, licence: str) -> str:
    """A sentence on rights in a language that the program speaks; else the licence's short name, which is in none."""
    base = tag.partition("-")[0]
    if base in LANGUAGES:
        return say(_WORDS, "new.rights", base)
    known = registry.licence(licence)
    return known.spdx if known else licence


def _line(key: str, said: Answers) -> str:
    """A comment in the corpus's main language, if the program speaks it."""
    base = said.languages[0].partition("-")[0]
    return say(_WORDS, key, base if base in LANGUAGES else "en")


def _localised(texts: Mapping[str, str]) -> str:
    return value(next(iter(texts.values())) if len(texts) == 1 else texts)


def template_mapping(said: Answers) -> str:
    """The text of `mapping.toml` for the workbooks to fill in: each sheet is a table."""
    lines = [f"# {_line('new.template', said)}", f"languages = {value(said.languages)}", ""]
    for table in FILLED:
        lines += [f"[sheets.{table}]", f'file = "{TEMPLATE}.*"', f'sheet = "{table}"', ""]
    for table in FILLED:
        lines += [f"[{table}]", f'from = "{table}"', "same = true", ""]
    return "\n".join(lines)


def preset_mapping(said: Answers, fitted: Mapping[str, Any]) -> str:
    """The text of `mapping.toml` for a preset that was fitted to the files."""
    return (
        f"# {_line('new.mapping', said)}\n{text({'languages': said.languages, **fitted, 'sheets': fitted['sheets']})}"
    )


def mapping(said: Answers, found: Sequence[Inspection], names: Mapping[str, str]) -> str:
    """The text of `mapping.toml` for files: each column where it would go, those without a place named as unused.

    names: by file, its name in the corpus's folder.
    """
    sheets = [seen for each in found for seen in each.sheets if seen.sheet.understood]
    own = [seen for seen in sheets if _table_of(seen, said)]
    main = max((s for s in sheets if s not in own), key=lambda s: (len(s.roles), s.sheet.cells.height), default=None)
    taken = [seen for seen in sheets if seen in own or seen is main]
    called = _called(taken)
    unused = [n for seen in taken if seen is main for n in seen.sheet.own if n not in seen.roles]
    lines = [f"# {_line('new.mapping', said)}", f"languages = {value(said.languages)}"]
    if unused:
        lines += [f"# {_line('new.unused', said)}"]
    lines += [f"unused = {value(unused)}", ""]
    for seen in taken:
        lines += [f"[sheets.{key(called[id(seen)])}]", *_sheet(seen, names), ""]
    for seen in (s for s in sheets if s not in taken):
        lines += [f"# {_line('new.left', said)}", *(f"# {line}" for line in _sheet(seen, names)), ""]
    for seen in own:
        table = _table_of(seen, said)
        lines += [f"[{table}]", f"from = {value(called[id(seen)])}", "same = true", ""]
    if main is not None:
        lines += _sections(main, called[id(main)], said)
    return "\n".join(lines)


def _table_of(seen: SeenSheet, said: Answers) -> str:
    """The table that a sheet is, by its name and by its columns; "" for none."""
    table = seen.source.sheet or PurePosixPath(seen.source.file).stem
    declared = schema.tables().get(table)
    if declared is None or declared.origin not in ("given", "short"):
        return ""
    spoken = Languages(tuple(said.languages))
    own = schema.tables(spoken)[table]
    return table if all(own.column(declared.named(name, spoken)) for name in seen.sheet.own) else ""


def _called(taken: Sequence[SeenSheet]) -> dict[int, str]:
    found: dict[int, str] = {}
    for seen in taken:
        stem = slugify(seen.source.sheet or seen.source.records or PurePosixPath(seen.source.file).stem) or "sheet"
        name, number = stem, 2
        while name in found.values():
            name, number = f"{stem}-{number}", number + 1
        found[id(seen)] = name
    return found


def _sheet(seen: SeenSheet, names: Mapping[str, str]) -> Iterator[str]:
    yield f"file = {value(names.get(seen.source.file, seen.source.file))}"
    if seen.source.sheet:
        yield f"sheet = {value(seen.source.sheet)}"
    if seen.source.records:
        yield f"records = {value(seen.source.records)}"
    how = seen.understood
    if how and how.encoding not in ("", "utf-8"):
        yield f"encoding = {value(how.encoding)}"
    if how and how.header > 1:
        yield f"header = {how.header}"
    for finding in seen.sheet.findings:
        if finding.code == "row-total":
            yield f"last = {finding.facts['last']}"


def _sections(seen: SeenSheet, name: str, said: Answers) -> list[str]:
    """The sections of a sheet of proposals, with what became of them where it tells."""
    columns = {column.name: column for column in seen.columns}
    sections = grouped(seen.roles)
    lines = ["[proposals]", f"from = {value(name)}"]
    inner: dict[str, dict[str, str]] = {}
    for role, column in sections.get("proposals", {}).items():
        first, _, rest = role.partition(".")
        inner.setdefault(first, {})[rest] = column
    for role, parts in inner.items():
        form = columns[parts[""]].day_form if "" in parts else ""
        cell = {"column": parts[""], "date": form} if form else _nested(parts)
        lines.append(f"{role} = {value(cell)}")
    outcomes = sections.get("outcomes", {})
    if outcomes:
        lines += ["", "[outcomes]", f"from = {value(name)}"]
        own = sections["proposals"].get("id")
        label = next((c for k, c in sections["proposals"].items() if k.split(".")[0] == "label"), "")
        lines.append(f"proposal = {value(own or label)}")
        status = seen.sheet.cells[outcomes["status"]].drop_nulls().unique(maintain_order=True).to_list()
        codes = ", ".join(next(c.enum for c in schema.tables()["outcome-statuses"].columns if c.name == "maps_to"))
        lines.append(f"# {_line('new.values', said)} {codes}")
        lines.append(f"status = {value({'column': outcomes['status'], 'values': dict.fromkeys(status, '')})}")
        for role, column in outcomes.items():
            sign = columns[column].lists
            divided = role == "sources" and sign not in ("", "list")
            if role != "status":
                lines.append(f"{role} = {value({'column': column, 'split': sign} if divided else column)}")
    return [*lines, ""]


def _nested(parts: Mapping[str, str]) -> str | dict[str, Any]:
    """Columns by the path of their role, nested: `{"id": "area", "label": {"en": "areaLabel"}}`."""
    if "" in parts:
        return parts[""]
    inner: dict[str, dict[str, str]] = {}
    for role, column in parts.items():
        first, _, rest = role.partition(".")
        inner.setdefault(first, {})[rest] = column
    return {role: _nested(each) for role, each in inner.items()}


CONTACT = r"[^@\s<>\"{}|\\^`]+@[^@\s<>\"{}|\\^`]+"
ADDRESS = r"https?://[^\s<>\"{}|\\^`#?]+"


@dataclass(frozen=True)
class Started:
    """What was written: files, columns without a place, what was offered, and what is to be known of the files."""

    files: Sequence[str]
    unused: Sequence[str]
    offered: Sequence[str]
    findings: Sequence[Finding]


def create(
    folder: Path,
    said: Answers,
    found: Sequence[Inspection],
    given: Sequence[Path],
    preset: str,
    today: str,
    language: Language,
) -> Started:
    """Write a corpus's folder. Files that are given are copied there; nothing that is there is written over.

    Raises UsageError where a file of that name is there, CannotGoOn where the disk refuses.
    """
    named = {path.name: _copied(path.name) for path in given}
    contents: dict[str, bytes] = {}
    for path in given:
        if not (folder / named[path.name]).exists() or not path.samefile(folder / named[path.name]):
            contents[named[path.name]] = files.data(path, most=reading.MOST)
    offered = offer(found)
    name = slugify(folder.resolve().name) or "corpus"
    contents[DESCRIPTOR] = descriptor(name, said, offered, today).encode()
    spoken = Languages(tuple(said.languages))
    for taken in (DESCRIPTOR, MAPPING, *contents):
        if (folder / taken).exists():
            raise UsageError("new-taken", path=folder / taken)
    folder.mkdir(parents=True, exist_ok=True)
    if not given and not preset:
        contents[MAPPING] = template_mapping(said).encode()
        contents[f"{TEMPLATE}.xlsx"] = blank_books.xlsx(FILLED, spoken, language)
        contents[f"{TEMPLATE}.ods"] = blank_books.ods(FILLED, spoken, language)
        left: list[str] = []
    elif preset:
        copies = {n: data for n, data in contents.items() if n in named.values()}
        writing.write(folder, copies)
        fitted = presets.fitted(preset, folder, list(named.values()), said.languages)
        contents[MAPPING] = preset_mapping(said, fitted).encode()
        left = list(fitted["unused"])
    else:
        contents[MAPPING] = mapping(said, found, named).encode()
        left = parsing.from_toml(contents[MAPPING].decode())["unused"]
    writing.write(folder, contents)
    places = [*offered.places, *("-".join(offered.years) if offered.years else "",)]
    findings = [finding for each in found for finding in each.findings]
    return Started(sorted(contents), left, [each for each in places if each], findings)


def _copied(name: str) -> str:
    """What a file is called in the folder: another name where its own is that of a table."""
    stem = PurePosixPath(name).stem
    return f"raw-{name}" if PurePosixPath(name).suffix.lower() == ".csv" and stem in schema.tables() else name


def take_preset(folder: Path, preset: str) -> None:
    """Write a corpus's mapping.toml from a preset, for the files that are in its folder.

    Raises UsageError where a mapping is there already, or no file has the preset's columns.
    """
    if (folder / MAPPING).exists():
        raise UsageError("new-taken", path=folder / MAPPING)
    left_out = {DESCRIPTOR, MAPPING, *imported.COMPANIONS, *(f"{table}.csv" for table in schema.tables())}
    names = [path.name for path in sorted(folder.iterdir()) if path.is_file() and path.name not in left_out]
    given = [name for name in names if PurePosixPath(name).suffix.lower() in reading.KINDS]
    _, spoken, _ = descriptions.read(folder)
    fitted = presets.fitted(preset, folder, given, spoken.own)
    if not any(table in fitted for table in schema.tables()):
        raise UsageError("preset-fits-nothing", folder=folder, preset=preset)
    writing.write(folder, {MAPPING: text(fitted).encode()})
