"""Which releases there were, as the descriptor tells them: dates, notes, and where the one before is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openproposals.release.versions import numbers
from openproposals.release.write import KEPT


def dates(descriptor: Mapping[str, Any]) -> tuple[str, str]:
    """The day of the first release, and the day of this one."""
    days = [str(entry["released"]) for entry in descriptor.get("history", {}).values()]
    return min([*days, str(descriptor["released"])]), str(descriptor["released"])


def previous(descriptor: Mapping[str, Any]) -> str:
    """The address of the release before this one; "" where there is none that can still be had."""
    older = [v for v in descriptor.get("history", {}) if numbers(v) < numbers(str(descriptor["version"]))]
    if not older:
        return ""
    last = max(older, key=numbers)
    kept = f"{descriptor['site']}{KEPT}/{last}/" if descriptor.get("keep_releases") else ""
    return str(descriptor["history"][last].get("url", kept))


def notes(descriptor: Mapping[str, Any]) -> dict[str, str]:
    """What is said of this release, by language."""
    found: dict[str, str] = descriptor.get("history", {}).get(str(descriptor["version"]), {}).get("notes", {})
    return found
