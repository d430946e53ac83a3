"""Which files of a folder a run has written, and may therefore be replaced by the next run.

A file is ours if the report that a run wrote lists it with its sum, and SHA256SUMS names that report. Anything else is
somebody's work: the run stops and names it (docs/decisions/0015-files.md).
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
from typing import Any, BinaryIO, Literal

from openproposals.errors import ReleaseError
from openproposals.guards import files, parsing
from openproposals.messages import Phrase

SUMS = "SHA256SUMS"
REPORT = "report.json"
PACKAGE = "datapackage.json"
OutputKind = Literal["release", "site", "dumps"]
SITES = "assets/site.css"  # what every site has and no release
_MARKS: dict[str, OutputKind] = {SITES: "site", PACKAGE: "release"}  # the first that is there decides
_NEVER = (".git", "corpus.toml")  # somebody's work, whatever names them
_LINE = re.compile(r"([0-9a-f]{64})  ([^\0]+)")
_LARGEST = 1 << 26  # bytes of SHA256SUMS or report.json
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file's size in bytes and its SHA-256, in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True)
class FileStamp:
    """What shows that a file was not written since: its place on the disk, its size, and when it was modified (ns)."""

    device: int
    inode: int
    size: int
    modified: int

    @staticmethod
    def of(found: os.stat_result) -> FileStamp:
        """The mark of a file, from the result of `lstat`."""
        return FileStamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class Snapshot:
    """The files of a folder of ours at one moment: by name, the mark of each, and its size and sum.

    `named` are all files that SHA256SUMS names, also those that are missing.
    """

    marks: Mapping[str, FileStamp]
    entries: Mapping[str, FileDigest]
    named: frozenset[str]


def digest(path: Path) -> FileDigest:
    """The size and SHA-256 of a plain file. Links are not followed. Raises OSError."""
    with files.opened(path, follow=False) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return FileDigest(os.fstat(file.fileno()).st_size, sha256)


def walk(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every file and folder in a folder: its path and its `lstat`. A folder comes before its files; links stay links.

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


def marks(folder: Path) -> dict[str, FileStamp]:
    """The plain files of a folder, each with its mark. Raises OSError."""
    return {name: FileStamp.of(seen) for name, seen in walk(folder) if stat.S_ISREG(seen.st_mode)}


def sums(folder: Path) -> dict[str, str]:
    """The sums in SHA256SUMS, by file name. Empty where it is malformed, or names a file outside the folder."""
    try:
        lines = files.text(folder / SUMS, follow=False, most=_LARGEST).removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    found = {}
    for line in lines:
        said = _LINE.fullmatch(line)
        if said is None or not below(said[2]):
            return {}
        found[said[2]] = said[1]
    return found


def below(name: str) -> bool:
    """Whether a name is a normal relative path that stays within its folder."""
    parts = name.split("/")
    return name != SUMS and "\0" not in name and not any(part in ("", ".", "..") for part in parts)


def report(folder: Path) -> dict[str, Any]:
    """All that a folder's report says; empty where there is no report, or it cannot be read."""
    try:
        found = parsing.from_json(files.data(folder / REPORT, follow=False, most=_LARGEST))
    except (OSError, parsing.Unparsable):
        return {}
    return found if isinstance(found, dict) else {}


def about(folder: Path) -> dict[str, str]:
    """The `corpus` and the `version` in a folder's report; empty where it lacks one of them."""
    found = report(folder)
    said = {name: found.get(name) for name in ("corpus", "version")}
    whole = all(isinstance(value, str) and value for value in said.values())
    return {name: str(value) for name, value in said.items()} if whole else {}


def version(folder: Path) -> str:
    """The version in a folder's report; "" where it has no report that can be read."""
    return about(folder).get("version", "")


def listed(folder: Path) -> dict[str, str]:
    """The files that a run has written, by its report, each with its sum; empty where the report lists none.

    SHA256SUMS can be made anew by anybody, over files of their own. The report's list is made by the run alone.
    """
    said = report(folder).get("files")
    if not isinstance(said, dict) or not all(isinstance(sha256, str) and below(name) for name, sha256 in said.items()):
        return {}
    return {str(name): str(sha256) for name, sha256 in said.items()}


def kind(folder: Path, named: Mapping[str, str]) -> OutputKind | None:
    """The kind of a folder whose SHA256SUMS names these files; None where no run has written it."""
    if REPORT not in named or not about(folder):
        return None
    return next((kind for mark, kind in _MARKS.items() if mark in named), "dumps")


def same(path: Path, sha256: str) -> bool:
    """Whether a plain file has this SHA-256: as it is, or with LF in place of the CR LF that git may have written."""
    with files.opened(path, follow=False) as file:
        if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
            return True
        file.seek(0)
        return _with_line_feeds(file) == sha256


def _with_line_feeds(file: BinaryIO) -> str:
    """The SHA-256 that a text file would have with LF in place of CR LF."""
    found, held = hashlib.sha256(), b""
    while block := held + file.read(_BLOCK):
        held = b"\r" if block.endswith(b"\r") and len(block) > len(held) else b""
        found.update(block.removesuffix(held).replace(b"\r\n", b"\n"))
    return found.hexdigest()


def snapshot(target: Path, wanted: OutputKind) -> Snapshot:
    """The files of a folder, all of which are ours; an empty snapshot where there is no folder, or an empty one.

    Raises ReleaseError for a file that is not ours, and for a folder of another kind than `wanted`. Raises OSError.
    """
    name = target.name or str(target)
    if target.is_symlink() or (os.path.lexists(target) and not target.is_dir()):
        raise ReleaseError("out-not-a-folder", folder=name)
    top = sorted(path.name for path in target.iterdir()) if target.is_dir() else []
    if not top:
        return Snapshot({}, {}, frozenset())
    for path in top:
        _check_never(name, path)
    named = sums(target)
    found = kind(target, named)
    if found is None and REPORT in named:
        raise ReleaseError("out-report-unusable", folder=name)
    if found is None:
        raise _foreign(name, top[0])
    if found != wanted:
        raise ReleaseError("out-holds-another-kind", folder=name, found=_named(found), wanted=_named(wanted))
    written = listed(target)
    if not written:
        raise ReleaseError("out-of-earlier-version", folder=name)
    written[REPORT] = named[REPORT]
    marks = _marks(target, name, written)
    _check_unchanged(target, name, marks, written)
    entries = {path: FileDigest(mark.size, written[path]) for path, mark in marks.items() if path != SUMS}
    return Snapshot(marks, entries | {SUMS: digest(target / SUMS)}, frozenset(written))


def check_same(target: Path, before: Snapshot) -> None:
    """Raises ReleaseError where the files of a folder are not those of the snapshot: somebody changed one."""
    name = target.name or str(target)
    there = os.path.lexists(target)
    now = _marks(target, name, before.named) if there else {}
    changed = sorted(path for path in {*now, *before.marks} if now.get(path) != before.marks.get(path))
    if changed:
        raise ReleaseError("out-changed-meanwhile", folder=name, path=changed[0])


def check_apart(source: Path, target: Path) -> None:
    """Raises ReleaseError where the target is the source folder, lies in it, or holds it."""
    one, other = Path(os.path.realpath(source)), Path(os.path.realpath(target))
    if one == other or one in other.parents or other in one.parents:
        raise ReleaseError("out-and-source-overlap", folder=target.name or target, source=source.name or source)


def _marks(target: Path, name: str, named: Iterable[str]) -> dict[str, FileStamp]:
    """The files of a folder, each with its mark. Raises ReleaseError for the first that no sum names."""
    named = set(named)
    folders = {str(folder) for path in named for folder in PurePosixPath(path).parents}
    found = {}
    for path, seen in walk(target):
        _check_never(name, path)
        if stat.S_ISREG(seen.st_mode) and (path in named or path == SUMS):
            found[path] = FileStamp.of(seen)
        elif not (stat.S_ISDIR(seen.st_mode) and path in folders):
            raise _foreign(name, path)
    return found


def _check_unchanged(target: Path, name: str, marks: Mapping[str, FileStamp], named: Mapping[str, str]) -> None:
    paths = [path for path in marks if path != SUMS]
    with ThreadPoolExecutor(max_workers=2) as threads:
        alike = list(threads.map(lambda path: same(target / path, named[path]), paths))
    for path, unchanged in zip(paths, alike, strict=True):
        if not unchanged:
            raise ReleaseError("out-changed-since", folder=name, path=path)


def _check_never(name: str, path: str) -> None:
    """Raises ReleaseError for a path that is never ours, even where SHA256SUMS names it."""
    if PurePosixPath(path).name.lower() in _NEVER:
        raise ReleaseError("out-never-replaced", folder=name, path=path)


def _named(kind: OutputKind) -> Phrase:
    return Phrase("errors", f"kinds.{kind}")


def _foreign(name: str, path: str) -> ReleaseError:
    return ReleaseError("out-holds-foreign", folder=name, path=path)
