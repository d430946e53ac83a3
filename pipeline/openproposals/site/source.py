"""In: a release's folder, as the pages want it: its graphs, its tables and its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from openproposals.errors import UsageError
from openproposals.guards import files
from openproposals.model.rdf import Blank, Named, Triple
from openproposals.release import published, triples
from openproposals.release.ours import SUMS
from openproposals.site.nodes import Graph, Node


@dataclass(frozen=True)
class SiteData:
    """A release as the pages want it. `whole` holds records, vocabulary and catalogue, for labels and links."""

    folder: Path
    name: str
    base: str
    records: Graph
    vocabulary: Graph
    whole: Graph
    package: dict[str, Any]

    @property
    def dataset(self) -> Node:
        """The release's own node."""
        return self.whole.node(self.base)

    @cached_property
    def triples(self) -> int:
        """How many triples the record dump has."""
        return sum(map(len, self.records.of.values()))

    @cached_property
    def uses(self) -> Counter[str]:
        """How often each IRI stands in the record dump, as a property or as what one leads to."""
        said = [pair for pairs in self.records.of.values() for pair in pairs]
        return Counter([name for name, _ in said] + [value.value for _, value in said if isinstance(value, Named)])

    def size(self, name: str) -> int:
        """A file's size in bytes, 0 where it is not there."""
        path = self.folder / name
        return path.stat().st_size if path.is_file() else 0

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every file of the release but its sums and what would stand in a page's place; links are not followed."""
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and not path.is_symlink() and name != SUMS and path.suffix != ".html":
                yield name, path


def read(release: published.Release) -> SiteData:
    """Read a release. Raises UsageError: a site, or a release without a dataset."""
    folder, name = release.folder, release.name
    if release.is_site:
        raise UsageError(
            f"{folder} is a site, not a release",
            why="pages are made of a release",
            mend="give the release it was made of",
        )
    records = _parsed(folder / f"{name}.ttl")
    vocabulary = _parsed(folder / "vocabulary.ttl")
    graph = Graph.made(records)
    datasets = graph.kind("dcat:Dataset")
    if not datasets:
        raise UsageError(f"{folder} describes no dataset", mend="publish the corpus again")
    whole = Graph.made([*records, *vocabulary])
    return SiteData(folder, name, datasets[0].iri, graph, Graph.made(vocabulary), whole, release.package)


def _parsed(path: Path) -> list[Triple]:
    try:
        data = files.data(path, follow=False)
    except OSError as error:
        raise UsageError(f"{path} cannot be read", why=str(error), mend="publish the corpus again") from error
    return list(_renamed(triples.read(data, "turtle", str(path))))


def _renamed(given: list[Triple]) -> Iterator[Triple]:
    """Blank nodes named in the order in which they come: a parser names them at random, and pages repeat them."""
    names: dict[str, Blank] = {}

    def named(blank: Blank) -> Blank:
        return names.setdefault(blank.value, Blank(f"_:b{len(names)}"))

    for subject, predicate, value in given:
        named_ = named(subject) if isinstance(subject, Blank) else subject
        yield named_, predicate, named(value) if isinstance(value, Blank) else value
