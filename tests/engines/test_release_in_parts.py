"""What is said of a release in parts: its catalogue and sums name every part, and each part is valid by itself."""

from __future__ import annotations

import gzip
import io
import shutil
from pathlib import Path

import polars as pl
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS

from openproposals import stages
from openproposals.dumps.whole_graph import whole_graph
from openproposals.engines.cluster import Cluster
from openproposals.model import rdf
from openproposals.release import ours
from openproposals.stages import Run
from support import engines
from support.places import VAL_CLAIR

FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"


@pytest.mark.slow
def test_a_release_in_parts_and_gzipped(tmp_path: Path) -> None:
    """Each gzipped part is its part, all of them are the local dump, and the catalogue has an address for each."""
    corpus = tmp_path / "val-clair"
    shutil.copytree(VAL_CLAIR, corpus)
    told = corpus / "corpus.toml"
    told.write_text("gzip = true\n" + told.read_text(encoding="utf-8"), encoding="utf-8")
    near = Cluster(engines.Near(tmp_path / "room"), group=7, small=0)
    out = tmp_path / "out"
    work, _ = stages.publish(corpus, out, Run(today="2026-11-28", engine=near))
    assert work.corpus is not None
    plain, packed = (engines.parts(out, f"val-clair.nt{ending}") for ending in ("", ".gz"))
    assert len(packed) > 1
    assert [gzip.decompress(part) for part in packed] == plain
    assert gzip.decompress(b"".join(packed)) == whole_graph(work.hosts, work.corpus.tables)
    for ending, syntax in ((".ttl.gz", "turtle"), (".jsonld.gz", "jsonld")):
        for part in engines.parts(out, f"val-clair{ending}"):
            assert len(rdf.parse(gzip.decompress(part), syntax))

    graph = rdflib.Graph().parse(out / "catalog.ttl", format="turtle")
    site, sums = str(work.corpus.descriptor["site"]), ours.sums(out)
    named = {str(address).removeprefix(site) for address in graph.objects(None, DCAT.downloadURL)}
    data = {name for name in sums if "/part-" in name}
    assert data
    assert data <= named
    for form, ending in (("PARQUET", ".parquet"), ("CSV", ".csv")):
        for each in graph.subjects(DCTERMS.format, rdflib.URIRef(FILE_TYPE + form)):
            assert all(str(address).endswith(ending) for address in graph.objects(each, DCAT.downloadURL))
    rows = pl.concat(pl.read_parquet(io.BytesIO(part)) for part in engines.parts(out, "tables/figures.parquet"))
    table = work.corpus.tables.columns("figures", work.corpus.tables.names("figures"))
    assert rows.equals(table)
