"""Anchors for editors: the row to paste, what is said when words are not in one place, and tables filled."""

from __future__ import annotations

import csv
import io
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from openproposals.commands.group import cli
from openproposals.errors import UsageError
from openproposals.factcheck.anchor import ANCHORS, FRAMES
from openproposals.factcheck.private import private
from support.held import BOOKLET, TOWN, passages, town
from support.places import HEBREW, ROOT

EMPTY = {"passages.csv": ANCHORS, "figure-passages.csv": FRAMES}


def run(*arguments: str, given: str = "") -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["anchor", *arguments], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def rows(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(printed)))


def emptied(corpus: Path, *, quotes: bool) -> dict[str, str]:
    """The town's corpus with its anchors taken out, and with or without its quotes; what the files were."""
    shutil.copytree(TOWN, corpus)
    whole = {}
    for name, cells in EMPTY.items():
        path = corpus / name
        whole[name] = path.read_text(encoding="utf-8")
        table = rows(whole[name])
        for row in table:
            row |= dict.fromkeys([*cells, "text"], "")
            if not quotes and "quote" in row:
                row["quote"] = ""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    return whole


def test_the_row_to_paste_is_that_of_the_tables() -> None:
    """Words typed, with their figure: the very cells that the corpus has."""
    wanted, text = town()
    passage = next(p for p in wanted if p.id == "V-S6")
    words = text[passage.start : passage.end]
    code, out, err = run(str(BOOKLET), words, "--figure", "91 %", "--text", "V", "--language", "FRA")
    first, second = out.split("figure,passage", 1)
    (row,) = rows(first)
    known = next(r for r in rows((TOWN / "passages.csv").read_text(encoding="utf-8")) if r["id"] == "V-S6")
    assert (0, "") == (code, err)
    assert {name: known[name] for name in (*ANCHORS, "text")} == {name: row[name] for name in (*ANCHORS, "text")}
    (figure,) = rows("figure,passage" + second)
    framed = next(r for r in rows((TOWN / "figure-passages.csv").read_text(encoding="utf-8")) if r["figure"] == "S6-1")
    assert {name: framed[name] for name in FRAMES} == {name: figure[name] for name in FRAMES}


def test_words_are_piped_too_and_typed_loosely() -> None:
    """Standard input; other quotes, spaces and line ends than the document's."""
    code, out, _ = run(str(BOOKLET), given="cette attente pèse d’abord\n sur les plus  jeunes")
    assert code == 0
    assert len(rows(out)) == 1


def test_words_in_two_places_are_said_to_be() -> None:
    """Each place has its row, and its surroundings are shown."""
    code, out, err = run(str(BOOKLET), "12 quartiers", "--lang", "fr")
    assert code == 1
    assert len(rows(out)) == 2
    assert "2 endroits" in err
    assert "dans [12 quartiers]" in err


@pytest.mark.parametrize(
    ("arguments", "said"), [(["rien de tel"], "nowhere"), (["420 familles", "--figure", "24"], "0 times")]
)
def test_words_that_are_nowhere_are_said_to_be(arguments: list[str], said: str) -> None:
    """Nothing to paste, or no frame: a mend, and exit 1."""
    code, _, err = run(str(BOOKLET), *arguments)
    assert code == 1
    assert said in err
    assert "mend:" in err


def test_a_table_s_empty_anchors_are_filled_from_its_quotes(tmp_path: Path) -> None:
    """Every anchor of the town's corpus comes back, byte for byte."""
    whole = emptied(tmp_path / "town", quotes=True)
    code, out, err = run(str(BOOKLET), "--write", str(tmp_path / "town"))
    assert (0, "") == (code, err)
    assert out.count("filled:") == len(passages(TOWN, "V")) + 13
    assert whole == {name: (tmp_path / "town" / name).read_text(encoding="utf-8") for name in EMPTY}
    assert run(str(BOOKLET), "--write", str(tmp_path / "town")) == (0, "", "")


