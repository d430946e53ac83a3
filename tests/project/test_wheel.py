"""The wheel, installed alone outside the checkout, publishes the minimal corpus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from support.places import MINIMAL, ROOT

pytestmark = pytest.mark.slow


@pytest.mark.long
def test_the_wheel_publishes_a_corpus_without_the_checkout(tmp_path: Path) -> None:
    """Installed by pip in a new environment, run by its command from a third folder: the wheel ships what it needs.

    The dependencies are those of this environment, lent by a path file, so that no network is needed; the checkout's
    own package is not among them, because path files of a lent folder are not read.
    """
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "wheel"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = (tmp_path / "wheel").iterdir()
    fresh = tmp_path / "fresh"
    subprocess.run([sys.executable, "-m", "venv", str(fresh)], check=True)
    python, site = fresh / "bin" / "python", next((fresh / "lib").glob("python*/site-packages"))
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (site / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    shutil.copytree(MINIMAL, tmp_path / "corpus")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}

    def run(*command: str | Path) -> str:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run(
        python,
        "-c",
        "from openproposals.model import schema; print(schema.shipped('schema'), schema.shipped('shapes'))",
    )
    assert where.strip() == f"{site}/openproposals/schema {site}/openproposals/shapes"
    missing = "from importlib.metadata import requires, version\nfor r in requires('openproposals'):\n  'extra' in r or version(r.split('>')[0])"
    run(python, "-c", missing)
    run(fresh / "bin" / "openproposals", "publish", "corpus", "--out", "out", "--quiet")
    assert (tmp_path / "out" / "minimal.ttl").stat().st_size > 1000
    examples = run(fresh / "bin" / "openproposals", "query", "out", "--example", "2", "--format", "csv", "--quiet")
    assert examples.startswith("statistic,label,stated,status,possibleSource")
    environment["PATH"] = str(tmp_path)  # without npm
    run(fresh / "bin" / "openproposals", "site", "out", "--out", "site", "--quiet")
    assert "openproposals query minimal.ttl" in (tmp_path / "site" / "en" / "query.html").read_text(encoding="utf-8")
    lock = "from openproposals.site.engine import _LOCK; print((_LOCK / 'package-lock.json').is_file())"
    assert run(python, "-c", lock).strip() == "True"
