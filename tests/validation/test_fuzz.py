"""Corpora broken at random: whatever a folder holds, a run ends in findings that can be followed, or in a true release."""

from __future__ import annotations

import copy
import csv
import datetime
import hashlib
import io
import json
import tempfile
import time
import tomllib
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openproposals import places as naming
from openproposals import report, stages
from openproposals.corpus import corpus_folder
from openproposals.errors import OpenproposalsError
from openproposals.findings import Finding, conforms
from openproposals.model import schema
from openproposals.stages import Run
from support.languages import FR_EN
from support.places import MINIMAL, REAL

pytestmark = [pytest.mark.slow, pytest.mark.long]

Files = dict[str, bytes]
TODAY = "2030-01-01"
HANG = 10  # seconds of processor time, which does not depend on what else the machine does
CELL = {  # findings that show the cell they are about
    *("not-a-number", "not-an-integer", "not-a-date", "not-a-web-address", "not-an-identifier", "pattern-mismatch"),
    *("not-in-list", "too-small", "broken-link", "control-character", "bidi-override", "formula-cell"),
    *("column-unknown", "column-twice"),
}
places = st.integers(0, 2**15)


def sixtieths(share: int) -> settings:
    """So many examples of the sixty that the quick profile gives a test, and of more in proportion."""
    return settings(max_examples=settings().max_examples * share // 60)


def read(folder: Path) -> Files:
    """A corpus's files."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


SMALL, LARGE = read(MINIMAL), read(REAL)


# What must hold ------------------------------------------------------------------------------------------------------


def holds(files: Files) -> bool:
    """A run over these files keeps every promise: no traceback, findings that lead somewhere, all or nothing.

    Returns whether there is a release.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder, out = Path(temporary) / "corpus", Path(temporary) / "out"
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        begun = time.process_time()
        try:
            work, _ = stages.publish(naming.corpus(str(folder)), out, Run(today=TODAY))
        except OpenproposalsError:
            assert not out.exists()
            return False
        finally:
            assert time.process_time() - begun < HANG
        looked_up = work.corpus.descriptor.get("lookups", {}) if work.corpus else {}
        for finding in work.findings:
            leads_somewhere(files, finding, looked_up)
        renders(work)
        if not work.conforms:
            assert not conforms(work.findings)
            assert list(Path(temporary).iterdir()) == [folder]
            return False
        is_true(work, out)
        again = Path(temporary) / "again"
        stages.publish(folder, again, Run(today=TODAY))
        assert tree(again) == tree(out)
        assert {path.name for path in Path(temporary).iterdir()} == {"corpus", "out", "again"}
        return True


def leads_somewhere(files: Files, finding: Finding, looked_up: Container[str]) -> None:
    """A finding's file exists, its row is one of the file's, its column one of the row's, named as in the header.

    The cell it shows is the one that stands there, unless a lookup replaced it.
    """
    place = finding.location
    assert place.file in files or place.file == "proposals.csv", place
    text = files.get(place.file, b"").decode("utf-8", errors="replace").removeprefix("\ufeff")
    if "line" in finding.facts or place.file == corpus_folder.DESCRIPTOR:
        assert 0 <= place.row <= text.count("\n") + 1, place
        assert place.column == 0, place
        return
    records = list(csv.reader(io.StringIO(text, newline=""))) if place.row else []
    assert 0 <= place.row <= len(records), place
    if place.column:
        header, row = records[0], records[place.row - 1]
        assert 0 < place.column <= len(row if finding.code == "cells-extra" else header), place
        if place.column <= len(header):
            assert not place.name or header[place.column - 1] == place.name, place
        if finding.code in CELL and place.file.removesuffix(".csv") not in looked_up:
            assert row[place.column - 1] == finding.cell, place


def renders(work: stages.Work) -> None:
    """The four reports can be made, printed and parsed, in both languages."""
    begins = corpus_folder.lines(work.folder, [f.location for f in work.findings])
    assert json.loads(report.data(work.findings, work.counts, {}))["conforms"] == conforms(work.findings)
    for language in ("en", "fr"):
        shown = report.text(work.findings, language).split("\n")
        annotations = report.github(work.findings, work.folder, begins, language)
        assert all(line.isprintable() for line in (*shown, *annotations.split("\n")))
        assert len(annotations.splitlines()) == min(len(work.findings), report.CAP)
        log = json.loads(report.sarif(work.findings, work.folder, begins, language))
        assert all(r["locations"][0]["physicalLocation"]["region"]["startLine"] > 0 for r in log["runs"][0]["results"])
        assert report.summary(work.findings, work.counts, language).isprintable()


def is_true(work: stages.Work, out: Path) -> None:
    """A release's sums are those of its files, and its dumps say the same, as much as its report counts."""
    assert work.corpus is not None
    written = tree(out)
    sums = dict(reversed(line.split("  ", 1)) for line in written.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in written.items()}
    turtle = triples(written[f"{work.corpus.name}.ttl"], ox.RdfFormat.TURTLE)
    assert triples(written[f"{work.corpus.name}.jsonld"], ox.RdfFormat.JSON_LD) == turtle
    assert sum(json.loads(written["report.json"])["triples"].values()) == len(turtle)
    assert triples(written["catalog.ttl"], ox.RdfFormat.TURTLE)
    resources = json.loads(written["datapackage.json"])["resources"]
    assert {r["path"]: r["hash"].removeprefix("sha256:") for r in resources}.items() <= sums.items()


def tree(folder: Path) -> Files:
    """Every file under a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def triples(data: bytes, syntax: ox.RdfFormat) -> set[tuple[str, str, str]]:
    """What a dump says."""
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(data, format=syntax)}


# Bytes ---------------------------------------------------------------------------------------------------------------

MARKS = [
    *(b"\0", b'"', b'""', b'"""', b"\r", b"\n", b"\r\n", b"\n\n\n", b";", b"\t", b",", b",,,,,,,,,,,,,,,,", b"'"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xe9", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\x1a", b"\x1b[2J"),
    *("\u202e".encode(), "\u2028".encode(), "\x85".encode(), "\xa0".encode(), "\ufeff".encode(), "\ufffe".encode()),
    *(b"=", b"\\", b"#", b"[", b"]", b"{", b"}", b"[[a]]\n", b'"""\n', b".", b"\\ud800", b"%s", b"::error::", b"<>"),
]
ENCODINGS = ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-7", "cp437", "cp037"]
SIGNS = [(b",", b";"), (b",", b"\t"), (b",", b"|"), (b'"', b"'"), (b"=", b":"), (b".", b","), (b"-", "–".encode())]
ENDS = [b"\r\n", b"\r", b"\n\n", b"\n\r", b"\x0b", b"", b",\n", b";\n", b" \n"]


def _lines(change: Callable[[list[bytes], int, int], None]) -> Callable[[bytes, int, int], bytes]:
    def changed(data: bytes, at: int, how: int) -> bytes:
        lines = data.splitlines(keepends=True)
        if lines:
            change(lines, at % len(lines), how)
        return b"".join(lines)

    return changed


def _flip(data: bytes, at: int, how: int) -> bytes:
    at %= max(len(data), 1)
    return data[:at] + bytes(b ^ 1 << how % 8 for b in data[at : at + 1]) + data[at + 1 :]


def _insert(data: bytes, at: int, mark: bytes) -> bytes:
    at %= len(data) + 1
    return data[:at] + mark + data[at:]


def _encoded(data: bytes, how: int) -> bytes:
    return data.decode("utf-8", errors="replace").encode(ENCODINGS[how % len(ENCODINGS)], errors="replace")


BYTES: dict[str, Callable[[bytes, int, int], bytes]] = {
    "flip": _flip,
    "insert": lambda data, at, how: _insert(data, at, MARKS[how % len(MARKS)]),
    "many": lambda data, at, how: _insert(data, at, MARKS[how % len(MARKS)] * 3000),
    "cut": lambda data, at, how: data[: at % (len(data) + 1)] + data[at % (len(data) + 1) + how % 300 :],
    "end": lambda data, at, how: data[: at % (len(data) + 1)],
    "line twice": _lines(lambda lines, at, how: lines.insert(how % len(lines), lines[at])),
    "line moved": _lines(lambda lines, at, how: lines.insert(how % len(lines), lines.pop(at))),
    "line gone": _lines(lambda lines, at, how: lines.__delitem__(at)),
    "signs": lambda data, at, how: data.replace(*SIGNS[how % len(SIGNS)]),
    "ends": lambda data, at, how: data.replace(b"\n", ENDS[how % len(ENDS)]),
    "encoding": lambda data, at, how: _encoded(data, how),
    "mark of order": lambda data, at, how: MARKS[13 + how % 2] + data,
    "capitals": lambda data, at, how: data.swapcase(),
}
FILES: dict[str, Callable[[Files, str, str], Any]] = {
    "file gone": lambda files, one, other: files.pop(one),
    "file named otherwise": lambda files, one, other: files.update({other: files.pop(one)}),
    "file copied": lambda files, one, other: files.update({other: files[one]}),
    "file after another": lambda files, one, other: files.update({one: files[one] + files.get(other, b"")}),
}
NAMES = [f"{n}.csv" for n in schema.tables(FR_EN)] + [
    "corpus.toml",
    "Proposals.CSV",
    "proposals.tsv",
    "notes.xlsx",
    "a.txt",
]
byte_edits = st.lists(st.tuples(st.sampled_from([*BYTES, *FILES]), places, places, places), min_size=1, max_size=4)


def with_bytes(files: Files, edits: list[tuple[str, int, int, int]]) -> Files:
    """The files with those edits made to their bytes, one after another."""
    found = dict(files)
    for kind, which, at, how in edits:
        if not found:
            break
        name = sorted(found)[which % len(found)]
        if kind in BYTES:
            found[name] = BYTES[kind](found[name], at, how)
        else:
            FILES[kind](found, name, NAMES[how % len(NAMES)])
    return found


@sixtieths(40)
@given(byte_edits)
def test_any_bytes(edits: list[tuple[str, int, int, int]]) -> None:
    """Files damaged as disks, mailers and editors damage them."""
    holds(with_bytes(SMALL, edits))


@sixtieths(6)
@given(byte_edits)
def test_any_bytes_in_the_first_corpus(edits: list[tuple[str, int, int, int]]) -> None:
    """The same, with every table there is."""
    holds(with_bytes(LARGE, edits))


# Tables --------------------------------------------------------------------------------------------------------------

KEYS = [
    "night-bus",
    "shade",
    "archive",
    "late-workers",
    "no-car",
    "heat",
    "D",
    "T",
    "B",
    "P01",
    "S02",
    "Night-Bus",
    "1",
]
NUMBERS = ["0", "-0", "+1", ".5", "1.", "007", "31.50", "9" * 400, "-1", "0." + "0" * 400 + "1", "28857", "2"]
NO_NUMBERS = [
    *("twelve", "1,2 M", "inf", "-Infinity", "NaN", "1_000", "１２", "1e5", "1e999999", "0x10", "½", "1 000", "--1"),
    *("1\n", " 1", "True", "Ⅷ", "9" * 5000),
]
DATES = [
    "2025",
    "2024-02",
    "2024-02-29",
    "2023-02-29",
    "0000",
    "2023-2-1",
    "9999-12-31",
    "0001-01-01",
    "2023-13",
    "12025",
]
IRIS = [
    *("https://stats.example/val/2025/shifts", "https://é.example/à?q=1#f", "http://[::1]:80/", "HTTP://A.example/"),
    *("http://a.example/%zz", "http://a.example/'()*+,;=:@!$&", "http://u:p@a.example/", "http://a.example:99999/"),
    *(
        "http://a.example/" + "x" * 5000,
        "http://a.example/../..//",
        "http://a",
        "http://xn--/",
        "http://a.example/\u00ad",
    ),
    *("https://data.val-commun.example/proposals/proposal/shade", "https://data.val-commun.example/proposals/"),
]
NO_IRIS = [
    *("javascript:alert(1)", "http://a b", "http://", "/a", "..", "file:///etc/passwd", "http://[", "http://[::1", "a"),
    *(
        "http://a/<b>",
        'http://a/"',
        "http://a/{id}",
        "http://a/\\",
        "http://a/\u202e",
        "urn:x",
        "http://a/\n",
        "http:a",
    ),
    *("http://\ufdd0/", "http://a/\ue000", "http://a/|^`", "//a", "http:///a", "http://℀.example/", "http://[v1.a]/"),
]
TEXTS = [
    *(
        '"',
        '""',
        "\\",
        "\\u0041",
        "{id}",
        "{",
        "zq00001z",
        "tag:zq00001z",
        "a\nb",
        "a\r\nb",
        "\n",
        "\t",
        "a,b",
        "'",
        "|",
    ),
    *(
        "<b>",
        "@en",
        "^^",
        "_:b0",
        "🚌",
        "e\u0301",
        "\u2028",
        "שלום",
        "null",
        "None",
        "#",
        "%0A",
        "::error::x",
        " ",
        "\xa0",
    ),
    *("null\\", "\\n", "$&", "\\1", "\u200d", "\ufdd0", "\U0010ffff", "\ue000", "x" * 20_000, "é" * 200, "true", ";"),
]
NO_TEXTS = [
    *(
        "=1+1",
        "+x",
        "-x",
        "@SUM(A1)",
        "\x01",
        "\x1b[2J",
        "\x7f",
        "\x85",
        "\u202e",
        "\u2066",
        "\ufffe",
        "\x0b",
        "\x0c",
        "",
    ),
    "\ufeff",
]
NASTY = [*KEYS, *NUMBERS, *NO_NUMBERS, *DATES, *IRIS, *NO_IRIS, *TEXTS, *NO_TEXTS, "../..", ".", "a/b", "a~b", "É"]
letters = st.characters(codec="utf-8", exclude_characters="\0")
cells = st.one_of(st.sampled_from(NASTY), st.text(letters, max_size=12))
TABLE_KINDS = [
    "cell",
    "fit",
    "fit",
    "fit",
    "row",
    "column",
    "column moved",
    "cell gone",
    "cell more",
    "table",
    "row twice",
]
Cut = tuple[str, int, int, int, str]
table_edits = st.lists(st.tuples(st.sampled_from(TABLE_KINDS), places, places, places, cells), min_size=1, max_size=4)


def fitting(column: schema.Column | None, pick: int) -> str:
    """A cell that a column may well hold: one of its values, an address, a number, a date, a key, or any text.

    One address in four may be none.
    """
    if column is None:
        return TEXTS[pick % len(TEXTS)]
    pool = TEXTS
    if column.enum:
        pool = [*column.enum]
    elif column.is_iri:
        pool = [*IRIS, *NO_IRIS] if pick % 4 == 0 else IRIS
    elif column.type in ("number", "integer"):
        pool = [n for n in NUMBERS if n.isdigit()] if column.type == "integer" else NUMBERS
    elif column.partial_date or column.type == "date":
        pool = DATES
    elif column.pattern:
        pool = KEYS
    return [*pool, ""][pick % (len(pool) + 1)]


def with_cells(files: Files, edits: list[Cut]) -> Files:
    """The files with those edits made to their cells, one after another."""
    tables = {
        name: list(csv.reader(io.StringIO(data.decode(), newline="")))
        for name, data in files.items()
        if name.endswith(".csv")
    }
    for kind, which, at, across, cell in edits:
        if kind == "table":
            sheets = [t for t in schema.tables(FR_EN).values() if t.origin in ("given", "short")]
            made = sheets[which % len(sheets)]
            rows = [[fitting(c, at + across * i + n) for i, c in enumerate(made.columns)] for n in range(1 + at % 3)]
            tables.setdefault(f"{made.name}.csv", [made.column_names, *rows])
            continue
        name = sorted(tables)[which % len(tables)]
        rows = tables[name]
        row = rows[at % len(rows)]
        header = rows[0]
        column = across % max(len(header), 1)
        known = schema.tables(FR_EN)[name.removesuffix(".csv")]
        if kind == "cell" and column < len(row):
            row[column] = cell
        elif kind == "fit" and row is not header and column < len(row):
            row[column] = fitting(known.column(header[column]), at + across)
        elif kind == "row":
            rows.append([fitting(known.column(c), at + across + i) for i, c in enumerate(header)])
        elif kind == "row twice":
            rows.insert(across % len(rows) + 1, list(row))
        elif kind == "column":
            added = known.columns[across % len(known.columns)]
            for number, each in enumerate(rows):
                each.append(fitting(added, at + number) if number else added.name)
        elif kind == "column moved":
            for each in rows:
                each.append(each.pop(column % max(len(each), 1))) if each else None
        elif kind == "cell gone" and row:
            row.pop()
        elif kind == "cell more":
            row.append(cell)
    return {**files, **{name: written(rows) for name, rows in tables.items()}}


def written(rows: list[list[str]]) -> bytes:
    """Rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


@sixtieths(30)
@given(table_edits)
def test_any_cells(edits: list[Cut]) -> None:
    """Sound CSV whose cells, rows and columns are another's, or nobody's."""
    files = {name: data for name, data in SMALL.items() if name != corpus_folder.DESCRIPTOR}
    descriptor = SMALL[corpus_folder.DESCRIPTOR].partition(b"[assertions")[0]
    holds(with_cells({**files, corpus_folder.DESCRIPTOR: descriptor}, edits))


@sixtieths(6)
@given(table_edits)
def test_any_cells_in_the_first_corpus(edits: list[Cut]) -> None:
    """The same, with every table and link there is, and nothing asserted."""
    descriptor = LARGE[corpus_folder.DESCRIPTOR]
    kept = descriptor.partition(b"[assertions")[0] + b"[lookups" + descriptor.partition(b"[lookups")[2]
    holds(with_cells({**LARGE, corpus_folder.DESCRIPTOR: kept}, edits))


# Descriptors ---------------------------------------------------------------------------------------------------------

words = {"fr": "Un", "en": "One"}
FULL: dict[str, Any] = tomllib.loads(SMALL[corpus_folder.DESCRIPTOR].decode()) | {
    "keywords": {"fr": ["a"], "en": ["b", "b"]},
    "themes": ["SOCI", "SOCI"],
    "coverage": {"spatial": [IRIS[0], IRIS[1]], "start": datetime.date(2025, 1, 1), "end": "2025-12-31"},
    "documents": {"D": {"title": {"fr": "Un"}, "label": words, "issued": "2025-02", "url": IRIS[0], "language": "FRA"}},
    "texts": {"T": {"document": "D", "characters": 9, "sha256": "0" * 64, "extraction": words}},
    "assertions": {"proposals": {"rows": 3}, "claims": {"kind": {"count": 2}}},
    "lookups": {"claims": {"qualifier": {"nearly": "more-than"}}},
}
scalars = st.one_of(
    cells,
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, 3, -1, 2**63, 10**400, 1e308, float("inf"), float("nan"), -0.0, 3.0]),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
)
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(cells | st.sampled_from([*FULL]), v, max_size=3)
)
columns = st.sampled_from(
    [(t.name, c) for t in schema.tables(FR_EN).values() for c in (*t.column_names, "rows", "_file", "_row", "x")]
    + [("x", "rows"), ("", ""), ("../x", "id")]
)
read_cells = {
    cell
    for name, data in SMALL.items()
    for row in csv.reader(data.decode().splitlines())
    for cell in row
    if name.endswith(".csv")
}
written_cells = st.sampled_from(
    [*sorted(read_cells), *KEYS, "0.1.0", "2026-01-31", str(FULL["base"]), "9", "Un", "corpus.toml", "proposals.csv"]
)
counts = st.sampled_from([0, 1, 2, 3, 10**30])
descriptor_edits = st.lists(
    st.one_of(
        st.tuples(st.just("set"), places, values),
        st.tuples(st.just("set"), places, cells),
        *[st.tuples(st.just("fit"), places, places)] * 4,
        st.tuples(st.just("gone"), places, st.none()),
        st.tuples(st.just("key"), places, st.tuples(cells | st.sampled_from(["Title", "titel", "fr"]), values)),
        st.tuples(
            st.just("lookup"),
            st.tuples(columns, st.dictionaries(written_cells | cells, cells | written_cells, min_size=1, max_size=3)),
        ),
        st.tuples(st.just("assertion"), st.tuples(columns, counts | st.dictionaries(written_cells | cells, counts))),
    ),
    min_size=1,
    max_size=4,
)


def slots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a descriptor, itself left out."""
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from slots(inner, (*path, key))


def alike(value: Any, pick: int) -> Any:
    """Another value of that kind: an address, a date, a text; else the value itself."""
    if not isinstance(value, str) or value in ("D", "minimal"):
        return value
    pool = IRIS if value.startswith("http") else DATES if value[:4] == "2025" else [t for t in TEXTS if t]
    return pool[pick % len(pool)]


def toml(value: Any) -> str:
    """A value as TOML; tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(k))} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value).lower()


def described(edits: list[Any]) -> bytes:
    """A full descriptor with those edits made, one after another."""
    found = copy.deepcopy(FULL)
    for kind, *rest in edits:
        if kind in ("lookup", "assertion"):
            (table, column), value = rest[0]
            wanted = found.setdefault(f"{kind}s", {})
            if isinstance(wanted, dict) and isinstance(wanted.setdefault(table, {}), dict):
                wanted[table][column] = value
            continue
        paths = list(slots(found))
        if not paths:
            break
        *path, last = paths[rest[0] % len(paths)]
        holder: Any = found
        for step in path:
            holder = holder[step]
        if kind == "fit":
            holder[last] = alike(holder[last], rest[1])
        elif kind == "gone":
            del holder[last]
        elif kind == "set":
            holder[last] = rest[1]
        elif isinstance(holder, dict):
            holder[rest[1][0]] = rest[1][1]
    return "".join(f"{toml(key)} = {toml(value)}\n" for key, value in found.items()).encode()


def test_the_full_descriptor_conforms() -> None:
    """What the edits start from is a release."""
    assert holds({**SMALL, corpus_folder.DESCRIPTOR: described([])})


@sixtieths(40)
@given(descriptor_edits)
def test_any_descriptor(edits: list[Any]) -> None:
    """TOML that is sound and means something else, or nothing."""
    holds({**SMALL, corpus_folder.DESCRIPTOR: described(edits)})
