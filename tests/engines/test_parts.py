"""The engine of a cluster without a cluster: its tasks run here, and the release in parts says what the whole one says."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from openproposals import stages
from openproposals.corpus import corpus_folder
from openproposals.dumps.whole_graph import whole_graph
from openproposals.engines import cluster, parts, staged, staging
from openproposals.engines.cluster import Cluster
from openproposals.engines.colocation import GROUP
from openproposals.errors import CannotGoOn, ReleaseError, UsageError
from openproposals.release import ours, published, reading_back
from openproposals.stages import Run
from openproposals.validation import graph, table_schema
from support import engines
from support.in_parts import in_parquet, in_parts
from support.places import MINIMAL, TIDEWATER, VAL_CLAIR

TODAY = "2026-11-28"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("corpus", "small"),
    [
        pytest.param(VAL_CLAIR, 0, id="joined"),
        pytest.param(TIDEWATER, 0, id="joined-claims", marks=pytest.mark.long),
        pytest.param(VAL_CLAIR, GROUP, id="alone", marks=pytest.mark.long),
    ],
)
def test_a_release_in_parts_says_what_the_whole_one_says(
    corpus: Path, small: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dumps, tables, views, counts and report; the parts of N-Triples are the whole dump, byte for byte.

    In groups of twenty rows that joins have brought together, and each table alone; screened in both.
    """
    for module in (graph, table_schema):
        monkeypatch.setattr(module, "SCREENED_FROM", 0)
    local, _ = stages.publish(corpus, tmp_path / "local", Run(today=TODAY))
    near = Cluster(engines.Near(tmp_path / "room"), staged_from=0, group=20, small=small)
    work, changed = stages.publish(corpus, tmp_path / "parts", Run(today=TODAY, engine=near))
    assert work.corpus is not None
    assert local.corpus is not None
    assert work.findings == local.findings
    assert changed
    assert engines.differences(tmp_path / "local", tmp_path / "parts", work.corpus.name) == []
    dump = b"".join(engines.parts(tmp_path / "parts", f"{work.corpus.name}.nt.gz"))
    assert dump == whole_graph(local.hosts, local.corpus.tables)


@pytest.mark.long
def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    """The same input gives the same parts, so that a release is left as it is."""
    for expected in (True, False):
        near = Cluster(engines.Near(tmp_path / "room"), staged_from=0)
        _, changed = stages.publish(MINIMAL, tmp_path / "parts", Run(today=TODAY, engine=near))
        assert bool(changed) == expected


def test_a_staged_table_is_the_table(tmp_path: Path) -> None:
    """Cells, rows and places of a table in two Parquet files are those of the CSV files that it was made of."""
    for number, text in enumerate(('id,label\na,"x\ny"\nb,\n', "id,label\nc, \nd,é\n")):
        (tmp_path / f"{number}.csv").write_text(text, encoding="utf-8")
    made = [staging.stage_file(tmp_path / f"{n}.csv", f"t.csv/{n}.csv", n, tmp_path) for n in (0, 1)]
    table = staged.of([part for part in made if part], ["id", "label"], "t.csv")
    assert table.load(["id", "label", "absent"]).rows() == [
        ("a", "x\ny", None), ("b", None, None), ("c", None, None), ("d", "é", None),
    ]  # fmt: skip
    assert table.rows(np.array([1, 3]), ["id"])["id"].to_list() == ["b", "d"]
    assert [table.place(n, "id") for n in (0, 3)] == [("t.csv/0.csv", 2, "a"), ("t.csv/1.csv", 3, "d")]
    assert table.files == ("t.csv/0.csv", "t.csv/1.csv")


@pytest.mark.parametrize("text", ["id,label\na,x\n\nb,y\n", 'id,label\na,"x\n', "id,label\n", "id;label\na;b\n"])
def test_a_file_that_could_be_read_in_two_ways_is_not_staged(text: str, tmp_path: Path) -> None:
    """The driver reads it, and says what is wrong and where."""
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    assert staging.stage_file(tmp_path / "t.csv", "t.csv", 0, tmp_path) is None


def test_a_frame_keeps_the_places_of_its_rows(tmp_path: Path) -> None:
    """A table in memory, such as the descriptor's, is staged with the file and row of each of its rows."""
    frame = pl.DataFrame({"id": ["a", None], "_file": ["x.csv", "corpus.toml"], "_row": [7, 0]})
    table = staging.stage_frame("t", frame, tmp_path)
    assert table.load(["id", "_file", "_row"]).equals(frame)
    assert [table.place(0, "id"), table.place(1, "id")] == [("x.csv", 7, "a"), ("corpus.toml", 0, "")]


