"""Reading of a release for its site: its graphs, its data package and its files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from openproposals.errors import UsageError, reason
from openproposals.guards import files
from openproposals.model.rdf import Blank, Named, Triple
from openproposals.release import triples
from openproposals.release.ours import REPORT, SUMS
from openproposals.release.published import Release
from openproposals.site.nodes import Graph, GraphNode

_TITLE = re.compile("title_([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")  # a language names a folder of the site


@dataclass(frozen=True)
class SiteData:
    """A release as the pages need it. `whole` is the graph of records and vocabulary together, for labels and links."""

    folder: Path
    name: str
    base: str
    records: Graph
    vocabulary: Graph
    whole: Graph
    package: dict[str, Any]

    @property
    def dataset(self) -> GraphNode:
        """The release's own node."""
        return self.whole.node(self.base)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the release, the main one first: those in which its tables or its graph give its title."""
        fields = {r.get("name"): r.get("schema", {}).get("fields", ()) for r in self.package.get("resources", ())}
        columns = [str(field.get("name", "")) for field in fields.get("dataset", ())]
        written = [found[1] for name in columns if (found := _TITLE.fullmatch(name))]
        titles = [text.language for text in self.dataset.texts("dcterms:title") if text.language]
        return tuple(dict.fromkeys(written or titles)) or ("en",)

    @cached_property
    def triples(self) -> int:
        """How many triples the record dump has."""
        return sum(map(len, self.records.of.values()))

    @cached_property
    def uses(self) -> Counter[str]:
        """The number of times each IRI occurs in the record dump as a property or as a value."""
        said = [pair for pairs in self.records.of.values() for pair in pairs]
        return Counter([name for name, _ in said] + [value.value for _, value in said if isinstance(value, Named)])

    def size(self, name: str) -> int:
        """A file's size in bytes, 0 where it is not there."""
        path = self.folder / name
        return path.stat().st_size if path.is_file() else 0

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every file of the release but SHA256SUMS and HTML pages, as pairs of a name and a path; no symbolic links."""
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and not path.is_symlink() and name not in (SUMS, REPORT) and path.suffix != ".html":
                yield name, path


def read(release: Release) -> SiteData:
    """Read a release, of its dumps only the Turtle: pages link to `<name>.ttl` and tell readers to query it.

    Raises UsageError: a site, a file that cannot be read (which it names), or a release without a dataset.
    """
    folder, name = release.folder, release.name
    if release.is_site:
        raise UsageError("site-not-release", folder=folder)
    records = _parsed(folder / f"{name}.ttl")
    vocabulary = _parsed(folder / "vocabulary.ttl")
    graph = Graph.made(records)
    datasets = graph.kind("dcat:Dataset")
    if not datasets:
        raise UsageError("no-dataset", folder=folder)
    whole = Graph.made([*records, *vocabulary])
    return SiteData(folder, name, datasets[0].iri, graph, Graph.made(vocabulary), whole, release.package)


def _parsed(path: Path) -> list[Triple]:
    try:
        data = files.data(path, follow=False)
    except OSError as error:
        raise UsageError("release-file-unreadable", path=path, because=reason(error)) from error
    return list(_renamed(triples.read(data, "turtle", str(path))))


def _renamed(given: list[Triple]) -> Iterator[Triple]:
    """Triples with blank nodes named in order of occurrence, since the parser's random names would change the pages."""
    names: dict[str, Blank] = {}

    def named(blank: Blank) -> Blank:
        return names.setdefault(blank.value, Blank(f"_:b{len(names)}"))

    for subject, predicate, value in given:
        named_ = named(subject) if isinstance(subject, Blank) else subject
        yield named_, predicate, named(value) if isinstance(value, Blank) else value
