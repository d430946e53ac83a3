"""The hidden folder beside a target in which a run writes its draft, and the clearing of what killed runs left.

    .NAME.0123456789abcdef.draft/
        openproposals.jsonl   the marker: which target it is for, and each file that a run is about to write; locked
        new/                  the draft; after the exchange, what it replaced
        old/                  what is replaced, where the system cannot exchange two folders at once

A folder without a marker is somebody else's, and is left alone. The lock of a marker ends with its process: a locked
marker belongs to a run that is writing to the same target, an unlocked one to a run that was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import stat
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from openproposals.errors import ReleaseError
from openproposals.guards import files, parsing
from openproposals.release import ours

MARKER = "openproposals.jsonl"
_ENDING = "draft"
_ROOM = "room"  # the ending of the name of a folder for what is made and not published
_LINE_LIMIT, _MARKER_LIMIT = 1 << 16, 1 << 28  # bytes of a line of a marker, and of a marker
_SWAP = "swap"  # what the marker says once the exchange is about to begin


@dataclass(frozen=True)
class Workspace:
    """The folder of the current run, whose marker is open and locked."""

    folder: Path
    marker: BinaryIO
    _writing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def new(self) -> Path:
        """Where the draft is written."""
        return self.folder / "new"

    @property
    def old(self) -> Path:
        """Where the replaced folder is put for a moment, on systems that cannot exchange two folders."""
        return self.folder / "old"

    def note(self, *said: str) -> None:
        """Write in the marker what the run does next: `file` and a name before it writes that file, or `swap`."""
        with self._writing:
            self.marker.write(json.dumps(said).encode() + b"\n")
            self.marker.flush()

    def note_files(self, names: Iterable[str]) -> None:
        """Write in the marker the names of several files, before they are written."""
        lines = "".join(json.dumps(["file", name]) + "\n" for name in names)
        with self._writing:
            self.marker.write(lines.encode())
            self.marker.flush()

    def swapping(self) -> None:
        """Write in the marker that the swap begins, and sync the marker to the disk."""
        self.note(_SWAP)
        os.fsync(self.marker.fileno())


@contextlib.contextmanager
def beside(target: Path) -> Iterator[Workspace]:
    """Make a workspace for a run at `target`, and clear it at the end. What killed runs left is cleared first.

    Raises ReleaseError while another run is at the same target. Raises OSError.
    """
    folder = files.fresh(target, _ENDING)
    folder.mkdir(0o700)  # the target may be private: so is what is written for it
    with contextlib.ExitStack() as ends:
        ends.callback(_end, folder, target)
        marker = ends.enter_context(files.created(folder / MARKER))
        _lock(marker, target)
        made = Workspace(folder, marker)
        made.note(*_of(target))
        made.new.mkdir()
        for other in _others(target):
            if other != folder:
                _recover(other, target)
        if _is_folder(target):
            _alike(made.new, target)
        yield made


@contextlib.contextmanager
def room(target: Path) -> Iterator[Path]:
    """A folder beside `target` for what a run makes and does not publish; it is deleted at the end.

    The rooms of killed runs are deleted first. Raises OSError.
    """
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = files.fresh(target, _ROOM)
    folder.mkdir(0o700)
    try:
        with files.created(folder / MARKER) as marker:
            fcntl.flock(marker, fcntl.LOCK_EX)
            marker.write(json.dumps(_of(target)).encode())
            marker.flush()
            for other in _others(target, _ROOM):
                if other != folder and _is_left(other, target):
                    _emptied(other)
            yield folder
    finally:
        _emptied(folder)


def _emptied(room: Path) -> None:
    """Delete a room, its marker last: where a worker of a killed run still writes, the next run deletes the rest."""
    with contextlib.suppress(OSError):  # another run may be deleting it, too
        for path in [path for path in room.iterdir() if path.name != MARKER]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        if [path.name for path in room.iterdir()] == [MARKER]:
            (room / MARKER).unlink(missing_ok=True)
    _remove_empty(room)


def _is_left(other: Path, target: Path) -> bool:
    """Whether a room is one for this target, of a run that was killed."""
    try:
        with files.opened(other / MARKER, follow=False) as marker:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
            said: object = parsing.from_json(marker.read(_LINE_LIMIT))
            return said == list(_of(target))
    except (OSError, parsing.Unparsable):
        return False


def remove(folder: Path, removed: Iterable[str], named: Iterable[str]) -> None:
    """Delete the files `removed`, then the folders on the paths of the files `named` that are empty.

    SHA256SUMS is deleted last, so that the next run can finish the work of one that is killed meanwhile.
    """
    gone = set(removed)
    for name in gone - {ours.SUMS}:
        (folder / name).unlink(missing_ok=True)
    through = {str(parent) for name in named for parent in PurePosixPath(name).parents if parent.parts}
    real = [name for name, seen in ours.walk(folder) if stat.S_ISDIR(seen.st_mode) and name in through]
    for name in reversed(real):  # what is in a folder before the folder; through no link, and nowhere else
        _remove_empty(folder / name)
    for name in gone & {ours.SUMS}:
        (folder / name).unlink(missing_ok=True)
    _remove_empty(folder)


def permit(folder: Path, replaced: Path) -> None:
    """Give what a draft holds the permissions that files and folders of the same name have in the replaced folder."""
    for name, seen in ours.walk(replaced):
        mode = stat.S_IMODE(seen.st_mode)
        with contextlib.suppress(FileNotFoundError):
            now = (folder / name).lstat().st_mode
            if stat.S_IFMT(now) == stat.S_IFMT(seen.st_mode) and stat.S_IMODE(now) != mode:
                (folder / name).chmod(mode)


def _alike(new: Path, target: Path) -> None:
    """Give the draft's folder the group and the permissions of the target, before anything is written in it.

    With a set-group-ID bit, what is written in it gets that group, too.
    """
    seen = target.stat()
    with contextlib.suppress(PermissionError):  # a group that is not the user's
        os.chown(new, -1, seen.st_gid)
    new.chmod(stat.S_IMODE(seen.st_mode) | stat.S_IRWXU)


def _of(target: Path) -> tuple[str, str]:
    """The first line of the marker of a run at `target`."""
    return "openproposals", target.name


def _lock(marker: BinaryIO, target: Path) -> None:
    try:
        fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ReleaseError("another-run", folder=target.name) from error


def _others(target: Path, ending: str = _ENDING) -> list[Path]:
    """The folders beside a target whose names are those of workspaces (or rooms) for it."""
    called = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{16}}\.{ending}")
    with os.scandir(target.parent) as found:
        names = [e.name for e in found if called.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]
    return [target.with_name(name) for name in sorted(names)]


def _recover(other: Path, target: Path) -> None:
    """Clear what a killed run left, and put back the release that it was replacing.

    A folder without a marker that is not empty, and one with a foreign marker, are left alone.
    Raises ReleaseError where the run still goes on.
    """
    _remove_empty(other)  # killed before its marker was made, or after that was taken away
    try:
        marker = files.opened(other / MARKER, follow=False)
    except OSError:
        return
    with marker:
        _lock(marker, target)
        first = next(_lines(other), None)
        if first == list(_of(target)):
            _end(other, target)
        elif not os.fstat(marker.fileno()).st_size and [p.name for p in other.iterdir()] == [MARKER]:
            # killed before it said anything
            (other / MARKER).unlink()
            _remove_empty(other)


def _end(folder: Path, target: Path) -> None:
    """Clear a workspace. What the disk refuses to delete is left to the next run."""
    with contextlib.suppress(OSError):
        _clear(folder, target)


def _clear(folder: Path, target: Path) -> None:
    """Delete a workspace and its files: those that the marker names; after the swap began, those that match their sums.

    Any other file is kept, and the workspace with it. A release that was not replaced yet is put back.
    """
    said = list(_lines(folder))
    new, old = folder / "new", folder / "old"
    if [_SWAP] in said:
        if _is_folder(new) and _is_folder(old):
            if not os.path.lexists(target):
                old.rename(target)
        else:
            _remove_summed(old)
        _remove_summed(new)
    else:
        written = {each[1] for each in said if each[0] == "file" and len(each) > 1}
        if _is_folder(new):
            remove(new, [name for name in ours.plain(new) if name in written], written)
    if not (os.path.lexists(new) or os.path.lexists(old)):
        (folder / MARKER).unlink(missing_ok=True)
        _remove_empty(folder)


def _remove_summed(folder: Path) -> None:
    """Delete the files that match the sums in the folder's own SHA256SUMS, and SHA256SUMS last."""
    if _is_folder(folder):
        named = ours.sums(folder)
        removed = [name for name in ours.plain(folder) if name in named and ours.same(folder / name, named[name])]
        remove(folder, [*removed, ours.SUMS] if named else [], named)


def _lines(folder: Path) -> Iterator[list[str]]:
    """The lines of a marker, up to the first that is damaged."""
    with files.opened(folder / MARKER, follow=False) as marker:
        left = _MARKER_LIMIT
        while line := marker.readline(_LINE_LIMIT):
            left -= len(line)
            if left < 0:
                return
            try:
                said = parsing.from_json(line)
            except parsing.Unparsable:
                return
            if not isinstance(said, list) or not said or not all(isinstance(each, str) for each in said):
                return
            yield said


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _remove_empty(folder: Path) -> None:
    """Delete a folder if it is empty."""
    with contextlib.suppress(OSError):
        folder.rmdir()
