"""Whatever the machine or a stranger's files are like, a command ends with a sentence: no traceback, no waiting."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from openproposals import cli as program
from openproposals.commands import ending
from openproposals.guards import memory, terminal
from support.escapes import acting
from support.held import BOOKLET
from support.places import DIST, MINIMAL, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.long]

PROGRAM = [sys.executable, "-m", "openproposals"]
ROOTLESS = shutil.which("setpriv") is not None and os.geteuid() == 0
PATH = "…"  # stands for the path in the matrix below
COMMANDS: list[list[str]] = [
    ["validate", PATH],
    ["check", PATH],
    ["convert", PATH, "--out", "build/unused"],
    ["convert", str(MINIMAL), "--out", PATH],
    ["publish", PATH],
    ["publish", str(MINIMAL), "--out", PATH],
    ["publish", str(MINIMAL), "--out", PATH, "--check"],
    ["doctor", PATH],
    ["doctor", str(MINIMAL), "--dcat-ap-shapes", PATH],
    ["diff", PATH, str(MINIMAL)],
    ["trace", "night-bus", PATH],
    ["trace", "night-bus", str(MINIMAL), "--document", PATH],
    ["verify", PATH],
    ["verify", str(MINIMAL), "--document", PATH],
    ["verify", str(MINIMAL), "--document", str(BOOKLET), "--rebase", PATH],
    ["anchor", PATH, "words"],
    ["anchor", str(BOOKLET), "--quotes", PATH],
    ["anchor", str(BOOKLET), "words", "--write", PATH],
    ["query", PATH, "ASK {}"],
    ["query", str(MINIMAL), PATH],
    ["site", PATH],
]


def named(command: Sequence[str]) -> str:
    """A command, as the name of a case."""
    return " ".join(Path(part).name for part in command)


def run(
    *arguments: str | Path,
    before: Sequence[str] = (),
    feed: bytes | None = b"",
    cwd: Path = ROOT,
    **environment: str | None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command; in the environment, None takes a variable away."""
    env = {**os.environ, **{k: v for k, v in environment.items() if v is not None}}
    env = {k: v for k, v in env.items() if k not in environment or environment[k] is not None}
    return subprocess.run(
        [*before, *PROGRAM, *map(str, arguments)],
        capture_output=True,
        input=feed,
        cwd=cwd,
        env=env,
        timeout=120,
        check=False,
    )


def ended(done: subprocess.CompletedProcess[bytes], *codes: int) -> str:
    """What a command said that ended with one of these codes, in a sentence and harmless."""
    said = done.stderr.decode("utf-8", "backslashreplace")
    assert "Traceback" not in said, said
    assert "fault of openproposals" not in said, said
    assert done.returncode in codes, said
    assert acting(said) == []
    if done.returncode not in (0, 1):
        assert said.strip()
    return said


# -- paths ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=named)
def test_a_path_too_long(command: list[str]) -> None:
    """5,000 characters, in one name and in many."""
    for path in ("a" * 5000, "b/" * 2500):
        ended(run(*(path if part == PATH else part for part in command)), 1, 2, 3)


@pytest.fixture
def _guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program's own ending in this process: its streams and signals are put back."""
    kept = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    yield
    for each, handler in kept.items():
        signal.signal(each, handler)


