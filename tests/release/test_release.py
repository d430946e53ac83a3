"""All or nothing on disk: the old release or the new one, whole, and the next run works."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openproposals.errors import ReleaseError
from openproposals.release import workspace, write

REPORT = b'{"corpus": "c", "version": "1.0.0"}'


def publish(target: Path, text: str) -> None:
    with write.drafting(target) as draft:
        draft.report(json.loads(REPORT))
        draft.write("datapackage.json", b"{}")
        draft.write("a.txt", text.encode())
        draft.write("tables/b.csv", b"x\n")
        draft.seal()
        write.swap(draft, target)


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_release_replaces_the_old_one_whole(tmp_path: Path) -> None:
    """What the new release does not hold is gone; sums name every file; nothing is left beside it."""
    target = tmp_path / "dist"
    with write.drafting(target) as draft:
        draft.write("old/stray.txt", b"old")
        draft.report(json.loads(REPORT))
        draft.write("datapackage.json", b"{}")
        draft.seal()
        write.swap(draft, target)
    publish(target, "two")
    found = content(target)
    names = ["a.txt", "datapackage.json", "report.json", "tables/b.csv"]
    assert {*names, "SHA256SUMS"} == found.keys()
    assert not (target / "old").exists()
    sums = "".join(f"{hashlib.sha256(found[n]).hexdigest()}  {n}\n" for n in names)
    assert sums.encode() == found["SHA256SUMS"]
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]


@pytest.mark.parametrize("exchange", [True, False], ids=["atomic", "two renames"])
def test_an_error_leaves_the_old_release(tmp_path: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that fails half-way leaves what was there, and no draft."""
    if not exchange:
        monkeypatch.setattr(write, "_exchange", lambda one, other: False)
    target = tmp_path / "dist"
    publish(target, "one")
    before = content(target)
    with pytest.raises(RuntimeError), write.drafting(target) as draft:
        draft.write("a.txt", b"half")
        raise RuntimeError
    assert before == content(target)
    publish(target, "two")
    assert content(target)["a.txt"] == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]


STATES = [
    "nothing said",
    "marker empty",
    "draft only",
    "sealed",
    "between the renames",
    "old not cleared",
    "half cleared",
]


@pytest.mark.parametrize("state", STATES)
def test_the_next_run_clears_what_a_killed_one_left(tmp_path: Path, state: str) -> None:
    """Whatever moment a run was killed at, the next one finds the old or the new release and goes on."""
    target, left = tmp_path / "dist", tmp_path / ".dist.0123456789abcdef.draft"
    publish(target, "one")
    left.mkdir()
    if state == "marker empty":
        (left / workspace.MARKER).write_bytes(b"")
    elif state != "nothing said":
        said = [["openproposals", "dist"], ["file", "a.txt"], ["file", "SHA256SUMS"]]
        said += [] if state in ("draft only", "sealed") else [["swap"]]
        (left / workspace.MARKER).write_text("".join(json.dumps(line) + "\n" for line in said))
        (left / "new").mkdir()
    if state == "draft only":
        (left / "new" / "a.txt").write_text("half")
    elif state == "sealed":
        (left / "new" / "a.txt").write_text("whole")
        (left / "new" / "SHA256SUMS").write_text(f"{hashlib.sha256(b'whole').hexdigest()}  a.txt\n")
    elif state == "between the renames":
        target.rename(left / "old")
    elif state in ("old not cleared", "half cleared"):
        shutil.copytree(target, left / "new", dirs_exist_ok=True)
        if state == "half cleared":
            (left / "new" / "a.txt").unlink()
    with write.drafting(target):
        assert content(target)["a.txt"] == b"one"
    publish(target, "two")
    assert content(target)["a.txt"] == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]


def test_two_runs_at_once(tmp_path: Path) -> None:
    """The second run is refused while the first is writing, with a mend, and harms nothing."""
    target = tmp_path / "dist"
    with write.drafting(target) as draft:
        draft.write("a.txt", b"one")
        with pytest.raises(ReleaseError, match="another run"), write.drafting(target):
            pass
        draft.seal()
        write.swap(draft, target)
    assert content(target)["a.txt"] == b"one"


def test_a_target_that_cannot_be_written(tmp_path: Path) -> None:
    """A file where a folder should be: refused, in words, with exit code 3."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ReleaseError) as error, write.drafting(tmp_path / "file" / "dist"):
        pass
    assert error.value.exit_code == 3
    assert error.value.mend


def test_killed_while_writing(tmp_path: Path) -> None:
    """A process killed in the middle leaves the old release, and the lock goes with it."""
    target = tmp_path / "dist"
    publish(target, "one")
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom openproposals.release import write\n"
        "with write.drafting(Path(sys.argv[1])) as draft:\n"
        "    draft.write('a.txt', b'half')\n    os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(target)], check=False)
    assert content(target)["a.txt"] == b"one"
    assert len(list(tmp_path.glob(".dist.*.draft"))) == 1
    publish(target, "two")
    assert content(target)["a.txt"] == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]


WRITER = """
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from openproposals.release import write
target, text = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
with write.drafting(target) as draft:
    draft.report(json.loads(b'{"corpus": "c", "version": "1.0.0"}'))
    draft.write("datapackage.json", b"{}")
    for number in range(30):
        draft.write(f"tables/{number}.csv", (text * 2000).encode())
    draft.seal()
    write.swap(draft, target)
