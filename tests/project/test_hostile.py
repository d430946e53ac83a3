"""Corpora from a stranger: too big, not what they seem, or made to reach out. What is small and plain is in tests/cases."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import site
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from openproposals import report, stages
from openproposals.corpus import corpus_folder
from openproposals.errors import CannotGoOn
from openproposals.model import rdf, schema
from openproposals.stages import Run
from support.places import MINIMAL, REAL, ROOT

pytestmark = pytest.mark.slow

HEADER = "id,position,label_fr,label_en,url\n"
ROWS = "night-bus,1,A,B,\nshade,2,A,B,\narchive,3,A,B,\n"
TODAY = "2026-11-22"
Edit = tuple[str, str]


def laid_out(folder: Path, *edits: Edit, **tables: str | bytes) -> Path:
    """The minimal corpus with its descriptor edited and tables replaced."""
    shutil.copytree(MINIMAL, folder)
    text = (folder / "corpus.toml").read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "corpus.toml").write_text(text, encoding="utf-8")
    for name, data in tables.items():
        (folder / f"{name}.csv").write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def publish(folder: Path) -> stages.Work:
    """Publish beside the corpus; what does not conform publishes nothing."""
    out = folder.parent / "out"
    there = out.exists()
    work, _ = stages.publish(folder, out, Run(today=TODAY))
    assert work.conforms == out.exists() or there
    return work


def found(work: stages.Work) -> list[tuple[str, str]]:
    """Where and what, in the report's order."""
    return [(str(f.location), f.code) for f in work.findings]


def rendered(work: stages.Work) -> dict[str, str]:
    """The four reports."""
    begins = corpus_folder.lines(work.folder, [f.location for f in work.findings])
    return {
        "text": report.text(work.findings, "en") + report.text(work.findings, "fr"),
        "json": report.data(work.findings, work.counts, {}).decode(),
        "github": report.github(work.findings, work.folder, begins, "en"),
        "sarif": report.sarif(work.findings, work.folder, begins, "fr").decode(),
    }


def told(work: stages.Work, name: str) -> None:
    """The exact report, in both languages, as `tests/hostile/` has it (accepted as those of test_cases are)."""
    for language in ("en", "fr"):
        expected = ROOT / "tests" / "hostile" / f"{name}.{language}.txt"
        text = report.text(work.findings, language) + "\n"
        if os.environ.get("OPENPROPOSALS_ACCEPT"):
            expected.parent.mkdir(exist_ok=True)
            expected.write_text(text, encoding="utf-8")
        assert expected.read_text(encoding="utf-8") == text


# Size ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proposals", "expected"),
    [
        (HEADER + "night-bus,1," + "x" * 10_000_000 + ",B,\n", ("proposals.csv:2", "cell-too-long")),
        (HEADER + 'night-bus,1,"' + "x\n" * 5_000_000, ("proposals.csv:2", "cell-too-long")),
        (",".join(f"c{n}" for n in range(100_000)) + "\n", ("proposals.csv:1", "columns-too-many")),
        (HEADER + "\n" * 1_000_000 + ROWS, ("proposals.csv:2", "row-blank")),
        (HEADER + ROWS + ",,,,\n" * 100_000, ("proposals.csv:5", "row-blank")),
    ],
    ids=["10-mb-cell", "10-mb-unclosed-quote", "100000-columns", "a-million-blank-lines", "100000-empty-rows"],
)
def test_too_big(tmp_path: Path, proposals: str, expected: tuple[str, str], request: pytest.FixtureRequest) -> None:
    """One finding that names the cause, however big the file."""
    work = publish(laid_out(tmp_path / "corpus", proposals=proposals))
    assert found(work) == [expected]
    told(work, request.node.callspec.id)


def test_a_long_cell_that_is_allowed_is_published(tmp_path: Path) -> None:
    """Just below the limit."""
    rows = ROWS.replace("night-bus,1,A", "night-bus,1," + "é" * 999_999)
    assert found(publish(laid_out(tmp_path / "corpus", proposals=HEADER + rows))) == []


def test_many_findings_make_a_report_that_can_be_read(tmp_path: Path) -> None:
    """Of problems alike the text shows a few and counts the rest, in the descriptor as in a table."""
    keys = "".join(f"k{n} = 1\n" for n in range(5_000))
    work = publish(laid_out(tmp_path / "corpus", ("[title]", keys + "[title]")))
    assert {code for _, code in found(work)} >= {"descriptor-key-unknown"}
    text = report.text(work.findings, "en")
    assert len(text.splitlines()) < 1_000
    assert "5000" in text


# Files that are none -------------------------------------------------------------------------------------------------


