"""What `serve` answers in a second, how late, and what it bears, beside Oxigraph's own server; and what a store costs.

python benchmarks/serving.py dist/vivre-ensemble                                        # a minute and a half
python benchmarks/serving.py dist/vivre-ensemble --peer http://127.0.0.1:8890/sparql    # one more, filled by push
python benchmarks/serving.py --build RELEASE                                            # its store, and Oxigraph's
python benchmarks/serving.py --questions RELEASE                                        # the example questions of it

`./run bench-serve` sets up the peer and runs it. The figures are kept in benchmarks/results/serving.json, and the page
docs/benchmarks.md is written again from them.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hitting
import measuring
import page

from openproposals.progress import SILENT
from openproposals.query import examples
from openproposals.release.published import open_release
from openproposals.serving import offers, store
from openproposals.serving.pool import QueryBounds

OXIGRAPH = page.ROOT / ".venv-peers" / "bin" / "oxigraph"
ITEMS, QUERIES, MANY = 16, 4, 26  # connections; items asked for in turn
_BUILD = """import sys; from pathlib import Path
from openproposals.progress import SILENT; from openproposals.release.published import open_release
from openproposals.serving import offers, store
made = store.built([offers.of(open_release(Path(sys.argv[1])))], Path(sys.argv[2]), SILENT)
print(sum(made.graphs.values()))
"""

_ASK = """import resource, sys, time; import pyoxigraph as ox
store = ox.Store.read_only(sys.argv[1]); begun = time.process_time(); most = int(begun) + int(sys.argv[4])
resource.setrlimit(resource.RLIMIT_CPU, (most, most))
found = store.query(sys.argv[3], default_graph=[ox.NamedNode(sys.argv[2])])
size = len(found.serialize(format=ox.QueryResultsFormat.JSON)); print(time.process_time() - begun, size)
"""


@contextmanager
def ours(release: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """A server of the release: its address and process."""
    command = [sys.executable, "-m", "openproposals", "serve", release, "--port", "0", "--quiet", "--cache", folder]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        yield next(found[1] for line in process.stderr if (found := re.search(r"(http://[^/]+)/", line))), process.pid
    finally:
        process.terminate()
        process.wait()


@contextmanager
def oxigraph(dump: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """Oxigraph's own server of the same triples: its address and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    subprocess.run([OXIGRAPH, "load", "--location", folder, "--file", dump], check=True, capture_output=True)
    command = [OXIGRAPH, "serve-read-only", "--location", folder, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.kill()
        process.wait()


def borne(url: str, pid: int, reading: tuple[str, str, int], sparql: str, seconds: int, many: int) -> dict[str, Any]:
    """What readers get: as many as there may be, at half of that, beside idle connections, beside queries of death."""
    address, pattern, connections = reading
    measuring.say(f"{url}{sparql}: as fast as it goes, then at half of that")
    whole = hitting.load(address, pattern, MANY, connections, seconds)
    half = whole["rate"] / 2
    found = {"whole": whole, "half": hitting.load(address, pattern, MANY, connections, seconds, half)}
    if many:
        measuring.say(f"beside {many} idle connections")
        with hitting.idle(int(url.rpartition(":")[2]), many) as held:
            found["idle"] = hitting.load(address, pattern, MANY, connections, seconds, half)
            found["idle"] |= {"held": hitting.open_still(held), "peak_mb": measuring.resident(pid) >> 20}
    measuring.say("beside ten queries of death")
    with hitting.death(f"{url}{sparql}", 10) as said:
        time.sleep(0.5)
        found["death"] = hitting.load(address, pattern, MANY, connections, max(seconds, 10), half / 2)
        found["death"]["ended"] = {str(status): number for status, number in said.items()}
    return found


def serving(release: Path, seconds: int, many: int, peer: str) -> dict[str, Any]:
    """Items and simple queries of ours, and the same queries of the peers, one after the other."""
    opened = open_release(release)
    base = str(opened.package["id"])
    query = quote(f"SELECT * {{ <{base}statistic/S@> ?p ?o }}").replace("%", "%%").replace("%%40", "%02d")
    never = f"{query}%%23%d"  # with a comment that makes it another one
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        with ours(release, Path(folder) / "ours") as (url, pid):
            time.sleep(1)
            items = (f"{url}/{opened.name}/", "statistic/S%02d", ITEMS)
            found["items"] = borne(url, pid, items, "/sparql", seconds, many)
            time.sleep(25)  # until the queries of death are over
            found["queries"] = borne(url, pid, (f"{url}/sparql", f"?query={query}", QUERIES), "/sparql", seconds, 0)
            time.sleep(25)
            found["fresh"] = borne(url, pid, (f"{url}/sparql", f"?query={never}", QUERIES), "/sparql", seconds, 0)
        with oxigraph(opened.dump, Path(folder) / "oxigraph") as (url, pid):
            asked = (f"{url}/query", f"?query={never}", QUERIES)
            found["oxigraph"] = borne(url, pid, asked, "/query", seconds, many)
    if peer:
        found["peer"] = {"whole": hitting.load(peer, f"?query={query}", MANY, QUERIES, seconds)}
    return found


def building(release: Path) -> dict[str, Any]:
    """The store of a release as `serve` builds it, and as Oxigraph's own loader does, into a named graph too."""
    opened = open_release(release)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "said"
        mine = measuring.measured([sys.executable, "-c", _BUILD, release, f"{folder}/ours"], out=out)
        size = sum(each.stat().st_size for each in Path(folder, "ours").rglob("*") if each.is_file())
        at, graph = Path(folder) / "theirs", str(opened.package["id"])
        command = [OXIGRAPH, "load", "--location", at, "--file", opened.dump, "--graph", graph]
        theirs = measuring.measured(command)
        optimized = measuring.measured([OXIGRAPH, "optimize", "--location", at])
        for key in ("wall_s", "cpu_s"):
            theirs[key] += optimized[key]
        return {
            "triples": int(out.read_text()),
            "dump_mb": opened.dump.stat().st_size >> 20,
            "store_mb": size >> 20,
            "ours": mine,
            "oxigraph": theirs,
        }


def questions(release: Path) -> dict[str, Any]:
    """What each example question costs that is asked of a release's store, and whether a query's time suffices.

    Counted is processor time, which on a machine that does nothing else is the time that a reader waits.
    """
    opened = open_release(release)
    asked: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        made = store.built([offers.of(opened)], Path(folder), SILENT)
        for example in examples.load():
            measuring.say(example.name)
            out = Path(folder) / "said"
            given = [made.folder, str(opened.package["id"]), example.query, str(round(QueryBounds().seconds))]
            measuring.measured([sys.executable, "-c", _ASK, *given], out=out, codes=(0, -9))
            said = out.read_text().split()
            asked[example.name] = {"cpu_s": float(said[0]), "bytes": int(said[1])} if said else None
        return {"triples": sum(made.graphs.values()), "asked": asked}


def _said(program: Path) -> str:
    """The version that a program says it is."""
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--idle", type=int, default=10_000, help="connections that are held")
    parser.add_argument("--peer", default="", help="an endpoint that holds the same release")
    parser.add_argument("--questions", type=Path, help="a release of which the example questions are asked")
    parser.add_argument("--build", type=Path, help="a release of which only the store is built")
    given = parser.parse_args()
    about: dict[str, Any] = {"command": f"./run bench-serve {' '.join(sys.argv[1:])}", "machine": page.machine()}
    about["versions"] = {name: version(name) for name in ("openproposals", "pyoxigraph", "uvicorn", "h11")}
    about["versions"]["oxigraph (peer)"] = _said(OXIGRAPH)
    if given.release:
        about["serving"] = serving(given.release, given.seconds, given.idle, given.peer)
    if given.questions:
        about["questions"] = questions(given.questions)
    if given.build:
        about["building"] = building(given.build)
    print(json.dumps(about, indent=2))
    page.record_serving(about)
