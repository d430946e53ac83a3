"""The first `mapping.toml` of a corpus: guessed from the publisher's files, of a preset, or for workbooks to fill in.

Each column stands where it would go; those without a place are named as unused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from openproposals.importing.answers import Answers
from openproposals.importing.first_descriptor import comment
from openproposals.importing.identity import words
from openproposals.importing.inspecting import Inspection, SeenSheet
from openproposals.importing.roles import grouped, tongue
from openproposals.importing.toml_text import key, text, value
from openproposals.model import schema
from openproposals.model.languages import Languages

TEMPLATE = "tables"  # the workbooks to fill in, where there is no file
FILLED = (
    "proposals", "themes", "agents", "documents", "proposal-themes", "proposal-proposers", "outcomes",
    "outcome-statuses", "outcome-sources", "responses", "answers", "claims", "claim-sources", "sources",
)  # fmt: skip

_SEVERAL = {"theme": "themes", "proposer": "proposers"}  # the key under which a cell names several


def template_mapping(said: Answers) -> str:
    """The text of `mapping.toml` for the workbooks to fill in: each sheet is a table."""
    lines = [f"# {comment('new.template', said)}", f"languages = {value(said.languages)}", ""]
    for table in FILLED:
        lines += [f"[sheets.{table}]", f'file = "{TEMPLATE}.*"', f'sheet = "{table}"', ""]
    for table in FILLED:
        lines += [f"[{table}]", f'from = "{table}"', "same = true", ""]
    return "\n".join(lines)


def preset_mapping(said: Answers, fitted: Mapping[str, Any]) -> str:
    """The text of `mapping.toml` for a preset that was fitted to the files."""
    return (
        f"# {comment('new.mapping', said)}\n{text({'languages': said.languages, **fitted, 'sheets': fitted['sheets']})}"
    )


def mapping_text(said: Answers, found: Sequence[Inspection], names: Mapping[str, str]) -> str:
    """The text of `mapping.toml` for files: each column where it would go, those without a place named as unused.

    names: by file, its name in the corpus's folder.
    """
    sheets = [seen for each in found for seen in each.sheets if seen.sheet.understood]
    own = [seen for seen in sheets if _table_of(seen, said)]
    main = max((s for s in sheets if s not in own), key=lambda s: (len(s.roles), s.sheet.cells.height), default=None)
    taken = [seen for seen in sheets if seen in own or seen is main]
    called = _called(taken)
    unused = [n for n in main.sheet.own if n not in _placed(main, said)] if main else []
    lines = [f"# {comment('new.mapping', said)}", f"languages = {value(said.languages)}"]
    if unused:
        lines += [f"# {comment('new.unused', said)}"]
    lines += [f"unused = {value(unused)}", ""]
    for seen in taken:
        lines += [f"[sheets.{key(called[id(seen)])}]", *_sheet(seen, names), ""]
    for seen in (s for s in sheets if s not in taken):
        lines += [f"# {comment('new.left', said)}", *(f"# {line}" for line in _sheet(seen, names)), ""]
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
        stem = words(seen.source.sheet or seen.source.records or PurePosixPath(seen.source.file).stem) or "sheet"
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
    sections = grouped(_placed(seen, said))
    lines = ["[proposals]", f"from = {value(name)}"]
    inner: dict[str, dict[str, str]] = {}
    for role, column in sections.get("proposals", {}).items():
        first, _, rest = role.partition(".")
        inner.setdefault(first, {})[rest] = column
    for role, parts in inner.items():
        form = columns[parts[""]].day_form if "" in parts and role == "issued" else ""
        sign = columns[parts["label"]].lists if role in _SEVERAL and [*parts] == ["label"] else ""
        if sign not in ("", "list"):
            lines.append(f"{_SEVERAL[role]} = {value({**parts, 'split': sign.strip(' ')})}")
            continue
        cell = {"column": parts[""], "date": form} if form else _nested(parts)
        lines.append(f"{role} = {value(cell)}")
    outcomes = sections.get("outcomes", {})
    if outcomes:
        lines += ["", "[outcomes]", f"from = {value(name)}"]
        own = sections["proposals"].get("id")
        label = next((c for k, c in sections["proposals"].items() if k.split(".")[0] == "label"), "")
        lines.append(f"proposal = {value(own or label)}")
        cells = seen.sheet.cells[outcomes["status"]].str.strip_chars()
        status = cells.drop_nulls().unique(maintain_order=True).to_list()
        codes = ", ".join(next(c.enum for c in schema.tables()["outcome-statuses"].columns if c.name == "maps_to"))
        lines.append(f"# {comment('new.values', said)} {codes}")
        lines.append(f"status = {value({'column': outcomes['status'], 'values': dict.fromkeys(status, '')})}")
        for role, column in outcomes.items():
            sign = columns[column].lists
            divided = role == "sources" and sign not in ("", "list")
            if role != "status":
                lines.append(f"{role} = {value({'column': column, 'split': sign} if divided else column)}")
    return [*lines, ""]


def _placed(seen: SeenSheet, said: Answers) -> dict[str, str]:
    """The role of each column that can have a place: in a language of the corpus, and with a name without braces."""
    placed = {}
    for name, role in seen.roles.items():
        tag = tongue(name)[1]
        foreign = tag and role.endswith(f".{tag}") and tag not in said.languages
        if not foreign and "{" not in name and "}" not in name:
            placed[name] = role
    return placed


def _nested(parts: Mapping[str, str]) -> str | dict[str, Any]:
    """Columns by the path of their role, nested: `{"id": "area", "label": {"en": "areaLabel"}}`."""
    if "" in parts:
        return parts[""]
    inner: dict[str, dict[str, str]] = {}
    for role, column in parts.items():
        first, _, rest = role.partition(".")
        inner.setdefault(first, {})[rest] = column
    return {role: _nested(each) for role, each in inner.items()}
