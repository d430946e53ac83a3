"""Whatever stands in a string of the descriptor, it is a finding, or every file of the release can be read."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import bibtexparser
import pyoxigraph as ox
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from openproposals import stages
from openproposals.corpus import descriptor
from openproposals.findings import Finding, conforms
from openproposals.stages import Run
from support.places import DIST, MINIMAL

pytestmark = pytest.mark.slow

TODAY = "2030-01-01"
BOTH = {"fr": "f", "en": "e"}
WHOLE: dict[str, Any] = {
    **json.loads(json.dumps(tomllib.loads((MINIMAL / "corpus.toml").read_text(encoding="utf-8")), default=str)),
    "keywords": {"fr": ["bus", "nuit"], "en": ["bus"]},
    "themes": ["SOCI"],
    "gzip": True,
    "keep_releases": True,
    "history": {"0.1.0": {"released": "2026-01-31", "url": "https://val-commun.example/r/", "notes": BOTH}},
    "withdrawn": {"proposal/old": {"since": "0.1.0", "reason": BOTH}},
    "coverage": {"spatial": ["https://val-commun.example/place"], "start": "2025-01-01", "box": [1, 2, 3, 4]},
    "documents": {"D": {"title": BOTH, "label": BOTH, "provenance": BOTH, "url": "https://val-commun.example/d"}},
    "texts": {"T": {"document": "D", "characters": 1, "sha256": "0" * 64, "extraction": BOTH}},
    "lookups": {"proposals": {"label_fr": {"Ouvrir les archives de la mairie": "Ouvrir les archives"}}},
}
WHOLE["publisher"] |= {"homepage": "https://val-commun.example/"}
Path_ = tuple[str | int, ...]


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Where the strings stand."""
    if isinstance(value, str):
        yield path
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from leaves(item, (*path, key))


PLACES = [p for p in leaves(WHOLE) if p[0] != "assertions"]
FREE = [p for p in PLACES if p[0] in ("title", "description", "rights", "keywords") or {"fr", "en", "name"} & {*p}]
FREE = [p for p in FREE if p != ("name",)]


def toml(value: Any) -> str:
    """A value as TOML, in line."""
    if isinstance(value, str):
        escaped = json.dumps(value, ensure_ascii=False)
        return re.sub("[\x7f-\x9f]", lambda m: f"\\u{ord(m[0]):04X}", escaped)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(toml, value)) + "]" if isinstance(value, list) else json.dumps(value)


def with_strings(edits: list[tuple[Path_, str]]) -> str:
    """The descriptor with these strings in these places."""
    changed = copy.deepcopy(WHOLE)
    for path, text in edits:
        holder: Any = changed
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = text
    return "".join(f"{key} = {toml(value)}\n" for key, value in changed.items())


class Balanced(HTMLParser):
    """A page whose tags close in the order in which they were opened; its scripts, which are kept."""

    VOID = frozenset(["br", "hr", "img", "input", "link", "meta", "source", "wbr"])

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data


def triples(data: bytes, syntax: ox.RdfFormat) -> int:
    return len({str(q.triple) for q in ox.parse(data, format=syntax, base_iri="https://val-commun.example/")})


def parses(path: Path) -> None:
    """A file is what its name says, by a reader that is not ours."""
    data = path.read_bytes()
    match path.name.rpartition(".")[2]:
        case "rdf":
            etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
            assert triples(data, ox.RdfFormat.RDF_XML)
        case "ttl" | "void":
            assert triples(data, ox.RdfFormat.TURTLE)
        case "jsonld":
            assert json.loads(data)
            assert triples(data, ox.RdfFormat.JSON_LD)
        case "json":
            assert json.loads(data)
        case "csv":
            excel = path.name == "figures-excel.csv"
            text = io.StringIO(data.decode("utf-8-sig"), newline="")
            rows = list(csv.reader(text, delimiter=";" if excel else ",", strict=True))
            assert len({len(row) for row in rows}) == 1
        case "html":
            page = Balanced()
            page.feed(data.decode())
            page.close()
            assert page.open == []
            assert [json.loads(script) for script in page.scripts]
        case "cff" | "yml":
            assert yaml.safe_load(data)
        case "conf":
            assert data.count(b"{") == data.count(b"}")
        case "bib":
            assert not bibtexparser.parse_string(data.decode()).failed_blocks
        case "gz" | "htaccess":
            assert data
        case _:
            assert path.name == "SHA256SUMS"
            assert all(re.fullmatch("[0-9a-f]{64}  .+", line) for line in data.decode().splitlines())


