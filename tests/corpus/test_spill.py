"""A large file read a block at a time is the file read whole, or is refused; so is all that is made of it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from openproposals import stages
from openproposals.corpus import corpus_folder, decoding, spill
from openproposals.errors import CannotGoOn
from openproposals.guards import characters
from openproposals.model import tables
from openproposals.model.tables import ORIGIN, Tables
from openproposals.stages import Run
from support import worlds

pytestmark = pytest.mark.slow

PIECES = st.sampled_from([b"a", b"b,c", b",", b'"', b'""', b'","', b"\n", b"\r\n", b"\r", b"\xc3\xa9", b"\xe9", b"\0", b"x" * 9,
                          b'"q"', b'"a""b"', b'"l\nm"', b"\xef\xbb\xbf", b"\xed\xa0\x80", b" ", b"\xe2\x80\x8b", b"\xc2\xa0", b"\xe3\x81\x82", b'",\n"', b"1,2\n"])  # fmt: skip


@settings(max_examples=max(400, settings().max_examples))
@given(st.lists(PIECES, max_size=24), st.integers(1, 7))
@example([b'"a"', b'"b"', b",c\n"], 3)
@example([b'1,"2"x\n'], 1)
def test_what_comes_through_is_what_the_careful_reading_reads(pieces: list[bytes], size: int) -> None:
    """Whatever the bytes, and wherever the blocks end: the same cells, or none."""
    folder = Path(worlds.SCRATCH.name)
    path = folder / "t.csv"
    path.write_bytes(b"h,i\n" + b"".join(pieces))
    with pytest.MonkeyPatch().context() as patched:
        patched.setattr(spill, "_BLOCK", 64 * size)
        found = spill.spill(path, folder, lambda header: header if header == ["h", "i"] else [])
    if found is None:
        return
    decoded, problems = decoding.decode("t.csv", path.read_bytes())
    assert decoded is not None
    records, more = decoding.records("t.csv", decoded)
    assert records is not None
    assert problems + more == []
    frame = Tables({"t": found}, {"t": ["h", "i"]})["t"]
    seen = [["" if characters.is_blank(cell) else cell for cell in row] for row in records.rows]
    assert [[c or "" for c in row] for row in frame.select("h", "i").rows()] == seen
    assert frame["_row"].to_list() == list(records.numbers)


@settings(max_examples=max(300, settings().max_examples), phases=[Phase.generate, Phase.explicit])
@given(st.binary(max_size=40) | st.lists(PIECES, max_size=12).map(b"".join), st.lists(st.integers(1, 9), min_size=1))
def test_the_gate_does_not_see_where_blocks_end(data: bytes, sizes: list[int]) -> None:
    """Read in one piece or in many, the same bytes are refused or let through."""

    def refused(steps: list[int]) -> bool:
        path = Path(worlds.SCRATCH.name) / "gate"
        path.write_bytes(b"h,i\n" + data)
        with spill.CheckedFile(path) as gated:
            try:
                number = 0
                while gated.read(steps[number % len(steps)]):
                    number += 1
            except spill.NotWellFormedError:
                return True
        return False

    assert refused([100]) == refused(sizes)


def test_a_release_does_not_depend_on_how_its_tables_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes whether tables were held whole or in Arrow files, in small batches or in one."""
    worlds.generator().generate(tmp_path / "corpus", 40, 5)
    stages.publish(tmp_path / "corpus", tmp_path / "whole", Run(judge_all=True))
    monkeypatch.setattr(spill, "SPILLED_FROM", 0)
    monkeypatch.setattr(spill, "_BLOCK", 5_000)
    monkeypatch.setattr(tables, "BATCH", 7)
    work, _ = stages.publish(tmp_path / "corpus", tmp_path / "spilled", Run(judge_all=True))
    assert work.corpus is not None
    assert work.corpus.tables.first_file("proposals") == "proposals.csv"
    whole = {p.name: p.read_bytes() for p in (tmp_path / "whole").rglob("*") if p.is_file()}
    assert {p.name: p.read_bytes() for p in (tmp_path / "spilled").rglob("*") if p.is_file()} == whole


def test_rows_and_columns_of_a_large_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows by number and batches of any size are those of the whole frame."""
    worlds.generator().generate(tmp_path / "corpus", 300, 5)
    monkeypatch.setattr(spill, "SPILLED_FROM", 0)
    monkeypatch.setattr(spill, "_BLOCK", 5_000)
    read, _ = corpus_folder.read(tmp_path / "corpus")
    assert read is not None
    frame = read.tables["proposals"]
    names = [*read.tables.names("proposals"), *ORIGIN]
    numbers = [0, 7, 8, 150, 299]
    assert read.tables.rows("proposals", pl.Series(numbers).to_numpy(), names).equals(frame[numbers])
    for size in (1, 7, 1000):
        assert pl.concat(read.tables.batches("proposals", names, size)).equals(frame)


def test_a_temporary_folder_without_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder, or no space in it: said in words, not held in memory instead. A file that cannot be opened is left to the careful reading."""
    worlds.generator().generate(tmp_path / "corpus", 40, 5)
    monkeypatch.setattr(spill, "SPILLED_FROM", 0)

    def failing(number: int) -> Callable[..., object]:
        def fail(*_: object, **__: object) -> object:
            raise OSError(number, os.strerror(number))

        return fail

    with monkeypatch.context() as patched:
        patched.setattr(spill.tempfile, "mkdtemp", failing(errno.EROFS))
        with pytest.raises(CannotGoOn, match="temporary folder"):
            corpus_folder.read(tmp_path / "corpus")
    with monkeypatch.context() as patched:
        patched.setattr(spill.pa, "OSFile", failing(errno.ENOSPC))
        with pytest.raises(CannotGoOn, match="temporary folder"):
            corpus_folder.read(tmp_path / "corpus")
    with monkeypatch.context() as patched:
        patched.setattr(spill, "CheckedFile", failing(errno.EACCES))
        read, found = corpus_folder.read(tmp_path / "corpus")
    assert read is not None
    assert (read.tables.height("proposals"), found) == (40, [])
