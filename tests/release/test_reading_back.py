"""A dump read back is the tables that it was written from, whichever syntax it is in."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from openproposals import stages
from openproposals.errors import UsageError
from openproposals.model.tables import ORIGIN
from openproposals.release import reading_back
from openproposals.stages import Run
from support.held import TOWN
from support.places import DIST, MINIMAL, REAL, TIDEWATER

pytestmark = pytest.mark.slow

SYNTAXES = ("turtle", "jsonld", "ntriples")


def cells(frame: pl.DataFrame, columns: list[str]) -> list[tuple[str | None, ...]]:
    return sorted(frame.select(columns).rows(), key=lambda row: tuple(cell or "" for cell in row))


@pytest.mark.parametrize("folder", [MINIMAL, TOWN, TIDEWATER, REAL], ids=lambda p: p.name)
def test_every_table_comes_back_from_every_syntax(folder: Path, tmp_path: Path) -> None:
    """Row for row and cell for cell.

    What no template publishes stays behind: the short form, and quotes and proposers, which have tables of their own.
    """
    work = stages.convert(folder, tmp_path / "dumps", SYNTAXES, Run())
    assert work.corpus is not None
    dumps = [p for p in (tmp_path / "dumps").iterdir() if p.suffix in (".ttl", ".jsonld", ".nt")]
    assert len(dumps) == 3
    for dump in dumps:
        base, tables = reading_back.read(dump)
        assert base == work.corpus.base
        for name, frame in work.corpus.tables.items():
            elsewhere = {("passages", "quote"), ("statistic-sources", "quote"), ("proposals", "proposer")}
            columns = [c for c in tables[name].columns if c not in ORIGIN and (name, c) not in elsewhere]
            expected = cells(frame, columns) if work.corpus.schema[name].origin != "short" else []
            assert expected == cells(tables[name], columns), (dump.name, name)


@pytest.mark.parametrize(
    ("text", "why"), [("this is no Turtle", "cannot be read"), ("<a:b> <a:c> <a:d> .", "no dump of a corpus")]
)
def test_what_is_no_dump_is_refused(text: str, why: str, tmp_path: Path) -> None:
    """Refused with a mend."""
    (tmp_path / "x.ttl").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=why) as error:
        reading_back.read(tmp_path / "x.ttl")
    assert error.value.mend


@pytest.mark.parametrize(
    "lost", ["passage/B-S02", "source/fondation-abbe-pierre-2023", "note/N1", "text/B", "statistic/S02"]
)
def test_a_dump_that_was_cut_is_refused(lost: str, tmp_path: Path) -> None:
    """What it links to and does not hold is named; nothing is traced in half."""
    dump = (DIST / "vivre-ensemble.ttl").read_text(encoding="utf-8")
    head, *blocks = dump.split("\n\n")
    kept = [block for block in blocks if not block.lstrip().startswith(f"<{lost}>")]
    assert len(kept) < len(blocks)
    (tmp_path / "cut.ttl").write_text("\n\n".join([head, *kept]), encoding="utf-8")
    with pytest.raises(UsageError, match="not whole") as error:
        reading_back.read(tmp_path / "cut.ttl")
    assert error.value.mend
