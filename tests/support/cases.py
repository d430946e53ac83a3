"""The folders of tests/cases, each a fault laid over the minimal corpus."""

from __future__ import annotations

import shutil
from pathlib import Path

from support.places import MINIMAL


def laid_over(case: Path, corpus: Path) -> Path:
    """The minimal corpus with the case's files in it."""
    shutil.copytree(MINIMAL, corpus)
    for file in case.iterdir():
        if file.suffix == ".without":
            (corpus / file.stem).unlink()
        elif not file.name.startswith("report.") and file.suffix != ".mended":
            shutil.copy(file, corpus / file.name)
    return corpus
