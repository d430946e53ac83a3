"""The store that queries are asked of: on the disk, built from dumps in a child, kept by the digest of what is in it.

A store is built under a name of its own and gets its place by renaming: there is a whole one or none. Each release has
a graph of its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import hashlib
import json
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from openproposals.errors import CannotGoOn, UsageError, reason
from openproposals.guards import child, files
from openproposals.model.rdf import FORMATS
from openproposals.progress import Progress
from openproposals.release.published import SYNTAXES
from openproposals.serving.offers import Offer

_WORK = "openproposals.serving.store:child_build"
_MEMORY = 8 << 30  # address space; what is held is less by far: most of it is only reserved
_SECONDS, _BYTES_A_SECOND = 120, 100_000
_LAYOUT = f"1 {ox.__version__}"  # a store of another layout is built anew


@dataclass(frozen=True)
class StoreFolder:
    """A store on the disk: its folder, the triples in each graph by its IRI, and the file that says it is in use."""

    folder: Path
    graphs: Mapping[str, int]
    in_use: BufferedRandom


def built(offers: Sequence[Offer], kept: Path, progress: Progress) -> StoreFolder:
    """The store of these releases: the one that is kept, else a new one.

    Raises CannotGoOn: it cannot be built here; UsageError: a dump that cannot be read; ChangedError: a release is being
    replaced.
    """
    given = [
        [offer.graph, str(offer.files[name].path), offer.files[name].sha256] for offer in offers for name in offer.dumps
    ]
    digest = hashlib.sha256(json.dumps([_LAYOUT, [[graph, sha256] for graph, _, sha256 in given]]).encode())
    stores = kept / "stores"
    target = stores / digest.hexdigest()[:32]
    try:
        stores.mkdir(parents=True, exist_ok=True)
        with locked(stores / "lock"):
            _swept(stores, target.name)
            if target.is_dir():
                progress.stage("kept_store")
            else:
                progress.stage("store")
                _build(given, offers, target)
            in_use = _held(target)
        graphs = json.loads(files.data(target / "graphs.json", follow=False, most=1 << 20))
    except (OSError, ValueError) as error:
        raise CannotGoOn("store-not-built", folder=stores, because=reason(error)) from error
    return StoreFolder(target / "store", graphs, in_use)


def _build(given: Sequence[Sequence[str]], offers: Sequence[Offer], target: Path) -> None:
    draft = target.with_name(f"{target.name}.draft")
    draft.mkdir()
    size = sum(offer.files[name].size for offer in offers for name in offer.dumps)
    bounds = child.Bounds(_MEMORY, _SECONDS + size / _BYTES_A_SECOND, sealed=False, writes=True)
    try:
        graphs = child.run(_WORK, json.dumps([[g, p] for g, p, _ in given]).encode(), bounds, (str(draft / "store"),))
        for offer in offers:
            for name in offer.dumps:
                offer.files[name].opened().close()  # what was loaded is what was looked at
        files.replace(draft / "graphs.json", graphs)
        files.sync(draft)
        draft.rename(target)
        files.sync(target.parent)
    except child.OutOfBounds as stopped:
        raise CannotGoOn("store-not-built", folder=target.parent, because=stopped.reason) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def child_build(payload: bytes, arguments: Sequence[str]) -> bytes:
    """The work of the child: load dumps into a new store.

    payload: pairs of a graph and the path of a dump, as JSON. arguments: the store's folder. Gives the triples in each
    graph, as JSON. Raises UsageError: a dump that is not in its syntax; CannotGoOn: the disk takes no more.
    """
    graphs: dict[str, int] = {}
    try:
        store = ox.Store(arguments[0])
        for graph, path in json.loads(payload):
            syntax, into = FORMATS[SYNTAXES[Path(path.removesuffix(".gz")).suffix]], ox.NamedNode(graph)
            try:
                if path.endswith(".gz"):
                    with files.opened(Path(path)) as packed, gzip.GzipFile(fileobj=packed) as dump:
                        store.bulk_load(input=cast("IO[bytes]", dump), format=syntax, to_graph=into)
                else:
                    store.bulk_load(path=path, format=syntax, to_graph=into)
            except (SyntaxError, ValueError, EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise UsageError("dump-syntax", name=path, syntax=str(syntax), because=reason(error)) from error
            graphs[graph] = 0
        store.optimize()
        store.flush()
        for graph in graphs:
            name = ox.NamedNode(graph)
            found = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", default_graph=[name])
            assert isinstance(found, ox.QuerySolutions)
            graphs[graph] = int(next(found)["n"].value)
    except OSError as error:
        raise CannotGoOn("store-not-built", folder=arguments[0], because=reason(error)) from error
    return json.dumps(graphs).encode()


def _swept(stores: Path, kept: str) -> None:
    """Remove what other runs left unfinished, and stores that nobody uses but the one that is wanted."""
    for found in stores.iterdir():
        if found.is_symlink() or not found.is_dir() or found.name == kept:
            continue
        with contextlib.suppress(OSError), locked(found / "in-use", wait=False):
            shutil.rmtree(found, ignore_errors=True)
        if found.suffix == ".draft":
            shutil.rmtree(found, ignore_errors=True)


def _held(target: Path) -> BufferedRandom:
    """The file by which a store is seen to be in use, locked as long as it is open."""
    file = files.lockable(target / "in-use")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a lock file alone. Raises BlockingIOError where another process holds it and it is not waited for."""
    with files.lockable(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
