"""A draft on disk: what `read` writes, what an editor may change, and what a second reading keeps."""

from __future__ import annotations

import contextlib
import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from openproposals.errors import UsageError
from openproposals.factcheck import documents
from openproposals.reading import draft, workbook
from support.commands import run

HERE = Path(__file__).parent / "documents"
VAL_DOUX = HERE / "val-doux.txt"


def made(folder: Path, path: Path = VAL_DOUX, name: str = "V") -> draft.DraftMade:
    return draft.make([(name, documents.read(path.name, path.read_bytes()))], folder, "", "en")


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / draft.CSV).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decide(folder: Path, changes: dict[str, dict[str, str]]) -> None:
    """Fill in cells of rows, by id, as an editor does."""
    decided = [{**row, **changes.get(row["id"], {})} for row in rows(folder)]
    (folder / draft.CSV).write_bytes(workbook.as_csv(decided))


def test_read_writes_text_workbook_and_dismissals(tmp_path: Path) -> None:
    """The command; positions are those of the pinned text, whose tool, language and digest are recorded."""
    folder = tmp_path / "draft"
    done = run("read", f"V={VAL_DOUX}", HERE / "waldstadt.html", "--into", folder)
    assert done.returncode == 0, done.stderr
    about = json.loads((folder / "draft.json").read_text(encoding="utf-8"))["texts"]
    assert [(t["id"], t["language"], t["document"]) for t in about] == [
        ("V", "fr", "val-doux.txt"), ("waldstadt", "de", "waldstadt.html"),
    ]  # fmt: skip
    assert about[1]["tool"].startswith("inscriptis ")
    texts = {t["id"]: (folder / t["file"]).read_bytes().decode() for t in about}
    for row in rows(folder):
        words = texts[row["text"]][int(row["start"]) : int(row["end"])]
        assert " ".join(words.split()) in (row["words"], row["words"].removeprefix("'"))
        assert row["reason"]
        assert row["keep"] == ""
    assert "V: figure 15, heading" in done.stderr


def test_both_workbooks_hold_the_same_rows(tmp_path: Path) -> None:
    """An editor may take either; the same reading gives the same bytes."""
    made(tmp_path / "a")
    made(tmp_path / "b")
    for name in (draft.CSV, draft.XLSX, draft.DISMISSED, draft.DRAFT):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    sheet = workbook.from_xlsx((tmp_path / "a" / draft.XLSX).read_bytes(), "x")
    of_csv = workbook.from_csv((tmp_path / "a" / draft.CSV).read_bytes(), "c")
    assert [(r["id"], r["start"], r["end"], r["rule"]) for r in sheet] == [
        (r["id"], r["start"], r["end"], r["rule"]) for r in of_csv
    ]


def test_decisions_are_taken_from_the_workbook_that_has_them(tmp_path: Path) -> None:
    """Where both decide, and not alike, nobody can know which is meant."""
    made(tmp_path / "d")
    decide(tmp_path / "d", {"f1": {"keep": "yes", "label": "Logements vides"}})
    assert draft.opened(tmp_path / "d").rows[[r["id"] for r in rows(tmp_path / "d")].index("f1")]["keep"] == "yes"
    other = [{**r, "keep": "no" if r["id"] == "f1" else ""} for r in rows(tmp_path / "d")]
    csv_file = (tmp_path / "d" / draft.CSV).read_bytes()
    made(tmp_path / "e")
    (tmp_path / "e" / draft.XLSX).write_bytes(workbook.as_xlsx(other, "fr"))
    assert {r["keep"] for r in draft.opened(tmp_path / "e").rows} == {"", "no"}
    (tmp_path / "d" / draft.XLSX).write_bytes(workbook.as_xlsx(other, "fr"))
    assert (tmp_path / "d" / draft.CSV).read_bytes() == csv_file
    with pytest.raises(UsageError) as refused:
        draft.opened(tmp_path / "d")
    assert refused.value.key == "workbooks-differ"


