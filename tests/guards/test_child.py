"""Work in a child process: its answer or its error comes back, and no bound is passed."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openproposals.errors import CannotGoOn, ReleaseError, UsageError
from openproposals.guards import child
from openproposals.guards.child import Bounds, OutOfBounds
from openproposals.messages import Phrase
from support import works

pytestmark = pytest.mark.slow

MIB = 1 << 20
SMALL = Bounds(64 * MIB, 10)


@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=300_000), st.lists(st.text(max_size=20), max_size=3))
def test_what_goes_in_comes_out(payload: bytes, arguments: list[str]) -> None:
    arguments = [a.encode("utf-8", "ignore").decode() for a in arguments]
    said = child.run(works.echo, payload, SMALL, arguments)
    assert said == b" ".join([payload, *(a.encode() for a in arguments)])


def test_a_large_payload_is_not_counted() -> None:
    payload = b"x" * (100 * MIB)
    assert child.run(works.echo, payload, Bounds(250 * MIB, 20))[:-1] == payload[:-1]


def test_what_a_library_prints_is_no_answer() -> None:
    assert child.run(works.printing, b"said", SMALL) == b"said"


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (works.greedy, "memory"),
        (works.busy, "time"),
        (works.asleep, "time"),
        (works.lost, "crash"),
        (works.wrong, "crash"),
        (works.endless, "memory"),
    ],
)
def test_out_of_bounds(work: child.ChildTask, reason: str) -> None:
    with pytest.raises(OutOfBounds) as caught:
        child.run(work, b"x", Bounds(64 * MIB, 5 if reason != "time" else 1.5))
    assert reason == caught.value.reason


def test_a_payload_that_is_not_read_does_not_block() -> None:
    """The child ends before it has read: its end is what is told."""
    with pytest.raises(OutOfBounds):
        child.run(lambda payload, arguments: payload, b"x" * (4 * MIB), SMALL)  # no function at the top of a module


def test_an_error_of_ours_comes_back_whole() -> None:
    with pytest.raises(UsageError) as caught:
        child.run(works.refusing, "mend é".encode(), SMALL)
    assert caught.value.what == "no corpus, release or file at 'no\\ud800 mend é'"


def test_an_error_of_ours_comes_back_in_every_language() -> None:
    """Its phrases are phrases again, one within another too."""
    with pytest.raises(ReleaseError) as caught:
        child.run(works.reasoning, b"", SMALL)
    assert caught.value.words("fr")["what"] == "x/ contient un site, et non y"
    assert isinstance(caught.value.because, Phrase)
    assert caught.value.because.say("fr") == "la clé 'des fichiers RDF' figure deux fois dans un objet"


def test_sealed_work_opens_nothing() -> None:
    assert child.run(works.reaching, b"", SMALL) == b""
    assert child.run(works.reaching, b"", Bounds(64 * MIB, 10, sealed=False)) == b"file socket pipe"


def test_imports_come_from_where_this_process_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not from the folder in which it is begun, which may be a stranger's."""
    (tmp_path / "openproposals").mkdir()
    (tmp_path / "openproposals" / "__init__.py").write_text("raise SystemExit(1)")
    (tmp_path / "json.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    places = child.run(works.imported, b"", SMALL).decode().split("\n")
    assert Path(places[0]) == Path(child.__file__).parents[1] / "__init__.py"
    assert places[1:] == [place for place in sys.path if place]


@pytest.mark.parametrize("executable", [None, "/nonexistent/python"])
def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch, executable: str | None) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    with pytest.raises(CannotGoOn) as caught:
        child.run(works.echo, b"", SMALL)
    assert "cannot be started" in caught.value.what
    assert caught.value.mend


def test_a_limit_that_the_system_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes without; one that is in force already is not raised."""

    def refused(which: int, limits: tuple[int, int]) -> None:
        raise ValueError(which)

    monkeypatch.setattr(resource, "setrlimit", refused)
    child._lower(resource.RLIMIT_AS, 1)
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    for inforce in ((5, 10), (resource.RLIM_INFINITY, 10), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, found=inforce: found)
        child._lower(resource.RLIMIT_CPU, 7, 1)
    assert asked == [(5, 8), (7, 8), (7, 8)]


PARENT = """
import sys
sys.path[:] = {path!r}
from openproposals.guards import child
from support import works
child.run(works.asleep, b"", child.Bounds(64 << 20, 60))
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are looked up in /proc")
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_with_its_parent(signum: signal.Signals) -> None:
    script = PARENT.format(path=[*sys.path, str(Path(__file__).parents[1])])
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL) as parent:
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        assert _soon(lambda: bool(children.read_text().split()))
        born = Path("/proc") / children.read_text().split()[0]
        assert _soon(lambda: b"asleep" in (born / "cmdline").read_bytes())
        time.sleep(0.5)  # either way it ends: begun or not
        parent.send_signal(signum)
        parent.wait(60)
    assert _soon(lambda: not born.exists() or "Z" in (born / "stat").read_text().split()[2])


def _soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False
