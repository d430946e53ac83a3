"""JSON and JSON Lines: objects as rows. An object within an object gives columns `outer/inner`.

In: the bytes of a file, and the path to its records. Where the path leads through several lists, the rows are the
objects of the last, and what stands around each is given as `../name`. A list of plain values, or of
objects that are alike, is one cell of several.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openproposals.errors import reason
from openproposals.findings import Finding, Location
from openproposals.guards import parsing
from openproposals.importing.delimited import decoded
from openproposals.importing.sheets import LIST, Sheet, Understood, cleaned, sheet

_Row = dict[str, tuple[str, bool]]
_MOST = 100  # objects of a list that becomes cells
_PLAIN = "value"  # the column of a record that is no object


def read(place: str, data: bytes, path: str, encoding: str = "", *, lines: bool = False) -> Sheet:
    """The sheet of a file's bytes. `lines`: whether each line is a record of its own (JSON Lines)."""
    text, encoding, findings = decoded(place, data, encoding)
    if text is None:
        return _sheet(place, encoding, [], findings)
    value, unreadable = parsed(place, text, lines=lines)
    if unreadable:
        return _sheet(place, encoding, [], [*findings, unreadable])
    steps = [step for step in path.split("/") if step]
    rows = list(_rows(value, steps, {})) if isinstance(value, list | Mapping) else []
    if not rows and not _leads(value, steps):
        facts = {"known": ", ".join(lists(value)) or "-"}
        findings.append(Finding(Location(place), "records-missing", path, facts))
    return _sheet(place, encoding, rows, findings)


def parsed(place: str, text: str, *, lines: bool) -> tuple[Any, Finding | None]:
    """The value of a text: of JSON, or of JSON Lines, which some programs call .json too; else what is wrong."""
    try:
        return (_of_lines(text) if lines else parsing.from_json(text)), None
    except parsing.Unparsable as error:
        with contextlib.suppress(parsing.Unparsable):
            if not lines and text.lstrip().startswith("{"):
                return _of_lines(text), None
        row = next((n for n, line in _lines(text) if not _is_json(line)), 0) if lines else 0
        return None, Finding(Location(place, row), "raw-file-damaged", facts={"problem": reason(error)})


def _of_lines(text: str) -> list[Any]:
    return [parsing.from_json(line) for _, line in _lines(text)]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def _is_json(line: str) -> bool:
    try:
        parsing.from_json(line)
    except parsing.Unparsable:
        return False
    return True


def lists(value: Any, path: str = "", depth: int = 4) -> Iterator[str]:
    """The paths of a JSON value that lead to lists of objects: what `records` may be.

    >>> list(lists({"data": {"theses": [{"id": 1, "answers": [{"a": 1}]}]}}))
    ['data/theses', 'data/theses/answers']
    """
    if isinstance(value, list):
        objects = [item for item in value[:50] if isinstance(item, Mapping)]
        if objects and path:
            yield path
        yield from dict.fromkeys(inner for item in objects for inner in _inner(item, path, depth))
    elif isinstance(value, Mapping):
        yield from _inner(value, path, depth)


def _inner(item: Mapping[str, Any], path: str, depth: int) -> Iterator[str]:
    if depth:
        for key, value in item.items():
            yield from lists(value, f"{path}/{key}".lstrip("/"), depth - 1)


def _leads(value: Any, steps: Sequence[str]) -> bool:
    """Whether a path leads to a list or an object, even an empty one."""
    for step in steps:
        if isinstance(value, list):
            value = value[0] if value else {}
        if not isinstance(value, Mapping) or step not in value:
            return False
        value = value[step]
    return isinstance(value, list | Mapping)


def _rows(value: Any, steps: Sequence[str], around: _Row) -> Iterator[_Row]:
    if isinstance(value, list):
        for item in value if steps or not _is_grid(value) else _of_grid(value):
            yield from _rows(item, steps, around)
    elif isinstance(value, Mapping) and not steps:
        if not around and len(value) > 1 and all(isinstance(item, Mapping) for item in value.values()):
            for key, item in value.items():  # records by key
                yield {"key": (str(key), False), **_flat(item)}
            return
        yield {**_flat(value), **around}
    elif isinstance(value, Mapping):
        step, *rest = steps
        if step in value:
            beside = _flat({k: v for k, v in value.items() if k != step and not _is_records(v)})
            outer = {f"../{name}": cell for name, cell in {**beside, **around}.items()}
            yield from _rows(value[step], rest, outer)
    elif value is not None and not steps:
        yield {_PLAIN: _cell(value), **around}


def _is_grid(value: Sequence[Any]) -> bool:
    """Whether a list is a table: lists of plain values, all as long as the first, which are names."""
    if len(value) < 2 or not all(isinstance(row, list) and len(row) == len(value[0]) for row in value):
        return False
    named = all(isinstance(name, str) and name for name in value[0]) and len({*value[0]}) == len(value[0])
    return named and not any(isinstance(cell, Mapping | list) for row in value for cell in row)


def _of_grid(value: Sequence[Any]) -> Iterator[dict[str, Any]]:
    names = value[0]
    return (dict(zip(names, row, strict=True)) for row in value[1:])


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value)


def _flat(value: Mapping[str, Any], before: str = "") -> _Row:
    """The cells of an object, by path; of a list of objects that are alike, each path has several values.

    >>> _flat({"by": [{"name": "Ann"}, {"name": "Bob"}]})["by/name"][0].split(LIST), _flat({"by": [{"name": "A"}, {}]})
    (['Ann', 'Bob'], {'by': ('[{"name": "A"}, {}]', False)})
    """
    found: _Row = {}
    for key, item in value.items():
        name = f"{before}{key}"
        if isinstance(item, Mapping):
            found |= _flat(item, f"{name}/")
        elif isinstance(item, list) and not _is_records(item):
            found[name] = (LIST.join(_cell(each)[0] for each in item if each is not None), False)
        elif isinstance(item, list) and (several := _alike(item, f"{name}/")):
            found |= several
        elif isinstance(item, list):
            found[name] = (json.dumps(item, ensure_ascii=False, sort_keys=True), False)
        else:
            found[name] = _cell(item)
    return found


def _alike(listed: Sequence[Any], before: str) -> _Row:
    """The cells of a list of objects of which each has the same filled cells; none where one lacks any.

    What is listed within them would not be told apart from what is listed here.
    """
    rows = [_flat(each, before) for each in listed if isinstance(each, Mapping)]
    same = len(rows) == len(listed) <= _MOST and all(row.keys() == rows[0].keys() for row in rows)
    plain = all(cell and LIST not in cell for row in rows for cell, _ in row.values())
    return {name: (LIST.join(row[name][0] for row in rows), False) for name in rows[0]} if same and plain else {}


def _cell(value: Any) -> tuple[str, bool]:
    if value is None:
        return "", False
    if isinstance(value, bool):
        return str(value).lower(), True
    return (value, False) if isinstance(value, str) else (json.dumps(value), True)


def _sheet(place: str, encoding: str, rows: Sequence[_Row], findings: Sequence[Finding]) -> Sheet:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[cleaned(row[name][0]) if name in row else None for name in names] for row in rows]
    typed = {name: [name in row and row[name][1] for row in rows] for name in names}
    kinds = {name: marks for name, marks in typed.items() if any(marks)}
    understood = Understood(place, encoding, header=0)
    made = sheet(understood, names, cells, range(1, len(rows) + 1), kinds, findings)
    outer = tuple(name for name in names if name.startswith("../"))
    return Sheet(made.cells, made.headers, made.typed, outer, made.understood, made.findings)
