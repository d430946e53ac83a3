"""Write a release: files are written into a draft, hashed and verified; then the draft replaces the old release.

A draft is a folder beside the release (`workspace.py`). The swap is one atomic exchange where the system has one
(Linux), else two renames. Of the replaced folder, only files that a run has written are deleted (`ours.py`).
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import shutil
import stat
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType

from openproposals.errors import DISK_FULL, ReleaseError, reason
from openproposals.guards import files
from openproposals.guards.terminal import as_json
from openproposals.release import ours, workspace
from openproposals.release.ours import SUMS, FileDigest, OutputKind, Snapshot, digest
from openproposals.release.workspace import Workspace

_WAITING = 4  # files that wait to be synced, at most
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class HashedFile:
    """A file being written, which counts and hashes its bytes, and is synced when it is closed."""

    def __init__(self, path: Path, stopped: threading.Event, sync: Callable[[int], object]) -> None:
        self._file = files.created(path)
        self._stopped = stopped
        self._sync = sync
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes | memoryview) -> int:
        """Write the next bytes, and return how many they were. Raises ReleaseError once the run is stopped."""
        if self._stopped.is_set():
            raise ReleaseError("run-stopped")
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)
        return len(data)

    def close(self) -> FileDigest:
        """Close the file, and return its size and SHA-256."""
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
    """A release that is being written in a folder of its own.

    `before` is the snapshot of the folder to be replaced; None where the draft is only compared with it. `entries` are
    the files written so far. With `lasting`, every file is synced to the disk before the swap.
    """

    workspace: Workspace
    before: Snapshot | None
    entries: dict[str, FileDigest] = field(default_factory=dict)
    lasting: bool = True
    _report: Mapping[str, object] | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=2))
    _syncing: deque[Future[None]] = field(default_factory=deque)
    _folders: set[Path] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        """The folder in which the draft is written."""
        return self.workspace.new

    def stop(self) -> None:
        """Make every later opening or writing of a file fail."""
        with self._opening:
            self._stopped.set()

    def end(self) -> None:
        """Stop, and wait for the threads that sync files."""
        self.stop()
        self._threads.shutdown()

    def _sync(self, handle: int) -> None:
        """Sync a file in another thread, while other files are written. A few wait at most."""
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
        """While other threads write files too: if this thread is interrupted, they end at their next write."""
        try:
            yield
        except BaseException:
            self.stop()
            raise

    @contextlib.contextmanager
    def sink(self, name: str) -> Iterator[HashedFile]:
        """A sink for the file `name`, a relative path with /. Raises ReleaseError once the draft is stopped."""
        path = self.folder / name
        with self._opening:
            if self._stopped.is_set():
                raise ReleaseError("run-stopped")
            self.workspace.note("file", name)
            self._make_folder(path.parent)
            opened = HashedFile(path, self._stopped, self._sync)
        with opened as sink:
            yield sink
            self.entries[name] = sink.close()

    def _make_folder(self, folder: Path) -> None:
        if folder not in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)

    def write(self, name: str, data: bytes) -> None:
        """Write a whole file."""
        with self.sink(name) as sink:
            sink.write(data)

    def expect(self, names: Iterable[str]) -> None:
        """Say which files another process is about to write in the draft. Raises ReleaseError once it is stopped."""
        with self._opening:
            if self._stopped.is_set():
                raise ReleaseError("run-stopped")
            self.workspace.note_files(names)

    def take(self, name: str, path: Path, entry: FileDigest) -> None:
        """Move in a file that was written elsewhere on the same disk, under the name `name`; `entry` is its digest."""
        with self._opening:
            if self._stopped.is_set():
                raise ReleaseError("run-stopped")
            self.workspace.note("file", name)
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            path.rename(place)
            self.entries[name] = entry

    def report(self, report: Mapping[str, object]) -> None:
        """Keep the report until all other files are written: it lists them, by which the next run knows them."""
        self._report = report

    def seal(self) -> None:
        """Write the report with its list of files, then SHA256SUMS over all, then read all again and compare.

        What is not synced is in the memory of the system: of such files the sizes are compared.
        Raises ReleaseError where a file is not as it was written.
        """
        if self._report is not None:
            written = {name: entry.sha256 for name, entry in sorted(self.entries.items())}
            self.write(ours.REPORT, f"{as_json({**self._report, 'files': written})}\n".encode())
        sums = "".join(f"{entry.sha256}  {name}\n" for name, entry in sorted(self.entries.items()))
        self.write(SUMS, sums.encode())
        while self._syncing:
            self._syncing.popleft().result()
        for name in self._otherwise():
            raise ReleaseError("written-otherwise", name=name)
        for folder in (self.folder, *(p for p in self.folder.rglob("*") if p.is_dir() and self.lasting)):
            files.sync(folder)

    def _otherwise(self) -> Iterator[str]:
        """The files that are not as they were written."""
        if not self.lasting:
            folder = str(self.folder)
            yield from (n for n, entry in self.entries.items() if os.lstat(f"{folder}/{n}").st_size != entry.size)
            return
        with ThreadPoolExecutor(max_workers=2) as threads:
            found = threads.map(digest, (self.folder / name for name in self.entries))
            yield from (n for (n, entry), read in zip(self.entries.items(), found, strict=True) if read != entry)


@contextlib.contextmanager
def drafting(
    target: Path, *, kind: OutputKind = "release", source: Path | None = None, dry: bool = False
) -> Iterator[Draft]:
    """Make a draft beside `target`, and remove it at the end, whatever happens.

    dry: whether the draft is only compared with `target`, not swapped in.
    source: the folder of which the release is made; `target` may not lie in it or around it.
    Raises ReleaseError in that case, while another run writes to `target`, and where `target` holds anything but what a
    run of this `kind` has written. Files are synced one by one, except those of a site, which can be made again.
    """
    target = _whole(target)
    if source is not None:
        ours.check_apart(source, target)
    try:
        before = None if dry else ours.snapshot(target, kind)
        target.parent.mkdir(parents=True, exist_ok=True)
        with workspace.beside(target) as place:
            if before is not None and not before.marks:
                before = ours.snapshot(target, kind)  # what a killed run had taken away is in its place again
            draft = Draft(place, before, lasting=kind != "site")
            try:
                yield draft
            finally:
                draft.end()  # a thread that nobody waits for must not make the folder again
    except OSError as error:
        raise not_written(error, target.name) from error


def not_written(error: OSError, folder: str) -> ReleaseError:
    """What the system's error means for the folder that is being written."""
    key = "disk-full" if error.errno in DISK_FULL else "release-not-written"
    return ReleaseError(key, folder=folder, because=reason(error))


