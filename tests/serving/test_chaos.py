"""What goes wrong while others ask: workers killed, releases replaced, disks full, clients that do not read."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from openproposals import stages
from openproposals.errors import CannotGoOn
from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.serving import offers, store
from openproposals.stages import Run
from support.places import MINIMAL
from support.serving import HttpAnswer, Server, serving

pytestmark = [pytest.mark.long, pytest.mark.slow]

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
DEATH = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?c"


def ask(server: Server, query: str, **headers: str) -> HttpAnswer:
    """Ask what may have been asked before."""
    return server.ask("/sparql?" + urlencode({"query": query}), **headers)


def fresh() -> str:
    """The query COUNT as it was never asked, so that a worker answers it."""
    return f"{COUNT} # {random.getrandbits(64)}"


def count(answer: HttpAnswer) -> int:
    return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])


def workers(server: Server) -> list[int]:
    """The processes that the server has started: the one that forks, then those that it has forked."""
    found = [server.process.pid]
    for pid in found:
        said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
        found += map(int, said.stdout.split())
    return found[1:]


@contextmanager
def meanwhile(work: Callable[[], object], threads: int = 1) -> Iterator[threading.Event]:
    """Do something again and again in other threads; whatever it raises is raised at the end."""
    stop, raised = threading.Event(), list[BaseException]()

    def again() -> None:
        try:
            while not stop.is_set():
                work()
        except BaseException as error:
            raised.append(error)

    running = [threading.Thread(target=again) for _ in range(threads)]
    for each in running:
        each.start()
    try:
        yield stop
    finally:
        stop.set()
        for each in running:
            each.join()
    assert raised == []


def test_workers_that_are_killed(server: Server) -> None:
    """And the process that forks them, whatever they are doing: each answer is the true one, or a refusal in words; afterwards all are answered."""
    truth = count(ask(server, fresh()))
    statuses: list[int] = []

    def one() -> None:
        answer = ask(server, fresh())
        statuses.append(answer.status)
        if answer.status == 200:
            assert count(answer) == truth
        else:
            assert json.loads(answer.body)["title"]

    dice = random.Random(20)
    with meanwhile(one, threads=4):
        for _ in range(20):
            there = workers(server)
            some = dice.random()
            for pid in there[-3:] if some < 0.6 else there[:1] if some < 0.8 else there:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(dice.random() * 0.5)
    assert set(statuses) <= {200, 422, 429, 503}
    time.sleep(3)
    assert [ask(server, fresh()).status for _ in range(10)] == [200] * 10


def test_a_release_that_is_replaced_under_load(tmp_path: Path) -> None:
    """A count and a page are those of the old release or of the new one, and both say the same after the swap."""
    corpus, out = tmp_path / "minimal", tmp_path / "release"
    shutil.copytree(MINIMAL, corpus)
    assert stages.publish(corpus, out, Run())[0].conforms
    with serving(out, cache=tmp_path / "cache") as server:
        seen: list[int] = [count(ask(server, COUNT))]

        def one() -> None:
            answer = ask(server, random.choice((COUNT, fresh())))
            assert answer.status in (200, 429), answer.body
            if answer.status == 200:
                seen.append(count(answer))
            page = server.ask("/minimal/minimal.ttl")
            assert page.status == 200
            assert page.body.endswith(b".\n")

        with meanwhile(one, threads=3):
            for version in ("0.2.0", "0.3.0"):
                changed(corpus, version)
                assert stages.publish(corpus, out, Run())[0].conforms
                until(lambda version=version: json.loads(server.ask("/health").body)["releases"]["minimal"] == version)
        last = count(ask(server, COUNT))
        assert len(set(seen)) <= 3
        assert seen == sorted(seen)  # each release has more triples than the one before
        assert last == max(seen) > seen[0]
        assert any(b'"replaced"' in line for line in server.log.read_bytes().splitlines())
    made = store.built([offers.of(open_release(out))], tmp_path / "cache", SILENT)  # what nobody uses any more is swept
    assert [each.name for each in (tmp_path / "cache" / "stores").iterdir() if each.is_dir()] == [
        made.folder.parent.name
    ]
    made.in_use.close()


def changed(corpus: Path, version: str) -> None:
    """Give the corpus another proposal and another version."""
    descriptor = corpus / "corpus.toml"
    text = descriptor.read_text(encoding="utf-8")
    month = version.split(".")[1]
    for key, value in (("version", f'"{version}"'), ("released", f"2026-0{int(month) + 1}-01")):
        old = next(line for line in text.splitlines() if line.startswith(f"{key} = "))
        text = text.replace(old, f"{key} = {value}")
    text = re.sub("(?<=assertions.proposals]\nrows = )[0-9]+", str(int(month) + 2), text)
    descriptor.write_text(text, encoding="utf-8")
    table = corpus / "proposals.csv"
    rows = table.read_text(encoding="utf-8").rstrip("\n")
    table.write_text(f"{rows}\nnew-{month},{int(month) + 5},Du neuf {month},Something new {month},\n", encoding="utf-8")


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_release_that_breaks_leaves_the_old_one(tmp_path: Path) -> None:
    """A dump that is cut off, a folder that is gone: the old release answers on, and the log says why."""
    corpus, out = tmp_path / "minimal", tmp_path / "release"
    shutil.copytree(MINIMAL, corpus)
    assert stages.publish(corpus, out, Run())[0].conforms
    with serving(out, cache=tmp_path / "cache") as server:
        before = count(ask(server, COUNT))
        (out / "SHA256SUMS").write_text("nonsense")
        (out / "minimal.ttl").write_bytes((out / "minimal.ttl").read_bytes()[:1000])
        until(lambda: b'"kept"' in server.log.read_bytes())
        shutil.rmtree(out)
        time.sleep(2)
        assert count(ask(server, COUNT)) == before
        assert server.ask("/minimal/minimal.ttl").status == 200


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted, which root alone may do")
def test_a_disk_that_is_full_while_the_store_is_built(tmp_path: Path) -> None:
    """One sentence and no store; with room, the store is built as if nothing had been."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "none", disk], check=False, capture_output=True
    ).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        out = tmp_path / "release"
        assert stages.publish(MINIMAL, out, Run())[0].conforms
        offer = offers.of(open_release(out))
        with pytest.raises(CannotGoOn, match="no store could be built"):
            store.built([offer], disk, SILENT)
        assert [each.name for each in (disk / "stores").iterdir()] == ["lock"]
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        made = store.built([offer], disk, SILENT)
        assert made.graphs[offer.base] > 100
        made.in_use.close()
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("own", [True, False])
def test_queries_of_death_beside_readers(server: Server, own: bool) -> None:
    """Ten queries that never end, of one address or of ten: readers of pages do not notice; short queries are answered.

    On a machine that is busy with other things, a short query takes long, and may be refused for one that waits.
    """
    times: dict[str, list[float]] = {"pages": [], "queries": []}
    statuses: Counter[tuple[str, int]] = Counter()
    died: list[HttpAnswer] = []

    def kill(number: int) -> None:
        died.append(ask(server, DEATH, x_forwarded_for=f"198.51.100.{number if own else 0}"))

    killers = [threading.Thread(target=kill, args=(number,)) for number in range(10)]
    for each in killers:
        each.start()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        for kind, path in {
            "pages": "/minimal/minimal.ttl",
            "queries": f"/sparql?query=ASK{{}}%23{time.monotonic()}",
        }.items():
            begun = time.monotonic()
            statuses[kind, server.ask(path, x_forwarded_for="203.0.113.1").status] += 1
            times[kind].append(time.monotonic() - begun)
    for each in killers:
        each.join()
    for kind, found in times.items():
        found.sort()
        print(f"{kind}: p50 {found[len(found) // 2] * 1000:.0f} ms, p99 {found[len(found) * 99 // 100] * 1000:.0f} ms")
    assert statuses.keys() <= {("pages", 200), ("queries", 200), ("queries", 503)}
    assert statuses["queries", 200] > 9 * statuses["queries", 503]
    assert {answer.status for answer in died} <= {422, 429, 503}
    assert {answer.status for answer in died} >= {422}
    for answer in died:
        assert ("retry-after" in answer.headers) == (answer.status in (429, 503))
    until(lambda: ask(server, COUNT).status == 200)


