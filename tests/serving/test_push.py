"""push against a store on this machine: the old graph or the new one, whole, whatever fails on the way."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from openproposals.errors import UsageError
from openproposals.release.published import Release, open_release
from openproposals.serving import remote
from openproposals.serving.push import push
from openproposals.serving.remote import Credentials, RemoteStore
from openproposals.web import request
from support.commands import run
from support.misbehaving import ok
from support.misbehaving import serving as serving_badly
from support.misbehaving import to as to_elsewhere
from support.serving import Server, serving

pytestmark = pytest.mark.slow

GRAPH = "https://example.org/target"


@pytest.fixture(scope="module")
def store(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(release, "--writable", cache=tmp_path_factory.mktemp("written") / "cache") as running:
        yield running


@dataclass(frozen=True)
class Faulty(RemoteStore):
    """A store whose connection fails: the requests of these numbers are lost, before or after they have their effect."""

    lost_before: frozenset[int] = frozenset()
    lost_after: frozenset[int] = frozenset()
    asked: list[str] = field(default_factory=list)

    def _once(self, address: str, method: str, body: bytes, kind: str, accept: str) -> request.Answer:
        number = len(self.asked)
        self.asked.append(address)
        if number in self.lost_before:
            return request.Answer(reason="no-connection")
        answer = super()._once(address, method, body, kind, accept)
        return request.Answer(reason="closed") if number in self.lost_after else answer


def to(store: Server) -> Faulty:
    return Faulty(
        f"{store.url}/update", f"{store.url}/query", "", Credentials(), private=True, wait=lambda seconds: None
    )


def graphs(store: Server) -> dict[str, int]:
    """The number of triples of each graph in the store."""
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    answer = store.ask("/query", "POST", query.encode(), content_type="application/sparql-query")
    return {row["g"]["value"]: int(row["n"]["value"]) for row in json.loads(answer.body)["results"]["bindings"]}


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture
def old(store: Server) -> int:
    """An old graph of one triple, and nothing else."""
    text = f"CLEAR ALL ; INSERT DATA {{ GRAPH <{GRAPH}> {{ <http://e/s> <http://e/p> <http://e/o> }} }}"
    answer = store.ask("/update", "POST", text.encode(), content_type="application/sparql-update")
    assert answer.status == 204, answer.body
    return 1


def test_a_release_takes_the_old_graphs_place(store: Server, release: Path, old: int) -> None:
    """Loaded, counted, switched; nothing else stays. --dry-run only looks."""
    opened = open_release(release)
    looked = push(opened, to(store), GRAPH, dry=True, loaded=silent)
    assert (looked.before, looked.done, graphs(store)) == (old, False, {GRAPH: old})
    done = push(opened, to(store), GRAPH, dry=False, loaded=silent)
    assert (done.before, done.after, done.done) == (old, looked.after, True)
    assert graphs(store) == {GRAPH: done.after}
    assert push(opened, to(store), GRAPH, dry=False, loaded=silent).before == done.after


def test_whatever_is_lost_once_is_sent_again(store: Server, release: Path, old: int) -> None:
    """Each request in turn is lost once, before it has its effect or after: the new graph is there all the same."""
    opened, counter = open_release(release), to(store)
    after = push(opened, counter, GRAPH, dry=False, loaded=silent).after
    for number in range(len(counter.asked)):
        for lost in ({"lost_before": frozenset({number})}, {"lost_after": frozenset({number})}):
            faulty = replace(to(store), asked=[], **lost)
            assert push(opened, faulty, GRAPH, dry=False, loaded=silent).done
            assert graphs(store) == {GRAPH: after}


def test_a_store_that_is_gone_in_the_middle(store: Server, release: Path) -> None:
    """From some request on nothing answers any more: the graph is the old one or the new one, never a part of either."""
    opened, counter = open_release(release), to(store)
    after = push(opened, counter, GRAPH, dry=False, loaded=silent).after
    for number in range(len(counter.asked)):
        text = f"CLEAR ALL ; INSERT DATA {{ GRAPH <{GRAPH}> {{ <http://e/s> <http://e/p> <http://e/o> }} }}"
        store.ask("/update", "POST", text.encode(), content_type="application/sparql-update")
        gone = replace(to(store), asked=[], lost_before=frozenset(range(number, number + 1000)))
        said = ""
        try:
            push(opened, gone, GRAPH, dry=False, loaded=silent)
        except UsageError as error:
            said = error.key
        assert said in ("", "push-failed", "push-not-switched")
        assert graphs(store)[GRAPH] in (1, after)


def test_a_store_that_loses_triples_keeps_the_old_graph(store: Server, release: Path, old: int) -> None:
    """What was loaded is compared property by property before anything is replaced."""

    @dataclass(frozen=True)
    class Forgetting(Faulty):
        def change(self, text: str) -> None:
            super().change(text.replace("rdf-schema#label", "rdf-schema#lost", 1))

    forgetting = Forgetting(**{name: getattr(to(store), name) for name in to(store).__dataclass_fields__})
    with pytest.raises(UsageError) as error:
        push(open_release(release), forgetting, GRAPH, dry=False, loaded=silent)
    assert error.value.key == "push-differs"
    assert graphs(store) == {GRAPH: old}


JSON = "Content-Type: application/sparql-results+json"
LIES: dict[str, tuple[bytes | Callable[[socket.socket], None], str]] = {
    "elsewhere": (to_elsewhere("http://127.0.0.1:1/"), "push-elsewhere"),
    "a page": (ok(b"<html>welcome</html>"), "push-no-answer"),
    "another JSON": (ok(b'{"results": {"bindings": [1, [], {"p": 3}]}}', JSON), "push-no-answer"),
    "a count that is none": (
        ok(b'{"results": {"bindings": [{"p": {"value": "http://e/p"}, "n": {"value": "many"}}]}}', JSON),
        "push-no-answer",
    ),
    "a name that is none": (
        ok(b'{"results": {"bindings": [{"p": {"value": []}, "n": {"value": "1"}}]}}', JSON),
        "push-no-answer",
    ),
    "JSON without end": (ok(b'{"results": ' + b'{"a": ' * 2_000, JSON), "push-no-answer"),
    "half an answer": (ok(b"")[:20], "push-failed"),
    "more than it said": (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{}", "push-failed"),
    "no end": (lambda sock: endless(sock), "push-failed"),
    "silence": (lambda sock: time.sleep(2), "push-failed"),
    "a fault": (ok(b"sorry", status="500 Fault"), "push-failed"),
    "a locked door": (ok(b"", status="401 Who"), "push-denied"),
}


def endless(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            sock.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


@pytest.mark.parametrize("lie", LIES)
def test_a_store_that_lies(release: Path, lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it answers, it is said what was wrong, nothing else is asked of it, and no redirect is followed."""
    monkeypatch.setattr(remote, "_LIMITS", request.Limits(total=2, read=0.3, body=1 << 20))
    answer, key = LIES[lie]
    with serving_badly() as bad:
        bad.answers = {"/query": answer}
        there = RemoteStore.of(bad.url("/update"), bad.url("/query"), "", Credentials("Basic eDp5"), private=True)
        with pytest.raises(UsageError) as error:
            push(open_release(release), replace(there, wait=lambda seconds: None), GRAPH, dry=False, loaded=silent)
        assert error.value.key == key
        assert "eDp5" not in str(error.value)
        assert set(bad.paths()) == {"/query"}
        assert len(bad.asked) <= 3


