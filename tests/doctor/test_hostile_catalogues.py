"""Catalogues made to end the process, fill the memory or take minutes: each is refused in words, or read in time."""

from __future__ import annotations

import contextlib
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from openproposals import places
from openproposals.doctor import addresses, catalogue, catalogue_graph, checks, examination, official, score
from openproposals.doctor.catalogue import Document
from openproposals.errors import UsageError
from openproposals.guards import child
from openproposals.release import ours
from support.places import DIST, SHARED, needs_standards

pytestmark = pytest.mark.slow

TODAY = "2026-12-31"
TURTLE = ox.RdfFormat.TURTLE.media_type
PREFIXES = (
    "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in checks.PREFIXES.items()) + "@prefix : <http://e.org/> .\n"
)
MANY = 2000


def each(what: str, number: int = MANY) -> str:
    """`what` once for each number, which stands for a $, with commas between."""
    return ", ".join(what.replace("$", str(n)) for n in range(number))


def lines(what: str, number: int = MANY) -> str:
    """`what` once for each number, which stands for a $."""
    return "".join(what.replace("$", str(n)) for n in range(number))


def turtle(text: str) -> Document:
    """A catalogue in Turtle, its prefixes put in front."""
    return Document("theirs.ttl", (PREFIXES + text).encode(), TURTLE)


def nested(before: str, middle: str, after: str, depth: int) -> str:
    """A text within itself."""
    return before * depth + middle + after * depth


