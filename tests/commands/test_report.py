"""Reports: findings alike grouped, counted and capped, in words and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openproposals import report, stages
from openproposals.corpus import corpus_folder, decoding
from openproposals.findings import Finding, Location
from openproposals.stages import Run
from support.cases import laid_over
from support.places import ROOT


def broken(row: int, file: str = "claims.csv", cell: str = "x") -> Finding:
    return Finding(Location(file, row, 2, "proposal"), "broken-link", cell, {"table": "proposals", "near": ""})


MANY = [broken(row) for row in range(2, report.CAP + 502)]


def test_those_alike_are_told_once_and_counted() -> None:
    """The first is told whole, a few are placed, the rest are counted; another file is another group."""
    text = report.text([*MANY, broken(9, "evidence.csv")], "en")
    assert text.count("  mend:") == 2
    assert "claims.csv:7:2" in text
    assert "claims.csv:8:2" not in text
    assert f"{len(MANY)} in all, {len(MANY) - 1 - report.ALIKE} not shown here" in text


def test_programs_get_a_capped_list_and_true_counts() -> None:
    """JSON and SARIF show the first of them, as many as the cap, and say how many there are."""
    data = json.loads(report.data(MANY, None, {"corpus": "x"}))
    assert (report.CAP + 500, report.CAP, report.CAP) == (
        data["counts"]["broken-link"],
        data["shown"],
        len(data["findings"]),
    )
    run = json.loads(report.sarif(MANY, Path("x"), {}, "en"))["runs"][0]
    assert (report.CAP + 500, report.CAP) == (run["properties"]["findings"], len(run["results"]))


def test_code_hosts_get_the_line_where_a_row_begins(tmp_path: Path) -> None:
    """A cell with line breaks before it moves a row's line, not its row."""
    (tmp_path / "claims.csv").write_text('id,proposal\n"a\nb",x\nc,x\n', encoding="utf-8")
    begins = corpus_folder.lines(tmp_path, [broken(3).location])
    annotation = report.github([broken(3)], tmp_path, begins, "en")
    assert annotation.startswith(f"::error file={tmp_path}/claims.csv,line=4,title=broken-link::")
    result = json.loads(report.sarif([broken(3)], tmp_path, begins, "fr"))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 4}
    assert "n'est pas une ligne" in result["message"]["text"]


@pytest.mark.parametrize("cell", ["\x1b[2J", "a\nb", "\u202eabc", "x" * 10_000, "::error::"])
def test_a_cell_cannot_write_on_the_terminal(cell: str) -> None:
    """What stands in a cell is shown without its controls, and short; no annotation can be forged."""
    text = report.text([broken(2, cell=cell)], "en")
    assert text.count("\n") == 4
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text) < 1000
    assert report.github([broken(2, cell=cell)], Path("x"), {}, "en").count("\n") == 0


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"\xff\xfei\x00d\x00", "utf-16", ""),
        ("id,label\n".encode("utf-16-le"), "utf-16", ""),
        (b"id\ncaf\xe9\n", "not-utf8", "offset 6 line 2 character 4"),
        (b"\xef\xbb\xbfid\ncaf\xe9\n", "not-utf8", "offset 9 line 2 character 4"),
        (b"id\nx\x00y\n", "nul-byte", "offset 4 line 2 character 2"),
    ],
)
def test_the_byte_gate_names_the_byte(data: bytes, code: str, place: str) -> None:
    """Byte offset in the file, line and character, counted as an editor shows them."""
    decoded, (finding,) = decoding.decode("a.csv", data)
    assert decoded is None
    assert finding.code == code
    facts = finding.facts
    assert not place or place == f"offset {facts['offset']} line {facts['line']} character {facts['character']}"


@pytest.mark.parametrize(
    ("text", "line", "character"),
    [
        ('id,a\n"x,1\ny,2\n', "2", "1"),
        ('id,a\nx,1\ny,"2\nz,3\n', "3", "3"),
        ('id,a\nx,1\ny,2\n"z,3', "4", "1"),
        ('id,a\n"x ""q"" y","1" 2\n', "2", "13"),
    ],
)
def test_an_unclosed_quote_is_named_where_it_opens(text: str, line: str, character: str) -> None:
    """In the first, a middle and the last row: the place of the quote that was opened, not where the file ends."""
    records, (finding,) = decoding.records("a.csv", text)
    assert records is None
    assert ("quote-unclosed", line, character) == (finding.code, finding.facts["line"], finding.facts["character"])


def test_a_hint_is_told_below_a_warning(tmp_path: Path) -> None:
    """In each report it has a level of its own; it stops nothing, and only who asks for hints is told."""
    case = laid_over(ROOT / "tests" / "cases" / "digits-without-figure", tmp_path / "corpus")
    assert stages.validate(case, Run()).findings == []
    work = stages.validate(case, Run(), hints=True)
    (hint,) = work.findings
    assert (hint.severity, hint.location.name, work.conforms) == ("hint", "label_fr", True)
    assert report.github([hint], case, {}, "en").startswith("::notice file=")
    assert json.loads(report.sarif([hint], case, {}, "en"))["runs"][0]["results"][0]["level"] == "note"
    assert json.loads(report.data([hint], None, {}))["findings"][0]["severity"] == "hint"
    assert report.summary([hint], None, "en") == "conforms, 0 warning(s), 1 hint(s); 0 rows"
    assert report.summary([hint], None, "fr") == "conforme, 0 avertissement(s), 1 indication(s) ; 0 lignes"
    assert report.summary([hint], None, "de") == "ohne Verstoß, 0 Warnung(en), 1 Hinweis(e); 0 Zeilen"


@pytest.mark.parametrize(("label", "hints"), [("Hire ٣٠٠ people", 1), ("Hire people by 2030", 1), ("CO₂, at once", 0)])
def test_digits_of_every_script_are_a_hint(label: str, hints: int, tmp_path: Path) -> None:
    """A lowered digit that is part of a name is none."""
    corpus = laid_over(ROOT / "tests" / "cases" / "digits-without-figure", tmp_path / "corpus")
    file = corpus / "proposals.csv"
    text = file.read_text(encoding="utf-8").replace("Ouvrir 4 salles d'archives de la mairie", "Ouvrir les salles")
    file.write_text(text.replace("Open four rooms of the town hall's archives", f'"{label}"'), encoding="utf-8")
    found = stages.validate(corpus, Run(), hints=True).findings
    assert [f.code for f in found] == ["digits-without-figure"] * hints
