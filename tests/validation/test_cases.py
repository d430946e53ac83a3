"""Each folder of tests/cases is a fault laid over the minimal corpus, with the exact report expected of it.

A file `NAME` in a case replaces or adds to the minimal corpus; `NAME.without` leaves that file out. `report.en.txt` and
`report.fr.txt` hold the report. `NAME.mended` is what the report leads an editor to write: with it, the corpus conforms;
where there is none, mending is putting back the minimal corpus's own file, or taking the added one out.
To accept new reports after reading them: OPENPROPOSALS_ACCEPT=1 ./run test tests/test_cases.py
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from openproposals import report, stages
from openproposals.findings import catalogue
from openproposals.messages import texts
from openproposals.stages import Run
from support.cases import laid_over
from support.places import ROOT

CASES = sorted(p for p in (ROOT / "tests" / "cases").iterdir() if p.is_dir())
TODAY = "2026-11-22"


def hinted(case: Path) -> bool:
    """Whether the case is that of a hint, which only `validate --hints` gives."""
    return catalogue().get(case.name, {}).get("severity") == "hint"


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_report_is_exactly_the_expected_one(case: Path, tmp_path: Path) -> None:
    """The report of a faulty corpus, in both languages; a violation publishes nothing, a warning does not stand in the way."""
    corpus = laid_over(case, tmp_path / "corpus")
    work, _ = stages.publish(corpus, tmp_path / "dist", Run(today=TODAY))
    if hinted(case):
        assert work.findings == []
        work = stages.validate(corpus, Run(today=TODAY), hints=True)
    for language in ("en", "fr"):
        text = report.text(work.findings, language) + "\n" if work.findings else ""
        expected = case / f"report.{language}.txt"
        if os.environ.get("OPENPROPOSALS_ACCEPT"):
            expected.write_text(text, encoding="utf-8")
        assert expected.read_text(encoding="utf-8") == text
    assert work.conforms == (tmp_path / "dist").exists()


@pytest.mark.parametrize("case", [c for c in CASES if list(c.glob("*.mended"))], ids=lambda p: p.name)
@pytest.mark.slow
def test_the_mend_mends(case: Path, tmp_path: Path) -> None:
    """What the report leads an editor to write conforms."""
    corpus = laid_over(case, tmp_path / "corpus")
    for file in case.glob("*.mended"):
        shutil.copy(file, corpus / file.stem)
    run = Run(today=TODAY)
    work = stages.validate(corpus, run, hints=True) if hinted(case) else stages.check(corpus, run)
    assert work.findings == []


def test_every_code_has_a_case() -> None:
    """Each code is produced by some case; a shape that no table can break is proved by a mutation of test_shapes."""
    assert CASES
    reports = {case.name: (case / "report.en.txt").read_text(encoding="utf-8") for case in CASES}
    without = {code for code in catalogue() if not any(f"[{code}]" in text for text in reports.values())}
    elsewhere = [
        (ROOT / "tests" / place).read_text(encoding="utf-8")
        for place in (
            "validation/test_shapes.py",
            "project/test_hostile.py",
            "validation/test_screen_rows.py",
            "release/test_versions.py",
            "importing/test_bad_input.py",
        )
    ]
    assert sorted(code for code in without if not any(f'"{code}"' in text for text in elsewhere)) == []
    assert [name for name in reports if name in catalogue() and f"[{name}]" not in reports[name]] == []


def test_every_code_has_its_words_and_its_page() -> None:
    """What, why and mend, and a page that says when it occurs and how to mend it."""
    assert catalogue().keys() == texts("findings", "en").keys()
    for code, words in texts("findings", "en").items():
        assert {"what", "why", "mend"} == words.keys(), code
        assert (ROOT / "docs" / "findings" / f"{code}.md").is_file(), code
