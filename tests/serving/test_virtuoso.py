"""push against a real Virtuoso on this machine, with readers beside it and with its process killed in the middle."""

from __future__ import annotations

import csv
import io
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from openproposals.errors import UsageError
from openproposals.release.published import open_release
from openproposals.serving.push import push
from openproposals.serving.remote import Credentials, RemoteStore
from support.places import DIST

pytestmark = [
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("virtuoso-t"), reason="Virtuoso is not installed; .ci/run installs it"),
]

GRAPH = "https://example.org/target"
SETTINGS = """[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = .
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
"""


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Virtuoso:
    """A Virtuoso in a folder of its own, which may be killed and started again."""

    folder: Path
    sql: int
    http: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["virtuoso-t", "+foreground", "+configfile", "v.ini"]
        (self.folder / "v.lck").unlink(missing_ok=True)
        nowhere = subprocess.DEVNULL
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=nowhere, stderr=nowhere)
        end = time.monotonic() + 60
        while True:
            try:
                self.counted("http://nowhere.example/")
                return
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.3)

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def counted(self, graph: str) -> int:
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        return int(self.sent({"query": query}, "text/csv")[1][0])

    def sent(self, fields: dict[str, str], accept: str = "*/*") -> list[list[str]]:
        connection = HTTPConnection("127.0.0.1", self.http, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        connection.request("POST", "/sparql", urlencode(fields), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        assert answer.status == 200, body
        return list(csv.reader(io.StringIO(body)))

    @property
    def store(self) -> RemoteStore:
        address = f"http://127.0.0.1:{self.http}/sparql"
        return RemoteStore(address, address, "", Credentials(), private=True, wait=lambda seconds: None)


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    folder = tmp_path_factory.mktemp("virtuoso")
    made = Virtuoso(folder, free(), free())
    (folder / "v.ini").write_text(SETTINGS.format(sql=made.sql, http=made.http), encoding="ascii")
    made.start()
    grant = 'exec=GRANT SPARQL_UPDATE TO "SPARQL"; checkpoint;'
    subprocess.run(["isql-vt", f"127.0.0.1:{made.sql}", "dba", "dba", grant], check=True, capture_output=True)
    yield made
    made.kill()


@pytest.fixture
def old(virtuoso: Virtuoso) -> int:
    """An old graph of one triple."""
    virtuoso.sent({"update": f"CLEAR GRAPH <{GRAPH}>"})
    virtuoso.sent({"update": f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <http://e/s> <http://e/p> <http://e/o> }} }}"})
    return 1


def silent(done: int, total: int) -> None:
    del done, total


def test_a_release_takes_the_old_graphs_place(virtuoso: Virtuoso, old: int) -> None:
    """By updates, and by the Graph Store Protocol."""
    address = f"http://127.0.0.1:{virtuoso.http}/sparql-graph-crud"
    by_graphs = RemoteStore(virtuoso.store.update, virtuoso.store.query, address, Credentials(), private=True)
    done = push(open_release(DIST), virtuoso.store, GRAPH, dry=False, loaded=silent)
    assert (done.before, virtuoso.counted(GRAPH)) == (old, done.after)
    again = push(open_release(DIST), by_graphs, GRAPH, dry=False, loaded=silent)
    assert (again.before, again.after, virtuoso.counted(GRAPH)) == (done.after,) * 3


def test_readers_beside_it(virtuoso: Virtuoso, old: int) -> None:
    """Somebody who counts all the while sees the old number, the new one, or what the store shows between them."""
    seen: set[int] = set()
    stop = threading.Event()

    def count() -> None:
        while not stop.is_set():
            seen.add(virtuoso.counted(GRAPH))

    counting = threading.Thread(target=count)
    counting.start()
    after = push(open_release(DIST), virtuoso.store, GRAPH, dry=False, loaded=silent).after
    stop.set()
    counting.join()
    print(sorted(seen))
    assert seen <= {old, after}


@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.5])
def test_a_store_that_is_killed_in_the_middle(virtuoso: Virtuoso, old: int, seconds: float) -> None:
    """Started again, it has the old graph or the new one; pushed again, the new one."""
    subprocess.run(
        ["isql-vt", f"127.0.0.1:{virtuoso.sql}", "dba", "dba", "exec=checkpoint;"], check=True, capture_output=True
    )
    timer = threading.Timer(seconds, virtuoso.kill)
    timer.start()
    try:
        push(open_release(DIST), virtuoso.store, GRAPH, dry=False, loaded=silent)
    except UsageError as error:
        assert error.key in ("push-failed", "push-not-switched", "push-no-answer")  # noqa: PT017 - either way is right
    timer.join()
    virtuoso.start()
    dry = push(open_release(DIST), virtuoso.store, GRAPH, dry=True, loaded=silent)
    assert virtuoso.counted(GRAPH) in (old, dry.after)
    assert push(open_release(DIST), virtuoso.store, GRAPH, dry=False, loaded=silent).done
    assert virtuoso.counted(GRAPH) == dry.after
