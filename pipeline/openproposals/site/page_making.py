"""The files of a site, made page by page: each is a function of the release alone, in whatever process it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openproposals.messages import Language
from openproposals.model import schema
from openproposals.model.rdf import Syntax, Triple, serialise_each
from openproposals.query import examples
from openproposals.site import beside, citing, overview, render, searching, structured
from openproposals.site.chain import chain
from openproposals.site.locations import PageLocation, output
from openproposals.site.nodes import GraphNode
from openproposals.site.pages import Page
from openproposals.site.source import SiteData
from openproposals.site.standing import ShownElsewhere, shown

LISTS = (
    "proposals",
    "figures",
    "untraceable",
    "sources",
    "publishers",
    "vocabulary",
    "tables",
    "use",
    "query",
    "search",
)
CHECKED = "check"  # the page that looks for passages, where the release has any
MISSING = "404"  # what a host says of an address that leads to nothing; shown anywhere, it has absolute links
SYNTAXES: Mapping[str, Syntax] = {".ttl": "turtle", ".jsonld": "jsonld", ".nt": "ntriples", ".rdf": "rdfxml"}
_MOST_TRIPLES = 1_500_000  # above, the query page asks before it loads the dump (docs/decisions/0012-site.md)

MadeFile = tuple[str, bytes]  # its path in the site, and its bytes


@dataclass(frozen=True)
class Offers:
    """What the pages of a site offer: the query engine, and the page that looks for passages.

    fails: whether there are passages that could not be read.
    """

    has_engine: bool
    checks: bool = False
    fails: bool = False


@dataclass(frozen=True)
class PageMaker:
    """Makes the files of a site. pages: all of them, in the order of the plan."""

    found: SiteData
    pages: Sequence[Page]
    _memories: dict[Language, render.RenderedMemory] = field(default_factory=dict)

    def item(self, page: Page, leads: Iterable[str], offers: Offers) -> Iterator[MadeFile]:
        """A page in each language, with its data, and the files of the nodes that lead to it."""
        yield from data_files(page.path, page.triples)
        for each in shown(page, leads, self.found.base, self.found.languages[0]):
            yield from leading_files(each, self.found.languages)
        for language in self.found.languages:
            name = output(page.path, language, self.found.languages[0])
            yield name, self._page(page, language, offers)

    def lists(self, language: Language, offers: Offers) -> Iterator[MadeFile]:
        """The lists and the other pages that are of no node, in a language."""
        limits = {"engine": offers.has_engine, "limit": _MOST_TRIPLES, "examples": examples.load()}
        limits["prefixes"] = schema.prefixes()
        given = self._common(language, offers) | {"page": None, "node": None, "about": None}
        for name in list_names(checks=offers.checks):
            view: dict[str, Any] = limits if name == "query" else {}
            if name == CHECKED:
                from openproposals.site import checking  # it brings the table engine, which few processes need

                view = {"engine": offers.has_engine, **checking.words(self.found.whole, language)}
            root = self.found.address if name == MISSING else ""
            place = PageLocation(name, language, self.found.languages, self._paths, root)
            template = "missing" if name == MISSING else name
            yield (
                output(name, language, self.found.languages[0]),
                render.render(template, place, **given, **view),
            )

    def search(self, language: Language) -> Iterator[MadeFile]:
        """The search index in a language."""
        for name, data in searching.pieces(self.pages, language, self.found.languages[0]):
            yield f"assets/{name}", data

    def passages(self) -> bytes:
        """The passages that a browser looks for; empty where there is none. Raises UsageError: they cannot be read."""
        from openproposals.site import checking

        return checking.passages(self.found, self._paths)

    @cached_property
    def _paths(self) -> Mapping[str, str]:
        return {page.node.iri: page.path for page in self.pages}

    @cached_property
    def _kinds(self) -> Mapping[str, Sequence[GraphNode]]:
        kinds: dict[str, list[GraphNode]] = {}
        for page in self.pages:
            kinds.setdefault(page.kind, []).append(page.node)
        return kinds

    @cached_property
    def _by_unit(self) -> Mapping[str, Sequence[beside.SizedFigure]]:
        return beside.sized(self._of("statistic"))

    @cached_property
    def _printed(self) -> bool:
        """Whether the release has note markers."""
        return any(statistic.all("op:hasMarker") for statistic in self._of("statistic"))

    def _of(self, kind: str) -> Sequence[GraphNode]:
        return self._kinds.get(kind, ())

    def _common(self, language: Language, offers: Offers) -> dict[str, Any]:
        """The variables that every template gets: the release, and its nodes by kind."""
        return {
            "release": self.found,
            "dataset": self.found.dataset,
            "chain_of": chain,
            "by_kind": self._of,
            "memory": self._memories.setdefault(language, render.RenderedMemory()),
            "has_example": bool(self._of("statistic")),
            "own_words": self.found.own_words,
            "printed": self._printed,
            "checks": offers.checks,
            "check_missing": offers.fails,
        }

    def _page(self, page: Page, language: Language, offers: Offers) -> bytes:
        node, found = page.node, self.found
        place = PageLocation(page.path, language, found.languages, self._paths)
        view: dict[str, Any] = {}
        if page.kind == "home":
            about = structured.dataset(found.catalogue.node(found.base), language)
            view["world"] = overview.world(self._of("statistic"))
            view["picture"] = overview.picture(*map(self._of, ("theme", "document", "proposal", "statistic")))
        elif page.kind == "statistic":
            view["chain"] = chain(node)
            view["beside"] = beside.neighbours(node, self._by_unit)
            said = render.claim(view["chain"], place, printed=self._printed)
            about = structured.claim(node, language, said)
            view["reviews"] = structured.reviews(node, language, said)
            view["citation"] = citing.entry(node, said, found.dataset, language)
        else:
            about = structured.thing(page.kind, node, language)
            if page.kind == "source":
                view["citation"] = citing.work(node, language)
            elif page.kind == "proposal":
                view["citation"] = citing.entry(node, node.label(language).value, found.dataset, language)
        given = self._common(language, offers)
        return render.render(page.kind, place, page=page, node=node, about=about, **given, **view)


def list_names(*, checks: bool) -> tuple[str, ...]:
    """The pages of a language that are of no node. checks: whether there is one that looks for passages."""
    return (*LISTS, *([CHECKED] if checks else []), MISSING)


def item_names(page: Page, leads: Iterable[str], base: str, languages: Sequence[Language]) -> Iterator[str]:
    """The names of the files that `PageMaker.item` makes."""
    places = [page.path, *(iri.removeprefix(base) for iri in leads)]
    yield from (path + ending for path in places for ending in SYNTAXES)
    yield from (f"{path}.html" for path in places[1:])
    yield from (output(page.path, language, languages[0]) for language in languages)


def data_files(path: str, triples: Sequence[Triple]) -> Iterator[MadeFile]:
    """The data of a page, in each syntax, with the same triples."""
    written = serialise_each(triples, SYNTAXES.values(), schema.prefixes())
    for ending, data in zip(SYNTAXES, written, strict=True):
        yield path + ending, data


def leading_files(each: ShownElsewhere, languages: Sequence[Language]) -> Iterator[MadeFile]:
    """The data of a node that is shown on the page of another, and the file that leads there."""
    yield from data_files(each.path, each.triples)
    yield f"{each.path}.html", render.leading(each.path, each.target, each.place, each.label, languages)