def _link(target: Path | str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.symlink_to(target)

    return make


@pytest.mark.parametrize("name", ["claims.csv", "proposals.csv", "corpus.toml"])
@pytest.mark.parametrize(
    "make",
    [_link("/etc/passwd"), _link("/nowhere"), _link("/dev/zero"), _link("../elsewhere.csv"), Path.mkdir, os.mkfifo],
    ids=["link to /etc/passwd", "dangling link", "link to /dev/zero", "link to a sibling", "folder", "FIFO"],
)
def test_what_is_no_plain_file_is_not_opened(tmp_path: Path, name: str, make: Callable[[Path], None]) -> None:
    """A link, a folder, a FIFO: one finding, nothing read, no waiting."""
    folder = laid_out(tmp_path / "corpus")
    shutil.copy(folder / "proposals.csv", tmp_path / "elsewhere.csv")
    (folder / name).unlink()
    make(folder / name)
    work = publish(folder)
    assert found(work) == [(name, "not-a-file")]
    told(work, f"not-a-file-{Path(name).stem}")
    assert "root:" not in "".join(rendered(work).values())


def test_a_file_that_the_system_refuses(tmp_path: Path, watch: Watch) -> None:
    """Rights missing (refused here by an audit hook: root may read anything)."""
    folder = laid_out(tmp_path / "corpus")
    with watch.refusing(folder / "claims.csv"):
        work = publish(folder)
    assert found(work) == [("claims.csv", "file-unreadable")]
    told(work, "file-unreadable")
    assert "denied" in report.text(work.findings, "en")


# What a run leaves alone ---------------------------------------------------------------------------------------------


def test_a_version_that_goes_backwards(tmp_path: Path) -> None:
    """0.9.0 after 0.10.0 is refused, and what is published stays."""
    folder = laid_out(tmp_path / "corpus", ('"0.1.0"', '"0.10.0"'))
    assert found(publish(folder)) == []
    published = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    text = (folder / "corpus.toml").read_text(encoding="utf-8")
    (folder / "corpus.toml").write_text(text.replace("0.10.0", "0.9.0"), encoding="utf-8")
    work = publish(folder)
    assert found(work) == [("corpus.toml (version)", "version-backwards")]
    told(work, "version-backwards")
    assert "0.10.0" in report.text(work.findings, "en")
    assert published == {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}


def test_shapes_that_do_not_parse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program is at fault, not the corpus: it says which file, and publishes nothing."""
    (tmp_path / "records.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<#s> a sh:NodeShape ;;", "utf-8"
    )
    shipped = schema.shipped
    monkeypatch.setattr(schema, "shipped", lambda name: tmp_path if name == "shapes" else shipped(name))
    folder = laid_out(tmp_path / "corpus")
    with pytest.raises(CannotGoOn) as error:
        publish(folder)
    assert "shapes/records.ttl" in str(error.value)
    assert error.value.mend
    assert not (tmp_path / "out").exists()


def test_keys_that_look_alike_are_three_rows(tmp_path: Path) -> None:
    """`1`, `1.0` and `01` are three identifiers: nothing takes them for numbers."""
    folder = laid_out(tmp_path / "corpus", proposals=HEADER + "1,1,A,B,\n1.0,2,A,B,\n01,3,A,B,\n")
    (folder / "claims.csv").unlink()
    assert found(publish(folder)) == []
    said = rdf.parse((tmp_path / "out" / "minimal.ttl").read_bytes(), "turtle")
    subjects = {s.value.rpartition("/")[2] for s, _, _ in said if "/proposal/" in s.value}
    assert subjects >= {"1", "1.0", "01"}


# A descriptor that means harm ----------------------------------------------------------------------------------------

IRI = '[publisher]\nname = "Val-Commun"\n'
LAST = "rows = 3\n"
DESCRIPTORS: dict[str, tuple[Edit, list[tuple[str, str]]]] = {
    "a name with a line feed": (('name = "minimal"', 'name = "minimal\\n"'), [("name", "descriptor-value")]),
    "a name that is a path": (('name = "minimal"', 'name = "../minimal"'), [("name", "descriptor-value")]),
    "the name of a file of every release": (('name = "minimal"', 'name = "catalog"'), [("name", "name-taken")]),
    "the name of another": (('name = "minimal"', 'name = "vocabulary"'), [("name", "name-taken")]),
    "a name no file can have": (('name = "minimal"', f'name = "{"a" * 300}"'), [("name", "descriptor-value")]),
    "a version no number can be": (('"0.1.0"', f'"{"9" * 5000}.0.0"'), [("version", "descriptor-value")]),
    "an address that is no mail address": (
        ("data@val-commun.example", "a<b>@val-commun.example"),
        [("contact.email", "descriptor-value")],
    ),
    "a mail address with a line feed": (
        ("data@val-commun.example", "data@val-commun.example\\n"),
        [("contact.email", "descriptor-value")],
    ),
    "a day that is none": (
        ("[title]", '[coverage]\nstart = "2026-99-99"\n[title]'),
        [("coverage.start", "not-a-date")],
    ),
    "a place with a line feed": (
        ("[title]", '[coverage]\nspatial = ["https://places.example/\\n"]\n[title]'),
        [("coverage.spatial.0", "descriptor-value")],
    ),
    "a home page with a control character": (
        (IRI, IRI + 'homepage = "https://val-commun.example/\\u0001"\n'),
        [("publisher.homepage", "control-character")],
    ),
    "a base with a line feed": (
        ('base = "https://data.val-commun.example/proposals/"', 'base = "https://data.val-commun.example/\\n"'),
        [("base", "descriptor-value")],
    ),
    "a base with a control character": (
        ('base = "https://data.val-commun.example/proposals/"', 'base = "https://data.val-commun.example/\\u0001/"'),
        [("base", "control-character")],
    ),
    "a base that is a file": (
        ('base = "https://data.val-commun.example/proposals/"', 'base = "file:///etc/"'),
        [("base", "descriptor-value")],
    ),
    "a document that is a file": (
        (LAST, LAST + '[documents.D]\ntitle.en = "D"\nurl = "file:///etc/passwd"\n'),
        [("documents.D.url", "descriptor-value")],
    ),
    "a lookup into where a row comes from": (
        (LAST, LAST + '[lookups.proposals._file]\n"proposals.csv" = "../elsewhere.csv"\n'),
        [("lookups.proposals._file.proposals.csv", "lookup-unused")],
    ),
    "a lookup into a row's number": (
        (LAST, LAST + '[lookups.proposals._row]\n"2" = "x"\n'),
        [("lookups.proposals._row.2", "lookup-unused")],
    ),
}
UNREADABLE = {
    "a number of 5,000 digits": (LAST, f"rows = {'9' * 5000}\n"),
    "a number of 5,000 hexadecimal digits": (LAST, f"rows = 0x{'f' * 5000}\n"),
    "5,000 lists in one another": (LAST, f"{LAST}a = {'[' * 5000}{']' * 5000}\n"),
    "5,000 tables in one another": (LAST, f"{LAST}{'.'.join('a' * 5000)} = 1\n"),
}


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_a_descriptor_that_means_harm(tmp_path: Path, name: str) -> None:
    """A finding at the key; nothing of it reaches the release."""
    edit, expected = DESCRIPTORS[name]
    assert found(publish(laid_out(tmp_path / "corpus", edit))) == [(f"corpus.toml ({k})", c) for k, c in expected]


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_descriptor_made_to_break_its_reader(tmp_path: Path, name: str) -> None:
    """A finding, no traceback: which one depends on where the reading gives up."""
    work = publish(laid_out(tmp_path / "corpus", UNREADABLE[name]))
    assert {f.location.file for f in work.findings} == {"corpus.toml"}
    assert {f.code for f in work.findings} <= {"descriptor-unreadable", "descriptor-value"}


def test_a_lookup_that_empties_a_cell(tmp_path: Path) -> None:
    """An emptied cell is an empty cell: it says nothing, and a required one is a finding."""
    address = '[lookups.proposals.url]\n"https://val-commun.example/p/night-bus" = ""\n'
    assert found(publish(laid_out(tmp_path / "optional", (LAST, LAST + address)))) == []
    assert b"<>" not in (tmp_path / "out" / "minimal.ttl").read_bytes()
    label = '[lookups.proposals.label_en]\n"Run buses after midnight" = ""\n'
    work = publish(laid_out(tmp_path / "required", (LAST, LAST + label)))
    assert found(work) == [("proposals.csv:2:4 (label_en)", "cell-empty")]


# Marks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ['a\rb\r"x', 'a,1,A,B,\r"b', '\r\r\r"', '"a\r",\r"'])
def test_lone_returns_before_an_open_quote(tmp_path: Path, text: str) -> None:
    """Mixed line ends and a quote that does not close: one finding, no traceback."""
    (code,) = {code for _, code in found(publish(laid_out(tmp_path / "corpus", proposals=HEADER + text)))}
    assert code in ("quote-unclosed", "lone-cr")


def test_semicolons_between_quoted_names(tmp_path: Path) -> None:
    """LibreOffice's "quote all text cells": the separator is the cause, not the quotes."""
    quoted = '"id";"position";"label_fr";"label_en"\n"night-bus";1;"A";"B"\n'
    work = publish(laid_out(tmp_path / "corpus", proposals=quoted))
    assert found(work) == [("proposals.csv:1", "wrong-delimiter")]


@pytest.mark.parametrize(
    ("code", "bad"),
    [
        ("nul-byte", b"b,2,\0,B,\n"),
        ("not-utf8", b"b,2,\xe9,B,\n"),
        ("quote-unclosed", b'b,2,"A,B,\n'),
        ("cell-too-long", b"b,2," + b"x" * 1_000_001 + b",B,\n"),
    ],
)
def test_a_fault_in_the_bytes_is_annotated_on_its_line(tmp_path: Path, code: str, bad: bytes) -> None:
    """Line 5, though cells with line breaks stand before: what the text says, code hosts are told too."""
    work = publish(laid_out(tmp_path / "corpus", proposals=(HEADER + 'a,1,"A\nA\nA",B,\n').encode() + bad))
    assert [f.code for f in work.findings] == [code]
    made = rendered(work)
    assert ",line=5," in made["github"]
    region = json.loads(made["sarif"])["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == 5


# What is shown -------------------------------------------------------------------------------------------------------

ESCAPE = "\x1b[2J\n::error::pwned"


def _file(name: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        laid_out(folder)
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:  # noqa: PTH123 - a name that is no text
            file.write(b"x")
        return folder

    return make


SHOWN: dict[str, Callable[[Path], Path]] = {
    "a file's name": _file(ESCAPE.encode() + b".csv"),
    "a file's name that is not UTF-8": _file("données.csv".encode("latin-1")),
    "a file's name with the signs of a command": _file(b"a,b:c%.csv"),
    "a key": lambda folder: laid_out(folder, (LAST, LAST + '[lookups]\n"\\u001b[2J\\n::error::pwned" = 1\n')),
    "a column's name": lambda folder: laid_out(folder, proposals=f'{HEADER[:-1]},"{ESCAPE}"\n'),
    "a cell": lambda folder: laid_out(folder, proposals=f'{HEADER}"{ESCAPE}",1,A,B,\n'),
    "the nearest key": lambda folder: laid_out(folder, proposals=f'{HEADER}"night-bus{ESCAPE}",1,A,B,\n'),
    "a key of TOML that is no TOML": lambda folder: laid_out(folder, (LAST, f'{LAST}"\x1b[2J" = 1\n')),
}


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_unprintable_is_shown(tmp_path: Path, name: str) -> None:
    """A stranger's names neither write to a terminal nor give a code host commands."""
    work = publish(SHOWN[name](tmp_path / "corpus"))
    assert work.findings
    made = rendered(work)
    assert [line for line in made["text"].split("\n") if not line.isprintable()] == []
    assert not any(line.startswith("::") for line in made["text"].split("\n"))
    annotations = made["github"].split("\n")
    assert len(work.findings) == len(annotations)
    assert all(line.isprintable() and line.startswith(("::error file=", "::warning file=")) for line in annotations)
    assert all(line.split("::")[1].count(",") == 2 for line in annotations)  # file, line, title
    assert json.loads(made["json"])
    assert json.loads(made["sarif"])


# No reaching out -----------------------------------------------------------------------------------------------------


_REACHES = ("socket", "subprocess", "urllib", "http", "ftplib", "smtplib")
_STARTS = ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn")


class Watch:
    """What the process opens, connects to and starts: Python's audit events, kept while `seen` is a list."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] | None = None
        self.refused: str = ""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            path = os.fsdecode(arguments[0])
            if self.refused and path == self.refused:
                raise PermissionError(13, "Permission denied", path)
            if self.seen is not None:
                self.seen.append((event, path))
        elif self.seen is not None and (event in _STARTS or event.partition(".")[0] in _REACHES):
            self.seen.append((event, str(arguments)))

    @contextlib.contextmanager
    def refusing(self, path: Path) -> Iterator[None]:
        """While entered, that file cannot be opened."""
        self.refused = str(path)
        try:
            yield
        finally:
            self.refused = ""

    def outside(self, *allowed: Path) -> list[tuple[str, str]]:
        """What was seen, but for files under the allowed folders."""
        roots = [str(p.resolve()) for p in allowed]
        return [
            (event, what)
            for event, what in self.seen or ()
            if event != "open" or not any(_under(os.path.realpath(what), root) for root in roots)
        ]


def _under(path: str, root: str) -> bool:
    return path == root or path.startswith(root + os.sep)


_WATCH: list[Watch] = []  # an audit hook cannot be taken away: one for all


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The one watch, not watching yet."""
    if not _WATCH:
        _WATCH.append(Watch())
    yield _WATCH[0]
    _WATCH[0].seen = None


REACHING: dict[str, tuple[list[Edit], dict[str, str]]] = {
    "nothing": ([], {}),
    "lookups into where rows come from": (
        [(LAST, LAST + '[lookups.proposals._file]\n"proposals.csv" = "../elsewhere.csv"\n')],
        {"proposals": HEADER + "night-bus,0,A,B,\nshade,2,A,B,\narchive,3,A,B,\n"},
    ),
    "the same, absolute": (
        [(LAST, LAST + '[lookups.proposals._file]\n"proposals.csv" = "/etc/passwd.csv"\n')],
        {"proposals": HEADER + "night-bus,0,A,B,\nshade,2,A,B,\narchive,3,A,B,\n"},
    ),
    "tables named by a path": ([(LAST, LAST + '["assertions"."../elsewhere"]\nrows = 1\n')], {}),
    "documents named by a path": ([(LAST, LAST + '[documents."../elsewhere"]\ntitle.en = "D"\n')], {}),
    "a document on the web": (
        [(LAST, LAST + '[documents.D]\ntitle.en = "D"\nurl = "http://127.0.0.1:9/d.jsonld"\n')],
        {},
    ),
    "a name that is a path": ([('name = "minimal"', 'name = "../../minimal"')], {}),
    "a base on the web": (
        [('base = "https://data.val-commun.example/proposals/"', 'base = "http://127.0.0.1:9/"')],
        {},
    ),
    "sources that are files": ([], {"sources": "id,url,trace_status\na,file:///etc/passwd,not-attempted\n"}),
    "a source on the web": ([], {"sources": "id,url,trace_status\na,http://127.0.0.1:9/,not-attempted\n"}),
    "identifiers that are paths": ([], {"proposals": HEADER + "../../a,1,A,B,\n/etc/passwd,2,A,B,\n..,3,A,B,\n"}),
    "cells that are paths": (
        [],
        {"proposals": HEADER + "night-bus,1,/etc/passwd,file:///etc/passwd,\nshade,2,../a.csv,B,\narchive,3,A,B,\n"},
    ),
    "a column that is a path": ([], {"proposals": "id,position,label_fr,label_en,../../etc/passwd\n"}),
}


@pytest.mark.parametrize("name", REACHING)
def test_a_corpus_opens_nothing_outside_its_folder(tmp_path: Path, watch: Watch, name: str) -> None:
    """During a run nothing is opened but the corpus, the release beside it and what the house ships; nothing is fetched or run."""
    edits, tables = REACHING[name]
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "elsewhere.csv").write_text("secret\n" * 9, encoding="utf-8")
    (inside / "elsewhere.csv").write_text("secret\n" * 9, encoding="utf-8")
    publish(laid_out(inside / "warm"))  # imports and caches
    out = inside / "release" / "out"
    folder = laid_out(inside / "corpus", *edits, **tables)
    watch.seen = []
    work, _ = stages.publish(folder, out, Run(today=TODAY))
    rendered(work)
    shipped = [Path(corpus_folder.__file__).parents[1], schema.shipped("schema"), schema.shipped("shapes")]
    python = [Path(p) for p in (sys.base_prefix, sys.prefix, *site.getsitepackages())]  # imports that came late
    assert watch.outside(folder, out.parent, *shipped, *python) == []


def test_links_and_paths_in_the_first_corpus(tmp_path: Path, watch: Watch) -> None:
    """The first corpus, whose sources are all on the web, is published without a look at them."""
    folder = tmp_path / "corpus"
    shutil.copytree(REAL, folder)
    publish(laid_out(tmp_path / "warm"))
    watch.seen = []
    work, _ = stages.publish(folder, tmp_path / "release" / "out", Run(today="2030-01-01"))
    assert work.findings == []
    shipped = [
        ROOT / "pipeline",
        schema.shipped("schema"),
        schema.shipped("shapes"),
        Path(sys.base_prefix),
        Path(sys.prefix),
    ]
    assert watch.outside(folder, tmp_path / "release", *shipped) == []


def test_the_watch_sees(tmp_path: Path, watch: Watch) -> None:
    """The proof's own proof: a file opened outside, and a socket, are seen."""
    import socket

    watch.seen = []
    (tmp_path / "a").write_text("x", encoding="utf-8")
    socket.socket().close()
    assert {event for event, _ in watch.outside(tmp_path / "b")} >= {"open", "socket.__new__"}
