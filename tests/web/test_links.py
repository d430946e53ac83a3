"""Links are graded whatever the server does, politely, and nothing off the public Internet is asked."""

from __future__ import annotations

import gzip
import hashlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest
import urllib3.util.connection
from hypothesis import given
from hypothesis import strategies as st

from openproposals import messages
from openproposals.web import links, urls
from openproposals.web.links import Checked, Limits, RecordedUrl, check
from support.misbehaving import Answer, Server, ok, serving, to
from support.places import ROOT

pytestmark = pytest.mark.slow

QUICK = Limits(
    pause=0, connect=0.4, read=0.3, total=0.6, body=1000, redirects=5, attempts=2, backoff=0.01, patience=0.2
)
HELLO = hashlib.sha256(b"hello").hexdigest()
PEM = ROOT / "tests" / "links" / "good.test.pem"
WORDS = messages.texts("web/links", "en").keys() - {"at"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def nowhere(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


def go(server: Server, path: str, digest: str = "", limits: Limits = QUICK) -> Checked:
    """The grade of one path of the server; whatever it is, there are words for it."""
    (checked,) = check([RecordedUrl(server.url(path), digest)], private=True, limits=limits)
    assert {checked.grade, checked.reason or "alive"} <= WORDS
    return checked


def outcome(checked: Checked) -> tuple[str, int | None, str]:
    return checked.grade, checked.status, checked.reason


def drip(data: bytes, head: bytes = b"") -> Answer:
    def answer(sock: socket.socket) -> None:
        sock.sendall(head)
        for byte in data:
            sock.sendall(bytes([byte]))
            time.sleep(0.02)

    return answer


def endless(head: bytes, data: bytes) -> Answer:
    def answer(sock: socket.socket) -> None:
        sock.sendall(head)
        while True:
            sock.sendall(data)

    return answer


def hang(sock: socket.socket) -> None:
    sock.settimeout(3)
    sock.recv(1)


# -- what the answer says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ok(), ("alive", 200, "")),
        (b"HTTP/1.0 200 OK\r\n\r\nhello", ("alive", 200, "")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", ("alive", 200, "")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more than was said", ("alive", 200, "")),
        (ok(status="404 Not Found"), ("gone", 404, "not-found")),
        (ok(status="410 Gone"), ("gone", 410, "removed")),
        (ok(status="403 Forbidden"), ("unreachable", 403, "denied")),
        (ok(status="418 Teapot"), ("unreachable", 418, "unexpected-status")),
        (ok(status="302 Nowhere"), ("unreachable", 302, "unexpected-status")),
        (ok(b"x" * 1001), ("alive", 200, "too-large")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", ("alive", 200, "too-large")),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 999), ("alive", 200, "too-large")),
        (endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n"), ("alive", 200, "too-large")),
        (ok(gzip.compress(b"0" * 9_000), "Content-Encoding: gzip"), ("alive", 200, "encoded")),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", ("unreachable", None, "malformed")),
        (endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), ("unreachable", None, "malformed")),
        (b"200 fine thank you\r\n\r\nhello", ("unreachable", None, "malformed")),
        (b"HTTP/1.1 two hundred\r\n\r\nhello", ("unreachable", None, "malformed")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello", ("unreachable", None, "malformed")),
    ],
)  # fmt: skip
def test_an_answer_is_graded_and_not_asked_for_twice(
    server: Server, answer: Answer, expected: tuple[str, int, str]
) -> None:
    server.answers["/"] = answer
    checked = go(server, "/")
    assert outcome(checked) == expected
    assert checked.digest == (HELLO if expected == ("alive", 200, "") else "")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ok(status="500 Oh"), ("unreachable", 500, "server-error")),
        (ok(status="429 Slow down"), ("unreachable", 429, "too-many-requests")),
        (b"", ("unreachable", None, "closed")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello", ("unreachable", 200, "cut-short")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello", ("unreachable", 200, "cut-short")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello", ("unreachable", 200, "cut-short")),
    ],
)  # fmt: skip
def test_what_may_pass_is_asked_again_and_then_told(
    server: Server, answer: bytes, expected: tuple[str, int, str]
) -> None:
    server.answers["/"] = [answer, ok()]
    assert outcome(go(server, "/")) == ("alive", 200, "")
    server.answers["/"] = answer
    server.asked.clear()
    assert outcome(go(server, "/")) == expected
    assert len(server.asked) == QUICK.attempts


