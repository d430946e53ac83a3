"""Load on a server of this machine: wrk as fast as it goes or at a rate, idle connections, queries that never end."""

from __future__ import annotations

import re
import resource
import select
import socket
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit

DEATH = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d && ?d != ?g) }"
_LUA = """local n, base, path = os.time() * 1000000, "%s", "%s"
request = function()
  n = n + 1
  return wrk.format("GET", path .. string.format(base, n %% %d + 1, n), {["X-Forwarded-For"] = "203.0.113.1"})
end
"""
_DELAY = """function delay() return %d end
"""
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


def load(url: str, pattern: str, many: int, connections: int, seconds: int, rate: float = 0) -> dict[str, float]:
    """What wrk measures with one thread: `rate` in requests a second, `p50_ms`, `p99_ms`, `failed` (no 2xx, or none).

    pattern: of the paths, with %02d for a number from 1 to `many`, then, if need be, %d for one that never comes again.
    rate: to be kept, 0 for as many as are answered.
    """
    address = urlsplit(url)
    script = _LUA % (pattern, address.path, many) + (_DELAY % round(1000 * connections / rate) if rate else "")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        options = ["-t1", f"-c{connections}", f"-d{seconds}", "--timeout", "30s", "--latency", "-s", file.name]
        command = ["wrk", *options, f"{address.scheme}://{address.netloc}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    lost = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    return {
        "rate": float(_found(r"Requests/sec:\s*([\d.]+)", said)),
        "p50_ms": _milliseconds(_found(r"(?m)^\s*50%\s+(\S+)", said)),
        "p99_ms": _milliseconds(_found(r"(?m)^\s*99%\s+(\S+)", said)),
        "failed": (int(failed[1]) if failed else 0) + (sum(map(int, lost.groups())) if lost else 0),
    }


def _found(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    assert found, said
    return found[1]


def _milliseconds(text: str) -> float:
    found = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text)
    assert found, text
    return round(float(found[1]) * _UNITS[found[2]], 2)


@contextmanager
def idle(port: int, wanted: int) -> Iterator[list[socket.socket]]:
    """Connections that each had an answer to /, and then say nothing; as many as can be had."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held: list[socket.socket] = []
    try:
        with suppress(OSError):
            for _ in range(wanted):
                connection = socket.create_connection(("127.0.0.1", port), 5)
                held.append(connection)
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                connection.recv(1 << 16)
        yield held
    finally:
        for connection in held:
            connection.close()


def open_still(held: list[socket.socket]) -> int:
    """How many of them the server has not closed."""
    poll, numbers = select.poll(), {}
    for connection in held:
        numbers[connection.fileno()] = connection
        poll.register(connection, select.POLLIN)
    return len(held) - len(poll.poll(0))


@contextmanager
def death(url: str, many: int) -> Iterator[Counter[int]]:
    """So many queries that never end, each from an address of its own; what was answered, by status (0: nothing)."""
    said, address = Counter[int](), urlsplit(url)

    def ask(number: int) -> None:
        connection = HTTPConnection(address.netloc, timeout=120)
        try:
            headers = {"X-Forwarded-For": f"198.51.100.{number}", "Accept": "text/csv"}
            connection.request("GET", f"{address.path}?query={quote(DEATH)}", headers=headers)
            said[connection.getresponse().status] += 1
        except (OSError, HTTPException):
            said[0] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(1, many + 1)]
    for thread in threads:
        thread.start()
    yield said
