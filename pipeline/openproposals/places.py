"""Decide what an argument names: a corpus, a release, a file or a web address. Every command asks here.

1. `http:` or `https:` begins an address.
2. A path is what it is: a folder with `corpus.toml` a corpus; a folder with `SHA256SUMS` and `datapackage.json` a
   release; a plain file a file.
3. A bare name, without a slash, is a corpus under `sources/` or a release under `dist/`; where both are there, the
   command's own kind is taken.
4. An empty name is the only corpus under `sources/`; where there is none, the only release under `dist/`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from openproposals.errors import UsageError
from openproposals.findings import DESCRIPTOR
from openproposals.release.published import Release, is_release, open_release

PlaceKind = Literal["corpus", "release"]
SOURCES, RELEASES = Path("sources"), Path("dist")


@dataclass(frozen=True)
class CorpusFolder:
    """A folder with a descriptor."""

    folder: Path


@dataclass(frozen=True)
class File:
    """A plain file, such as a dump or a catalogue."""

    path: Path


@dataclass(frozen=True)
class Address:
    """A web address, which may be malformed."""

    url: str


Place = CorpusFolder | Release | File | Address


def find(named: str, own: PlaceKind) -> Place:
    """The place that an argument names. `own` is the kind to take where a bare name is both a corpus and a release.

    Raises UsageError where it names nothing, and where an empty name could mean several places.
    """
    if re.match("(?i)https?:", named):
        return Address(named)
    if not named:
        return _only()
    found = next((at for path in (Path(named), *_under(named, own)) if (at := _at(path))), None)
    if found is None:
        raise UsageError("no-such-place", named=named, sources=SOURCES, releases=RELEASES)
    return found


def is_address(named: str) -> bool:
    """Whether an argument is an address of any kind, such as hdfs://host/corpus or file:/data/corpus."""
    return bool(re.match("[A-Za-z][A-Za-z0-9+.-]+:/", named))


def corpus(named: str) -> Path:
    """The folder of the corpus that an argument names. Raises UsageError where it names anything else."""
    found = find(named, "corpus")
    if isinstance(found, CorpusFolder):
        return found.folder
    raise UsageError("not-a-corpus", named=named)


def release(named: str) -> Release:
    """The release that an argument names. Raises UsageError where it names anything else."""
    found = find(named, "release")
    if isinstance(found, Release):
        return found
    if isinstance(found, CorpusFolder):
        raise UsageError("corpus-not-release", named=named)
    raise UsageError("not-a-release", named=named)


def releases() -> list[Release]:
    """Every release and site under dist/, in order of name. Raises UsageError where there is none."""
    found = [each for path in sorted(RELEASES.glob("*")) if isinstance(each := _at(path), Release)]
    if not found:
        raise UsageError("nothing-here", sources=SOURCES, releases=RELEASES)
    return found


def _at(path: Path) -> CorpusFolder | Release | File | None:
    """The place at a path; None where there is none of the kinds."""
    with contextlib.suppress(OSError, ValueError):  # a path too long, or one that no file can have
        if (path / DESCRIPTOR).is_file():
            return CorpusFolder(path)
        if is_release(path):
            return open_release(path)
        if path.is_file():
            return File(path)
    return None


def _under(name: str, own: PlaceKind) -> Iterator[Path]:
    """The paths at which to look for a bare name; none for a path with a slash, and none for `..`."""
    if name != ".." and Path(name).name == name:
        yield from (SOURCES / name, RELEASES / name) if own == "corpus" else (RELEASES / name, SOURCES / name)


def _only() -> CorpusFolder | Release:
    """The only corpus under sources/, else the only release under dist/. Raises UsageError for none or several."""
    for folder in (SOURCES, RELEASES):
        found = [each for path in sorted(folder.glob("*")) if isinstance(each := _at(path), CorpusFolder | Release)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError("which-corpus", folder=folder, n=len(found))
    raise UsageError("nothing-here", sources=SOURCES, releases=RELEASES)
