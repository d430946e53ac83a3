"""The pages of a site made here, or by several processes side by side: the same files, whoever makes them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from openproposals.errors import CannotGoOn, UsageError
from openproposals.guards import child, frames
from openproposals.guards.child import Bounds, OutOfBounds
from openproposals.guards.lasting import LastingChild
from openproposals.progress import Progress
from openproposals.release import workspace
from openproposals.release.write import Draft
from openproposals.site import working
from openproposals.site.page_making import Offers, PageMaker, item_names, list_names
from openproposals.site.pages import Page, shown_on

_FEW = 3_000  # pages, below which they are made here: another process takes half a second to begin
_MOST = 8  # processes
_AT_ONCE = 50  # pages of a task
_MEMORY = 6 << 30  # bytes of address space of a process, most of it only reserved: the table engine takes some
_ROOM = 8  # times the bytes of the dump that a process may map beyond that

_Known = asyncio.Future[tuple[Offers, UsageError | None]]  # what pages offer, once the passages were sought


@dataclass(frozen=True)
class PageWork:
    """The pages to be made, and where they are written."""

    maker: PageMaker
    draft: Draft
    progress: Progress
    has_engine: bool

    def total(self, offers: Offers) -> int:
        """How many pages there are, in all languages."""
        return len(self.maker.found.languages) * (len(self.maker.pages) + len(list_names(checks=offers.checks)))

    def each(self) -> Iterator[tuple[Page, Sequence[str]]]:
        """Every page with the nodes that lead to it: it is the first to show them."""
        seen: set[str] = set()
        for page in self.maker.pages:
            leads = [iri for iri, _ in shown_on(page, self.maker.found.base) if iri not in seen]
            seen.update(leads)
            yield page, leads


def done(work: PageWork, out: Path, processes: int | None) -> tuple[Offers, UsageError | None]:
    """Make the pages, and give what they offer, and why there is no page that looks for passages, if there is none.

    Raises CannotGoOn: a process ended before its time, or none can be started.
    """
    many = work.total(Offers(work.has_engine)) >= _FEW
    count = processes or (min(_MOST, os.cpu_count() or 1) if many else 1)
    if count == 1:
        return _alone(work)
    with workspace.room(out) as room:
        working.lay(room, work.maker.found, work.maker.pages)
        return asyncio.run(_Team(work, room, out.name, count).done())


def _alone(work: PageWork) -> tuple[Offers, UsageError | None]:
    sought, unsought = b"", None
    try:
        sought = work.maker.passages()
    except UsageError as reason:
        unsought = reason.with_traceback(None)  # which holds the tables as far as they were read
    offers = _offers(work, sought, unsought)
    languages = work.maker.found.languages
    count, total = 0, work.total(offers)
    for page, leads in work.each():
        for name, data in work.maker.item(page, leads, offers):
            work.draft.write(name, data)
        count += len(languages)
        work.progress.rows(count, total)
    for language in languages:
        for name, data in (*work.maker.lists(language, offers), *work.maker.search(language)):
            work.draft.write(name, data)
        count += len(list_names(checks=offers.checks))
        work.progress.rows(count, total)
    return offers, unsought


def _offers(work: PageWork, sought: bytes, unsought: UsageError | None) -> Offers:
    if sought:
        work.draft.write("assets/passages.json", sought)
    return Offers(work.has_engine, checks=bool(sought), fails=unsought is not None)


class _Team:
    """Processes that make pages. They end when this run does, however it ends."""

    def __init__(self, work: PageWork, room: Path, target: str, count: int) -> None:
        self._work, self._count = work, count
        self._arguments = [str(room), str(work.draft.folder), target]
        size = work.maker.found.size(f"{work.maker.found.name}.ttl")
        self._bounds = Bounds(_MEMORY + _ROOM * size, 0, sealed=False, writes=True)
        self._languages = work.maker.found.languages
        self._tasks: Iterator[_Task] = iter(())
        self._made, self._total = 0, 0

    async def done(self) -> tuple[Offers, UsageError | None]:
        """Make all files: one process seeks passages, another makes the search index; then all make pages."""
        known: _Known = asyncio.get_running_loop().create_future()
        others = (self._pages_of(known) for _ in range(self._count - 2))
        try:
            await _together(self._seeking(known), self._indexing(known), *others)
        except OutOfBounds:
            raise CannotGoOn("site-process") from None
        return known.result()

    async def _seeking(self, known: _Known) -> None:
        """Let a process look for the passages. It ends then, since it alone reads tables; another makes pages."""
        async with self._begun() as maker:
            try:
                sought, unsought = await _answer(maker, working.PASSAGES), None
            except UsageError as reason:
                sought, unsought = b"", reason
        offers = _offers(self._work, sought, unsought)
        self._tasks = chain(self._lists(offers), self._pages(offers))
        self._total = self._work.total(offers)
        known.set_result((offers, unsought))
        await self._pages_of(known)

    async def _indexing(self, known: _Known) -> None:
        async with self._begun() as maker:
            for language in self._languages:
                self._take(await _answer(maker, working.list_request("search", language, Offers(has_engine=False))))
            await self._share(maker, known)

    async def _pages_of(self, known: _Known) -> None:
        async with self._begun() as maker:
            await self._share(maker, known)

    async def _share(self, maker: LastingChild, known: _Known) -> None:
        """Let a process make what no other does, once it is known what pages offer, until there is nothing left."""
        await asyncio.shield(known)
        for task in self._tasks:
            self._work.draft.expect(task.names)
            answer = await _answer(maker, task.request)
            if task.names:
                self._work.draft.entries.update(working.digests(answer))
            else:
                self._take(answer)
            self._made += task.pages
            self._work.progress.rows(self._made, self._total)

    def _lists(self, offers: Offers) -> Iterator[_Task]:
        names = len(list_names(checks=offers.checks))
        return (_Task(working.list_request("lists", each, offers), (), names) for each in self._languages)

    def _pages(self, offers: Offers) -> Iterator[_Task]:
        found = self._work.maker.found
        each = enumerate(self._work.each())
        while batch := list(islice(each, _AT_ONCE)):
            first, pages = batch[0][0], [pair for _, pair in batch]
            leads = [each for _, each in pages]
            names = [n for page, iris in pages for n in item_names(page, iris, found.base, found.languages)]
            task = working.PageTask(first, [page.about for page, _ in pages], leads, offers)
            yield _Task(task.request(), names, len(pages) * len(self._languages))

    def _take(self, answer: bytes) -> None:
        for name, data in working.made(answer):
            self._work.draft.write(name, data)

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[LastingChild]:
        maker = await LastingChild.started(working.WORK, self._arguments, self._bounds)
        try:
            yield maker
        finally:
            maker.kill()
            await maker.ended()


@dataclass(frozen=True)
class _Task:
    """What a process is asked, the files that it writes (none: it sends them), and how many pages they are."""

    request: bytes
    names: Sequence[str]
    pages: int


async def _together(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    """Work side by side; where one fails, the others are ended first."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            if not task.cancelling():  # twice would stop the ending of its process
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _answer(maker: LastingChild, request: bytes) -> bytes:
    """What a process answers. Raises an error of ours that it tells; OutOfBounds."""
    found = bytearray()
    async for kind, data in maker.ask(request):
        if kind == frames.RAISED:
            raise child.heard(data)
        found += data
    return bytes(found)
