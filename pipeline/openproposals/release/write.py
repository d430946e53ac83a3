"""Out: files written beside the release, hashed as they go, verified, then swapped in all or nothing.

A draft is a folder next to the release (`workspace.py`); the swap is one atomic exchange where the system has it
(Linux), else two renames. Of what is replaced, only files are taken away that a run has written (`ours.py`).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import re
import shutil
import stat
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType

from openproposals.errors import ReleaseError
from openproposals.guards import files
from openproposals.release import ours, workspace
from openproposals.release.ours import SUMS, FileDigest, OutputKind, Snapshot, digest
from openproposals.release.workspace import Workspace

_MENDS = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free some space, or ")
_WAITING = 4  # files that are open only to be synced
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class HashedFile:
    """A file being written: it counts and hashes what goes through; once closed it is given to be synced."""

    def __init__(self, path: Path, stopped: threading.Event, sync: Callable[[int], object]) -> None:
        self._file = files.created(path)
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

    def close(self) -> FileDigest:
        """Say what was written."""
        self._file.flush()
        self._sync(self._file.fileno())
        self._file.close()
        return FileDigest(self._size, self._hash.hexdigest())

    def __enter__(self) -> HashedFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


@dataclass
class Draft:
    """A release being written, in a folder of its own; `lasting` when the disk must hold it before it is swapped in.

    `before` is what stands where it is to go, all of it ours; None where it is only to be compared.
    """

    room: Workspace
    before: Snapshot | None
    entries: dict[str, FileDigest] = field(default_factory=dict)
    lasting: bool = True
    _stopped: threading.Event = field(default_factory=threading.Event)
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=2))
    _syncing: deque[Future[None]] = field(default_factory=deque)

    @property
    def folder(self) -> Path:
        """Where it is written."""
        return self.room.new

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
    def sink(self, name: str) -> Iterator[HashedFile]:
        """A sink for the file of that name (with / for folders). Refused: a stopped draft (ReleaseError)."""
        path = self.folder / name
        with self._opening:
            if self._stopped.is_set():
                raise ReleaseError("the run was stopped")
            self.room.note("file", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            opened = HashedFile(path, self._stopped, self._sync)
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
            files.sync(folder)


@contextlib.contextmanager
def drafting(
    target: Path, *, kind: OutputKind = "release", source: Path | None = None, dry: bool = False
) -> Iterator[Draft]:
    """A draft beside `target`, removed at the end whatever happens. `dry`: it is compared only, and not swapped in.

    Raises ReleaseError: for a second run at the same place; for a place that holds anything but what a run of this
    `kind` has written; for one that lies in the folder `source`, of which the release is made, or around it.
    A release is synced, file by file; what can be made again at will (a site of many pages) need not be.
    """
    target = _whole(target)
    if source is not None:
        ours.check_apart(source, target)
    try:
        before = None if dry else ours.snapshot(target, kind)
        target.parent.mkdir(parents=True, exist_ok=True)
        with workspace.beside(target) as room:
            if before is not None and not before.marks:
                before = ours.snapshot(target, kind)  # what a killed run had taken away is in its place again
            draft = Draft(room, before, lasting=kind != "site")
            try:
                yield draft
            finally:
                draft.end()  # a thread that nobody waits for must not make the folder again
    except OSError as error:
        raise ReleaseError(
            f"the release could not be written to {target.name}/",
            why=f"{error.strerror or error}",
            mend=_MENDS.get(error.errno or 0, "")
            + "choose a folder that can be written with --out; what was published is untouched",
        ) from error


def swap(draft: Draft, target: Path) -> None:
    """Put a sealed draft in the place of the release, in one step; of what was there, take away what was ours.

    Raises ReleaseError where somebody works in that place meanwhile: what they did is kept.
    """
    target = _whole(target)
    assert draft.before is not None
    ours.check_same(target, draft.before)
    room = draft.room
    room.swapping()
    replaced = room.new
    if not os.path.lexists(target):
        room.new.rename(target)
    elif not _exchange(room.new, target):
        target.rename(room.old)
        room.new.rename(target)
        replaced = room.old
    files.sync(target.parent)
    _discard(replaced, draft.before, target)


def _discard(replaced: Path, before: Snapshot, target: Path) -> None:
    """Take away what was replaced, file by file: what was ours and is unchanged."""
    if not replaced.is_dir():
        return
    unchanged = [name for name, mark in ours.marks(replaced).items() if before.marks.get(name) == mark]
    workspace.remove(replaced, unchanged, before.named)
    if replaced.is_dir():
        raise ReleaseError(
            f"somebody worked in {target.name}/ while it was replaced",
            why="the new release is in place; what they did stands in the folder that was there before",
            mend=f"look into {replaced}, and move what is wanted",
        )


def differences(draft: Draft, target: Path) -> list[str]:
    """Which files of a sealed draft the release lacks, has otherwise, or has besides; sorted."""
    there: Mapping[str, FileDigest | None] = draft.before.entries if draft.before is not None else _there(target)
    return sorted(name for name in {*there, *draft.entries} if there.get(name) != draft.entries.get(name))


def _there(target: Path) -> dict[str, FileDigest | None]:
    """Everything in a folder but its folders; None for what is no plain file."""
    if not target.is_dir():
        return {}
    found = {name: seen.st_mode for name, seen in ours.walk(target) if not stat.S_ISDIR(seen.st_mode)}
    return {name: digest(target / name) if stat.S_ISREG(mode) else None for name, mode in found.items()}


KEPT = "releases"


def keep(draft: Draft, target: Path, version: str) -> None:
    """Take the older releases into the draft, under releases/<version>/.

    Those kept before, and the one in place if its version is another; linked where the disk can, else copied.
    """
    if not target.is_dir():
        return
    before = published_version(target)
    named = {*ours.sums(target), SUMS}
    for path in (path for path in ours.plain(target) if path in named):
        name = PurePosixPath(path)
        if name.parts[0] != KEPT:
            if before in ("", version) or not re.fullmatch(r"[0-9]+([.][0-9]+)*", before):
                continue
            name = PurePosixPath(KEPT, before, name)
        elif name.parts[1] == version:
            continue
        place = draft.folder / name
        draft.room.note("file", str(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(target / path, place)
        except OSError:
            with files.opened(target / path, follow=False) as old, files.created(place) as new:
                shutil.copyfileobj(old, new)
        draft.entries[str(name)] = digest(place)


def kept(target: Path) -> list[str]:
    """The versions that a release's folder keeps under releases/."""
    folder = target / KEPT
    return sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []


def published_version(target: Path) -> str:
    """The version that a release's report names, "" where there is no release to ask."""
    return ours.report(target).get("version", "")


def is_site(folder: Path) -> bool:
    """Whether a folder is a site: a release's files, and the pages made of it."""
    return (folder / ours.SITES).is_file()


def _whole(target: Path) -> Path:
    """The whole path of a target, which ends in its name."""
    return target.resolve() if target.name == ".." else target.absolute()


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically with renameat2(2); False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(result == 0)