def test_a_new_version_keeps_decisions_and_tells_what_is_new(tmp_path: Path) -> None:
    """By digests of what is said: moved words keep theirs, words that are gone are told."""
    folder = tmp_path / "d"
    made(folder)
    decide(
        folder,
        {
            "f1": {"keep": "yes", "label": "Logements vides"},
            "f6": {"keep": "non", "why": "durée proposée"},
            "f9": {"keep": "yes", "label": "Places"},
        },
    )
    newer = tmp_path / "val-doux.txt"
    said = VAL_DOUX.read_text(encoding="utf-8").replace("Sommaire", "Version de juin\n\nSommaire")
    newer.write_text(said.replace("trente-deux places", "vingt places et 5 chambres"), encoding="utf-8")
    again = made(folder, newer)
    now = {r["words"].removeprefix("'"): r for r in rows(folder)}
    assert (now["1 340"]["keep"], now["1 340"]["label"], now["1 340"]["new"]) == ("yes", "Logements vides", "")
    assert (now["trois"]["keep"], now["trois"]["why"]) == ("non", "durée proposée")
    assert (now["vingt"]["new"], now["5"]["new"]) == ("new", "new")
    assert (again.carried, [r["words"] for r in again.lost]) == (2, ["trente-deux"])
    assert again.fresh >= 2


