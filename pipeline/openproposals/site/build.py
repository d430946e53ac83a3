"""Building of a site: every page in each language of the release, the data of its node beside it, and the files."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from openproposals.errors import UsageError
from openproposals.messages import Language
from openproposals.model import schema
from openproposals.model.rdf import Syntax, Triple, serialise_each
from openproposals.progress import Progress
from openproposals.query import examples
from openproposals.release import ours, write
from openproposals.release.published import Release
from openproposals.release.write import Draft
from openproposals.site import beside, checking, citing, engine, feed, overview, render, searching, structured
from openproposals.site.chain import chain
from openproposals.site.nodes import Graph
from openproposals.site.pages import WITHDRAWN, Page, plan
from openproposals.site.render import PageLocation
from openproposals.site.source import SiteData, read
from openproposals.site.standing import standing

_ASSETS = Path(__file__).with_name("assets")
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
_MISSING = "404"  # what a host says of an address that leads to nothing; shown anywhere, it has absolute links
_SYNTAXES: dict[str, Syntax] = {".ttl": "turtle", ".jsonld": "jsonld", ".nt": "ntriples", ".rdf": "rdfxml"}
_CHECKED = "check"  # the page that looks for passages, where the release has any
_MOST_TRIPLES = 1_500_000  # above, the query page asks before it loads the dump (docs/decisions/0012-site.md)


@dataclass(frozen=True)
class Made:
    """The number of pages written, and why the query page has no engine (None where it has one).

    check_missing: why there is no page that looks for passages, though there are some; None where there is one.
    left_out: what stands in the release's folder and was not taken over.
    """

    pages: int
    engine_missing: engine.EngineMissing | None
    check_missing: UsageError | None = None
    left_out: Sequence[str] = ()


def site(release: Release, out: Path, progress: Progress, kept: Path = engine.KEPT) -> Made:
    """Write the site of a release into the folder `out`, which is replaced as a whole.

    kept: the folder in which the query engine is kept for the next time.
    Raises UsageError: no release that can be read, or one with a file that no run wrote so; ReleaseError: a folder that
    may not be replaced.
    """
    progress.stage("load")
    found = read(release)
    progress.stage("engine")
    missing, libraries = None, {}
    try:
        libraries = engine.files(kept)
    except engine.EngineMissing as reason:
        missing = reason
    progress.stage("site")
    pages = plan(found.records, found.vocabulary, found.whole, found.base)
    with _settled(), write.drafting(out, kind="site", source=found.folder) as draft:
        for name, data in found.files():
            draft.write(name, data)
        said = ours.report(release.folder)
        draft.report({**said, "corpus": found.name, "version": release.version or "unknown"})
        for name, data in libraries.items():
            draft.write(name, data)
        for asset in sorted(_ASSETS.iterdir()):
            draft.write(f"assets/{asset.name}", asset.read_bytes())
        for page in pages:
            graph = found.vocabulary if page.kind == "term" else found.records
            _data(draft, page.path, list(_said(graph, found, page)))
        for each in standing(found, pages, found.languages[0]):
            _data(draft, each.path, list(each.triples))
            leads = render.leading(each.path, each.target, each.place, each.label, found.languages)
            draft.write(f"{each.path}.html", leads)
        sought, unsought = b"", None
        try:
            sought = checking.passages(found, {page.node.iri: page.path for page in pages})
        except UsageError as reason:
            unsought = reason.with_traceback(None)  # which holds the tables as far as they were read
        if sought:
            draft.write("assets/passages.json", sought)
        count, written, main = 0, [], found.languages[0]
        total = len(found.languages) * (len(pages) + len(LISTS) + bool(sought) + 1)
        for language in found.languages:
            offers = {"has_engine": not missing, "checks": bool(sought), "fails": unsought is not None}
            for path, data in _pages(found, pages, language, **offers):
                name = render.output(path, language, main)
                draft.write(name, data)
                written += [name] if path != _MISSING else []
                count += 1
                progress.rows(count, total)
            for name, data in searching.pieces(pages, language, main):
                draft.write(f"assets/{name}", data)
        if found.address:
            draft.write("sitemap.xml", _sitemap(found, sorted(written)))
            gone = [(page.node, page.path) for page in pages if page.kind == WITHDRAWN]
            for language in found.languages:
                draft.write(render.output("feed", language, main, ".xml"), feed.feed(found, gone, language))
        draft.seal()
        write.swap(draft, out)
    return Made(count, missing, unsought, found.left_out)


@contextlib.contextmanager
def _settled() -> Iterator[None]:
    """While pages are made, the collector of garbage passes over the graph, in which it would find none."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _data(draft: Draft, path: str, triples: list[Triple]) -> None:
    """Write the data of a page beside it, in each syntax, with the same triples."""
    written = serialise_each(triples, _SYNTAXES.values(), schema.prefixes())
    for ending, data in zip(_SYNTAXES, written, strict=True):
        draft.write(path + ending, data)


