"""Plain files alone are read; what is written goes through no link and overwrites nothing that it does not name."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from openproposals.guards import files


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


NOT_PLAIN: dict[str, Callable[[Path], object]] = {
    "folder": Path.mkdir,
    "FIFO": os.mkfifo,
    "socket": _socket,
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "link to a FIFO": lambda path: (os.mkfifo(path.with_name("pipe")), path.symlink_to("pipe")),
}


@pytest.mark.parametrize("kind", NOT_PLAIN)
@pytest.mark.parametrize("follow", [True, False])
def test_what_is_no_plain_file_is_not_read(tmp_path: Path, kind: str, follow: bool) -> None:
    NOT_PLAIN[kind](tmp_path / "a")
    with pytest.raises(files.NotPlainError, match="no plain file"):
        files.data(tmp_path / "a", follow=follow)


def test_a_file_that_turns_into_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the opening."""
    path = tmp_path / "a"
    path.write_text("a")
    open_ = os.open

    def late(name: Path, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return open_(name, flags)

    monkeypatch.setattr(os, "open", late)
    with pytest.raises(files.NotPlainError):
        files.data(path)


def test_a_link_is_followed_only_where_it_may_be(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a\r\nb\rc\n")
    (tmp_path / "link").symlink_to("a")
    assert files.text(tmp_path / "link") == "a\nb\nc\n"
    with pytest.raises(files.NotPlainError):
        files.data(tmp_path / "link", follow=False)


def test_no_more_is_read_than_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert files.data(tmp_path / "a", most=5) == b"12345"
    with pytest.raises(OSError, match="larger than 4 bytes") as error:
        files.data(tmp_path / "a", most=4)
    assert error.value.errno == errno.EFBIG


@pytest.mark.parametrize("there", ["file", "link", "dangling link"])
def test_a_new_file_takes_no_name_that_is_taken(tmp_path: Path, there: str) -> None:
    path, other = tmp_path / "a", tmp_path / "other"
    if there == "file":
        path.write_text("mine")
    else:
        path.symlink_to(other)
        if there == "link":
            other.write_text("mine")
    with pytest.raises(FileExistsError):
        files.created(path)
    assert other.exists() == (there == "link")


def test_a_file_is_replaced_with_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o640)
    os.link(path, tmp_path / "other")
    files.replace(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
    assert (tmp_path / "other").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "other"]


@pytest.mark.parametrize("kind", [*NOT_PLAIN, "link to a file"])
def test_what_is_no_plain_file_is_not_replaced(tmp_path: Path, kind: str) -> None:
    path, other = tmp_path / "a", tmp_path / "other"
    other.write_text("mine")
    NOT_PLAIN.get(kind, lambda path: path.symlink_to(other))(path)
    before = sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(files.NotPlainError):
        files.replace(path, b"new")
    assert (before, other.read_text()) == (sorted(p.name for p in tmp_path.iterdir()), "mine")


def test_a_disk_that_does_not_take_a_file_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.replace(path, b"new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a", "old")]


def test_a_file_whose_size_the_system_does_not_state_is_read() -> None:
    """As those under /proc."""
    path = Path("/proc/self/status")
    if not path.exists():
        pytest.skip("the system has no /proc")
    assert files.data(path, most=1 << 20).startswith(b"Name:")
    with pytest.raises(OSError, match="larger than 10 bytes"):
        files.data(path, most=10)
