"""The history of a corpus, from its descriptor: dates, notes, and the address of the previous release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openproposals.release.versions import numbers
from openproposals.release.write import KEPT


def dates(descriptor: Mapping[str, Any]) -> tuple[str, str]:
    """The day of the first release and the day of this one, YYYY-MM-DD."""
    days = [str(entry["released"]) for entry in descriptor.get("history", {}).values()]
    return min([*days, str(descriptor["released"])]), str(descriptor["released"])


def previous(descriptor: Mapping[str, Any]) -> str:
    """The address of the previous release; "" where there is none, or where it is not kept."""
    older = [v for v in descriptor.get("history", {}) if numbers(v) < numbers(str(descriptor["version"]))]
    if not older:
        return ""
    last = max(older, key=numbers)
    kept = f"{descriptor['site']}{KEPT}/{last}/" if descriptor.get("keep_releases") else ""
    return str(descriptor["history"][last].get("url", kept))


def notes(descriptor: Mapping[str, Any]) -> dict[str, str]:
    """The notes on this release, by language."""
    found: dict[str, str] = descriptor.get("history", {}).get(str(descriptor["version"]), {}).get("notes", {})
    return found
