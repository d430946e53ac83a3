"""What is served at one moment, and how it is replaced by what comes after it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from openproposals.errors import OpenproposalsError, UsageError
from openproposals.guards import child
from openproposals.progress import SILENT, Progress
from openproposals.release.published import Release, open_release
from openproposals.serving import entities, example_making, offering, store
from openproposals.serving.entities import Entities
from openproposals.serving.kept_answers import ExampleBounds, KeptAnswers
from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.offers import Offer
from openproposals.serving.pool import Pool, QueryBounds
from openproposals.serving.requests import Refused
from openproposals.serving.store import StoreFolder

RESERVED = frozenset({"health", "sparql", "update", "query", "search", "reconcile", "oembed", "openapi.json"})
_VERSION = re.compile(r"(?!\.)[A-Za-z0-9._+-]{0,100}")  # what may stand in an address
_ANSWERS = 32 << 20  # bytes of answers to queries that are kept
_LOOK_SECONDS = 1.0  # between two looks at the releases
Log = Callable[[Mapping[str, object]], object]  # takes each event


@dataclass
class NameIndex:
    """The index of names, once it is made; None before. never: whether the releases are too large for one."""

    entities: Entities | None = None
    never: bool = False


@dataclass(frozen=True)
class Generation:
    """What is served at one moment: each release by its place, the store of them all, and what it has answered.

    answers: of late, in memory. examples: to the example questions, on the disk.
    """

    offers: Mapping[str, Offer]
    store: StoreFolder
    pool: Pool
    index: NameIndex
    examples: KeptAnswers
    beside: Sequence[asyncio.Task[None]]
    answers: MemoryCache = field(default_factory=lambda: MemoryCache(_ANSWERS))

    @property
    def corpora(self) -> list[str]:
        """The names of the corpora."""
        return [offer.name for offer in self.offers.values() if not offer.beside]

    @property
    def space(self) -> str:
        """The IRI with which all IRIs of what is served begin; "" where there are several."""
        bases = {offer.base for offer in self.offers.values()}
        return bases.pop() if len(bases) == 1 else ""

    def placed(self, path: str) -> tuple[Offer, str | None] | None:
        """The release under a request's path, and the name in it; the name is None where the slash is missing."""
        parts = path[1:].split("/", 3)
        for depth in (3, 1):
            offer = self.offers.get("/".join(parts[:depth]))
            if offer:
                name = path[len(offer.place) + 1 :]
                return offer, name[1:] if name else None
        return None

    async def end(self) -> None:
        """Let its queries finish, then give its store up."""
        for each in self.beside:
            each.cancel()
        await asyncio.gather(*self.beside, return_exceptions=True)
        await self.pool.close()
        self.store.in_use.close()


