"""From decisions to tables: what `accept` writes conforms, can be verified, and states only what was looked at."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from openproposals.errors import UsageError
from openproposals.factcheck import documents
from openproposals.importing import intake
from openproposals.reading import apart, coverage, draft, merging, workbook
from openproposals.stages import Run, check, publish
from support.commands import run

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "documents"
VAL_DOUX = HERE / "val-doux.txt"
DESCRIPTOR = """name = "val-doux"
version = "0.1.0"
released = 2026-01-31
base = "https://data.example.org/val-doux/"
site = "https://data.example.org/val-doux/"
licence = "http://publications.europa.eu/resource/authority/licence/CC0"
title.fr = "Val-Doux"
description.fr = "Un programme inventé."
rights.fr = "Le programme est inventé."
publisher = { name = "Essais", iri = "https://data.example.org/publisher" }
contact = { name = "Essais", email = "essais@data.example.org" }
"""
Rows = list[dict[str, str]]


def table(folder: Path, name: str) -> Rows:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decided(folder: Path, decide: dict[str, str] | None = None) -> None:
    """Keep every row, with a label of our own; of the ids in `decide`, drop with that reason, or leave open for ""."""
    rows = []
    for row in draft.opened(folder).rows:
        why = (decide or {}).get(row["id"])
        if why is None:
            rows.append({**row, "keep": "oui", "label": f"Libellé {row['id']}"})
        else:
            rows.append({**row, "keep": "non" if why else "", "why": why})
    (folder / apart.CSV).write_bytes(workbook.as_csv(rows))


def made(folder: Path, path: Path = VAL_DOUX) -> Path:
    draft.make([("V", documents.read(path.name, path.read_bytes()))], folder, "fr", "fr")
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "corpus.toml").write_text(DESCRIPTOR, encoding="utf-8")
    return folder


def test_what_is_kept_becomes_a_corpus_that_conforms(tmp_path: Path, corpus: Path) -> None:
    """Through the commands: read, accept, check, verify. Each passage stands in its place; a second time changes nothing."""
    made(tmp_path / "d")
    decided(tmp_path / "d")
    done = run("accept", tmp_path / "d", corpus, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "nothing is unexplained" in done.stderr
    work = check(corpus, Run())
    assert work.findings == []
    verified = run("verify", corpus, "--document", f"V={VAL_DOUX}")
    assert (verified.returncode, "19  in place" in verified.stdout) == (0, True)
    before = {path.name: path.read_bytes() for path in corpus.iterdir()}
    assert (
        sum(merging.accept(tmp_path / "d", corpus, "2026-01-31", "fr").added.values()) <= 1
    )  # the day of the activity
    assert {n: c for n, c in before.items() if n != "activities.csv"} == {
        p.name: p.read_bytes() for p in corpus.iterdir() if p.name != "activities.csv"
    }


def test_the_cells_of_what_is_kept(tmp_path: Path, corpus: Path) -> None:
    """Values, units, markers with their notes, works; statuses; which proposal states which figure."""
    decided(made(tmp_path / "d"))
    merging.accept(tmp_path / "d", corpus, "2026-01-31", "fr")
    figures = {row["as_printed_fr"]: row for row in table(corpus, "figures")}
    assert (figures["près de 11 %"]["value"], figures["près de 11 %"]["unit"]) == ("11", "PERCENT")
    assert (figures["11,20 €"]["unit"], figures["un ménage sur quatre"]["denominator"]) == ("CCY_EUR", "4")
    status = {row["id"]: row["citation_status"] for row in table(corpus, "statistics")}
    assert status[figures["1 340"]["statistic"]] == "cited"
    assert status[figures["deuxième"]["statistic"]] == "dangling"
    assert status[figures["11,20 €"]["statistic"]] == "uncited"
    evidence = {(row["proposal"], row["statistic"], row["basis"]) for row in table(corpus, "evidence")}
    first, second = (row["id"] for row in table(corpus, "proposals")[:2])
    assert (first, figures["1 340"]["statistic"], "Context") in evidence
    assert (second, figures["trente-deux"]["statistic"], "Stated") in evidence
    assert {row["kind"] for row in table(corpus, "remarks")} == {"missing-note"}
    assert {row["title_fr"] for row in table(corpus, "sources")} >= {"Atlas de l'hébergement"}


def test_no_absence_is_stated_while_anything_is_unexplained(tmp_path: Path, corpus: Path) -> None:
    """One figure left open: no activity claims a reading, and what is uncited is not recorded as such."""
    decided(made(tmp_path / "d"), {"f1": "", "f2": "hors sujet"})
    done = merging.accept(tmp_path / "d", corpus, "2026-01-31", "fr")
    assert (done.finished, done.unfinished, done.dropped) == ([], ["V"], 1)
    assert not (corpus / "activities.csv").exists()
    assert {row["citation_status"] for row in table(corpus, "statistics")} == {"cited", "not-recorded"}
    (found,) = coverage.coverage(draft.opened(tmp_path / "d"))
    assert found.unexplained == 2  # 1 and 340
    assert sum(states["dismissed"] for states in found.sorts.values()) >= 1
    told = run("coverage", tmp_path / "d", "--picture", tmp_path / "c.svg", "--lang", "en")
    assert (told.returncode, "2 signs are unexplained" in told.stdout) == (1, True)
    assert (tmp_path / "c.svg").read_text(encoding="utf-8").count("#b71c1c") == 2


def test_rows_that_the_editor_added_say_what_their_words_tell(tmp_path: Path, corpus: Path) -> None:
    """Kind, place and label are enough: number, qualifier and sign are read in the words, and the corpus conforms."""
    folder = made(tmp_path / "d")
    text = VAL_DOUX.read_text(encoding="utf-8")
    added = []
    for kind, words in (
        ("figure", "près de 11 %"),
        ("mark", "³"),
        ("note", "3 Atlas de l'hébergement, Conseil départemental, 2022"),
    ):
        start = str(text.index(words))
        added.append(
            {
                "kind": kind,
                "text": "V",
                "start": start,
                "end": str(int(start) + len(words)),
                "keep": "yes",
                "label": kind,
            }
        )
    proposals = [
        {**row, "keep": "yes", "label": row["id"]} for row in draft.opened(folder).rows if row["kind"] == "proposal"
    ]
    (folder / apart.CSV).write_bytes(workbook.as_csv([*proposals, *added]))
    merging.accept(folder, corpus, "2026-01-31", "fr")
    (figure,) = table(corpus, "figures")
    assert (figure["value"], figure["unit"], figure["qualifier"]) == ("11", "PERCENT", "nearly")
    assert [row["as_printed"] for name in ("markers", "notes") for row in table(corpus, name)] == ["3", "3"]
    assert check(corpus, Run()).findings == []


def test_two_drafts_go_into_one_corpus(tmp_path: Path, corpus: Path) -> None:
    """Neither takes the ids of the other, nor the id of its text; a workbook that lost its ids has them again."""
    for name in ("V", "X"):
        folder = tmp_path / name
        document = tmp_path / f"{name}.txt"
        document.write_text(VAL_DOUX.read_text(encoding="utf-8") + f"\nFin du volume {name}.\n", encoding="utf-8")
        draft.make([(name, documents.read(document.name, document.read_bytes()))], folder, "fr", "fr")
        decided(folder)
        saved = (folder / apart.CSV).read_bytes()
        merging.accept(folder, corpus, "2026-01-31", "fr")
        (folder / apart.CSV).write_bytes(saved)  # as a review page that was opened before saves it
        assert not merging.accept(folder, corpus, "2026-01-31", "fr").added
    assert check(corpus, Run()).findings == []
    for name in ("proposals", "themes", "statistics", "sources", "figures"):
        rows = table(corpus, name)
        assert len(rows) == len({row["id"] for row in rows})
    assert len(table(corpus, "proposals")) == 8
    other = tmp_path / "other"
    draft.make([("V", documents.read("o.txt", b"On compte 12 lits.\n"))], other, "fr", "fr")
    with pytest.raises(UsageError) as refused:
        merging.accept(other, corpus, "2026-01-31", "fr")
    assert refused.value.key == "accept-text-known"


def test_one_label_is_one_statistic_with_every_place_where_it_stands(tmp_path: Path, corpus: Path) -> None:
    """Two prints of one number under one label: one figure, two passages; another print is a second figure."""
    document = tmp_path / "twice.txt"
    document.write_text(
        "On compte 400 lits ici.\n\nDit autrement, 400 lits.\n\nSoit quatre cents lits.\n", encoding="utf-8"
    )
    made(tmp_path / "d", document)
    rows = [
        {**row, "keep": "yes", "label": "Lits"} for row in draft.opened(tmp_path / "d").rows if row["kind"] == "figure"
    ]
    (tmp_path / "d" / apart.CSV).write_bytes(workbook.as_csv(rows))
    merging.accept(tmp_path / "d", corpus, "2026-01-31", "fr")
    assert [row["id"] for row in table(corpus, "statistics")] == ["S1"]
    assert [(r["id"], r["as_printed_fr"]) for r in table(corpus, "figures")] == [
        ("S1-1", "400"),
        ("S1-2", "quatre cents"),
    ]
    assert [r["figure"] for r in table(corpus, "figure-passages")] == ["S1-1", "S1-1", "S1-2"]
    assert len(table(corpus, "passages")) == 3


def test_a_new_version_renews_places_and_adds_what_is_new(tmp_path: Path, corpus: Path) -> None:
    """Ids once given stay; what the editor changed in the tables stays; only places and digests are renewed."""
    folder = made(tmp_path / "d")
    decided(folder)
    merging.accept(folder, corpus, "2026-01-31", "fr")
    before = {row["id"]: row for row in table(corpus, "passages")}
    path = corpus / "proposals.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Libellé p1", "Plafonner"), encoding="utf-8")
    newer = tmp_path / "newer.txt"
    newer.write_text("Édition de juin, 9 pages.\n\n" + VAL_DOUX.read_text(encoding="utf-8"), encoding="utf-8")
    made(folder, newer)
    decided_rows = draft.opened(folder).rows
    assert [r["words"] for r in decided_rows if r["new"]] == ["9"]
    rows = [{**r, **({"keep": "yes", "label": "Pages"} if r["new"] else {})} for r in decided_rows]
    (folder / apart.CSV).write_bytes(workbook.as_csv(rows))
    done = merging.accept(folder, corpus, "2026-02-01", "fr")
    after = {row["id"]: row for row in table(corpus, "passages")}
    assert before.keys() < after.keys()
    assert all(int(after[key]["start"]) == int(row["start"]) + 27 for key, row in before.items())
    assert done.added["statistics"] == 1
    assert "Plafonner" in path.read_text(encoding="utf-8")
    assert check(corpus, Run()).findings == []


def test_what_a_new_version_no_longer_says_is_told(tmp_path: Path, corpus: Path) -> None:
    """Its rows stay in the tables, where somebody may have written: the ids are named, to be corrected by hand."""
    folder = made(tmp_path / "d")
    decided(folder)
    assert merging.accept(folder, corpus, "2026-01-31", "fr").gone == []
    newer = tmp_path / "newer.txt"
    newer.write_text(VAL_DOUX.read_text(encoding="utf-8").replace("1 340", "1 350"), encoding="utf-8")
    made(folder, newer)
    told = run("accept", folder, corpus, "--lang", "en")
    assert "1 row stands for what the document no longer says: S1-1;" in told.stderr


def test_what_is_kept_needs_a_label_and_a_corpus(tmp_path: Path, corpus: Path) -> None:
    folder = made(tmp_path / "d")
    rows = [{**row, "keep": "yes"} for row in draft.opened(folder).rows]
    (folder / apart.CSV).write_bytes(workbook.as_csv(rows))
    with pytest.raises(UsageError) as refused:
        merging.accept(folder, corpus, "2026-01-31", "fr")
    assert refused.value.key == "accept-unlabelled"
    with pytest.raises(UsageError) as refused:
        merging.accept(folder, tmp_path / "nowhere", "2026-01-31", "fr")
    assert refused.value.key == "accept-no-corpus"
    assert [path.name for path in corpus.iterdir()] == ["corpus.toml"]


def test_a_draft_is_not_published(tmp_path: Path, corpus: Path) -> None:
    """Neither from a corpus's folder that holds one, nor into a folder that does."""
    decided(made(tmp_path / "d"))
    merging.accept(tmp_path / "d", corpus, "2026-01-31", "fr")
    shutil.copytree(tmp_path / "d", corpus / "draft")
    with pytest.raises(UsageError) as refused:
        publish(corpus, tmp_path / "out", Run())
    assert refused.value.key == "draft-published"
    with pytest.raises(UsageError):
        publish(corpus, tmp_path / "d", Run())
    shutil.rmtree(corpus / "draft")
    work, _ = publish(corpus, tmp_path / "out", Run())
    assert work.conforms
    words = "attend un logement social"
    assert not [p for p in (tmp_path / "out").rglob("*") if p.is_file() and words.encode() in p.read_bytes()]


