"""What an argument names: a corpus, a release, a file or a web address. It is decided here and nowhere else.

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

from openproposals.corpus.descriptor import DESCRIPTOR
from openproposals.errors import UsageError
from openproposals.release.published import Release, is_release, open_release

PlaceKind = Literal["corpus", "release"]
SOURCES, RELEASES = Path("sources"), Path("dist")
_KNOWN = f"a corpus is a folder with {DESCRIPTOR} in it, a release a folder with SHA256SUMS and datapackage.json"


@dataclass(frozen=True)
class CorpusFolder:
    """A folder with a descriptor."""

    folder: Path


@dataclass(frozen=True)
class File:
    """A plain file: a dump, a catalogue."""

    path: Path


@dataclass(frozen=True)
class Address:
    """A web address, well formed or not."""

    url: str


Place = CorpusFolder | Release | File | Address


def find(named: str, own: PlaceKind) -> Place:
    """What an argument names; `own` is the kind that the command takes where a bare name is of both.

    Raises UsageError where it names nothing, and where an empty name could be of several.
    """
    if re.match("(?i)https?:", named):
        return Address(named)
    if not named:
        return _only()
    found = next((at for path in (Path(named), *_under(named, own)) if (at := _at(path))), None)
    if found is None:
        raise UsageError(
            f"no corpus, release or file at {named!r}",
            why=_KNOWN,
            mend=f"give the path of one, or the name of one under {SOURCES}/ or {RELEASES}/",
        )
    return found


def corpus(named: str) -> Path:
    """The folder of the corpus that an argument names. Raises UsageError where it names anything else."""
    found = find(named, "corpus")
    if isinstance(found, CorpusFolder):
        return found.folder
    raise UsageError(f"{named!r} is no corpus", why=_KNOWN, mend=f"give a folder with a {DESCRIPTOR} in it")


def release(named: str) -> Release:
    """The release that an argument names. Raises UsageError where it names anything else."""
    found = find(named, "release")
    if isinstance(found, Release):
        return found
    if isinstance(found, CorpusFolder):
        raise UsageError(
            f"{named!r} is a corpus, not a release",
            mend=f"publish it first: openproposals publish {named}; then give the folder it was published in",
        )
    raise UsageError(f"{named!r} is no release", why=_KNOWN, mend="give the folder that publish wrote")


def _at(path: Path) -> CorpusFolder | Release | File | None:
    """What a path is; None where there is nothing, or what is neither."""
    with contextlib.suppress(OSError, ValueError):  # a path too long, or one that no file can have
        if (path / DESCRIPTOR).is_file():
            return CorpusFolder(path)
        if is_release(path):
            return open_release(path)
        if path.is_file():
            return File(path)
    return None


def _under(name: str, own: PlaceKind) -> Iterator[Path]:
    """Where a bare name may stand; nowhere for what is no bare name."""
    if Path(name).name == name:
        yield from (SOURCES / name, RELEASES / name) if own == "corpus" else (RELEASES / name, SOURCES / name)


def _only() -> CorpusFolder | Release:
    """The only corpus or release that there is below this folder."""
    for folder in (SOURCES, RELEASES):
        found = [each for path in sorted(folder.glob("*")) if isinstance(each := _at(path), CorpusFolder | Release)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError("which corpus?", why=f"{folder}/ holds {len(found)}", mend="name one of them after the id")
    raise UsageError(
        "no corpus and no release is here",
        why=f"there is none under {SOURCES}/ or {RELEASES}/",
        mend="give a corpus's folder, a release's folder, or a dump (.ttl, .jsonld, .nt)",
    )
