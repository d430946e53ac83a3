"""What holds of every import: twice is once, rows may be shuffled, labels changed, rows taken out; tables come back."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openproposals import stages
from openproposals.importing import intake
from openproposals.stages import Run
from support.places import TIDEWATER, VAL_CLAIR
from support.sheets import Cell, corpus, rows, workbook

pytestmark = pytest.mark.slow

LABELS = '[sheets.s]\nfile = "s.csv"\n[proposals]\nfrom = "s"\nlabel = "promise"\nsummary = "why"\ntheme = { label = "area" }\n'
WORDS = st.text(st.sampled_from("abcdefghij ÉéßжЖ学 0123-'"), min_size=1, max_size=30).filter(str.strip)
ROWS = st.lists(
    st.tuples(WORDS, WORDS, st.sampled_from(["Roads", "Homes", "Sea & shore"])),
    min_size=1,
    max_size=12,
    unique_by=(lambda row: row[0].strip(), lambda row: row[1]),
)
CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=40).filter(str.strip)
QUICK = settings(max_examples=max(5, settings().max_examples // 12), deadline=None)


def text(lines: list[tuple[str, str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("promise", "why", "area"), *lines])
    return out.getvalue()


def ids(folder: Path) -> dict[str, str]:
    return {row["label_en"]: row["id"] for row in rows(folder, "proposals")}


@QUICK
@given(ROWS, st.randoms(use_true_random=False))
def test_ids_follow_their_rows(lines: list[tuple[str, str, str]], dice: object) -> None:
    """Twice is once; shuffled rows keep their ids; a changed label keeps its own; a row taken out is told, and comes back."""
    with tempfile.TemporaryDirectory() as room:
        folder = corpus(Path(room) / "c", LABELS, s__csv=text(lines))
        first = intake.take(folder)
        assert first.conforms
        before = ids(folder)
        assert len({*before.values()}) == len(lines)
        assert intake.take(folder).changed == []
        shuffled = list(lines)
        dice.shuffle(shuffled)  # type: ignore[attr-defined]
        (folder / "s.csv").write_text(text(shuffled), encoding="utf-8")
        again = intake.take(folder)
        assert (again.new, again.gone) == ({}, {})
        assert ids(folder) == before
        label, why, area = shuffled[0]
        (folder / "s.csv").write_text(text([(f"Q{label}Q", why, area), *shuffled[1:]]), encoding="utf-8")
        renamed = intake.take(folder)
        assert (renamed.new, renamed.gone) == ({}, {})
        assert ids(folder)[f"Q{label}Q"] == before[label]
        (folder / "s.csv").write_text(text(shuffled[1:] or [("Other", "x", "y")]), encoding="utf-8")
        assert before[label] in intake.take(folder).gone["proposals"]
        (folder / "s.csv").write_text(text([(f"Q{label}Q", why, area), *shuffled[1:]]), encoding="utf-8")
        back = intake.take(folder)
        assert "proposals" not in back.gone or before[label] not in back.gone["proposals"]


@QUICK
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6, unique_by=lambda row: row[0].strip()))
def test_any_text_comes_back_from_a_workbook_as_it_was(lines: list[tuple[str, str]]) -> None:
    """Tables -> XLSX -> import -> the same cells, whatever letters they hold."""
    mapping = '[sheets.p]\nfile = "t.xlsx"\n[proposals]\nfrom = "p"\nsame = true\n'
    sheet: list[list[Cell]] = [["id", "label", "summary"], *([f"p{n}", *line] for n, line in enumerate(lines))]
    with tempfile.TemporaryDirectory() as room:
        folder = corpus(Path(room) / "c", mapping, t__xlsx=workbook({"p": sheet}))
        assert intake.take(folder).conforms
        assert [(row["label_en"], row["summary_en"]) for row in rows(folder, "proposals")] == lines


@pytest.mark.parametrize("place", [TIDEWATER, VAL_CLAIR], ids=lambda path: path.name)
def test_tables_come_back_from_a_workbook_as_they_were(place: Path, tmp_path: Path) -> None:
    """A whole corpus: each table a sheet of one workbook, imported by `same`; the same rows, and the same graph."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(place.glob("*.csv"))}
    tables = {name: list(csv.reader(io.StringIO(content, newline=""))) for name, content in texts.items()}
    folder = tmp_path / "c"
    folder.mkdir()
    shutil.copy(place / "corpus.toml", folder)
    sheets: dict[str, list[list[Cell]]] = {
        name: [[cell or None for cell in row] for row in lines] for name, lines in tables.items()
    }
    (folder / "tables.xlsx").write_bytes(workbook({name[:31]: lines for name, lines in sheets.items()}))
    mapping = "".join(f'[sheets.{n}]\nfile = "tables.xlsx"\nsheet = "{n[:31]}"\n' for n in tables)
    mapping += "".join(f'[{n}]\nfrom = "{n}"\nsame = true\n' for n in tables)
    (folder / "mapping.toml").write_text(mapping)
    done = intake.take(folder)
    assert done.conforms, [(str(f.location), f.code, f.cell) for f in done.findings]
    for name, (header, *lines) in tables.items():
        made = rows(folder, name)
        names = set(made[0]) if made else set()
        plain = {key: key if key in names else f"{key}_en" for key in header}
        wanted = [{key: cell for key, cell in zip(header, line, strict=True) if cell} for line in lines]
        found = [{key: row[plain[key]] for key in header if row.get(plain[key])} for row in made]
        assert found == wanted, name
    before, after = (stages.check(each, Run()) for each in (place, folder))
    assert after.conforms
    assert before.counts is not None
    assert after.counts is not None
    assert after.counts.triples == before.counts.triples
