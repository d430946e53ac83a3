"""How far a run is, told on a terminal and elsewhere; and a run that is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from openproposals.commands.progress_line import ProgressLine
from openproposals.messages import Language
from openproposals.release import write
from support.places import REAL


def told(terminal: bool, lang: Language, capsys: pytest.CaptureFixture[str], *, quiet: bool = False) -> str:
    """What is said of a stage of 30,000 rows, a thousand a second."""
    now = [0.0]
    progress = ProgressLine(quiet, lang, clock=lambda: now[0], terminal=terminal)
    progress.stage("convert")
    for number in range(1, 31):
        now[0] = float(number)
        progress.rows(number * 1_000, 30_000)
    progress.close()
    found = capsys.readouterr()
    assert found.out == ""
    return found.err


def test_a_terminal_has_one_line_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    """Rows, rows a second, seconds left; and at the end nothing of it."""
    said = told(True, "en", capsys)
    assert said.startswith("writing the dumps…\n\r\033[K  1,000 of 30,000 rows, 1,000 rows/s, 29 s left")
    assert said.count("\n") == 1
    assert said.endswith("30,000 of 30,000 rows, 1,000 rows/s, 0 s left\r\033[K")


def test_tasks_of_a_cluster_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """After a second, then every ten; nothing where it is to be quiet."""
    for quiet, lines in ((False, ["  1 von 1.200 Aufgaben", "  11 von 1.200 Aufgaben"]), (True, [])):
        now = [0.0]
        progress = ProgressLine(quiet, "de", clock=lambda now=now: now[0], terminal=False)
        for number in range(1, 21):
            now[0] = float(number)
            progress.tasks(number, 1_200)
        assert capsys.readouterr().err.splitlines() == lines


def test_elsewhere_plain_lines_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """After a second, then every ten: no control characters in a log."""
    assert told(False, "fr", capsys).splitlines() == [
        "écriture des fichiers RDF…",
        "  1\u202f000 lignes sur 30\u202f000, 1\u202f000 lignes/s, encore 29 s",
        "  11\u202f000 lignes sur 30\u202f000, 1\u202f000 lignes/s, encore 19 s",
        "  21\u202f000 lignes sur 30\u202f000, 1\u202f000 lignes/s, encore 9 s",
    ]


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing at all."""
    assert told(True, "en", capsys, quiet=True) == ""


@pytest.mark.parametrize(("lang", "said"), [("en", "examining the catalogue…"), ("de", "der Katalog wird untersucht…")])
def test_work_without_rows_is_told_once_it_is_long(
    lang: Language, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of what is over before; then the stage and its seconds, written over and taken away."""
    ends, now = threading.Event(), [0.0]

    def clock() -> float:
        now[0] += 1
        if now[0] > 4:
            ends.set()
        return now[0]

    with ProgressLine(False, lang, clock=clock, terminal=True).waiting("examine", after=600):
        pass
    assert capsys.readouterr().err == ""
    now[0] = 0.0
    with ProgressLine(False, lang, clock=clock, terminal=True).waiting("examine", after=0):
        assert ends.wait(60)
    found = capsys.readouterr().err
    assert found.startswith(f"{said}\n\r\033[K  ")
    assert found.endswith("\r\033[K")


@pytest.mark.slow
def test_a_run_that_is_stopped_leaves_nothing_half_done(tmp_path: Path) -> None:
    """Ctrl-C in a stage, or an end from outside: the old release untouched, no draft, no temporary folder, exit 130, no traceback."""
    out, room = tmp_path / "out" / "release", tmp_path / "tmp"
    room.mkdir()
    with write.drafting(out) as draft:
        draft.report(json.loads(b'{"corpus": "c", "version": "0.1.0"}'))
        draft.write("datapackage.json", b"{}")
        draft.seal()
        write.swap(draft, out)
    command = [sys.executable, "-m", "openproposals", "publish", "--lang", "en", "--out", str(out), str(REAL)]
    for stage, ended in (("validating", signal.SIGTERM), ("writing the dumps", signal.SIGINT)):
        environment = {**os.environ, "TMPDIR": str(room)}
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as run:
            assert run.stderr is not None
            for line in run.stderr:
                if line.startswith(stage):
                    run.send_signal(ended)
                    break
            said = run.stderr.read()
        assert said.strip() == "stopped; what was published is untouched"
        assert run.returncode == 130
        assert sorted(p.name for p in out.iterdir()) == ["SHA256SUMS", "datapackage.json", "report.json"]
        assert [p.name for p in out.parent.iterdir()] == ["release"]
        assert list(room.iterdir()) == []
