"""Building of a site: every page in each language of the release, the data of its node beside it, and the files."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

from openproposals.errors import UsageError
from openproposals.progress import Progress
from openproposals.release import ours, write
from openproposals.release.published import Release
from openproposals.release.write import Draft
from openproposals.site import engine, feed, team
from openproposals.site.locations import output
from openproposals.site.page_making import MISSING, Offers, PageMaker, leading_files, list_names
from openproposals.site.pages import WITHDRAWN, Page, plan
from openproposals.site.source import SiteData, read
from openproposals.site.standing import standing

_ASSETS = Path(__file__).with_name("assets")


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


def site(
    release: Release, out: Path, progress: Progress, kept: Path = engine.KEPT, processes: int | None = None
) -> Made:
    """Write the site of a release into the folder `out`, which is replaced as a whole.

    kept: the folder in which the query engine is kept for the next time. processes: how many make the pages, one of
    them this one where it is one; None: as many as there are cores, where there are pages for them. The files are the
    same whatever their number.
    Raises UsageError: no release that can be read, or one with a file that no run wrote so; ReleaseError: a folder that
    may not be replaced; CannotGoOn: a process that makes pages ended before its time.
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
    pages = plan(found.whole, found.base)
    with _settled(), write.drafting(out, kind="site", source=found.folder) as draft:
        for name, data in found.files():
            draft.write(name, data)
        said = ours.report(release.folder)
        draft.report({**said, "corpus": found.name, "version": release.version or "unknown"})
        for name, data in libraries.items():
            draft.write(name, data)
        for asset in sorted(_ASSETS.iterdir()):
            draft.write(f"assets/{asset.name}", asset.read_bytes())
        for each in standing(found, found.languages[0]):
            for name, data in leading_files(each, found.languages):
                draft.write(name, data)
        work = team.PageWork(PageMaker(found, pages), draft, progress, has_engine=not missing)
        offers, unsought = team.done(work, out, processes)
        if found.address:
            _for_engines(draft, found, pages, offers)
        draft.seal()
        write.swap(draft, out)
    return Made(work.total(offers), missing, unsought, found.left_out)


def _for_engines(draft: Draft, found: SiteData, pages: Sequence[Page], offers: Offers) -> None:
    """Write what programs ask a site for: its addresses, and its feed in each language."""
    main = found.languages[0]
    paths = [*(page.path for page in pages), *list_names(checks=offers.checks)]
    names = [output(path, language, main) for language in found.languages for path in paths if path != MISSING]
    draft.write("sitemap.xml", _sitemap(found, sorted(names)))
    gone = [(page.node, page.path) for page in pages if page.kind == WITHDRAWN]
    for language in found.languages:
        draft.write(output("feed", language, main, ".xml"), feed.feed(found, gone, language))


@contextlib.contextmanager
def _settled() -> Iterator[None]:
    """While pages are made, the collector of garbage passes over the graph, in which it would find none."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _sitemap(found: SiteData, paths: Iterable[str]) -> bytes:
    """The addresses of all pages, for search engines (sitemaps.org)."""
    rows = "".join(f"<url><loc>{escape(found.address + quote(path))}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{rows}</urlset>\n".encode()