def test_tables_of_an_import_are_left_to_it(tmp_path: Path, corpus: Path) -> None:
    """A table that the next import would write anew takes no accepted row."""
    decided(made(tmp_path / "d"))
    (corpus / "promises.csv").write_text("id,promise\na,Planter des arbres\n", encoding="utf-8")
    mapping = '[sheets.promises]\nfile = "promises.csv"\n[proposals]\nfrom = "promises"\nid = "id"\nlabel = "promise"\n'
    (corpus / "mapping.toml").write_text(mapping, encoding="utf-8")
    assert intake.take(corpus).conforms
    before = (corpus / "proposals.csv").read_bytes()
    with pytest.raises(UsageError) as refused:
        merging.accept(tmp_path / "d", corpus, "2026-01-31", "fr")
    assert refused.value.key == "accept-imported"
    assert (corpus / "proposals.csv").read_bytes() == before


def test_the_ledger_of_a_draft_is_counted_in_the_corpus(tmp_path: Path, corpus: Path) -> None:
    """An activity that claims what the ledger leaves unexplained is refused; the sums are measurements."""
    decided(made(tmp_path / "d"), {"f1": ""})
    merging.accept(tmp_path / "d", corpus, "2026-01-31", "fr")
    left = {row["sign"]: row["unexplained"] for row in table(corpus, "ledger")}
    assert left == {"digits": "2", "word": "0", "mark": "0", "heading": "0"}
    claimed = "id,text,looked_for,ended,comment_fr\nA,V,figures,2026-01-31T00:00:00Z,Lu.\n"
    (corpus / "activities.csv").write_text(claimed, encoding="utf-8")
    assert [f.code for f in check(corpus, Run()).findings] == ["reading-unfinished"]
    (corpus / "activities.csv").unlink()
    decided(tmp_path / "d")
    merging.accept(tmp_path / "d", corpus, "2026-01-31", "fr")
    work, _ = publish(corpus, tmp_path / "out", Run())
    assert work.findings == []
    measured = {row["metric"]: row["value"] for row in table(tmp_path / "out" / "tables", "measurements")}
    assert measured["signs-unexplained"] == "0"
    assert float(measured["signs-recorded"]) + float(measured["signs-dismissed"]) == pytest.approx(1, abs=1e-3)


