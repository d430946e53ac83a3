"""A server with strangers at the door: paths that climb, headers without end, clients that never finish."""

from __future__ import annotations

import os
import shutil
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openproposals.errors import UsageError
from openproposals.release.published import open_release
from openproposals.serving import offers
from support.serving import Server

pytestmark = pytest.mark.slow


CLIMBING = [
    "/minimal/../../etc/passwd", "/minimal/%2e%2e/%2e%2e/etc/passwd", "/minimal/..%2f..%2fetc/passwd",
    "/minimal/%252e%252e/etc/passwd", "/minimal/tables/%00", "/minimal//etc/passwd", "//etc/passwd", "/minimal/\\..\\x",
    "/minimal/.git/config", "/minimal/%c0%ae%c0%ae/etc/passwd", "/minimal/schemas", "/minimal/tables/", "/../minimal/../",
    "/minimal/index.html%00.ttl", "/minimal/index.html/", "/minimal/index.html/.ttl", "/..", "/.", "/%2e%2e", "*",
    "/minimal/%ff", "/" + "a/" * 3000, "/minimal/assets/", "http://127.0.0.1/../etc/passwd", "/minimal/engine/../../x",
]  # fmt: skip


@pytest.mark.parametrize("path", CLIMBING)
def test_no_path_leads_out(server: Server, path: str) -> None:
    """A path is a name in a list: what is not in it is not there, however it is spelt."""
    said = server.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("latin-1"))
    status = int(said.split()[1])
    assert status in (400, 404), said[:300]
    assert b"root:" not in said


_PART = st.sampled_from(
    ["..", ".", "%2e%2e", "minimal", "tables", "", "%00", "%2f", "index.html", "etc", "passwd", "%ff", "\\"]
)


@given(parts=st.lists(_PART, max_size=8), query=st.text("?&=%;#", max_size=5))
@settings(max_examples=80)
def test_any_path_is_answered(server: Server, parts: list[str], query: str) -> None:
    """Whatever is asked for, there is an answer, and it is none of a fault of ours."""
    said = server.raw(
        f"GET /{'/'.join(parts)}?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )
    assert int(said.split()[1]) in (200, 303, 400, 404)


ODD = {
    "no request": b"\r\n\r\nnonsense\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01",
    "a header of 100 kB": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    "a line of 100 kB": b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "10,000 headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
    "two lengths": b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "length and chunks": b"GET / HTTP/1.1\r\nHost: a b\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "an odd host": b"GET / HTTP/1.1\r\nHost: a@b/c\r\nConnection: close\r\n\r\n",
    "a piece of negative size": b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n-1\r\nASK {}\r\n0\r\n\r\n",
    "a length of 5,000 digits": b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
    + b"9" * 5000
    + b"\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\x00\r\n\r\n",
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_request_ends_its_connection(server: Server, name: str) -> None:
    """Refused at once, and the next one is answered."""
    said = server.raw(ODD[name])
    assert said.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431")) or said == b"", said[:200]
    assert server.ask("/health").status == 200
    assert not [line for line in server.log.read_text(encoding="utf-8").splitlines() if '"status": 500' in line]


def test_another_host_is_not_answered(server: Server) -> None:
    """A page of another site whose name leads to this machine learns nothing."""
    assert server.ask("/health", host="evil.example").status == 421
    for host in ("localhost", f"127.0.0.1:{server.port}", "LOCALHOST:1"):
        assert server.ask("/health", host=host).status == 200


def test_a_client_that_leaves_is_no_fault_of_ours(server: Server) -> None:
    """In the middle of its request: the log says that it left, and not that the server failed."""
    head = b"POST /sparql?left HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head + b"Content-Length: 100\r\n\r\nASK")
    said = ""
    end = time.monotonic() + 10
    while not said and time.monotonic() < end:
        said = next((line for line in server.log.read_text(encoding="utf-8").splitlines() if "?left" in line), "")
        time.sleep(0.05)
    assert '"status": 499, "bytes": -1' in said


@pytest.mark.long
def test_a_client_that_never_finishes_is_let_go(server: Server) -> None:
    """A header that trickles, and a connection that says nothing: both end, and others are answered meanwhile."""
    with ExitStack() as held:
        slow = [held.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(50)]
        begun = time.monotonic()
        ended: set[int] = set()
        while len(ended) < len(slow) and time.monotonic() - begun < 30:
            for n, connection in enumerate(slow):
                if n in ended:
                    continue
                try:
                    if n % 2:
                        connection.sendall(b"GET / HTTP/1.1\r\n"[:1] if time.monotonic() - begun < 1 else b"X")
                    connection.settimeout(0.01)
                    if connection.recv(100) == b"":
                        ended.add(n)
                except TimeoutError:
                    continue
                except OSError:
                    ended.add(n)
            assert server.ask("/health").status == 200
            time.sleep(0.3)
    assert len(ended) == len(slow)


@pytest.mark.long
def test_idle_connections_are_held(server: Server) -> None:
    """Thousands of open connections hold nobody up: 2,000 here, as many as this process may open twice."""
    with ExitStack() as held:
        for _ in range(2000):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        begun = time.monotonic()
        assert server.ask("/health").status == 200
        assert time.monotonic() - begun < 5


# -- releases made by strangers ----------------------------------------------------------------------------------------


def test_only_what_the_report_lists_is_offered(release: Path, tmp_path: Path) -> None:
    """No link, no pipe, no file that was added or changed: each is left out, whatever lists it."""
    folder = tmp_path / "release"
    shutil.copytree(release, folder)
    (folder / "added.html").write_text("<script>")
    (folder / "minimal.jsonld").write_text("changed")
    (folder / "void.ttl").unlink()
    (folder / "void.ttl").symlink_to("/etc/passwd")
    (folder / "vocabulary.ttl").unlink()
    os.mkfifo(folder / "vocabulary.ttl")
    offer = offers.of(open_release(folder))
    gone = {"added.html", "minimal.jsonld", "void.ttl", "vocabulary.ttl"}
    assert gone.isdisjoint(offer.files)
    assert set(offer.left_out) == gone - {"added.html"}
    assert "minimal.ttl" in offer.files


def test_a_file_that_takes_anothers_place_is_not_given(release: Path, tmp_path: Path) -> None:
    """Between the look and the answer a file may be replaced: it is then none that was looked at."""
    folder = tmp_path / "release"
    shutil.copytree(release, folder)
    file = offers.of(open_release(folder)).files["minimal.ttl"]
    with file.opened() as opened:
        assert opened.read() == (release / "minimal.ttl").read_bytes()
    (folder / "minimal.ttl").unlink()
    (folder / "minimal.ttl").symlink_to("/etc/passwd")
    with pytest.raises(offers.ChangedError):
        file.opened()


def test_a_release_that_lists_nothing_is_refused(release: Path, tmp_path: Path) -> None:
    """And one that does not say what its IRIs begin with."""
    folder = tmp_path / "release"
    shutil.copytree(release, folder)
    (folder / "report.json").write_text("{}")
    with pytest.raises(UsageError, match="lists"):
        offers.of(open_release(folder))
