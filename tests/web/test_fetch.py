"""A body from the web is whole or refused, and no address off the public Internet is asked, whatever leads there."""

from __future__ import annotations

import ast
import gzip
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openproposals import loading, places
from openproposals.doctor import fetch
from openproposals.errors import UsageError
from openproposals.query import ask
from openproposals.query.sparql import Form
from openproposals.release import published
from openproposals.stages import Run
from openproposals.web import request
from openproposals.web.request import Limits
from openproposals.web.urls import RequestError
from support.commands import run
from support.misbehaving import Answer, Server, ok, serving, to
from support.places import ROOT

pytestmark = pytest.mark.slow

TURTLE = b'<http://e/a> a <http://e/C> ; <http://e/p> "x" .\n'
TYPE = "Content-Type: text/turtle"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n"
QUICK = Limits(connect=0.5, read=0.5, total=1.0, body=1000, redirects=5)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little patience, so that a test is short."""
    monkeypatch.setattr(published, "_SECONDS", 1.0)
    monkeypatch.setattr(fetch, "LIMITS", QUICK)


def hang(sock: socket.socket) -> None:
    sock.sendall(HEAD + b"Content-Length: 500\r\n\r\n" + TURTLE)
    sock.settimeout(3)
    sock.recv(1)


def drip(sock: socket.socket) -> None:
    """A byte now and then, so that no read of its own waits too long."""
    sock.sendall(HEAD + b"\r\n" + TURTLE)
    while True:
        sock.sendall(b"#")
        time.sleep(0.05)


SHORT: dict[str, tuple[Answer, str]] = {
    "length": (HEAD + b"Content-Length: 500\r\n\r\n" + TURTLE, "broke off"),
    "one-byte": (HEAD + b"Content-Length: %d\r\n\r\n" % (len(TURTLE) + 1) + TURTLE, "broke off"),
    "chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n31\r\n" + TURTLE, "broke off"),
    "last-chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(TURTLE) + TURTLE + b"\r\n", "broke off"),
    "part": (ok(TURTLE, TYPE, status="206 Partial Content"), "broke off"),
    "deadline": (drip, "within the time"),
    "silence": (hang, "within the time"),
    "packed": (ok(gzip.compress(TURTLE), TYPE, "Content-Encoding: gzip"), "sent packed"),
    "no-length": (HEAD + b"Content-Length: abc\r\n\r\n" + TURTLE, "not HTTP"),
    "length-below-zero": (HEAD + b"Content-Length: -5\r\n\r\n" + TURTLE, "not HTTP"),
    "two-lengths": (HEAD + b"Content-Length: 49\r\nContent-Length: 50\r\n\r\n" + TURTLE, "not HTTP"),
    "length-and-chunks": (
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n31\r\n" + TURTLE + b"\r\n0\r\n\r\n",
        "not HTTP",
    ),
    "coded": (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n31\r\n" + TURTLE + b"\r\n0\r\n\r\n", "not HTTP"),
    "foreign-coding": (HEAD + b"Transfer-Encoding: foo\r\n\r\n" + TURTLE, "not HTTP"),
    "part-of-success": (ok(TURTLE, TYPE, "Content-Range: bytes 0-48/5000"), "not HTTP"),
    "no-field": (HEAD + b"this is no header\r\nContent-Length: 5000\r\n\r\n" + TURTLE, "not HTTP"),
    "space-before-colon": (HEAD + b"Content-Length : 5000\r\n\r\n" + TURTLE, "not HTTP"),
    "no-field-chunks": (HEAD + b"foo\r\nTransfer-Encoding: chunked\r\n\r\n" + TURTLE, "not HTTP"),
    "name-not-ascii": (HEAD + b"X\x85: a\r\nContent-Length: 5000\r\n\r\n" + TURTLE, "not HTTP"),
    "form-feed": (HEAD + b"A: b\x0c\r\n\x0cContent-Length: 5000\r\n\r\n" + TURTLE, "not HTTP"),
    "lone-return": (HEAD + b"A: b\r\r\nContent-Length: 5000\r\n\r\n" + TURTLE, "not HTTP"),
    "folded-first": (
        b"HTTP/1.1 200 OK\r\n Content-Length: 5000\r\nContent-Type: text/turtle\r\n\r\n" + TURTLE,
        "not HTTP",
    ),
    "mail": (b"HTTP/1.1 200 OK\r\nFrom me\r\nContent-Type: text/turtle\r\n\r\n" + TURTLE, "not HTTP"),
    "nothing": (b"", "closed the connection"),
    "no-http": (b"hello", "not HTTP"),
    "missing": (ok(status="404 Not Found"), "no such page"),
    "broken": (ok(status="500 Oops"), "failed"),
    "circle": (to("/dump"), "circle"),
    "accepted": (ok(TURTLE, TYPE, status="202 Accepted"), "neither the page nor a failure"),
    "no-content": (ok(b"", TYPE, status="204 No Content"), "neither the page nor a failure"),
    "reset-content": (ok(b"", TYPE, status="205 Reset Content"), "neither the page nor a failure"),
}


def asked(address: str, text: str, form: Form, *, private: bool = False) -> bytes:
    """What `openproposals query ADDRESS TEXT` answers."""
    return ask.answer(loading.dump(places.find(address, "release"), Run(), private=private), text, form)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", SHORT)
def test_a_dump_that_is_not_whole_is_not_asked(server: Server, name: str) -> None:
    """Said, with why; the statements that came before the cut are not taken for the dump."""
    server.answers["/dump"], words = SHORT[name]
    with pytest.raises(UsageError, match="could not be fetched") as refused:
        asked(server.url("/dump"), "ASK {}", "csv", private=True)
    assert words in refused.value.why
    assert refused.value.mend


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "name", sorted(SHORT.keys() - {"missing", "broken", "circle", "accepted", "no-content", "reset-content"})
)
def test_a_catalogue_that_is_not_whole_is_not_judged(server: Server, name: str) -> None:
    """Said by the doctor too, in both languages; exit code 2 is a UsageError's."""
    server.answers["/c.ttl"], words = SHORT[name]
    told = []
    for lang in ("en", "fr"):
        with pytest.raises(UsageError) as refused:
            fetch.get(server.url("/c.ttl"), 1000, private=True)
        told.append(refused.value.text(lang))  # type: ignore[arg-type]
    assert name == "part" or (words in told[0] and told[0] != told[1])


