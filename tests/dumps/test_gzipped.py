"""A dump that also stands in the release gzipped: the same bytes, no time in them, and the catalogue says so."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCAT

from openproposals import stages
from openproposals.dumps import blocks, gzipped
from openproposals.stages import Run
from support.places import MINIMAL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small corpus that asks for it."""
    shutil.copytree(MINIMAL, tmp_path / "corpus")
    descriptor = tmp_path / "corpus" / "corpus.toml"
    descriptor.write_text("gzip = true\n" + descriptor.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path / "corpus"


def test_each_dump_stands_there_twice(folder: Path, tmp_path: Path) -> None:
    """Compressed, it is the same; made again, it is the same to the byte; SHA256SUMS has it."""
    for out in ("one", "two"):
        work, _ = stages.publish(folder, tmp_path / out, Run())
        assert work.findings == []
    for dump in ("minimal.ttl", "minimal.jsonld"):
        packed = (tmp_path / "one" / f"{dump}.gz").read_bytes()
        assert gzip.decompress(packed) == (tmp_path / "one" / dump).read_bytes()
        assert packed[4:8] == bytes(4)  # RFC 1952, MTIME: none
        assert packed == (tmp_path / "two" / f"{dump}.gz").read_bytes()
        assert f"  {dump}.gz\n" in (tmp_path / "one" / "SHA256SUMS").read_text()


def test_the_catalogue_names_it(folder: Path, tmp_path: Path) -> None:
    """A distribution of its own, with its true size, in Turtle, packed with gzip."""
    stages.publish(folder, tmp_path / "out", Run())
    catalogue = rdflib.Graph().parse(tmp_path / "out" / "catalog.ttl")
    packed = {str(d): d for d in catalogue.subjects(DCAT.compressFormat, None)}
    assert {name.rpartition("#")[2] for name in packed} == {"minimal.ttl.gz", "minimal.jsonld.gz"}
    for name, there in packed.items():
        size = (tmp_path / "out" / name.rpartition("#")[2]).stat().st_size
        assert int(str(catalogue.value(there, DCAT.byteSize))) == size
        media = "text/turtle" if name.endswith(".ttl.gz") else "application/ld+json"
        assert str(catalogue.value(there, DCAT.mediaType)).endswith(media)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert 'href="minimal.ttl.gz"' in page


def test_nothing_is_compressed_unasked(tmp_path: Path) -> None:
    stages.publish(MINIMAL, tmp_path / "out", Run())
    assert not list((tmp_path / "out").rglob("*.gz"))


def test_pieces_come_in_order() -> None:
    """However many wait, they are compressed in the order they were given."""
    plain, packed = blocks.MemorySink(), blocks.MemorySink()
    with gzipped.beside(plain, packed) as sink:
        for number in range(1000):
            sink.write(f"{number}\n".encode() * 50)
    assert gzip.decompress(packed.data()) == plain.data()


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """What the compressing thread could not write is an error of the run."""

    class Full:
        def write(self, data: bytes | memoryview, /) -> object:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), gzipped.beside(blocks.MemorySink(), Full()) as sink:
        sink.write(b"x")
