"""A foreign engine agrees: the RML derived from the templates, run by morph-kgc, gives the graph of the dumps."""

from __future__ import annotations

import subprocess
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest

from openproposals import stages
from openproposals.dumps import counting, rml
from openproposals.dumps.whole_graph import whole_graph
from openproposals.model import templates
from openproposals.stages import Run
from support.places import HEBREW, MINIMAL, REAL, ROOT, TIDEWATER

pytestmark = pytest.mark.slow

ENGINE = ROOT / ".venv-oracle" / "bin" / "python"


@pytest.mark.skipif(not ENGINE.exists(), reason="./run test installs the oracle's environment")
@pytest.mark.parametrize(
    "folder",
    [*(pytest.param(each, marks=pytest.mark.long) for each in (REAL, TIDEWATER, HEBREW)), MINIMAL],
    ids=lambda p: p.name,
)
def test_morph_kgc_gives_the_same_graph(folder: Path, tmp_path: Path) -> None:
    """Every triple of our N-Triples, and no other, comes out of morph-kgc run on the same tables."""
    work = stages.validate(folder, Run())
    assert work.corpus is not None
    compiled = templates.load(work.corpus.base, work.corpus.languages)
    for name, (table, guard) in rml.sources(compiled).items():
        frame = work.corpus.tables[table]
        if guard and guard.equals:
            frame = frame.filter(pl.col(guard.column) == guard.equals)
        elif guard:
            frame = frame.filter(pl.col(guard.column).str.len_chars() == guard.length)
        frame.drop("_file", "_row").write_csv(tmp_path / name)
    (tmp_path / "mapping.ttl").write_text(rml.mapping(compiled), encoding="utf-8")
    engine = ROOT / "tests" / "oracle" / "engine.py"
    result = subprocess.run([ENGINE, engine, tmp_path], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert result.returncode == 0, result.stderr
    theirs = _lines(result.stdout.encode())
    ours = _lines(whole_graph(work.hosts, work.corpus.tables))
    assert ours == theirs
    assert counting.count(work.hosts, work.corpus.tables).triples == len(theirs)


def _lines(data: bytes) -> set[str]:
    return {str(ox.Triple(q.subject, q.predicate, q.object)) for q in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)}