def _said(graph: Graph, found: SiteData, page: Page) -> Iterator[Triple]:
    for subject in page.subjects:
        yield from graph.triples(subject)
        if page.kind == "home" and subject not in graph.of:
            yield from found.vocabulary.triples(subject)


def _pages(
    found: SiteData, pages: list[Page], language: Language, *, has_engine: bool, checks: bool, fails: bool
) -> Iterator[tuple[str, bytes]]:
    """Every page in a language, as pairs of its path and its bytes.

    checks: whether there are passages to look for; fails: whether there are some that could not be read.
    """
    paths = {page.node.iri: page.path for page in pages}
    given = {**_common(found, pages), "checks": checks, "check_missing": fails}
    by_kind = given["by_kind"]
    by_unit = beside.sized(by_kind("statistic"))
    asked = examples.load()
    for page in pages:
        place = PageLocation(page.path, language, found.languages, paths)
        view: dict[str, Any] = {}
        if page.kind == "home":
            about = structured.dataset(found.catalogue.node(found.base), language)
            view["world"] = overview.world(by_kind("statistic"))
            view["picture"] = overview.picture(*map(by_kind, ("theme", "document", "proposal", "statistic")))
        elif page.kind == "statistic":
            view["chain"] = chain(page.node)
            view["beside"] = beside.neighbours(page.node, by_unit)
            said = render.claim(view["chain"], place, printed=given["printed"])
            about = structured.claim(page.node, language, said)
            view["reviews"] = structured.reviews(page.node, language, said)
            view["citation"] = citing.entry(page.node, said, found.dataset, language)
        else:
            about = structured.thing(page.kind, page.node, language)
            if page.kind == "source":
                view["citation"] = citing.work(page.node, language)
            elif page.kind == "proposal":
                view["citation"] = citing.entry(page.node, page.node.label(language).value, found.dataset, language)
        yield page.path, render.render(page.kind, place, page=page, node=page.node, about=about, **given, **view)
    limits = {"engine": has_engine, "limit": _MOST_TRIPLES, "examples": asked, "prefixes": schema.prefixes()}
    for name in (*LISTS, *([_CHECKED] if checks else [])):
        view = limits if name == "query" else {}
        if name == _CHECKED:
            view = {"engine": has_engine, **checking.words(found.whole, language)}
        place = PageLocation(name, language, found.languages, paths)
        yield name, render.render(name, place, page=None, node=None, about=None, **given, **view)
    place = PageLocation(_MISSING, language, found.languages, paths, found.address)
    yield _MISSING, render.render("missing", place, page=None, node=None, about=None, **given)


def _common(found: SiteData, pages: Iterable[Page]) -> dict[str, Any]:
    """The variables that every template gets: the release, and its nodes by kind."""
    kinds: dict[str, list[Any]] = {}
    for page in pages:
        kinds.setdefault(page.kind, []).append(page.node)
    return {
        "release": found,
        "dataset": found.dataset,
        "chain_of": chain,
        "by_kind": lambda kind: kinds.get(kind, []),
        "memory": render.RenderedMemory(),
        "has_example": bool(kinds.get("statistic")),
        "own_words": found.own_words,
        "printed": any(statistic.all("op:hasMarker") for statistic in kinds.get("statistic", ())),
    }


def _sitemap(found: SiteData, paths: Iterable[str]) -> bytes:
    """The addresses of all pages, for search engines (sitemaps.org)."""
    rows = "".join(f"<url><loc>{escape(found.address + quote(path))}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{rows}</urlset>\n".encode()
