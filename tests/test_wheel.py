"""The wheel, installed alone outside the checkout, publishes the minimal corpus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from places import MINIMAL, ROOT


def test_the_wheel_publishes_a_corpus_without_the_checkout(tmp_path: Path) -> None:
    """Built, unpacked elsewhere, run from a third folder: schemas and shapes come from the wheel."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "wheel"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = (tmp_path / "wheel").iterdir()
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    shutil.copytree(MINIMAL, tmp_path / "corpus")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"PYTHONPATH": str(site)}

    def python(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = python("-c", "from openproposals import schema; print(schema.house('schema'), schema.house('shapes'))")
    assert f"{site}/openproposals/schema {site}/openproposals/shapes" == where.strip()
    python("-m", "openproposals", "publish", "corpus", "--out", "out", "--quiet")
    assert (tmp_path / "out" / "minimal.ttl").stat().st_size > 1000
