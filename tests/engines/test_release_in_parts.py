"""What is said of a release in parts: its catalogue and sums name every part, and each part is valid by itself."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import polars as pl
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS

from openproposals import stages
from openproposals.dumps.whole_graph import whole_graph
from openproposals.engines.cluster import Cluster
from openproposals.errors import UsageError
from openproposals.model import rdf
from openproposals.release import ours, published
from openproposals.stages import Run
from openproposals.validation import graph, worker
from openproposals.validation.results import Result
from support import engines
from support.cases import laid_over
from support.places import ROOT, VAL_CLAIR

FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"


@pytest.mark.slow
def test_a_release_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its dumps are gzipped parts; all of N-Triples are the local dump, and the catalogue has an address for each."""
    monkeypatch.setattr(graph, "SCREENED_FROM", 0)
    near = Cluster(engines.Near(tmp_path / "room"), group=7, small=0)
    out = tmp_path / "out"
    stages.publish(VAL_CLAIR, out, Run(today="2026-11-28", engine=near))
    assert not [path for path in (tmp_path / "room").iterdir() if path.is_file()]  # what was staged is deleted
    work = stages.validate(VAL_CLAIR, Run(today="2026-11-28"))
    assert work.corpus is not None
    packed = [path.read_bytes() for path in sorted((out / "val-clair.nt.gz").iterdir())]
    assert len(packed) > 1
    assert gzip.decompress(b"".join(packed)) == whole_graph(work.hosts, work.corpus.tables)
    assert not [path for path in out.iterdir() if path.suffix in (".nt", ".ttl", ".jsonld") and path.is_dir()]
    for ending, syntax in ((".ttl.gz", "turtle"), (".jsonld.gz", "jsonld")):
        for part in engines.parts(out, f"val-clair{ending}"):
            assert len(rdf.parse(part, syntax))

    described = rdflib.Graph().parse(out / "catalog.ttl", format="turtle")
    site, sums = str(work.corpus.descriptor["site"]), ours.sums(out)
    named = {str(address).removeprefix(site) for address in described.objects(None, DCAT.downloadURL)}
    data = {name for name in sums if "/part-" in name}
    assert data
    assert data <= named
    for form, ending in (("PARQUET", ".parquet"), ("CSV", ".csv")):
        for each in described.subjects(DCTERMS.format, rdflib.URIRef(FILE_TYPE + form)):
            assert all(str(address).endswith(ending) for address in described.objects(each, DCAT.downloadURL))
    rows = pl.concat(pl.read_parquet(io.BytesIO(part)) for part in engines.parts(out, "tables/figures.parquet"))
    table = work.corpus.tables.columns("figures", work.corpus.tables.names("figures"))
    assert rows.equals(table)


def test_findings_that_come_last_are_looked_up(tmp_path: Path) -> None:
    """The judge of a small graph may answer when all is written: its findings still name the file, row and column."""
    corpus = laid_over(ROOT / "tests" / "cases" / "figure-without-value", tmp_path / "corpus")

    class Late(Future[list[Result] | None]):
        def done(self) -> bool:
            return bool(list(tmp_path.glob(".out.*.draft/new/index.html")))

    def late(ntriples: bytes, languages: Sequence[str]) -> Future[list[Result] | None]:
        answer = Late()
        answer.set_result(worker.here(ntriples, languages).result())
        return answer

    near = Cluster(engines.Near(tmp_path / "room"), staged_from=0, group=7, small=0)
    found = [
        stages.publish(corpus, tmp_path / "out", Run(today="2026-11-28", engine=engine, judge=late))[0].findings
        for engine in (Run().engine, near)
    ]
    assert found[0] == found[1]
    assert any(each.code == "figure-without-value" for each in found[1])
    assert not (tmp_path / "out").exists()


def test_gzipped_parts_are_read_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts are read unzipped, in order; more than a dump may hold, and what is no gzip file, is refused."""
    folder = tmp_path / "a.nt.gz"
    folder.mkdir()
    lines = [f"<a:{n}> <a:b> <a:c> .\n".encode() for n in range(2)]
    for number, line in enumerate(lines):
        (folder / f"part-{number:05}.nt.gz").write_bytes(gzip.compress(line))
    assert published.read_dump(folder) == published.Dump(b"".join(lines), "ntriples")
    monkeypatch.setattr(published, "DUMP_LIMIT", 30)
    with pytest.raises(UsageError, match="larger"):
        published.read_dump(folder)
    monkeypatch.undo()
    for broken in (b"no gzip", gzip.compress(lines[0])[:-9]):
        (folder / "part-00001.nt.gz").write_bytes(broken)
        with pytest.raises(UsageError, match="cannot be read"):
            published.read_dump(folder)