def test_a_store_that_says_it_has_done_what_it_has_not(release: Path) -> None:
    """It takes everything and holds nothing: what was loaded is counted before the old graph is touched."""
    with serving_badly() as bad:
        bad.answers = {"/query": ok(b'{"results": {"bindings": []}}', JSON), "/update": ok(b"done")}
        there = RemoteStore.of(bad.url("/update"), bad.url("/query"), "", Credentials(), private=True)
        with pytest.raises(UsageError) as error:
            push(open_release(release), there, GRAPH, dry=False, loaded=silent)
        assert error.value.key == "push-differs"


def test_the_command(store: Server, release: Path, old: int) -> None:
    """It says what it did in triples; a private address wants to be allowed; nothing is told of credentials."""
    given = ("push", release, "--to", f"{store.url}/update", "--graph", GRAPH)
    refused = run(*given)
    assert (refused.returncode, "--allow-private" in refused.stderr) == (2, True)
    secret = {"OPENPROPOSALS_PUSH_USER": "me", "OPENPROPOSALS_PUSH_PASSWORD": "s3cret-word"}
    dry = run(*given, "--allow-private", "--dry-run", **secret)
    assert (dry.returncode, "it would hold" in dry.stderr) == (0, True)
    done = run(*given, "--allow-private", **secret)
    after = graphs(store)[GRAPH]
    assert f"{GRAPH} holds {after:,} triples; before, it held {old}" in done.stderr
    elsewhere = run("push", release, "--to", "http://store.example.org/update", **secret)
    assert (elsewhere.returncode, "https" in elsewhere.stderr) == (2, True)
    assert "s3cret" not in f"{refused}{dry}{done}{elsewhere}{store.log.read_text(encoding='utf-8')}"


