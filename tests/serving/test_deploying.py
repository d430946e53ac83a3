"""The examples of docs/deploying.md, taken from there: nginx in front by a base path, and the unit of systemd."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from support.places import ROOT
from support.serving import Server, serving

DOCUMENT = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")


def example(syntax: str) -> str:
    """The first block of the document in a syntax."""
    found = re.search(rf"```{syntax}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def behind(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """A server under a path, and nginx in front of it: by its port, and the server itself, for its log."""
    folder = tmp_path_factory.mktemp("proxied")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(release, "--url", "https://data.example.org/open/data/", cache=folder / "cache") as own:
        conf = example("nginx").replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        conf = conf.replace("location / {", "location /open/data/ {").replace(":8000;", f":{own.port};")
        assert str(port) in conf
        assert str(own.port) in conf
        places = "".join(f"{n}_temp_path {folder}/{n}; " for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root; " if os.getuid() == 0 else ""
        around = f"{user}pid {folder}/pid; error_log {folder}/errors; daemon off; events {{}}"
        text = f"{around} http {{ access_log off; {places} {conf} }}"
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        process = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            yield replace(own, port=port), own
        finally:
            process.terminate()
            process.wait(10)


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed; .ci/run installs it")
def test_nginx_in_front(behind: tuple[Server, Server], release: Path) -> None:
    """Through it: pages, dumps with ranges, items by negotiation, queries by both methods, refusals with their reason."""
    nginx, _ = behind
    host = {"host": "data.example.org"}
    base = "/open/data/minimal"
    dump = (release / "minimal.ttl").read_bytes()
    assert nginx.ask(f"{base}/minimal.ttl", **host).body == dump
    part = nginx.ask(f"{base}/minimal.ttl", range="bytes=3-9", **host)
    assert (part.status, part.body) == (206, dump[3:10])
    tag = nginx.ask(f"{base}/minimal.ttl", accept_encoding="gzip", **host).headers["etag"]
    assert nginx.ask(f"{base}/minimal.ttl", accept_encoding="gzip", if_none_match=tag, **host).status == 304
    for media in ("text/html", "text/turtle", "application/rdf+xml"):
        assert nginx.ask(f"{base}/statistic/no-car", accept=media, **host).media == media
    page = nginx.ask(f"{base}/query.html", **host)
    assert 'rel="service-desc"' in page.headers["link"]
    form = "application/x-www-form-urlencoded"
    asked = nginx.ask("/open/data/sparql", "POST", b"query=ASK{?s%20?p%20?o}", content_type=form, **host)
    assert json.loads(asked.body)["boolean"] is True
    pairs = "SELECT%20*{?a%20?b%20?c.?d%20?e%20?f}LIMIT%2030000"
    rows = nginx.ask(f"/open/data/sparql?query={pairs}", accept="text/csv", **host)
    assert rows.body.count(b"\n") == 30_001
    refused = nginx.ask("/open/data/sparql?query=nonsense", **host)
    assert (refused.status, refused.media) == (400, "application/problem+json")
    assert nginx.ask("/open/data/", **host).headers["location"].endswith("/open/data/minimal/")
    described = json.loads(nginx.ask("/open/data/openapi.json", **host).body)
    assert described["servers"] == [{"url": "https://data.example.org/open/data"}]
    assert nginx.ask("/elsewhere", **host).status == 404


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed; .ci/run installs it")
def test_who_asks_is_who_asks_nginx(behind: tuple[Server, Server]) -> None:
    """An address that a client makes up in X-Forwarded-For is not believed."""
    nginx, own = behind
    nginx.ask("/open/data/health", x_forwarded_for="203.0.113.9", host="data.example.org", user_agent="forger")
    said: list[dict[str, str]] = []
    end = time.monotonic() + 10
    while not said and time.monotonic() < end:  # the log comes after the answer
        said = [json.loads(line) for line in own.log.read_text(encoding="utf-8").splitlines() if "forger" in line]
        time.sleep(0.05)
    assert [line["client"] for line in said] == ["127.0.0.1"]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """Every line of it is known, and its command can be started."""
    unit = tmp_path / "openproposals.service"
    text = example("ini").replace("/srv/openproposals/.venv/bin/openproposals", sys.executable)
    unit.write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    own = [line for line in done.stderr.splitlines() if "openproposals.service" in line]
    assert (done.returncode, own) == (0, [])
    unit.write_text(text.replace("DynamicUser=", "DynamicUsr="), encoding="utf-8")
    wrong = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    assert "DynamicUsr" in wrong.stderr
