"""A hidden folder beside a target, in which a run writes and from which it swaps; what a killed run left in one.

    .NAME.0123456789abcdef.draft/
        openproposals.jsonl   the marker: which target it is for, and each file that a run is about to write; locked
        new/                  the draft; after the exchange, what it replaced
        old/                  what is replaced, where the system cannot exchange two folders at once

The marker is the proof: a folder without one is somebody else's, and is left alone. Its lock goes with the process, so
a marker that is locked tells of a run at the same target, and one that is not, of a run that was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
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
_SWAP = "swap"  # what the marker says once the exchange is about to begin


@dataclass(frozen=True)
class Workspace:
    """The folder of a run that goes on: its marker is open and locked."""

    folder: Path
    marker: BinaryIO
    _writing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def new(self) -> Path:
        """Where the draft is written."""
        return self.folder / "new"

    @property
    def old(self) -> Path:
        """Where what is replaced is put for a moment, where the system cannot exchange two folders."""
        return self.folder / "old"

    def note(self, *said: str) -> None:
        """Say in the marker what is about to be done: a file written (`file`, its name), or the swap."""
        with self._writing:
            self.marker.write(json.dumps(said).encode() + b"\n")
            self.marker.flush()

    def swapping(self) -> None:
        """Say that the swap begins, and have the disk hold that it was said."""
        self.note(_SWAP)
        os.fsync(self.marker.fileno())


@contextlib.contextmanager
def beside(target: Path) -> Iterator[Workspace]:
    """A workspace for a run at `target`, cleared at its end; what killed runs left is cleared first.

    Raises ReleaseError while another run is at the same target. Raises OSError.
    """
    folder = files.fresh(target, _ENDING)
    folder.mkdir()
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
        yield made


def remove(folder: Path, removed: Iterable[str], named: Iterable[str]) -> None:
    """Take files away, and the folders that the names of files lead through, as far as nothing else is in them.

    The sums go last: a run that is killed meanwhile leaves what the next one knows.
    """
    gone = set(removed)
    for name in gone - {ours.SUMS}:
        (folder / name).unlink(missing_ok=True)
    through = {parent for name in named for parent in PurePosixPath(name).parents if parent.parts}
    for parent in sorted(through, key=lambda each: len(each.parts), reverse=True):
        _leave(folder / parent)
    for name in gone & {ours.SUMS}:
        (folder / name).unlink(missing_ok=True)
    _leave(folder)


def _of(target: Path) -> tuple[str, str]:
    """The first line of a marker."""
    return "openproposals", target.name


def _lock(marker: BinaryIO, target: Path) -> None:
    try:
        fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ReleaseError(
            f"another run is writing {target.name}/", mend="wait until it has ended, then run again"
        ) from error


def _others(target: Path) -> list[Path]:
    """The folders beside a target that are called as a workspace of it is."""
    called = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{16}}\.{_ENDING}")
    with os.scandir(target.parent) as found:
        names = [e.name for e in found if called.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]
    return [target.with_name(name) for name in sorted(names)]


def _recover(other: Path, target: Path) -> None:
    """Clear what a killed run left, and put back the release that it was about to replace.

    Left alone: a folder with a marker that is not ours, or without one that holds anything.
    Raises ReleaseError: the run goes on.
    """
    _leave(other)  # killed before its marker was made, or after that was taken away
    try:
        marker = files.opened(other / MARKER, follow=False)
    except OSError:
        return
    with marker:
        _lock(marker, target)
        first = next(_said(other), None)
        if first == list(_of(target)):
            _end(other, target)
        elif not os.fstat(marker.fileno()).st_size and [p.name for p in other.iterdir()] == [MARKER]:
            # killed before it said anything
            (other / MARKER).unlink()
            _leave(other)


def _end(folder: Path, target: Path) -> None:
    """Clear a workspace; what cannot be cleared is left to the next run."""
    with contextlib.suppress(OSError):
        _clear(folder, target)


def _clear(folder: Path, target: Path) -> None:
    """Take a workspace away, with the files that its marker names; once the swap has begun, those that have their sums.

    What is none of these stays, and the workspace with it. A release that is not replaced yet is put back.
    """
    said = list(_said(folder))
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
        remove(new, [name for name in ours.plain(new) if name in written], written)
    if not (os.path.lexists(new) or os.path.lexists(old)):
        (folder / MARKER).unlink(missing_ok=True)
        _leave(folder)


def _remove_summed(folder: Path) -> None:
    """Take away the files that have the sums which the folder's own SHA256SUMS gives, and that file last."""
    if _is_folder(folder):
        named = ours.sums(folder)
        removed = [name for name in ours.plain(folder) if name in named and ours.same(folder / name, named[name])]
        remove(folder, [*removed, ours.SUMS] if named else [], named)


def _said(folder: Path) -> Iterator[list[str]]:
    """What a marker says, a line at a time, up to one that is damaged."""
    with files.opened(folder / MARKER, follow=False) as marker:
        for line in marker:
            try:
                said = parsing.from_json(line)
            except parsing.Unparsable:
                return
            if not isinstance(said, list) or not said or not all(isinstance(each, str) for each in said):
                return
            yield said


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _leave(folder: Path) -> None:
    """Take a folder away if it is empty."""
    with contextlib.suppress(OSError):
        folder.rmdir()
