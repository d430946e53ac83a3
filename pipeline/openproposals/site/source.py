"""Reading of a release for its site: its graphs, its data package and its files."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from openproposals.errors import UsageError, reason
from openproposals.guards import files
from openproposals.model import languages
from openproposals.model.rdf import Blank, LiteralTerm, Triple, is_web_iri
from openproposals.release import ours, triples
from openproposals.release.published import DUMP_LIMIT, Release
from openproposals.site import passive
from openproposals.site.nodes import Graph, GraphNode


@dataclass(frozen=True)
class SiteData:
    """A release as the pages need it. `whole` is the graph of records and vocabulary together, for labels and links.

    published: the files that a site takes over, each with its size and sum. left_out: what else stands in the folder.
    """

    folder: Path
    name: str
    base: str
    records: Graph
    vocabulary: Graph
    whole: Graph
    package: dict[str, Any]
    published: Mapping[str, ours.FileDigest]
    left_out: Sequence[str]
    catalogue: Graph

    @cached_property
    def address(self) -> str:
        """The address at which the site is published, with a slash at its end, or "" where it is no web address."""
        page = self.catalogue.node(self.base).one("dcat:landingPage") or self.dataset.one("dcat:landingPage")
        return page.iri.rstrip("/") + "/" if page and is_web_iri(page.iri) else ""

    @cached_property
    def own_words(self) -> bool:
        """Whether passages are published and none of their words: labels are the publisher's, not the documents'."""
        return bool(self.records.kind("op:DigestSelector")) and not self.records.kind("oa:TextQuoteSelector")

    @cached_property
    def dataset(self) -> GraphNode:
        """The release's own node."""
        return self.whole.node(self.base)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the release, the main one first: those in which its tables or its graph give its title."""
        fields = {r.get("name"): r.get("schema", {}).get("fields", ()) for r in self.package.get("resources", ())}
        columns = [languages.split(str(field.get("name", ""))) for field in fields.get("dataset", ())]
        written = [
            tag for stem, tag in columns if stem == "title"
        ]  # well formed: a language names a folder of the site
        titles = [text.language for text in self.dataset.texts("dcterms:title") if text.language]
        return tuple(dict.fromkeys(written or titles)) or ("en",)

    @property
    def triples(self) -> int:
        """How many triples the record dump has."""
        return len(self.records)

    def uses(self, iri: str) -> int:
        """The number of times an IRI occurs in the record dump as a property or as a value."""
        return self.records.uses(iri)

    def size(self, name: str) -> int:
        """The size in bytes of a file that the site takes over, 0 for any other."""
        found = self.published.get(name)
        return found.size if found else 0

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files that the site takes over, as pairs of a name and the bytes that a run has written.

        Raises UsageError for a file that was changed since, and for XML that a browser would run.
        """
        for name, entry in self.published.items():
            data = _written(self.folder, name, entry.sha256)
            if not passive.is_inert(name, data):
                raise UsageError("release-file-active", path=self.folder / name)
            yield name, data


def read(release: Release) -> SiteData:
    """Read a release, of its dumps only the Turtle: pages link to `<name>.ttl` and tell readers to query it.

    Raises UsageError: a site, a release without a dataset, or of an earlier version, whose report lists no files, and a
    file that cannot be read, or is not as a run has written it (both are named).
    """
    folder, name = release.folder, release.name
    if release.is_site:
        raise UsageError("site-not-release", folder=folder)
    if release.in_parts:
        raise UsageError("release-in-parts", folder=folder)
    listed = ours.listed(folder)
    if not listed:
        raise UsageError("release-lists-nothing", folder=folder)
    graph = _parsed(folder, f"{name}.ttl", listed)
    vocabulary = _parsed(folder, "vocabulary.ttl", listed)
    _written(folder, ours.PACKAGE, listed.get(ours.PACKAGE, ""))
    datasets = graph.kind("dcat:Dataset")
    if not datasets:
        raise UsageError("no-dataset", folder=folder)
    published, left_out = _divided(folder, listed)
    catalogue = _parsed(folder, "catalog.ttl", listed)
    whole, base = graph.with_(vocabulary), datasets[0].iri
    return SiteData(folder, name, base, graph, vocabulary, whole, release.package, published, left_out, catalogue)


def _divided(folder: Path, listed: Mapping[str, str]) -> tuple[dict[str, ours.FileDigest], list[str]]:
    """The files that a site takes over, and what else is in the folder: a folder of foreign files by its name alone."""
    folders = {str(above) for name in listed for above in PurePosixPath(name).parents}
    published, left_out = {}, dict[str, None]()
    for name, seen in ours.walk(folder):
        if stat.S_ISREG(seen.st_mode) and name in listed and passive.is_name(name):
            published[name] = ours.FileDigest(seen.st_size, listed[name])
        elif not _is_known(name, seen.st_mode, listed, folders):
            first = next((each for each in _above(name) if each not in folders), name)
            left_out[first] = None
    return published, list(left_out)


def _is_known(name: str, mode: int, listed: Mapping[str, str], folders: Collection[str]) -> bool:
    """Whether something that is not taken over is a run's all the same: its folders, sums, report and pages."""
    if stat.S_ISDIR(mode):
        return name in folders
    return stat.S_ISREG(mode) and (name in (ours.SUMS, ours.REPORT) or (name in listed and passive.is_page(name)))


def _above(name: str) -> list[str]:
    """The folders above a name, the outermost first."""
    return [str(each) for each in PurePosixPath(name).parents][-2::-1]


def _written(folder: Path, name: str, sha256: str) -> bytes:
    """The bytes of a file as a run has written them: with LF where git has since put CR LF.

    Raises UsageError for a file that cannot be read, or has another sum.
    """
    try:
        data = files.data(folder / name, follow=False, most=DUMP_LIMIT)
    except OSError as error:
        raise UsageError("release-file-unreadable", path=folder / name, because=reason(error)) from error
    for found in (data, data.replace(b"\r\n", b"\n")):
        if hashlib.sha256(found).hexdigest() == sha256:
            return found
    raise UsageError("release-file-changed", path=folder / name)


def _parsed(folder: Path, name: str, listed: Mapping[str, str]) -> Graph:
    data = _written(folder, name, listed.get(name, ""))
    return Graph.made(_renamed(triples.each(data, "turtle", str(folder / name))))


def _renamed(given: Iterable[Triple]) -> Iterator[Triple]:
    """Triples with blank nodes named in order of occurrence, since the parser's random names would change the pages.

    Language tags are written as BCP 47 has them: the parser writes them in small letters.
    """
    names: dict[str, Blank] = {}

    def named(blank: Blank) -> Blank:
        return names.setdefault(blank.value, Blank(f"_:b{len(names)}"))

    for subject, predicate, value in given:
        named_ = named(subject) if isinstance(subject, Blank) else subject
        if isinstance(value, LiteralTerm) and "-" in value.language:
            value = replace(value, language=languages.canonical(value.language))
        yield named_, predicate, named(value) if isinstance(value, Blank) else value