def test_a_row_that_the_editor_added_is_found_again_by_its_words(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    made(folder)
    text = VAL_DOUX.read_text(encoding="utf-8")
    start = text.index("le loyer moyen".title()[:2] + " loyer moyen")
    own = {
        "kind": "proposal",
        "text": "V",
        "start": str(start),
        "end": str(start + 14),
        "words": text[start : start + 14],
    }
    (folder / draft.CSV).write_bytes(workbook.as_csv([*rows(folder), {**own, "keep": "yes", "label": "Loyer"}]))
    newer = tmp_path / "val-doux.txt"
    newer.write_text("Avant-propos\n\n" + text, encoding="utf-8")
    made(folder, newer)
    (kept,) = (r for r in rows(folder) if r["label"] == "Loyer")
    assert kept["start"] == str(start + len("Avant-propos\n\n"))


def broken(folder: Path, fault: str) -> None:
    path = folder / draft.CSV
    said = path.read_text(encoding="utf-8")
    if fault == "workbook-columns":
        path.write_text(said.replace("keep", "garder", 1), encoding="utf-8")
    elif fault == "workbook-keep":
        decide(folder, {"f1": {"keep": "perhaps"}})
    elif fault == "workbook-span":
        decide(folder, {"f1": {"start": "9", "end": "3"}})
    elif fault == "workbook-span-beyond":
        decide(folder, {"f1": {"start": "9", "end": "99999"}})
    elif fault == "workbook-span-digit":
        decide(folder, {"f1": {"start": "²"}})
    elif fault.startswith("workbook-cell-"):
        decide(folder, {"f1": {fault.rpartition("-")[2]: "x"}})
    elif fault == "workbook-wide":
        decide(folder, {"f1": {"start": "0", "end": "900"}})
    elif fault == "draft-dismissed-changed":
        (folder / draft.DISMISSED).write_text("text,start,end,page,reason\nV,0,900,,year\n", encoding="utf-8")
    elif fault == "draft-text-changed":
        with (folder / "texts" / "V.txt").open("a", encoding="utf-8") as file:
            file.write(" ")
    elif fault == "draft-broken":
        (folder / draft.DRAFT).write_text('{"texts": [{}]}', encoding="utf-8")
    elif fault == "workbook-broken":
        (folder / draft.XLSX).write_bytes(b"PK nothing")
    else:
        shutil.rmtree(folder)
        folder.mkdir()


@pytest.mark.parametrize(
    "fault",
    ["workbook-columns", "workbook-keep", "workbook-span", "workbook-span-beyond", "workbook-span-digit", "workbook-wide",
     "workbook-cell-kind", "workbook-cell-text", "workbook-cell-level", "workbook-cell-sentence_start",
     "draft-dismissed-changed", "draft-text-changed", "draft-broken", "workbook-broken", "no-draft"],
)  # fmt: skip
def test_a_draft_that_does_not_fit_is_refused(tmp_path: Path, fault: str) -> None:
    """In words, with what to do."""
    made(tmp_path / "d")
    broken(tmp_path / "d", fault)
    with pytest.raises(UsageError) as refused:
        draft.opened(tmp_path / "d")
    assert fault.startswith(refused.value.key)
    assert all(refused.value.words(lang)["mend"] for lang in ("en", "fr", "de"))


def test_decisions_whose_words_are_gone_are_kept_on_disk(tmp_path: Path) -> None:
    """Another document read by mistake loses nothing: the right one, read again, has its decisions back."""
    folder = tmp_path / "d"
    made(folder)
    decide(folder, {"f1": {"keep": "yes", "label": "Logements vides"}, "m1": {"keep": "no", "why": "autre"}})
    before = rows(folder)
    other = tmp_path / "other.txt"
    other.write_text("Rien de ce qui fut dit.\n", encoding="utf-8")
    assert len(made(folder, other).lost) == 2
    assert [r["label"] for r in workbook.from_csv((folder / draft.LOST).read_bytes(), "")] == ["Logements vides", ""]
    again = made(folder)
    assert (again.carried, again.lost) == (2, [])
    found = {r["id"]: r for r in rows(folder)}
    assert (found["f1"]["keep"], found["f1"]["label"]) == ("yes", "Logements vides")
    assert len(found) == len(before)


def test_columns_that_the_editor_added_stay(tmp_path: Path) -> None:
    """In both workbooks, and through the next version of the document."""
    folder = tmp_path / "d"
    made(folder)
    own = [{**row, "doubt": "ask Ana" if row["id"] == "f1" else ""} for row in rows(folder)]
    (folder / draft.CSV).write_bytes(workbook.as_csv(own))
    made(folder)
    sheet = workbook.from_xlsx((folder / draft.XLSX).read_bytes(), "x")
    assert {r["id"]: r["doubt"] for r in sheet if r["doubt"]} == {"f1": "ask Ana"}
    assert {r["id"]: r["doubt"] for r in rows(folder) if r["doubt"]} == {"f1": "ask Ana"}


def test_headings_stay_in_the_ledger_without_their_rows(tmp_path: Path) -> None:
    """Who takes rows out of the workbook has explained nothing."""
    folder = tmp_path / "d"
    made(folder)
    every = draft.accounted(draft.opened(folder))["V"]
    left = [row for row in rows(folder) if row["kind"] not in ("heading", "proposal")]
    (folder / draft.CSV).write_bytes(workbook.as_csv(left))
    fewer = draft.accounted(draft.opened(folder))["V"]
    assert [(each.sign, each.state) for each in fewer if each.sign.sort == "heading"] == [
        (each.sign, "unexplained") for each in every if each.sign.sort == "heading"
    ]


def test_a_killed_run_leaves_a_whole_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it is stopped, the next one opens the draft as it was, or as it was to be; no decision is lost."""
    newer = tmp_path / "newer.txt"
    newer.write_text("Avant-propos de 5 pages.\n\n" + VAL_DOUX.read_text(encoding="utf-8"), encoding="utf-8")
    put, opens = Path.replace, set()
    for stop in (0, 3, 6):
        folder = tmp_path / f"d{stop}"
        made(folder)
        decide(folder, {"f1": {"keep": "yes", "label": "Vides"}})
        moved = iter(range(99))

        def killed(self: Path, to: Path, moved: Iterator[int] = moved, stop: int = stop) -> Path:
            if next(moved) == stop:
                raise KeyboardInterrupt
            return put(self, to)

        monkeypatch.setattr(Path, "replace", killed)
        with contextlib.suppress(KeyboardInterrupt):
            made(folder, newer)
        monkeypatch.setattr(Path, "replace", put)
        found = draft.opened(folder)
        assert [r["label"] for r in found.rows if r["keep"]] == ["Vides"]
        assert not [p for p in folder.iterdir() if p.name.startswith(".")]
        opens.add(found.texts[0].document)
    assert opens == {"newer.txt"}


def test_pages_without_a_word_are_to_be_explained(tmp_path: Path) -> None:
    """A page may be a picture: no text is whole while nobody said why there is nothing on it."""
    canvas = Canvas(str(tmp_path / "scan.pdf"))
    for said in ("In all 12 % of homes are empty.", "", "More than 5 towns.", "", ""):
        canvas.drawString(60, 700, said)
        canvas.showPage()
    canvas.save()
    folder = tmp_path / "d"
    made(folder, tmp_path / "scan.pdf")
    pages = [row for row in rows(folder) if row["kind"] == "page"]
    assert [row["page"] for row in pages] == ["2", "4"]
    decide(folder, {row["id"]: {"keep": "yes", "label": row["id"]} for row in rows(folder)})
    found = [each for each in draft.accounted(draft.opened(folder))["V"] if each.state == "unexplained"]
    assert [each.sign.sort for each in found] == ["page", "page"]
    decide(folder, {row["id"]: {"keep": "no", "why": "blank"} for row in pages})
    made(folder, tmp_path / "scan.pdf")
    assert [e for e in draft.accounted(draft.opened(folder))["V"] if e.state == "unexplained"] == []


def test_a_workbook_needs_few_columns(tmp_path: Path) -> None:
    """What an editor took out of it is empty."""
    made(tmp_path / "d")
    (tmp_path / "d" / draft.CSV).write_text("kind;text;start;end;keep\nfigure;V;20;24;yes\n", encoding="utf-8")
    assert draft.opened(tmp_path / "d").rows[0]["label"] == ""


@pytest.mark.parametrize("said", ["&lt;html> is a tag that 5 pages use.", "%PDF-1.4 has 5 parts."])
def test_a_pinned_text_may_begin_as_a_file_of_another_format(tmp_path: Path, said: str) -> None:
    document = tmp_path / "page.html"
    document.write_text(f"<p>{said}</p>", encoding="utf-8")
    made(tmp_path / "d", document)
    assert draft.opened(tmp_path / "d").texts[0].text.tool == ""


def test_a_folder_of_something_else_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert run("read", VAL_DOUX, "--into", tmp_path).returncode == 2
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
    assert run("read", VAL_DOUX, "--into", tmp_path / "new", "--language", "eo").returncode == 2
    assert run("read", f"A={VAL_DOUX}", f"A={VAL_DOUX}", "--into", tmp_path / "new").returncode == 2
    assert not (tmp_path / "new").exists()


def test_words_of_the_document_are_no_formulas(tmp_path: Path) -> None:
    """What begins as a formula is a text in both workbooks."""
    document = tmp_path / "formula.txt"
    document.write_text(
        "Le budget\n\n=1+1 est le calcul.\n\nAvec −3 % de crédits, on ne fait rien.\n", encoding="utf-8"
    )
    made(tmp_path / "d", document)
    words = {r["words"] for r in rows(tmp_path / "d")}
    assert "'−3 %" in words or "−3 %" in words
    assert not [w for w in words if w.startswith(("=", "+", "-", "@"))]


def test_words_are_those_at_the_candidate_s_place(tmp_path: Path) -> None:
    """A share or a number is written as it is printed: no apostrophe stands before it."""
    made(tmp_path / "d", VAL_DOUX)
    (pinned,) = (tmp_path / "d" / "texts").iterdir()
    text = pinned.read_text(encoding="utf-8")
    found = rows(tmp_path / "d")
    assert any(r["words"][0].isdigit() for r in found)
    assert [r["words"] for r in found] == [" ".join(text[int(r["start"]) : int(r["end"])].split()) for r in found]
