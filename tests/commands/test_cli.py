"""The command line: exit codes, streams, languages, and help that comes at once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from openproposals.commands.group import cli
from support.commands import run
from support.places import MINIMAL, REAL

pytestmark = pytest.mark.slow


def test_exit_codes(tmp_path: Path) -> None:
    """0 conforms, 1 violations, 2 usage, 3 cannot go on; never a traceback."""
    bad = tmp_path / "bad"
    shutil.copytree(MINIMAL, bad)
    (bad / "proposals.csv").write_text("id\n", encoding="utf-8")
    (tmp_path / "file").write_text("")
    results = [
        run("validate", MINIMAL),
        run("validate", bad),
        run("validate", tmp_path / "nowhere"),
        run("validate"),
        run("publish", MINIMAL, "--out", tmp_path / "file" / "x"),
    ]
    assert [r.returncode for r in results] == [0, 1, 2, 2, 3]
    assert not [r.stderr for r in results if "Traceback" in r.stderr]


def test_data_on_stdout_talk_on_stderr() -> None:
    """A JSON report is all that stands on standard output; --quiet says nothing else anywhere."""
    result = run("check", MINIMAL, "--report", "json")
    report = json.loads(result.stdout)
    assert report["conforms"] is True
    assert report["rows"]["proposals"] == 3
    assert "checking the graph" in result.stderr
    quiet = run("check", MINIMAL, "--quiet")
    assert (quiet.stdout, quiet.stderr) == ("", "")


@pytest.mark.parametrize(
    ("environment", "word"), [({"LANG": "fr_FR.UTF-8"}, "lecture"), ({"LANG": "C.UTF-8"}, "reading")]
)
def test_language_follows_the_locale(environment: dict[str, str], word: str) -> None:
    """French where the locale is French, English otherwise; --lang has the last word."""
    assert word in run("validate", MINIMAL, **environment).stderr
    assert "lecture" in run("validate", MINIMAL, "--lang", "fr", **environment).stderr


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_help_has_an_example_in_both_languages(command: str) -> None:
    """Each command's help ends in something to type, in French too."""
    assert "Example:" in run(command, "--help").stdout
    assert "Exemple" in run(command, "--help", LANG="fr_FR.UTF-8").stdout


def test_help_imports_nothing_heavy() -> None:
    """--help comes at once because no stage is imported for it."""
    heavy = (
        "polars pyarrow pyshacl rdflib frictionless jsonschema pyoxigraph numpy jinja2 urllib3 lxml pypdfium2 tabulate"
        " tomlkit"
    )
    script = f"import sys; sys.argv = ['openproposals', '--help']\nfrom openproposals.commands.group import cli\ntry:\n    cli()\nexcept SystemExit:\n    print([m for m in '{heavy}'.split() if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.rstrip().endswith("[]")


def test_publish_check_tells_a_stale_release(tmp_path: Path) -> None:
    """--check writes nothing, passes when in step, and names the files that are not."""
    corpus, out = tmp_path / "minimal", tmp_path / "out"
    shutil.copytree(MINIMAL, corpus)
    assert run("publish", corpus, "--out", out).returncode == 0
    assert run("publish", corpus, "--out", out, "--check").returncode == 0
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*")}
    table = corpus / "proposals.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Run buses", "Run trams"), encoding="utf-8")
    short = run("publish", corpus, "--out", out, "--check")
    assert (1, True) == (short.returncode, "[version-short-of-patch]" in short.stdout)
    descriptor = corpus / "corpus.toml"
    moved = descriptor.read_text(encoding="utf-8").replace('version = "0.1.0"', 'version = "0.1.1"')
    descriptor.write_text(moved.replace("released = 2026-01-31", "released = 2026-02-01"), encoding="utf-8")
    stale = run("publish", corpus, "--out", out, "--check")
    assert stale.returncode == 1
    assert "minimal.ttl" in stale.stderr
    assert "openproposals publish" in stale.stderr
    assert before == {p: p.stat().st_mtime_ns for p in out.rglob("*")}


def test_violations_leave_what_is_published_untouched(tmp_path: Path) -> None:
    """A corpus that no longer conforms publishes nothing, and says so."""
    corpus, out = tmp_path / "minimal", tmp_path / "out"
    shutil.copytree(MINIMAL, corpus)
    assert run("publish", corpus, "--out", out).returncode == 0
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    (corpus / "claims.csv").write_text("id\n1\n", encoding="utf-8")
    result = run("publish", corpus, "--out", out)
    assert result.returncode == 1
    assert "untouched" in result.stderr
    assert before == {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}


def test_publishing_again_changes_nothing(tmp_path: Path) -> None:
    """Unchanged sources: not a byte, not a file's time."""
    out = tmp_path / "out"
    run("publish", MINIMAL, "--out", out)
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*")}
    time.sleep(0.01)
    assert "up to date" in run("publish", MINIMAL, "--out", out).stderr
    assert before == {p: p.stat().st_mtime_ns for p in out.rglob("*")}


def test_convert_writes_what_is_asked(tmp_path: Path) -> None:
    """N-Triples on request, and beside them a report and the sums."""
    assert run("convert", MINIMAL, "--out", tmp_path / "d", "--format", "ntriples").returncode == 0
    assert {"minimal.nt", "report.json", "SHA256SUMS"} == {p.name for p in (tmp_path / "d").iterdir()}


def test_two_builds_are_byte_identical(tmp_path: Path) -> None:
    """Two hash seeds, two folders with spaces, two locales: the same bytes."""
    made = []
    for seed, folder, locale in (("0", "a b", "C.UTF-8"), ("4711", "ü/x y", "fr_FR.UTF-8")):
        corpus = tmp_path / folder / "vivre-ensemble"
        shutil.copytree(REAL, corpus)
        result = run("publish", corpus, "--out", tmp_path / folder / "out", PYTHONHASHSEED=seed, LANG=locale)
        assert result.returncode == 0, result.stdout + result.stderr
        out = tmp_path / folder / "out"
        made.append({str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()})
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []


def test_windows_is_told_in_a_sentence(tmp_path: Path) -> None:
    """Where the system is no POSIX system, one sentence and exit code 3, before anything of POSIX is imported."""
    script = (
        "import sys, click\nsys.platform = 'win32'\nfor name in ('fcntl', 'resource'):\n    sys.modules[name] = None\n"
        "sys.argv = ['openproposals', 'validate', 'x']\nfrom openproposals.cli import main\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "does not run on Windows" in done.stderr
    assert "Traceback" not in done.stderr
