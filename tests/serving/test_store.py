"""The store is built once for what is in it; a user is told which of the two happens."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest

from openproposals.errors import UsageError
from openproposals.release import ours
from openproposals.serving import store
from openproposals.serving.offers import Offer, OfferedFile
from openproposals.serving.pool import Pool, QueryBounds


class Heard:
    """A progress that notes its stages."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def stage(self, name: str) -> None:
        """Note a stage."""
        self.stages.append(name)

    def rows(self, done: int, total: int) -> None:
        """Do nothing."""


def test_a_store_that_is_kept_is_not_said_to_be_built(tmp_path: Path) -> None:
    """Built, then kept; built again when what is in it is another."""
    heard, dump = Heard(), tmp_path / "x.ttl"
    for text in ("<http://e/s> <http://e/p> 1 .", "<http://e/s> <http://e/p> 1 .", "<http://e/s> <http://e/p> 1, 2 ."):
        dump.write_text(text)
        file = OfferedFile(
            dump, hashlib.sha256(text.encode()).hexdigest(), "text/turtle", ours.FileStamp.of(dump.stat())
        )
        made = store.built([Offer("x", "1.0.0", "http://e/", {"x.ttl": file})], tmp_path / "kept", heard)
        made.in_use.close()
    assert (heard.stages, made.graphs) == (["store", "kept_store", "store"], {"http://e/": 2})


def test_a_release_in_parts_is_loaded_part_by_part(tmp_path: Path) -> None:
    """Each part is gzipped N-Triples; one that is broken is refused, and no store is left."""
    files = {}
    for number in range(3):
        data = gzip.compress(f"<http://e/{number}> <http://e/p> <http://e/0> .\n".encode())
        name = f"x.nt.gz/part-{number:05}.nt.gz"
        part = tmp_path / name
        part.parent.mkdir(exist_ok=True)
        part.write_bytes(data if number < 2 else data[:-6])
        mark = ours.FileStamp.of(part.stat())
        files[name] = OfferedFile(part, hashlib.sha256(data).hexdigest(), "application/gzip", mark)
    broken = files.popitem()
    made = store.built([Offer("x", "1.0.0", "http://e/", files)], tmp_path / "kept", Heard())
    made.in_use.close()
    assert made.graphs == {"http://e/": 2}
    with pytest.raises(UsageError, match="part-00002"):
        store.built([Offer("x", "1.0.0", "http://e/", {**files, broken[0]: broken[1]})], tmp_path / "kept", Heard())
    assert len([path for path in (tmp_path / "kept" / "stores").iterdir() if path.is_dir()]) <= 1


def test_a_store_of_many_files_is_read_by_workers_that_may_open_no_more(tmp_path: Path) -> None:
    """The engine opens few files when it opens a store; what the others hold is answered all the same, sealed."""
    folder, graph = tmp_path / "store", "http://e/"
    made = ox.Store(str(folder))
    for part in range(3):  # each load is files of its own, which are put together from the fourth on
        lines = "".join(
            f'<http://e/{part}-{n}> <http://e/p{n % 3}> <http://e/{(part + 1) % 3}-{n * 7 % 300}>, "{part} {n}" .\n'
            for n in range(300)
        )
        made.bulk_load(input=lines.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
    made.flush()
    del made
    assert len([*folder.glob("*.sst")]) > 20
    asked = {
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }": 1800,
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s <http://e/p1> ?o } }": 600,
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?o ?q ?r FILTER(STRLEN(STR(?r)) > 2) }": 1800,
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?o ?p <http://e/2-7> } }": 1,
        "SELECT (COUNT(*) AS ?n) { ?s ?p <http://e/1-7> }": 1,
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g {} }": 1,
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { VALUES ?s { <http://e/0-5> <http://e/1-5> <http://e/2-5> } ?s ?p ?o } }": 6,
    }

    async def counts() -> list[int]:
        pool = Pool(folder, [graph], QueryBounds(short=1, long=0))
        await pool.start()
        try:
            return [int((await pool.asked(query)).split()[1]) for query in asked]
        finally:
            await pool.close()

    assert asyncio.run(counts()) == [*asked.values()]