def test_a_ledger_of_another_text_or_of_a_part_of_the_signs_is_refused(tmp_path: Path, corpus: Path) -> None:
    """Neither a text that was pinned afterwards nor a ledger that lost lines carries the claim of a full reading."""
    decided(made(tmp_path / "d"))
    merging.accept(tmp_path / "d", corpus, "2026-01-31", "fr")
    assert check(corpus, Run()).findings == []
    whole, pinned = (
        (corpus / "ledger.csv").read_text(encoding="utf-8"),
        (corpus / "corpus.toml").read_text(encoding="utf-8"),
    )
    (sha256,) = {row["sha256"] for row in table(corpus, "ledger")}
    (corpus / "corpus.toml").write_text(pinned.replace(sha256, "0" * 64), encoding="utf-8")
    assert "ledger-stale" in {f.code for f in check(corpus, Run()).findings}
    (corpus / "corpus.toml").write_text(pinned, encoding="utf-8")
    (corpus / "ledger.csv").write_text("".join(whole.splitlines(keepends=True)[:3]), encoding="utf-8")
    assert [f.code for f in check(corpus, Run()).findings] == ["ledger-stale"]


def test_without_a_corpus_the_draft_begins_its_own(tmp_path: Path) -> None:
    """Accepted twice, the second time changes nothing; what only a publisher knows is told by validate, once given it conforms."""
    folder = made(tmp_path / "d")
    with pytest.raises(UsageError):
        merging.accept(folder / "nowhere", None, "2026-01-31", "fr")
    decided(folder)
    own = folder / "corpus"
    done = merging.accept(folder, None, "2026-01-31", "fr")
    assert done.added["proposals"]
    first = {path.name: path.read_bytes() for path in own.iterdir()}
    assert not merging.accept(folder, None, "2026-01-31", "fr").added
    assert {path.name: path.read_bytes() for path in own.iterdir()} == first
    codes = {finding.code for finding in check(own, Run()).findings}
    assert "descriptor-key-missing" in codes
    begun = (own / "corpus.toml").read_text(encoding="utf-8")
    (own / "corpus.toml").write_text(DESCRIPTOR + begun, encoding="utf-8")
    assert check(own, Run()).findings == []
