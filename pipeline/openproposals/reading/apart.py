"""A draft is kept apart from what is published: it holds the documents' words."""

from __future__ import annotations

from pathlib import Path

from openproposals.errors import UsageError

DRAFT, CSV, XLSX, REVIEW = "draft.json", "candidates.csv", "candidates.xlsx", "review.html"
DISMISSED, LOST = "dismissed.csv", "lost.csv"


def check_apart(*folders: Path) -> None:
    """Refuse to publish from or into a folder that is or holds a draft. Raises UsageError."""
    for folder in folders:
        for found in sorted(folder.rglob(DRAFT)) if folder.is_dir() else ():
            if any((found.parent / name).is_file() for name in (CSV, XLSX, REVIEW)):
                raise UsageError("draft-published", draft=found.parent, folder=folder)
