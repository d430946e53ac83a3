"""Processes that make the pages of a site side by side: what each is told, and what it answers.

The release is laid down as columns in a room beside the site, which every process maps. A task is a request; the answer
is the size and the sum of each file that was written in the draft, in the order of the names that the task says.
"""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openproposals.guards import files, parsing
from openproposals.guards.frames import FrameSink, OpenedTask
from openproposals.release.ours import FileDigest
from openproposals.release.write import not_written
from openproposals.site.graph_columns import Columns
from openproposals.site.nodes import Graph
from openproposals.site.page_making import MadeFile, Offers, PageMaker
from openproposals.site.pages import Page
from openproposals.site.source import SiteData

WORK = f"{__name__}:opened"
_STATE, _PARTS = "site.json", ("records", "vocabulary", "catalogue")


def lay(room: Path, found: SiteData, pages: Sequence[Page]) -> None:
    """Write into a room what `opened` needs."""
    graphs = (found.records, found.vocabulary, found.catalogue)
    for name, graph in zip(_PARTS, graphs, strict=True):
        graph.parts[0].write(room / name)
    state = {
        "folder": str(found.folder),
        "name": found.name,
        "base": found.base,
        "package": found.package,
        "published": {name: [each.size, each.sha256] for name, each in found.published.items()},
        "pages": [[page.kind, page.node.iri, page.path] for page in pages],
    }
    with files.created(room / _STATE) as file:
        file.write(json.dumps(state).encode())


def mapped(room: Path) -> PageMaker:
    """What makes the pages of the site that was laid down in a room; its pages come without their data."""
    state: dict[str, Any] = parsing.from_json(files.data(room / _STATE))
    records, vocabulary, catalogue = (Graph((Columns.mapped(room / name),)) for name in _PARTS)
    whole = records.with_(vocabulary)
    published = {name: FileDigest(*each) for name, each in state["published"].items()}
    found = SiteData(
        Path(state["folder"]),
        state["name"],
        state["base"],
        records,
        vocabulary,
        whole,
        state["package"],
        published,
        (),
        catalogue,
    )
    return PageMaker(found, [Page(kind, whole.node(iri), path, ()) for kind, iri, path in state["pages"]])


@dataclass(frozen=True)
class PageTask:
    """Pages to be made, from a place in the plan on: of each, what is about it and the nodes that lead to it."""

    first: int
    about: Sequence[Any]
    leads: Sequence[Sequence[str]]
    offers: Offers

    def request(self) -> bytes:
        """As a child is asked."""
        offers = [self.offers.has_engine, self.offers.checks, self.offers.fails]
        about = [[[part, list(numbers)] for part, numbers in each] for each in self.about]
        return json.dumps(["pages", self.first, about, self.leads, offers]).encode()


def list_request(kind: str, language: str, offers: Offers) -> bytes:
    """Ask a child for the lists, or for the search index (`search`), of a language."""
    return json.dumps([kind, language, [offers.has_engine, offers.checks, offers.fails]]).encode()


PASSAGES = json.dumps(["passages"]).encode()


def opened(room: str, draft: str, target: str) -> OpenedTask:
    """The work of a child, for the site `target`: it answers with digests of what it has written, or sends files."""
    maker, write = mapped(Path(room)), _Writer(Path(draft))

    gc.freeze()

    def answer(request: bytes, sink: FrameSink) -> None:
        kind, *given = json.loads(request)
        try:
            if kind == "passages":
                sink.write(maker.passages())
            elif kind == "pages":
                sink.write(json.dumps([write(*each) for each in _items(maker, *given)]).encode())
            else:
                language, offers = given
                made = maker.search(language) if kind == "search" else maker.lists(language, Offers(*offers))
                for name, data in made:
                    sink.write(json.dumps([name, len(data)]).encode() + b"\n" + data)
        except OSError as error:
            raise not_written(error, target) from error

    return OpenedTask(answer)


def digests(answer: bytes) -> Iterator[tuple[str, FileDigest]]:
    """What a child has written, by name."""
    return ((name, FileDigest(size, sha256)) for name, size, sha256 in json.loads(answer))


def made(answer: bytes) -> Iterable[MadeFile]:
    """The files that a child sends."""
    place = 0
    while place < len(answer):
        end = answer.index(b"\n", place)
        name, size = json.loads(answer[place:end])
        yield name, answer[end + 1 : end + 1 + size]
        place = end + 1 + size


def _items(
    maker: PageMaker, first: int, about: Sequence[Any], leads: Sequence[Sequence[str]], offers: Sequence[bool]
) -> Iterator[MadeFile]:
    for number, (parts, iris) in enumerate(zip(about, leads, strict=True), start=first):
        page = replace(maker.pages[number], about=tuple((part, numbers) for part, numbers in parts))
        yield from maker.item(page, iris, Offers(*offers))


class _Writer:
    """Writes files into a draft; calling it answers a file's name, size and sum."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: set[str] = set()

    def __call__(self, name: str, data: bytes) -> tuple[str, int, str]:
        under = name.rpartition("/")[0]
        if under not in self._made:
            (self._folder / under).mkdir(parents=True, exist_ok=True)
            self._made.add(under)
        with files.created(self._folder / name) as file:
            file.write(data)
        return name, len(data), hashlib.sha256(data).hexdigest()
