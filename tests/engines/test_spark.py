"""The engine on a real Spark session of two threads. Java and pyspark: `./run test-spark` has them, and CI."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openproposals import stages
from openproposals.dumps.whole_graph import whole_graph
from openproposals.engines import session as sessions
from openproposals.engines.cluster import Cluster
from openproposals.errors import CannotGoOn
from openproposals.stages import Run
from openproposals.validation import graph, table_schema
from support import commands, engines, spark_here
from support.cases import laid_over
from support.in_parts import in_parquet
from support.places import MINIMAL, REAL, TIDEWATER, VAL_CLAIR

TODAY = "2026-11-28"
MANY = int(os.environ.get("OPENPROPOSALS_MUTATED", "4"))
spark_here.required()
pytestmark = pytest.mark.long
SMALL = "--driver-memory 700m --conf spark.ui.enabled=false pyspark-shell"


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sessions.Session]:
    """A session of two threads with little memory."""
    os.environ["PYSPARK_SUBMIT_ARGS"] = SMALL
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["SPARK_LOCAL_DIRS"] = str(tmp_path_factory.mktemp("moved"))
    with sessions.session(tmp_path_factory.mktemp("room"), "local[2]") as begun:
        yield begun


@pytest.mark.parametrize("corpus", [TIDEWATER, REAL], ids=lambda path: path.name)
def test_a_release_of_spark_says_what_the_local_one_says(
    corpus: Path, tmp_path: Path, spark: sessions.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With groups of seven rows, so that every host and guest come together by joins."""
    for module in (graph, table_schema):
        monkeypatch.setattr(module, "SCREENED_FROM", 0)
    local, _ = stages.publish(corpus, tmp_path / "local", Run(today=TODAY))
    engine = Cluster(spark, staged_from=0, group=50, small=0, few=0)
    work, _ = stages.publish(corpus, tmp_path / "parts", Run(today=TODAY, engine=engine))
    assert work.corpus is not None
    assert local.corpus is not None
    assert work.findings == local.findings
    assert engines.differences(tmp_path / "local", tmp_path / "parts", work.corpus.name) == []
    dump = b"".join(engines.parts(tmp_path / "parts", f"{work.corpus.name}.nt.gz"))
    assert dump == whole_graph(local.hosts, local.corpus.tables)


@pytest.mark.parametrize("seed", range(MANY))
def test_mutated_corpora(seed: int, tmp_path: Path, spark: sessions.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys counted and links joined by Spark, rows brought together by it: the same findings and counts.

    OPENPROPOSALS_MUTATED sets how many; `test_mutated.py` has 200 without Spark.
    """
    for module in (graph, table_schema):
        monkeypatch.setattr(module, "SCREENED_FROM", 0)
    folder = engines.mutated((VAL_CLAIR, TIDEWATER, REAL)[seed % 3], tmp_path / "corpus", seed)
    other = Cluster(spark, staged_from=0, group=50, small=0, few=0)
    local, far = (stages.check(folder, Run(today=TODAY, engine=engine)) for engine in (Run().engine, other))
    assert engines.said(far) == engines.said(local)


@pytest.mark.parametrize("case", engines.CASES, ids=lambda path: path.name)
def test_every_case(case: Path, tmp_path: Path, spark: sessions.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault of tests/cases, laid over the minimal corpus: the same findings and counts, in one session."""
    for module in (graph, table_schema):
        monkeypatch.setattr(module, "SCREENED_FROM", 0)
    corpus = laid_over(case, tmp_path / "corpus")
    far = Cluster(spark, staged_from=0, group=50, small=0, few=0)
    local, other = (stages.check(corpus, Run(today=TODAY, engine=engine)) for engine in (Run().engine, far))
    assert engines.said(other) == engines.said(local)


@pytest.mark.parametrize("address", ["file:{folder}", "viewfs://archive/acme"])
def test_a_corpus_at_an_address(address: str, tmp_path: Path) -> None:
    """Read through Spark's own file systems: parts of CSV, Parquet, and small files. The release is the local one.

    `viewfs:` is a file system that has no paths of this machine: Hadoop mounts others in it.
    """
    corpus = in_parquet(VAL_CLAIR, tmp_path / "val-clair", 30)
    (corpus / "themes.parquet").unlink()
    shutil.copy(VAL_CLAIR / "themes.csv", corpus)
    stages.publish(VAL_CLAIR, tmp_path / "local", Run(today=TODAY))
    mounted = f"--conf spark.hadoop.fs.viewfs.mounttable.archive.link./acme=file://{corpus} {SMALL}"
    found = commands.run(
        "publish", address.format(folder=corpus), "--engine", "spark", "--master", "local[2]", "--out",
        tmp_path / "out", PYSPARK_SUBMIT_ARGS=mounted, SPARK_LOCAL_IP="127.0.0.1",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert engines.differences(tmp_path / "local", tmp_path / "out", "val-clair") == ["findings"]
    none = commands.run(
        "publish", f"file:{tmp_path}/none", "--engine", "spark", "--master", "local[1]", "--out", tmp_path / "none",
        PYSPARK_SUBMIT_ARGS=SMALL, SPARK_LOCAL_IP="127.0.0.1",
    )  # fmt: skip
    assert found.returncode != none.returncode
    assert f"Spark cannot list file:{tmp_path}/none" in none.stderr


def test_a_disk_that_is_full_is_told(spark: sessions.Session) -> None:
    """The message says that the disk is full, and not that memory is short."""
    with pytest.raises(CannotGoOn, match="no space left on a disk"):
        spark.each(lambda path: Path(path).write_text("x", encoding="utf-8"), ["/dev/full"])
    with pytest.raises(CannotGoOn, match="a job on Spark failed"):
        spark.each(lambda path: Path(path).read_text(encoding="utf-8"), ["/nowhere"])


def test_what_jobs_moved_is_deleted(spark: sessions.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a job is done and another is begun, the disk has nothing of what the first moved."""
    monkeypatch.setattr(sessions, "CLEARED_EVERY", 0)

    def moved() -> list[int]:
        sent = spark.sent([0, 1], lambda job: [(job, (("kind", 0), bytes(100_000)))])
        return spark.made(spark.brought([sent], 2), lambda place, pieces: [len(data) for _, data in pieces])

    def left() -> list[Path]:
        return [*Path(os.environ["SPARK_LOCAL_DIRS"]).rglob("shuffle_*.data")]

    for _ in range(5):
        assert moved() == [100_000, 100_000]
    for _ in range(100):
        spark.each(len, [""])
        if not left():
            break
        time.sleep(0.1)
    assert not left()


def test_without_java_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is missing, and how to mend it."""
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    with pytest.raises(CannotGoOn, match="no Java was found"), sessions.session(tmp_path):
        pass


def test_the_command_publishes_on_spark(tmp_path: Path) -> None:
    """`publish --engine spark` writes a release in parts and leaves nothing beside it."""
    found = commands.run(
        "publish", MINIMAL, "--engine", "spark", "--master", "local[2]", "--out", tmp_path / "out",
        PYSPARK_SUBMIT_ARGS=SMALL, SPARK_LOCAL_IP="127.0.0.1",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "minimal.nt.gz" / "part-00000.nt.gz").is_file()
    found = commands.run(
        "publish", VAL_CLAIR, "--engine", "spark", "--master", "local[1]", "--out", tmp_path / "none", "--explain",
        PYSPARK_SUBMIT_ARGS=SMALL, SPARK_LOCAL_IP="127.0.0.1",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert "checking the graph: statistics, " in found.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