def test_a_body_that_is_not_the_recorded_one_is_changed(server: Server) -> None:
    server.answers |= {"/": ok(), "/old": to("/"), "/big": ok(b"x" * 2000)}
    assert go(server, "/", HELLO.upper()).grade == "alive"
    assert outcome(go(server, "/", "0" * 64)) == ("changed", 200, "")
    assert go(server, "/old", HELLO).grade == "moved"
    moved = go(server, "/old", "0" * 64)
    assert (moved.grade, moved.moved_to) == ("changed", server.url("/"))
    assert go(server, "/big", HELLO).grade == "alive"  # not read whole: nothing can be said


# -- redirects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_only_a_permanent_redirect_moves(server: Server, status: int) -> None:
    server.answers |= {"/old": to("/new?é=1", status), "/new?%C3%A9=1": ok()}
    checked = go(server, "/old#part")
    new = server.url("/new?é=1#part")
    permanent = status in (301, 308)
    assert checked == Checked(
        server.url("/old#part"), "moved" if permanent else "alive", 200, new, HELLO, "", new if permanent else ""
    )


def test_moved_to_ends_where_the_redirects_cease_to_be_permanent(server: Server) -> None:
    server.answers |= {"/a": to("b", 301), "/b": to("./c", 302), "/c": to(f"//127.0.0.1:{server.port}/d"), "/d": ok()}
    checked = go(server, "/a")
    assert (checked.grade, checked.moved_to, checked.final) == ("moved", server.url("/b"), server.url("/d"))
    assert go(server, "/b").grade == "alive"


def test_a_redirect_to_what_is_gone_is_gone(server: Server) -> None:
    server.answers["/old"] = to("/lost")
    checked = go(server, "/old")
    assert (*outcome(checked), checked.final) == ("gone", 404, "not-found", server.url("/lost"))


def test_redirects_that_never_end(server: Server) -> None:
    server.answers |= {"/ping": to("/pong"), "/pong": to("/ping#again")} | {f"/{n}": to(f"/{n + 1}") for n in range(9)}
    assert outcome(go(server, "/ping")) == ("unreachable", 301, "too-many-redirects")
    assert server.paths() == ["/ping", "/pong"]
    server.asked.clear()
    assert outcome(go(server, "/0")) == ("unreachable", 301, "too-many-redirects")
    assert server.paths() == [f"/{n}" for n in range(QUICK.redirects + 1)]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "not-http"),
        ("gopher://127.0.0.1/", "not-http"),
        ("javascript:alert(1)", "not-http"),
        ("http://user:secret@127.0.0.1/", "credentials"),
        ("http://[::1", "bad-url"),
        ("http://a_b..test/", "bad-url"),
        ("http://127.0.0.1:0/", "bad-url"),
        ("http://127.0.0.1:99999/", "bad-url"),
        ("/" + "x" * 9000, "bad-url"),
    ],
)
def test_a_redirect_is_held_to_what_a_url_is_held_to(server: Server, location: str, reason: str) -> None:
    server.answers["/"] = to(location, 302)
    assert outcome(go(server, "/")) == ("unreachable", 302, reason)
    assert server.paths() == ["/"]


# -- time --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (hang, None),
        (drip(b"HTTP/1.1 200 " + b"O" * 60), None),
        (drip(b"X: " + b"y" * 60, b"HTTP/1.1 200 OK\r\n"), None),
        (drip(b"x" * 60, b"HTTP/1.1 200 OK\r\n\r\n"), 200),
        (drip(b"x" * 60, b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"), 200),
        (drip(b"1" * 60, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), 200),
    ],
)
def test_a_slow_server_is_left_at_the_deadline(server: Server, answer: Answer, status: int | None) -> None:
    server.answers["/"] = answer
    assert outcome(go(server, "/", limits=replace(QUICK, total=1))) == ("unreachable", status, "timeout")


