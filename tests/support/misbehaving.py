"""A web server on this machine that answers with whatever bytes a test gives it, and remembers what it was asked."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = bytes | Callable[[socket.socket], None]


def ok(body: bytes = b"hello", *headers: str, status: str = "200 OK") -> bytes:
    """A well-formed answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def to(location: str, status: int = 301) -> bytes:
    """A redirect."""
    return ok(b"", f"Location: {location}", status=f"{status} Elsewhere")


class Server(socketserver.ThreadingTCPServer):
    """`answers`: by path, one answer, or a list of them, one a request. The rest is what was seen."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, 0), _Handler)
        self.tls, self.port, self.lock = tls, self.server_address[1], threading.Lock()
        self.answers: dict[str, Answer | list[Answer]] = {}
        self.asked: list[str] = []
        self.spans: list[tuple[str, float, float]] = []
        self.now, self.most = Counter[str](), Counter[str]()

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        """The address of a path here."""
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [head.split(" ")[1] for head in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: the other side hangs up on purpose."""


class _Handler(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        sock: socket.socket = self.request
        sock.settimeout(5)
        if self.server.tls:
            sock = self.server.tls.wrap_socket(sock, server_side=True)
        head = b""
        while b"\r\n\r\n" not in head:
            data = sock.recv(65536)
            if not data:
                return
            head += data
        text = head.decode("latin-1")
        host = next(line[6:].rsplit(":", 1)[0] for line in text.split("\r\n") if line.startswith("Host: "))
        with self.server.lock:
            self.server.asked.append(text)
            path = text.split(" ")[1]
            answer = self.server.answers.get(path, ok(b"", status="404 Not Found"))
            if isinstance(answer, list):
                answer = answer.pop(0)
            for key in (host, ""):
                self.server.now[key] += 1
                self.server.most[key] = max(self.server.most[key], self.server.now[key])
        begun = time.monotonic()
        try:
            if callable(answer):
                answer(sock)
        finally:
            with (
                self.server.lock
            ):  # before the answer's end can be seen: plain bytes go last, the others end by closing
                for key in (host, ""):
                    self.server.now[key] -= 1
                self.server.spans.append((host, begun, time.monotonic()))
            with suppress(OSError):
                if isinstance(answer, bytes):
                    sock.sendall(answer)
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


@contextmanager
def serving(address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server for the length of a test."""
    with Server(address, tls) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
