"""A server on a free port of this machine, as a user starts it; and requests to it, byte for byte."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from support.places import ROOT


@dataclass(frozen=True)
class HttpAnswer:
    """An answer: its status, its headers in lower case, its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """Its media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Server:
    """A running server: its port and its process."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)
    log: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, timeout: float = 60, **headers: str
    ) -> HttpAnswer:
        """Send a request; header names are written with _ for -."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return HttpAnswer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def raw(self, data: bytes, seconds: float = 20) -> bytes:
        """Send bytes; everything that comes back until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.port), seconds) as connection:
            connection.sendall(data)
            said = bytearray()
            with contextlib.suppress(ConnectionError):
                while piece := connection.recv(1 << 16):
                    said += piece
            return bytes(said)


@contextlib.contextmanager
def serving(*arguments: str | Path, cache: Path, **environment: str) -> Iterator[Server]:
    """A server of these releases, which is stopped at the end as systemd stops one."""
    command = [sys.executable, "-m", "openproposals", "serve", *map(str, arguments), "--port", "0", "--cache", cache]
    log = cache.parent / f"{cache.name}.log"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))} | environment
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, cwd=ROOT, env=env)
    assert process.stderr
    ended = threading.Timer(60, process.kill)  # a server that does not come is a failure, and no waiting
    ended.start()
    try:
        said = b""
        for line in process.stderr:
            said += line
            if found := re.search(rb"answering at http://[^/]*:(\d+)/", line):
                break
        else:
            raise AssertionError(said.decode())
        ended.cancel()
        yield Server(int(found[1]), process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            process.kill()
            process.stderr.close()
    assert process.returncode == 0