def published(text: str) -> list[Finding]:
    """What is found in the minimal corpus with this descriptor; published, each file of its release has been read."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(MINIMAL, Path(temporary) / "corpus"))
        (folder / "corpus.toml").write_bytes(text.encode())
        out = Path(temporary) / "out"
        work, _ = stages.publish(folder, out, Run(today=TODAY))
        if not work.conforms:
            assert not conforms(work.findings)
            assert not out.exists()
            return work.findings
        for path in sorted(p for p in out.rglob("*") if p.is_file()):
            parses(path)
        same = {triples((out / f"catalog.{x}").read_bytes(), s) for x, s in SYNTAXES.items()}
        assert len(same) == 1
        said = descriptor.parse(text)[0] or {}
        cited = yaml.safe_load((out / "CITATION.cff").read_bytes())
        assert cited["title"] == said["title"]["en"]
        assert cited["abstract"] == said["description"]["en"]
        return work.findings


SYNTAXES = {"ttl": ox.RdfFormat.TURTLE, "rdf": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD}
NASTY = [
    *(
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "</script><script>",
        "<b>",
        "&amp;",
        "&",
        "&#0;",
        "<?xml?>",
        "\\",
        "\\u0041",
        '"',
        '"""',
    ),
    *(
        "'",
        "\r",
        "a\rb",
        "\r\n",
        "\n",
        "\n---\n",
        "\t",
        "{",
        "}",
        "{{",
        "${x}",
        "$1",
        "%1",
        "%s",
        "@en",
        "^^",
        "# a",
        ": b",
    ),
    *(
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u200b",
        "\u202e",
        "\ufdd0",
        "\U0001ffff",
        "\U0010ffff",
        "\ue000",
        "e\u0301",
        "🚌",
        "\u0338",
    ),
    *(
        "x" * 100_000,
        " ",
        "\xa0",
        "null",
        "true",
        "- a",
        "? a",
        "*a",
        "!a",
        "|",
        ">",
        "\\n",
        ".",
        "..",
        "/",
        "=1+1",
        "a;b",
        "`",
    ),
]
CONTROLS = [
    "\x01",
    "\x07",
    "\x08",
    "\x0b",
    "\x0c",
    "\x1b[2J",
    "\x1f",
    "\x7f",
    "\x80",
    "\x85",
    "\x9f",
    "\ufffe",
    "\uffff",
]
letters = st.characters(codec="utf-8", exclude_characters="\0")
strings = st.one_of(
    st.lists(st.sampled_from(NASTY), min_size=1, max_size=3).map("".join),
    st.text(letters, min_size=1, max_size=12),
    st.sampled_from([f"a{c}b" for c in CONTROLS]),
)
edits = st.lists(st.tuples(st.sampled_from(FREE), strings), min_size=1, max_size=12)
one = st.tuples(st.sampled_from(PLACES), strings)


@settings(max_examples=max(settings().max_examples // 5, 5))
@example([(path, "".join(NASTY[:60])) for path in FREE])
@example([(path, "x" * 100_000) for path in FREE])
@example([(path, "a\rb \u2028 \u2029 c\ufeff") for path in FREE])
@given(edits)
def test_any_text_is_a_finding_or_can_be_read_everywhere(changes: list[tuple[Path_, str]]) -> None:
    """Any strings in the fields that take any."""
    published(with_strings(changes))


@settings(max_examples=max(settings().max_examples // 5, 5))
@given(one)
def test_any_string_is_a_finding_or_can_be_read_everywhere(change: tuple[Path_, str]) -> None:
    """Any string in any field, those that take only dates, addresses or codes too."""
    published(with_strings([change]))


def test_the_whole_descriptor_is_published() -> None:
    """With every field in it, so that the properties above are about a release."""
    assert published(with_strings([])) == []


@pytest.mark.parametrize("path", PLACES, ids=lambda p: ".".join(map(str, p)))
def test_a_control_character_is_found_wherever_it_stands(path: Path_) -> None:
    """At the key's path, for each sign that XML cannot hold; a sign of direction is told, and stops nothing by itself."""
    for sign in CONTROLS:
        said, found = descriptor.parse(with_strings([(path, f"a{sign}b")]))
        assert said is None
        assert "control-character" in {f.code for f in found if f.location.name == ".".join(map(str, path))}
    said, found = descriptor.parse(with_strings([(path, "a\u202eb")]))
    assert "bidi-override" in {f.code for f in found if f.location.name == ".".join(map(str, path))}
    assert (said is not None) == conforms(found)


def test_a_control_character_is_found_in_a_key() -> None:
    """As in a value."""
    found = descriptor.parse(with_strings([]) + '[ext."a\\u0007b"]\n"c\\uFFFEd" = 1\n')[1]
    assert {(f.location.name, f.code) for f in found if f.code == "control-character"} == {
        ("ext.a\x07b", "control-character"),
        ("ext.a\x07b.c\ufffed", "control-character"),
    }


def test_the_names_that_are_taken_are_those_of_a_release(tmp_path: Path) -> None:
    """Computed from releases: the published one, and one with every field, gzipped dumps and older releases."""
    corpus_ = Path(shutil.copytree(MINIMAL, tmp_path / "corpus"))
    for version in ("0.1.0", "0.2.0"):
        changed = copy.deepcopy(WHOLE) | {"version": version}
        changed["history"]["0.2.0"] = {"released": "2026-01-31"}
        text = "".join(f"{key} = {toml(value)}\n" for key, value in changed.items())
        (corpus_ / "corpus.toml").write_text(text, encoding="utf-8")
        work, _ = stages.publish(corpus_, tmp_path / "out", Run(today=TODAY))
        assert work.conforms, work.findings
    entries = {p.name for folder in (DIST, tmp_path / "out") for p in folder.iterdir() if not p.name.startswith(".")}
    stems = {name.partition(".")[0].casefold() for name in entries}
    assert stems - {"vivre-ensemble", "minimal"} == descriptor.TAKEN


@pytest.mark.parametrize("name", sorted(descriptor.TAKEN))
def test_a_name_that_is_taken_is_a_finding_whose_mend_mends(name: str) -> None:
    """It says so, and the name it proposes is one that can be published."""
    found = published(with_strings([(("name",), name)]))
    assert [(f.code, f.location.name, f.cell) for f in found] == [("name-taken", "name", name)]
    said, problems = descriptor.parse(with_strings([(("name",), found[0].facts["near"])]))
    assert said is not None
    assert problems == []
