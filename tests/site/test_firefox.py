"""The site in Debian's Firefox: a reader's tasks by keyboard, driven over WebDriver BiDi (`./run test-harvest`)."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.site import build
from support.commands import run
from support.held import BOOKLET, TOWN, pdf
from support.hosts import hosted
from support.places import DIST, ROOT

MODULES = ROOT / ".venv-csvw" / "npm"
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox") or ""

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not FIREFOX, reason="no Firefox here; Debian's package firefox-esr has one"),
    pytest.mark.skipif(
        not (MODULES / "node_modules" / "puppeteer-core").is_dir(), reason="./run test-harvest installs it"
    ),
]


def test_a_reader_s_tasks_in_firefox(tmp_path: Path) -> None:
    """Search, filter, a question's own IRI, a citation, the check of a PDF: nothing goes wrong."""
    kept = ROOT / "build" / "engine"
    made = build.site(open_release(DIST), tmp_path / "site", SILENT, kept)
    if made.engine_missing:
        pytest.skip(f"the query page's engine could not be had: {made.engine_missing}")
    assert run("publish", TOWN, "--out", tmp_path / "release", "--quiet").returncode == 0
    build.site(open_release(tmp_path / "release"), tmp_path / "town", SILENT, kept)
    booklet = tmp_path / "booklet.pdf"
    booklet.write_bytes(pdf(BOOKLET.read_text(encoding="utf-8")))
    with hosted(tmp_path / "site") as site, hosted(tmp_path / "town") as town:
        command = ["node", ROOT / "tests" / "browser" / "firefox.mjs", MODULES, FIREFOX, site, town, booklet]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == []
