"""Out: files written beside the release, hashed as they go, verified, then swapped in all or nothing.

Only this module writes. A draft is a folder next to the release; the swap is one atomic exchange where the system has
it (Linux), else two renames. A run that was killed leaves a draft or an old release behind: the next one clears it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal

from openproposals.errors import ReleaseError

SUMS = "SHA256SUMS"
Kind = Literal["release", "site"]
_SITES = "assets/site.css"  # what every site has and no release
_MENDS = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free some space, or ")
_WAITING = 4  # files that are open only to be synced
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@dataclass(frozen=True)
class Entry:
    """A file of the release: its size in bytes and its SHA-256, as it was written."""

    size: int
    sha256: str


class Sink:
    """A file being written: it counts and hashes what goes through; once closed it is given to be synced."""

    def __init__(self, path: Path, stopped: threading.Event, sync: Callable[[int], object]) -> None:
        self._file = path.open("xb")
        self._stopped = stopped
        self._sync = sync
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes | memoryview) -> int:
        """Take the next bytes; how many they were. Refused: once the run is stopped (ReleaseError)."""
        if self._stopped.is_set():
            raise ReleaseError("the run was stopped")
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)
        return len(data)

    def close(self) -> Entry:
        """Say what was written."""
        self._file.flush()
        self._sync(self._file.fileno())
        self._file.close()
        return Entry(self._size, self._hash.hexdigest())

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


@dataclass
class Draft:
    """A release being written, in a folder of its own; `lasting` when the disk must hold it before it is swapped in."""

    folder: Path
    entries: dict[str, Entry] = field(default_factory=dict)
    lasting: bool = True
    _stopped: threading.Event = field(default_factory=threading.Event)
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=2))
    _syncing: deque[Future[None]] = field(default_factory=deque)

    def stop(self) -> None:
        """From now on no file of it is opened or written."""
        with self._opening:
            self._stopped.set()

    def end(self) -> None:
        """Stop, and wait until nothing is done with it any more."""
        self.stop()
        self._threads.shutdown()

    def _sync(self, handle: int) -> None:
        """Have a file synced while others are written: the disk takes its time for each. Only so many wait for it."""
        if self.lasting:
            self._syncing.append(self._threads.submit(self._synced, os.dup(handle)))
            if len(self._syncing) > _WAITING:
                self._syncing.popleft().result()

    def _synced(self, handle: int) -> None:
        try:
            if not self._stopped.is_set():
                os.fsync(handle)
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Other threads write of it too: once this one is interrupted, they end at their next write."""
        try:
            yield
        except BaseException:
            self.stop()
            raise

    @contextlib.contextmanager
    def sink(self, name: str) -> Iterator[Sink]:
        """A sink for the file of that name (with / for folders). Refused: a stopped draft (ReleaseError)."""
        path = self.folder / name
        with self._opening:
            if self._stopped.is_set():
                raise ReleaseError("the run was stopped")
            path.parent.mkdir(parents=True, exist_ok=True)
            opened = Sink(path, self._stopped, self._sync)
        with opened as sink:
            yield sink
            self.entries[name] = sink.close()

    def write(self, name: str, data: bytes) -> None:
        """A whole file at once."""
        with self.sink(name) as sink:
            sink.write(data)

    def seal(self) -> None:
        """Write SHA256SUMS over all files, and make sure that the disk holds what was written."""
        sums = "".join(f"{entry.sha256}  {name}\n" for name, entry in sorted(self.entries.items()))
        self.write(SUMS, sums.encode())
        while self._syncing:
            self._syncing.popleft().result()
        with ThreadPoolExecutor(max_workers=2) as threads:
            found = dict(zip(self.entries, threads.map(digest, (self.folder / n for n in self.entries)), strict=True))
        for name, entry in self.entries.items():
            if found[name] != entry:
                raise ReleaseError(f"{name} was not written as it was given", why="the disk or its cache changed it")
        for folder in (self.folder, *(p for p in self.folder.rglob("*") if p.is_dir() and self.lasting)):
            _sync(folder)


def digest(path: Path) -> Entry:
    """Size and SHA-256 of a file on disk."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Entry(path.stat().st_size, sha256)


@contextlib.contextmanager
def drafting(target: Path, *, kind: Kind = "release") -> Iterator[Draft]:
    """A draft beside `target`, removed at the end whatever happens.

    Refused: a second run at the same place, a site in a release's place, a release in a site's.
    A release is synced, file by file; what can be made again at will (a site of many pages) need not be.
    """
    target = target.absolute()
    _check_ours(target, kind)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked(target):
            _recover(target)
            folder = _beside(target, "draft")
            folder.mkdir()
            draft = Draft(folder, lasting=kind == "release")
            try:
                yield draft
            finally:
                draft.end()  # a thread that nobody waits for must not make the folder again
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise ReleaseError(
            f"the release could not be written to {target.name}/",
            why=f"{error.strerror or error}",
            mend=_MENDS.get(error.errno or 0, "")
            + "choose a folder that can be written with --out; what was published is untouched",
        ) from error


def swap(draft: Draft, target: Path) -> None:
    """Put a sealed draft in the place of the release, in one step."""
    target = target.absolute()
    if not target.exists():
        draft.folder.rename(target)
    elif not _exchange(draft.folder, target):
        old = _beside(target, "old")
        target.rename(old)
        draft.folder.rename(target)
        shutil.rmtree(old)
    _sync(target.parent)


def differences(draft: Draft, target: Path) -> list[str]:
    """Which files of a sealed draft the release lacks, has otherwise, or has besides; sorted."""
    there = {str(p.relative_to(target)): digest(p) for p in target.rglob("*") if p.is_file()} if target.is_dir() else {}
    return sorted(name for name in {*there, *draft.entries} if there.get(name) != draft.entries.get(name))


KEPT = "releases"


def keep(draft: Draft, target: Path, version: str) -> None:
    """Take the older releases into the draft, under releases/<version>/.

    Those kept before, and the one in place if its version is another; linked where the disk can, else copied.
    """
    if not target.is_dir():
        return
    before = published_version(target)
    for path in sorted(p for p in target.rglob("*") if p.is_file() and not p.is_symlink()):
        name = path.relative_to(target)
        if name.parts[0] != KEPT:
            if before in ("", version) or not re.fullmatch(r"[0-9]+([.][0-9]+)*", before):
                continue
            name = Path(KEPT, before, name)
        elif name.parts[1] == version:
            continue
        place = draft.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, place)
        except OSError:
            shutil.copyfile(path, place)
        draft.entries[name.as_posix()] = digest(place)


def kept(target: Path) -> list[str]:
    """The versions that a release's folder keeps under releases/."""
    folder = target / KEPT
    return sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []


def published_version(target: Path) -> str:
    """The version that a release's report names, "" where there is no release to ask."""
    try:
        found = json.loads((target / "report.json").read_text(encoding="utf-8")).get("version", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return str(found)


def is_site(folder: Path) -> bool:
    """Whether a folder is a site: a release's files, and the pages made of it."""
    return (folder / _SITES).is_file()


def _check_ours(target: Path, kind: Kind) -> None:
    """Refuse to replace what no run of ours has written, or what another command did: the folder is replaced whole."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        what = f"{target.name} is no folder"
    elif target.is_dir() and any(target.iterdir()) and not (target / SUMS).is_file():
        what = f"{target.name or target}/ holds files that are no release"
    elif target.is_dir() and any(target.iterdir()) and is_site(target) != (kind == "site"):
        raise ReleaseError(
            f"{target.name or target}/ holds a {'release' if kind == 'site' else 'site'}, not a {kind}",
            why="the folder is replaced whole, and what stands in it would be lost",
            mend="choose another folder with --out",
        )
    else:
        return
    raise ReleaseError(
        what,
        why=f"the folder is replaced whole, and only one that holds {SUMS} is known to be a release",
        mend="choose a new or empty folder with --out",
    )


@contextlib.contextmanager
def _locked(target: Path) -> Iterator[None]:
    """One run at a time in a folder; the lock goes with the process."""
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError(
                f"another run is publishing beside {target.name}/", mend="wait until it has ended, then run again"
            ) from error
        yield
    finally:
        os.close(handle)


def _recover(target: Path) -> None:
    """Clear what a killed run left: a draft, or an old release whose successor is not in place."""
    old = _beside(target, "old")
    if old.exists() and not target.exists():
        old.rename(target)
    for leftover in (old, _beside(target, "draft")):
        if leftover.exists():
            shutil.rmtree(leftover)


def _beside(target: Path, role: str) -> Path:
    return target.with_name(f".{target.name}.{role}")


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically with renameat2(2); False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(result == 0)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
