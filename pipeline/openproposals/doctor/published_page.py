"""What Google Dataset Search reads in a page: its schema.org Dataset, by a reading of Google's documentation.

"Dataset structured data" in Google's documentation for search: a Dataset must have a name and a description of 50 to
5000 characters, as texts; the rest is recommended. Google's own program was not tried.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

PORTAL = "Google Dataset Search"
_SHORTEST, _LONGEST = 50, 5000
_RECOMMENDED = ("license", "creator", "keywords", "temporalCoverage", "spatialCoverage", "distribution", "url")
_TEXTS = ("name", "description", "version", "identifier", "url", "datePublished", "temporalCoverage")
_TYPE = re.compile(r"(?:https?://schema[.]org/|schema:)?Dataset")
Finding = tuple[str, str, str]  # effect, code, what is meant


class _Scripts(HTMLParser):
    """Gathers the JSON-LD of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("type") or ""
        self._inside = tag == "script" and kind.partition(";")[0].strip().lower() == "application/ld+json"
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def judge(page: str) -> list[Finding]:
    """What keeps a page's datasets from being found, and what would help; one remark where there is no dataset."""
    scripts = _Scripts()
    scripts.feed(page)
    datasets = []
    for script in scripts.found:
        try:
            datasets += list(_datasets(json.loads(script)))
        except (ValueError, RecursionError):
            return [("dropped", "page-json-unreadable", "JSON-LD")]
    if not datasets:
        return [("dropped", "page-without-dataset", "schema.org Dataset")]
    return list(dict.fromkeys(finding for dataset in datasets for finding in _judged(dataset)))


def _datasets(said: Any) -> Iterator[dict[str, Any]]:
    if isinstance(said, list):
        for each in said:
            yield from _datasets(each)
    elif isinstance(said, dict):
        kinds = said.get("@type")
        every = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and _TYPE.fullmatch(kind) for kind in every):
            yield said
        yield from _datasets(said.get("@graph", []))


def _judged(dataset: dict[str, Any]) -> Iterator[Finding]:
    for key in ("name", "description"):
        if not dataset.get(key):
            yield "dropped", "page-dataset-incomplete", key
    for key in _TEXTS:
        said = dataset.get(key)
        if said is not None and not isinstance(said, str | int | float) and not _texts(said):
            yield ("dropped" if key in ("name", "description") else "changed"), "page-text-not-plain", key
    words = dataset.get("keywords", [])
    if not isinstance(words, str) and not all(_texts(each) for each in (words if isinstance(words, list) else [words])):
        yield "changed", "page-text-not-plain", "keywords"
    description = dataset.get("description")
    if isinstance(description, str) and not _SHORTEST <= len(description) <= _LONGEST:
        yield "dropped", "page-description-length", str(len(description))
    for key in _RECOMMENDED:
        if not dataset.get(key):
            yield "advice", "page-dataset-without", key
    files = dataset.get("distribution") or []
    for file in files if isinstance(files, list) else [files]:
        if not isinstance(file, dict) or not file.get("contentUrl"):
            yield "advice", "page-file-without-address", "contentUrl"


def _texts(said: Any) -> bool:
    """Whether a value is a text, or texts, none with its language."""
    return all(
        isinstance(one, str) or (isinstance(one, dict) and not {"@value", "@language"} & one.keys())
        for one in (said if isinstance(said, list) else [said])
    )