@pytest.mark.slow
def test_findings_stand_at_the_same_place(tmp_path: Path) -> None:
    """A fault in a staged table is found in its file, row and column."""
    shutil.copytree(VAL_CLAIR, tmp_path / "corpus")
    path = tmp_path / "corpus" / "evidence.csv"
    path.write_text(path.read_text(encoding="utf-8") + "nowhere,nothing,Stated\n", encoding="utf-8")
    local = stages.validate(tmp_path / "corpus", Run(today=TODAY))
    near = Cluster(engines.Near(tmp_path / "room"), staged_from=0)
    read, _ = near.read(tmp_path / "corpus", lambda done: None)
    assert isinstance(read, corpus_folder.Corpus)
    assert isinstance(read.tables.kept("evidence"), staged.Staged)
    work = stages.validate(tmp_path / "corpus", Run(today=TODAY, engine=near))
    assert work.findings == local.findings
    assert not work.conforms


@pytest.mark.slow
def test_a_corpus_in_parquet_is_the_corpus(tmp_path: Path) -> None:
    """The same release, and findings in the same row and column of the file of that name."""
    folder = in_parquet(VAL_CLAIR, tmp_path / "corpus", 30)
    assert not list(folder.glob("proposals.csv"))
    near = Cluster(engines.Near(tmp_path / "room"), group=7, small=0)
    local, _ = stages.publish(VAL_CLAIR, tmp_path / "local", Run(today=TODAY))
    work, _ = stages.publish(folder, tmp_path / "parts", Run(today=TODAY, engine=near))
    assert work.corpus is not None
    assert engines.differences(tmp_path / "local", tmp_path / "parts", work.corpus.name) == ["findings"]
    told = [(f.location.file.split(".")[0], f.location.row, f.location.column, f.code, f.cell) for f in local.findings]
    first = {(f.location.file.split(".")[0], f.location.row) for f in local.findings if f.location.row <= 31}
    said = [(f.location.file.split(".")[0], f.location.row, f.location.column, f.code, f.cell) for f in work.findings]
    assert [each for each in said if each[:2] in first] == [each for each in told if each[:2] in first]
    assert first


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            pl.Series("proposal", [1.5, None]),
            "column proposal of evidence.parquet/part-00001.parquet has the type double",
        ),
        (pl.Series("proposal", [None, None], pl.String), "evidence.parquet/part-00001.parquet cannot be read"),
        (pl.Series("proposal", ["a\0b", "c"]), "evidence.parquet/part-00001.parquet cannot be read"),
    ],
)
def test_a_parquet_part_that_cannot_be_taken_is_named(column: pl.Series, said: str, tmp_path: Path) -> None:
    """A type that is written in several ways, a row without a cell, and a cell with a sign that no CSV file may have."""
    folder = in_parquet(VAL_CLAIR, tmp_path / "corpus", 5)
    frame = pl.DataFrame([column, pl.Series("statistic", [None, None], pl.String)])
    frame.write_parquet(folder / "evidence.parquet" / "part-00001.parquet")
    with pytest.raises(CannotGoOn, match=said):
        Cluster(engines.Near(tmp_path / "room")).read(folder, lambda done: None)


def test_parquet_is_read_as_the_same_text(tmp_path: Path) -> None:
    """Whole numbers, dates, decimals and booleans as they are written in CSV; blank cells are null."""
    frame = pl.DataFrame(
        {
            "a": [1, None],
            "b": [date(2020, 1, 2), None],
            "c": [Decimal("1.50"), Decimal(2)],
            "d": [True, False],
            "e": ["", " "],
        }
    )
    frame.write_parquet(tmp_path / "t.parquet")
    part = staging.stage_parquet(tmp_path / "t.parquet", "t.parquet", 0, tmp_path)
    assert part is not None
    table = staged.of([part], part.header, "t.csv")
    assert table.load(["a", "b", "c", "d", "e", "_row"]).rows() == [
        ("1", "2020-01-02", "1.50", "true", None, 2), (None, None, "2.00", "false", None, 3),
    ]  # fmt: skip


def test_a_table_in_two_forms_is_refused(tmp_path: Path) -> None:
    """Which of the two is meant is not known."""
    folder = in_parquet(VAL_CLAIR, tmp_path / "corpus", 5)
    shutil.copy(VAL_CLAIR / "evidence.csv", folder)
    with pytest.raises(CannotGoOn, match="there as CSV"):
        Cluster(engines.Near(tmp_path / "room")).read(folder, lambda done: None)