STAR = f"<a:s> <a:p> {nested('<<( <a:a> <a:b> ', '<a:c>', ' )>>', 10_000)} ."
DEEP_XML = nested("<e:N><e:p>", "", "</e:p></e:N>", 100_000)
RDF = f'<rdf:RDF xmlns:rdf="{checks.PREFIXES["rdf"]}" xmlns:e="http://e.org/">{DEEP_XML}</rdf:RDF>'
BOMB = f"@prefix p: <http://e.org/{'a' * 200_000}> .\n" + lines("p:s$ p:p p:o$ .\n", 5000)
REFUSED = {
    "quoted.ttl": STAR,
    "quoted.nt": STAR,
    "deep.rdf": RDF,
    "prefixes.ttl": BOMB,
    "remarks.ttl": PREFIXES + lines(":s$ a dcat:Dataset, dcat:Distribution, dcat:Catalog .\n", 30_000),
}
LONG = {"deep.rdf"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] if name in LONG else []) for name in REFUSED]
)
def test_a_hostile_catalogue_is_refused_in_words(tmp_path: Path, name: str) -> None:
    """One sentence with a mend and exit 2, in less than 40 s of processor time and a gigabyte of memory."""
    (tmp_path / name).write_text(REFUSED[name])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "openproposals", "doctor", str(tmp_path / name)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env={"LANG": "C.UTF-8"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (2, "") == (ended.returncode, ended.stdout)
    assert "mend:" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert after.ru_utime - before.ru_utime < 40
    assert after.ru_maxrss < 1 << 20  # kilobytes, of the largest child of these tests


PRODUCTS = {
    "starts and ends": f":d dcat:startDate {each('$')} ; dcat:endDate {each('$')} .",
    "titles in no language of ours": ":d a dcat:Dataset ; dct:title " + each('"a"@x-$') + " ; dct:description " + each('"b"@x-$') + " .",
    "distributions of one address": lines(":d$ a dcat:Distribution ; dcat:accessURL :x .\n"),
    "datasets of one identifier": lines(':d$ a dcat:Dataset ; dct:identifier "x" .\n'),
    "versions of one thing": lines(":d$ dcat:hasVersion :l .\n") + f":l a {each(':T$')} .",
    "licences and labels": lines(":d$ dct:license :l .\n") + f":l rdfs:label {each(':x$')} ; dct:title {each(':x$')} .",
    "places and boxes": lines(":d$ dct:spatial :l .\n") + f":l dcat:bbox {each(':x$')} .",
    "formats and media types": f":d a dcat:Distribution ; dct:format {each('<http://publications.europa.eu/resource/authority/file-type/$>')} ; "
    f"dcat:mediaType {each('<https://www.iana.org/assignments/media-types/$>')} .",
    "addresses, sizes and sums": f":d dcat:downloadURL {each(':u$')} ; dcat:byteSize {each('$')} ; spdx:checksum {each(':c$')} .\n"
    + lines(':c$ spdx:checksumValue "1", "2", "3" .\n'),
    "checksums shared": lines(":d$ dcat:downloadURL :u ; spdx:checksum :l .\n") + f":l spdx:checksumValue {each(':x$')} .",
}  # fmt: skip


@pytest.mark.parametrize("text", PRODUCTS.values(), ids=PRODUCTS.keys())
def test_no_query_of_ours_is_a_product(text: str) -> None:
    """Two thousand values of one property and as many of another take no more than a few seconds of processor time."""
    begun = time.process_time()
    examination.examined(turtle(text), TODAY)
    assert time.process_time() - begun < 4


def test_what_the_queries_still_find() -> None:
    """Shared addresses and identifiers, a period backwards, a missing language: found, and only where they are."""
    found = catalogue_graph.read(
        turtle("""
        :s dcat:distribution :a, :b, :d, :e ; dct:temporal [ dcat:startDate "2024-02-01"^^xsd:date ; dcat:endDate "2023-02-01"^^xsd:date ] .
        :a a dcat:Distribution ; dcat:downloadURL :x ; dcat:accessURL :page .
        :b a dcat:Distribution ; dcat:downloadURL :x . :c a dcat:Distribution ; dcat:downloadURL :y ; dcat:accessURL :page .
        :d a dcat:Distribution ; dcat:accessURL :page2 . :e a dcat:Distribution ; dcat:accessURL :page2 .
        :s a dcat:Dataset ; dct:title "Titel"@de, "Titre"@fr ; dct:identifier "1", "2" .
        :t a dcat:Dataset ; dct:title "Titel"@de ; dct:identifier "1" .
        """)
    )
    remarks = checks.examine(found, TODAY)

    def nodes(code: str) -> set[str]:
        return {remark.node.rpartition("/")[2] for remark in remarks if remark.code == code}

    assert {"b", "e"} == nodes("one-address-twice")
    assert {"s dct:temporal"} == nodes("period-backwards")
    assert {"s", "t"} == nodes("no-english")
    assert {"t"} == nodes("identifier-shared")
    assert "download-url" not in score.held(found)[0].earned
    assert addresses.named(found).claims


def test_the_child_gives_what_it_found_here() -> None:
    """What crosses the pipe is what was found: remarks, addresses, claims, points."""
    document = Document("catalog.ttl", (DIST / "catalog.ttl").read_bytes(), TURTLE)
    here, there = examination.examined(document, TODAY), examination.examine(document, TODAY)
    assert list(here.remarks) == list(there.remarks)
    assert here.named == there.named
    assert list(here.held) == list(there.held)
    assert here.datasets == there.datasets > 0


@needs_standards
@pytest.mark.parametrize("reason", ["memory", "time", "crash"])
def test_shapes_that_do_not_end(monkeypatch: pytest.MonkeyPatch, reason: child.Reason) -> None:
    """The official shapes, run on a catalogue that takes more than it may, end in words."""

    def stopped(*_: object) -> bytes:
        raise child.OutOfBounds(reason)

    monkeypatch.setattr(child, "run", stopped)
    with pytest.raises(UsageError, match=r"to examine|could not be examined") as error:
        official.judge(turtle(""), SHARED / "standards" / "dcat-ap-3.0.1")
    assert error.value.mend


LOOPS = {
    "lists": ":l rdf:first :l ; rdf:rest :l . :d a dcat:Dataset ; dct:title :l ; dcat:theme :l . :l a dcat:Dataset .",
    "shapes": "@prefix sh: <http://www.w3.org/ns/shacl#> . :s a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:node :s . :d a dcat:Dataset .",
    "subclasses": lines(":c$ rdfs:subClassOf :c$0, :c1 .\n", 300) + ":x a :c1 .",
}  # fmt: skip


@needs_standards
@pytest.mark.parametrize("name", LOOPS)
def test_shapes_on_a_graph_with_loops(name: str) -> None:
    """Lists, shapes and classes that lead back to themselves, in the data: judged, or refused in words."""
    with contextlib.suppress(UsageError):
        official.judge(turtle(LOOPS[name]), SHARED / "standards" / "dcat-ap-3.0.1")


@pytest.mark.parametrize("sign", ["", "-"])
def test_an_integer_too_long_is_named(sign: str) -> None:
    """Where the document has to be written anew without its remote context; without one, it is read as it stands."""
    number = sign + "9" * 5000
    text = f'{{"@context": ["http://e.org/c", {{"p": "http://e.org/p"}}], "@id": "http://e.org/a", "p": {number}}}'
    with pytest.raises(UsageError) as refused:
        catalogue_graph.read(Document("theirs.jsonld", text.encode(), ox.RdfFormat.JSON_LD.media_type))
    for lang in ("en", "fr"):
        said = refused.value.text(lang)  # type: ignore[arg-type]
        assert f"{number[:20]}... {'has 5000 digits' if lang == 'en' else 'a 5000 chiffres'}" in said
        assert "LoadDocument" not in said
    alone = text.replace('"http://e.org/c", ', "")
    read = catalogue_graph.read(Document("theirs.jsonld", alone.encode(), ox.RdfFormat.JSON_LD.media_type))
    assert len(read.quads) == 1


def test_only_files_that_the_catalogue_names_are_hashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beside them may be of any size; of those it names, so many bytes are hashed, and the rest is unchecked."""
    shutil.copytree(DIST, tmp_path / "r")
    huge = tmp_path / "r" / "x.bin"
    with huge.open("wb") as file:
        file.truncate(1 << 40)
    hashed: list[str] = []

    def digest(path: Path) -> ours.FileDigest:
        assert path.stat().st_size < 1 << 30
        hashed.append(path.name)
        return ours.digest(path)

    monkeypatch.setattr(catalogue, "digest", digest)
    document = catalogue.opened(places.find(str(tmp_path / "r"), "release"), lambda *_: False)
    named = examination.examine(document, TODAY).named
    found = addresses.follow(named, document.files)
    assert "figures.csv" in hashed
    assert {"x.bin", "catalog.ttl", "SHA256SUMS"} & set(hashed) == set()
    assert {link.found for link in found} <= {"in-release", "unchecked"}
    assert not [link for link in found if link.how == "spdx:checksumValue"]
    with (tmp_path / "r" / "figures.csv").open("r+b") as file:
        file.truncate(1 << 40)
    found = addresses.follow(named, catalogue.FolderFiles(tmp_path / "r"))
    said = {(link.found, link.how.partition(" ")[0]) for link in found if link.address.endswith("/figures.csv")}
    assert {("untrue", "dcat:byteSize"), ("unchecked", "spdx:checksumValue")} <= said


UNREADABLE = {
    "text.ttl": b"@@@",
    "latin1.ttl": '<a:s> <a:p> "été" .'.encode("latin-1"),
    "nul.ttl": b"\0\0\0",
    "half.rdf": b"<a>",
    "half.jsonld": b'{"@id": ',
    "half.nt": b"<a:s> <a:p>",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_rdf_is_refused_with_the_parser_s_reason(tmp_path: Path, name: str) -> None:
    """In the sealed child rdflib is asked too; the reason is a place in the file, never how deep it is nested."""
    (tmp_path / name).write_bytes(UNREADABLE[name])
    place = places.File(tmp_path / name)
    document = catalogue.opened(place, lambda _, __: False)
    with pytest.raises(UsageError) as refused:
        examination.examine(document, TODAY)
    assert refused.value.key == "catalogue-syntax"


XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#">{}</rdf:RDF>'
NOT_QUITE = {  # what is not quite in its syntax, and whether rdflib reads it, which both harvesters read with
    "stray.rdf": (XML.format('<dcat:Dataset rdf:about="https://e.org/d">stray</dcat:Dataset>'), True),
    "about.rdf": (XML.format('<dcat:Dataset about="https://e.org/d"/>'), True),
    "space.ttl": ("<https://e.org/a b> a <http://www.w3.org/ns/dcat#Dataset> .", True),
    "language.rdf": (
        XML.format(
            '<dcat:Dataset rdf:about="https://e.org/d"><dcat:keyword xml:lang="fr_FR">a</dcat:keyword></dcat:Dataset>'
        ),
        False,
    ),
    "twice.rdf": (XML.format('<dcat:Dataset rdf:ID="a"/><dcat:Dataset rdf:ID="a"/>'), False),
    "lines.ttl": (
        '<https://e.org/d> a <http://www.w3.org/ns/dcat#Dataset> ; <http://www.w3.org/ns/dcat#keyword> "a\nb" .',
        False,
    ),
}


@pytest.mark.parametrize("name", NOT_QUITE)
def test_what_is_not_quite_in_its_syntax_is_read_where_the_harvesters_parser_reads_it(name: str) -> None:
    """In the sealed child, which can load nothing later; elsewhere nothing is said to be taken of what no portal reads."""
    said, read = NOT_QUITE[name]
    document = Document(name, said.encode(), catalogue.SYNTAXES[f".{name.rpartition('.')[2]}"].media_type)
    if read:
        assert examination.examine(document, TODAY).datasets == 1
    else:
        with pytest.raises(UsageError) as refused:
            examination.examine(document, TODAY)
        assert refused.value.key == "catalogue-syntax"


def test_a_page_is_no_catalogue(tmp_path: Path) -> None:
    """It is said so, with what to give instead."""
    (tmp_path / "index.html").write_text("<html></html>")
    with pytest.raises(UsageError) as refused:
        catalogue.opened(places.File(tmp_path / "index.html"), lambda _, __: False)
    assert refused.value.key == "catalogue-is-page"