"""


def whole(target: Path) -> str:
    """The text that every file of a release repeats, once its sums are found true."""
    sums = dict(reversed(line.split("  ")) for line in (target / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    found = content(target)
    assert {n: hashlib.sha256(d).hexdigest() for n, d in found.items() if n != "SHA256SUMS"} == sums
    (text,) = {data[:3].decode() for name, data in found.items() if name.startswith("tables/")}
    return text


@pytest.mark.long
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """A hundred runs killed at a hundred moments: after each, the release is the old one or the new one, whole."""
    target = tmp_path / "dist"
    before, kept, replaced = "000", 0, 0
    subprocess.run([sys.executable, "-c", WRITER, str(target), before], check=True, capture_output=True)
    moments = random.Random(4711)
    for run in range(1, 101):
        text = f"{run:03}"
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(target), text], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            writer.wait(moments.uniform(0, 0.06))
        writer.kill()
        writer.wait()
        writer.stdout.close()
        now = whole(target)
        assert now in (before, text)
        kept, replaced = kept + (now == before), replaced + (now == text)
        before = now
    print(f"{kept} kept, {replaced} replaced")  # shown by pytest -rP: the moments should fall on both sides of the swap
    publish(target, "end")
    assert ["dist"] == [p.name for p in tmp_path.iterdir()]


def test_a_full_disk(tmp_path: Path) -> None:
    """No room left: refused in words, the old release untouched, the next run works once there is room."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here; test_no_room_for_a_file shows the same by a limit")
    try:
        target = small / "dist"
        publish(target, "one")
        before = content(target)
        with pytest.raises(ReleaseError) as error, write.drafting(target) as draft:
            draft.write("big", b"x" * 1_000_000)
        assert "No space left" in error.value.why
        assert before == content(target)
        publish(target, "two")
        assert b"two" == content(target)["a.txt"]
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_no_room_for_a_file(tmp_path: Path) -> None:
    """A limit on file sizes, met in the middle of a file: refused in words, the old release untouched."""
    target = tmp_path / "dist"
    publish(target, "one")
    before = content(target)
    script = "import resource, signal\nresource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    guarded = (
        script
        + WRITER.replace("with write", "try:\n  with write").replace("\n    ", "\n      ")
        + "except write.ReleaseError as error:\n  print(error); sys.exit(3)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", guarded, str(target), "xyz" * 20], capture_output=True, text=True, check=False
    )
    assert (3, True) == (done.returncode, "could not be written" in done.stdout), done.stderr
    assert before == content(target)


@pytest.mark.parametrize("kind", ["files of somebody else", "a link", "a file"])
def test_what_is_no_release_is_not_replaced(tmp_path: Path, kind: str) -> None:
    """`--out .` or a home folder is refused: only an empty folder or a release is replaced."""
    target = tmp_path / "out"
    if kind == "a link":
        (tmp_path / "elsewhere").mkdir()
        target.symlink_to(tmp_path / "elsewhere")
    elif kind == "a file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "thesis.odt").write_text("mine")
    with pytest.raises(ReleaseError, match="out") as error, write.drafting(target):
        pass
    assert error.value.mend
    assert kind == "a link" or "mine" in [p.read_text() for p in (target, target / "thesis.odt") if p.is_file()]


def test_what_threads_write_ends_with_the_run(tmp_path: Path) -> None:
    """Interrupted, a draft is not written on by its other threads, nor made again by them once it is taken away."""
    target = tmp_path / "out"

    def write_on(draft: write.Draft, begun: threading.Event) -> None:
        with draft.sink("tables/a.csv") as sink:
            for _ in range(10_000):  # ten seconds, if nothing stops it
                sink.write(b"x")
                begun.set()
                time.sleep(0.001)

    begun = threading.Event()
    with (
        pytest.raises(KeyboardInterrupt),
        write.drafting(target) as draft,
        ThreadPoolExecutor(max_workers=1) as threads,
        draft.together(),
    ):
        written = threads.submit(write_on, draft, begun)
        later = threads.submit(draft.write, "tables/b.csv", b"x")
        begun.wait()
        raise KeyboardInterrupt
    assert isinstance(written.exception(), ReleaseError)
    assert isinstance(later.exception(), ReleaseError)
    assert list(tmp_path.iterdir()) == []


HANDLES = Path("/proc/self/fd")


@pytest.mark.skipif(not HANDLES.exists(), reason="the system does not list the files that are open")
def test_few_files_are_open_to_be_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the disk is, and however many files there are."""
    sync, most = os.fsync, 0
    before = len([*HANDLES.iterdir()])

    def slow(handle: int) -> None:
        nonlocal most
        most = max(most, len([*HANDLES.iterdir()]) - before)
        sync(handle)

    monkeypatch.setattr(os, "fsync", slow)
    with write.drafting(tmp_path / "out") as draft:
        for number in range(50):
            draft.write(f"{number}.txt", b"x")
        draft.seal()
    assert 0 < most < 12


@pytest.mark.parametrize("number", [1, 3, 7])
def test_a_file_that_the_disk_does_not_take_stops_the_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """What a disk says only when it is asked to hold a file is told before anything is swapped."""
    calls = iter(range(100))

    def full(handle: int) -> None:
        if next(calls) == number:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReleaseError) as error, write.drafting(tmp_path / "out") as draft:
        for name in "abcdefgh":
            draft.write(f"{name}.txt", b"x")
        draft.seal()
        write.swap(draft, tmp_path / "out")
    assert "space" in str(error.value)
    assert list(tmp_path.iterdir()) == []
