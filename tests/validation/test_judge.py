"""A graph that is read for speed, and judged in a process beside, is judged as any other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
from hypothesis import Phase, given, settings
from rdflib.namespace import SH

from openproposals import stages
from openproposals.dumps.whole_graph import whole_graph
from openproposals.errors import ReleaseError
from openproposals.model import schema
from openproposals.stages import Run
from openproposals.validation import fastgraph, graph, locate, shacl, worker, worker_main
from openproposals.validation.results import Result
from support import worlds
from support.languages import FR_EN
from support.places import VAL_CLAIR

pytestmark = pytest.mark.slow

RULES = schema.shipped("shapes") / "records.ttl"
FOUND = Result("ratio-without-terms", "https://example.org/", "", None, "https://example.org/")
FAULT: list[worlds.Put] = [("figures", 0, {"qualifier": None})]
CORPUS = VAL_CLAIR


def told(result: Result) -> list[str]:
    return [result.shape, result.focus, result.path, str(result.value), result.about]


@settings(max_examples=max(4, settings().max_examples // 10), phases=[Phase.explicit, Phase.generate])
@given(worlds.edits())
def test_a_plain_graph_is_judged_as_any_other(done: list[tuple[Any, ...]]) -> None:
    """The same triples as rdflib reads, and the same results as pyshacl gives on them."""
    clean, hosts = worlds.world(12)
    ntriples = whole_graph(hosts, worlds.broken(clean, done).tables)
    data, rules = (
        rdflib.Graph().parse(data=ntriples, format="nt"),
        shacl.in_languages(rdflib.Graph().parse(RULES), FR_EN.own),
    )
    assert set(fastgraph.from_ntriples(ntriples)) == set(data)
    _, report, _ = pyshacl.validate(data, shacl_graph=rules)
    assert isinstance(report, rdflib.Graph)
    expected = sorted(
        [
            shacl.name(report.value(node, SH.sourceShape)),
            *(str(report.value(node, p)) for p in (SH.focusNode, SH.value)),
        ]
        for node in report.subjects(rdflib.RDF.type, SH.ValidationResult)
    )
    found = shacl.results(shacl.in_languages(shacl.shapes(), FR_EN.own), ntriples)
    assert sorted([r.shape, r.focus, str(r.value)] for r in found) == expected


def broken() -> bytes:
    """The graph of a corpus with faults that shapes find."""
    clean, hosts = worlds.world(12)
    return whole_graph(hosts, worlds.planted(clean, FAULT).tables)


def test_beside_is_here() -> None:
    """What the process beside says is what this one would have said."""
    ntriples = broken()
    here = worker.here(ntriples, FR_EN.own).result()
    assert here
    with worker.JudgeProcess() as beside:
        there = beside(ntriples, FR_EN.own).result()
    assert there is not None
    assert sorted(map(told, there)) == sorted(map(told, here))


def _killed(beside: worker.JudgeProcess, patched: pytest.MonkeyPatch) -> None:
    assert beside._process is not None
    beside._process.kill()


def _unlike(said: str) -> Callable[[worker.JudgeProcess, pytest.MonkeyPatch], None]:
    """The answer of something else, at the place where Python was."""
    return lambda beside, patched: patched.setattr(
        worker, "_BEGIN", f"import sys; sys.stdin.buffer.read(); print({said!r})"
    )


LOST: dict[str, Callable[[worker.JudgeProcess, pytest.MonkeyPatch], None]] = {
    "there is no such Python": lambda beside, patched: patched.setattr(sys, "executable", "/nowhere/python"),
    "nobody knows where Python is": lambda beside, patched: patched.setattr(sys, "executable", None),
    "something else is there, and says nothing": lambda beside, patched: patched.setattr(
        sys, "executable", "/bin/true"
    ),
    "it says nothing": _unlike(""),
    "it says what is no answer": _unlike("hello"),
    "it says what is no answer, in JSON": _unlike("[]"),
    "it speaks of another graph": _unlike('{"lines": 1, "results": []}'),
    "it cannot import": lambda beside, patched: patched.setattr(worker, "_BEGIN", "import nothing_of_that_name"),
    "it was ended": _killed,
}


@pytest.mark.parametrize("why", LOST)
def test_a_judge_who_is_lost_is_done_without(why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """This process judges: nothing found is what a judge says, not what nobody says."""
    spoil = LOST[why]
    if why != "it was ended":
        spoil(worker.JudgeProcess(), monkeypatch)
    clean, hosts = worlds.world(12)
    read = worlds.planted(clean, FAULT)
    with worker.JudgeProcess() as beside:
        if why == "it was ended":
            spoil(beside, monkeypatch)
        _, _, waiting = graph.begin(read, hosts, judge=beside)
        assert waiting is not None
        assert waiting.asked.result() is None
    assert waiting.findings() == locate.located(read, hosts, worker.judge_here(waiting.ntriples, FR_EN.own)) != []


def test_beside_imports_what_this_process_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A corpus's folder may hold a module that is called like one of ours; another version may be installed."""
    for name in ("rdflib", "json", "openproposals"):
        (tmp_path / f"{name}.py").write_text("open('was-run', 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with worker.JudgeProcess() as beside:
        assert beside(broken(), FR_EN.own).result()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with worker.JudgeProcess() as beside:
        assert beside(broken(), FR_EN.own).result()
    assert not (tmp_path / "was-run").exists()


def test_beside_that_is_not_asked_ends_with_the_block() -> None:
    """Whatever ends the block, no process stays; nobody waits for an answer that nobody wants."""
    with worker.JudgeProcess() as beside:
        assert beside._process is not None
    assert beside._process.returncode == -signal.SIGKILL
    with pytest.raises(ZeroDivisionError), worker.JudgeProcess() as beside:
        beside(broken(), FR_EN.own)
        raise ZeroDivisionError
    assert beside._process is not None
    assert beside._process.returncode is not None


def test_nobody_asks_any_more() -> None:
    """The one that would have asked is gone: the process beside ends and says nothing."""
    command = [sys.executable, "-c", worker._BEGIN, *sys.path]
    done = subprocess.run(command, input=b"", capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_beside_follows_the_one_that_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once its parent is another, which has no use for an answer, it ends, whatever it is at."""
    parents, ended = iter([1, 1, 2]), []
    monkeypatch.setattr(worker_main, "_LOOK", 0)
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    monkeypatch.setattr(os, "_exit", ended.append)
    worker_main._follow(1)
    assert ended == [1]


def test_what_cannot_be_judged_is_told_from_here() -> None:
    """The process beside ends with its error, and this one meets it again."""
    clean, hosts = worlds.world(12)
    with worker.JudgeProcess() as beside:
        waiting = graph.PendingJudgement(beside(b"<a> <b> <c", FR_EN.own), b"<a> <b> <c", clean, hosts)
        with pytest.raises(SyntaxError):
            waiting.findings()


class Late:
    """A judge who speaks once the run has nothing else to do, and waits for nothing but that."""

    def __init__(self, found: list[Result], patched: pytest.MonkeyPatch) -> None:
        patched.setattr(graph, "_SOON", 0)
        self.found, self.said = found, list[str]()
        self.future: Future[list[Result] | None] = Future()

    def __call__(self, ntriples: bytes, languages: object) -> Future[list[Result] | None]:
        return self.future

    def stage(self, name: str) -> None:
        """The stages; at the second "check" it speaks."""
        self.said.append(name)
        if self.said.count("check") == 2:
            self.future.set_result(self.found)

    def rows(self, done: int, total: int) -> None:
        """Not of interest here."""


def test_a_judge_who_takes_long_is_what_the_run_is_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once all else is done and the judge has not spoken, the stage is said again."""
    late = Late([], monkeypatch)
    work, changed = stages.publish(CORPUS, tmp_path / "out", Run(late, judge=late))
    assert work.conforms
    assert "report.json" in changed
    assert late.said == ["read", "validate", "check", "convert", "publish", "check"]


def test_what_is_found_late_stops_the_publishing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The release was all but written when the judge spoke: nothing of it stays, and the old one is whole."""
    out = tmp_path / "out"
    stages.publish(CORPUS, out, Run())
    (out / "report.json").write_text("{}", encoding="utf-8")  # so that there is something to write
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    late = Late([FOUND], monkeypatch)
    work, changed = stages.publish(CORPUS, out, Run(late, judge=late))
    assert (work.conforms, changed) == (False, [])
    assert "ratio-without-terms" in [f.code for f in work.findings]
    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_found_is_told_though_nothing_could_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is somebody else's: the fault of the corpus is told; without one, that is."""
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    late = Late([FOUND], monkeypatch)
    work, changed = stages.publish(CORPUS, tmp_path, Run(late, judge=late))
    assert (work.conforms, changed) == (False, [])
    assert "ratio-without-terms" in [f.code for f in work.findings]
    late = Late([], monkeypatch)
    with pytest.raises(ReleaseError):
        stages.publish(CORPUS, tmp_path, Run(late, judge=late))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
