"""Writing what an import made: all of it or nothing, whatever stops the run.

The files are written into a hidden folder beside the tables. Once all are there, it is marked complete, and each is
moved into its place. A run that finds a complete folder of one that was killed finishes its work; any other it clears.
"""

from __future__ import annotations

import contextlib
import json
import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from openproposals.errors import CannotGoOn, reason
from openproposals.guards import files, parsing

_COMPLETE = "complete.json"
_CALLED = re.compile(r"\.import\.[0-9a-f]{16}\.draft")


def write(folder: Path, contents: Mapping[str, bytes], removed: Collection[str] = ()) -> list[str]:
    """Write files into a corpus's folder, and remove others; returns the names of those that changed.

    Raises CannotGoOn where the disk refuses; nothing is changed then.
    """
    try:
        changed = [name for name, content in contents.items() if _present(folder / name) != content]
        gone = [name for name in removed if (folder / name).is_file()]
        if not changed and not gone:
            return []
        draft = files.fresh(folder / "import", "draft")
        draft.mkdir(0o700)
        try:
            for number, name in enumerate(changed):
                with files.created(draft / str(number)) as file:
                    file.write(contents[name])
            with files.created(draft / "complete.new") as file:
                file.write(json.dumps({"files": changed, "removed": gone}).encode())
            (draft / "complete.new").rename(draft / _COMPLETE)
        except BaseException:
            _clear(draft)
            raise
        files.sync(folder)
        _finish(folder, draft)
    except OSError as error:
        raise CannotGoOn("folder-not-written", folder=folder.name, because=reason(error)) from error
    return sorted([*changed, *gone])


def recover(folder: Path) -> None:
    """Finish what a killed run had completed, and clear what one had not."""
    for draft in (path for path in folder.iterdir() if _CALLED.fullmatch(path.name) and path.is_dir()):
        if (draft / _COMPLETE).is_file():
            _finish(folder, draft)
        else:
            _clear(draft)


def _present(path: Path) -> bytes | None:
    """The content of a file; None where there is none. Raises NotPlainError for a link, a folder or a device."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(path.lstat().st_mode):
            raise files.NotPlainError(path)
        return files.data(path, follow=False)
    return None


def _finish(folder: Path, draft: Path) -> None:
    said = parsing.from_json(files.data(draft / _COMPLETE, follow=False))
    for number, name in enumerate(said["files"]):
        part = draft / str(number)
        if part.is_file():
            (folder / name).parent.mkdir(exist_ok=True)
            part.replace(folder / name)
    for name in said["removed"]:
        (folder / name).unlink(missing_ok=True)
    files.sync(folder)
    _clear(draft)


def _clear(draft: Path) -> None:
    with contextlib.suppress(OSError):
        for path in sorted(draft.iterdir(), key=lambda each: each.name == _COMPLETE):
            path.unlink()
        draft.rmdir()
