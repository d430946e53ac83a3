"""The pin of a text, the cells that anchor prints, and corpora anchored with the first edition of the normal forms."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from openproposals.commands.group import cli
from openproposals.errors import UsageError
from support.held import BOOKLET, TOWN
from support.places import SHARED


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOWN, tmp_path / "town"))


def described(corpus: Path, was: str, now: str) -> None:
    path = corpus / "corpus.toml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")


def pin(key: str) -> str:
    lines = (TOWN / "corpus.toml").read_text(encoding="utf-8").split("[texts.V]")[1].splitlines()
    return next(line for line in lines if line.startswith(key))


def test_a_wrong_length_of_the_pinned_text_is_refused_before_anything_else(corpus: Path) -> None:
    """The digest agrees and the length does not: the descriptor contradicts itself."""
    described(corpus, pin("characters"), "characters = 999999")
    with pytest.raises(UsageError, match="not the pinned text"):
        run("verify", str(corpus), "--document", str(BOOKLET))


def test_a_text_of_another_digest_is_said_not_to_be_the_pinned_one(corpus: Path) -> None:
    """First of all; passages are looked for in it, and none is in place."""
    described(corpus, pin("sha256"), 'sha256 = "' + "0" * 64 + '"')
    _, out, _ = run("verify", str(corpus), "--document", f"V={BOOKLET}", "--quiet")
    assert out.startswith("val-clair.txt is not the pinned text V")
    _, report, _ = run("verify", str(corpus), "--document", f"V={BOOKLET}", "--quiet", "--report", "json")
    found = json.loads(report)
    assert [each["pinned"] for each in found["texts"]] == [False]
    assert found["summary"] == {"found": 22}
    with pytest.raises(UsageError, match="not the pinned text"):
        run("anchor", str(BOOKLET), "--write", str(corpus))


def test_a_corpus_of_the_first_edition_is_anchored_anew_from_its_positions(corpus: Path) -> None:
    """One command with the pinned text; every cell is what it was."""
    whole = {name: read(TOWN / name) for name in ("passages.csv", "figure-passages.csv")}  # fmt: skip
    for name, rows in whole.items():
        old = [{k: v for k, v in row.items() if not k.startswith(("kept", "bare", "after_opening"))} for row in rows]
        if name == "passages.csv":
            old = [
                {**row, "faithful_sha256": "a" * 64, "skeleton_length": "9", "skeleton_sha256": "b" * 64} for row in old
            ]
        with (corpus / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(old[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(old)
    code, _, err = run("anchor", str(BOOKLET), "--write", str(corpus))
    assert (code, err) == (0, "")
    for name, rows in whole.items():
        assert read(corpus / name) == rows
    assert "skeleton" not in (corpus / "passages.csv").read_text(encoding="utf-8")


def test_a_corpus_without_digests_of_accents_is_anchored_anew(corpus: Path) -> None:
    """As that of the second edition of the kept form is: its digests are made again, not mixed with new ones."""
    path, whole = corpus / "passages.csv", read(TOWN / "passages.csv")
    old = [{k: v for k, v in row.items() if k != "accented_sha256"} | {"kept_sha256": "c" * 64} for row in whole]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(old[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(old)
    code, _, err = run("anchor", str(BOOKLET), "--write", str(corpus))
    assert (code, err) == (0, "")
    assert read(path) == whole


DOCUMENT = (
    "La part est de 30\u202f%\nLa facture a baissé de -3 % en 2025, pour 330\u00ad000 foyers\net 45-\n000 autres.\n"
)


@pytest.mark.parametrize(
    ("words", "figure", "framed"),
    [
        ("La part est de 30 %", "30 %", "30\u202f%"),
        ("La facture a baissé de -3 % en 2025", "-3 %", "-3 %"),
        ("pour 330 000 foyers", "330 000", "330\u00ad000"),
        ("et 45 000 autres", "45 000", "45-\n000"),
    ],
)
def test_a_figure_is_framed_with_its_sign_and_unit(tmp_path: Path, words: str, figure: str, framed: str) -> None:
    """Whatever space, soft hyphen or line end is in it."""
    document = tmp_path / "d.txt"
    document.write_text(DOCUMENT, encoding="utf-8")
    code, out, err = run("anchor", str(document), words, "--figure", figure)
    assert code == 0, err
    row = next(csv.DictReader(out[out.index("figure,passage") :].splitlines()))
    assert DOCUMENT[int(row["start"]) : int(row["end"])] == framed


def test_a_negative_number_is_no_option(tmp_path: Path) -> None:
    """-3 % are words; a misspelled option is still one."""
    document = tmp_path / "d.txt"
    document.write_text(DOCUMENT, encoding="utf-8")
    assert run("anchor", str(document), "-3 %")[0] == 0
    assert run("anchor", str(document), "--figre", "3")[0] == 2


def test_what_cannot_be_anchored_is_listed_and_the_rest_is_written(corpus: Path, tmp_path: Path) -> None:
    """With the line and the id, and the nearest words with their difference."""
    path = corpus / "passages.csv"
    rows = read(path)
    for row in rows:
        if row["id"] in ("V-S2", "V-S6"):
            row |= {k: "" for k in row if k in ("start", "end", "quote") or k.startswith(("faithful", "kept", "bare"))}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    mine = tmp_path / "mine.csv"
    mine.write_text(
        "id,words\nV-S2,430 familles attendent une réponse\nV-X,rien\nV-S6,91 % d'entre elles demandent un renfort\nV-S1,a,b\n",
        "utf-8",
    )
    code, out, err = run("anchor", str(BOOKLET), "--quotes", str(mine), "--write", str(corpus))
    assert code == 1
    assert "filled: passages V-S6" in out
    assert "mine.csv:2 passages V-S2: left empty" in err
    assert "nearest: [-430-] {+420+} familles" in err
    assert "mine.csv:3 passages V-X: not used" in err
    assert "mine.csv:5 passages V-S1: not used" in err


CASES = SHARED / "cases"
FOUND = {
    "d01-subscript": "flat.txt spaced.txt sub.html", "d02-square-cube": "flat.txt sup.html",
    "d05m-three-digits-recorded": "flat.txt", "d09m-figure-recorded": "flat.txt none.txt",
    "d09n-count-recorded": "bracket.txt flat.txt none.txt", "d10-greek": "hyphen.txt wrapped.txt",
    "d11-arabic": "wrapped.txt", "d17-grouping": "apos.txt dots.txt nogroup.txt thin.txt", "d20-pdf-superscript": "sup.pdf",
    "d21-pdf-subscript": "sub.pdf", "d22-pdf-m2": "m2.pdf", "d28-numero": "letter.txt masculine.txt sup.html",
    "d30-markdown": "code.md em.md ent.md esc.md fn.md fnnum.md quote.md", "d32-bang-only": "flat.txt flat-nospace.txt",
    "d33-co2-alone": "flat.txt",
}  # fmt: skip
NOT = {
    "d02-square-cube": "cube.txt flat-km.txt", "d10-greek": "other-words.txt", "d11-arabic": "other-words.txt",
    "d17-grouping": "million.txt", "d20-pdf-superscript": "sup125.pdf",  # its ¹ is recorded as no mark
    "d22-pdf-m2": "m3.pdf",
}  # fmt: skip
PAIRS = [
    (case, name, stands)
    for table, stands in ((FOUND, True), (NOT, False))
    for case, names in table.items()
    for name in names.split()
]


@pytest.mark.skipif(not CASES.is_dir(), reason="the reduced bug reports are not copied into the project")
@pytest.mark.parametrize(("case", "name", "stands"), PAIRS)
@pytest.mark.slow
def test_reduced_bug_reports_of_other_tools(case: str, name: str, stands: bool, tmp_path: Path) -> None:
    """Each corpus anchored anew from its pinned text, then held to what a reader has."""
    corpus = tmp_path / "corpus"
    shutil.copytree(CASES / case / "corpus", corpus, copy_function=shutil.copyfile)
    corpus.chmod(0o755)
    assert run("anchor", str(CASES / case / "documents" / "text.txt"), "--write", str(corpus))[0] == 0
    document = str(CASES / case / "documents" / name)
    code, out, _ = run("verify", str(corpus), "--document", document, "--report", "json", "--quiet")
    assert (code == 0) == stands, out
