"""The site in a browser: headless Chromium, driven by tests/browser/drive.py from an environment of its own."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.site import build
from support.commands import run
from support.held import BOOKLET, TOWN, pdf
from support.hostile import hostile
from support.places import DIST, HEBREW, ROOT
from support.readers import refused, written
from support.serving import serving

DRIVER = ROOT / "tests" / "browser" / "drive.py"
PYTHON = ROOT / ".venv-browser" / "bin" / "python"
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
MUST = os.environ.get("OPENPROPOSALS_BROWSER") == "must"  # set by CI: there, a browser that is missing is a failure
CHECKS = [
    node.name
    for node in ast.parse(DRIVER.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef) and any(getattr(d, "id", "") == "check" for d in node.decorator_list)
]
HALVES = (["accessible", "keyboard"], [name for name in CHECKS if name not in ("accessible", "keyboard")])

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM and not MUST, reason="no Chromium here; Debian's package chromium has one"),
    pytest.mark.skipif(not PYTHON.exists(), reason="./run test installs the browser's driver"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each check found wrong; two browsers at once."""
    folder = tmp_path_factory.mktemp("browser")
    kept = ROOT / "build" / "engine"
    made = build.site(open_release(DIST), folder / "site", SILENT, kept)
    if made.engine_missing and not MUST:
        pytest.skip(f"the query page's engine could not be had: {made.engine_missing}")
    build.site(open_release(hostile(folder / "release")), folder / "hostile", SILENT, kept)
    build.site(open_release(released(folder / "town-release")), folder / "town", SILENT, kept)
    for name in ("held", "refused"):
        (folder / "town" / name).mkdir()
    cases = json.dumps(written(folder / "town" / "held"))
    (folder / "town" / "held" / "cases.json").write_text(cases, encoding="utf-8")
    for name, data in refused().items():
        (folder / "town" / "refused" / name).write_bytes(data)
    (folder / "booklet.pdf").write_bytes(pdf(BOOKLET.read_text(encoding="utf-8")))
    shutil.copy(BOOKLET, folder / "booklet.txt")
    (axe,) = (ROOT / ".venv-browser").glob("lib/python*/site-packages/axe_playwright_python/axe.min.js")
    with serving(folder / "site", cache=folder / "cache") as server:
        served = f"{server.url}{server.ask('/').headers['location']}"
        command = [PYTHON, DRIVER, CHROMIUM, axe, folder / "site", folder / "hostile", folder / "town", served]
        runs = [
            subprocess.Popen([*command, *half], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for half in HALVES
        ]
        results: dict[str, list[str]] = {}
        for each in runs:
            out, err = each.communicate(timeout=300)
            assert each.returncode == 0, err
            results |= json.loads(out)
    return results


@pytest.mark.long
def test_everywhere(tmp_path: Path) -> None:
    """Every kind of page in French, English and German and from right to left: axe, a narrow phone, a slow phone."""
    folders = [tmp_path / name for name in ("first", "town", "hebrew")]
    for name, corpus in (("town", in_german(tmp_path / "german")), ("hebrew", HEBREW)):
        assert run("publish", corpus, "--out", tmp_path / f"{name}-release", "--quiet").returncode == 0
    for folder, release in zip(folders, (DIST, tmp_path / "town-release", tmp_path / "hebrew-release"), strict=True):
        build.site(open_release(release), folder, SILENT, ROOT / "build" / "engine")
    assert (tmp_path / "town" / "de" / "index.html").is_file()
    (axe,) = (ROOT / ".venv-browser").glob("lib/python*/site-packages/axe_playwright_python/axe.min.js")
    command = [PYTHON, DRIVER.with_name("everywhere.py"), CHROMIUM, axe, *folders]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {"accessible": [], "quick": []}


def in_german(folder: Path) -> Path:
    """The made-up town's corpus, its English texts given for German ones: for the program's own words around them."""
    shutil.copytree(TOWN, folder)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            header, rest = text.split("\n", 1)
            text = re.sub(r"_en\b", "_de", header) + "\n" + rest
        else:
            text = re.sub(r"(^|[.]|, )en = ", r"\1de = ", text, flags=re.MULTILINE)
        path.write_text(text, encoding="utf-8")
    return folder


def released(out: Path) -> Path:
    """The release of the made-up town."""
    assert run("publish", TOWN, "--out", out, "--quiet").returncode == 0
    return out


@pytest.mark.parametrize("name", CHECKS)
def test_in_a_browser(found: dict[str, list[str]], name: str) -> None:
    """The check of that name in drive.py finds nothing wrong."""
    assert found[name] == []


def test_every_check_is_run() -> None:
    """As many as the driver has, none forgotten in the halves."""
    assert len(CHECKS) >= 14
    assert sorted(CHECKS) == sorted(HALVES[0] + HALVES[1])
    assert Path(DRIVER).is_file()
