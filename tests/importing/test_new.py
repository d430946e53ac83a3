"""A corpus is started: five answers, a guessed mapping, or workbooks to fill in; nothing is written over."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from openproposals import stages
from openproposals.cli import run
from openproposals.commands.group import cli
from openproposals.guards import parsing
from openproposals.importing import blank_books, first_mapping, intake, reading
from openproposals.importing import mapping as mappings
from openproposals.model import schema
from openproposals.model.languages import Languages
from openproposals.stages import Run
from support.sheets import PROMISES, rows, workbook

FLAGS = ["--publisher", "Ferry Watch", "--contact", "a@ferry.example", "--licence", "cc-by",
         "--address", "https://data.example.org/ferry"]  # fmt: skip
ENGLISH = [*FLAGS, "--title", "Promises of a ferry company", "--languages", "en", "--yes"]


def new(*arguments: str, given: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["new", *map(str, arguments)], input=given)
    return done.exit_code, done.output + done.stderr


def test_from_a_workbook_to_a_release_by_commands_alone(tmp_path: Path) -> None:
    """New guesses, import makes the tables, publish publishes: every column is placed or named as unused."""
    (tmp_path / "promises.xlsx").write_bytes(workbook({"Promises": PROMISES}))
    code, said = new(str(tmp_path / "c"), "--from", str(tmp_path / "promises.xlsx"), *ENGLISH)
    assert code == 0, said
    assert "era, coSigned" in said
    done = intake.take(tmp_path / "c")
    assert done.findings == []
    assert done.unused == ("era", "coSigned")
    assert [row["id"] for row in rows(tmp_path / "c", "themes")] == ["transport", "housing"]
    work, _ = stages.publish(tmp_path / "c", tmp_path / "out", Run())
    assert work.findings == []


def test_without_a_file_there_are_workbooks_to_fill_in(tmp_path: Path) -> None:
    """An XLSX and an ODS with a sheet for each table; whichever is filled in is imported, as it stands."""
    assert new(str(tmp_path / "c"), *ENGLISH)[0] == 0
    assert {p.name for p in (tmp_path / "c").iterdir()} == {"corpus.toml", "mapping.toml", "tables.xlsx", "tables.ods"}
    empty = intake.take(tmp_path / "c")
    assert (empty.findings, dict(empty.rows)) == ([], {})
    filled = workbook({
        name: [[column for column, _ in blank_books.names(name, Languages(("en",)))]] for name in first_mapping.FILLED
    } | {"proposals": [["id", "label", "theme", "position"], ["a", "Run the ferry", "sea", 1]],
         "themes": [["id", "label"], ["sea", "At sea"]]})  # fmt: skip
    (tmp_path / "c" / "tables.xlsx").write_bytes(filled)
    assert intake.take(tmp_path / "c").findings == []
    assert rows(tmp_path / "c", "proposals") == [
        {"id": "a", "position": "1", "theme": "sea", "label_en": "Run the ferry"}
    ]


@pytest.mark.parametrize("tags", [("en",), ("fr", "de")])
def test_the_workbooks_tell_each_column_and_its_choices(tags: tuple[str, ...]) -> None:
    """Both are read back with the columns of the Table Schemas; notes and lists stand in their XML. Same bytes each time."""
    spoken = Languages(tags)
    for make, name in ((blank_books.xlsx, "t.xlsx"), (blank_books.ods, "t.ods")):
        data = make(first_mapping.FILLED, spoken, tags[0])
        if name == "t.xlsx":
            assert data == make(first_mapping.FILLED, spoken, tags[0])
        book = reading.book(data)
        assert book.names == first_mapping.FILLED
        for table in first_mapping.FILLED:
            wanted = [column for column, _ in blank_books.names(table, spoken)]
            assert [cell for cell in book.grids[table][0] if cell] == wanted
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            xml = "".join(
                parts.read(each).decode(errors="replace") for each in parts.namelist() if each.endswith("xml")
            )
        assert "not-started" in xml
        note = blank_books.note(schema.tables()["proposals"].columns[0], tags[0])
        assert note.replace("'", "&apos;") in xml or note in xml


def test_it_asks_what_no_flag_has_given(tmp_path: Path) -> None:
    """Languages, title, publisher, contact, licence and address, each asked again until it has its form."""
    answers = [
        "Mon titre !",
        "fr, en",
        "Titre",
        "Title",
        "Moi",
        "nobody",
        "a@b.org",
        "mine",
        "cc0",
        "ftp://x",
        "https://x.example/a",
    ]
    code, said = new(str(tmp_path / "c"), given="\n".join(answers) + "\n")
    assert code == 0, said
    found = parsing.from_toml((tmp_path / "c" / "corpus.toml").read_text(encoding="utf-8"))
    assert found["title"] == {"fr": "Titre", "en": "Title"}
    assert found["licence"].endswith("/CC0")
    assert found["base"] == "https://x.example/a/"


ASSEMBLY = [
    ["Assemblée de Saint-Aubin"], [],
    ["N°", "Intitulé", "Proposition", "Thématique", "Groupe proposant", "Date de dépôt", "Coût (€)", "Statut"],
    *([n, f"Idée {n}", f"Nous proposons que la ville prenne l'idée {n} pour le quartier.", "Vélo" if n % 3 else "Parcs",
       "Jeunes ; Parents" if n % 2 else "Jeunes", f"{n + 1:02}/05/2024", "1 200,50", "Retenue"] for n in range(1, 31)),
    ["Total", "30", None, None, None, None, "36 015,00", None],
]  # fmt: skip


def test_a_sheet_in_french_with_a_total_at_its_foot(tmp_path: Path) -> None:
    """Numbers are ids, the longer text is the summary, several groups are several proposers, and days have their form.

    What the mapping settles, the header below a title and the last row, is told in a line and not as a violation.
    """
    (tmp_path / "s.xlsx").write_bytes(workbook({"Feuille": ASSEMBLY}))
    french = [*FLAGS, "--title", "Assemblée", "--languages", "fr", "--yes"]
    code, said = new(str(tmp_path / "c"), "--from", str(tmp_path / "s.xlsx"), *french)
    assert code == 0, said
    assert "s.xlsx!Feuille: header = 3; s.xlsx!Feuille: last = 33" in said
    assert "violation" not in said
    found = parsing.from_toml((tmp_path / "c" / "mapping.toml").read_text(encoding="utf-8"))
    assert found["unused"] == ["Coût (€)"]
    assert found["proposals"] == {
        "from": "feuille",
        "id": "N°",
        "label": "Intitulé",
        "summary": "Proposition",
        "theme": {"label": "Thématique"},
        "proposers": {"label": "Groupe proposant", "split": ";"},
        "issued": {"column": "Date de dépôt", "date": "DD/MM/YYYY"},
    }
    done = intake.take(tmp_path / "c")
    assert done.findings == []
    assert rows(tmp_path / "c", "proposals")[1]["issued"] == "2024-05-03"
    assert len(rows(tmp_path / "c", "proposal-proposers")) == 45


def test_an_id_that_is_there_twice_is_no_reason_to_leave_the_ids_out(tmp_path: Path) -> None:
    """A column of ids with one slip is still the ids: import tells the slip, where no id would lose them in silence."""
    lines = "".join(f"{min(n, 39)},Promise {n} of the town\n" for n in range(1, 41))
    (tmp_path / "s.csv").write_text(f"id,promise\n{lines}")
    assert new(str(tmp_path / "c"), "--from", str(tmp_path / "s.csv"), *ENGLISH)[0] == 0
    assert [(f.code, f.location.row) for f in intake.take(tmp_path / "c").findings] == [("key-twice", 41)]


@pytest.mark.parametrize("given", ["", "en\nTitle\n"])
def test_whoever_stops_at_a_question_has_written_nothing(
    tmp_path: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the input, as Ctrl-C, is no fault of the program."""
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    with pytest.raises(KeyboardInterrupt):  # which ends as Ctrl-C does
        run(["new", str(tmp_path / "c")])
    assert not (tmp_path / "c").exists()