def test_a_silent_server_is_left_before_the_deadline(server: Server) -> None:
    server.answers["/"] = [hang, ok()]
    assert go(server, "/", limits=replace(QUICK, connect=9, read=1, total=20)).grade == "alive"


def test_a_name_server_that_never_answers(server: Server) -> None:
    ended = threading.Event()

    def never(host: str, port: int) -> list[str]:
        ended.wait(5)
        return ["127.0.0.1"]

    (checked,) = check(
        [RecordedUrl("http://slow.test/")], private=True, limits=replace(QUICK, total=0.2), resolve=never
    )
    ended.set()
    assert outcome(checked) == ("unreachable", None, "timeout")


NOON, LATER = "Date: Fri, 01 Mar 2030 12:00:00 GMT", "Fri, 01 Mar 2030 13:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        (["Retry-After: 0"], 2),
        (["Retry-After: 3600"], 1),
        (["Retry-After: " + "9" * 50], 2),
        (["Retry-After: soon"], 2),
        ([NOON, "Retry-After: Fri, 01 Mar 2030 12:00:00 GMT"], 2),
        ([NOON, f"Retry-After: {LATER}"], 1),
        ([f"Retry-After: {LATER}"], 2),
        ([NOON, "Retry-After: Fri, 99 Foo 2030 99:00:00 GMT"], 2),
    ],
)
def test_retry_after_is_honoured_within_patience(server: Server, headers: list[str], asked: int) -> None:
    server.answers["/"] = [ok(b"", *headers, status="503 Busy"), ok()]
    checked = go(server, "/")
    assert outcome(checked) == (("alive", 200, "") if asked == 2 else ("unreachable", 503, "server-error"))
    assert len(server.asked) == asked


def test_retry_after_is_waited_for(server: Server) -> None:
    server.answers["/"] = [ok(b"", "Retry-After: 1", status="429 Slow down"), ok()]
    assert go(server, "/", limits=replace(QUICK, patience=2)).grade == "alive"
    (_, _, ended), (_, begun, _) = server.spans
    assert begun - ended > 0.9


# -- politeness --------------------------------------------------------------------------------------------------------


def lingering(sock: socket.socket) -> None:
    time.sleep(0.03)
    sock.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\no")  # its end is seen when the connection closes
    time.sleep(0.03)
    sock.sendall(b"k")


def test_one_request_at_a_time_per_host_and_few_hosts_at_once(server: Server) -> None:
    """Whether a link or a redirect leads there; counted by the server."""
    server.answers |= {f"/{n}": lingering for n in range(3)}
    server.answers["/away"] = to(server.url("/2", "h1.test"), 302)
    addresses = [server.url(f"/{n}", f"h{h}.test") for h in range(6) for n in range(2)]
    addresses += [server.url("/away", f"h{h}.test.") for h in range(6)]
    checked = check(
        [RecordedUrl(url) for url in addresses], private=True, limits=replace(QUICK, hosts=3, total=5), resolve=here
    )
    assert {c.grade for c in checked} == {"alive"}
    assert server.most.pop("") == 3
    assert server.most == {f"h{h}.test": 1 for h in range(6)}


def test_a_pause_after_each_request(server: Server) -> None:
    server.answers |= {"/1": to("/2"), "/2": ok(), "/3": [ok(status="500 Oh"), ok()]}
    check([RecordedUrl(server.url(p)) for p in ("/1", "/3")], private=True, limits=replace(QUICK, pause=0.1, total=5))
    spans = sorted(server.spans, key=lambda span: span[1])
    assert len(spans) == 4
    assert all(after[1] - before[1] >= 0.1 for before, after in pairwise(spans))