def test_whole_is_whole(server: Server) -> None:
    """By length, by chunks, or by the connection's end: the body comes back, its media type and its charset."""
    for head, body in (
        (b"Content-Length: %d" % len(TURTLE), TURTLE),
        (b"Transfer-Encoding: chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (len(TURTLE), TURTLE)),
        (b"Connection: close", TURTLE),
    ):
        server.answers["/dump"] = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle; charset=UTF-8\r\n" + head + b"\r\n\r\n" + body
        )
        final, answer = request.fetch(server.url("/dump"), private=True, limits=QUICK)
        assert (final, answer.body) == (server.url("/dump"), TURTLE)
        assert (answer.media_type, answer.charset) == ("text/turtle", "utf-8")


@given(cut=st.integers(min_value=0), chunked=st.booleans())
@settings(max_examples=25, deadline=None)
def test_cut_anywhere_a_body_is_refused(cut: int, chunked: bool) -> None:
    """Wherever the connection ends before the answer does."""
    whole = HEAD + (
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n%b\r\n%x\r\n%b\r\n0\r\n" % (TURTLE[:5], len(TURTLE) - 5, TURTLE[5:])
        if chunked
        else b"Content-Length: %d\r\n\r\n%b" % (len(TURTLE), TURTLE)
    )
    last = len(b"0\r\n") if chunked else 1
    with serving() as server:
        server.answers["/dump"] = whole[: cut % (len(whole) - last + 1)]
        with pytest.raises(RequestError):
            request.fetch(server.url("/dump"), private=True, limits=QUICK)