@pytest.mark.long
def test_a_corpus_in_parts_is_the_corpus(tmp_path: Path) -> None:
    """Tables in folders of parts give the release that the tables in files give; a finding names the part and its row."""
    folder = in_parts(VAL_CLAIR, tmp_path / "corpus", 3)
    near = Cluster(engines.Near(tmp_path / "room"), group=7, small=0)
    local, _ = stages.publish(VAL_CLAIR, tmp_path / "local", Run(today=TODAY))
    work, _ = stages.publish(folder, tmp_path / "parts", Run(today=TODAY, engine=near))
    assert work.corpus is not None
    assert engines.differences(tmp_path / "local", tmp_path / "parts", work.corpus.name) == ["findings"]
    assert [(f.code, f.cell) for f in work.findings] == [(f.code, f.cell) for f in local.findings]
    files = {f.location.file for f in work.findings} - {"corpus.toml"}
    assert files
    assert all(name.partition("/part-")[1] for name in files)


def test_a_part_that_does_not_fit_is_named(tmp_path: Path) -> None:
    """One with another header, and one that could be read in two ways."""
    folder = in_parts(VAL_CLAIR, tmp_path / "corpus", 5)
    part = folder / "evidence.csv" / "part-00001.csv"
    near = Cluster(engines.Near(tmp_path / "room"))
    for text, said in (
        ("statistic,proposal\na,b\n", "the header of"),
        ('proposal,statistic\na,"b\n', "cannot be read"),
    ):
        part.write_text(text, encoding="utf-8")
        with pytest.raises(
            CannotGoOn, match=f"evidence.csv/part-00001.csv.*{said}|{said}.*evidence.csv/part-00001.csv"
        ):
            near.read(folder, lambda done: None)


@pytest.mark.slow
def test_a_run_while_another_writes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two runs at once, one wins whole."""
    refused: list[str] = []
    taken = parts.taken

    def meanwhile(*given: Any) -> None:
        if not refused:
            refused.append("")
            with pytest.raises(ReleaseError) as error:
                stages.publish(MINIMAL, tmp_path / "out", Run(today=TODAY, engine=second))
            refused[:] = [error.value.key]
        taken(*given)

    first, second = (Cluster(engines.Near(tmp_path / name)) for name in ("one", "other"))
    monkeypatch.setattr(parts, "taken", meanwhile)
    _, changed = stages.publish(MINIMAL, tmp_path / "out", Run(today=TODAY, engine=first))
    assert changed
    assert refused == ["another-run"]
    assert {*ours.plain(tmp_path / "out")} == {*ours.sums(tmp_path / "out"), ours.SUMS}


def test_a_plan_names_every_stage(tmp_path: Path) -> None:
    """Which tables are read, proved, derived from, checked and written, and in how many groups."""
    near = Cluster(engines.Near(tmp_path / "room"), group=7, small=0)
    steps = list(near.explained(VAL_CLAIR))
    assert list(dict.fromkeys(step.stage for step in steps)) == ["read", "validate", "derive", "check", "convert"]
    statistics = {step.stage: step for step in steps if step.table == "statistics"}
    assert statistics["derive"].tasks == -(-statistics["derive"].rows // 7)
    assert statistics["derive"].rounds == 6


def test_an_address_is_refused_before_anything_is_begun() -> None:
    """A release goes where every worker reaches it as a folder."""
    with pytest.raises(UsageError, match="is an address"), cluster.cluster("local[1]", Path("hdfs://host/out")):
        pass


@pytest.mark.long
def test_an_earlier_release_in_parts_is_compared(tmp_path: Path) -> None:
    """A row that is gone needs a new major version, as it does where the earlier release is in files."""
    corpus = tmp_path / "corpus"
    shutil.copytree(VAL_CLAIR, corpus)
    found = []
    for name in ("local", "parts"):
        engine = Run().engine if name == "local" else Cluster(engines.Near(tmp_path / "room"), staged_from=0, small=0)
        stages.publish(VAL_CLAIR, tmp_path / name, Run(today=TODAY, engine=engine))
        path = corpus / "remark-statistics.csv"
        path.write_text("".join((VAL_CLAIR / path.name).read_text(encoding="utf-8").splitlines(keepends=True)[:-1]))
        work, changed = stages.publish(corpus, tmp_path / name, Run(today=TODAY, engine=engine))
        assert changed == []
        found.append(work.findings)
    assert found[0] == found[1]
    assert any(f.code.startswith(("version-", "changed-without")) for f in found[0])


@pytest.mark.long
def test_a_release_in_parts_is_read_as_the_whole_one(tmp_path: Path) -> None:
    """What trace and query read of it is what they read of the release in files."""
    read = []
    for name, engine in (
        ("local", Run().engine),
        ("parts", Cluster(engines.Near(tmp_path / "room"), group=7, small=0)),
    ):
        stages.publish(VAL_CLAIR, tmp_path / name, Run(today=TODAY, engine=engine))
        release = published.open_release(tmp_path / name)
        base, tables = reading_back.read(release.dump)
        rows = {table: sorted(map(str, frame.drop("_file", "_row").iter_rows())) for table, frame in tables.items()}
        read.append((base, rows, engines.triples(published.read_with_labels(release).data, "turtle")))
    assert read[0] == read[1]