def test_what_is_sent_names_the_tool_and_nobody(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No cookie, no credential of a netrc, no proxy of the environment."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    server.answers |= {"/": ok(b"", "Set-Cookie: a=b", "Location: /next", status="302 Found"), "/next": ok()}
    assert go(server, "/").grade == "alive"
    for head in server.asked:
        names = sorted(line.split(":")[0].lower() for line in head.split("\r\n")[1:] if line)
        assert names == ["accept", "accept-encoding", "connection", "host", "user-agent"]
        assert "User-Agent: openproposals/" in head
        assert "Accept-Encoding: identity" in head
        assert f"Host: 127.0.0.1:{server.port}\r\n" in head


def test_results_are_in_the_links_order_and_a_url_is_fetched_once(server: Server) -> None:
    server.answers["/"] = ok()
    seen: list[tuple[int, int]] = []
    given_links = [
        RecordedUrl(server.url("/"), "0" * 64),
        RecordedUrl("ftp://a.test/"),
        RecordedUrl(server.url("/")),
        RecordedUrl("nonsense"),
    ]
    checked = check(given_links, private=True, limits=QUICK, progress=lambda done, all_: seen.append((done, all_)))
    assert [(c.url, c.grade) for c in checked] == [
        (link.url, grade)
        for link, grade in zip(given_links, ["changed", "unreachable", "alive", "unreachable"], strict=True)
    ]
    assert len(server.asked) == 1
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert check([]) == []


def test_a_fault_of_the_program_is_not_a_grade() -> None:
    with pytest.raises(AssertionError, match="was looked up"):
        check([RecordedUrl("http://a.test/")], limits=QUICK, resolve=nowhere)


# -- where one may go --------------------------------------------------------------------------------------------------

PRIVATE = ["127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "0.0.0.0", "0.1.2.3", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "fe80::1", "fe80::1%lo", "2606:4700::1%lo", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:a00:1::", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1"]  # fmt: skip
PUBLIC = [
    "8.8.8.8",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "172.32.0.1",
    "192.169.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "2002:808:808::",
    "64:ff9b::808:808",
    "2001:4860:4860::8888",
]


def test_addresses_off_the_public_internet() -> None:
    assert [a for a in PRIVATE if urls.public(ip_address(a))] == []
    assert [a for a in PUBLIC if not urls.public(ip_address(a))] == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0177.0.0.1", "0x7f.1", "0X7F.0.0.1", "2130706433", "017700000001", "0x7f000001", "0", "127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[fe80::1%25lo]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254"],
)  # fmt: skip
def test_a_private_address_is_refused_in_every_spelling(server: Server, host: str) -> None:
    """Nothing is looked up, nothing connected to."""
    (checked,) = check([RecordedUrl(f"http://{host}:{server.port}/")], limits=QUICK, resolve=nowhere)
    assert outcome(checked) == ("unreachable", None, "refused-private-address")
    assert server.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.0.0.1.", "LOCAL.test", "local.test."])
def test_a_private_address_is_asked_when_allowed(server: Server, host: str) -> None:
    server.answers["/"] = ok()
    (checked,) = check([RecordedUrl(server.url("/", host))], private=True, limits=QUICK, resolve=here)
    assert checked.grade == "alive"
    assert f"Host: {'local.test' if 't' in host else '127.0.0.1'}:{server.port}\r\n" in server.asked[0]


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2606:4700::1", "::1"], ["8.8.8.8"] * 9 + ["8.8.4.4", "127.0.0.1"]],
)
def test_a_name_with_one_private_address_is_refused(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib3.util.connection, "create_connection", nowhere)
    (checked,) = check([RecordedUrl("http://a.test/")], limits=QUICK, resolve=lambda host, port: addresses)
    assert outcome(checked) == ("unreachable", None, "refused-private-address")