def test_private_quotes_fill_the_table_and_are_written_nowhere(tmp_path: Path) -> None:
    """An editor's own file of words: its words never reach the corpus."""
    emptied(tmp_path / "town", quotes=False)
    wanted, text = town()
    mine = tmp_path / "mine.csv"
    with mine.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["id", "words"], *([p.id, text[p.start : p.end]] for p in wanted if p.id != "V-S2")]
        )
    code, _, err = run(str(BOOKLET), "--quotes", str(mine), "--write", str(tmp_path / "town"))
    assert code == 1
    assert "passages V-S2" in err
    written = (tmp_path / "town" / "passages.csv").read_text(encoding="utf-8")
    assert "logements restent" not in written
    assert len([r for r in rows(written) if r["faithful_sha256"]]) == len(wanted) - 1


def test_private_quotes_are_a_table_or_paragraphs() -> None:
    """Both forms that an editor may keep."""
    assert [("a", "x, y", "2")] == [
        (w.id, w.words, w.figure) for w in private('id,words,figure\na,"x, y",2\nb,,\n', "m.csv")
    ]
    assert ["one two", "three"] == [w.words for w in private("one\ntwo\n\nthree\n", "m.txt")]
    ragged, good = private("id,words\na,b,c\nd,e\n", "m.csv")
    assert (ragged.id, ragged.line, ragged.ragged) == ("a", 2, (3, 2))
    assert (good.id, good.line, good.words) == ("d", 3, "e")


@pytest.mark.parametrize("described", [False, True])
def test_a_text_whose_file_is_named_is_pinned(described: bool, tmp_path: Path) -> None:
    """Its length and digest are written into texts.csv, or into the descriptor; not those of another file."""
    corpus = tmp_path / "corpus"
    shutil.copytree(HEBREW, corpus)
    table = (corpus / "texts.csv").read_text(encoding="utf-8")
    (row,) = rows(table)
    if described:
        (corpus / "texts.csv").unlink()
        text = '\n[texts.booklet]\ndocument = "booklet"\nfile = "kfar-orot.txt"\nextraction.he = "כפי שפורסם."\n'
        with (corpus / "corpus.toml").open("a", encoding="utf-8") as file:
            file.write(text)
    else:
        emptied_ = table.replace(row["characters"], "").replace(row["sha256"], "")
        (corpus / "texts.csv").write_text(emptied_, encoding="utf-8")
    other = tmp_path / "other.txt"
    other.write_text("words", encoding="utf-8")
    assert run(str(other), "--write", str(corpus)) == (0, "", "")
    code, out, err = run(str(ROOT / "tests" / "documents" / "kfar-orot.txt"), "--write", str(corpus))
    assert (code, out.strip(), err) == (0, "filled: texts booklet", "")
    if described:
        pinned = tomllib.loads((corpus / "corpus.toml").read_text(encoding="utf-8"))["texts"]["booklet"]
        assert (pinned["characters"], pinned["sha256"]) == (int(row["characters"]), row["sha256"])
    else:
        assert (corpus / "texts.csv").read_text(encoding="utf-8") == table


def test_an_unknown_text_is_refused(tmp_path: Path) -> None:
    """A text that the descriptor does not have."""
    emptied(tmp_path / "town", quotes=True)
    with pytest.raises(UsageError, match="no text of the corpus"):
        run(str(BOOKLET), "--write", str(tmp_path / "town"), "--text", "W")


def test_rows_to_paste_name_columns_as_a_sheet_of_one_language_does(tmp_path: Path) -> None:
    """A localised column is named without a language: the corpus is not known."""
    text = tmp_path / "a.txt"
    text.write_text("Thirty thousand people are without a home.\n", encoding="utf-8")
    header = CliRunner().invoke(cli, ["anchor", str(text), "without a home", "--quiet"]).stdout.splitlines()[0]
    assert header.split(",")[-3:] == ["theme", "locator", "quote"]