class Generations:
    """The generation of now. A request takes it once, and sees nothing of its successor.

    whole: called when all that a generation holds in memory is there.
    """

    def __init__(
        self,
        releases: Sequence[Release],
        kept: Path,
        bounds: QueryBounds,
        examples: ExampleBounds | None = None,
        whole: Callable[[], object] = lambda: None,
    ) -> None:
        self._releases, self._kept, self._bounds = releases, kept, bounds
        self._examples, self._whole = examples or ExampleBounds(), whole
        self._stamps = [offering.stamp(release) for release in releases]
        self._ending: set[asyncio.Task[None]] = set()
        self.now: Generation

    async def start(self, prepared: Prepared, log: Log) -> None:
        """Begin with what was made before. Raises CannotGoOn, OutOfBounds: no worker can be started."""
        self.now = await self._opened(prepared, log)

    async def watch(self, log: Log) -> None:
        """Look at the releases again and again; where one was replaced, make the next generation and take it."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                stamps = await asyncio.to_thread(lambda: [offering.stamp(release) for release in self._releases])
                if stamps == self._stamps:
                    continue
                again = [open_release(release.folder) for release in self._releases]
                prepared = await asyncio.to_thread(prepare, again, self._kept, SILENT)
                coming = await self._opened(prepared, log)
            except Exception as error:  # the old generation stays; the next look may find it whole
                self._say(log, error)
                continue
            going, self.now, self._stamps = self.now, coming, stamps
            task = asyncio.create_task(going.end())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
            log({"event": "replaced", "releases": {place: offer.version for place, offer in coming.offers.items()}})

    async def close(self) -> None:
        """End the workers of every generation."""
        await asyncio.gather(self.now.end(), *self._ending)

    async def _opened(self, prepared: Prepared, log: Log) -> Generation:
        first = [offer.graph for offer in prepared.offers.values() if not offer.beside]
        large = sum(prepared.store.graphs.values()) >= self._examples.least
        graphs = [*prepared.store.graphs] if large else []
        kept = await asyncio.to_thread(KeptAnswers.of, prepared.store.folder.with_name("answers"), first, graphs)
        pool = Pool(prepared.store.folder, first, self._bounds)
        try:
            await pool.start()
        except BaseException:
            await pool.close()
            prepared.store.in_use.close()
            raise
        index = NameIndex()
        indexing = asyncio.create_task(_index(pool, index))
        answering = asyncio.create_task(self._answer(indexing, prepared.store.folder, kept, log))
        return Generation(prepared.offers, prepared.store, pool, index, kept, [indexing, answering])

    async def _answer(self, indexing: asyncio.Task[None], store: Path, kept: KeptAnswers, log: Log) -> None:
        """Answer the example questions beforehand, once the index is made; what is not answered, is asked as any."""
        await asyncio.wait([indexing])
        self._whole()
        if not kept.questions:
            return
        said: dict[str, object] = {"event": "examples"}
        try:
            await example_making.made(store, kept, self._examples)
        except (OpenproposalsError, child.OutOfBounds, OSError) as error:
            said["reason"] = str(error)
        log(said | kept.count)

    _said = ""

    def _say(self, log: Log, error: Exception) -> None:
        """Tell once why the old generation stays."""
        if self._said != str(error):
            self._said = str(error)
            log({"event": "kept", "reason": str(error)})


async def _index(pool: Pool, index: NameIndex) -> None:
    """Ask the store for the names, and make the index of them; where all workers are busy, again and again.

    There is none where the store does not answer within a query's bounds, or holds too many names.
    """
    while True:
        try:
            names = await pool.asked(entities.NAMES)
            if names.count(b"\n") <= entities.MOST:
                figures, trail = await pool.asked(entities.FIGURES), await pool.asked(entities.TRAIL)
                index.entities = await asyncio.to_thread(entities.Entities.of, names, figures, trail)
            index.never = index.entities is None
            return
        except OpenproposalsError:
            index.never = True
            return
        except Refused:
            await asyncio.sleep(_LOOK_SECONDS)


@dataclass(frozen=True)
class Prepared:
    """The files and the store of a generation, before its workers are started."""

    offers: Mapping[str, Offer]
    store: StoreFolder


def prepare(releases: Sequence[Release], kept: Path, progress: Progress) -> Prepared:
    """Make pages and a store of releases, or take those that are kept.

    The first release of a corpus is served under its name, any other under its version. Raises UsageError: releases
    that cannot be served, or two of one version; ReleaseError and CannotGoOn: the disk does
    not take what is made; ChangedError: a release is being replaced.
    """
    found: dict[str, Offer] = {}
    for release in releases:
        offer = offering.offer(release, kept, progress)
        first = found.get(offer.name)
        if first:
            offer = replace(offer, beside=True)
        taken = offer.place in found or (first is not None and first.version == offer.version)
        if taken or offer.name in RESERVED or (first and not _VERSION.fullmatch(offer.version)):
            raise UsageError("serve-twice", corpus=offer.name, version=offer.version)
        found[offer.place] = offer
    return Prepared(found, store.built([*found.values()], kept, progress))