MANY_PARTS = [
    "multipart/mixed",
    "multipart/mixed; boundary=x",
    "message/http",
    "message/rfc822",
    "multipart/related; a",
]


@pytest.mark.parametrize("kind", MANY_PARTS)
def test_a_body_of_any_type_is_whole(server: Server, kind: str) -> None:
    """The header block of a body of many parts, or of a message, is read as any other; and so is a fault in it."""
    server.answers |= {
        "/x.ttl": ok(TURTLE, f"Content-Type: {kind}", "Content-Transfer-Encoding: base64"),
        "/y.ttl": ok(TURTLE, f"Content-Type: {kind}", "no field", "Content-Length: 5000"),
        "/z.ttl": ok(TURTLE, f"Content-Type: {kind}", "A: b\r", "Content-Length: 5000"),
    }
    assert request.fetch(server.url("/x.ttl"), private=True, limits=QUICK)[1].body == TURTLE
    for path in ("/y.ttl", "/z.ttl"):
        with pytest.raises(RequestError):
            request.fetch(server.url(path), private=True, limits=QUICK)


@given(line=st.binary(max_size=20).filter(lambda line: b"\n" not in line and line.strip(b"\r")))
@settings(max_examples=100, deadline=None)
def test_no_line_of_a_header_hides_the_length(line: bytes) -> None:
    """Whatever stands in a line before it, a body that is shorter than its length is refused."""
    with serving() as server:
        server.answers["/dump"] = HEAD + line + b"\r\nContent-Length: 5000\r\n\r\n" + TURTLE
        with pytest.raises(RequestError):
            request.fetch(server.url("/dump"), private=True, limits=QUICK)


def test_a_body_over_the_limit_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether its length is said or not; no more is read than the limit."""
    monkeypatch.setattr(published, "_LARGEST", 10)
    for head in (b"Content-Length: %d\r\n" % len(TURTLE), b""):
        server.answers["/dump"] = HEAD + head + b"\r\n" + TURTLE
        with pytest.raises(UsageError, match="could not be fetched") as refused:
            published.fetch_dump(server.url("/dump"), private=True)
        assert "larger" in refused.value.why
        with pytest.raises(UsageError, match="larger than 10 bytes"):
            fetch.get(server.url("/dump"), 10, private=True)


# -- where it may be ---------------------------------------------------------------------------------------------------


def test_a_dump_is_asked_by_its_address(server: Server) -> None:
    """By media type, else by the name of where it was found; what is no dump is refused plainly."""
    server.answers |= {
        "/dump": ok(TURTLE, "Content-Type: text/turtle; charset=utf-8"),
        "/x.ttl": ok(TURTLE, "Content-Type: application/octet-stream"),
        "/vivre-ensemble": to("/x.ttl"),
        "/page": ok(b"<p>", "Content-Type: text/html"),
        "/x.jsonld": ok(TURTLE, "Content-Type: application/octet-stream"),
    }
    for name in ("/dump", "/x.ttl", "/vivre-ensemble"):
        answer = asked(server.url(name), "ASK { ?s a <http://e/C> }", "table", private=True)
        assert answer == b"true\n", name
    for name, word in (("/page", "text/html"), ("/x.jsonld", "jsonld")):
        with pytest.raises(UsageError, match=word):
            asked(server.url(name), "ASK {}", "table", private=True)


INWARD = [
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/", "http://127.1:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
    "http://0.0.0.0:{port}/", "http://[::]:{port}/", "http://127.0.0.1.:{port}/", "HTTP://LOCALHOST:{port}/",
    "http://inside.test:{port}/", "http://１２７.0.0.1:{port}/",
]  # fmt: skip


def inside(host: str, port: int) -> list[str]:
    return {"localhost": ["127.0.0.1"], "inside.test": ["127.0.0.1"]}[host]


@pytest.mark.parametrize("address", INWARD)
def test_an_address_of_this_machine_is_not_asked(server: Server, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In no spelling and by no name, unless --allow-private; nobody connects."""
    monkeypatch.setattr(request, "resolve", inside)
    with pytest.raises(UsageError, match="could not be fetched") as refused:
        asked(address.format(port=server.port), "ASK {}", "csv")
    assert server.asked == []
    if "not on the public Internet" in refused.value.why:
        assert "--allow-private" in refused.value.mend


