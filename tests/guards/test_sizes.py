"""Files that are written by hand are read up to a size: a sparse file costs a stranger nothing, and takes no memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.places import DIST, MINIMAL, ROOT

HUGE = 20 << 30  # bytes that a sparse file claims


def sparse(path: Path) -> Path:
    """A file of `HUGE` bytes that holds nothing."""
    with path.open("wb") as file:
        file.truncate(HUGE)
    return path


def bounded(*arguments: str | Path) -> tuple[int, str]:
    """A command's exit code and what it says; it has far less memory than the file claims to need."""
    limited = (
        "import resource, sys\nfrom openproposals.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))\nsys.argv[:1] = ['openproposals']\nmain()"
    )
    command = [sys.executable, "-c", limited, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.long
def test_what_is_written_by_hand_is_no_larger_than_a_hand_writes(tmp_path: Path) -> None:
    """A descriptor, a query, quotes, a document, shapes, a data package: each ends in a sentence at once."""
    corpus = tmp_path / "corpus"
    shutil.copytree(MINIMAL, corpus)
    sparse(corpus / "corpus.toml")
    code, said = bounded("validate", corpus)
    assert (code, "larger than" in said) == (1, True)
    huge = sparse(tmp_path / "huge.txt")
    text = tmp_path / "text.txt"
    text.write_text("words", encoding="utf-8")
    shapes = tmp_path / "shapes"
    shapes.mkdir()
    sparse(shapes / "shapes.ttl")
    release = tmp_path / "release"
    shutil.copytree(DIST, release)
    sparse(release / "datapackage.json")
    for command in (
        ("query", DIST, huge),
        ("anchor", huge, "words"),
        ("anchor", text, "--quotes", huge),
        ("verify", MINIMAL, "--document", huge),
        ("doctor", DIST, "--dcat-ap-shapes", shapes),
        ("query", release, "ASK {}"),
    ):
        code, said = bounded(*command)
        assert code in (2, 3), (command, said)
        assert "Traceback" not in said
        assert "memory is full" not in said, command
