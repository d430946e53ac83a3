"""Each folder of tests/cases is a fault laid over the minimal corpus, with the exact report expected of it.

A file `NAME` in a case replaces or adds to the minimal corpus; `NAME.without` leaves that file out. `report.en.txt` and
`report.fr.txt` hold the report. To accept new reports after reading them: OPENPROPOSALS_ACCEPT=1 ./run test tests/test_cases.py
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from openproposals.cli import cli
from openproposals.findings import catalogue
from places import MINIMAL, ROOT

CASES = sorted(p for p in (ROOT / "tests" / "cases").iterdir() if p.is_dir())


def laid_over(case: Path, corpus: Path) -> Path:
    """The minimal corpus with the case's files in it."""
    shutil.copytree(MINIMAL, corpus)
    for file in case.iterdir():
        if file.suffix == ".without":
            (corpus / file.stem).unlink()
        elif not file.name.startswith("report."):
            shutil.copy(file, corpus / file.name)
    return corpus


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_report_is_exactly_the_expected_one(case: Path, language: str, tmp_path: Path) -> None:
    """The report of a faulty corpus, in both languages, and nothing published."""
    corpus = laid_over(case, tmp_path / "corpus")
    result = CliRunner().invoke(
        cli, ["publish", str(corpus), "--quiet", "--lang", language, "--out", str(tmp_path / "dist")]
    )
    expected = case / f"report.{language}.txt"
    if os.environ.get("OPENPROPOSALS_ACCEPT"):
        expected.write_text(result.stdout, encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == result.stdout
    severities = {catalogue()[code]["severity"] for code in catalogue() if f"[{code}]" in result.stdout}
    assert (1 if "violation" in severities else 0) == result.exit_code
    assert ("violation" in severities) != (tmp_path / "dist").exists()


def test_every_code_has_a_case() -> None:
    """Each code is produced by some case; a shape that no table can break is proved by a mutation of test_shapes."""
    assert CASES
    reports = {case.name: (case / "report.en.txt").read_text(encoding="utf-8") for case in CASES}
    without = {code for code in catalogue() if not any(f"[{code}]" in report for report in reports.values())}
    mutated = (ROOT / "tests" / "test_shapes.py").read_text(encoding="utf-8")
    assert [] == sorted(code for code in without if f'"{code}"' not in mutated)
    assert [] == [name for name in reports if f"[{name}]" not in reports[name]]


def test_every_code_has_its_words_and_its_page() -> None:
    """What, why and mend in both languages, and a page that says when it occurs and how to mend it."""
    for code, entry in catalogue().items():
        assert {"what", "why", "mend"} == set(entry["en"]) == set(entry["fr"]), code
        assert (ROOT / "docs" / "findings" / f"{code}.md").is_file(), code
