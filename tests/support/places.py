"""Where things are, for the tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("OPENPROPOSALS_SHARED", ROOT.parent / "shared"))
MINIMAL = ROOT / "tests" / "corpora" / "minimal"
TIDEWATER = ROOT / "tests" / "corpora" / "tidewater"  # one language; responses, outcomes, ratings
VAL_CLAIR = ROOT / "tests" / "corpora" / "val-clair"  # two languages, with its document in tests/documents
PRINTED = (
    ROOT / "tests" / "documents" / "printed"
)  # short texts as Chromium prints them, and their passages, one a line
HEBREW = ROOT / "tests" / "corpora" / "kfar-orot"  # one language, from right to left; anchored in tests/documents
REAL = ROOT / "sources" / "vivre-ensemble"
DIST = ROOT / "dist" / "vivre-ensemble"

needs_documents = pytest.mark.skipif(
    not (SHARED / "documents").is_dir(),
    reason="the documents are not ours to redistribute; they are beside the project in CI",
)
needs_standards = pytest.mark.skipif(
    not (SHARED / "standards").is_dir(),
    reason="the official shapes are not copied into the project; they are beside it in CI",
)
