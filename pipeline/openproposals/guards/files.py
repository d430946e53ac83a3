"""Files that somebody else may have put there: read only if they are plain files, written only under new names.

A named pipe would wait for ever, a device has no end, and a link leads where its maker wants: none is opened. What is
written never goes through a link: a new name is made for it, which nothing had, and is then moved over the old one.

    files.data(Path("corpus/claims.csv"), follow=False)
    files.replace(Path("corpus/claims.csv"), b"id,...")
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from io import BufferedRandom, BufferedReader, BufferedWriter
from pathlib import Path

from openproposals.errors import because

_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class NotPlainError(OSError):
    """A link that is not to be followed, a folder, a named pipe, a device: no plain file."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, because("not-plain"), str(path))


def opened(path: Path, *, follow: bool = True) -> BufferedReader:
    """A plain file, open to be read. With `follow`, a link to one will do; its folders' links are always followed.

    Raises NotPlainError, and OSError as the system says it.
    """
    if not stat.S_ISREG(path.stat(follow_symlinks=follow).st_mode):  # a device may act on being opened
        raise NotPlainError(path)
    handle = os.open(path, _READ | (0 if follow else os.O_NOFOLLOW))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotPlainError(path)
    return os.fdopen(handle, "rb")


def data(path: Path, *, follow: bool = True, most: int | None = None) -> bytes:
    """The bytes of a plain file, `most` of them at the most.

    Raises NotPlainError, and OSError: as the system says it, or EFBIG for a larger file.
    """
    with opened(path, follow=follow) as file:
        if most is None:
            return file.read()
        size = os.fstat(file.fileno()).st_size
        found = file.read(size + 1) if size <= most else b""
        if len(found) > size:  # it grows, or the system states no size for it
            found += file.read(max(0, most + 1 - len(found)))
    if max(size, len(found)) > most:
        raise OSError(errno.EFBIG, because("file-too-large", bytes=most), str(path))
    return found


def text(path: Path, *, follow: bool = True, most: int | None = None, encoding: str = "utf-8") -> str:
    """The text of a plain file, every line end a line feed. Raises what `data` does, and UnicodeDecodeError."""
    found = data(path, follow=follow, most=most).decode(encoding)
    return found.replace("\r\n", "\n").replace("\r", "\n")


def created(path: Path) -> BufferedWriter:
    """A new file, open to be written. Raises FileExistsError where there is anything of that name, a link too."""
    return os.fdopen(os.open(path, _NEW, 0o666), "wb")


def lockable(path: Path) -> BufferedRandom:
    """A file that is there to be locked, made where it is not there. Raises OSError, for a link too."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "r+b")


def fresh(path: Path, role: str) -> Path:
    """A hidden name beside `path` that nobody can foretell: `.NAME.0123456789abcdef.ROLE`."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}.{role}")


def replace(path: Path, content: bytes) -> None:
    """Give a file new content, as `replacing` does. Raises NotPlainError and OSError."""
    with replacing(path) as file:
        file.write(content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BufferedWriter]:
    """Give a file new content in one step, or make it; its permissions stay. The old content stands until the end.

    Raises NotPlainError where the name is taken by what is no plain file (a link, too), and OSError.
    """
    mode = None
    with contextlib.suppress(FileNotFoundError):
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise NotPlainError(path)
        mode = stat.S_IMODE(found.st_mode)
    draft = fresh(path, "draft")
    try:
        with created(draft) as file:
            yield file
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(folder: Path) -> None:
    """Sync a folder's entries to the disk (fsync)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
