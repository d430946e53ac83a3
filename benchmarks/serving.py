"""How many items and queries a second `serve` answers, with wrk, beside the machine's load; a store's time and memory.

python benchmarks/serving.py dist/vivre-ensemble --seconds 5
python benchmarks/serving.py dist/vivre-ensemble --peer http://127.0.0.1:8890/sparql    # a store that push filled
python benchmarks/serving.py --triples 5000000                                          # only build a store
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from openproposals.release.published import open_release
from openproposals.serving import store

ROOT = Path(__file__).parents[1]
LUA = """local n, base, path = 0, "%s", "%s"
request = function()
  n = n + 1
  return wrk.format("GET", path .. string.format(base, n %% %d + 1))
end
"""


def load(url: str, script: str, connections: int, seconds: int) -> str:
    """Requests a second and the 99th percentile, as wrk measures them, with a thread of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", file.name, url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s*([\d.]+)", said)
    late = re.search(r"99%\s*(\S+)", said)
    odd = re.search(r"Non-2xx.*", said)
    assert rate
    assert late
    return f"{float(rate[1]):7.0f} a second, p99 {late[1]}{', ' + odd[0] if odd else ''}"


def serving(release: Path, seconds: int, peer: str) -> None:
    """Items and simple queries of a release, and the same queries of a peer."""
    name, base = open_release(release).name, str(open_release(release).package["id"])
    command = [sys.executable, "-m", "openproposals", "serve", str(release), "--port", "0", "--quiet"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stderr
    try:
        url = next(found[1] for line in process.stderr if (found := re.search(r"(http://\S+)/;", line)))
        time.sleep(1)
        asked = f"SELECT * {{ <{base}statistic/S@> ?p ?o }}"
        query = f"?query={quote(asked)}".replace("%", "%%").replace("%%40", "%02d")  # for string.format
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print("items   ", load(url, LUA % ("statistic/S%02d", f"/{name}/", 26), 16, seconds))
        print("queries ", load(url, LUA % (query, "/sparql", 26), 4, seconds))
        if peer:
            host, path = re.fullmatch(r"(http://[^/]+)(/.*)", peer).groups()  # type: ignore[union-attr]
            print("peer    ", load(host, LUA % (query, path, 26), 4, seconds))
        memory = Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[1]
        print(f"memory of the server: {int(memory) * 4 >> 10} MB, workers apart")
    finally:
        process.terminate()
        process.wait()


def building(triples: int) -> None:
    """A store of so many triples of twelve properties, built as `serve` builds one."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "dump.nt"
        with dump.open("w", encoding="ascii") as file:
            for n in range(triples):
                subject = f"<http://example.org/item/{n // 12}>"
                value = (
                    f'"a text of item {n // 12}, {n}"' if n % 2 else f"<http://example.org/item/{n * 7919 % triples}>"
                )
                file.write(f"{subject} <http://example.org/property/{n % 12}> {value} .\n")
        begun = time.monotonic()
        given = json.dumps([["http://example.org/", str(dump)]]).encode()
        store.child_build(given, (str(Path(folder) / "store"),))
        seconds = time.monotonic() - begun
        size = sum(each.stat().st_size for each in Path(folder, "store").iterdir())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        text = f"{triples:,} triples, {dump.stat().st_size >> 20} MB: {seconds:.1f} s, {peak} MB"
        print(f"{text}; the store has {size >> 20} MB")
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--peer", default="", help="an endpoint that holds the same release")
    parser.add_argument("--triples", type=int, default=0)
    given = parser.parse_args()
    if given.triples:
        building(given.triples)
    if given.release:
        serving(given.release, given.seconds, given.peer)