@pytest.mark.parametrize("place", range(3))
def test_an_address_carries_no_password(place: int) -> None:
    """It would be shown: to others on this machine, in logs, in an error. What is no address is refused in words."""
    addresses = ["https://store.example/update", "https://store.example/query", ""]
    addresses[place] = "https://joe:s3cret-word@store.example/update"
    with pytest.raises(UsageError) as error:
        RemoteStore.of(*addresses, Credentials(), private=False)
    assert (error.value.key, "s3cret" in str(error.value)) == ("push-with-password", False)
    addresses[place] = "https://[store.example/update"
    with pytest.raises(UsageError) as error:
        RemoteStore.of(*addresses, Credentials("Bearer x"), private=False).counted(GRAPH)
    assert error.value.key == "push-failed"


def test_only_programs_of_this_machine_may_change_it(store: Server, release: Path, tmp_path: Path) -> None:
    """A page is refused, LOAD and SERVICE are refused in words, and --host takes --writable away."""
    text = b"CLEAR ALL"
    for headers in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}):
        assert store.ask("/update", "POST", text, content_type="application/sparql-update", **headers).status == 403
    for bad in (
        b"LOAD <file:///etc/passwd>",
        b"SELECT * {}",
        b"INSERT { ?s ?p ?o } WHERE { SERVICE <http://a/> { ?s ?p ?o } }",
    ):
        answer = store.ask("/update", "POST", bad, content_type="application/sparql-update")
        assert (answer.status, answer.media) == (400, "application/problem+json")
    assert store.ask("/sparql", "POST", text, content_type="application/sparql-update").status == 403
    assert store.ask("/update", "POST", text).status == 415
    assert (
        store.ask("/update?using-graph-uri=http://a/", "POST", text, content_type="application/sparql-update").status
        == 400
    )
    form = "application/x-www-form-urlencoded"
    assert [store.ask("/update", "POST", body, content_type=form).status for body in (b"", b"update=&update=")] == [
        400
    ] * 2
    refused = run("serve", release, "--host", "0.0.0.0", "--writable", "--cache", tmp_path / "cache")
    assert (refused.returncode, "this machine only" in refused.stderr) == (2, True)


def test_a_dump_with_blank_nodes_is_refused(store: Server, release: Path, tmp_path: Path, old: int) -> None:
    """A blank node that is sent twice would be two."""
    folder = tmp_path / "release"
    shutil.copytree(release, folder)
    with (folder / "minimal.ttl").open("ab") as file:
        file.write(b"\n_:x <http://e/p> <http://e/o> .\n")
    with pytest.raises(UsageError) as error:
        push(Release(folder, "minimal"), to(store), GRAPH, dry=False, loaded=silent)
    assert error.value.key == "push-blank"
    assert graphs(store) == {GRAPH: old}