@pytest.fixture
def far(server: Server, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every connection ends at the server; the list tells where it was meant to go."""
    meant: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float, **options: object) -> socket.socket:
        meant.append(address)
        return socket.create_connection(("127.0.0.1", server.port), timeout)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    return meant


def test_the_connection_goes_to_the_address_that_was_judged(server: Server, far: list[tuple[str, int]]) -> None:
    """A name server that changes its mind is asked once a request, and judged at each."""
    said = iter(["93.184.216.34", "127.0.0.1"])
    server.answers |= {"/": to("/again", 302), "/again": ok()}
    (checked,) = check([RecordedUrl("http://a.test/")], limits=QUICK, resolve=lambda host, port: [next(said)])
    assert (*outcome(checked), checked.final) == ("unreachable", 302, "refused-private-address", "http://a.test/again")
    assert far == [("93.184.216.34", 80)]
    assert server.paths() == ["/"]
    assert "Host: a.test\r\n" in server.asked[0]


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1/", "http://10.0.0.1/", "//[::1]/", "http://0x7f.1/", "https://intranet.test/"]
)
def test_a_redirect_into_a_private_network_is_refused(
    server: Server, far: list[tuple[str, int]], location: str
) -> None:
    server.answers["/"] = to(location)
    names = {"a.test": ["93.184.216.34"], "intranet.test": ["192.168.0.7"]}
    (checked,) = check([RecordedUrl("http://a.test/")], limits=QUICK, resolve=lambda host, port: names[host])
    assert outcome(checked) == ("unreachable", 301, "refused-private-address")
    assert len(far) == 1


def test_a_second_address_is_tried_when_the_first_takes_no_connection(server: Server) -> None:
    server.answers["/"] = ok()
    (checked,) = check(
        [RecordedUrl(server.url("/", "a.test"))],
        private=True,
        limits=QUICK,
        resolve=lambda h, p: ["127.0.0.2", "127.0.0.1"],
    )
    assert checked.grade == "alive"


def test_a_name_outside_ascii_is_asked_in_its_ascii_form(server: Server) -> None:
    asked: list[str] = []

    def looked_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    server.answers["/%C3%A9t%C3%A9"] = ok()
    (checked,) = check([RecordedUrl(server.url("/été", "Exämple.test"))], private=True, limits=QUICK, resolve=looked_up)
    assert checked.grade == "alive"
    assert asked == ["xn--exmple-cua.test"]
    assert f"Host: xn--exmple-cua.test:{server.port}\r\n" in server.asked[0]


def unknown(host: str, port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "no such name")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://nobody.test/", "dns"),
        ("ftp://a.test/", "not-http"),
        ("//a.test/", "not-http"),
        ("", "not-http"),
        (" http://a.test/", "not-http"),
        ("http:/a.test/", "bad-url"),
        ("http://", "bad-url"),
        ("http://a.test/\r\nHost: b.test", "bad-url"),
        ("http://a\x00.test/", "bad-url"),
        ("http://a b.test/", "bad-url"),
        ("http://a%2eb%00.test/", "bad-url"),
        ("http://a..test/", "bad-url"),
        ("http://1.2.3.4.5/", "bad-url"),
        ("http://256.1.1.1/", "bad-url"),
        ("http://127。0。0。1/", "bad-url"),
        ("http://１２７.0.0.1/", "bad-url"),
        ("http://[::1]x/", "bad-url"),
        ("http://[::1%25%2f]/", "bad-url"),
        ("http://[v1.a]/", "bad-url"),
        ("http://a.test:port/", "bad-url"),
        ("http://" + "a" * 64 + ".test/", "bad-url"),
        ("http://xn--\u00e9.test/", "bad-url"),
        ("http://\ud800.test/", "bad-url"),
        ("http://user@a.test/", "credentials"),
        ("http://:@a.test/", "credentials"),
        ("http://good.test\\@a.test/", "dns"),
    ],
)
def test_a_url_that_cannot_be_asked(url: str, reason: str) -> None:
    (checked,) = check([RecordedUrl(url)], private=True, limits=QUICK, resolve=unknown)
    assert (*outcome(checked), checked.final) == ("unreachable", None, reason, url)


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        (checked,) = check([RecordedUrl(f"http://127.0.0.1:{taken.getsockname()[1]}/")], private=True, limits=QUICK)
    assert outcome(checked) == ("unreachable", None, "no-connection")


def test_ipv6() -> None:
    try:
        with serving("::1") as server:
            server.answers["/"] = ok()
            assert check([RecordedUrl(server.url("/", "[::1]"))], private=True, limits=QUICK)[0].grade == "alive"
            assert f"Host: [::1]:{server.port}\r\n" in server.asked[0]
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


# -- TLS ---------------------------------------------------------------------------------------------------------------


def test_tls_is_held_to_the_name_though_the_connection_goes_to_an_address() -> None:
    names: list[str | None] = []
    serves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serves.load_cert_chain(PEM)
    serves.sni_callback = lambda sock, name, context: names.append(name)
    believes = ssl.create_default_context(cafile=str(PEM))
    with serving(tls=serves) as server:
        server.answers |= {"/": ok(), "/plain": to("http://127.0.0.1/", 302)}

        def at(host: str, trust: ssl.SSLContext | None) -> Checked:
            link = RecordedUrl(server.url("/", host, "https"))
            return check([link], private=True, limits=QUICK, resolve=here, trust=trust)[0]

        assert outcome(at("good.test", believes)) == ("alive", 200, "")
        assert names == ["good.test"]
        assert f"Host: good.test:{server.port}\r\n" in server.asked[0]
        assert outcome(at("good.test.", believes)) == ("alive", 200, "")
        for host, trust in (("good.test", None), ("other.test", believes), ("127.0.0.1", believes)):
            assert outcome(at(host, trust)) == ("unreachable", None, "tls")
        assert len(server.asked) == 2


@pytest.mark.parametrize("limits", [replace(QUICK, connect=0.2, attempts=1), replace(QUICK, connect=9, total=0.2)])
def test_a_handshake_that_never_comes(server: Server, limits: Limits) -> None:
    (checked,) = check([RecordedUrl(server.url("/", scheme="https"))], private=True, limits=limits)
    assert outcome(checked) == ("unreachable", None, "timeout")


# -- whatever comes ----------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    b"HTTP/1.1 |200| OK|301|\r\n|\n|\r\n\r\n|Location: |http://|/|[|%|:|Content-Length: |-1|999999999999999999999|Transfer-Encoding: |"
    b"chunked|Content-Encoding: gzip|0|\xff| |Retry-After: |503|Date: |Fri, 01 Mar|100 Continue|\x00|\xc3\xa9|HTTP/9.9|;".split(b"|")
)  # fmt: skip


@pytest.fixture(scope="module")
def target() -> Iterator[Server]:
    with serving() as made:
        yield made


@given(st.lists(PIECES | st.binary(max_size=5), max_size=20).map(b"".join), st.booleans())
def test_whatever_bytes_come_a_grade_comes_back(target: Server, data: bytes, begun: bool) -> None:
    target.answers = {"/": (b"HTTP/1.1 " if begun else b"") + data}
    checked = go(target, "/", limits=replace(QUICK, attempts=1))
    assert (checked.grade in ("alive", "moved")) == (checked.reason in ("", "too-large", "encoded"))


@given(st.text(max_size=40), st.sampled_from(["", "http://", "https://[", "http://a.test/", "http://1."]))
def test_whatever_url_is_given_it_is_read_or_refused(text: str, before: str) -> None:
    (checked,) = check([RecordedUrl(before + text)], private=True, limits=QUICK, resolve=unknown)
    assert checked.grade == "unreachable"
    try:
        again = urls.read(urls.read(before + text).url)
    except urls.RequestError:
        return
    assert again == urls.read(before + text)


def test_every_code_is_used_and_every_text_said() -> None:
    source = "".join(Path(links.__file__).with_name(f"{m}.py").read_text("utf-8") for m in ("links", "request", "urls"))
    assert [code for code in WORDS if f'"{code}"' not in source] == []
    assert links.words("gone", "en") == "gone"
