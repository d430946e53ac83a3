"""Whose the files of a folder are: a run's own, which the next run may replace, or somebody else's.

Ours are the files that the folder's SHA256SUMS names and that have the sums it gives, where report.json is one of them
and tells of a corpus. Anything else is somebody's work: the run stops and names it (docs/decisions/0015-files.md).
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from openproposals.errors import ReleaseError
from openproposals.guards import files, parsing

SUMS = "SHA256SUMS"
REPORT = "report.json"
OutputKind = Literal["release", "site", "dumps"]
_NAMES: dict[OutputKind, str] = {"release": "a release", "site": "a site", "dumps": "dumps"}
SITES = "assets/site.css"  # what every site has and no release
_MARKS: dict[str, OutputKind] = {SITES: "site", "datapackage.json": "release"}  # the first that is there decides
_NEVER = (".git", "corpus.toml")  # somebody's work, whatever names them
_LINE = re.compile(r"([0-9a-f]{64})  ([^\0]+)")
_LARGEST = 1 << 26  # bytes of SHA256SUMS or report.json
_BLOCK = 1 << 20


@dataclass(frozen=True)
class FileDigest:
    """A file: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Mark:
    """By which a file is known to be the same, not written to since: its place on the disk, its size and its times."""

    device: int
    inode: int
    size: int
    modified: int

    @staticmethod
    def of(found: os.stat_result) -> Mark:
        """The mark of what was looked at."""
        return Mark(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class Snapshot:
    """What a folder of ours held when it was looked at: each file with its mark, and with its size and sum.

    `named` are all files that its sums name, also those that are gone.
    """

    marks: Mapping[str, Mark]
    entries: Mapping[str, FileDigest]
    named: frozenset[str]


def digest(path: Path) -> FileDigest:
    """Size and SHA-256 of a plain file; links are not followed. Raises OSError."""
    with files.opened(path, follow=False) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return FileDigest(os.fstat(file.fileno()).st_size, sha256)


def walk(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Everything in a folder, by name (with / for folders), a folder before what is in it; links are not followed.

    Raises OSError.
    """
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(folder / below) as found:
            names = sorted(entry.name for entry in found)
        for name in names:
            path = f"{below}{name}"
            seen = (folder / path).lstat()
            yield path, seen
            if stat.S_ISDIR(seen.st_mode):
                waiting.append(f"{path}/")


def plain(folder: Path) -> Iterator[str]:
    """The plain files of a folder, by name, in order; none where there is no folder. Raises OSError."""
    if folder.is_dir() and not folder.is_symlink():
        yield from (name for name, seen in walk(folder) if stat.S_ISREG(seen.st_mode))


def marks(folder: Path) -> dict[str, Mark]:
    """The plain files of a folder, each with its mark. Raises OSError."""
    return {name: Mark.of(seen) for name, seen in walk(folder) if stat.S_ISREG(seen.st_mode)}


def sums(folder: Path) -> dict[str, str]:
    """What SHA256SUMS says: names with their sums. Empty where it is not well formed, or names what is not below."""
    try:
        lines = files.text(folder / SUMS, follow=False, most=_LARGEST).removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    found = {}
    for line in lines:
        said = _LINE.fullmatch(line)
        if said is None or not _below(said[2]):
            return {}
        found[said[2]] = said[1]
    return found


def _below(name: str) -> bool:
    """Whether a name stays within its folder, and is written in the only way it can be."""
    parts = name.split("/")
    return name != SUMS and not any(part in ("", ".", "..") for part in parts)


def report(folder: Path) -> dict[str, str]:
    """The corpus and the version that a report tells of; empty where there is no report to ask."""
    try:
        found = parsing.from_json(files.data(folder / REPORT, follow=False, most=_LARGEST))
    except (OSError, parsing.Unparsable):
        return {}
    said = [(name, found.get(name)) for name in ("corpus", "version")] if isinstance(found, dict) else []
    whole = all(isinstance(value, str) and value for _, value in said)
    return {name: str(value) for name, value in said} if whole else {}


def kind(folder: Path, named: Mapping[str, str]) -> OutputKind | None:
    """What a folder is whose sums name these files; None where no run has written it."""
    if REPORT not in named or not report(folder):
        return None
    return next((kind for mark, kind in _MARKS.items() if mark in named), "dumps")


def same(path: Path, sha256: str) -> bool:
    """Whether a plain file has this sum, as it stands or as it was before git wrote its line ends anew."""
    with files.opened(path, follow=False) as file:
        if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
            return True
        file.seek(0)
        return _with_line_feeds(file) == sha256


def _with_line_feeds(file: BinaryIO) -> str:
    """The SHA-256 of a text whose lines end in CR LF, had they ended in LF."""
    found, held = hashlib.sha256(), b""
    while block := held + file.read(_BLOCK):
        held = b"\r" if block.endswith(b"\r") and len(block) > len(held) else b""
        found.update(block.removesuffix(held).replace(b"\r\n", b"\n"))
    return found.hexdigest()


def snapshot(target: Path, wanted: OutputKind) -> Snapshot:
    """The files of a folder, all of them ours; nothing where there is no folder, or an empty one.

    Raises ReleaseError, naming it: what is not ours, or what another command wrote. Raises OSError.
    """
    name = target.name or str(target)
    if target.is_symlink() or (os.path.lexists(target) and not target.is_dir()):
        raise ReleaseError(f"{name} is no folder", why=_WHY, mend="choose a new or empty folder with --out")
    top = sorted(path.name for path in target.iterdir()) if target.is_dir() else []
    if not top:
        return Snapshot({}, {}, frozenset())
    for path in top:
        _check_never(name, path)
    named = sums(target)
    found = kind(target, named)
    if found is None:
        raise _foreign(name, top[0])
    if found != wanted:
        raise ReleaseError(
            f"{name}/ holds {_NAMES[found]}, not {_NAMES[wanted]}",
            why="the folder is replaced whole, and what stands in it would be lost",
            mend="choose another folder with --out",
        )
    marks = _marks(target, name, named)
    _check_unchanged(target, name, marks, named)
    entries = {path: FileDigest(mark.size, named[path]) for path, mark in marks.items() if path != SUMS}
    return Snapshot(marks, entries | {SUMS: digest(target / SUMS)}, frozenset(named))


def check_same(target: Path, before: Snapshot) -> None:
    """Raises ReleaseError where a folder does not hold what it held before: somebody works in it."""
    name = target.name or str(target)
    there = os.path.lexists(target)
    now = _marks(target, name, before.named) if there else {}
    changed = sorted(path for path in {*now, *before.marks} if now.get(path) != before.marks.get(path))
    if changed:
        raise ReleaseError(
            f"{name}/{changed[0]} was changed while this run was writing",
            why="the folder is replaced whole, and what somebody has done there would be lost",
            mend="run again once nobody works in the folder",
        )


def check_apart(source: Path, target: Path) -> None:
    """Raises ReleaseError where what is written would stand in the folder that it is made of, or hold it."""
    one, other = Path(os.path.realpath(source)), Path(os.path.realpath(target))
    if one == other or one in other.parents or other in one.parents:
        raise ReleaseError(
            f"{target.name or target}/ is the folder that it would be made of, or lies in it, or around it",
            why="what is made is replaced whole, and what it is made of is somebody's work: they stand apart",
            mend=f"choose another folder with --out, outside {source.name or source}/",
        )


def _marks(target: Path, name: str, named: Iterable[str]) -> dict[str, Mark]:
    """The files of a folder, each with its mark. Raises ReleaseError for the first that no sum names."""
    named = set(named)
    folders = {str(folder) for path in named for folder in PurePosixPath(path).parents}
    found = {}
    for path, seen in walk(target):
        _check_never(name, path)
        if stat.S_ISREG(seen.st_mode) and (path in named or path == SUMS):
            found[path] = Mark.of(seen)
        elif not (stat.S_ISDIR(seen.st_mode) and path in folders):
            raise _foreign(name, path)
    return found


def _check_unchanged(target: Path, name: str, marks: Mapping[str, Mark], named: Mapping[str, str]) -> None:
    paths = [path for path in marks if path != SUMS]
    with ThreadPoolExecutor(max_workers=2) as threads:
        alike = list(threads.map(lambda path: same(target / path, named[path]), paths))
    for path, unchanged in zip(paths, alike, strict=True):
        if not unchanged:
            raise ReleaseError(
                f"{name}/{path} is not as it was published",
                why=f"it has not the sum that {SUMS} gives: somebody has changed it since, and that would be lost",
                mend="keep a copy of it elsewhere if it is wanted, delete it there, then run again",
            )


def _check_never(name: str, path: str) -> None:
    """Refuse what is somebody's work, whatever names it."""
    if PurePosixPath(path).name.lower() in _NEVER:
        raise ReleaseError(
            f"{name}/ holds {path}",
            why="a folder under version control, or a corpus, is never replaced",
            mend="choose a new folder with --out; to fill a folder that git manages, copy the files there afterwards",
        )


def _foreign(name: str, path: str) -> ReleaseError:
    return ReleaseError(
        f"{name}/ holds {path}, which no run has written",
        why=_WHY,
        mend="move it elsewhere, or choose a new or empty folder with --out",
    )


_WHY = f"the folder is replaced whole, and only what its {SUMS} and {REPORT} tell of is a run's own"