@pytest.mark.parametrize("kind", [301, 302, 303, 307, 308])
def test_nor_by_a_redirect(server: Server, kind: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address of the way is judged, before a connection is made to it."""
    judged: list[str] = []

    def public(address: object) -> bool:
        judged.append(str(address))
        return len(judged) == 1  # the first address, of the server here, stands for one on the public Internet

    monkeypatch.setattr(request, "public", public)
    server.answers["/dump"] = to("http://inside.test/secret", kind)
    monkeypatch.setattr(request, "resolve", inside)
    with pytest.raises(UsageError, match="could not be fetched") as refused:
        published.fetch_dump(server.url("/dump"))
    assert "not on the public Internet: http://inside.test/secret" in refused.value.why
    assert server.paths() == ["/dump"]
    assert judged == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://e/", "http://u:p@e.test/", "http://[", "//\x00", "data:,x"]
)
def test_a_redirect_to_what_is_no_web_address(server: Server, location: str) -> None:
    """RequestError in words; nothing is opened."""
    server.answers["/dump"] = to(location)
    with pytest.raises(UsageError, match="could not be fetched") as refused:
        published.fetch_dump(server.url("/dump"), private=True)
    assert "refused" in refused.value.why


@pytest.mark.parametrize(
    "address",
    ["http://[", "http://", "https://[::1", "http://a:99999/", "HTTP://%", "http:///x", "http://u:p@e.test/", "http:x"],
)
def test_what_is_no_address_is_told(address: str) -> None:
    """Exit code 2 and a sentence, no traceback."""
    done = run("query", address, "ASK {}", "--quiet")
    assert done.returncode == 2
    assert "could not be fetched" in done.stderr
    assert "refused: " in done.stderr
    assert "Traceback" not in done.stderr


def test_no_proxy_is_obeyed(server: Server) -> None:
    """A proxy would resolve and connect in our place, unjudged."""
    server.answers["/dump"] = ok(TURTLE, TYPE)
    with serving() as proxy:
        said = {name: proxy.url("") for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")}
        done = run("query", server.url("/dump"), "ASK {}", "--quiet", "--allow-private", **said)
        assert (done.returncode, done.stdout, proxy.asked) == (0, "true\n", [])
    assert len(server.asked) == 1


def test_no_other_module_reaches_the_web() -> None:
    """What opens sockets or speaks HTTP is imported under web/ alone; serving/ waits for others, it calls nobody."""
    doors = {"urllib.request", "http.client", "http.server", "socket", "ssl", "urllib3", "requests", "httpx", "aiohttp",
             "ftplib", "smtplib", "asyncio", "socketserver", "xmlrpc"}  # fmt: skip
    awaiting = {"asyncio", "socket"}
    package = ROOT / "pipeline" / "openproposals"
    found = set()
    for path in sorted(package.rglob("*.py")):
        if path.parent == package / "web":
            continue
        pipes = ("guards/lasting.py", "guards/forking.py", "site/team.py")  # between a child and its parent
        waits = path.parent == package / "serving" or path.relative_to(package).as_posix() in pipes
        here = doors - awaiting if waits else doors
        found |= {f"{path.relative_to(package)}: {name}" for name in _imported(path)
                  if any(name == door or name.startswith(f"{door}.") for door in here)}  # fmt: skip
    assert found == set()


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
