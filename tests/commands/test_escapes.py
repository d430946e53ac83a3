"""Whatever a stranger has named or written, what the commands say of it acts on no terminal and no log."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import run
from support.escapes import HOSTILE, acting
from support.held import BOOKLET, TOWN
from support.places import MINIMAL, ROOT

pytestmark = pytest.mark.slow

REPORTS = ["text", "json", "github", "sarif"]
# No zero sign and no half pair: no argument and no file of text has those. The separator would end a file's name.
GIVEN = "".join(text for text in HOSTILE if "\0" not in text and text != "\ud800")
LETTERS = "עברית", "العربية"


def said(*arguments: str | bytes | Path, code: int, commands: int = 0, feed: bytes = b"") -> str:
    """What a command says on standard output, harmless; of workflow commands, our own are the only ones."""
    command = [sys.executable, "-m", "openproposals", *(a if isinstance(a, bytes) else str(a) for a in arguments)]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=False, input=feed)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert acting(err) == []
    assert done.returncode == code, err
    assert "Traceback" not in err
    lines = out.split("\n")
    ours = [line for line in lines if commands and line.startswith(("::error ", "::warning ", "::notice "))]
    assert acting("\n".join(line for line in lines if line not in ours)) == []
    for line in ours:  # the command's own colons, and nothing more that acts
        assert acting(line.removeprefix("::")) == []
    assert bool(ours) == bool(commands)
    return out


def hostile(folder: Path) -> Path:
    """A corpus with hostile names of tables, headers and cells."""
    shutil.copytree(MINIMAL, folder)
    (folder / f"{GIVEN.replace('/', '')}.csv").write_text("a\n", encoding="utf-8")
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for row in rows[1:]:
        row[0] = row[4] = row[12] = f"{row[0]}{GIVEN}"
    rows[0].append(f"x{GIVEN}")
    rows[1].append(GIVEN)
    rows[2].append("\n::error::alone")
    with (folder / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("command", ["validate", "check"])
def test_names_headers_and_cells(tmp_path: Path, command: str, report: str) -> None:
    """In all four formats: nothing acts, JSON parses to what was there, letters of every script stay."""
    folder = hostile(tmp_path / f"c{GIVEN.replace('/', '')}")
    out = said(command, folder, "--report", report, code=1, commands=int(report == "github"))
    if report in ("json", "sarif"):
        json.loads(out)
    assert any(letters in out for letters in LETTERS)


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_a_descriptor_that_is_no_toml(tmp_path: Path, text: str) -> None:
    """The parser's own sentence quotes what it stopped at."""
    shutil.copytree(MINIMAL, tmp_path / "broken")
    with (tmp_path / "broken" / "corpus.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n["{text}"]\n"{text}" = {text}')
    said("validate", tmp_path / "broken", "--report", "github", code=1, commands=1)


@pytest.mark.parametrize("report", REPORTS)
def test_keys_and_texts_of_a_descriptor(tmp_path: Path, report: str) -> None:
    """A descriptor that is TOML, with keys and texts that act."""
    shutil.copytree(MINIMAL, tmp_path / "c")
    with (tmp_path / "c" / "corpus.toml").open("a", encoding="utf-8") as file:
        signs = json.dumps(GIVEN).replace("\x7f", "\\u007f")
        file.write(f"\n[{signs}]\n{signs} = [{signs}]\n")
    said("validate", tmp_path / "c", "--report", report, code=1, commands=int(report == "github"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", GIVEN),
        ("validate", MINIMAL, GIVEN),
        ("validate", MINIMAL, f"--{GIVEN}"),
        ("validate", MINIMAL, "--report", GIVEN),
        ("validate", MINIMAL, "--lang", GIVEN),
        (GIVEN,),
        ("publish", MINIMAL, "--check", "--out", f"/dev/null/{GIVEN}"),
        ("convert", MINIMAL, "--out", f"/dev/null/{GIVEN}"),
        ("trace", GIVEN, MINIMAL),
        ("trace", "night-bus", GIVEN),
        ("trace", "night-bus", MINIMAL, "--document", GIVEN),
        ("verify", MINIMAL, "--document", f"{GIVEN}={GIVEN}"),
        ("verify", MINIMAL, "--record", GIVEN),
        ("query", MINIMAL, GIVEN),
        ("query", MINIMAL, f"SELECT {{ {GIVEN}"),
        ("query", MINIMAL, "--example", GIVEN),
        ("query", f"http://[{GIVEN}", "ASK {}"),
        ("diff", GIVEN, GIVEN),
        ("doctor", GIVEN),
        ("doctor", MINIMAL, "--dcat-ap-shapes", GIVEN),
        ("anchor", GIVEN, "a"),
        ("anchor", BOOKLET, GIVEN, "--quotes", GIVEN),
        ("site", GIVEN),
    ],
    ids=lambda given: " ".join("…" if GIVEN in str(each) else Path(each).name for each in given),
)
def test_arguments(arguments: tuple[str | Path, ...]) -> None:
    """What was typed is said back harmless, by click's own errors too."""
    done = run(*arguments)
    assert acting(done.stdout + done.stderr) == []
    assert done.returncode in (2, 3), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr


@pytest.mark.parametrize("command", [["validate"], ["trace", "x"], ["doctor"], ["diff", "x"], ["query"]])
def test_arguments_that_are_no_text(command: list[str]) -> None:
    """Bytes that are not UTF-8 reach the program as half pairs: they are said, too."""
    said(*command, b"\xff\x1b[2J\xed\xa0\x80", *([b"ASK {}"] if command == ["query"] else []), code=2)


def test_words_to_anchor(tmp_path: Path) -> None:
    """Words that stand nowhere, given as an argument, on standard input or in a file, and a document's name."""
    document = tmp_path / f"{GIVEN.replace('/', '')}.txt"
    document.write_text(f"Before. {GIVEN} after. {GIVEN} again.", encoding="utf-8")
    said("anchor", document, f"no {GIVEN}", code=1)
    said("anchor", document, code=1, feed=f"no {GIVEN}".encode())
    (tmp_path / "quotes.txt").write_text(f"no {GIVEN}", encoding="utf-8")
    said("anchor", document, "--quotes", tmp_path / "quotes.txt", code=1)


@pytest.mark.parametrize("report", ["text", "json"])
def test_documents(tmp_path: Path, report: str) -> None:
    """A document whose name and text act, beside the words of the corpus."""
    document = tmp_path / f"{GIVEN.replace('/', '')}.txt"
    document.write_text(GIVEN + BOOKLET.read_text(encoding="utf-8").replace("logement", f"logement{GIVEN}"))
    found = said("verify", TOWN, "--document", f"V={document}", "--report", report, code=1)
    if report == "json":
        json.loads(found)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two releases; the tables of the second hold texts that act."""
    folder = tmp_path_factory.mktemp("releases")
    old, new = folder / "old", folder / "new"
    assert run("publish", MINIMAL, "--out", old).returncode == 0
    shutil.copytree(old, new)
    for table in sorted((new / "tables").glob("*.csv")):
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        for row in rows[1:]:
            row[:] = [cell + GIVEN if cell and not cell.isdigit() else cell for cell in row]
            if table.stem == "dataset":
                row[0] = row[0].removesuffix(GIVEN)  # the base of every address
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return old, new


@pytest.mark.parametrize("report", ["text", "json"])
def test_differences(releases: tuple[Path, Path], report: str) -> None:
    """Labels and keys of a release that somebody else has written."""
    out = said("diff", *releases, "--report", report, code=1)
    if report == "json":
        assert any(GIVEN in each for each in _strings(json.loads(out)))


def test_a_release_whose_address_is_none(releases: tuple[Path, Path], tmp_path: Path) -> None:
    """What is compared needs the base of its addresses: without one, it is said."""
    shutil.copytree(releases[0], tmp_path / "bad")
    table = tmp_path / "bad" / "tables" / "dataset.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("https://data", f"{GIVEN.split()[0]}data"))
    said("diff", releases[0], tmp_path / "bad", code=2)


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for each in inner for text in _strings(each)]


def dump(folder: Path) -> Path:
    """A dump whose literals act."""
    made = folder / "d.ttl"
    signs = "".join(f"\\u{ord(c):04X}" for c in GIVEN)
    made.write_text(f'<http://e.example/a> <http://e.example/p> "{signs}" .', encoding="utf-8")
    return made


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_answers_for_people(tmp_path: Path, form: str) -> None:
    """A table is for people."""
    out = said("query", dump(tmp_path), "SELECT * { ?s ?p ?o }", "--format", form, code=0)
    assert all(letters in out for letters in LETTERS)


@pytest.mark.parametrize("form", ["csv", "json", "turtle"])
def test_answers_for_programs(tmp_path: Path, form: str) -> None:
    """CSV, JSON and Turtle are data: true to the text, whatever it is."""
    query = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }" if form == "turtle" else "SELECT ?o { ?s ?p ?o }"
    command = [sys.executable, "-m", "openproposals", "query", str(dump(tmp_path)), query, "--format", form, "--quiet"]
    done = subprocess.run(
        command, capture_output=True, cwd=ROOT, check=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    out = done.stdout.decode()
    if form == "csv":
        found = list(csv.reader(io.StringIO(out, newline="")))[1][0]
    elif form == "json":
        found = json.loads(out)["results"]["bindings"][0]["o"]["value"]
    else:
        import pyoxigraph as ox

        found = next(ox.parse(out, format=ox.RdfFormat.TURTLE)).object.value
    assert found == GIVEN


@pytest.mark.parametrize("report", ["text", "json"])
def test_catalogues(tmp_path: Path, report: str) -> None:
    """A catalogue whose titles, addresses and name act, and one that is no RDF."""
    signs = "".join(f"\\u{ord(c):04X}" for c in GIVEN)
    text = (
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        f'<http://e.example/c> a dcat:Catalog ; dcat:dataset <http://e.example/d> ; dct:title "{signs}" .\n'
        f'<http://e.example/d> a dcat:Dataset ; dct:title "{signs}" ; dcat:keyword "{signs}" ; dct:issued "{signs}" .\n'
    )
    catalogue = tmp_path / f"{GIVEN.replace('/', '')}.ttl"
    catalogue.write_text(text, encoding="utf-8")
    out = said("doctor", catalogue, "--report", report, code=1)
    if report == "json":
        json.loads(out)
    catalogue.write_text(text + GIVEN, encoding="utf-8")
    said("doctor", catalogue, "--report", report, code=2)
