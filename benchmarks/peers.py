"""One peer doing its part of a publish, alone in a process: `python benchmarks/peers.py PEER FOLDER`.

FOLDER holds `corpus/` and our `release/`. frictionless judges every table; morph-kgc makes the graph from the RML
derived from our templates (its own environment, as in the tests); pyoxigraph writes Turtle and JSON-LD from
N-Triples; pyshacl judges the whole graph.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parents[1]


def frictionless(folder: Path) -> None:
    """Every table, with its links, by frictionless alone."""
    from openproposals import corpus, derive, tables

    read, _ = corpus.read(folder / "corpus")
    assert read is not None
    _, found = tables.check(derive.expand(read), everything=True)
    assert found == []


def morph_kgc(folder: Path) -> None:
    """N-Triples from the derived RML, into FOLDER/peer.nt."""
    from openproposals import stages, templates
    from openproposals.dumps import rml

    work = stages.validate(folder / "corpus", lambda stage: None)
    assert work.corpus is not None
    compiled = templates.load(work.corpus.base)
    place = folder / "rml"
    place.mkdir()
    for name, (table, guard) in rml.sources(compiled).items():
        frame = work.corpus.tables[table]
        if guard and guard.equals:
            frame = frame.filter(pl.col(guard.column) == guard.equals)
        elif guard:
            frame = frame.filter(pl.col(guard.column).str.len_chars() == guard.length)
        frame.drop("_file", "_row").write_csv(place / name)
    (place / "mapping.ttl").write_text(rml.mapping(compiled), encoding="utf-8")
    engine = [ROOT / ".venv-oracle" / "bin" / "python", ROOT / "tests" / "oracle" / "engine.py", place]
    with (folder / "peer.nt").open("wb") as out:
        subprocess.run(engine, stdout=out, cwd=place, check=True)


def pyoxigraph(folder: Path) -> None:
    """Turtle and JSON-LD from the N-Triples, one after the other."""
    import pyoxigraph as ox

    for format_, name in ((ox.RdfFormat.TURTLE, "peer.ttl"), (ox.RdfFormat.JSON_LD, "peer.jsonld")):
        with (folder / "peer.nt").open("rb") as source, (folder / name).open("wb") as out:
            ox.serialize(ox.parse(source, format=ox.RdfFormat.N_TRIPLES), out, format=format_)


def pyshacl(folder: Path) -> None:
    """The whole graph."""
    import pyshacl as judge
    import rdflib

    data = rdflib.Graph().parse(folder / "peer.nt", format="nt")
    conforms, _, _ = judge.validate(data, shacl_graph=rdflib.Graph().parse(ROOT / "shapes" / "records.ttl"))
    assert conforms


if __name__ == "__main__":
    {"frictionless": frictionless, "morph-kgc": morph_kgc, "pyoxigraph": pyoxigraph, "pyshacl": pyshacl}[sys.argv[1]](
        Path(sys.argv[2])
    )
