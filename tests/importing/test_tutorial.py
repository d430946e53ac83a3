"""docs/first-corpus.md, followed word by word: from an empty folder and a workbook to a site in a browser."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from support.commands import run
from support.places import ROOT
from support.sheets import Cell, workbook

TUTORIAL = ROOT / "docs" / "first-corpus.md"


def _sheet(text: str) -> tuple[str, str, list[list[Cell]]]:
    """The workbook that the tutorial shows: its file, its sheet, and its rows."""
    found = re.search(r"<!-- sheet: (\S+) (\S+) -->\n\n((?:\|.*\n)+)", text)
    assert found
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in found[3].splitlines()]
    return found[1], found[2], [[cell or None for cell in line] for line in (lines[0], *lines[2:])]


def _commands(text: str) -> list[list[str]]:
    """Its commands in order; of two that do the same, the one that asks nothing."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    said = [shlex.split(line)[1:] for block in blocks for line in block.strip().splitlines()]
    return [each for each in said if each[0] != "new" or "--yes" in each]


@pytest.mark.long
def test_the_tutorial_leads_to_a_site(tmp_path: Path) -> None:
    """Each command ends well; the mapping is changed as it says; the site has a page for each promise."""
    text = TUTORIAL.read_text(encoding="utf-8")
    file, name, lines = _sheet(text)
    (tmp_path / file).write_bytes(workbook({name: lines}))
    for command in _commands(text):
        if command[0] == "import":
            mapping = tmp_path / "ferry" / "mapping.toml"
            (line,) = re.findall(r"```toml\n(status = .*)\n```", text)
            before = mapping.read_text(encoding="utf-8")
            assert re.search("^unused = .*clerk", before, re.MULTILINE)
            assert re.search("^status = .*done", before, re.MULTILINE)
            mapping.write_text(re.sub("(?m)^status = .*$", line, before), encoding="utf-8")
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    home = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "Promises of the ferry town" in home
    assert len(list((tmp_path / "site").glob("**/proposal/*.html"))) == 3
    tables = {path.name for path in (tmp_path / "ferry").glob("*.csv")}
    assert {"proposals.csv", "themes.csv", "agents.csv", "outcomes.csv", "figure-candidates.csv"} <= tables