def test_clients_that_do_not_read(server: Server) -> None:
    """Answers of megabytes that nobody takes hold no worker: others are answered at once."""
    pairs = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    held = []
    try:
        for _ in range(6):
            connection = socket.create_connection(("127.0.0.1", server.port))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(f"GET /sparql?query={quote(pairs)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            held.append(connection)
        time.sleep(6)
        begun = time.monotonic()
        assert ask(server, fresh()).status == 200
        assert time.monotonic() - begun < 5
    finally:
        for connection in held:
            connection.close()


def test_memory_stays_level(server: Server) -> None:
    """Of a hundred thousand requests, each of another address and most for what was never asked, half leave a level."""

    def held() -> int:
        return int(Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf(
            "SC_PAGE_SIZE"
        )

    def some(n: int) -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        with closing(connection):
            for _ in range(n):
                lot = random.getrandbits(64)
                kept = "/sparql?" + urlencode({"query": f"SELECT * {{ VALUES ?n {{ {lot} {lot} {lot} }} }}"})
                never = "/sparql?" + urlencode({"query": f"SELECT (RAND() AS ?n) {{}} # {lot}"})
                wrong, found = f"/sparql?query=SELECT%20{lot}", f"/search?q={lot % 10**9}%20people"
                for path in (kept, kept, never, wrong, found, f"/minimal/{lot}", "/minimal/", "/minimal/minimal.ttl"):
                    address = f"2001:db8:{lot % 65536:x}:{lot // 65536 % 65536:x}::1"
                    connection.request("GET", path, headers={"X-Forwarded-For": address})
                    connection.getresponse().read()

    some(6_500)  # what is kept in memory is full by then
    before = held()
    some(6_500)
    assert held() < before + (16 << 20)  # 37 MB more before garbage was looked for often