@pytest.mark.usefixtures("_guarded")
@pytest.mark.parametrize("command", COMMANDS, ids=named)
def test_a_path_with_a_zero_sign(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No shell gives one, a caller in Python may."""
    monkeypatch.setattr(sys, "argv", ["openproposals", *(part.replace(PATH, "a\0b") for part in command)])
    with pytest.raises(SystemExit) as end:
        program.main()
    said = capsys.readouterr().err
    assert end.value.code in (1, 2, 3), said
    assert "fault of openproposals" not in said, said
    assert acting(said) == []


@pytest.mark.skipif(not ROOTLESS, reason="permissions are tried by root, as somebody else")
@pytest.mark.parametrize("command", COMMANDS, ids=named)
def test_a_folder_without_permission(command: list[str], tmp_path: Path) -> None:
    """Not to be listed, not to be entered, not to be written in."""
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents[:3]:
        if parent.name.startswith("pytest-"):
            parent.chmod(0o755)
    closed = tmp_path / "closed"
    shutil.copytree(MINIMAL, closed)
    closed.chmod(0)
    somebody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    probe = subprocess.run([*somebody, sys.executable, "-c", "import openproposals"], cwd=ROOT, check=False)
    if probe.returncode:
        pytest.skip("nobody else may run this Python")
    try:
        for path in (closed, closed / "below" / "it"):
            done = run(*(path if part == PATH else part for part in command), before=somebody)
            ended(done, 1, 2, 3)
    finally:
        closed.chmod(0o700)


# -- a stranger's JSON and TOML -----------------------------------------------------------------------------------------

BAD_JSON = {
    "deep": '{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
    "deep and cut": "[" * 1_000_000,
    "integer": '{"name": ' + "9" * 10_000 + "}",
    "key twice": '{"name": "a", "name": "b"}',
    "no number": '{"name": NaN}',
    "infinite": '{"name": 1e999}',
    "half a pair": '{"name": "\\ud800"}',
    "list": "[]",
    "empty": "",
    "no text": "\udcff",
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release."""
    made = tmp_path_factory.mktemp("release") / "r"
    assert run("publish", MINIMAL, "--out", made, "--quiet").returncode == 0
    return made


@pytest.mark.parametrize("name", ["datapackage.json", "report.json", "catalog.jsonld"])
@pytest.mark.parametrize("text", BAD_JSON.values(), ids=BAD_JSON.keys())
def test_bad_json_in_a_release(release: Path, tmp_path: Path, name: str, text: str) -> None:
    """Every command that reads a release says it; publishing over it says what is in the way, and for what."""
    shutil.copytree(release, tmp_path / "r")
    (tmp_path / "r" / name).write_bytes(text.encode(errors="surrogateescape"))
    commands = {
        "datapackage.json": [["query", "", "ASK {}"], ["site", ""]],
        "report.json": [["diff", "", release]],
        "catalog.jsonld": [],
    }[name]
    for command in commands:
        ended(run(*(tmp_path / "r" if part == "" else part for part in command)), 0, 1, 2)
    said = ended(run("publish", MINIMAL, "--out", tmp_path / "r"), 3)
    assert "why:" in said
    assert "mend:" in said
    assert (tmp_path / "r" / name).read_bytes() == text.encode(errors="surrogateescape")


BAD_TOML = {
    "deep": "x = " + "[" * 10_000 + "]" * 10_000,
    "deep tables": "x = " + "{a=" * 10_000 + "1" + "}" * 10_000,
    "dots": ".".join(["a"] * 10_000) + " = 1",
    "header": "[" + ".".join(["a"] * 10_000) + "]",
    "integer": "x = " + "9" * 10_000,
    "hexadecimal": "x = 0x" + "f" * 10_000,
    "infinite": "x = inf",
    "no number": "x = nan",
    "key twice": "name = 'a'",
}


@pytest.mark.parametrize("text", BAD_TOML.values(), ids=BAD_TOML.keys())
def test_bad_toml_is_a_finding(tmp_path: Path, text: str) -> None:
    """A descriptor that cannot be read is a finding, as any other fault of the data."""
    shutil.copytree(MINIMAL, tmp_path / "c")
    descriptor = tmp_path / "c" / "corpus.toml"
    descriptor.write_text(text + "\n" + descriptor.read_text(encoding="utf-8"), encoding="utf-8")
    done = run("validate", tmp_path / "c", "--report", "json")
    ended(done, 1)
    found = json.loads(done.stdout)["findings"]
    assert {each["code"] for each in found} <= {"descriptor-unreadable", "descriptor-key-unknown"}
    assert found


# -- streams -------------------------------------------------------------------------------------------------------------

TALKING = {
    "help": ["--help"],
    "version": ["--version"],
    "findings": ["validate", str(MINIMAL), "--report", "json"],
    "sarif": ["validate", str(MINIMAL), "--report", "sarif"],
    "trace": ["trace", "night-bus", str(MINIMAL)],
    "trace json": ["trace", "night-bus", str(MINIMAL), "--report", "json"],
    "query": ["query", str(MINIMAL), "SELECT * { ?s ?p ?o }"],
    "query csv": ["query", str(MINIMAL), "SELECT * { ?s ?p ?o }", "--format", "csv"],
    "examples": ["query", "--examples"],
}


def shell(script: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a shell does, its words in "$@"."""
    return subprocess.run(
        ["bash", "-c", script, "bash", *PROGRAM, *arguments], capture_output=True, cwd=ROOT, timeout=120, check=False
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("command", TALKING.values(), ids=TALKING.keys())
def test_a_full_disk_behind_standard_output(command: list[str]) -> None:
    """It is said, once, and the exit code is 3."""
    said = ended(shell('"$@" > /dev/full', *command), 3)
    assert said.count("standard output cannot be written") == 1


@pytest.mark.parametrize("command", TALKING.values(), ids=TALKING.keys())
def test_a_pipe_that_nobody_reads(command: list[str]) -> None:
    """As after `| head -1`: nothing is said of it, and the code is that of SIGPIPE, or of all that was taken."""
    done = shell('"$@" --quiet | true; exit ${PIPESTATUS[0]}' if "-" not in command[0] else '"$@" | true', *command)
    assert done.returncode in (0, 1, 2, 141)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", TALKING.values(), ids=TALKING.keys())
def test_closed_streams(command: list[str], closed: str) -> None:
    """No file of ours takes the number of a closed stream; no traceback where one is left to say it."""
    done = shell(f'"$@" {closed}', *command)
    assert done.returncode in ((3,) if ">&-" in closed.replace("2>&-", "") else (0, 1)), done.stderr
    assert b"Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-16", "ascii:strict", "cp1252"])
@pytest.mark.parametrize("command", TALKING.values(), ids=TALKING.keys())
def test_streams_in_another_encoding(command: list[str], encoding: str) -> None:
    """What cannot be encoded is escaped; data stays UTF-8."""
    done = run(*command, "--lang", "fr", PYTHONIOENCODING=encoding) if "--" not in command[0] else None
    done = done or run(*command, PYTHONIOENCODING=encoding, LANG="fr_FR.UTF-8")
    assert done.returncode in (0, 1), done.stderr
    assert b"Traceback" not in done.stderr
    if "json" in command or "sarif" in command:
        json.loads(done.stdout)


# -- signals -------------------------------------------------------------------------------------------------------------

_BEGUN = "import os; from openproposals.cli import main; os.write(1, b'.'); main()"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_at_any_moment(number: signal.Signals) -> None:
    """From the program's first line on: one sentence, exit code 130."""
    for milliseconds in range(0, 156, 12):
        command = [sys.executable, "-c", _BEGUN, "validate", str(MINIMAL)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdout is not None
            process.stdout.read(1)
            time.sleep(milliseconds / 1000)
            process.send_signal(number)
            _, err = process.communicate(timeout=60)
        said = err.decode()
        if 'File "<string>", line 1' in said and "openproposals" not in said:
            continue  # between the mark and the program's first line
        assert "Traceback" not in said, said
        # SIGTERM before its handler is there ends a process at once, and quietly
        early = number == signal.SIGTERM and not said and process.returncode == -number
        assert early or process.returncode in (130, 0), said
        if process.returncode == 130:
            assert said.splitlines()[-1] == "stopped; what was published is untouched"


# -- the machine ---------------------------------------------------------------------------------------------------------


def test_environment(tmp_path: Path) -> None:
    """No home, no locale, no temporary folder to write in."""
    for environment in ({"HOME": None}, {"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"LANG": "no_SUCH"}):
        ended(run("check", MINIMAL, **environment), 0)
    ended(run("check", MINIMAL, TMPDIR=str(tmp_path / "nowhere")), 0, 3)
    ended(run("publish", MINIMAL, "--out", tmp_path / "out", TMPDIR=str(tmp_path / "nowhere")), 0, 3)


@pytest.mark.parametrize("command", [*TALKING.values(), ["publish", "x"], ["doctor", "x"], ["trace", "x"]], ids=named)
def test_a_current_folder_that_is_gone(command: list[str], tmp_path: Path) -> None:
    """Deleted under the command."""
    script = 'mkdir "$0/gone" && cd "$0/gone" && rmdir "$0/gone" && exec "$@"'
    words = [sys.executable, "-P", "-m", "openproposals", *command]
    done = subprocess.run(["bash", "-c", script, tmp_path, *words], capture_output=True, timeout=120, check=False)
    if command[0].startswith("--"):
        ended(done, 0)
    else:
        assert "the current folder is gone" in ended(done, 2)


@pytest.mark.skipif(not ROOTLESS, reason="the limit on processes holds for nobody but root")
@pytest.mark.parametrize(
    "command",
    [["check", str(MINIMAL)], ["query", str(MINIMAL), "ASK {}"], ["publish", str(MINIMAL), "--check"]],
    ids=named,
)
def test_no_thread_and_no_process(command: list[str]) -> None:
    """A system that starts neither: the work is done without, or a sentence says what is lacking."""
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_NPROC, (1, 1)); from openproposals.cli import main; main()"
    )
    somebody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    probe = subprocess.run([*somebody, sys.executable, "-c", "import openproposals"], cwd=ROOT, check=False)
    if probe.returncode:
        pytest.skip("nobody else may run this Python")
    env = {**os.environ, "RUST_BACKTRACE": "0"}
    done = subprocess.run(
        [*somebody, sys.executable, "-c", script, *command],
        capture_output=True,
        cwd=ROOT,
        env=env,
        timeout=120,
        check=False,
    )
    said = done.stderr.decode()
    assert done.returncode in (0, 1, 3), said
    assert "Traceback" not in said, said
    assert "fault of openproposals" not in said, said


LIMITED = (
    ["publish", str(MINIMAL), "--check"], ["trace", "night-bus", str(MINIMAL)], ["diff", str(DIST), str(DIST)],
    ["query", str(MINIMAL), "ASK {}"], ["doctor", str(MINIMAL)],
)  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce the limit")
@pytest.mark.parametrize("command", LIMITED, ids=named)
@pytest.mark.parametrize("megabytes", [150, 400, 880, 1200, 1950, 2500])
def test_a_low_limit_on_memory(command: list[str], megabytes: int) -> None:
    """Said before a compiled library aborts, and nothing else is said."""
    done = shell(f'ulimit -v {megabytes * 1024}; "$@"', *command)
    said = ended(done, 3)
    assert said.startswith("the limit on memory is too low\n"), said
    assert f"{megabytes} MiB" in said
    assert said.count("\n") == 3


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce the limit")
@pytest.mark.parametrize("command", LIMITED, ids=named)
def test_the_limit_that_is_asked_for_suffices(command: list[str]) -> None:
    """A small corpus is done with it."""
    ended(shell(f'ulimit -v {memory.needed() >> 10}; "$@"', *command), 0, 1)


@pytest.mark.parametrize(
    ("error", "word", "code"),
    [
        (MemoryError(), "memory is full", 3),
        (ImportError("a.so: failed to map segment\x1b"), "segment\\x1b\n  mend: give the program more memory", 3),
        (RuntimeError("can't start new thread"), "no more threads", 3),
        (BlockingIOError(11, "Resource temporarily unavailable"), "system refused", 3),
        (OSError(28, "No space left on device"), "No space left", 3),
        (PermissionError(13, "Permission denied", "a\x1b[2J"), "a\\x1b[2J cannot be used", 2),
        (RecursionError("maximum recursion depth exceeded"), "fault of openproposals", 3),
        (KeyError("x"), "report it to its maintainers", 3),
        (KeyboardInterrupt(), "stopped", 130),
        (terminal.Closed(), "", 141),
        (SystemExit(1), "", 1),
        (SystemExit(), "", 0),
    ],
    ids=repr,
)
def test_whatever_ends_a_run_is_one_sentence(
    error: BaseException, word: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The known by its name, the unknown as a fault of ours, to be reported; `run` itself raises it for the tests."""

    def broken(*_: object) -> object:
        raise error

    threads = threading.active_count()
    monkeypatch.setattr(program, "run", broken)
    monkeypatch.setattr(terminal, "guard", lambda: None)
    kept = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        with pytest.raises(SystemExit) as end:
            program.main()
    finally:
        for each, handler in kept.items():
            signal.signal(each, handler)
    said = capsys.readouterr()
    assert (end.value.code, said.out) == (code, "")
    assert word in said.err
    assert "Traceback" not in said.err
    assert threading.active_count() == threads


def test_the_place_of_a_fault_is_in_the_package() -> None:
    """A report names the line of ours that the fault came through."""
    with pytest.raises(KeyError) as fault:
        ending.words("no such key", "en")
    assert "KeyError at messages.py:" in ending.of(fault.value).said


def test_a_full_memory_is_told_without_another_import() -> None:
    """Once a command has begun, the sentence for its end needs nothing that is not loaded."""
    script = """if True:
        import sys
        from openproposals import cli

        class Full:
            def find_spec(self, *_: object) -> None:
                raise MemoryError

        def run(arguments: object) -> int:
            sys.meta_path.insert(0, Full())
            raise MemoryError

        cli.run = run
        cli.main()
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.partition("\n")[0]) == (3, "the memory is full")