def test_what_is_missing_is_told_together(tmp_path: Path) -> None:
    """With --yes nothing is asked."""
    done = CliRunner().invoke(cli, ["new", str(tmp_path / "c"), "--yes", "--languages", "en"])
    assert str(done.exception).startswith("with --yes, these are needed: --title, --publisher, --contact, --licence")
    assert not (tmp_path / "c").exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A folder with a corpus in it stays as it is; a raw file called as a table gets another name."""
    (tmp_path / "proposals.csv").write_text("id,title\na,Alpha\nb,Beta\n")
    assert new(str(tmp_path / "c"), "--from", str(tmp_path / "proposals.csv"), *ENGLISH)[0] == 0
    assert (tmp_path / "c" / "raw-proposals.csv").exists()
    before = {p.name: p.read_bytes() for p in (tmp_path / "c").iterdir()}
    again = CliRunner().invoke(cli, ["new", str(tmp_path / "c"), *ENGLISH])
    assert "is there already" in str(again.exception)
    assert {p.name: p.read_bytes() for p in (tmp_path / "c").iterdir()} == before


def test_places_and_years_are_offered_and_not_taken(tmp_path: Path) -> None:
    """The country of most addresses, and the years of dates, stand in corpus.toml as comments."""
    lines = "".join(f"{n},Promise {n} of the town,202{n}-05-01,https://x.govt.nz/{n}\n" for n in range(4))
    (tmp_path / "s.csv").write_text(f"id,promise,date,url\n{lines}")
    assert new(str(tmp_path / "c"), "--from", str(tmp_path / "s.csv"), *ENGLISH)[0] == 0
    text = (tmp_path / "c" / "corpus.toml").read_text()
    assert re.findall("^# (?:spatial|start|end) = .*", text, re.MULTILINE) == [
        '# spatial = ["http://publications.europa.eu/resource/authority/country/NZL"]',
        "# start = 2020-01-01",
        "# end = 2023-12-31",
    ]
    assert "coverage" not in parsing.from_toml(text)


def test_themes_are_offered_and_not_taken(tmp_path: Path) -> None:
    """The EU's data themes of which the files' topics speak stand as a comment; without any, all that there are."""
    (tmp_path / "s.csv").write_text("id,promise,topic\n1,Run the ferry,Transport & roads\n2,Build homes,Housing\n")
    (tmp_path / "t.csv").write_text("id,promise\n1,Run the ferry\n")
    for name, shown in (("s", '["TRAN"]'), ("t", '["AGRI", "ECON", ')):
        assert new(str(tmp_path / name), "--from", str(tmp_path / f"{name}.csv"), *ENGLISH)[0] == 0
        text = (tmp_path / name / "corpus.toml").read_text()
        assert f"# themes = {shown}" in text
        assert "themes" not in parsing.from_toml(text)


def test_columns_that_can_have_no_place_are_unused(tmp_path: Path) -> None:
    """A language that the corpus has not, a name with braces; a status counts without white space at its ends."""
    header = "id,title_en,title_fr,summary {old},status"
    (tmp_path / "s.csv").write_text(f"{header}\n1,Run the ferry,Un bac,x, done \n2,Build homes,Des logements,y,half\n")
    assert new(str(tmp_path / "c"), "--from", str(tmp_path / "s.csv"), *ENGLISH)[0] == 0
    done = intake.take(tmp_path / "c")
    assert done.findings == []
    assert done.unused == ("title_fr", "summary {old}")


def test_a_file_that_cannot_be_read_starts_nothing(tmp_path: Path) -> None:
    """It is told why, and how to mend it; nothing is asked and nothing is written."""
    (tmp_path / "s.csv").write_bytes(b"id,promise\n1,a\0b\n")
    code, said = new(str(tmp_path / "c"), "--from", str(tmp_path / "s.csv"))
    assert code == 1
    assert "export the table again" in said
    assert not (tmp_path / "c").exists()


def test_every_table_may_be_mapped() -> None:
    """mapping.json names each table that is given, and the grammar takes a section for each."""
    given = [name for name, table in schema.tables().items() if table.origin in ("given", "short")]
    for name in given:
        text = f'[sheets.s]\nfile = "s.csv"\n[{name}]\nfrom = "s"\nsame = true\n'
        found, problems = mappings.parse(text, Languages(("en",)))
        assert problems == []
        assert found is not None
        assert [rule.table for rule in found.rows] == [name]
