"""A graph that is read for speed, and judged in a process beside, is judged as any other."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import pyshacl
import pytest
import rdflib
from hypothesis import Phase, given, settings
from rdflib.namespace import SH

import worlds
from openproposals import judge, judging, plain, schema, shapes, stages
from openproposals.judging import Result
from places import ROOT

RULES = schema.house("shapes") / "records.ttl"
FOUND = Result("ratio-without-terms", "https://example.org/", "", None, "https://example.org/")
T = TypeVar("T")


def kept(results: list[Result]) -> list[Result]:
    """What the judge found, as it is."""
    return results


def told(result: Result) -> list[str]:
    return [result.shape, result.focus, result.path, str(result.value), result.about]


@settings(max_examples=max(4, settings().max_examples // 10), phases=[Phase.explicit, Phase.generate])
@given(worlds.edits())
def test_a_plain_graph_is_judged_as_any_other(done: list[tuple[Any, ...]]) -> None:
    """The same triples as rdflib reads, and the same results as pyshacl gives on them."""
    clean, hosts = worlds.world(12)
    ntriples = shapes.graph(worlds.broken(clean, done), hosts)
    data, rules = rdflib.Graph().parse(data=ntriples, format="nt"), rdflib.Graph().parse(RULES)
    assert set(plain.of(ntriples)) == set(data)
    _, report, _ = pyshacl.validate(data, shacl_graph=rules)
    assert isinstance(report, rdflib.Graph)
    expected = sorted(
        [
            judge.name(report.value(node, SH.sourceShape)),
            *(str(report.value(node, p)) for p in (SH.focusNode, SH.value)),
        ]
        for node in report.subjects(rdflib.RDF.type, SH.ValidationResult)
    )
    found = judge.results(judge.shapes(), ntriples)
    assert sorted([r.shape, r.focus, str(r.value)] for r in found) == expected


def broken() -> bytes:
    """The graph of a corpus with faults that shapes find."""
    clean, hosts = worlds.world(12)
    edit = ("figures", 0, {"qualifier": None})
    return shapes.graph(worlds.planted(clean, [edit]), hosts)


def test_beside_is_here() -> None:
    """What the process beside says is what this one would have said; then what is made of it."""
    ntriples = broken()
    here = judging.here(ntriples, kept)
    assert here.done()
    assert here.result()
    with judging.Beside() as beside:
        assert sorted(map(told, beside(ntriples, kept).result())) == sorted(map(told, here.result()))
    with judging.Beside() as beside:
        assert beside(ntriples, len).result() == len(here.result())


def test_beside_that_was_ended_is_done_without() -> None:
    """Somebody ends the process beside: this one judges."""
    ntriples = broken()
    with judging.Beside() as beside:
        assert beside._process is not None
        beside._process.kill()
        assert beside(ntriples, kept).result() == judging.here(ntriples, kept).result()


def test_beside_that_cannot_begin_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Python there, no memory, not allowed: this one judges."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    ntriples = broken()
    with judging.Beside() as beside:
        assert beside(ntriples, kept).result() == judging.here(ntriples, kept).result()


def test_beside_imports_nothing_from_where_it_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A corpus's folder may hold a module that is called like one of ours."""
    for name in ("rdflib", "json", "openproposals"):
        (tmp_path / f"{name}.py").write_text("open('was-run', 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with judging.Beside() as beside:
        assert beside(broken(), len).result()
    assert not (tmp_path / "was-run").exists()


def test_beside_that_is_not_asked_ends_with_the_block() -> None:
    """Whatever ends the block, no process stays; nobody waits for an answer that nobody wants."""
    with judging.Beside() as beside:
        assert beside._process is not None
    assert beside._process.returncode == -signal.SIGKILL
    with pytest.raises(ZeroDivisionError), judging.Beside() as beside:
        beside(broken(), kept)
        raise ZeroDivisionError
    assert beside._process is not None
    assert beside._process.returncode is not None


def test_nobody_asks_any_more() -> None:
    """The one that would have asked was killed: the process beside ends at once and says nothing."""
    done = subprocess.run([sys.executable, "-m", "openproposals.judge"], input=b"", capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_what_beside_cannot_judge_is_told_from_here() -> None:
    """As if nobody sat beside: the process ends with its error, and this one meets it again."""
    with judging.Beside() as beside, pytest.raises(SyntaxError):
        beside(b"<a> <b> <c", kept).result()


def test_what_is_found_late_stops_the_publishing(tmp_path: Path) -> None:
    """The release was all but written when the judge spoke: nothing of it stays, and the old one is whole."""
    folder, out = ROOT / "tests" / "corpora" / "val-clair", tmp_path / "out"
    with judging.Beside() as beside:
        work, changed = stages.publish(folder, out, lambda stage: None, judge=beside)
    assert work.conforms
    assert "report.json" in changed
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    (out / "report.json").write_text("{}", encoding="utf-8")  # so that there is something to write
    before[out / "report.json"] = b"{}"
    written = Event()

    def late(ntriples: bytes, then: Callable[[list[Result]], T]) -> Future[T]:
        return threads.submit(lambda: then([FOUND] if written.wait(60) else []))

    with ThreadPoolExecutor(max_workers=1) as threads:
        work, changed = stages.publish(
            folder, out, lambda stage: written.set() if stage == "publish" else None, judge=late
        )
    assert (work.conforms, changed) == (False, [])
    assert "ratio-without-terms" in [f.code for f in work.findings]
    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_judge_who_takes_long_is_what_the_run_is_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once all else is done and the judge has not spoken, the stage is said again."""
    monkeypatch.setattr(stages, "_SOON", 0)
    asked: list[Callable[[], None]] = []
    said: list[str] = []

    def long(ntriples: bytes, then: Callable[[list[Result]], T]) -> Future[T]:
        future: Future[T] = Future()
        asked.append(lambda: future.set_result(then([])))
        return future

    def say(stage: str) -> None:
        said.append(stage)
        if said.count("check") == 2:
            asked[0]()

    work, _ = stages.publish(ROOT / "tests" / "corpora" / "val-clair", tmp_path / "out", say, judge=long)
    assert work.conforms
    assert said == ["read", "validate", "check", "convert", "publish", "check"]