def swap(draft: Draft, target: Path) -> None:
    """Put a sealed draft in the place of the release, in one step, and delete the files of the old one.

    Raises ReleaseError where somebody changed a file there meanwhile; the changed files are kept.
    """
    target = _whole(target)
    assert draft.before is not None
    ours.check_same(target, draft.before)
    place = draft.workspace
    if draft.before.marks:
        workspace.permit(place.new, target)
    place.swapping()
    replaced = place.new
    if not os.path.lexists(target):
        place.new.rename(target)
    elif not _exchange(place.new, target):
        target.rename(place.old)
        place.new.rename(target)
        replaced = place.old
    files.sync(target.parent)
    _discard(replaced, draft.before, target)


def _discard(replaced: Path, before: Snapshot, target: Path) -> None:
    """Delete the replaced files that are unchanged since the snapshot. Raises ReleaseError where others remain."""
    if not replaced.is_dir():
        return
    unchanged = [name for name, mark in ours.marks(replaced).items() if before.marks.get(name) == mark]
    workspace.remove(replaced, unchanged, before.named)
    if replaced.is_dir():
        raise ReleaseError("worked-in-meanwhile", folder=target.name, replaced=replaced)


def differences(draft: Draft, target: Path) -> list[str]:
    """The names of files that differ between a sealed draft and the release, or that only one of them has; sorted."""
    there: Mapping[str, FileDigest | None] = draft.before.entries if draft.before is not None else _there(target)
    return sorted(name for name in {*there, *draft.entries} if there.get(name) != draft.entries.get(name))


def _there(target: Path) -> dict[str, FileDigest | None]:
    """By name, the digest of every file in a folder; None for a link or a device."""
    if not target.is_dir():
        return {}
    found = {name: seen.st_mode for name, seen in ours.walk(target) if not stat.S_ISDIR(seen.st_mode)}
    return {name: digest(target / name) if stat.S_ISREG(mode) else None for name, mode in found.items()}


KEPT = "releases"


def keep(draft: Draft, target: Path, version: str) -> None:
    """Add older releases to the draft, under releases/<version>/.

    They are those that `target` keeps already, and the release in `target` itself if its version is not `version`.
    Files are hard links where the disk has them, else copies.
    """
    if not target.is_dir():
        return
    before = ours.version(target)
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
        draft.workspace.note("file", str(name))
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


def _whole(target: Path) -> Path:
    """The absolute path of a target; it ends in the folder's name, not in `..`."""
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
