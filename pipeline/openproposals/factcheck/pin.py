"""The pin of a text: the digest and the length that the descriptor gives."""

from __future__ import annotations

from collections.abc import Mapping

from openproposals.errors import UsageError
from openproposals.factcheck.documents import Text


def check_pinned(text: Text, row: Mapping[str, str | None]) -> None:
    """Hold a document to the digest and the length that the descriptor gives. Raises UsageError where it is another."""
    said = {"sha256": row.get("sha256"), "characters": row.get("characters")}
    has = {"sha256": text.sha256, "characters": str(len(text.content))}
    wrong = [key for key, value in said.items() if value and value != has[key]]
    if wrong:
        expected, found = (", ".join(f"{key} {of[key]}" for key in wrong) for of in (said, has))
        raise UsageError("text-not-pinned", name=text.name, text=str(row["id"]), said=expected, found=found)
