"""The review page: nothing but the draft's own data in it, and, in a browser, decisions by keys alone."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from openproposals.factcheck import documents
from openproposals.messages import LANGUAGES, texts
from openproposals.reading import apart, draft, review
from support.places import ROOT

HERE = Path(__file__).parent / "documents"
PYTHON = ROOT / ".venv-browser" / "bin" / "python"
CHROMIUM = next((at for name in ("chromium", "chromium-browser", "google-chrome") if (at := shutil.which(name))), "")
MUST = os.environ.get("OPENPROPOSALS_BROWSER") == "must"


def made(folder: Path, path: Path) -> Path:
    draft.make([("V", documents.read(path.name, path.read_bytes()))], folder, "fr", "en")
    return folder


def test_the_page_holds_its_own_scripts_and_no_others(tmp_path: Path) -> None:
    """A document's words end no element, and the policy lets in the page's own style and script alone."""
    document = tmp_path / "hostile.txt"
    document.write_text("On compte 12 </script><script>alert(1)</script> & <b>lits</b>.\n", encoding="utf-8")
    page = (made(tmp_path / "d", document) / apart.REVIEW).read_text(encoding="utf-8")
    assert page.count("<script") == 2
    for name in ("style", "script"):
        (said,) = re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(said.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in page
    assert not re.search(r"https?://|\{\{", page)
    data = json.loads(re.findall(r'type="application/json">(.*?)</script>', page, re.DOTALL)[0])
    assert data["texts"][0]["content"] == document.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_each_language(language: str) -> None:
    text = documents.read("a.txt", b"On compte 12 lits.")
    page = review.page([("A", text)], [], {"A": []}, language)
    assert f'<html lang="{language}">' in page
    assert texts("reading/review", language)["title"].partition("'")[0] in page


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM and not MUST, reason="no Chromium here; Debian's package chromium has one")
@pytest.mark.skipif(not PYTHON.exists() and not MUST, reason="./run test installs the browser's driver")
def test_an_editor_decides_by_keys_alone(tmp_path: Path) -> None:
    """Keep, label, drop with a reason, add a row, save: the saved workbook is the draft's, with these decisions."""
    folder = made(tmp_path / "d", HERE / "val-doux.txt")
    (axe,) = (ROOT / ".venv-browser").glob("lib/python*/site-packages/axe_playwright_python/axe.min.js")
    driver = ROOT / "tests" / "browser" / "review.py"
    command = [PYTHON, driver, CHROMIUM, axe, folder / apart.REVIEW, tmp_path / "saved.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"scripts": [], "network": [], "accessible": [], "keys": []}
    before = draft.opened(folder).rows
    shutil.copy(tmp_path / "saved.csv", folder / apart.CSV)
    rows = draft.opened(folder).rows
    decided = {r["words"]: (r["kind"], r["keep"], r["label"], r["why"]) for r in rows if r["keep"]}
    assert decided == {
        "1 340": ("figure", "yes", 'Empty dwellings, "all"', ""),
        "près de 11 %": ("figure", "no", "", "not a figure"),
        "un ménage sur quatre": ("figure", "no", "", "not a figure"),
        "La deuxième cause": ("figure", "yes", "", ""),
    }
    text = draft.opened(folder).texts[0].text.content
    (added,) = (r for r in rows if r["words"] == "La deuxième cause")
    assert text[int(added["start"]) : int(added["end"])] == "La deuxième cause"
    kept = ("id", "kind", "start", "end", "words", "reason", "sentence_start", "pair")
    assert [[r[c] for c in kept] for r in rows if r["id"]] == [[r[c] for c in kept] for r in before]
